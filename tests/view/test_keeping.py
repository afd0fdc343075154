"""The model of a large log is found again, the same in every number, and never for another log."""

from __future__ import annotations

import stat
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from factoryview.factory.factory import Factory, Opening
from factoryview.factory.opening import open_factory
from factoryview.store.database import Store
from factoryview.store.kept import cache_folder, state_of
from factoryview.store.selection import Through
from factoryview.view import keeping
from factoryview.view import model as models
from factoryview.view.model import Model
from factoryview.view.playhead import usual_pace
from tests.kit.event_logs import Event, event_log
from tests.kit.small_plants import Small, jammed, reworked, sales, simulate


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(keeping, "FEWEST", 1)
    return cache_folder()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time that a log was counted."""
    times: list[str] = []
    count = models.count

    def spy(factory, *of):  # type: ignore[no-untyped-def]
        times.append(factory.name)
        return count(factory, *of)

    monkeypatch.setattr(models, "count", spy)
    return times


def opened(small: Small, events: list[Event] | None = None) -> Factory:
    """The plant of a small log that is read anew."""
    events = simulate(small.line) if events is None else events
    log = event_log(duckdb.connect(), "entry", events)
    return Factory(small.plant, Store.build(log, ends=small.ends), "small", (), 0, {}, len(events))


def told(model: Model) -> str:
    """All that is shown at some moments, and how far the crates of each window are."""
    pace = usual_pace(model.last - model.first)
    with np.printoptions(threshold=sys.maxsize):
        moments = [model.first + (model.last - model.first) * part // 7 for part in range(8)]
        return "\n".join([repr(model.state(at, pace)) for at in moments] + [repr(model.worst_moment())])


@pytest.mark.parametrize("small", [jammed(), reworked(), sales()], ids=["jammed", "reworked", "sales"])
def test_what_is_found_says_the_same_as_what_was_counted(small: Small, counted: list[str], folder: Path) -> None:
    first = Model(opened(small))
    [file] = folder.iterdir()
    kept = file.read_bytes()
    again = Model(opened(small))
    assert counted == ["small"]
    assert again.topology.plan == first.topology.plan
    assert told(again) == told(first)
    place = keeping.Place(again.factory, 2.1)
    file.unlink()
    place.keep(again.topology, again.counts)
    assert file.read_bytes() == kept
    some = Through(first.topology.stages[1])
    assert told(again.where(some)) == told(first.where(some))
    again.study()
    first.study()
    assert told(again) == told(first)


def test_another_log_another_plant_and_another_floor_are_counted(counted: list[str], folder: Path) -> None:
    small = jammed()
    events = simulate(small.line)
    Model(opened(small, events))
    Model(opened(small, events[:-1]))
    Model(opened(small, [*events[:-1], replace(events[-1], value=events[-1].value or 0.0 + 1)]))
    Model(opened(replace(small, plant=small.plant.model_copy(update={"name": "Other"})), events))
    Model(opened(small, events), aspect=1.2)
    assert len(counted) == len(list(folder.iterdir())) == 5
    Model(opened(small, events))
    assert len(counted) == 5


def test_what_grows_or_is_small_is_not_kept(counted: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = jammed()
    factory = opened(small)
    Model(factory, now=factory.store.span()[1] + 1)
    monkeypatch.setattr(keeping, "FEWEST", 10**6)
    Model(factory)
    assert len(counted) == 2
    assert not folder.exists()


def test_what_is_damaged_or_cannot_be_written_is_as_if_it_were_not_kept(counted: list[str], folder: Path) -> None:
    small = jammed()
    first = Model(opened(small))
    [file] = folder.iterdir()
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    kept = file.read_bytes()
    zeroed = kept[: len(kept) // 2] + bytes(len(kept) - len(kept) // 2)
    flipped = [kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :] for at in (20, 25, 400, len(kept) - 1)]
    torn = (b"", kept[:40], kept[:-64], kept + b"0", kept.replace(b'"Plan"', b'"Plane'), b"x" + kept[1:])
    for number, damaged in enumerate((*torn, zeroed, *flipped)):
        file.write_bytes(damaged)
        assert told(Model(opened(small))) == told(first)
        assert len(counted) == 2 + number
    file.unlink()
    folder.rmdir()
    folder.write_text("a file in its place", encoding="utf-8")
    assert told(Model(opened(small))) == told(first)


def test_a_file_that_is_the_same_is_not_looked_through(
    tmp_path: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, asked = tmp_path / "log.csv", []
    rows = [f"c{n // 3},{('Ask', 'Check', 'Won')[n % 3]},2026-01-{1 + n // 9:02d}T{n % 9:02d}:00" for n in range(90)]
    file.write_text("case,stage,time\n" + "\n".join(rows) + "\n", encoding="utf-8")
    own = Store.rows

    def spy(store: Store, name: str, /, **parameters: object) -> list[tuple[object, ...]]:
        asked.append(name)
        return own(store, name, **parameters)

    monkeypatch.setattr(Store, "rows", spy)
    first, again = Model(open_factory(file)), Model(open_factory(file))
    assert (len(counted), "stays/fingerprint" in asked) == (1, False)
    assert told(again) == told(first)
    Model(open_factory(file, Opening(timezone="Asia/Tokyo")))
    file.write_text(file.read_text(encoding="utf-8").replace("c7,Ask", "c7,Check"), encoding="utf-8")
    Model(open_factory(file))
    assert len(counted) == 3
    factory = open_factory(file)
    factory.store.changed()
    Model(factory)
    assert "stays/fingerprint" in asked


def test_without_a_home_and_of_impossible_names_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    for name in ("n" * 5_000, "nul\0", "not there"):
        assert state_of(Path(name)) == state_of(Path("not there, too"))
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA")
    monkeypatch.setattr(Path, "home", homeless)
    small = jammed()
    assert told(Model(opened(small))) == told(Model(opened(small)))
    assert not cache_folder().exists()
