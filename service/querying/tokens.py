"""SPARQL text to tokens: where strings, IRIs and comments end, so that nothing hides in them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# Order matters: the longest reading first, as the grammar of SPARQL 1.1 (section 19.8) wants it. The prefix of a name is
# bounded, as a long run without a colon would be read again and again.
_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
# What names may have beside Python's \w (section 19.8, PN_CHARS): combining marks, joiners, the marks of Japanese such as ・
_MORE = (
    "·\u0300-\u036f\u200c\u200d‿⁀\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = rf"(?:[\w{_MORE}:-]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?#@%])"
_TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n]+|\#[^\r\n]*)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_ESCAPE})*>)
    | (?P<string>\"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|\\.))*'''
        |\"(?:[^"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*')
    | (?P<variable>[?$][\w{_MORE}]+)
    | (?P<name>(?:[^\W\d_](?:[\w{_MORE}.-]{{0,127}}(?<![.]))?)?:(?:{_NAME}|\.+(?={_NAME}))*|_:[\w](?:[\w{_MORE}.-]*[\w{_MORE}-])?)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<sign>\^\^|&&|\|\||!=|<=|>=|<<\(?|\)?>>|\{{\||\|\}}|[{{}}()\[\].,;=<>!+*/|^?~-])
    """,
    re.VERBOSE | re.DOTALL,
)
_CODE_POINT = re.compile(rf"\\\\|{_ESCAPE}")


class Token(NamedTuple):
    """One token: its kind (iri, string, variable, name, language, number, word, sign), text and place."""

    kind: str
    text: str
    offset: int


class Unreadable(Exception):
    """A character that begins no token of SPARQL, such as the quote of a string that never ends."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"no token at {offset}")
        self.offset = offset


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text without spaces and comments; raises Unreadable where no token begins."""
    end = 0
    for found in _TOKEN.finditer(text):
        if found.start() != end:
            raise Unreadable(end)
        end = found.end()
        kind = found.lastgroup or ""
        if kind != "space":
            yield Token(kind, found[0], found.start())
    if end != len(text):
        raise Unreadable(end)


def decode(text: str) -> str:
    """Resolve the code point escapes (SPARQL 1.1, section 19.2), which may stand for any part of a query."""
    return _CODE_POINT.sub(lambda found: found[0] if found[0] == "\\\\" else _character(found[0][2:]), text)


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\N{REPLACEMENT CHARACTER}"


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1
