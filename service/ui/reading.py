"""Rows about a thing to values as people read them, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from starlette.requests import Request

from service.ui import layouts
from service.ui.asking import Name, names, page_path
from service.ui.figures import figure, month
from service.ui.language import language, messages
from service.ui.rows import Row, Value

CALLED = ("telephone", "Phone", "faxNumber")


@dataclass(frozen=True)
class Shown:
    """One value as it stands on the page."""

    text: str
    lang: str = ""
    href: str = ""
    printed: str = ""
    number: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Reader:
    """Turns rows into values for one language and one base."""

    lang: str
    base: str
    known: Mapping[str, Name]

    def shown(self, row: Row) -> Shown:
        """The value of a row."""
        value, name = row["value"], local(row["property"].text)
        if row["number"]:
            text, printed = figure(row["number"].text, row["unit"].text, self.lang), row["printed"].text
            same = printed.replace(",", "") in (row["number"].text, text.replace(",", ""))
            return Shown(text, printed="" if same else printed, number=row["number"].number)
        if value.iri:
            return self.thing(row)
        if name.endswith(CALLED):
            return Shown(value.text, href="tel:" + value.text.split(";")[0].strip())
        if name == "email":
            return Shown(value.text, href="mailto:" + value.text)
        if name == "website" and value.text.startswith("https://"):
            return Shown(value.text, href=value.text)
        if value.datatype == "boolean":
            return Shown(self.word(value.text))
        if value.datatype in ("gYearMonth", "date"):
            return Shown(month(value.text, self.lang))
        return self.named(value)

    def thing(self, row: Row) -> Shown:
        """What an identifier names."""
        value = row["value"]
        label = row["value_en"] if self.lang == "en" and row["value_en"] else row["value_ja"]
        path = page_path(value, self.base)
        href = path if path and layouts.linked(path) else "" if path else value.safe_iri
        note = month(row["value_date"].text, self.lang) if row["value_date"] else ""
        if path.startswith("/page/page/"):
            return Shown(self.page_number(path), "", href)
        return self.worded(label.text or (local(value.iri) if path else outside(value.iri)), label.lang, href, note)

    def named(self, value: Value) -> Shown:
        """A text; one that is the label of a thing leads to its page, in the reader's language."""
        name = self.known.get(value.text) if value.lang in ("", "ja") else None
        if name is None or not name.path:
            return self.worded(value.text, value.lang)
        english = self.lang == "en" and name.en
        href = name.path if layouts.linked(name.path) else ""
        return self.worded(name.en if english else value.text, "en" if english else "ja", href)

    def label(self, text: str) -> Shown:
        """A Japanese label that a question gives as text."""
        return self.named(Value(text, "ja"))

    def labels(self, text: str) -> list[Shown]:
        """Labels that stand one after the other, such as a section and its group."""
        return [self.label(text)] if text in self.known else [self.label(part) for part in text.split()]

    def option(self, choice: str) -> Shown:
        """One choice of a form."""
        return replace(self.label(choice), href="")

    def worded(self, text: str, lang: str, href: str = "", note: str = "") -> Shown:
        """A text that may be one of the fixed words of the tables, which are said in the reader's language."""
        said = self.word(text)
        return Shown(said, self.lang if said != text else lang or language_of(text), href, note=note)

    def word(self, text: str) -> str:
        """A fixed word of the tables in the reader's language; any other text as it is."""
        words: dict[str, str] = messages(self.lang)["words"]
        return words.get(text, text)

    def page_number(self, path: str) -> str:
        """``/page/page/2024-8`` → ``p.8``."""
        said: str = messages(self.lang)["p"]
        return said.format(n=path.rpartition("-")[2])

    def special(self) -> dict[str, str]:
        """Headings that only the statements of one class have: ``LoanRate.term``."""
        words: dict[str, str] = messages(self.lang)["properties"]
        return {name: heading for name, heading in words.items() if "." in name}

    def heading(self, row: Row, what: str) -> str:
        """The label of a row's class or property."""
        name = local(row[what].text)
        words: dict[str, str] = messages(self.lang)["properties"]
        text = row[f"{what}_{self.lang}"].text or words.get(name, name)
        return text[:1].upper() + text[1:]


async def reader(request: Request) -> Reader:
    """The reader for a request."""
    return Reader(language(request).code, request.app.state.settings.base_iri, await names(request))


def language_of(text: str) -> str:
    """The language of a text that does not say it: Japanese when it has Japanese letters."""
    return "ja" if any("\u3040" <= char <= "\u9fff" for char in text) else ""


def outside(iri: str) -> str:
    """An address elsewhere, short: whose it is, and its last part."""
    parts = urlsplit(iri)
    last = local(iri)
    return f"{parts.hostname}/…/{last}" if parts.hostname and last else iri


def local(iri: str) -> str:
    """The last part of an address: ``…/ns#amount`` → ``amount``."""
    return iri.rpartition("#")[2] if "#" in iri else iri.rpartition("/")[2]
