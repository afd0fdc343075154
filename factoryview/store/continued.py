"""A log that goes on otherwise: as it was known at a moment, with stays that somebody else says come then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.sources.engine import connect
from factoryview.store.database import Store
from factoryview.store.engine import Columns
from factoryview.store.engine.duckdb import DuckDB

_STAYS = (
    'id bigint, "case" varchar, stage varchar, entered timestamp, started timestamp, "left" timestamp, next varchar, '
    "via varchar, channel varchar, weight double, resource varchar, value double, reason varchar, first boolean, "
    "last boolean"
)
_OUTCOMES = (
    'id bigint, "case" varchar, outcome varchar, "at" timestamp, until timestamp, via varchar, channel varchar, '
    "weight double, value double, reason varchar"
)


@dataclass(frozen=True)
class NewStay:
    """A row of the table `stays` (see `Store`); times in UTC without a zone."""

    id: int
    """Of a stay that is there already: that goes on so."""
    case: str
    stage: str
    entered: datetime
    started: datetime | None
    left: datetime | None
    next: str | None
    via: str | None
    channel: str | None
    weight: float
    value: float | None
    first: bool
    last: bool


@dataclass(frozen=True)
class NewOutcome:
    """A row of the table `outcomes`."""

    case: str
    outcome: str
    at: datetime
    via: str
    channel: str | None
    weight: float
    value: float | None


def continued(store: Store, at: int, stays: Sequence[NewStay], outcomes: Sequence[NewOutcome]) -> Store:
    """A store of its own, with what the other one knew at a moment (µs UTC) and what comes then.

    A stay with the id of one that was there then keeps what was known of it, and goes on as the new one says.
    """
    import pandas as pd  # here, for it takes a seventh of a second, and few look into a future

    def table(columns: Columns) -> pd.DataFrame:
        return pd.DataFrame({name: filled(values) for name, values in columns.items()})

    def rows(of: Sequence[NewStay] | Sequence[NewOutcome], kind: type[NewStay] | type[NewOutcome]) -> pd.DataFrame:
        return pd.DataFrame([astuple(each) for each in of], columns=[field.name for field in fields(kind)])

    con = connect()
    con.execute(f"create table stays ({_STAYS}); create table outcomes ({_OUTCOMES})")
    past, ends = (table(store.ask(f"whatif/{name}", at=at)) for name in ("past", "past_outcomes"))
    new, over = rows(stays, NewStay), rows(outcomes, NewOutcome)
    for name, frame in (("past", past), ("ends", ends), ("new", new), ("over", over)):
        con.register(name, frame)
    con.execute("insert into stays by name select * from past")
    con.execute("insert into outcomes by name select * from ends")
    if len(new):
        con.execute(
            "update stays set started = coalesce(stays.started, new.started), "
            '"left" = coalesce(stays."left", new."left"), '
            "next = new.next, last = new.last from new where stays.id = new.id"
        )
        con.execute("insert into stays by name select * from new where id not in (select id from stays)")
    if len(over):
        con.execute("insert into outcomes by name select * from over")
    for name in ("past", "ends", "new", "over"):
        con.unregister(name)
    return Store(DuckDB(con), store.meaning, store.ends, store.milestones)


def filled(values: NDArray[Any]) -> object:
    """A column in which null is what pandas takes for it."""
    if not isinstance(values, np.ma.MaskedArray):
        return values
    column: Any = values
    if values.dtype.kind == "M":
        return column.filled(np.array("NaT", values.dtype))
    return column.filled(np.nan) if values.dtype.kind == "f" else column.astype(object).filled(None)
