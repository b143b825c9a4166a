"""Requests to languages, and keys to messages: every text of ours that people read stands in messages/{ja,en}.json."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request

MESSAGES = Path(__file__).parent / "messages"
LANGUAGES = ("ja", "en")


@cache
def messages(lang: str) -> dict[str, Any]:
    """All messages of one language by key."""
    loaded: dict[str, Any] = json.loads((MESSAGES / f"{lang}.json").read_text("utf-8"))
    return loaded


@dataclass(frozen=True)
class Language:
    """The language of one response, and the links that keep it."""

    code: str
    asked: bool  # named in the address, so that links must carry it on

    @property
    def other(self) -> str:
        """The code of the other language."""
        return "ja" if self.code == "en" else "en"

    def say(self, key: str, **values: object) -> str:
        """The message for a key; a missing one is a fault of ours."""
        known = messages(self.code)
        single = f"{key}_one" if str(values.get("n")) == "1" else ""
        text: str = known[single if single in known else key]
        return text.format(**values) if values else text

    def column(self, name: str, question: str = "") -> str:
        """The heading of a question's column, by the question's own words for it if it has any; its own name when we have none."""
        words: dict[str, str] = messages(self.code)["columns"]
        return words.get(f"{question}.{name}") or words.get(name, name)

    def kind(self, name: str) -> str:
        """What a kind of thing is called."""
        return self.say(f"kind_{name}" if f"kind_{name}" in messages(self.code) else "kind_other")

    def tag(self, name: str) -> str:
        """What a topic of questions is called."""
        return self.say(f"tag_{name}") if f"tag_{name}" in messages(self.code) else name

    def link(self, path: str, **parameters: object) -> str:
        """An address within the service, with the parameters that have a value, and the language if it was asked for."""
        return address(path, **{**parameters, "lang": self.code if self.asked else ""})


def address(path: str, **parameters: object) -> str:
    """A path with the parameters that have a value."""
    parts = urlsplit(path)
    pairs = [*parse_qsl(parts.query), *((k, str(v)) for k, v in parameters.items() if v not in (None, ""))]
    query = f"?{urlencode(pairs)}" if pairs else ""
    return f"{parts.path}{query}" + (f"#{parts.fragment}" if parts.fragment else "")


def language(request: Request) -> Language:
    """What ``?lang=`` says, else what the browser prefers, else Japanese."""
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        return Language(asked, True)
    first = request.headers.get("accept-language", "ja").strip()[:2].lower()
    return Language("en" if first == "en" else "ja", False)


def switched(request: Request, lang: Language) -> str:
    """The address of this page in the other language."""
    pairs = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    return f"{request.url.path}?{urlencode([*pairs, ('lang', lang.other)])}"
