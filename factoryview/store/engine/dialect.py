"""The named queries in the dialect of another engine: translated by sqlglot, with functions from a list alone.

sqlglot writes what it does not know as it is, and some things silently as something else: nulls that are to be ignored
are not, a median becomes an approximate one, a moment goes through floating point. So every function of a query has to
stand in `ALLOWED`, and what an engine has no like of is put in other words here before it is written down.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import sqlglot
from sqlglot import exp

from factoryview.errors import FactoryviewError
from factoryview.store.engine.in_postgres import in_postgres
from factoryview.store.engine.in_spark import in_spark
from factoryview.store.engine.trees import Node, changed, select

ALLOWED = frozenset({
    "and", "argmin", "arrayagg", "arraycontains", "avg", "case", "cast", "ceil", "coalesce", "count", "denserank",
    "epoch_us", "exists", "explode", "filter", "first", "firstvalue", "generateseries", "greatest", "hash", "if", "lag",
    "last", "lastvalue", "lead", "least", "length", "list_position", "log", "logicalor", "lower", "max", "min",
    "nullif", "or", "percentilecont", "percentiledisc", "rownumber", "strposition", "sum", "unixtotime",
})  # fmt: skip
"""The functions that mean the same everywhere once translated, by sqlglot's names. None of them approximates."""

_HOLE = re.compile(r"__(\w+?)__(?!\w)")


logging.getLogger("sqlglot").setLevel(logging.ERROR)  # what it does not parse is looked at here


class UntranslatableError(FactoryviewError):
    """A query uses what not every engine has: a mistake of whoever wrote it."""


def functions(text: str) -> set[str]:
    """The names of all functions in a query of DuckDB's dialect."""
    return {name for tree in _parsed(text) for name in _functions(tree)}


class Statement(NamedTuple):
    """One statement of a query in another dialect."""

    does: Literal["answer", "make", "drop"]
    """Make: a table, for this session alone, of the answer of `text`; drop: such a table, where there is one."""
    table: str
    text: str
    """The query, with parameters; nothing of `drop`."""


@lru_cache(maxsize=1_000)  # bounds and thresholds of windows are written into their queries
def translated(text: str, dialect: str, only: str | None = None) -> tuple[Statement, ...]:
    """The statements of a query of DuckDB's dialect in another: `postgres`, `spark` or any that sqlglot knows.

    only: a table of cases; of `stays` and `outcomes` the query then sees theirs alone. Parameters are written
    `%(name)s`, and a percent sign twice; in Spark's dialect `:name`, and a percent sign once. Raises
    UntranslatableError for a function that is not allowed.
    """
    found: list[Statement] = []
    for tree in _parsed(text):
        if isinstance(tree, exp.Command):  # types of DuckDB's own, which others do without
            continue
        strange = _functions(tree) - ALLOWED
        if strange:
            raise UntranslatableError(f"the query uses {', '.join(sorted(strange))}: not every engine has that.")
        if isinstance(tree, exp.Drop):
            found += [Statement("drop", table.name, "") for table in tree.find_all(exp.Table)]
            continue
        table = tree.find(exp.Table) if isinstance(tree, exp.Create) else None
        if isinstance(tree, exp.Insert) and dialect == "spark":  # views do not grow: another with more takes its place
            table = tree.find(exp.Table)
            assert table is not None
            tree.set("expression", exp.union(select(f"select * from {table.name}"), tree.expression, distinct=False))
        makes = "" if table is None else table.name
        query = tree.expression if makes else tree
        if only is not None:
            query = changed(query, lambda node: _of_these(node, only))
        for change in (_without, _grouped, _semi_joined, _named, _plain):
            query = changed(query, change)
        if dialect in _OWN_WORDS:
            query = _OWN_WORDS[dialect](query)
        written = query.sql(dialect=dialect, identify=True, comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE)
        spoken = _HOLE.sub(r":\1", written) if dialect == "spark" else _HOLE.sub(r"%(\1)s", written.replace("%", "%%"))
        found.append(Statement("make" if makes else "answer", makes, spoken))
    return tuple(found)


_OWN_WORDS: dict[str, Callable[[Node], Node]] = {"postgres": in_postgres, "spark": in_spark}


def _parsed(text: str) -> list[Any]:
    return [tree for tree in sqlglot.parse(text, read="duckdb") if tree is not None]


def _functions(tree: Node) -> set[str]:
    found = tree.find_all(exp.Func)
    return {node.name.lower() if isinstance(node, exp.Anonymous) else node.key for node in found}


def _without(node: Node) -> Node:
    """`* exclude (x)` of a query that stands for a table: the names of its other columns."""
    if isinstance(node, exp.Select):
        columns = []
        for column in node.expressions:
            star = column.this if isinstance(column, exp.Column) else column
            left_out = {name.name for name in star.args.get("except_") or ()} if isinstance(star, exp.Star) else set()
            inner = node.args["from_"].this if left_out else None
            if isinstance(inner, exp.Subquery):
                names = [name for name in inner.this.named_selects if name not in left_out]
                columns += [exp.column(name, table=inner.alias or None, quoted=True) for name in names]
            else:
                columns.append(column)
        node.set("expressions", columns)
    return node


def _grouped(node: Node) -> Node:
    """`group by all`: by every column of the answer that aggregates nothing."""
    if isinstance(node, exp.Select) and (group := node.args.get("group")) and group.args.get("all"):
        plain = [
            exp.Literal.number(place)
            for place, column in enumerate(node.expressions, 1)
            if not column.find(exp.AggFunc) and not column.unalias().is_string
        ]
        node.set("group", exp.Group(expressions=plain) if plain else None)
    return node


def _semi_joined(node: Node) -> Node:
    """`a semi join b using (x)`: rows of a whose x is in b."""
    if isinstance(node, exp.Select):
        for join in [join for join in node.args.get("joins") or [] if join.args.get("kind") == "SEMI"]:
            [key] = join.args["using"]
            inner = exp.select(exp.column(key.name, quoted=True)).from_(join.this.copy())
            column = exp.column(key.name, table=node.args["from_"].this.alias_or_name, quoted=True)
            node.args["joins"].remove(join)
            node.where(exp.In(this=column, query=exp.Subquery(this=inner)), copy=False)
    return node


def _of_these(node: Node, only: str) -> Node:
    """A table of the store, as if it held the cases of a set alone."""
    if isinstance(node, exp.Table) and node.name in ("stays", "outcomes"):
        query = f'select * from {node.name} where "case" in (select "case" from {only})'
        return select(query).subquery(node.alias_or_name)
    return node


def _named(node: Node) -> Node:
    """Queries that stand for tables have names, which some engines want."""
    if isinstance(node, exp.Subquery) and not node.alias and isinstance(node.parent, exp.From | exp.Join):
        node.set("alias", exp.TableAlias(this=exp.to_identifier(f"part_{id(node)}")))
    return node


def _plain(node: Node) -> Node:
    """A parameter as a word that no query has otherwise; moments of µs; no types of DuckDB's own."""
    if isinstance(node, exp.Placeholder | exp.Parameter):
        return exp.Var(this=f"__{node.name}__")
    if isinstance(node, exp.UnixToTime):
        return exp.Anonymous(this="make_timestamp", expressions=[node.this])
    if isinstance(node, exp.Cast) and node.to.this == exp.DType.USERDEFINED:
        return node.this
    return node
