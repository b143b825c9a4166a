"""Every kind of page, seen once in each language: what it says, what it asks for, how much it moves, how wide it gets."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Request

from tests.browser.driving import PAGES, WIDTHS, open_page

# The frame: what is ours to say, whatever the data holds.
FRAME = (
    "header, footer, label, button, legend, summary, caption, figcaption, th[scope=col], dt, h2, .note, .lead, .guide, "
    "[role=status]"
)
TEXTS = """frame => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const {parentElement: parent, textContent} = walker.currentNode;
    const text = textContent.trim();
    if (!text || parent.closest("script, style, noscript, pre, code, title, svg title, .editor-text")) continue;
    found.push([text, parent.closest("[lang]").getAttribute("lang"), Boolean(parent.closest(frame)), parent.outerHTML.slice(0, 160)]);
  }
  return found;
}"""
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value })
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 60)));
})"""
WIDE = "document.documentElement.scrollWidth > innerWidth"


@dataclass(frozen=True)
class Text:
    """One text of a page, its language, whether it belongs to the frame, and where it stands."""

    text: str
    lang: str
    framed: bool
    place: str


@dataclass
class Visit:
    """What was seen of one page in one language."""

    lang: str
    shift: float
    too_wide: list[int]
    texts: list[Text]
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Tour:
    """A visitor in one language who remembers what every page was like."""

    def __init__(self, context: BrowserContext, lang: str) -> None:
        self._page, self._lang = context.new_page(), lang
        self._seen: dict[str, Visit] = {}
        self._asked: list[str] = []
        self._errors: list[str] = []
        self._page.on("request", self._remember)
        self._page.on("console", lambda message: self._errors.append(message.text) if message.type == "error" else None)
        self._page.on("pageerror", lambda fault: self._errors.append(str(fault)))

    def _remember(self, request: Request) -> None:
        self._asked.append(request.url)

    def visit(self, kind: str) -> Visit:
        """The page of a kind, visited at the first time of asking."""
        if kind not in self._seen:
            page = self._page
            page.set_viewport_size({"width": 1280 if self._lang == "ja" else 375, "height": 900})
            open_page(page, PAGES[kind])
            shift, too_wide = page.evaluate(SHIFTS), []
            found: list[list[Any]] = page.evaluate(TEXTS, FRAME)
            declared = page.locator("html").get_attribute("lang") or ""
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                too_wide += [width] if page.evaluate(WIDE) else []
            self._seen[kind] = Visit(
                declared, shift, too_wide, [Text(*entry) for entry in found], self._asked, self._errors
            )
            self._asked, self._errors = [], []
        return self._seen[kind]
