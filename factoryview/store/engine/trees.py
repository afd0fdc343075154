"""What all translations of a query need: its syntax tree, and a tree in which some nodes are others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlglot
from sqlglot import exp

Node = Any
"""Of a syntax tree; sqlglot does not say more than that it has children."""


def changed(tree: Any, change: Callable[[Any], Any]) -> Any:
    """The tree with every node changed, those inside before those around them."""
    for node in reversed(list(tree.walk())):
        other = change(node)
        if other is node:
            continue
        if node is tree:
            tree = other
        else:
            node.replace(other)
    return tree


def select(text: str) -> exp.Select:
    """The tree of a query in DuckDB's dialect."""
    found = sqlglot.parse_one(text, read="duckdb")
    assert isinstance(found, exp.Select)
    return found


def known(value: exp.Expression) -> exp.Expression:
    """The condition that a value is not null."""
    return value.copy().is_(exp.Null()).not_()
