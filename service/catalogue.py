"""Catalogue: queries/*.rq → stored questions with titles, typed parameters and the SPARQL to run for given values.

A file is plain SPARQL that runs anywhere; what people see stands in its ``#+`` header (grlc style, YAML). Parameters are
the variables of one line ``VALUES (?p_…) { (UNDEF …) } # parameters``; given values take the place of UNDEF as terms
that the RDF library itself has written, so that no text of a user ever becomes query text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import Literal, NamedNode, Quad

from service.faults import Text
from service.vocabulary import Vocabulary

HEADER = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)
PARAMETERS = re.compile(r"^[ \t]*VALUES \((?P<names>[?\w ]+)\) \{ \([^)]*\) \} # parameters$", re.MULTILINE)
XSD = "http://www.w3.org/2001/XMLSchema#"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
WHOLE = re.compile(r"\d{1,15}")


class ParameterFault(Exception):
    """A value that a question cannot take: names the parameter, says what it takes."""

    def __init__(self, parameter: str, message: Text) -> None:
        self.parameter, self.message = parameter, message
        super().__init__(f"{parameter}: {message.ja}")


@dataclass(frozen=True)
class Parameter:
    """One parameter: ``text``, ``integer`` (whole, not negative), ``month`` (YYYY-MM) or ``choice`` (one of a list)."""

    name: str
    type: str
    title: Text
    required: bool = False
    default: str = ""
    unit: Text | None = None
    choices: tuple[str, ...] = ()
    hint: Text | None = None

    def term(self, value: str) -> str:
        """The value as a SPARQL term, ``UNDEF`` for none; raises ParameterFault."""
        text = (value or self.default).strip()
        if not text:
            if self.required:
                raise ParameterFault(
                    self.name, Text(f"{self.title.ja}を入れてください", f"{self.title.en} is required")
                )
            return "UNDEF"
        if self.type == "integer":
            plain = text.replace(",", "").replace("，", "")
            if not WHOLE.fullmatch(plain) or not plain.isascii():
                raise ParameterFault(
                    self.name, Text("0以上の整数を半角数字で入れてください", "a whole number, not negative, is needed")
                )
            return str(Literal(plain, datatype=NamedNode(XSD + "integer")))
        if self.type == "month" and not MONTH.fullmatch(text):
            raise ParameterFault(
                self.name, Text("年月を 2014-04 の形で入れてください", "a month such as 2014-04 is needed")
            )
        if self.type == "choice" and text not in self.choices:
            shown = "、".join(self.choices)
            raise ParameterFault(self.name, Text(f"次から選んでください: {shown}", f"choose one of: {shown}"))
        return str(Literal(text))


@dataclass(frozen=True)
class Question:
    """One stored question."""

    name: str
    title: Text
    summary: Text
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str

    def bind(self, values: Mapping[str, str]) -> str:
        """The SPARQL with the given values in place; raises ParameterFault for an unknown, missing or unfit one."""
        known = {parameter.name for parameter in self.parameters}
        for name in values:
            if name not in known:
                shown = ", ".join(sorted(known)) or "-"
                raise ParameterFault(name, Text(f"この質問の引数は {shown} です", f"this question takes: {shown}"))
        return bind_terms(self.text, {f"?p_{p.name}": p.term(values.get(p.name, "")) for p in self.parameters})

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The variables of the outermost SELECT, in order; empty for CONSTRUCT."""
        body = HEADER.sub("", self.text)
        match = re.search(r"\bSELECT\s+(?:DISTINCT\s+)?(.*?)(?:\bWHERE\b|\{)", body, re.DOTALL)
        if match is None:
            return ()
        projected = re.sub(r"\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\bAS\s+(\?\w+)\s*\)", r"\1", match[1])
        return tuple(name.removeprefix("?") for name in re.findall(r"\?\w+", projected))


def header(text: str) -> dict[str, Any]:
    """The ``#+`` header of a query file as data; empty without one."""
    loaded: dict[str, Any] = yaml.safe_load("\n".join(HEADER.findall(text))) or {}
    return loaded


def load(queries_dir: Path, vocabulary: Vocabulary) -> dict[str, Question]:
    """All stored questions by name; raises FileNotFoundError when there is none."""
    questions = {path.stem: question(path, vocabulary) for path in sorted(queries_dir.glob("*.rq"))}
    if not questions:
        raise FileNotFoundError(f"no queries in {queries_dir}")
    return questions


def texts(folder: Path, vocabulary: Vocabulary) -> dict[str, str]:
    """The queries of a folder by name, as they are."""
    return {path.stem: vocabulary.read(path) for path in sorted(folder.glob("*.rq"))}


def question(path: Path, vocabulary: Vocabulary) -> Question:
    """One file as a question."""
    text = vocabulary.read(path)
    about = header(text)
    parameters = tuple(parameter(entry, vocabulary) for entry in about.get("params", ()))
    plain = {"ja": path.stem, "en": path.stem}  # a query file without a header is still a question
    title, summary = both(about.get("title", plain)), both(about.get("summary", plain))
    return Question(path.stem, title, summary, tuple(about.get("tags", ())), parameters, text)


def parameter(entry: Mapping[str, Any], vocabulary: Vocabulary) -> Parameter:
    """One entry of ``params``; the choices come from the SKOS scheme that it names, or stand there."""
    scheme = entry.get("scheme")
    return Parameter(
        name=entry["name"],
        type=entry["type"],
        title=both(entry["title"]),
        required=bool(entry.get("required", False)),
        default=str(entry.get("default", "")),
        unit=both(entry["unit"]) if "unit" in entry else None,
        choices=scheme_labels(scheme, vocabulary) if scheme else tuple(entry.get("choices", ())),
        hint=both(entry["hint"]) if "hint" in entry else None,
    )


def scheme_labels(scheme: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The Japanese labels of the concepts in ontology/schemes/{scheme}.ttl, in the order of their notation."""
    quads = vocabulary.turtle(vocabulary.ontology_dir / "schemes" / f"{scheme}.ttl", "ontology")
    members = {quad.subject for quad in quads if quad.object == vocabulary.term("skos:Concept")}
    order = texts_of(quads, vocabulary.term("skos:notation"), "")
    labels = texts_of(quads, vocabulary.term("skos:prefLabel"), "ja")
    return tuple(labels[member] for member in sorted(members & set(labels), key=lambda member: order.get(member, "")))


def texts_of(quads: list[Quad], predicate: NamedNode, lang: str) -> dict[object, str]:
    """Subject → text of a property in a language (the empty string for none)."""
    return {
        quad.subject: quad.object.value
        for quad in quads
        if quad.predicate == predicate and isinstance(quad.object, Literal) and (quad.object.language or "") == lang
    }


def both(entry: Mapping[str, str]) -> Text:
    """``{ja: …, en: …}`` of a header."""
    return Text(entry["ja"], entry["en"])


def parameter_dict(parameter: Parameter) -> dict[str, object]:
    """A parameter as JSON."""
    return {
        "name": parameter.name,
        "type": parameter.type,
        "title": {"ja": parameter.title.ja, "en": parameter.title.en},
        "required": parameter.required,
        "default": parameter.default,
        "choices": list(parameter.choices),
    }


def bind_terms(text: str, terms: Mapping[str, str]) -> str:
    """A query's text with serialised terms in its parameter line; what is not given is UNDEF."""

    def line(match: re.Match[str]) -> str:
        names = match["names"].split()
        return f"VALUES ({' '.join(names)}) {{ ({' '.join(terms.get(name, 'UNDEF') for name in names)}) }}"

    return PARAMETERS.sub(line, text)
