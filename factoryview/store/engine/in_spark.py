"""What Spark says in other words than DuckDB."""

from __future__ import annotations

from sqlglot import exp

from factoryview.store.engine.trees import Node, changed, known

_LATEST = "9999-12-31 00:00:00"
"""Stands for the moment after all others, of which Spark has none."""


def in_spark(tree: Node) -> Node:
    """A tree that is written in Spark's dialect next."""
    return changed(changed(tree, _unfolded), _in_its_words)


def _unfolded(node: Node) -> Node:
    """`select unnest(names), unnest(range(len(names)))`: one list is unfolded, others are looked up by place."""
    if not isinstance(node, exp.Select) or node.args.get("from_") is not None:
        return node
    unfolded = [each for column in node.expressions for each in column.find_all(exp.Explode)]
    lists = [each for each in unfolded if not isinstance(each.this, exp.GenerateSeries)]
    if not lists or (len(unfolded) == 1 and node.expressions[0].unalias() is unfolded[0]):
        return node
    first = lists[0].this.copy()
    for each in unfolded:
        if isinstance(each.this, exp.GenerateSeries):
            each.replace(exp.column("place", table="unfolded"))
        elif each.this == first:
            each.replace(exp.column("each", table="unfolded"))
        else:
            place = exp.Add(this=exp.column("place", table="unfolded"), expression=exp.Literal.number(1))
            each.replace(exp.Anonymous(this="element_at", expressions=[each.this.copy(), place]))
    names = exp.Aliases(
        this=exp.Posexplode(this=first), expressions=[exp.to_identifier("place"), exp.to_identifier("each")]
    )
    return node.from_(exp.Select(expressions=[names]).subquery("unfolded"), copy=False)


def _window(node: exp.Window) -> Node:
    """`over (past rows …)`: a named window with a frame of its own is written out."""
    if node.args.get("alias") is None or node.args.get("spec") is None:
        return node
    query = node.find_ancestor(exp.Select)
    name = node.args["alias"].name
    for named in query.args.get("windows") or () if query is not None else ():
        if named.name == name:
            node.set("partition_by", [part.copy() for part in named.args.get("partition_by") or ()])
            node.set("order", named.args["order"].copy())
            node.set("alias", None)
    return node


def _in_its_words(node: Node) -> Node:
    if isinstance(node, exp.Window):
        node = _window(node)
    found = _moment(node)
    if found is not node:
        return found
    if isinstance(node, exp.Anonymous) and node.name.lower() == "list_position":
        found_at = exp.Anonymous(this="array_position", expressions=node.expressions)  # 0 of what is not there
        return exp.Nullif(this=found_at, expression=exp.Literal.number(0))
    if isinstance(node, exp.Anonymous) and node.name.lower() == "hash":
        return exp.Anonymous(this="xxhash64", expressions=node.expressions)
    if isinstance(node, exp.Length) and isinstance(node.this, exp.Cast) and node.this.to.this == exp.DType.ARRAY:
        return exp.Anonymous(this="size", expressions=[node.this])
    if isinstance(node, exp.WithinGroup) and isinstance(node.this, exp.PercentileCont):
        return exp.Anonymous(this="percentile", expressions=[node.expression.expressions[0].this, node.this.this])
    if isinstance(node, exp.PercentileCont) and node.expression:
        return exp.Anonymous(this="percentile", expressions=[node.this, node.expression])
    if isinstance(node, exp.PercentileDisc) and node.expression:
        by_size = exp.Order(expressions=[exp.Ordered(this=node.this)])
        found = exp.Anonymous(this="percentile_disc", expressions=[node.expression])
        return exp.WithinGroup(this=found, expression=by_size)
    if isinstance(node, exp.ArgMin):
        place = exp.If(this=known(node.this), true=node.expression.copy())
        return exp.Anonymous(this="min_by", expressions=[node.this, exp.Case(ifs=[place])])
    if isinstance(node, exp.ArrayAgg) and isinstance(node.this, exp.Order):
        return _listed(node.this)
    if isinstance(node, exp.Last) and isinstance(node.this, exp.Order):
        return exp.Anonymous(this="max_by", expressions=[node.this.this, _struct(node.this)])
    if isinstance(node, exp.Window) and isinstance(node.this, exp.RowNumber) and not _is_ordered(node):
        node.set("order", exp.Order(expressions=[exp.Ordered(this=exp.Null())]))
    return node


def _moment(node: Node) -> Node:
    """Moments of µs; what lies between two of them is a number, too."""
    if isinstance(node, exp.Anonymous) and node.name.lower() == "epoch_us":
        [moment] = node.expressions
        if isinstance(moment, exp.Sub):
            parts = [exp.Anonymous(this="epoch_us", expressions=[part]) for part in (moment.this, moment.expression)]
            return exp.Paren(this=exp.Sub(this=_moment(parts[0]), expression=_moment(parts[1])))
        return exp.Anonymous(this="unix_micros", expressions=[exp.cast(moment, exp.DType.TIMESTAMPTZ)])
    if isinstance(node, exp.Anonymous) and node.name.lower() == "make_timestamp":
        moment = exp.Anonymous(this="timestamp_micros", expressions=node.expressions)
        return exp.cast(moment, exp.DType.TIMESTAMPNTZ)
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal) and node.this.name == "infinity":
        return exp.cast(exp.Literal.string(_LATEST), exp.DType.TIMESTAMPNTZ)
    return node


def _struct(order: exp.Order) -> Node:
    return exp.Anonymous(this="struct", expressions=[each.this.copy() for each in order.expressions])


def _listed(order: exp.Order) -> Node:
    """`list(x order by a, b)`: sorted as rows of a, b and x, of which x is taken."""
    parts = {f"by_{place}": part.this.copy() for place, part in enumerate(order.expressions)} | {"listed": order.this}
    row = exp.Anonymous(
        this="named_struct",
        expressions=[each for name, part in parts.items() for each in (exp.Literal.string(name), part)],
    )
    rows = exp.Anonymous(this="array_sort", expressions=[exp.Anonymous(this="collect_list", expressions=[row])])
    taken = exp.Lambda(this=exp.column("listed", table="each"), expressions=[exp.to_identifier("each")])
    return exp.Anonymous(this="transform", expressions=[rows, taken])


def _is_ordered(window: exp.Window) -> bool:
    return bool(window.args.get("order") or window.args.get("alias"))
