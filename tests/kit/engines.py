"""The same plant in two engines: whether all that is asked of it is the same, cell by cell."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest

from factoryview.factory.factory import Factory
from factoryview.flow.kpis import kpis
from factoryview.flow.verdict.verdict import verdict
from factoryview.resources import data_file
from factoryview.store import windows as windows_module
from factoryview.store.selection import ChannelIn, Through
from factoryview.store.standing import Rest, Wanted
from factoryview.store.windows import Numbering, StayArrays, Windows
from factoryview.time import DAY, HOUR

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
LOGS = (
    data_file("umsatzwerk.toml"),
    *(DATA / log for log in ("crm/sales_pipeline.csv", "permits/receipt.csv.gz", "production/Production.csv.gz")),
)
ROLES = 'row, "case", stage, time, start, resource, value, channel, reason, weight'


def table(factory: Factory, name: str) -> list[tuple[Any, ...]]:
    """The rows of a table of the store, in an order that follows from them."""
    rows = factory.store.engine.columns(f"select * from {name}", {})
    listed = [np.ma.asarray(rows[key]).tolist() for key in sorted(rows)]
    return sorted(zip(*listed, strict=True), key=repr)


def windows(factory: Factory) -> StayArrays:
    """Twenty days in the middle of the log."""
    stages = tuple(factory.store.stages())
    belts = tuple((via, stage) for via, stage, _ in factory.store.rows("stays/flows"))
    channels = tuple(factory.store.cases_by("counts/came_by"))
    first, last = factory.store.span()
    middle = (first + last) // 2
    return Windows(factory.store, Numbering(stages, belts, channels)).fetch(middle - 10 * DAY, middle + 10 * DAY)


def crowded(factory: Factory) -> StayArrays:
    """The day in the middle of the log as if next to nothing could be drawn; every fifth stay was given up."""
    every = windows(factory)
    since = every.since + 10 * DAY
    given_up = dict(zip(every.id[::5].tolist(), (every.entered[::5] + HOUR).tolist(), strict=True))
    stages = tuple(factory.store.stages())
    belts = tuple((via, stage) for via, stage, _ in factory.store.rows("stays/flows"))
    with patch.object(windows_module, "MANY", 1):
        found = Windows(factory.store, Numbering(stages, belts, ("",)))
        found.prepare()
        return found.fetch_crowded(since, since + DAY, given_up, Wanted(front=1, shown=2))


def assert_equal(one: Factory, other: Factory, *, buckets: tuple[str, ...] = ("week", "month")) -> None:
    """Stays, windows, key figures, ribbon and verdict are the same."""
    for name in ("stays", "outcomes"):
        rows = table(one, name)
        assert rows or name == "outcomes"
        assert table(other, name) == rows
    here, there = windows(one), windows(other)
    assert len(here) > 10
    for field in fields(StayArrays):
        assert np.array_equal(getattr(here, field.name), getattr(there, field.name)), field.name
    here, there = crowded(one), crowded(other)
    assert sum(rest.number for rest in here.rest) > 2, "who is counted alone"
    for field in fields(StayArrays):
        if field.name != "rest":
            assert np.array_equal(getattr(here, field.name), getattr(there, field.name)), field.name
    for of_stage, also in zip(here.rest, there.rest, strict=True):
        for part in fields(Rest):
            assert np.array_equal(getattr(of_stage, part.name), getattr(also, part.name)), part.name
    for bucket in buckets:
        counted = [
            kpis(each.store, bucket=bucket, timezone=each.plant.timezone, gate=each.gate)  # type: ignore[arg-type]
            for each in (one, other)
        ]
        pd.testing.assert_frame_equal(*counted, rtol=1e-12)
    said = [verdict(each.store, each.plant).model_dump(mode="json") for each in (one, other)]
    assert said[0]["ribbon"]
    assert_alike(*said)


def assert_selects_alike(one: Factory, other: Factory) -> None:
    """What is asked of some cases sees the same ones."""
    stage = one.store.stages()[1]
    for selection in (Through(stage), ~Through(stage), ChannelIn((), unknown=True) & Through(stage)):
        found = [each.store.where(selection).rows("stays/cases") for each in (one, other)]
        assert found[0] == found[1]
    assert one.store.where(Through(stage)).rows("stays/cases")[0][0] > 0


def assert_alike(one: Any, other: Any, place: str = "") -> None:
    """The same documents; numbers may differ by the last bit, as sums do that are added in another order."""
    if isinstance(one, dict):
        assert one.keys() == other.keys(), place
        for key in one:
            assert_alike(one[key], other[key], f"{place}.{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), place
        for number, pair in enumerate(zip(one, other, strict=True)):
            assert_alike(*pair, f"{place}[{number}]")
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-9), place
    else:
        assert one == other, place
