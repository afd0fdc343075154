"""Day or month first: what a whole column of dates tells, and what has to be guessed."""

from __future__ import annotations

from factoryview.errors import InputError
from factoryview.language.said import also, said
from factoryview.sources.reading import Reading
from factoryview.sources.table import RAW
from factoryview.sources.times import Order, TimeStyle

_CLASH = 0.02
"""Of the dates that leave no doubt, the share from which a second order is no mere mistake."""
_CLEARLY = 0.5
"""Dates that span less than this part of what they span in the other order are more likely."""


def settle(reading: Reading, style: TimeStyle, column: str, name: str) -> TimeStyle:
    """The style with the order of its dates: as the user said, as any day above 12 tells, else the likelier one, which
    is reported as a guess. column: SQL of the text, name: what the column is called.

    Raises InputError for a column in which both orders are used.
    """
    wish = reading.options.dates
    if wish is not None:
        return style.settled(wish, style.orders)
    if style.clash is not None:
        raise _both(reading, name, *style.clash)
    for sign in style.ambiguous:
        if sign in reading.orders:
            style = style.settled(reading.orders[sign], [sign])
            continue
        day_first, month_first, one, other = _certain(reading, column, sign)
        if min(day_first, month_first) > _CLASH * (day_first + month_first):
            raise _both(reading, name, one, other)
        if day_first or month_first:
            style = style.settled("dmy" if day_first >= month_first else "mdy", [sign])
    return _likelier(reading, style, column, name) if style.ambiguous else style


def _both(reading: Reading, name: str, day_first: str, month_first: str) -> InputError:
    return InputError(
        said("error.both_orders", column=name, day=day_first, month=month_first),
        where=reading.source.name,
        cure=said("error.say_order"),
    )


def _certain(reading: Reading, column: str, sign: str) -> tuple[int, int, str, str]:
    """Rows whose first number is no month, rows whose second one is none, and an example of each."""
    mark = f"\\s*\\{sign}\\s*" if sign else ""
    digits = "(\\d{1,2})" if sign else "(\\d{2})"
    pattern = f"(?:^|[^\\d]){digits}{mark}{digits}{mark}\\d{{2}}"
    found = reading.connection.execute(
        "SELECT count(*) FILTER (a > 12 AND b <= 12), count(*) FILTER (b > 12 AND a <= 12), "
        "any_value(c) FILTER (a > 12 AND b <= 12), any_value(c) FILTER (b > 12 AND a <= 12) FROM (SELECT c, "
        "try_cast(p.a AS INT) AS a, try_cast(p.b AS INT) AS b FROM "
        f"(SELECT {column} AS c, regexp_extract({column}, $pattern, ['a', 'b']) AS p FROM {RAW}))",
        {"pattern": pattern},
    ).fetchone()
    day_first, month_first, one, other = found or (0, 0, "", "")
    return int(day_first), int(month_first), str(one), str(other)


def _likelier(reading: Reading, style: TimeStyle, column: str, name: str) -> TimeStyle:
    """By the time that the dates span, then by whether they stand in order; the day comes first in doubt."""
    spans: dict[Order, float] = {}
    sorted_parts: dict[Order, float] = {}
    for order in ("dmy", "mdy"):
        moment = style.settled(order).sql(column)
        found = reading.connection.execute(
            "SELECT epoch(max(t)) - epoch(min(t)), greatest(avg((t >= before)::INT), avg((t <= before)::INT)) FROM "
            f"(SELECT t, lag(t) OVER (ORDER BY r) AS before FROM (SELECT rowid AS r, {moment} AS t FROM {RAW}))"
        ).fetchone()
        spans[order], sorted_parts[order] = float((found and found[0]) or 0), float((found and found[1]) or 0)
    best: Order = "dmy"
    why = ""
    if spans["mdy"] < _CLEARLY * spans["dmy"] or (
        spans["mdy"] <= spans["dmy"] / _CLEARLY and sorted_parts["mdy"] > sorted_parts["dmy"] + 0.02
    ):
        best = "mdy"
    other: Order = "mdy" if best == "dmy" else "dmy"
    if spans[best] < _CLEARLY * spans[other]:
        why = said("reading.order_by_span", days=_days(spans[best]), others=_days(spans[other]))
    elif sorted_parts[best] > sorted_parts[other] + 0.02:
        why = said("reading.order_by_sorting")
    text: str = said("reading.order", order=said(f"order.{best}"), why=why)
    if style.mixed:
        text = also([text, said("reading.others_otherwise")], " ")
    reading.guess(
        "dates",
        best,
        text,
        said("reading.say_dates", other=other),
        [f"--dates {other}"],
        place=name,
    )
    return style.settled(best)


def _days(seconds: float) -> str:
    return said("reading.days", n=round(seconds / 86_400))
