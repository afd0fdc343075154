"""A recorded store is opened like a log: what it shows is what a file with the same events shows."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest

from factoryview.errors import InputError, UsageError
from factoryview.factory.factory import Opening
from factoryview.factory.opening import follow_store, open_factory
from factoryview.plant.files import load_plant
from factoryview.plant.words import Times
from factoryview.sources.feeds.records import Count, Event, Interpreted, Rejected
from factoryview.store.database import Store
from factoryview.store.journal.journal import Journal
from tests.kit.command import factoryview, write_log
from tests.store.test_database import OUTCOMES, STAYS

HOUR = 3_600_000_000
FEED = '[[feeds]]\nname = "CRM"\nkind = "file"\npath = "crm.jsonl"\n'


def events_of(log: Path) -> list[Event]:
    with log.open(encoding="utf-8") as stream:
        return [
            Event(
                number.to_bytes(16, "big"), row["case"], row["stage"],
                int(datetime.fromisoformat(row["entered"]).timestamp()) * 1_000_000,
                None, None, None, row["channel"], None, 1.0,
            )
            for number, row in enumerate(csv.DictReader(stream))
        ]  # fmt: skip


def record(path: Path, plant: str, *things: Event | Count, times: Times = "entry", rejected: int = 0) -> Path:
    journal = Journal.create_or_open(path, plant, times)
    events = [thing for thing in things if isinstance(thing, Event)]
    counts = [thing for thing in things if isinstance(thing, Count)]
    journal.commit("CRM", Interpreted(events, counts, [Rejected("no case", "{}")] * rejected), "", 0)
    journal.close()
    return path


def write_plant(path: Path, *more: str) -> Path:
    path.write_text("\n".join(['name = "Office"', *more]), encoding="utf-8")
    return path


def rows(store: Store) -> list[object]:
    stays = [row[1:] for row in store.engine.connection.execute(STAYS).fetchall()]
    return [stays, store.engine.connection.execute(OUTCOMES).fetchall()]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write_log(tmp_path / "office.csv")


@pytest.mark.parametrize("machines", [0, 2, 12])
@pytest.mark.parametrize("times", ["entry", "completion"])
def test_what_was_recorded_is_what_a_file_says(log: Path, tmp_path: Path, times: Times, machines: int) -> None:
    plant = 'name = "Office"\ntimezone = "Europe/Berlin"\n'
    store = record(tmp_path / "any.name", plant, *events_of(log), times=times)
    opening = Opening(times=times, timezone="Europe/Berlin", machines=machines, plant=write_plant(tmp_path / "p.toml"))
    recorded, read = open_factory(store, Opening(machines=machines)), open_factory(log, opening)
    assert rows(recorded.store) == rows(read.store)
    assert (recorded.store.ends, recorded.store.meaning) == (read.store.ends, times)
    assert recorded.plant == read.plant
    assert recorded.name == "Any"


def test_the_verbs_take_a_store_and_a_plant_with_sources(log: Path, tmp_path: Path) -> None:
    plant = write_plant(tmp_path / "works.toml", '[record]\nends = ["Won", "Lost"]', FEED)
    store = record(tmp_path / "works.store", plant.read_text(encoding="utf-8"), *events_of(log))
    for verb in (("snapshot", "--at", "0.5", "--json"), ("kpis",), ("explain", "--json")):
        of_store, of_plant = factoryview(verb[0], store, *verb[1:]), factoryview(verb[0], plant, *verb[1:])
        of_log = factoryview(verb[0], log, *verb[1:], "--ends", "Won,Lost", "--times", "entry")
        assert (of_store.status, of_store.out) == (of_plant.status, of_plant.out) == (of_log.status, of_log.out)
        assert of_log.status == 0


def test_a_plant_may_name_a_store_as_its_log(log: Path, tmp_path: Path) -> None:
    store = record(tmp_path / "works.store", 'name = "Works"', *events_of(log))
    plant = write_plant(tmp_path / "office.toml", "[log]", 'path = "works.store"')
    factory = open_factory(plant)
    assert (factory.plant.name, rows(factory.store)) == ("Office", rows(open_factory(store).store))
    assert factoryview("discover", store, "-o", tmp_path / "found.toml").status == 0
    assert rows(open_factory(tmp_path / "found.toml").store) == rows(factory.store)


def test_who_says_where_cases_end(log: Path, tmp_path: Path) -> None:
    def ends(plant: str, **said: tuple[str, ...]) -> tuple[str, ...]:
        path = tmp_path / "works.store"
        path.unlink(missing_ok=True)
        return open_factory(record(path, plant, *events_of(log)), Opening(**said)).store.ends

    outcomes = 'name = "W"\n[[outcomes]]\nname = "Lost"\n[[outcomes]]\nname = "Won"\n'
    assert ends(outcomes) == ("Lost", "Won")
    assert ends(outcomes + '[record]\nends = ["Lost"]') == ("Lost",)
    assert ends(outcomes + '[record]\nends = ["Lost"]', ends=("Won",)) == ("Won",)
    assert ends('name = "W"\n[record]\nends = []') == ()
    assert set(ends('name = "W"')) == {"Won", "Lost"}


def test_counts_are_a_factory_too(tmp_path: Path) -> None:
    counts = [Count(stage, hour * HOUR, (hour + 1) * HOUR, 5.0, 3.0, 1.0, None) for hour in (0, 1)
              for stage in ("Lead", "Ask", "Call")]  # fmt: skip
    alone = open_factory(record(tmp_path / "a.store", 'name = "W"', *counts, rejected=3))
    assert (alone.store.meaning, alone.rejected) == ("kpi", 3)
    assert [stage.name for stage in alone.plant.stages] == ["Lead", "Ask", "Call"]
    steps = [Event(bytes([i] * 16), "a", stage, i * HOUR, None, None, None, None, None, 1.0)
             for i, stage in enumerate(("Ask", "Offer"))]  # fmt: skip
    both = open_factory(record(tmp_path / "b.store", 'name = "W"\n[record]\nends = []', *counts, *steps))
    assert both.store.meaning == "entry"
    assert sorted(stage.name for stage in both.plant.stages) == ["Ask", "Call", "Lead", "Offer"]
    assert both.store.counted() == ["Lead", "Call"]
    said = factoryview("snapshot", tmp_path / "b.store", "--at", "end", "--json")
    assert said.status == 0, said.err
    wip = {name: stage["wip"] for name, stage in json.loads(said.out)["stages"].items()}
    assert wip == {"Lead": 2.0, "Ask": 0.0, "Offer": 1.0, "Call": 2.0}


@pytest.mark.parametrize("verb", ["snapshot", "kpis", "explain", "render"])
def test_a_plant_of_which_nothing_is_recorded(tmp_path: Path, verb: str) -> None:
    plant = write_plant(tmp_path / "works.toml", FEED)
    more = ("-o", tmp_path / "x.png") if verb == "render" else ()
    said = factoryview(verb, plant, *more)
    assert said.status == 3
    assert "nothing is recorded" in said.err
    assert "factoryview record works.toml" in said.err
    record(tmp_path / "works.store", plant.read_text(encoding="utf-8"))
    said = factoryview(verb, plant, *more)
    assert said.status == 3
    assert "nothing has been recorded yet" in said.err


def test_where_a_plant_is_recorded(log: Path, tmp_path: Path) -> None:
    plant = write_plant(tmp_path / "works.toml", '[record]\npath = "other.file"', FEED)
    record(tmp_path / "other.file", 'name = "x"', *events_of(log))
    assert open_factory(plant).plant.name == "Office"


def test_times_a_store_cannot_have(log: Path, tmp_path: Path) -> None:
    store = record(tmp_path / "works.store", 'name = "W"', *events_of(log))
    said = factoryview("kpis", store, "--times", "interval")
    assert said.status == 2
    assert "recorded with times = entry" in said.err
    with pytest.raises(UsageError, match='"exit" is unknown'):
        open_factory(store, Opening(times="exit"))


def test_a_store_is_followed(log: Path, tmp_path: Path) -> None:
    plant = write_plant(tmp_path / "works.toml", '[record]\nends = ["Won", "Lost"]', FEED)
    store = tmp_path / "works.store"
    events = events_of(log)
    record(store, "", *events[:50])
    reader = Journal.read(store)
    factory, following = follow_store(reader, plant, load_plant(plant))
    record(store, "", *events[50:])
    assert following.advance().unknown == frozenset()
    assert rows(factory.store) == rows(open_factory(plant).store)
    record(store, "", Event(b"x" * 16, "c1", "Call", events[-1].time, None, None, None, None, None, 1.0))
    assert following.advance().unknown == {"Call"}
    reader.close()


def test_nothing_to_follow(tmp_path: Path) -> None:
    plant = write_plant(tmp_path / "works.toml", FEED)
    record(tmp_path / "works.store", "")
    reader = Journal.read(tmp_path / "works.store")
    with pytest.raises(InputError, match="nothing has been recorded yet"):
        follow_store(reader, plant, load_plant(plant))
    reader.close()
