"""Rows: every rule that the tables can be asked without the graph → the faults of all of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

from service.excused import idle
from service.faults import Fault
from service.order import disordered, misnumbered
from service.parts import astray
from service.printed import misplaced
from service.published import vanished
from service.readings import misread
from service.sharing import strangers
from service.tables import Table
from service.values import unaccounted

RULES: tuple[Callable[[list[Table]], Iterator[Fault]], ...] = (
    misnumbered,
    disordered,
    unaccounted,
    misplaced,
    astray,
    strangers,
    misread,
    idle,
)


def broken_rows(tables: list[Table], data_dir: Path) -> Iterator[Fault]:
    """A fault for each row that breaks a rule."""
    for rule in RULES:
        yield from rule(tables)
    yield from vanished(tables, data_dir)
