"""A model counts when it is made; then it asks for windows, and those ahead of the frame."""

from __future__ import annotations

import gc
import threading
import weakref
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from factoryview.factory.factory import Factory, Opening
from factoryview.factory.opening import open_factory
from factoryview.flow.moment.levels import RED
from factoryview.plant.models import Calendar
from factoryview.store.database import Store
from factoryview.store.selection import Through
from factoryview.store.standing import Wanted
from factoryview.time import DAY, HOUR, SECOND
from factoryview.view.model import Model
from factoryview.view.playhead import REAL_TIME, usual_pace
from tests.kit.small_plants import kept, presentation_of, sales

LOG = "case,stage,time\n" + "".join(
    f"{case},{stage},2026-03-{day + case // 10:02d}T{8 + case % 10:02d}:00:00Z\n"
    for case in range(40)
    for day, stage in ((1, "Ask"), (2, "Check"), (3, "Done"))
)


@pytest.fixture
def factory(tmp_path: Path) -> Factory:
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    return open_factory(tmp_path / "log.csv", Opening(ends=("Done",)))


def spied(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every query from now on, and the thread that asked it."""
    asked: list[tuple[str, str]] = []

    def spy(name: str) -> None:
        own = getattr(Store, name)

        def ask(store: Store, query: str, /, **parameters: object) -> object:
            asked.append((query, threading.current_thread().name))
            return own(store, query, **parameters)

        monkeypatch.setattr(Store, name, ask)

    spy("ask")
    spy("rows")
    return asked


def test_windows_are_no_shorter_than_what_is_fetched_with_each_is_worth(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two hundred come within ten minutes and stand for days: each window holds them all, so few windows are better."""
    monkeypatch.setattr("factoryview.view.model._MOST_STAYS", 1)
    rows = [f"{case},Ask,2026-03-02T08:{case // 20:02d}:{case % 20:02d}Z" for case in range(200)]
    rows += [f"{case},Done,2026-03-{3 + case // 10:02d}T{8 + case % 10:02d}:00:00Z" for case in range(200)]
    (tmp_path / "log.csv").write_text("\n".join(["case,stage,time", *rows]) + "\n", encoding="utf-8")
    factory = open_factory(tmp_path / "log.csv", Opening(ends=("Done",), times="entry"))

    def held_around(model: Model) -> int:
        at = model.first + DAY
        model.prefetch(at)
        return sum(model.has_window(at + half_minutes * 30 * SECOND) for half_minutes in range(-20, 21))

    assert held_around(Model(factory)) > 15
    monkeypatch.setattr("factoryview.view.model.MANY", 0)
    assert held_around(Model(factory)) <= 2, "of a large log what stands is not fetched with each"


def test_a_window_is_fetched_whole_as_long_as_it_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands where is the same either way; a crowded window holds fewer stays."""
    monkeypatch.setattr("factoryview.store.windows.MANY", 1)
    monkeypatch.setattr("factoryview.flow.moment.standing.SHOWN", 1)
    monkeypatch.setattr("factoryview.view.model.SHOWN", 1)
    monkeypatch.setattr("factoryview.view.model._wanted", lambda *_where: Wanted(front=60, shown=200))
    model = presentation_of(sales()).model
    model.prepare_windows()
    moments = [model.worst_moment(), (model.first + model.last) // 2]
    whole = [model.standing(at, DAY) for at in moments]
    held = [len(model.windows.at(at).stays) for at in moments]
    monkeypatch.setattr("factoryview.view.model._MOST_BYTES", 0)
    model.windows = model.windows.another()

    for at, found, many in zip(moments, whole, held, strict=True):
        crowded = model.standing(at, DAY)
        assert crowded.stages == found.stages
        assert [belt.id.tolist() for belt in crowded.belts] == [belt.id.tolist() for belt in found.belts]
        assert [sorted(pile.tolist()) for pile in crowded.piles] == [sorted(pile.tolist()) for pile in found.piles]
        assert model.windows.at(at).stays.rest
        assert len(model.windows.at(at).stays) <= many


def test_once_made_a_model_asks_for_windows_only_and_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    model = presentation_of(sales()).model
    asked = spied(monkeypatch)
    pace = usual_pace(model.last - model.first)
    for at in range(model.first, model.first + 4 * DAY, DAY // 8):
        model.state(at, pace)
    queries = [query for query, _ in asked]
    assert queries.count("stays/number") == 1, "whether the log is a large one"
    assert set(queries) == {"stays/number", "stays/window"}
    windows = {(at - model.first) // model.windows._width for at in range(model.first, model.first + 4 * DAY, DAY // 8)}
    assert queries.count("stays/window") == len(windows) > 1


def test_a_frame_asks_nothing_where_it_was_looked_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    model = presentation_of(sales()).model
    pace = usual_pace(model.last - model.first)
    asked = spied(monkeypatch)
    for at in range(model.first, model.first + 8 * DAY, DAY // 2):
        model.look_ahead(at, pace)
        assert model.windows.prefetcher.settled(20)
        model.state(at, pace)
    assert {thread for _, thread in asked} == {"prefetch"}
    assert {query for query, _ in asked} == {"stays/number", "stays/window"}


def test_the_worst_moment_is_in_the_worst_jam_while_work_is_done() -> None:
    model = kept("jammed").model
    found, past = model.counts.jams.levels, model.counts.history
    worst = model.worst_moment()
    days = [(begin, close) for begin, close, works in zip(found.workdays.begins, found.workdays.closes,
            found.workdays.open, strict=True) if works]  # fmt: skip
    at_work = [begin + (close - begin) * n // 4 for begin, close in days for n in (1, 2, 3)]
    at_work = [at for at in at_work if past.first <= at <= past.last]
    jam = {at: found.level[:, found.at(at)].max() for at in at_work}
    news = {at for at in at_work if jam[at] == RED and model.counts.jams.news[found.at(at)]}
    wip = past.wip.sum(axis=0)
    assert jam[worst] == max(jam.values()) == RED
    assert news
    assert worst in news
    assert wip[past.index(worst)] == max(wip[past.index(at)] for at in news)


def test_the_worst_moment_keeps_the_hours_of_the_plants_calendar(factory: Factory) -> None:
    calendar = Calendar(days=("tue", "wed"), start=time(9), end=time(17))
    plant = factory.plant.model_copy(update={"calendar": calendar, "timezone": "Europe/Berlin"})
    at = Model(replace(factory, plant=plant)).worst_moment()
    local = datetime.fromtimestamp(at / 1e6, ZoneInfo("Europe/Berlin"))
    assert local.weekday() in (1, 2)
    assert time(9) < local.time() < time(17)


def test_a_log_of_days_is_not_shown_at_midnight(tmp_path: Path) -> None:
    rows = (f"{case},{stage},2026-{3 + (case + n) // 28:02d}-{1 + (case + n) % 28:02d}"
            for case in range(60) for n, stage in enumerate(("Ask", "Check", "Done")))  # fmt: skip
    (tmp_path / "days.csv").write_text("case,stage,time\n" + "\n".join(rows), encoding="utf-8")
    factory = open_factory(tmp_path / "days.csv", Opening(ends=("Done",), timezone="Europe/Berlin"))
    at = datetime.fromtimestamp(Model(factory).worst_moment() / 1e6, ZoneInfo("Europe/Berlin"))
    assert at.hour in (6, 12, 18)


def test_a_live_plant_goes_on_after_its_last_event(factory: Factory) -> None:
    last = factory.store.span()[1]
    now = last + 5 * HOUR
    model = Model(factory, now=now)
    assert model.last == now
    later = model.state(now + 10 * HOUR, REAL_TIME, playing=True)
    assert (later.at, later.live) == (now + 10 * HOUR, True)
    assert not model.state(now, REAL_TIME).live, "paused"
    assert not model.state(now, 2 * REAL_TIME, playing=True).live, "not at the pace of the clock"
    replay = Model(factory)
    assert replay.state(now, REAL_TIME, playing=True).at == replay.last == last


def test_what_came_just_now_stands_on_the_floor_before_it_is_counted(factory: Factory) -> None:
    last = factory.store.span()[1]
    before = Model(factory, now=last + HOUR)
    standing = before.standing(last + HOUR, REAL_TIME).stages
    factory.store.engine.connection.execute(  # type: ignore[attr-defined]
        "insert into stays by name select max(id) + 1 as id, 'new' as \"case\", 'Ask' as stage, "
        "make_timestamp($at) as entered, 1.0 as weight, true as first, true as last from stays",
        {"at": last + HOUR + 10},
    )
    after = before.with_latest(last + 2 * HOUR)
    ask = after.topology.stages.index("Ask")
    assert after.standing(last + 2 * HOUR, REAL_TIME).stages[ask].wip == standing[ask].wip + 1
    assert before.standing(last + HOUR, REAL_TIME).stages[ask].wip == standing[ask].wip
    assert after.counts is before.counts
    assert after.last == last + 2 * HOUR


def test_a_renewed_model_keeps_the_floor_and_what_was_studied(factory: Factory) -> None:
    now = factory.store.span()[1] + HOUR
    before = Model(factory, now=now)
    studied = before.study()
    renewed = Model(factory, now=now + HOUR, before=before)
    assert renewed.topology.plan is before.topology.plan
    assert renewed.studied is studied
    assert before.with_latest(now + 1).studied is studied


def test_what_nobody_shows_any_more_is_let_go_of_at_once() -> None:
    """With the stays of its windows and what was found out about it, without waiting for the collector of cycles."""
    gc.disable()
    try:
        model = Model(kept("jammed").model.factory, now=kept("jammed").model.last)
        model.study()
        later, some = model.with_latest(model.last + HOUR), model.where(Through("Paid"))
        for each in (model, later, some):
            each.look_ahead(each.first, HOUR)
            assert each.windows.prefetcher.settled(60)
            each.state(each.last, HOUR)
        gone = [weakref.ref(each) for each in (model, later, some)]
        gone += [weakref.ref(each.windows.at(each.last)) for each in (model, later, some)]
        del model, later, some, each
        assert [one() for one in gone] == [None] * 6
    finally:
        gc.enable()
