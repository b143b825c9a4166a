"""Rows: every rule that the tables can be asked without the graph → the faults of all of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

from service.building.excused import idle
from service.building.order import disordered, misnumbered
from service.building.parts import astray
from service.building.printed import misplaced
from service.building.published import vanished
from service.building.readings import misread
from service.building.sharing import strangers
from service.building.tables import Table
from service.building.values import unaccounted
from service.faults import Fault

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
