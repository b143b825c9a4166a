"""A query that the engine could not read to the likely place and cause, which its own message seldom names.

The engine tells the furthest place that any reading reached, often the end of the text, and everything that might have
stood there. The commonest slips can be told from the tokens alone: a prefix that was not declared, a keyword that is
misspelt, a bracket without its partner.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.faults import Text
from service.querying.tokens import Token, Unreadable, place, tokens

KEYWORDS = frozenset(
    """A ABS ADD ALL AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL CLEAR COALESCE CONCAT CONSTRUCT CONTAINS COPY COUNT
    CREATE DATA DATATYPE DAY DEFAULT DELETE DESC DESCRIBE DISTINCT DROP ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM
    GRAPH GROUP GROUP_CONCAT HAVING HOURS IF IN INSERT INTO IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISURI LANG LANGMATCHES
    LCASE LIMIT LOAD MAX MD5 MIN MINUS MINUTES MONTH MOVE NAMED NOT NOW OBJECT OFFSET OPTIONAL ORDER PREDICATE PREFIX
    RAND REDUCED REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SELECT SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT
    STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE TO TRIPLE TRUE TZ
    UCASE UNDEF UNION URI USING UUID VALUES VERSION WHERE WITH YEAR ISTRIPLE LANGDIR STRLANGDIR HASLANG HASLANGDIR
    """.split()  # noqa: SIM905  a list of words reads better than a hundred strings
)
JOINING = frozenset(("=", "!=", "<", ">", "<=", ">=", "&&", "||", "!", ","))  # something must follow these
PARTNERS = {"}": "{", ")": "(", "]": "["}
_PLACE = re.compile(r"error at (\d+):(\d+): ")
_UNGROUPED = "The SELECT contains a variable that is unbound"


@dataclass(frozen=True)
class Diagnosis:
    """Where a query goes wrong, why, and how to mend it."""

    line: int
    column: int
    detail: Text
    remedy: Text


def diagnose(text: str, message: str) -> Diagnosis:
    """The likeliest slip in a text that the engine refused with a message."""
    try:
        found = list(tokens(text))
    except Unreadable:
        found = []
    slip = _undeclared(found, text) or _misspelt(found, text) or _unpaired(found, text) or _dangling(found, text)
    return slip or _as_told(message)


def _undeclared(found: Sequence[Token], text: str) -> Diagnosis | None:
    declared: set[str] = set()
    for before, token in zip([None, *found], found, strict=False):
        if token.kind != "name" or token.text.startswith("_:"):
            continue
        prefix = token.text.partition(":")[0]
        if before and before.kind == "word" and before.text.upper() == "PREFIX":
            declared.add(prefix)
        elif prefix not in declared:
            line, column = place(text, token.offset)
            return Diagnosis(
                line,
                column,
                Text(
                    f"{line} 行 {column} 列の接頭辞 {prefix}: は宣言されていません。",
                    f"The prefix {prefix}: at line {line}, column {column} is not declared.",
                ),
                Text(f"先頭に PREFIX {prefix}: <…> を加えてください。", f"Add PREFIX {prefix}: <…> at the start."),
            )
    return None


def _misspelt(found: Sequence[Token], text: str) -> Diagnosis | None:
    for token in found:
        word = token.text.upper()
        if token.kind != "word" or word in KEYWORDS:
            continue
        line, column = place(text, token.offset)
        close = difflib.get_close_matches(word, KEYWORDS, 1)
        return Diagnosis(
            line,
            column,
            Text(
                f"{line} 行 {column} 列の {token.text[:40]} は SPARQL の語ではありません。",
                f"{token.text[:40]} at line {line}, column {column} is no word of SPARQL.",
            ),
            Text(f"{close[0]} のことですか。", f"Did you mean {close[0]}?")
            if close
            else Text(
                "変数なら ? を、文字列なら引用符を付けてください。", "Variables begin with ?, strings with a quote."
            ),
        )
    return None


def _unpaired(found: Sequence[Token], text: str) -> Diagnosis | None:
    opened: list[Token] = []
    for token in found:
        if token.kind != "sign":
            continue
        if token.text in PARTNERS.values():
            opened.append(token)
        elif token.text in PARTNERS:
            if not opened or opened[-1].text != PARTNERS[token.text]:
                return _bracket(token, text)
            opened.pop()
    return _bracket(opened[-1], text) if opened else None


def _dangling(found: Sequence[Token], text: str) -> Diagnosis | None:
    for token, after in pairwise(found):
        if token.kind == after.kind == "sign" and token.text in JOINING and after.text in PARTNERS:
            line, column = place(text, token.offset)
            return Diagnosis(
                line,
                column,
                Text(
                    f"{line} 行 {column} 列の {token.text} の後に何もありません。",
                    f"Nothing follows the {token.text} at line {line}, column {column}.",
                ),
                Text(
                    "後に続く値か変数を書いてください。",
                    "Write the value or the variable that it is to be followed by.",
                ),
            )
    return None


def _bracket(token: Token, text: str) -> Diagnosis:
    line, column = place(text, token.offset)
    return Diagnosis(
        line,
        column,
        Text(
            f"{line} 行 {column} 列の {token.text} に対応する括弧がありません。",
            f"The {token.text} at line {line}, column {column} has no partner.",
        ),
        Text("括弧の対応を確かめてください。", "See that every bracket is opened and closed."),
    )


def _as_told(message: str) -> Diagnosis:
    found = _PLACE.search(message)
    line, column = (int(found[1]), int(found[2])) if found else (1, 1)
    detail = Text(
        f"{line} 行 {column} 列の付近を読めません。", f"The text cannot be read near line {line}, column {column}."
    )
    if _UNGROUPED in message:
        remedy = Text(
            "SELECT の変数は GROUP BY に入れるか SUM などで集計してください。",
            "Put each selected variable into GROUP BY or into an aggregate such as SUM.",
        )
    else:
        remedy = Text("その前後の語順と区切りを確かめてください。", "See to the order of words and signs before it.")
    return Diagnosis(line, column, detail, remedy)
