"""Command line: the verbs ``build``, ``check``, ``serve``, ``query``, ``dump``, ``diff`` and ``snapshots``.

Exit codes: 0 good, 1 the data is at fault, 2 the call is at fault.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import RdfFormat, Store

from service import held
from service.building import build as line
from service.building import snapshot as snapshots_of
from service.building.dumps import converted
from service.building.snapshot import Snapshot
from service.catalogue import ParameterFault, load, question
from service.engines.store import Request, answer, open_snapshot
from service.engines.workers import media_type_for
from service.faults import DataFault
from service.querying.guard import survey
from service.server import run
from service.settings import Settings
from service.stored import DUMP
from service.vocabulary import Vocabulary
from service.workbook import XLSX, workbook

app = typer.Typer(
    name="shisaku",
    no_args_is_help=True,
    add_completion=False,
    help="県の産業労働施策の知識グラフ / Knowledge graph of a prefecture's policy measures.",
)
snapshots_app = typer.Typer(no_args_is_help=True, help="List, switch back to and prune snapshots.")
app.add_typer(snapshots_app, name="snapshots")
DATA_FAULT, CALL_FAULT = 1, 2
Lang = Annotated[str, typer.Option(help="Language of the faults: ja or en.")]


def say(message: str) -> None:
    """Progress and remarks go to the error stream, so that output can be piped."""
    typer.echo(message, err=True)


def report(fault: DataFault, lang: str) -> None:
    """Print every fault and leave with code 1."""
    for found in fault.faults:
        typer.echo(found.line(lang), err=True)
    say(f"{len(fault.faults)} 件の誤り / faults")
    raise typer.Exit(DATA_FAULT)


@app.command()
def build(lang: Lang = "ja") -> None:
    """Tables → RDF → validated snapshot, written whole and then switched to.

    Example: shisaku build --lang en
    """
    try:
        line.build(Settings(), say)
    except DataFault as fault:
        report(fault, lang)


@app.command()
def check(lang: Lang = "ja") -> None:
    """Check schemas, shapes and cross-checks only; every fault with file, row, column, rule and remedy.

    Example: shisaku check --lang ja
    """
    try:
        line.check(Settings(), say)
    except DataFault as fault:
        report(fault, lang)
    say("誤りはありません / no faults")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 for any free one.")] = None,
    lang: Lang = "ja",
) -> None:
    """Build if the files have changed since the last build, then serve.

    A fault in the data does not stop a service that has a good snapshot: it is reported, and the old one is served.

    Example: shisaku serve --port 8080
    """
    settings = Settings()
    chosen = settings.model_copy(update={k: v for k, v in {"host": host, "port": port}.items() if v is not None})
    if not line.up_to_date(settings):
        try:
            line.build(settings, say)
        except DataFault as fault:
            if snapshots_of.current(settings.snapshots_dir) is None:
                report(fault, lang)
            for found in fault.faults:
                say(found.line(lang))
            say("前の版を提供します / serving the snapshot before these faults")
    run(chosen)


@app.command()
def query(
    name: Annotated[str, typer.Argument(help="A stored question's name, or a file with a query.")],
    param: Annotated[list[str] | None, typer.Option(help="name=value, as often as needed.")] = None,
    format: Annotated[str, typer.Option(help="csv, tsv, json, xml, xlsx; ttl, nt, jsonld, rdf.")] = "csv",
) -> None:
    """Run a stored question or a query file over the snapshot in force.

    Example: shisaku query sme-check --param industry=小売業 --param employees=60 --param capital_yen=40000000
    """
    settings = Settings()
    vocabulary = Vocabulary(settings.base_iri, settings.ontology_dir)
    found = (
        question(Path(name), vocabulary) if Path(name).is_file() else load(settings.queries_dir, vocabulary).get(name)
    )
    if found is None:
        say(f"'{name}': そのような質問はありません / no such question")
        raise typer.Exit(CALL_FAULT)
    try:
        values = dict(pair.split("=", 1) for pair in param or [])
        text = found.bind(values)
    except (ParameterFault, ValueError) as fault:
        say(str(fault))
        raise typer.Exit(CALL_FAULT) from fault
    snapshot = in_force(settings)
    wanted = "json" if format == XLSX.extension else format
    media_type = media_type_for(survey(text, settings), wanted)
    newest = held.edition(snapshot.manifest)
    graphs = held.graphs_of(snapshot.manifest, newest)
    body = answer(open_snapshot(snapshot.path), Request(text, media_type, settings.base_iri, default_graphs=graphs))
    about = {**snapshot.manifest, "edition": newest, "title": held.title(snapshot.manifest, newest)}
    sys.stdout.buffer.write(workbook(found, values, body, about, {}) if wanted != format else body)


@app.command()
def dump(
    format: Annotated[str, typer.Option(help="nq, trig, ttl, nt, jsonld or rdf.")] = "nq",
    out: Annotated[Path | None, typer.Option(help="File to write; standard output without it.")] = None,
) -> None:
    """Write the snapshot in force as RDF; formats without graphs get all triples together.

    Example: shisaku dump --format ttl --out shisaku.ttl
    """
    settings = Settings()
    chosen = RdfFormat.from_extension(format)
    if chosen is None:
        say(f"'{format}': そのような形式はありません / no such format")
        raise typer.Exit(CALL_FAULT)
    source = (in_force(settings).path / DUMP).read_bytes()
    body = converted(source, chosen, Vocabulary(settings.base_iri, settings.ontology_dir).prefixes)
    if out:
        out.write_bytes(body)
    else:
        sys.stdout.buffer.write(body)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="An edition, such as 2023.")],
    after: Annotated[str, typer.Argument(help="Another edition, such as 2024.")],
) -> None:
    """What one edition says and another does not, as N-Quads lines with - and +.

    Example: shisaku diff 2023 2024
    """
    settings = Settings()
    store = Store()
    store.bulk_load(input=(in_force(settings).path / DUMP).read_bytes(), format=RdfFormat.N_QUADS)
    vocabulary = Vocabulary(settings.base_iri, settings.ontology_dir)
    sides: list[set[str]] = []
    for edition in (before, after):
        if not store.contains_named_graph(vocabulary.graph(edition)):
            say(f"'{edition}': そのような版はありません / no such edition")
            raise typer.Exit(CALL_FAULT)
        sides.append(set(edition_lines(store, vocabulary, edition)))
    for sign, left, right in (("-", sides[0], sides[1]), ("+", sides[1], sides[0])):
        for text in sorted(left - right):
            typer.echo(f"{sign} {text}")


def edition_lines(store: Store, vocabulary: Vocabulary, edition: str) -> Iterator[str]:
    """The triples of an edition, its year taken out of the identifiers so that two editions compare."""
    for quad in store.quads_for_pattern(None, None, None, vocabulary.graph(edition)):
        yield str(quad.triple).replace(f"/{edition}.", "/").replace(f"/page/{edition}-", "/page/")


@snapshots_app.command("list")
def list_all() -> None:
    """All snapshots, oldest first; the one in force is marked."""
    settings = Settings()
    current = snapshots_of.current(settings.snapshots_dir)
    for found in snapshots_of.list_snapshots(settings.snapshots_dir):
        mark = "*" if current and found.digest == current.digest else " "
        manifest = found.manifest
        typer.echo(
            f"{mark} {found.digest} {manifest['created']} {manifest['quads']} quads {','.join(manifest['editions'])}"
        )


@snapshots_app.command("switch")
def switch_to(digest: Annotated[str, typer.Argument(help="The digest, or its beginning.")]) -> None:
    """Put another snapshot in force; a running service takes it up."""
    settings = Settings()
    fitting = [s for s in snapshots_of.list_snapshots(settings.snapshots_dir) if s.digest.startswith(digest)]
    if len(fitting) != 1:
        say(f"'{digest}': {len(fitting)} 件 / snapshots fit; give one that fits a single one")
        raise typer.Exit(CALL_FAULT)
    snapshots_of.switch(settings.snapshots_dir, fitting[0])
    say(f"{fitting[0].digest} in force")


@snapshots_app.command("prune")
def prune_old(keep: Annotated[int, typer.Option(min=1, help="How many to keep.")] = 3) -> None:
    """Remove all but the newest snapshots; the one in force always stays."""
    for digest in snapshots_of.prune(Settings().snapshots_dir, keep):
        typer.echo(f"removed {digest}")


def in_force(settings: Settings) -> Snapshot:
    """The snapshot in force; leaves with code 2 when there is none yet."""
    found = snapshots_of.current(settings.snapshots_dir)
    if found is None:
        say("まだ版がありません。shisaku build を実行してください / no snapshot yet: run shisaku build")
        raise typer.Exit(CALL_FAULT)
    return found
