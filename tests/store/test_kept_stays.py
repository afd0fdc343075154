"""Stays of large files are derived once, and are the same when they are found again."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

from factoryview.errors import InputError
from factoryview.factory import kept, opening
from factoryview.factory.factory import Factory, Opening
from factoryview.factory.opening import open_factory
from factoryview.store import kept as kept_files
from factoryview.store import kept_stays
from factoryview.store.kept import cache_folder
from factoryview.store.selection import ChannelIn
from factoryview.store.windows import StayArrays
from factoryview.time import DAY
from factoryview.view import keeping
from factoryview.view.model import Model
from factoryview.view.playhead import usual_pace

PLANT = """name = "Office"
[warehouse]
path = "events.duckdb"
table = "moves"
ends = ["Won", "Lost"]
"""
FEW = "select 'c' || (n // 4) as \"case\", ['Ask', 'Check', 'Offer', 'Won'][n % 4 + 1] as stage, "
EVENTS = (
    FEW
    + "case when n % 97 = 5 then null else timestamp '2026-01-01' + to_hours((n // 4) + (n % 4) * (hash(n // 3) % 90)"
    "::int) end as time, ['web', 'phone'][1 + n % 3 % 2] as channel from range(2400) as t(n)"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(kept_stays, "FEWEST", 1)
    monkeypatch.setattr(keeping, "FEWEST", 1)
    return cache_folder()


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    (tmp_path / "plant.toml").write_text(PLANT, encoding="utf-8")
    with duckdb.connect(str(tmp_path / "events.duckdb")) as connection:
        connection.execute(f"create table moves as {EVENTS}")
    return tmp_path / "plant.toml"


@pytest.fixture
def derived(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time that events were made stays."""
    times: list[str] = []
    build = opening.build

    def spy(*of, **more):  # type: ignore[no-untyped-def]
        times.append("built")
        return build(*of, **more)

    monkeypatch.setattr(opening, "build", spy)
    return times


def written(events: str, file: Path) -> None:
    """As Parquet, whose texts are found in it as they are."""
    with duckdb.connect() as connection:
        connection.execute(f"copy ({events}) to '{file}' (compression uncompressed)")


def stays(factory: Factory) -> list[tuple[object, ...]]:
    columns = 'id, "case", stage, entered, "left", next, via, channel, weight, first, last'
    only = factory.store._only()
    both = factory.store.engine.rows(f"select {columns} from stays order by all", {}, only)
    return both + factory.store.engine.rows('select "case", outcome, "at", via from outcomes order by all', {}, only)


