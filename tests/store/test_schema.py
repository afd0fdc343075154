"""A store of schema 1, as an earlier version recorded it: it opens, loses nothing, and goes on being recorded."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections import Counter
from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.factory.opening import open_factory
from factoryview.plant.files import load_plant
from factoryview.store.journal import file as journal_file
from factoryview.store.journal.file import SCHEMA
from factoryview.store.journal.journal import Journal
from factoryview.store.journal.recorder import Recorder
from factoryview.store.selection import AttributeIn

KEPT = Path(__file__).parent / "kept"
FRESH = {"case": "K-200", "time": "2026-11-01T08:00:00+00:00", "channel": "web", "user": "Ada", "region": "Nord"}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A copy of the kept store, beside the plant file and the sources it was recorded from."""
    for name in ("plant.toml", "crm.jsonl", "desk.csv"):
        shutil.copy(KEPT / name, tmp_path / name)
    shutil.copy(KEPT / "schema-1.store", tmp_path / "werk.store")
    return tmp_path / "werk.store"


def version(path: Path) -> int:
    con = sqlite3.connect(path)
    [(found,)] = con.execute("pragma user_version").fetchall()
    con.close()
    return int(found)


def content(path: Path) -> dict[str, object]:
    """Everything that was written down of a store when it was kept, as it can be read now."""
    with Journal.read(path) as journal, journal.reading() as con:
        return {
            "times": journal.times,
            "plant": journal.plant,
            "created": journal.created,
            "generation": journal.generation,
            "last_row": journal.last_row,
            "last_count": journal.last_count,
            "events": {name: list(values) for name, values in journal.events_after(0).items()},
            "counts": {name: list(values) for name, values in journal.counts_after(0).items()},
            "set_aside": [list(row) for row in journal.set_aside()],
            "positions": {feed: journal.position(feed) for feed in ("CRM", "Desk")},
            "states": [vars(state) for state in journal.states()],
            "identities": [row[0].hex() for row in con.execute("select identity from events order by row")],
            "forgotten": [mark for (mark,) in con.execute("select mark from forgotten order by mark")],
        }


@pytest.fixture
def told() -> dict[str, object]:
    """The same, as the version that recorded it read it."""
    found: dict[str, object] = json.loads((KEPT / "schema-1.json").read_text(encoding="utf-8"))
    return found


def test_it_is_read_as_it_is(store: Path, told: dict[str, object]) -> None:
    before = store.read_bytes()
    assert version(store) == 1
    assert content(store) == told
    with Journal.read(store) as journal:
        assert journal.attributes() == ()
        assert journal.said_of("region") == []
    factory = open_factory(store)
    assert factory.store.attributes() == ()
    assert factory.store.stages() == ["Ask", "Offer", "Counter"]
    assert store.read_bytes() == before


def test_it_is_brought_up_to_date_without_loss_by_who_records_into_it(store: Path, told: dict[str, object]) -> None:
    with Journal.read(store) as reader:
        Journal.create_or_open(store, str(told["plant"]), "entry").close()
        assert version(store) == SCHEMA == 2
        assert content(store) == told
        assert reader.attributes() == (), "who had it open before sees the new tables"
    con = sqlite3.connect(store)
    assert con.execute("pragma integrity_check").fetchall() == [("ok",)]
    fresh = store.with_name("fresh.store")
    Journal.create_or_open(fresh, "", "entry").close()
    other = sqlite3.connect(fresh)
    columns = "select m.name, p.name, p.type from sqlite_master m, pragma_table_info(m.name) p order by 1, 2, 3"
    assert con.execute(columns).fetchall() == other.execute(columns).fetchall()
    con.close()
    other.close()


def test_a_migration_that_is_cut_short_leaves_it_as_it_was(
    store: Path, told: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = journal_file.sql

    def cut(name: str) -> str:
        return real(name).replace("create table attributes", "create table about")

    monkeypatch.setattr(journal_file, "sql", cut)
    with pytest.raises(InputError):
        Journal.create_or_open(store, str(told["plant"]), "entry")
    monkeypatch.undo()
    assert version(store) == 1
    assert content(store) == told
    Journal.create_or_open(store, str(told["plant"]), "entry").close()
    assert content(store) == told


def test_a_store_of_a_later_version_is_left_alone(store: Path) -> None:
    con = sqlite3.connect(store)
    con.execute(f"pragma user_version = {SCHEMA + 1}")
    con.close()
    for use in (lambda: Journal.read(store), lambda: Journal.create_or_open(store, "", "entry")):
        with pytest.raises(InputError, match=f"version {SCHEMA + 1}.*Update factoryview"):
            use()


def test_it_goes_on_being_recorded_and_nothing_comes_twice(store: Path, told: dict[str, object]) -> None:
    folder = store.parent
    known = Counter(told["identities"])  # type: ignore[arg-type]
    with (folder / "crm.jsonl").open("a", encoding="utf-8") as file:
        for k, stage in enumerate(("Ask", "Offer", "Won")):
            said = {**FRESH, "stage": stage, "time": f"2026-11-0{k + 1}T08:00:00+00:00", "pages": 90 + k}
            file.write(json.dumps(said) + "\n")
    recorder = Recorder(load_plant(folder / "plant.toml"), folder, store)
    recorder.start()
    until = time.monotonic() + 60
    while recorder.states()[0].accepted < 134 + 3:
        assert time.monotonic() < until, recorder.states()
        time.sleep(0.02)
    recorder.stop()
    now = content(store)
    identities = now["identities"]
    assert Counter(identities) > known  # type: ignore[arg-type]
    assert max(Counter(identities).values()) == 1  # type: ignore[arg-type]
    rows = now["events"]["row"]  # type: ignore[index]
    fresh = [k for k, row in enumerate(rows) if row > told["last_row"]]  # type: ignore[operator]
    cases = [now["events"]["case"][k] for k in fresh]  # type: ignore[index]
    assert cases == ["K-200"] * 3
    for name, values in told["events"].items():  # type: ignore[attr-defined]
        assert now["events"][name][: len(values)] == values  # type: ignore[index]
    assert now["forgotten"] == told["forgotten"]
    factory = open_factory(store)
    assert factory.store.attributes() == ("pages", "region")
    north = factory.store.where(AttributeIn("region", ("Nord",)))
    assert north.rows("counts/outcomes") == [("Won", 1)]
    assert factory.store.attribute("pages").kind == "number"
    assert factory.store.values("pages") == [("90", 1), ("91", 1), ("92", 1)]
