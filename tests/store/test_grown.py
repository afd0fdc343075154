"""A large table to which more came: what is made of its kept stays is what is made of all of its events at once."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.factory.factory import Factory
from factoryview.factory.opening import open_factory
from factoryview.store import grown, kept_stays, sketch
from factoryview.store.kept import cache_folder
from factoryview.view.model import Model
from factoryview.view.playhead import REAL_TIME
from tests.kit.office_table import PLANT, as_large, write
from tests.view.test_future import plain

Change = Callable[[duckdb.DuckDBPyConnection], object]
EVENT = st.tuples(
    st.integers(0, 12), st.sampled_from(("Ask", "Call", "Offer", "Won", "Lost")), st.integers(0, 400),
    st.sampled_from(("web", "phone", None)), st.sampled_from(("price", None)),
)  # fmt: skip
"""Case, stage, hour, channel, reason."""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    as_large(monkeypatch, tmp_path)
    return write(tmp_path)


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """After which row each time that more was put to what there was."""
    times: list[int] = []
    whole = grown.put

    def spy(connection: duckdb.DuckDBPyConnection, database: str, after: int, ends: tuple[str, ...]) -> None:
        times.append(after)
        whole(connection, database, after, ends)

    monkeypatch.setattr(kept_stays, "put", spy)
    return times


def change(path: Path, do: Change) -> None:
    with duckdb.connect(str(path.with_name("events.duckdb"))) as con:
        do(con)


def more(con: duckdb.DuckDBPyConnection) -> None:
    """New cases, cases that go on, one that is done and is reopened, and events that come late."""
    con.execute(
        """insert into moves select 'c' || (7 * n) % 1100, ['Call', 'Offer', 'Lost', 'Won'][1 + n % 4],
        timestamp '2025-01-01' + to_hours((n * 131) % 5500), ['web', 'phone'][1 + n % 2], null
        from range(150) as t(n)"""
    )


def cells(factory: Factory) -> dict[str, list[object]]:
    columns = {
        "stays": 'id, "case", stage, entered, started, "left", next, via, channel, weight, resource, value, reason, '
        "first, last",
        "outcomes": 'id, "case", outcome, "at", until, via, channel, weight, value, reason',
    }
    return {
        name: factory.store.engine.rows(f"select {text} from {name} order by id", {}) for name, text in columns.items()
    }


def from_scratch(path: Path) -> Factory:
    for file in cache_folder().glob("*"):
        file.unlink()
    return open_factory(path)


def test_what_came_is_put_where_it_belongs(path: Path, put: list[int]) -> None:
    open_factory(path).store.close()
    change(path, more)
    later, again = open_factory(path), open_factory(path)
    assert len(put) == 1
    assert later.store.files_as == again.store.files_as
    assert len(list(cache_folder().glob("*.stays"))) == 1
    model, found = Model(later), Model(again)
    anew = from_scratch(path)
    assert len(put) == 1
    assert cells(later) == cells(again) == cells(anew)
    whole = Model(anew)
    for each in (model, found):
        assert each.topology.plan == whole.topology.plan
        for share in (0.2, 0.5, 0.8, 1.0):
            at = whole.first + round(share * (whole.last - whole.first))
            assert plain(each.state(at, REAL_TIME)) == plain(whole.state(at, REAL_TIME))


def test_it_grows_again_and_again_until_it_has_grown_by_much(path: Path, put: list[int]) -> None:
    open_factory(path).store.close()
    for _ in range(4):
        change(path, more)
        open_factory(path).store.close()
    assert 1 <= len(put) < 4
    found = open_factory(path)
    assert cells(found) == cells(from_scratch(path))


@pytest.mark.parametrize(
    "what",
    [
        "delete from moves where rowid = 17",
        "update moves set stage = 'Check' where rowid = 23 and stage <> 'Check'",
        "update moves set time = time - interval 1 second where rowid = 40",
        "update moves set channel = 'fair' where rowid = 41",
        "update moves set reason = 'other' where stage = 'Lost'",
        "create or replace table moves as select * from moves where \"case\" <> 'c5'",
    ],
)
def test_where_anything_else_has_changed_all_is_made_anew(path: Path, put: list[int], what: str) -> None:
    open_factory(path).store.close()
    change(path, more)
    change(path, lambda con: con.execute(what))
    later = open_factory(path)
    assert not put
    assert len(list(cache_folder().glob("*.stays"))) == 1
    assert cells(later) == cells(from_scratch(path))


@pytest.mark.parametrize("damage", ["of another program", "damaged", "without a mark"])
def test_what_is_not_to_be_trusted_is_not_grown(
    path: Path, put: list[int], monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    open_factory(path).store.close()
    change(path, more)
    [kept] = cache_folder().glob("*.stays")
    if damage == "of another program":
        monkeypatch.setattr(grown, "program", lambda: "another")
    elif damage == "damaged":
        kept.write_bytes(b"x" * kept.stat().st_size)
    else:
        with duckdb.connect(str(kept)) as con:
            con.execute("update about set text = json_merge_patch(text, '{\"events\": null}')")
    later = open_factory(path)
    assert not put
    assert cells(later) == cells(from_scratch(path))


def test_other_ends_are_another_reading(path: Path, put: list[int]) -> None:
    open_factory(path).store.close()
    change(path, more)
    path.write_text(PLANT.replace('"Won", "Lost"', '"Won"'), encoding="utf-8")
    later = open_factory(path)
    assert not put
    assert later.store.ends == ("Won",)


@settings(max_examples=15, deadline=None)
@given(before=st.lists(EVENT, min_size=1, max_size=60), later=st.lists(EVENT, min_size=1, max_size=15))
def test_it_is_a_law(before: list[tuple[object, ...]], later: list[tuple[object, ...]]) -> None:
    """Any log, and any rows that come after: new cases, old ones, late ones, several of one moment."""
    insert = "insert into moves values ('c' || ?, ?, timestamp '2025-01-01' + to_hours(?), ?, ?)"
    with pytest.MonkeyPatch.context() as monkeypatch, tempfile.TemporaryDirectory() as folder:
        as_large(monkeypatch, Path(folder))
        monkeypatch.setattr(sketch, "FEWEST", 1)
        monkeypatch.setattr(grown, "MOST", 1.0)
        times: list[int] = []
        whole = grown.put
        monkeypatch.setattr(kept_stays, "put", lambda *of: (times.append(of[2]), whole(*of)))
        path = Path(folder) / "plant.toml"
        path.write_text(PLANT + "[privacy]\nsmallest_group = 1\n", encoding="utf-8")
        with duckdb.connect(str(path.with_name("events.duckdb"))) as con:
            con.execute('create table moves ("case" text, stage text, time timestamp, channel text, reason text)')
            con.executemany(insert, before)
        was = open_factory(path)
        sketched = was.every > 0
        was.store.close()
        change(path, lambda con: con.executemany(insert, later))
        found = open_factory(path)
        made = cells(found)
        found.store.close()
        anew = from_scratch(path)
        assert made == cells(anew)
        anew.store.close()
        assert bool(times) == sketched
