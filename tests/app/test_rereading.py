"""A log that is replaced while it plays is read anew; one that cannot be read leaves the picture and says so."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from factoryview.app import rereading
from factoryview.app.rereading import Asked, Files, Rereading, watched
from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.view.model import Model

BEGIN = datetime(2026, 3, 1, 8)
MINUTE = 60_000_000


def text_of(days: int) -> str:
    """Three cases a day go from Ask to Check; those of the days before are done."""
    rows = ["case,stage,time"]
    for day in range(days):
        for number in range(3):
            for step, stage in enumerate(("Ask", "Check", "Won")[: 3 if day < days - 1 else 2]):
                moment = BEGIN + timedelta(days=day + step // 2, minutes=100 * number + 10 * step)
                rows.append(f"c{day}-{number},{stage},{moment.isoformat()}Z")
    return "\n".join(rows) + "\n"


def replace(path: Path, text: str) -> None:
    beside = path.with_name("new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def wait(done: Callable[[], object], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(text_of(5), encoding="utf-8")
    return path


@pytest.fixture
def playback(log: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rereading]:
    monkeypatch.setattr(rereading, "LOOK_EVERY", 0.02)
    opening, files = Opening(ends=("Won",)), Files([log])
    model = Model(open_factory(log, opening))
    found = Rereading(model, Language("en"), files, partial(open_factory, log, opening), 2.1)
    found.begin()
    yield found
    found.stop()


def checked(playback: Rereading) -> float:
    """How many stand before Check at the end of the log."""
    model = playback.model
    names = list(model.topology.stages)
    return model.state(model.last, 1e6).stages[names.index("Check")].here.wip


def test_what_was_replaced_is_shown_on_the_same_floor(log: Path, playback: Rereading) -> None:
    first = playback.model
    assert checked(playback) == 3
    replace(log, text_of(9))
    wait(lambda: playback.model is not first)
    assert playback.model.last - first.last == 4 * 24 * 60 * MINUTE
    assert playback.model.topology.plan is first.topology.plan
    assert playback.model.studied is not None
    assert checked(playback) == 3
    log.write_text(text_of(2), encoding="utf-8")
    wait(lambda: playback.model.last < first.last)


@pytest.mark.parametrize("text", ["", "case,stage,time\n", "nothing of the kind\n" * 5, "\0" * 100])
def test_what_cannot_be_read_leaves_the_picture_and_is_told(log: Path, playback: Rereading, text: str) -> None:
    first = playback.model
    replace(log, text)
    wait(lambda: playback.health().trouble)
    assert playback.model is first
    assert "export.csv" in playback.health().trouble
    assert playback.health().alarms(first.last)
    replace(log, text_of(6))
    wait(lambda: playback.model is not first)
    assert not playback.health().alarms(playback.model.last)


@pytest.mark.parametrize("broken", ["study", "look_back"])
def test_a_verdict_that_cannot_be_found_is_told_tried_again_and_ends_no_watching(
    log: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """A warehouse that restarts just then."""
    monkeypatch.setattr(rereading, "LOOK_EVERY", 0.02)
    tries, whole = [0], getattr(Model, broken)

    def fails_twice(model: Model) -> object:
        tries[0] += 1
        if tries[0] < 3:
            raise OSError("away")
        return whole(model)

    monkeypatch.setattr(Model, broken, fails_twice)
    opening = Opening(ends=("Won",))
    again = partial(open_factory, log, opening)
    playback = Rereading(Model(open_factory(log, opening)), Language("en"), Files([log]), again, 2.1)
    playback.begin()
    try:
        wait(lambda: "away" in playback.health().trouble)
        assert tries == [1]
        monkeypatch.setattr(rereading, "TRY_AGAIN", 0.0)
        replace(log, text_of(6))
        first = playback.model
        wait(lambda: playback.model is not first)
        assert tries == [3]
        wait(lambda: not playback.health().trouble)
    finally:
        playback.stop()


def test_a_file_that_is_gone_for_a_while_is_waited_for(log: Path, playback: Rereading) -> None:
    first = playback.model
    log.unlink()
    time.sleep(0.3)
    assert playback.model is first
    assert not playback.health().trouble
    log.write_text(text_of(6), encoding="utf-8")
    wait(lambda: playback.model is not first)


def test_a_file_that_is_still_written_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("a", encoding="utf-8")
    files = Files([path])
    assert not files.replaced()
    for size in range(2, 6):
        path.write_text("a" * size, encoding="utf-8")
        assert not files.replaced()
    assert files.replaced()
    assert not files.replaced()


def test_a_warehouse_is_asked_twelve_times_an_hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 0.0
    monkeypatch.setattr(rereading.time, "monotonic", lambda: seconds)
    plant = tmp_path / "plant.toml"
    plant.write_text('name = "A"\n[warehouse]\nurl = "postgresql://h/d"\ntable = "t"\n', encoding="utf-8")
    files = watched(plant, [plant])
    assert isinstance(files, Asked)
    times = 0
    for second in range(2, 3_602, 2):
        seconds = float(second)
        times += files.replaced()
    assert times == 12
    plant.write_text(plant.read_text(encoding="utf-8").replace('"A"', '"Another"'), encoding="utf-8")
    assert [files.replaced(), files.replaced()] == [False, True]


def test_a_plant_with_files_is_read_when_they_change(log: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("name = ", encoding="utf-8")
    for path in (log, broken):
        assert type(watched(path, [path])) is Files
