"""Tables: the CSV files that data/datapackage.json declares → typed rows, or every fault by file, row and column.

The package is a Frictionless Data Package (https://specs.frictionlessdata.io/data-package/). Its schemas carry a few
keys of ours beside the standard ones; ``statements`` explains them. No column is named in this module.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frictionless import Package, system
from frictionless import errors as rules

from service.faults import DataFault, Fault, Text

ENCODING = "utf-8-sig"  # Excel writes and expects the byte order mark
PACKAGE = "datapackage.json"

REMEDIES: dict[str, Text] = {
    rules.TypeError.type: Text(
        "値の型を列の定義（data/schemas）に合わせてください",
        "give a value of the column's declared type (data/schemas)",
    ),
    rules.ConstraintError.type: Text(
        "列の定義にある制約を満たす値にしてください", "give a value that meets the column's declared constraint"
    ),
    rules.PrimaryKeyError.type: Text(
        "同じキーの行を一つにするか、キーを直してください", "merge the rows with the same key, or correct the key"
    ),
    rules.ForeignKeyError.type: Text(
        "参照先の表にある識別子を書くか、先に参照先へ行を足してください",
        "use an identifier of the other table, or add the row there first",
    ),
    rules.IncorrectLabelError.type: Text("見出し行を元に戻してください", "restore the header line"),
    rules.MissingLabelError.type: Text("欠けた列を元に戻してください", "restore the missing column"),
    rules.ExtraLabelError.type: Text("余分な列を消してください", "remove the extra column"),
    rules.MissingCellError.type: Text("欠けたセルを補ってください", "add the missing cell"),
    rules.ExtraCellError.type: Text(
        "余分なセルを消してください（カンマの数を確かめる）", "remove the extra cell (count the commas)"
    ),
    rules.BlankRowError.type: Text("空の行を消してください", "remove the blank row"),
    rules.EncodingError.type: Text("「CSV UTF-8」で保存し直してください", "save the file again as 'CSV UTF-8'"),
}
FINDINGS: dict[str, Text] = {
    rules.TypeError.type: Text("値が列の型に合いません", "the value is not of the column's type"),
    rules.ConstraintError.type: Text("値が列の制約に合いません", "the value breaks the column's constraint"),
    rules.PrimaryKeyError.type: Text("同じキーの行が前にあります", "an earlier row has the same key"),
    rules.ForeignKeyError.type: Text("参照先の表にない識別子です", "the other table has no such identifier"),
    rules.IncorrectLabelError.type: Text("見出しが列の名ではありません", "the header is not the column's name"),
    rules.MissingLabelError.type: Text("列が足りません", "a column is missing"),
    rules.ExtraLabelError.type: Text("列が余分です", "there is a column too many"),
    rules.MissingCellError.type: Text("セルが足りません", "a cell is missing"),
    rules.ExtraCellError.type: Text("セルが余分です", "there is a cell too many"),
    rules.BlankRowError.type: Text("空の行です", "the row is blank"),
    rules.EncodingError.type: Text("文字コードが UTF-8 ではありません", "the file is not in UTF-8"),
}
ANY_FINDING = Text("表の定義に合いません", "not as the schema declares")
ANY_REMEDY = Text("data/README.md の手順で表を直してください", "correct the table as data/README.md describes")


@dataclass(frozen=True)
class Row:
    """One line of a table: its line number in the file (header = 1) and its non-empty cells, normalised, by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """One CSV file with its schema. ``edition`` is the folder (a fiscal year, or ``common``), ``name`` the stem."""

    edition: str
    name: str
    path: str
    schema: dict[str, Any]
    rows: tuple[Row, ...]

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The declared columns, in order."""
        fields: list[dict[str, Any]] = self.schema["fields"]
        return fields

    @property
    def key(self) -> list[str]:
        """The columns that tell one row from another."""
        key = self.schema["primaryKey"]
        return [key] if isinstance(key, str) else list(key)


def read_tables(data_dir: Path) -> list[Table]:
    """All tables below ``data_dir`` in the package's order; raises `DataFault` with every fault if there is any."""
    found = [*unlisted(data_dir), *check(data_dir)]
    if found:
        raise DataFault(found)
    return [read_table(data_dir, resource) for resource in package_descriptor(data_dir)["resources"]]


def package_descriptor(data_dir: Path) -> dict[str, Any]:
    """The parsed data package."""
    descriptor: dict[str, Any] = json.loads((data_dir / PACKAGE).read_text("utf-8"))
    return descriptor


def read_table(data_dir: Path, resource: dict[str, Any]) -> Table:
    """One table of the package, cells stripped and empty ones left out."""
    path = data_dir / resource["path"]
    schema = json.loads((data_dir / resource["schema"]).read_text("utf-8"))
    with path.open(encoding=ENCODING, newline="") as file:
        rows = tuple(numbered_rows(file))
    return Table(path.parent.name, path.stem, f"data/{resource['path']}", schema, rows)


def numbered_rows(file: Any) -> Iterator[Row]:
    """The rows of an open CSV file with their line numbers."""
    for number, record in enumerate(csv.DictReader(file), start=2):
        yield Row(number, {column: cell.strip() for column, cell in record.items() if cell and cell.strip()})


def unlisted(data_dir: Path) -> Iterator[Fault]:
    """A fault for each CSV file that the package does not declare: its rows would be silently lost."""
    listed = {resource["path"] for resource in package_descriptor(data_dir)["resources"]}
    for path in sorted(data_dir.glob("*/*.csv")):
        name = path.relative_to(data_dir).as_posix()
        if name not in listed:
            yield Fault(
                f"data/{name}",
                None,
                None,
                "unlisted-table",
                Text("datapackage.json に無い表です", "the table is not declared in datapackage.json"),
                Text(
                    "datapackage.json に登録するか、ファイルを消してください",
                    "declare it in datapackage.json, or remove the file",
                ),
            )


def check(data_dir: Path) -> Iterator[Fault]:
    """Every fault that frictionless finds against the schemas: types, required cells, keys, foreign keys, header."""
    with system.use_context(trusted=True):
        report = Package(str(data_dir / PACKAGE)).validate()
    for task in report.tasks:
        header = [error for error in task.errors if error.type.endswith("-label")]
        for error in header or task.errors:  # under a wrong header every row is wrong too: say only what is
            yield as_fault(task.place, error)
    for error in report.errors:
        yield as_fault(PACKAGE, error)


def as_fault(place: str, error: Any) -> Fault:
    """A frictionless error as a fault of ours, with its remedy."""
    path = Path(place)
    name = "/".join(path.parts[-2:]) if path.suffix == ".csv" else PACKAGE
    finding = FINDINGS.get(error.type, ANY_FINDING)
    shown = " ".join(part for part in (cell_text(error), error.note) if part)
    detail = f" ({shown})" if shown else ""
    return Fault(
        file=f"data/{name}",
        row=getattr(error, "row_number", None),
        column=getattr(error, "field_name", None) or getattr(error, "label", None) or key_columns(error),
        rule=error.type,
        message=Text(finding.ja + detail, finding.en + detail),
        remedy=REMEDIES.get(error.type, ANY_REMEDY),
    )


def cell_text(error: Any) -> str:
    """The cell that is wrong, as it stands in the file."""
    cell = getattr(error, "cell", None)
    return f"'{cell}'" if cell and cell != "None" else ""  # frictionless writes None for a cell that is missing


def key_columns(error: Any) -> str | None:
    """The columns of a broken foreign key, which frictionless names in a list."""
    names = getattr(error, "field_names", None)
    return ", ".join(names) if names else None
