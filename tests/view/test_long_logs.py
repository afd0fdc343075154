"""A log so long that what is counted of it lies in files is counted like any other."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import duckdb
import numpy as np
import pytest

from factoryview.factory.factory import Factory
from factoryview.factory.opening import open_factory
from factoryview.flow import order
from factoryview.flow.moment import presence, workdays
from factoryview.store import database, scroll
from factoryview.store.database import Store
from factoryview.store.selection import ChannelIn
from factoryview.view import keeping
from factoryview.view.model import Model
from factoryview.view.playhead import usual_pace
from tests.kit.event_logs import event_log
from tests.kit.small_plants import Small, jammed, reworked, sales, simulate

DEMOS = Path(__file__).parents[2] / "data"


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every log is long; which columns lie in a file."""
    for module in (database, presence):
        monkeypatch.setattr(module, "LONG", 1)
    for module in (scroll, order, workdays):
        monkeypatch.setattr(module, "PIECE", 37)
    monkeypatch.setattr(scroll, "_SHORT", 64)
    read, files = scroll.Scroll.read, []

    def spy(self):  # type: ignore[no-untyped-def]
        found = read(self)
        files.extend([str(found.dtype)] if not found.flags.writeable else [])
        return found

    monkeypatch.setattr(scroll.Scroll, "read", spy)
    return files


def opened(small: Small) -> Factory:
    events = simulate(small.line)
    store = Store.build(event_log(duckdb.connect(), "entry", events), ends=small.ends)
    return Factory(small.plant, store, "small", (), 0, {}, len(events))


def assert_alike(one: Model, other: Model) -> None:
    for each in ("arrivals", "departures", "stayed"):
        assert np.allclose(getattr(one.counts.history, each), getattr(other.counts.history, each), rtol=1e-12)
    for mine, theirs in (
        (one.counts.jams.levels, other.counts.jams.levels),
        (one.counts.jams.wrecks, other.counts.jams.wrecks),
    ):
        for field in fields(mine):
            values = [getattr(each, field.name) for each in (mine, theirs)]
            if isinstance(values[0], np.ndarray):
                assert np.array_equal(*values, equal_nan=values[0].dtype.kind == "f"), field.name
    assert list(one.topology.endings) == list(other.topology.endings)
    for way, ending in one.topology.endings.items():
        theirs = other.topology.endings[way]
        assert ending.reasons == theirs.reasons
        assert ending.at.tolist() == theirs.at.tolist() == ending.tally.at.tolist()
        assert ending.tally.total.tolist() == theirs.tally.total.tolist()
        bounds = int(ending.at[0]), int(ending.at[-1]) + 1
        assert ending.reasons_in(*bounds) == theirs.reasons_in(*bounds)
    assert list(one.counts.sources) == list(other.counts.sources)
    for way, tally in one.counts.sources.items():
        assert tally.at.tolist() == other.counts.sources[way].at.tolist()
    assert len(one.counts.sources)
    assert len(one.topology.endings)
    pace = usual_pace(one.last - one.first)
    for part in range(8):
        at = one.first + (one.last - one.first) * part // 7
        assert repr(one.state(at, pace)) == repr(other.state(at, pace))


