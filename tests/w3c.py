"""The W3C's SPARQL query test suites → cases; the data of all cases as one dataset, a named graph per file.

The files come inside rdflib's source distribution, fetched once, pinned by version and hash, into .cache/.
"""

import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)
from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

CACHE = Path(__file__).resolve().parents[1] / ".cache" / "w3c"
NAME = "rdflib-7.6.0"
REQUIREMENT = "rdflib==7.6.0 --hash=sha256:6c831288d5e4a5a7ece85d0ccde9877d512a3d0f02d7c06455d00d6d0ea379df\n"
SUITES = ("dawg-data-r2", "sparql11")
BASE = "http://w3c.test/"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RDF_TYPE = URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
FORMATS = {".ttl": RdfFormat.TURTLE, ".n3": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML, ".nt": RdfFormat.N_TRIPLES}
# Not query evaluation over given data: updates, entailment regimes, federation, HTTP tests told in prose.
LEFT_OUT = ("entailment", "service", "protocol", "service-description", "http-rdf-update", "syntax-fed")


@dataclass(frozen=True)
class Case:
    """One test of a suite."""

    name: str
    kind: str
    query: Path
    data: tuple[Path, ...] = ()
    graphs: tuple[Path, ...] = ()
    result: Path | None = field(default=None)


def fetch() -> Path:
    """The folder of the suites, downloaded and unpacked when it is not there yet."""
    root = CACHE / NAME / "test" / "data" / "suites" / "w3c"
    if not root.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        pinned = CACHE / "requirement.txt"
        pinned.write_text(REQUIREMENT, "utf-8")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        options = ["--no-binary", "rdflib", "--no-build-isolation", "--require-hashes", "-r", str(pinned)]
        subprocess.run([*pip, *options, "-d", str(CACHE)], check=True)
        with tarfile.open(CACHE / f"{NAME}.tar.gz") as archive:
            wanted = [m for m in archive.getmembers() if m.name.startswith(f"{NAME}/test/data/suites/w3c/")]
            archive.extractall(CACHE, members=wanted, filter="data")
    return root


def iri(path: Path) -> str:
    """The graph that a data file is loaded into."""
    return BASE + path.relative_to(fetch()).as_posix()


def cases() -> list[Case]:
    """Every query test of both suites, by name."""
    found = [
        case for suite in SUITES for path in sorted((fetch() / suite).glob("*/manifest*.ttl")) for case in read(path)
    ]
    return sorted(found, key=lambda case: case.name)


def read(manifest: Path) -> Iterator[Case]:
    """The query tests of one manifest."""
    folder = manifest.parent
    if folder.name in LEFT_OUT:
        return
    graph = Graph()
    graph.parse(manifest, format="turtle", publicID=folder.as_uri() + "/")
    for head in graph.objects(None, MF.entries):
        for entry in Collection(graph, head):
            kind = str(graph.value(entry, RDF_TYPE)).rpartition("#")[2]
            if "Update" in kind or kind == "ProtocolTest":
                continue
            name = f"{folder.parent.name}/{folder.name}/{str(entry).rpartition('#')[2]}"
            yield Case(name, kind, *action(graph, graph.value(entry, MF.action)), local(graph.value(entry, MF.result)))


def action(graph: Graph, node: Node | None) -> tuple[Path, tuple[Path, ...], tuple[Path, ...]]:
    """Query, default and named data of a test's action."""
    query = graph.value(node, QT.query) or node
    named = [graph.value(item, QT.graph) or item for item in graph.objects(node, QT.graphData)]
    found = local(query)
    assert found is not None
    return found, paths(graph.objects(node, QT.data)), paths(named)


def paths(nodes: Iterator[Node] | list[Node]) -> tuple[Path, ...]:
    """The files that nodes name."""
    return tuple(sorted(path for node in nodes if (path := local(node))))


def local(node: Node | None) -> Path | None:
    """The file that a node names."""
    return Path(str(node).removeprefix("file://")) if isinstance(node, URIRef) else None


def quads(path: Path) -> Iterator[Quad]:
    """The triples of a data file in its graph, blank nodes kept apart from those of other files."""
    kept: dict[BlankNode, BlankNode] = {}

    def own(term: NamedNode | BlankNode | Literal | Triple) -> NamedNode | BlankNode | Literal | Triple:
        return kept.setdefault(term, BlankNode()) if isinstance(term, BlankNode) else term

    for quad in parse(path=str(path), format=FORMATS[path.suffix], base_iri=iri(path)):
        yield Quad(own(quad.subject), quad.predicate, own(quad.object), NamedNode(iri(path)))  # type: ignore[arg-type]


def same(left: list[Quad], right: list[Quad]) -> bool:
    """Whether two graphs are isomorphic; both go through a store first, which keeps numbers and dates by value."""
    graphs = []
    for side in (left, right):
        store = Store()
        store.extend(side)
        dataset = Dataset(store)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        graphs.append({str(quad) for quad in dataset})
    return graphs[0] == graphs[1]