def windows(model: Model) -> list[StayArrays]:
    found = []
    for at in range(model.first - DAY, model.last + DAY, (model.last - model.first) // 5):
        model.topology.windows.prepare()
        found.append(model.topology.windows.fetch(at, at + DAY))
    return found


def test_what_is_found_is_what_was_derived(
    plant: Path, derived: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as few:
        few.setattr(kept_stays, "FEWEST", 10**6)
        first = open_factory(plant)
    keeper, again = open_factory(plant), open_factory(plant)
    assert derived == ["built", "built"]
    assert not first.store.spans
    assert keeper.store.spans == again.store.spans != ()
    assert stays(keeper) == stays(first)
    assert stays(again) == stays(first)
    assert len(stays(again)) > 2_000
    some = ChannelIn(("web",))
    assert stays(again.where(some)) == stays(first.where(some))
    assert 0 < again.store.where(some).cases() < again.store.cases()
    for name in ("plant", "findings", "name", "rejected", "columns", "log_rows", "mappable", "opening", "notes"):
        assert getattr(again, name) == getattr(first, name), name
    assert again.store.meaning == first.store.meaning
    assert again.store.ends == first.store.ends
    assert again.store.fingerprint(1) == keeper.store.fingerprint(1)
    [file] = folder.glob("*.stays")
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_windows_of_kept_stays_hold_the_same_stays(
    plant: Path, derived: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as few:
        few.setattr(kept_stays, "FEWEST", 10**6)
        first = Model(open_factory(plant))
    keeper, again = (Model(open_factory(plant)) for _ in range(2))
    assert derived == ["built", "built"]
    assert [len(each) for each in windows(keeper)] == [len(each) for each in windows(again)]
    of_both = list(zip(windows(first), windows(again), strict=True))
    assert sum(len(each) for each, _ in of_both) > 100
    for one, other in of_both:
        for name in vars(one):
            assert np.array_equal(getattr(one, name), getattr(other, name)), name
    pace = usual_pace(first.last - first.first)
    for part in range(6):
        at = first.first + (first.last - first.first) * part // 5
        assert repr(again.state(at, pace)) == repr(first.state(at, pace))


def test_files_that_have_grown_and_other_readings_are_derived_anew(
    plant: Path, derived: list[str], folder: Path
) -> None:
    open_factory(plant)
    with duckdb.connect(str(plant.with_name("events.duckdb"))) as connection:
        connection.execute("insert into moves values ('new', 'Ask', timestamp '2026-03-01', 'web')")
    grown = open_factory(plant)
    assert len(derived) == 2
    assert len(list(folder.glob("*.stays"))) == 1, "nobody is kept who may have been taken out of the file"
    assert ("new",) in grown.store.engine.rows('select distinct "case" from stays', {})
    open_factory(plant, Opening(ends=("Won",)))
    open_factory(plant, Opening(timezone="Asia/Tokyo"))
    plant.write_text(PLANT.replace("Office", "Bureau"), encoding="utf-8")
    open_factory(plant)
    assert len(derived) == 5
    open_factory(plant)
    assert len(derived) == 5
    file = plant.with_name("events.duckdb")
    os.utime(file, ns=(1, 1))
    open_factory(plant)
    assert len(derived) == 6


def test_what_is_damaged_is_derived_anew(plant: Path, derived: list[str], folder: Path) -> None:
    whole = stays(open_factory(plant))
    [file] = folder.glob("*.stays")
    for number, damaged in enumerate((b"", b"no database", file.read_bytes()[:5_000])):
        file.write_bytes(damaged)
        assert stays(open_factory(plant)) == whole
        assert len(derived) == 2 + number
    assert kept.found.__module__ == "factoryview.factory.kept"


def test_a_damaged_block_is_told_once_and_the_stays_are_derived_anew(
    plant: Path, derived: list[str], folder: Path
) -> None:
    many = EVENTS.replace("'c'", "'d'").replace("2400", "40000")
    with duckdb.connect(str(plant.with_name("events.duckdb"))) as connection:
        connection.execute(f"insert into moves {many}")
    whole = stays(open_factory(plant))
    [file] = folder.glob("*.stays")
    kept_as, told = file.read_bytes(), []
    for at in range(12_288, len(kept_as), 262_144):  # behind the headers, once in each block
        file.write_bytes(kept_as[:at] + bytes(each ^ 255 for each in kept_as[at : at + 64]) + kept_as[at + 64 :])
        try:
            assert stays(open_factory(plant)) == whole
        except InputError as error:
            told.append((error.what, file.exists(), at))
        assert stays(open_factory(plant)) == whole
    assert told
    assert all("removed" in what and not there for what, there, _ in told)
    before = len(derived)
    with pytest.raises(duckdb.BinderException):
        open_factory(plant).store.engine.rows("select nothing from stays", {})
    assert file.exists()
    assert len(derived) == before
    store = open_factory(plant).store
    file.unlink()
    with pytest.raises(duckdb.BinderException):
        store.engine.rows("select nothing from stays", {})
    open_factory(plant)
    _, _, at = told[0]
    file.write_bytes(file.read_bytes()[:at] + b"0" * 64 + file.read_bytes()[at + 64 :])
    store = open_factory(plant).store
    for _ in range(2):
        with pytest.raises(InputError, match="removed"):
            store.rows("stays/fingerprint")
        open_factory(plant)
    assert file.exists()


def test_a_view_is_looked_at_anew_as_what_it_shows_may_lie_in_other_files(
    plant: Path, derived: list[str], folder: Path
) -> None:
    elsewhere = plant.with_name("moves.parquet")
    with duckdb.connect(str(plant.with_name("events.duckdb"))) as connection:
        connection.execute(f"copy moves to '{elsewhere}'")
        connection.execute("drop table moves")
        connection.execute(f'create schema "of"; create view "of".moves as from read_parquet(\'{elsewhere}\')')
        connection.execute('create view moves as from "of".moves')
    for table in ("moves", "MOVES", "of.moves"):
        plant.write_text(PLANT.replace("moves", table), encoding="utf-8")
        written(EVENTS, elsewhere)
        more = len(stays(open_factory(plant)))
        written(f"{EVENTS} limit 1200", elsewhere)
        assert 0 < len(stays(open_factory(plant))) < more
    assert not folder.exists()
    assert len(derived) == 6


def test_what_the_environment_names_is_not_mistaken_for_another(
    plant: Path, derived: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect(str(plant.with_name("events.duckdb"))) as connection:
        connection.execute("create table fewer as from moves limit 1200")
        connection.execute(f"copy fewer to '{plant.with_name('fewer.parquet')}'")
        connection.execute(f"copy moves to '{plant.with_name('moves.parquet')}'")
    for words in (
        PLANT.replace('"moves"', '"${EVENTS}"'),
        PLANT.replace('table = "moves"', "").replace("events.duckdb", "${EVENTS}.parquet"),
    ):
        plant.write_text(words, encoding="utf-8")
        found = []
        for name in ("moves", "fewer", "fewer"):
            monkeypatch.setenv("EVENTS", name)
            found.append(len(stays(open_factory(plant))))
        assert found[0] > found[1] == found[2] > 0
    assert len(derived) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say when a file was touched")
def test_a_file_written_in_place_under_its_old_time_is_another(plant: Path, derived: list[str]) -> None:
    file = plant.with_name("moves.parquet")
    written(EVENTS, file)
    plant.write_text(PLANT.replace('table = "moves"', "").replace("events.duckdb", file.name), encoding="utf-8")
    assert "Check" in open_factory(plant).store.stages()
    then = file.stat()
    with file.open("r+b") as same:
        changed = file.read_bytes().replace(b"Check", b"Judge")
        same.write(changed)
    os.utime(file, ns=(then.st_atime_ns, then.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (then.st_size, then.st_mtime_ns)
    assert "Judge" in open_factory(plant).store.stages()
    assert len(derived) == 2


def test_another_version_of_the_program_derives_anew(
    plant: Path, derived: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_factory(plant)
    for module, name in ((kept_files, "__version__"), (kept_files, "engine_version"), (np, "__version__")):
        monkeypatch.setattr(module, name, "another")
        kept_files.program.cache_clear()
        before = len(derived)
        for _ in range(2):
            open_factory(plant)
        assert len(derived) == before + 1
    monkeypatch.undo()
    kept_files.program.cache_clear()


def test_few_stays_are_not_kept(plant: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_stays, "FEWEST", 10**6)
    open_factory(plant)
    assert not folder.exists()
