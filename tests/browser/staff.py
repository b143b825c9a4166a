"""Members of staff at work: they follow links, fill forms and press buttons, with a mouse or with keys alone; every page they ask for is a step."""

import re
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_TABS = 200


class Staff(Protocol):
    """What tasks are written in."""

    page: Page
    steps: int

    def start(self) -> None: ...
    def follow(self, name: str) -> None: ...
    def download(self, name: str) -> Path: ...
    def fill(self, label: str, text: str) -> None: ...
    def choose(self, label: str, option: str) -> None: ...
    def press(self, name: str) -> None: ...


class Pointer:
    """With a mouse."""

    def __init__(self, page: Page) -> None:
        self.page, self.steps = page, 0

    def start(self) -> None:
        self.page.goto("/")

    def link(self, name: str) -> Locator:
        return self.page.locator("main").get_by_role("link", name=re.compile(rf"^{re.escape(name)}")).first

    def field(self, label: str) -> Locator:
        return self.page.locator("main").get_by_label(re.compile(rf"^{re.escape(label)}")).first

    def button(self, name: str) -> Locator:
        return self.page.locator("main").get_by_role("button", name=name, exact=True)

    def activate(self, target: Locator) -> None:
        self.steps += 1
        target.click()

    def follow(self, name: str) -> None:
        target = self.link(name)
        with self.page.expect_navigation():
            self.activate(target)

    def download(self, name: str) -> Path:
        with self.page.expect_download() as started:
            self.activate(self.link(name))
        return started.value.path()

    def fill(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def choose(self, label: str, option: str) -> None:
        self.field(label).select_option(label=option)

    def press(self, name: str) -> None:
        target = self.button(name)
        with self.page.expect_navigation():
            self.activate(target)


class Keys(Pointer):
    """With the keyboard alone: the tabulator until the thing wanted has the focus, which must be seen."""

    def reach(self, target: Locator) -> None:
        wanted = target.element_handle()
        for _ in range(MOST_TABS):
            if wanted.evaluate("element => element === document.activeElement"):
                shown = wanted.evaluate("element => getComputedStyle(element).outlineStyle")
                assert shown != "none", f"the focus is not seen on {target}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached by keys")

    def activate(self, target: Locator) -> None:
        self.steps += 1
        self.reach(target)
        self.page.keyboard.press("Enter")

    def fill(self, label: str, text: str) -> None:
        self.reach(self.field(label))
        self.page.keyboard.insert_text(text)

    def choose(self, label: str, option: str) -> None:
        field = self.field(label)
        self.reach(field)
        for _ in range(field.locator("option").count()):
            if field.evaluate("element => element.selectedOptions[0].text") == option:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{label} does not offer {option}")
