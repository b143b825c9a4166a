"""The line: tables → rows in order and in print → statements → constructs → SHACL → checks → a snapshot that is switched to.

A fault anywhere stops it with every fault of that step; what is in force stays in force.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from service import search
from service.building import dumps, snapshot
from service.building.checks import broken_rules
from service.building.constructs import constructs, edition_parts
from service.building.naming import unprinted
from service.building.rows import broken_rows
from service.building.shapes import read_shapes, violations
from service.building.snapshot import Snapshot
from service.building.statements import COMMON, Labels, Statements, labels_of_things
from service.building.tables import Table, read_tables
from service.faults import DataFault, Fault
from service.settings import Settings
from service.vocabulary import Vocabulary

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """Everything that a snapshot holds, not yet written; the editions with what their booklets are called."""

    quads: list[Quad]
    editions: dict[str, str]


def build(settings: Settings, progress: Progress) -> Snapshot:
    """Run the whole line and switch to its snapshot; raises DataFault, and then nothing has changed."""
    with snapshot.building(settings.snapshots_dir):
        inputs = inputs_digest(settings)
        built = check(settings, progress)
        progress("snapshot: writing")
        vocabulary = Vocabulary(settings.base_iri, settings.ontology_dir)
        prefixes = vocabulary.prefixes
        # graphs that are asked together: everything about one edition
        datasets = {name: [vocabulary.graph(part).value for part in edition_parts(name)] for name in built.editions}
        facts = {
            "inputs": inputs,
            "editions": list(built.editions),
            "titles": built.editions,
            "datasets": datasets,
            "base": settings.base_iri,
        }

        def beside(store: Store, folder: Path) -> None:
            search.write_index(store, folder)
            dumps.write_dumps(folder, prefixes)

        written = snapshot.write(settings.snapshots_dir, built.quads, facts, beside)
        snapshot.switch(settings.snapshots_dir, written)
        progress(f"snapshot: {written.digest} in force, {len(built.quads)} quads")
        return written


def up_to_date(settings: Settings) -> bool:
    """Whether the snapshot in force was made from the files as they are now."""
    in_force = snapshot.current(settings.snapshots_dir)
    return in_force is not None and in_force.manifest.get("inputs") == inputs_digest(settings)


def check(settings: Settings, progress: Progress) -> Built:
    """All quads and editions, not yet written; raises DataFault with every fault of the first step that finds any."""
    progress("tables: reading and checking against their schemas")
    tables = read_tables(settings.data_dir)
    progress("rows: order, figures, places in print, published identifiers")
    stop_on(broken_rows(tables, settings.data_dir))
    store = assemble(tables, settings, progress)
    validate(store, settings, tables, progress)
    return Built(list(store), titles_of(tables))


def titles_of(tables: list[Table]) -> dict[str, str]:
    """The editions with what their booklets are called."""
    listed = next((table.rows for table in tables if table.name == "editions"), ())
    titles = {row.cells["slug"]: row.cells["label"] for row in listed}
    return {edition: titles.get(edition, "") for edition in editions_of(tables)}


def editions_of(tables: list[Table]) -> list[str]:
    """The editions that the tables belong to."""
    return sorted({table.edition for table in tables} - {COMMON})


def assemble(tables: list[Table], settings: Settings, progress: Progress) -> Store:
    """Ontology, statements and constructs in one store; raises DataFault when a cell names nothing."""
    vocabulary = Vocabulary(settings.base_iri, settings.ontology_dir)
    store = Store()
    store.extend(ontology(settings.ontology_dir, vocabulary))
    progress(f"statements: {len(tables)} tables, {sum(len(table.rows) for table in tables)} rows")
    statements = Statements(vocabulary, concepts(store, vocabulary), labels_of_things(tables, vocabulary), [])
    store.extend(quad for table in tables for quad in statements.of(table))
    stop_on(statements.faults)
    for edition in editions_of(tables):
        progress(f"constructs: edition {edition}")
        list(constructs(store, settings.data_dir / "mappings", vocabulary, edition, edition))
        list(constructs(store, settings.shapes_dir / "rules", vocabulary, edition, f"{edition}-derived"))
    return store


def validate(store: Store, settings: Settings, tables: list[Table], progress: Progress) -> None:
    """SHACL, then the cross-checks; raises DataFault."""
    vocabulary = Vocabulary(settings.base_iri, settings.ontology_dir)
    progress("names: in print")
    stop_on(unprinted(tables, store, vocabulary))
    progress(f"shapes: SHACL over {len(store)} quads")
    stop_on(violations(store, read_shapes(settings.shapes_dir, vocabulary), tables, vocabulary))
    progress("checks: sums, pages, phones, links")
    stop_on(broken_rules(store, settings.shapes_dir / "checks", vocabulary, editions_of(tables)))


def stop_on(faults: Iterator[Fault] | list[Fault]) -> None:
    """Raise DataFault if there is any fault."""
    found = list(faults)
    if found:
        raise DataFault(found)


def ontology(ontology_dir: Path, vocabulary: Vocabulary) -> list[Quad]:
    """The ontology, its alignments and its concept schemes, as the graph ``ontology``."""
    paths = sorted(path for path in ontology_dir.rglob("*.ttl") if path.name != "prefixes.ttl")
    return [quad for path in paths for quad in vocabulary.turtle(path, "ontology")]


def concepts(store: Store, vocabulary: Vocabulary) -> Labels:
    """Scheme name → Japanese label → concept, from the SKOS schemes."""
    found: dict[str, dict[str, NamedNode]] = {}
    scheme_prefix = vocabulary.thing("scheme", "").value
    for quad in store.quads_for_pattern(None, vocabulary.term("skos:inScheme"), None, None):
        if not isinstance(quad.object, NamedNode) or not isinstance(quad.subject, NamedNode):
            continue
        name = quad.object.value.removeprefix(scheme_prefix)
        for label in store.quads_for_pattern(quad.subject, vocabulary.term("skos:prefLabel"), None, None):
            if isinstance(label.object, Literal) and label.object.language == "ja":
                found.setdefault(name, {})[label.object.value] = quad.subject
    return found


def inputs_digest(settings: Settings) -> str:
    """SHA-256 over all files that a build reads, the program included, and the base IRI."""
    digest = hashlib.sha256(settings.base_iri.encode())
    here = Path(__file__).parent
    program = [(here, "*.py"), (here.parent, "*.py")]
    tables = [(settings.data_dir, "**/*"), (settings.ontology_dir, "**/*"), (settings.shapes_dir, "**/*")]
    for folder, pattern in [*tables, (settings.queries_dir, "**/*"), *program]:
        for path in sorted(path for path in folder.glob(pattern) if path.is_file()):
            # the place as well as the content: a table moved to another edition is another input
            digest.update(f"{folder.name}/{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()
