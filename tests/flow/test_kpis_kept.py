"""The KPI table of a large log to which more comes is as if it was counted anew, and only what changed is counted."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import get_args

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.factory.factory import Factory
from factoryview.factory.opening import open_factory
from factoryview.factory.privacy import Gate
from factoryview.flow.kpis import Bucket, kpis
from factoryview.flow.kpis_kept import again
from factoryview.store import grown, sketch
from factoryview.store.database import Store
from factoryview.store.engine import Columns
from factoryview.store.selection import ChannelIn
from tests.kit.office_table import PLANT, as_large, write

OPEN = Gate(smallest=1)
HOUR = 3_600_000_000
EVENT = st.tuples(
    st.integers(0, 12), st.sampled_from(("Ask", "Call", "Offer", "Won", "Lost")), st.integers(0, 2_400),
    st.sampled_from(("web", "phone", None)), st.sampled_from(("price", None)),
)  # fmt: skip
"""Case, stage, hour, channel, reason."""


def more(path: Path, text: str) -> None:
    with duckdb.connect(str(path.with_name("events.duckdb"))) as con:
        con.execute(f"insert into moves {text}")


def table(factory: Factory, bucket: Bucket, zone: str = "Europe/Berlin") -> pd.DataFrame:
    return kpis(factory.store, bucket=bucket, timezone=zone, gate=OPEN)


def anew(factory: Factory, bucket: Bucket, zone: str = "Europe/Berlin") -> pd.DataFrame:
    """The same without anything that was kept."""
    factory.store.line = None
    return table(factory, bucket, zone)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """From when to when, each time that the engine counted."""
    found: list[tuple[int, int]] = []
    ask = Store.ask

    def spy(self: Store, name: str, /, **parameters: object) -> Columns:
        if name == "counts/kpis":
            begin, end = parameters["origin"], parameters["end"]
            assert isinstance(begin, int)
            assert isinstance(end, int)
            found.append((begin, end))
        return ask(self, name, **parameters)

    monkeypatch.setattr(Store, "ask", spy)
    return found


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    as_large(monkeypatch, tmp_path)
    return write(tmp_path)


def test_what_was_counted_is_found_again(path: Path, counted: list[tuple[int, int]]) -> None:
    first = open_factory(path)
    was = table(first, "week")
    assert len(counted) == 1
    first.store.close()
    second = open_factory(path)
    pd.testing.assert_frame_equal(table(second, "week"), was)
    assert len(counted) == 1
    table(second, "month")
    table(second, "week", "UTC")
    assert len(counted) == 3
    some = second.store.where(ChannelIn(("web",)))
    kpis(some, bucket="week", timezone="Europe/Berlin", gate=OPEN)
    assert len(counted) == 4
    pd.testing.assert_frame_equal(anew(second, "week"), was)


def test_only_what_changed_is_counted(path: Path, counted: list[tuple[int, int]]) -> None:
    first = open_factory(path)
    table(first, "day")
    first.store.close()
    more(path, "values ('new', 'Ask', timestamp '2025-03-10 10:00', 'web', null), "
         "('new', 'Call', timestamp '2025-03-12 10:00', 'web', null)")  # fmt: skip
    counted.clear()
    later = open_factory(path)
    found = table(later, "day")
    assert [round((end - begin) / HOUR) for begin, end in counted] == [24, 24]
    counted.clear()
    pd.testing.assert_frame_equal(table(later, "day"), found)
    assert not counted
    pd.testing.assert_frame_equal(found, anew(later, "day"))


def test_what_is_derived_anew_is_counted_anew(path: Path, counted: list[tuple[int, int]]) -> None:
    first = open_factory(path)
    table(first, "week")
    first.store.close()
    with duckdb.connect(str(path.with_name("events.duckdb"))) as con:
        con.execute("delete from moves where \"case\" = 'c5'")
    counted.clear()
    later = open_factory(path)
    found = table(later, "week")
    assert len(counted) == 1
    pd.testing.assert_frame_equal(found, anew(later, "week"))


@settings(max_examples=15, deadline=None)
@given(
    before=st.lists(EVENT, min_size=1, max_size=60),
    later=st.lists(st.lists(EVENT, min_size=1, max_size=10), min_size=1, max_size=3),
    zone=st.sampled_from(("Europe/Berlin", "UTC", "Asia/Kathmandu")),
)
def test_it_is_a_law(before: list[tuple[object, ...]], later: list[list[tuple[object, ...]]], zone: str) -> None:
    """Any log, and any rows that come after, once and again: as if all had been counted at once, cell by cell."""
    insert = "insert into moves values ('c' || ?, ?, timestamp '2025-03-01' + to_hours(?), ?, ?)"
    with pytest.MonkeyPatch.context() as monkeypatch, tempfile.TemporaryDirectory() as folder:
        as_large(monkeypatch, Path(folder))
        monkeypatch.setattr(sketch, "FEWEST", 1)
        monkeypatch.setattr(grown, "MOST", 1.0)
        path = Path(folder) / "plant.toml"
        path.write_text(PLANT + "[privacy]\nsmallest_group = 1\n", encoding="utf-8")
        file = str(path.with_name("events.duckdb"))
        with duckdb.connect(file) as con:
            con.execute('create table moves ("case" text, stage text, time timestamp, channel text, reason text)')
        line: str | None = None
        for rows in (before, *later):
            with duckdb.connect(file) as con:
                con.executemany(insert, rows)
            factory = open_factory(path)
            assert line is None or factory.store.line == line, "only more came"
            line = factory.store.line if factory.every else None
            found = {bucket: table(factory, bucket, zone) for bucket in get_args(Bucket)}
            for bucket, each in found.items():
                pd.testing.assert_frame_equal(each, anew(factory, bucket, zone))
            factory.store.close()


def test_buckets_with_other_edges_are_counted_and_those_with_the_same_are_found(path: Path) -> None:
    """Along a log that has begun earlier, or goes on."""
    store = open_factory(path).store
    asked: list[tuple[int, int]] = []

    def found(edges: list[int], name: str = "example") -> list[tuple[str, int, float]]:
        moments = HOUR * np.array(edges)

        def count(first: int, last: int) -> Columns:
            asked.append((edges[first], edges[last]))
            begins = np.arange(first, last)
            texts = {name: np.full(len(begins), "x", dtype=object) for name in ("kind", "stage")}
            return texts | {"bucket": begins, "arrivals": moments[begins] / HOUR}

        rows = again(store, moments, name, count=count)
        return sorted(zip(*(rows[name].tolist() for name in ("stage", "bucket", "arrivals")), strict=True))

    first = [("x", place, float(at)) for place, at in enumerate((10, 20, 30))]
    assert found([10, 20, 30, 40]) == found([10, 20, 30, 40]) == first
    assert asked == [(10, 40)]
    assert found([5, 10, 20, 35, 40, 50]) == [("x", place, float(at)) for place, at in enumerate((5, 10, 20, 35, 40))]
    assert asked[1:] == [(5, 10), (20, 50)]
    assert found([10, 20, 30, 40], "another") == first
    assert asked[3:] == [(10, 40)]
