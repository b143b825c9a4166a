"""The structure of the package: imports run one way, files and functions stay small, each concern has one owner."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "service").rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION, MOST_PARAMETERS = 250, 40, 5
BANNED = {"utils", "helpers", "common", "misc", "manager"}


def name(path: Path) -> str:
    """service/routes/sparql.py → service.routes.sparql."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


TREES = {name(path): ast.parse(path.read_text("utf-8")) for path in FILES}


def imports(module: str) -> set[str]:
    """The modules of ours that a module imports."""
    found = set()
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found & set(TREES) - {module}


def test_there_is_something_to_look_at() -> None:
    assert len(FILES) > 40


def test_no_import_cycles() -> None:
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, f"cycle: {' → '.join((*path, module))}"
        if module not in done:
            for other in imports(module):
                if other != "service":
                    visit(other, (*path, module))
            done.add(module)

    for module in TREES:
        visit(module, ())


# What the modules of a package may import of the others; the two halves, tables to snapshot and question to answer, meet above.
BELOW = {
    "building": set(),
    "querying": set(),
    "web": {"querying"},
    "engines": {"querying", "web"},
    "front": {"querying", "web", "engines"},
    "ui": set(),
    "routes": {"building", "querying", "web", "engines", "front", "ui"},
}
ABOVE = {"service.app", "service.server", "service.cli", "service.__main__"}


@pytest.mark.parametrize("module", sorted(TREES))
def test_layers(module: str) -> None:
    package = module.split(".")[1] if module.count(".") > 1 else ""
    if package:
        packages = {other.split(".")[1] for other in imports(module) if other.count(".") > 1}
        assert packages - {package} <= BELOW[package]
    if module not in ABOVE:
        assert not imports(module) & ABOVE


def test_packages() -> None:
    assert {path.name for path in (ROOT / "service").iterdir() if (path / "__init__.py").exists()} == set(BELOW)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_budgets(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= LONGEST_FILE
    assert path.stem not in BANNED
    for node in ast.walk(TREES[name(path)]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name
            given = [a for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in ("self", "cls")]
            assert len(given) <= MOST_PARAMETERS, node.name
            for inner in ast.walk(node):
                assert not isinstance(inner, ast.Import | ast.ImportFrom), f"import inside {node.name}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_one_owner_for_each_concern(path: Path) -> None:
    text = path.read_text("utf-8")
    if path.stem not in ("settings", "parent", "confinement"):
        assert "os.environ" not in text
    if path.stem != "problems":
        assert "except Exception" not in text
    assert text.strip() == "" or ast.get_docstring(TREES[name(path)])


def test_only_tables_that_tools_read() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert set(project) == {"build-system", "project", "tool"}
    assert set(project["tool"]) == {"setuptools", "ruff", "mypy", "pytest", "coverage"}
