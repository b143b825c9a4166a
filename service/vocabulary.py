"""Vocabulary: the project's text files (Turtle, SPARQL) → text and terms under this installation's base IRI.

The files are written with one canonical base, ``https://shisaku.example/``. An installation with a domain of its own
sets ``SHISAKU_BASE_IRI``, and every file is read as if it had been written with that.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

CANONICAL_BASE = "https://shisaku.example/"
PREFIX_LINE = re.compile(r"@prefix\s+([\w-]*):\s*<([^>]*)>")


@dataclass(frozen=True)
class Vocabulary:
    """The prefixes of ontology/prefixes.ttl and the addresses below the base IRI."""

    base: str
    ontology_dir: Path

    def read(self, path: Path) -> str:
        """The text of a project file with the canonical base replaced by ours."""
        return path.read_text("utf-8").replace(CANONICAL_BASE, self.base)

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """Prefix → namespace, the only list of prefixes in the project."""
        return dict(PREFIX_LINE.findall(self.read(self.ontology_dir / "prefixes.ttl")))

    def term(self, curie: str) -> NamedNode:
        """``org:Organization`` → its IRI; raises KeyError for an undeclared prefix."""
        prefix, _, local = curie.partition(":")
        return NamedNode(self.prefixes[prefix] + local)

    def thing(self, kind: str, slug: str) -> NamedNode:
        """The identifier ``…/id/{kind}/{slug}``."""
        return NamedNode(f"{self.base}id/{kind}/{slug}")

    def graph(self, name: str) -> NamedNode:
        """The name of a graph of the snapshot: ``ontology``, ``common``, an edition, or ``{edition}-derived``."""
        return NamedNode(f"{self.base}graph/{name}")

    def turtle(self, path: Path, graph: str) -> list[Quad]:
        """The triples of a Turtle file as quads of one of our graphs."""
        triples = parse(self.read(path).encode(), format=RdfFormat.TURTLE)
        return [Quad(t.subject, t.predicate, t.object, self.graph(graph)) for t in triples]
