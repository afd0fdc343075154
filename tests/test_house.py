"""What holds for the house as a whole: its examples are true, its rooms are tried, its tests share nothing."""

from __future__ import annotations

import ast
import doctest
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import factoryview

TESTS = Path(__file__).parent
PACKAGE = Path(factoryview.__file__).parent
MODULES = {module.name: module.ispkg for module in pkgutil.walk_packages(factoryview.__path__, "factoryview.")}

TRIED = ("factoryview.view.", "factoryview.flow.", "factoryview.factory.")
"""Packages of which every module is imported by a test of its own."""
LONG = 400
"""Lines from which on the docstring of a module says why it is one."""


def source_of(name: str) -> Path:
    path = PACKAGE.parent.joinpath(*name.split("."))
    return path / "__init__.py" if MODULES[name] else path.with_suffix(".py")


WITH_EXAMPLES = [name for name in MODULES if ">>>" in source_of(name).read_text(encoding="utf-8")]


def test_there_are_examples() -> None:
    assert len(WITH_EXAMPLES) > 20


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_in_docstrings_are_true(name: str) -> None:
    tried = doctest.testmod(import_module(name))
    assert tried.attempted > 0
    assert tried.failed == 0


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module that a syntax tree may import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_module_of_view_flow_and_factory_has_a_test_that_imports_it() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in TESTS.rglob("test_*.py")]
    known = {name for tree in trees for name in imported(tree)}
    modules = [name for name, is_package in MODULES.items() if name.startswith(TRIED) and not is_package]
    assert len(modules) > 50
    assert [name for name in modules if name not in known] == []


def test_a_long_module_says_why_it_is_one() -> None:
    long = [name for name in MODULES if len(source_of(name).read_text(encoding="utf-8").splitlines()) > LONG]
    assert long
    silent = [name for name in long if "It is long, for" not in (import_module(name).__doc__ or "")]
    assert silent == [], "part it by purpose, or let its docstring say why it is one"


def test_nobody_asks_the_database_that_a_whole_process_shares() -> None:
    """`duckdb.sql` and its like use one connection for all: an answer that was left half read breaks the next one."""
    looked, found = 0, []
    for path in (*TESTS.rglob("*.py"), *PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "duckdb":
                looked += 1
                if node.attr.islower() and node.attr not in ("connect", "functional", "sqltypes"):
                    found.append(f"{path.relative_to(PACKAGE.parent)}:{node.lineno}: duckdb.{node.attr}")
    assert looked > 50
    assert found == []
