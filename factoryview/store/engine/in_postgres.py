"""What PostgreSQL says in other words than DuckDB."""

from __future__ import annotations

from sqlglot import exp

from factoryview.store.engine.trees import Node, changed, known

_OWN = {"epoch_us", "make_timestamp", "list_position"}
"""Functions that every session is given under these names."""


def in_postgres(tree: Node) -> Node:
    """A tree that is written in PostgreSQL's dialect next."""
    return changed(changed(tree, _nulls_ignored), _in_its_words)


def _nulls_ignored(node: Node) -> Node:
    """The first or last value that is not null, by gathering them, for engines that know no `ignore nulls`."""
    if isinstance(node, exp.Window) and isinstance(node.this, exp.IgnoreNulls):
        value = node.this.this
        gathered = exp.Filter(
            this=exp.ArrayAgg(this=value.this.copy()),
            expression=exp.Where(this=known(value.this)),
        )
        window = node.copy()
        window.set("this", gathered)
        name = "first_of" if isinstance(value, exp.FirstValue) else "last_of"
        return exp.Anonymous(this=f"pg_temp.{name}", expressions=[window])
    return node


def _in_its_words(node: Node) -> Node:
    if isinstance(node, exp.Anonymous) and node.name.lower() in _OWN:
        return exp.Anonymous(this=f"pg_temp.{node.name.lower()}", expressions=node.expressions)
    if isinstance(node, exp.Explode) and isinstance(node.this, exp.GenerateSeries):  # places of a list
        last = exp.Sub(this=node.this.args["end"], expression=exp.Literal.number(1))
        return exp.Anonymous(this="generate_series", expressions=[exp.Literal.number(0), last])
    if isinstance(node, exp.Log) and node.expression:  # to a base, of exact numbers alone
        node.set("expression", exp.cast(node.expression, exp.DType.DECIMAL))
        return node
    if isinstance(node, exp.Length):
        return exp.Anonymous(this="cardinality", expressions=[node.this])
    if isinstance(node, exp.IntDiv):  # of whole numbers
        return exp.Paren(this=exp.Anonymous(this="pg_temp.whole", expressions=[node.this, node.expression]))
    if isinstance(node, exp.ArgMin):
        ordered = exp.Order(this=node.this, expressions=[exp.Ordered(this=node.expression)])
        there = exp.Where(this=known(node.this))
        return exp.Anonymous(
            this="pg_temp.first_of", expressions=[exp.Filter(this=exp.ArrayAgg(this=ordered), expression=there)]
        )
    if isinstance(node, exp.Anonymous) and node.name.lower() == "hash":
        return exp.Anonymous(this="hashtextextended", expressions=[*node.expressions, exp.Literal.number(0)])
    return node
