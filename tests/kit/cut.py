"""A plant as it would be if nothing had happened after a moment: what a frame of that moment may know."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from factoryview.factory.factory import Factory
from factoryview.flow.moment.docks import NO_ENDING, endings
from factoryview.flow.moment.history import history
from factoryview.flow.moment.standing import Lanes
from factoryview.flow.work import work_of
from factoryview.store.database import Store
from factoryview.store.engine.duckdb import DuckDB
from factoryview.store.windows import Windows
from factoryview.view.counts import count, judged
from factoryview.view.health import SILENT
from factoryview.view.model import Model
from factoryview.view.state import Asked, State, Studied, state_of


def cut(factory: Factory, at: int) -> Factory:
    """The factory without what happened after `at` (µs UTC): stays not begun, ends, starts and outcomes to come.

    What has not been started is started at the end of the log: null would say that nobody wrote down when.

    A stay of a completion or interval log is there from its beginning, although such a log names its stage only at its
    end: that is what the meaning of its times says, not what a picture of a moment adds.
    """
    moment, end = _plain(at), _plain(factory.store.span()[1])
    store = factory.store
    assert isinstance(store.engine, DuckDB)
    con = duckdb.connect(config={"threads": 1})
    with tempfile.TemporaryDirectory() as folder:
        for table in ("stays", "outcomes"):
            file = Path(folder) / f"{table}.parquet"
            store.engine.connection.execute(f"copy {table} to '{file}' (format parquet)")
            con.execute(f"create table {table} as from '{file}'")
    con.execute("delete from stays where entered > ?", [moment])
    con.execute('update stays set "left" = null, next = null where "left" > ?', [moment])
    con.execute("update stays set started = ? where started > ?", [end, moment])
    con.execute('delete from outcomes where "at" > ?', [moment])
    con.execute('update outcomes set "until" = null where "until" > ?', [moment])
    con.execute(
        "update stays set last = (last or next is null) and "
        'id in (select arg_max(id, (entered, id)) from stays group by "case") where entered is not null'
    )
    known = Store(DuckDB(con), store.meaning, store.ends, store.milestones, counted_after=store.counted_after)
    return replace(factory, store=known)


def _plain(at: int) -> datetime:
    return datetime.fromtimestamp(at // 1_000_000, UTC).replace(tzinfo=None, microsecond=at % 1_000_000)


def state_cut(model: Model, at: int, pace: float) -> State:
    """The state at `at` of the log cut there, on the floor and the scale of time of the whole log.

    Whole-log by name: which machines and belts there are and which of them are the main road, how many cases a crate
    stands for, and the width of the buckets of the timeline. (Levels are held to the law where they are found.)
    """
    factory, topology = cut(model.factory, at), model.topology
    channels = topology.windows.numbering.channels
    ended = dict.fromkeys(topology.endings, NO_ENDING) | endings(factory.store, channels)
    floor = replace(topology, endings=ended, windows=Windows(factory.store, topology.windows.numbering))
    past = history(factory.store, floor.stages, model.last)
    counts = count(factory, floor, past, judged(factory, past))
    counts = replace(counts, weight=model.counts.weight, road=model.counts.road)
    lost = counts.jams.wrecks.given_up
    lanes = Lanes(floor.fetch(model.first, at + 1), floor.ways, len(floor.stages), lost)
    asked = Asked(at, pace, False, False, SILENT)
    servers = [factory.servers(stage, asked.local(factory.plant.timezone).date()) for stage in floor.stages]
    studied = None
    if model.studied is not None:
        past = counts.history
        studied = Studied(None, (past, work_of(factory.store, factory.plant, past, counts.jams.wrecks)))
    return state_of(counts, lanes.stand(at, pace, servers), asked, studied)
