"""Events that are laid in the order of their cases say what they say otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from factoryview.factory.factory import Factory
from factoryview.factory.opening import open_factory
from factoryview.plant.models import Warehouse
from factoryview.store import kept_stays, ordered
from factoryview.store.ordered import Ordered
from factoryview.store.profile import profile
from factoryview.store.warehouse import open_warehouse

EVENTS = """
create table moves as
with moves as (
    select n, hash(n) as h, n // 5 as c, n % 5 as step from range(4000) as t(n)
)
select case when c % 3 = 0 then 'a case whose name is longer than twelve letters ' else 'c' end || c as "case",
    case when h % 11 = 0 then 'Ask' else ['Ask', 'Check', 'Offer', 'Won', 'Archive'][step + 1] end as stage,
    timestamp '2026-01-01' + to_hours((c + step * (h % 90)::bigint)::int) as time,
    case when h % 3 > 0 then ['web', 'phone'][1 + (h % 2)::bigint] end as channel,
    case when h % 5 > 1 then 'person ' || h % 40 end as resource, case when h % 4 = 1 then h % 700 end as value,
    case when step = 3 and h % 2 = 0 then 'reason ' || h % 9 end as reason, 1 + (h % 2) as weight
from moves order by hash(n, 1)
"""
FEWER = "alter table moves drop channel; alter table moves drop resource; alter table moves drop weight"
STAYS = (
    'id, "case", stage, entered, started, "left", next, via, channel, weight, resource, value, reason, first, last'
    ", span"
)
OUTCOMES = 'id, "case", outcome, "at", until, via, channel, weight, value, reason'


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(kept_stays, "FEWEST", 1)


@pytest.fixture(params=["entry", "completion"])
def meaning(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def laid(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Ordered]]:
    """What has been laid."""
    found: list[Ordered] = []
    of = Ordered.of

    def spy(*told: Any) -> Ordered | None:
        made = of(*told)
        found.extend([] if made is None else [made])
        return made

    monkeypatch.setattr(Ordered, "of", spy)
    return found


def plant(folder: Path, meaning: str, also: str = "", ends: str = '"Won", "Archive", "Nobody"') -> Path:
    (folder / "plant.toml").write_text(
        f'name = "Office"\n[warehouse]\npath = "events.duckdb"\ntable = "moves"\ntimes = "{meaning}"\n'
        f"ends = [{ends}]\n",
        encoding="utf-8",
    )
    with duckdb.connect(str(folder / "events.duckdb")) as connection:
        connection.execute(EVENTS + ";" + also)
    return folder / "plant.toml"


def told(factory: Factory) -> tuple[list[Any], ...]:
    ask = factory.store.engine.rows
    return ask(f"select {STAYS} from stays", {}), ask(f"select {OUTCOMES} from outcomes order by id", {})


def both(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Factory, Factory]:
    """Opened without and with laying the events down."""
    plain = open_factory(path)
    for file in path.parent.rglob("*.stays"):
        file.unlink()
    monkeypatch.setattr(ordered, "FEWEST", 1)
    return plain, open_factory(path)


@pytest.mark.parametrize("also", ["", FEWER])
def test_stays_and_outcomes_are_the_same_in_the_same_order(
    tmp_path: Path, meaning: str, also: str, monkeypatch: pytest.MonkeyPatch, laid: list[Ordered]
) -> None:
    plain, found = both(plant(tmp_path, meaning, also), monkeypatch)
    assert len(laid) == 1
    assert plain.store.spans
    assert plain.store.spans == found.store.spans
    [stays, outcomes] = told(found)
    assert len(stays) > 2000
    assert len(outcomes) > 300
    assert (stays, outcomes) == told(plain)
    assert found.plant == plain.plant
    assert found.findings == plain.findings


def test_a_plain_count_of_the_events_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, laid: list[Ordered]
) -> None:
    monkeypatch.setattr(ordered, "FEWEST", 1)
    path = plant(tmp_path, "entry")
    with duckdb.connect(str(tmp_path / "events.duckdb")) as connection:
        events = connection.execute('select "case", time, rowid, stage, channel from moves order by all').fetchall()
    factory = open_factory(path)
    expected = []
    for place, (case, time, row, stage, _) in enumerate(events):
        after = events[place + 1] if place + 1 < len(events) and events[place + 1][0] == case else None
        before = events[place - 1] if place and events[place - 1][0] == case else None
        if stage not in ("Won", "Archive"):
            channels = (each[4] for each in events[place : place + 5] if each[0] == case and each[4])
            via = before[3] if before else next(channels, None)
            expected.append((row, case, stage, time, after and after[1], after and after[3], via))
    found = factory.store.engine.rows('select id, "case", stage, entered, "left", next, via from stays order by id', {})
    assert len(laid) == 1
    assert found == sorted(expected)


@pytest.mark.parametrize("few", [0, 1_000])
def test_texts_are_the_same_whether_or_not_they_are_told_by_number(
    tmp_path: Path, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordered, "_FEW", few)
    plain, found = both(plant(tmp_path, "entry"), monkeypatch)
    assert told(plain) == told(found)


def test_cases_that_cannot_be_told_apart_by_number_are_by_name(tmp_path: Path, meaning: str) -> None:
    asked = []

    class Mixing:
        def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
            self._connection = connection

        def execute(self, query: str, *more: Any) -> Any:
            if "create or replace table" in query:
                asked.append("hash(" in query.split("as told")[0])
            return self._connection.execute(query.replace('hash("case") as id, stage::', "1 as id, stage::"), *more)

    path = plant(tmp_path, meaning)
    log = open_warehouse(Warehouse(path="events.duckdb", table="moves", times=meaning), "UTC", path.parent)
    Ordered(Mixing(log.connection), meaning, frozenset(log.columns)).derive(("Won", "Archive"))  # type: ignore[arg-type]
    assert asked == [True, False]
    rows = log.connection.execute('select id, "case", stage, entered, "left" from stays order by id').fetchall()
    plain = open_factory(path).store.engine.rows('select id, "case", stage, entered, "left" from stays order by id', {})
    assert rows == plain


def test_the_profile_is_the_same(tmp_path: Path, meaning: str) -> None:
    path = plant(tmp_path, meaning)
    log = open_warehouse(Warehouse(path="events.duckdb", table="moves", times=meaning), "UTC", path.parent)
    plain = profile(log.connection)
    events = Ordered(log.connection, meaning, frozenset(log.columns))
    found = profile(log.connection, events)
    positions = [{name: activity.position for name, activity in each.activities.items()} for each in (plain, found)]
    assert positions[0] == pytest.approx(positions[1])
    assert len(plain.activities) == 5
    assert list(found.activities) == list(plain.activities)
    for name, activity in plain.activities.items():
        assert vars(activity) | {"position": 0} == vars(found.activities[name]) | {"position": 0}
    assert (found.cases, found.events, found.since, found.until) == (
        plain.cases,
        plain.events,
        plain.since,
        plain.until,
    )
    assert found.follows == plain.follows
    assert found.between == pytest.approx(plain.between)
    assert found.orders == plain.orders
    assert found.channels == plain.channels


def test_what_has_events_without_a_moment_is_not_laid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, laid: list[Ordered]
) -> None:
    monkeypatch.setattr(ordered, "FEWEST", 1)
    path = plant(tmp_path, "entry", "update moves set time = null where stage = 'Check' and \"case\" like 'c1%'")
    assert open_factory(path).store.rows("stays/undated") != [(0,)]
    assert laid == []


def test_where_stages_are_folded_it_is_the_same_too(
    tmp_path: Path, meaning: str, monkeypatch: pytest.MonkeyPatch, laid: list[Ordered]
) -> None:
    path = plant(tmp_path, meaning, ends='"Won"')
    text = path.read_text(encoding="utf-8").replace('name = "Office"', 'name = "Office"\nmost_stages = 2')
    path.write_text(text, encoding="utf-8")
    plain, found = both(path, monkeypatch)
    assert plain.store.milestones is not None
    assert found.store.laid is None
    assert len(laid) == 1
    assert told(plain) == told(found)


def test_nothing_is_left_of_what_was_laid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, laid: list[Ordered]) -> None:
    monkeypatch.setattr(ordered, "FEWEST", 1)
    factory = open_factory(plant(tmp_path, "entry"))
    assert len(laid) == 1
    assert factory.store.laid is None
    databases = factory.store.engine.rows("select database_name from duckdb_databases() where not internal", {})
    assert sorted(name for (name,) in databases) == ["kept", "memory", "warehouse"]
    assert not laid[0]._path.exists()


def test_stays_that_are_not_kept_are_held_like_any_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, laid: list[Ordered]
) -> None:
    plain = open_factory(plant(tmp_path, "entry"))
    for file in tmp_path.rglob("*.stays"):
        file.unlink()
    monkeypatch.setattr(ordered, "FEWEST", 1)
    monkeypatch.setattr(kept_stays, "FEWEST", 1_000_000)
    found = open_factory(tmp_path / "plant.toml")
    assert len(laid) == 1
    assert found.store.laid is None
    assert not laid[0]._path.exists()
    columns = STAYS.removesuffix(", span")
    query = f"select {columns} from stays order by id"
    assert found.store.engine.rows(query, {}) == plain.store.engine.rows(query, {})
    assert found.store.engine.rows(f"select {OUTCOMES} from outcomes order by id", {}) == told(plain)[1]
    tables = found.store.engine.rows("select table_name, column_name from duckdb_columns() where not internal", {})
    assert ("stays", "left") in tables
    assert ("stays", "span") not in tables
    views = found.store.engine.rows("select view_name from duckdb_views() where not internal", {})
    assert not {("stays",), ("outcomes",)} & set(views)
    assert found.store.cases() == plain.store.cases() == 800
