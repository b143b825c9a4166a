"""SPARQL text to a survey of what it is and names, or a problem: refuses what may not reach the engine."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from service.querying.refusals import not_a_query, read_only, service_refused, too_large, unknown_graph, unreadable
from service.querying.surveys import FORMS, Survey, digested, glance
from service.querying.tokens import Token, Unreadable, decode, tokens
from service.settings import Settings

UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"))
VOLATILE = ("NOW", "RAND", "UUID", "BNODE")  # what ends so is STRUUID, or has no space before it, as in FILTERRAND()
CLAUSES = frozenset(("OPTIONAL", "UNION", "BIND", "MINUS", "FILTER"))
OPENING, CLOSING = frozenset(("{", "(", "[", "<<", "<<(", "{|")), frozenset(("}", ")", "]", ">>", ")>>", "|}"))
SEPARATORS, STEPS = frozenset((".", ";", ",")), frozenset(("/", "|", "^", "*", "+"))
COUNTED = OPENING | CLOSING | SEPARATORS | STEPS
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# An expression such as ?a<?b)SERVICE?x#> reads as an IRI here and as a comparison in the engine: what could be either
# is refused.
_TWO_READINGS = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*://).*\).*service", re.IGNORECASE)


def survey(text: str, settings: Settings) -> Survey:
    """Read a query without evaluating it; raises Problem for what is refused."""
    # characters, which are never more than bytes: nothing looks at a huge text
    if len(text) > settings.max_query_bytes:
        raise too_large(f"{settings.max_query_bytes} bytes", f"{settings.max_query_bytes} バイト")
    return glance(text, settings) or closely(text, settings)


def closely(text: str, settings: Settings) -> Survey:
    """Read a query token by token; raises Problem for what is refused."""
    if len(text.encode("utf-8", "surrogatepass")) > settings.max_query_bytes:
        raise too_large(f"{settings.max_query_bytes} bytes", f"{settings.max_query_bytes} バイト")
    text, found = _read(text, settings)
    prologue = _Prologue(settings.base_iri)
    kind = _kind(found, text, prologue)
    capitals = text.upper()  # where a word does not occur at all, nobody needs to look for it token by token
    if "SERVICE" in capitals:
        _no_service(found, text, settings.service_allow_list, prologue)
    default, named = _dataset(found, prologue) if "FROM" in capitals else ((), ())
    volatile = any(token.kind == "word" and token.text.upper().endswith(VOLATILE) for token in found)
    return Survey(text, digested(text), kind, default, named, tuple(prologue.prefixes.items()), volatile)


def skeleton(text: str) -> str:
    """What stays the same when variables are renamed and numbers or strings changed, as a short digest."""
    numbers: dict[str, int] = {}
    parts = []
    for token in tokens(text):
        if token.kind == "variable":
            parts.append(f"?{numbers.setdefault(token.text[1:], len(numbers))}")
        elif token.kind in ("string", "number"):
            parts.append(token.kind)
        else:
            parts.append(token.text)
    return hashlib.sha256(" ".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _read(text: str, settings: Settings) -> tuple[str, list[Token]]:
    """The tokens, after resolving code point escapes if they stand outside strings and IRIs."""
    try:
        return text, list(_bounded(tokens(text), settings))
    except Unreadable as fault:
        decoded = decode(text)
        if decoded == text:
            raise unreadable(text, fault.offset) from None
        try:
            return decoded, list(_bounded(tokens(decoded), settings))
        except Unreadable as still:
            raise unreadable(decoded, still.offset) from None


def _bounded(found: Iterable[Token], settings: Settings) -> Iterator[Token]:
    """The same tokens, up to the first that is too many; the counts are upper bounds, cheap rather than exact."""
    depth = separators = steps = clauses = 0
    for count, token in enumerate(found):
        yield token
        if count > settings.max_query_tokens:
            raise too_large(f"{settings.max_query_tokens} words and signs", f"{settings.max_query_tokens} 個の語と記号")
        if token.kind == "sign" and token.text in COUNTED:
            if token.text in OPENING:
                depth += 1
                _at_most(depth, settings.max_query_depth, "levels of nesting", "段の入れ子")
            elif token.text in CLOSING:
                depth -= 1
            elif token.text in SEPARATORS:
                separators += 1
                _at_most(separators, settings.max_query_patterns, "triple patterns", "個のトリプルパターン")
            else:
                steps += 1
                _at_most(steps, settings.max_query_steps, "path steps", "個のパス演算子")
        elif token.kind == "word" and token.text.upper() in CLAUSES:
            clauses += 1
            _at_most(clauses, settings.max_query_clauses, "OPTIONAL, UNION, BIND, MINUS and FILTER clauses", "個の節")


def _at_most(count: int, limit: int, en: str, ja: str) -> None:
    if count > limit:
        raise too_large(f"{limit} {en}", f"{limit} {ja}")


class _Prologue:
    """BASE and PREFIX declarations, to resolve the IRIs of FROM and SERVICE."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.prefixes: dict[str, str] = {}

    def resolve(self, token: Token) -> str | None:
        """The IRI that a token names; None if it names none."""
        if token.kind == "iri":
            return absolute(decode(token.text[1:-1]), self.base)
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            start = self.prefixes.get(prefix)
            return None if start is None else start + re.sub(r"\\(.)", r"\1", local)
        return None


