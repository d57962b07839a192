"""The house keeps its walls: who may import whom, and how large and how plain the code stays."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("sociale_kaart", "knowledge", "api", "bot")
HTTP_RIM = "api/errors_http.py"
LONGEST_MODULE, LONGEST_FUNCTION = 300, 50
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def modules() -> dict[str, Path]:
    """Dotted name to file, of everything of ours but what lives in the bot's own environment."""
    paths = [path for part in OURS for path in (ROOT / part).rglob("*.py") if ".venv" not in path.parts]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in sorted(paths)}


MODULES = modules()
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def imported(tree: ast.AST) -> Iterator[str]:
    """Dotted names of the modules that are imported, ours resolved to files."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else str(node.module)


IMPORTS = {name: set(imported(tree)) for name, tree in TREES.items()}


def users_of(part: str, inside: str) -> set[str]:
    """Modules below `inside` that import anything of `part`."""
    return {name for name, used in IMPORTS.items() if name.split(".")[0] == inside and any(u.split(".")[0] == part for u in used)}


def calls(tree: ast.AST) -> set[str]:
    return {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


def catches_everything(tree: ast.AST) -> bool:
    caught = [node.type for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    return any(kind is None or ast.unparse(kind) in ("Exception", "BaseException") for kind in caught)


def test_all_parts_are_seen():
    assert {name.split(".")[0] for name in MODULES} >= {"sociale_kaart", "knowledge", "api"}


@pytest.mark.parametrize(
    ("inside", "part", "allowed"),
    [
        ("sociale_kaart", "knowledge", set()),
        ("sociale_kaart", "api", set()),
        ("knowledge", "sociale_kaart", {"knowledge.ingest"}),
        ("knowledge", "api", set()),
        ("bot", "sociale_kaart", set()),
        ("bot", "knowledge", set()),
        ("bot", "api", set()),
        ("sociale_kaart", "bot", set()),
        ("knowledge", "bot", set()),
        ("api", "bot", set()),
    ],
)
def test_arrows_between_the_parts(inside, part, allowed):
    assert users_of(part, inside) == allowed


def test_no_import_cycles():
    order = TopologicalSorter({name: used & set(MODULES) - {name} for name, used in IMPORTS.items()})
    order.prepare()  # CycleError names the circle


@pytest.mark.parametrize("name", MODULES)
def test_module_is_plain(name):
    path, tree = MODULES[name], TREES[name]
    file = path.relative_to(ROOT).as_posix()
    assert ast.get_docstring(tree), f"{file} has no docstring"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    assert not calls(tree) & {"print", "breakpoint", "eval", "exec"}
    assert file == HTTP_RIM or not catches_everything(tree), f"{file} catches everything: only {HTTP_RIM} does"
    assert name.startswith("api.") or not any("HTTPException" in ast.unparse(node) for node in tree.body)


@pytest.mark.parametrize("name", MODULES)
def test_functions_are_short_and_import_nothing(name):
    for node in ast.walk(TREES[name]):
        if isinstance(node, FUNCTIONS):
            if ".migrations.versions." not in name:  # a migration is one flat list of tables, and frozen
                assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name
            assert not [inner for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)], node.name
