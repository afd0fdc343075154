"""The profile of a log, counted in the database: one pass that orders the events, then aggregates."""

from __future__ import annotations

from typing import Any

import duckdb

from factoryview.plant.profile import Activity, LogProfile, Order
from factoryview.store.ordered import Ordered
from factoryview.store.queries import sql

PAIRS, PAIRS_EACH = 50_000, 50
"""So many pairs of visits are looked at for the order of activities, or so many for each pair of activities if
that is more; cases are sampled beyond that."""


def profile(connection: duckdb.DuckDBPyConnection, laid: Ordered | None = None) -> LogProfile:
    """Measure the table `events` (see `factoryview.sources.events.EventLog`).

    All counts are exact but `orders`, which come from a sample of the cases if the log is large. Cases are told
    apart by a 64-bit hash of their id. Temporary tables `profile_*` are made and dropped.

    laid: the events in the order of their cases, where somebody has laid them.
    """

    def rows(name: str, **parameters: int) -> list[tuple[Any, ...]]:
        return connection.execute(sql(f"profile/{name}"), parameters or None).fetchall()

    [(events, since, until, interval)] = rows("total")
    if not events:
        return LogProfile(cases=0, events=0, since=None, until=None, activities={})
    order = 'coalesce(start, time), time, "row"' if interval else 'time, "row"'
    if laid is not None:
        connection.execute(sql("laid/profile").format(table=laid.table))
    else:
        connection.execute(sql("profile/steps").format(order=order))
    try:
        if laid is not None:
            activities = connection.execute(sql("laid/activities").format(table=laid.table)).fetchall()
            cases, visits = sum(row[4] for row in activities), sum(row[2] for row in activities)
        else:
            activities = rows("activities")
            [(cases, visits)] = rows("size")
        enough = max(PAIRS, PAIRS_EACH * len(activities) ** 2 // 2)
        moves = rows("follows")
        return LogProfile(
            cases=cases,
            events=events,
            since=since,
            until=until,
            activities={
                name: Activity(
                    name=name,
                    events=count,
                    cases=visitors,
                    share=visitors / cases,
                    first=first,
                    last=last,
                    soon=soon,
                    position=position,
                )
                for name, count, visitors, first, last, soon, position in activities
            },
            follows={(origin, target): count for origin, target, count, _ in moves},
            between={(origin, target): float(hours) for origin, target, _, hours in moves},
            orders={
                (one, other): Order(both, before)
                for one, other, both, before in rows("orders", every=1 + visits * visits // (2 * cases * enough))
            },
            channels=dict(rows("channels")),
        )
    finally:
        connection.execute(sql("profile/drop" if laid is None else "laid/drop"))
