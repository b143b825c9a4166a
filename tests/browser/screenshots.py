"""Pages → pictures in a folder: every kind in Japanese, and some in English, in the dark, and as a telephone shows them."""

import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from service.settings import Settings
from tests.browser.driving import PAGES, launch, open_page, visitor
from tests.serving import serve

COLOURS = 64
TALLEST = 1400


@dataclass(frozen=True)
class Shot:
    """One picture."""

    name: str
    path: str
    lang: Literal["ja", "en"] = "ja"
    width: int = 1280
    scheme: Literal["light", "dark"] = "light"


SHOTS = (
    *(Shot(kind, path) for kind, path in PAGES.items()),
    Shot("start-en-dark", PAGES["start"], "en", scheme="dark"),
    Shot("sme-answer-en", PAGES["sme-answer"], "en"),
    Shot("programme-en-dark", PAGES["programme"], "en", scheme="dark"),
    *(
        Shot(f"{kind}-phone", PAGES[kind], width=375)
        for kind in ("start", "search", "supports-answer", "programme", "money")
    ),
)


def picture(page: Page, shot: Shot) -> bytes:
    """The upper part of a page as a small PNG."""
    page.set_viewport_size({"width": shot.width, "height": 900})
    page.emulate_media(color_scheme=shot.scheme)
    open_page(page, shot.path)
    if shot.name == "editor":
        page.click("[data-part=run]")
        page.wait_for_selector("[data-part=result] .beside")
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    taken = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": shot.width, "height": height})
    small = BytesIO()
    with Image.open(BytesIO(taken)) as image:
        reduced = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        reduced.save(small, "PNG", optimize=True)
    return small.getvalue()


def main(folder: Path) -> None:
    """Write all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    with serve(Settings().snapshots_dir) as server, sync_playwright() as playwright:
        browser = launch(playwright)
        for lang in ("ja", "en"):
            with visitor(browser, server.url, lang) as context:
                page = context.new_page()
                for shot in (shot for shot in SHOTS if shot.lang == lang):
                    body = picture(page, shot)
                    (folder / f"{shot.name}.png").write_bytes(body)
                    written += len(body)
        browser.close()
    sys.stderr.write(f"{len(SHOTS)} pictures, {written / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
