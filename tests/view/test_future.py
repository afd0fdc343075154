"""The law of the moment: what is shown of t is what would be shown if the log ended at t."""

from __future__ import annotations

import tempfile
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import numpy as np
import pytest

from factoryview.factory.factory import Factory, Opening
from factoryview.factory.opening import open_factory
from factoryview.flow.work import work_of
from factoryview.language import Language
from factoryview.store.database import Meaning, Store
from factoryview.time import HOUR
from factoryview.view.model import Model
from factoryview.view.playhead import REAL_TIME, usual_pace
from factoryview.view.state import Studied
from factoryview.view.wording import Wording
from tests.kit.cut import cut, state_cut
from tests.kit.event_logs import Event, event_log
from tests.kit.small_plants import jammed, reworked, simulate

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
REASONS = ("price", "late", None, "taste")
MEANINGS: tuple[Meaning, ...] = ("entry", "completion", "interval")
SMALL = {"jammed": jammed(), "reworked": reworked()}
MADE = [(name, meaning) for name in SMALL for meaning in MEANINGS]
REAL = ("crm/sales_pipeline.csv", "permits/receipt.csv.gz", "production/Production.csv.gz")
RIDES = (
    "on_belt", "in_pile", "in_machine", "inside", "busy", "at_work", "pile", "belts", "crates",
    "piles", "frame",
)  # fmt: skip
"""Parts of a state that depend on how far a crate has ridden. A ride is motion of the display and never longer than
the stay, so its speed follows from the end of the stay, even where that is to come."""


@cache
def events_of(name: str, meaning: Meaning) -> list[Event]:
    """A small plant's events, with reasons of losses that change along time."""
    small, random = SMALL[name], Random(name)
    events: list[Event] = []
    for event in simulate(small.line):
        start = event.time - random.randint(0, 3) * HOUR if meaning == "interval" and event.time else None
        early = event.row < 900
        lost = random.choice(REASONS[:2] if early else REASONS) if event.stage == "Lost" else None
        events.append(replace(event, start=start, reason=lost))
    return events


def factory_of(name: str, meaning: Meaning, events: list[Event]) -> Factory:
    log = event_log(duckdb.connect(config={"threads": 1}), meaning, events)
    return Factory(SMALL[name].plant, Store.build(log, ends=SMALL[name].ends), name, (), 0, {}, len(events))


@cache
def made(name: str, meaning: Meaning) -> Model:
    return measured(Model(factory_of(name, meaning, events_of(name, meaning))))


@cache
def counted() -> Model:
    """A plant of which only daily counts are known."""
    lines = ["stage,day,arrivals,departures,losses"]
    for day in range(60):
        date = np.datetime64("2025-03-03") + np.timedelta64(day, "D")
        for stage, came, went, lost in (("Call", 20, 19, 0), ("Visit", 18, 16, 4), ("Contract", 12, 12, 1)):
            lines.append(f"{stage},{date},{came + day % 3},{went + day % 2},{lost}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counts.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return measured(Model(open_factory(path, Opening())))


@cache
def real(log: str) -> Model:
    return measured(Model(open_factory(SHARED / log)))


def measured(model: Model) -> Model:
    """With the time at work, too. What the verdict says of the past is the matter of its own tests."""
    past = model.counts.history
    model.studied = Studied(
        None, (past, work_of(model.factory.store, model.factory.plant, past, model.counts.jams.wrecks))
    )
    return model


def moments(model: Model, seed: object, count: int = 2) -> list[int]:
    random = Random(str(seed))
    return [random.randint(model.first, model.last) for _ in range(count)] + [model.first, model.last]


def plain(value: Any, without: tuple[str, ...] = ()) -> Any:
    """A state as tuples of numbers and names, that can be compared."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if is_dataclass(value):
        return {
            field.name: plain(getattr(value, field.name), without)
            for field in fields(value)
            if field.name not in without
        }
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: plain(each, without) for name, each in value._asdict().items() if name not in without}
    if isinstance(value, tuple):
        return [plain(each, without) for each in value]
    if isinstance(value, dict):
        return {key: plain(each, without) for key, each in value.items()}
    return value


def assert_known(model: Model, at: int) -> None:
    """The law at one moment: of all that is shown at the pace of reality, of all but rides at the usual pace."""
    usual = usual_pace(model.last - model.first)
    for pace, without in ((REAL_TIME, ()), (usual, RIDES)):
        whole, known = model.state(at, pace), state_cut(model, at, pace)
        assert plain(whole, without) == plain(known, without), at
        for code in ("de", "en"):
            say = Wording(model.topology, model.factory.plant, Language(code, model.factory.plant.timezone)).moment
            assert plain(say(whole), (*without, "crates", "piles")) == plain(say(known), (*without, "crates", "piles"))


@pytest.mark.parametrize(("name", "meaning"), MADE)
def test_a_small_plant_knows_nothing_of_later(name: str, meaning: Meaning) -> None:
    model = made(name, meaning)
    for at in moments(model, (name, meaning)):
        assert_known(model, at)


def test_a_plant_of_counts_knows_nothing_of_later() -> None:
    for at in moments(counted(), "counted"):
        assert_known(counted(), at)


@pytest.mark.skipif(not SHARED.exists(), reason="the real logs (../shared/data) are not here")
@pytest.mark.parametrize("log", REAL)
def test_a_real_log_knows_nothing_of_later(log: str) -> None:
    model = real(log)
    for at in moments(model, log, 1):
        assert_known(model, at)


def test_the_law_would_notice_a_look_ahead() -> None:
    """The whole log's reasons are not those of its first half: a state made of them is found out."""
    model = made("jammed", "entry")
    middle = model.first + (model.last - model.first) // 3
    then, later = model.state(middle, REAL_TIME), model.state(model.last, REAL_TIME)
    assert {lost.reason for lost in then.bins} != {lost.reason for lost in later.bins}
    cheat = replace(then, bins=later.bins)
    assert plain(cheat) != plain(state_cut(model, middle, REAL_TIME))


@pytest.mark.parametrize("name", SMALL)
def test_where_times_are_entries_the_cut_plant_is_that_of_the_events_so_far(name: str) -> None:
    """So the law is about the log itself and not about how the tests cut it."""
    model, events = made(name, "entry"), events_of(name, "entry")
    for at in moments(model, name, 3):
        known = [event for event in events if event.time is not None and event.time <= at]
        for table in ("stays", "outcomes"):
            rows = [
                sorted(factory.store.engine.connection.execute(f"from {table}").fetchall(), key=repr)  # type: ignore[attr-defined]
                for factory in (cut(model.factory, at), factory_of(name, "entry", known))
            ]
            assert rows[0] == rows[1]