def _kind(found: list[Token], text: str, prologue: _Prologue) -> str:
    """Read the prologue and the word after it, which says what form the query has."""
    rest = iter(found)
    for token in rest:
        word = token.text.upper()
        if token.kind == "word" and word == "BASE":
            prologue.base = prologue.resolve(next(rest, token)) or prologue.base
        elif token.kind == "word" and word == "PREFIX":
            name, iri = next(rest, token), next(rest, token)
            prologue.prefixes[name.text.rstrip(":")] = prologue.resolve(iri) or ""
        elif token.kind == "word" and word == "VERSION":
            next(rest, token)
        elif token.kind == "word" and word in FORMS:
            return FORMS[word]
        elif token.kind == "word" and word in UPDATES:
            raise read_only()
        else:
            raise not_a_query(text, token.offset)
    raise not_a_query(text, len(text))


def _no_service(found: list[Token], text: str, allowed: tuple[str, ...], prologue: _Prologue) -> None:
    """SERVICE only with a constant IRI that the installation allows (SPARQL 1.1 Federated Query)."""
    for place_, token in enumerate(found):
        kind, word, offset = token
        if kind in ("variable", "sign", "string") or "SERVICE" not in (word := word.upper()):
            continue
        rest = [t for t in found[place_ + 1 : place_ + 3] if t.text.upper() != "SILENT"]
        if kind == "word":
            target = prologue.resolve(rest[0]) if rest else None
            refused = word not in ("SERVICE", "SERVICESILENT") or target not in allowed
        elif kind == "name":
            refused = _hides_service(token, rest, prologue)
        else:
            refused = bool(_TWO_READINGS.match(word))
        if refused:
            raise service_refused(text, offset)


def _hides_service(token: Token, rest: list[Token], prologue: _Prologue) -> bool:
    """Whether a name such as SERVICE:x or trueSERVICE:x could be the keyword and a name with an empty prefix."""
    prefix = token.text.partition(":")[0]
    keyword = prefix.upper().endswith(("SERVICE", "SILENT"))
    return keyword and (prefix not in prologue.prefixes or (bool(rest) and rest[0].text == "{"))


def _dataset(found: list[Token], prologue: _Prologue) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The graphs of FROM and FROM NAMED."""
    default, named = [], []
    for place_, token in enumerate(found[:-1]):
        word, follower = token.text.upper(), found[place_ + 1]
        if token.kind != "word" or word not in ("FROM", "FROMNAMED"):
            continue
        if word == "FROMNAMED":
            named.append(prologue.resolve(follower) or "")
        elif follower.text.upper() == "NAMED" and place_ + 2 < len(found):
            named.append(prologue.resolve(found[place_ + 2]) or "")
        else:
            default.append(prologue.resolve(follower) or "")
    return tuple(default), tuple(named)


def absolute(iri: str, base: str) -> str:
    """An IRI resolved against the base; an empty fragment, as vocabularies end in, is kept."""
    if ABSOLUTE.match(iri):
        return iri
    return urljoin(base, iri) + ("#" if iri.endswith("#") else "")


def known_graphs(asked: Iterable[str], existing: frozenset[str]) -> None:
    """Refuse a dataset of graphs that are not here; raises Problem."""
    missing = sorted(set(asked) - existing)
    if missing:
        raise unknown_graph(missing, existing)
