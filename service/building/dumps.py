"""The canonical dump of a snapshot to the files that people download: N-Quads, TriG and Turtle, compressed.

Made once, when the snapshot is written, so that a download costs the server no work; the same quads give the same bytes.
"""

import gzip
from collections.abc import Mapping
from pathlib import Path

from pyoxigraph import RdfFormat, parse, serialize

from service.stored import DUMP

FOLDER = "dumps"
FORMATS = (RdfFormat.N_QUADS, RdfFormat.TRIG, RdfFormat.TURTLE)
COMPRESSION = 9


def write_dumps(folder: Path, prefixes: Mapping[str, str]) -> None:
    """Write ``dumps/shisaku.{nq,trig,ttl}.gz`` into a snapshot that is being made."""
    dump = (folder / DUMP).read_bytes()
    (folder / FOLDER).mkdir()
    for form in FORMATS:
        body = gzip.compress(converted(dump, form, prefixes), COMPRESSION, mtime=0)
        (folder / FOLDER / f"shisaku.{form.file_extension}.gz").write_bytes(body)


def converted(dump: bytes, form: RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    """N-Quads as another format; formats without graphs get all triples together, each once."""
    if form == RdfFormat.N_QUADS:
        return dump
    quads = parse(dump, format=RdfFormat.N_QUADS)  # in the order of the dump, which is sorted
    what = quads if form.supports_datasets else iter({quad.triple: None for quad in quads})
    return serialize(what, format=form, prefixes=dict(prefixes)) or b""