@pytest.mark.parametrize("small", [jammed, reworked, sales], ids=["jammed", "reworked", "sales"])
def test_a_long_log_is_counted_like_any_other(small, long, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    found = Model(opened(small()))
    assert {"int64", "float64", "int32"} <= set(long)
    monkeypatch.undo()
    assert_alike(found, Model(opened(small())))


@pytest.mark.parametrize("name", ["permits", "umsatzwerk"])
def test_a_demo_plant_is_counted_like_any_other(name: str, long: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = Model(open_factory(DEMOS / f"{name}.toml"))
    assert long
    monkeypatch.undo()
    assert_alike(found, Model(open_factory(DEMOS / f"{name}.toml")))


def test_what_lies_in_files_is_kept_and_found_again(
    tmp_path: Path, long: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(keeping, "FEWEST", 1)
    found = Model(opened(jammed()))
    written = len(long)
    again = Model(opened(jammed()))
    assert 0 < written == len(long)
    assert_alike(found, again)


def test_a_scroll_is_what_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scroll, "_SHORT", 100)
    for number in (0, 5, 12, 13, 4_000):
        written = scroll.Scroll(np.int64)
        for part in np.array_split(np.arange(number), 7):
            written.append(part)
        found = written.read()
        assert found.tolist() == list(range(number))
        scroll.let_go(found[number // 2 :])
        assert found.tolist() == list(range(number))


def test_what_was_looked_up_takes_no_memory_once_another_window_is_fetched(
    long: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Model(opened(jammed()))
    assert long
    gone: list[int] = []
    monkeypatch.setattr("factoryview.view.counts.let_go", lambda column: gone.append(len(column)))
    model.prefetch(model.last)
    begun = len(model.counts.totals.tallies()[0].at)
    assert begun == model.counts.totals.begun(model.last) > 100
    assert {begun, begun + 1} <= set(gone)


@pytest.mark.parametrize("other", [7.0, np.nan, 3.0])
@pytest.mark.parametrize("same", [3.0, np.nan])
def test_a_scroll_of_the_same_numbers_is_not_written(
    same: float, other: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scroll, "_SHORT", 100)
    monkeypatch.setattr(scroll, "PIECE", 9)
    for before, after in ((0, 0), (50, 0), (50, 3), (1, 90), (50, 90)):
        written = scroll.Scroll(np.float64)
        for number, value in ((before, same), (before, same), (0, other), (after, other), (after, same)):
            written.append(np.full(number, value))
        found = written.read()
        assert np.array_equal(found, [same] * (2 * before) + [other] * after + [same] * after, equal_nan=True)
        scroll.let_go(found)
        if before and not after:
            assert found.strides == (0,)


@pytest.mark.parametrize("piece", [1, 2, 5, 100])
def test_what_is_looked_at_piece_by_piece(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scroll, "PIECE", piece)
    monkeypatch.setattr(order, "PIECE", piece)
    assert [n for some in scroll.pieces(7) for n in range(7)[some]] == list(range(7))
    assert scroll.is_ascending(np.array([1, 1, 2, 3, 3, 9]))
    assert scroll.is_ascending(np.empty(0))
    for place in range(1, 6):
        values = np.arange(6)
        values[place] = 0 if place > 1 else -1
        assert not scroll.is_ascending(values)
    values = np.array([3.0, np.nan, 1.0, 3.0, 1.0, np.nan, 1.0])
    assert order.equals_in_order(np.array([6, 4, 2, 3, 0, 5, 1]), np.sort(values)).tolist() == [2, 4, 6, 0, 3, 1, 5]
    assert scroll.alike(np.array([0, 0, 2, 2, 2, 5], np.int16), 2) == slice(2, 5)
    assert scroll.alike(np.array([0, 0, 2], np.int16), 1) == slice(2, 2)


def test_who_waits_is_told_how_far_it_is_and_may_give_up() -> None:
    told: list[float] = []
    found = Model(opened(jammed()), progress=told.append)
    assert told == sorted(told)
    assert {0.0, 0.4, 0.7, 0.85} <= set(told)
    assert sum(0.4 <= share < 0.7 for share in told) > len(found.topology.stages) > 2

    class NotWanted(Exception):
        pass

    for limit in (0.0, 0.5, 0.85):

        def tell(share: float, limit: float = limit) -> None:
            if share >= limit:
                raise NotWanted

        with pytest.raises(NotWanted):
            Model(opened(jammed()), progress=tell)


def test_of_a_long_log_some_cases_are_looked_up_without_holding_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would make filters fast takes memory of the size of the stays; they count the same without."""
    chosen = ChannelIn(("web",))
    short = Model(opened(sales()))
    short.prepare()
    assert short.factory.store.prepared
    few = short.where(chosen)
    monkeypatch.setattr(database, "LONG", 1)
    model = Model(opened(sales()))
    model.prepare()
    assert not model.factory.store.prepared
    some = model.where(chosen)
    assert not model.factory.store.prepared
    assert 0 < some.factory.store.cases() < model.factory.store.cases()
    assert_alike(some, few)
