"""The same plant from a file and from a table of a real PostgreSQL server: cell by cell the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
import pytest

from factoryview.app import rereading
from factoryview.errors import InputError
from factoryview.factory.factory import Factory, open_factory
from factoryview.flow.kpis import kpis
from factoryview.flow.verdict.verdict import verdict
from factoryview.plant.files import save_plant
from factoryview.plant.models import Warehouse
from factoryview.resources import data_file
from factoryview.store.engine.duckdb import DuckDB
from factoryview.store.engine.postgres import Postgres
from factoryview.store.selection import ChannelIn, Through
from factoryview.store.windows import Numbering, StayArrays, Windows
from factoryview.time import DAY
from factoryview.wall.plants import Speaking, open_playback
from tests.kit.command import factoryview
from tests.kit.screen import until
from tests.kit.servers.postgres_server import PASSWORD, PostgresServer, postgres

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
LOGS = ("crm/sales_pipeline.csv", "permits/receipt.csv.gz", "production/Production.csv.gz")
ROLES = 'row, "case", stage, time, start, resource, value, channel, reason, weight'
TABLE = (
    'create table {} (row bigint, "case" text, stage text, time timestamptz, start timestamptz, resource text, '
    "value double precision, channel text, reason text, weight double precision)"
)
pytestmark = pytest.mark.parts


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres() as found:
        yield found


def put(server: PostgresServer, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Write events into a table, as another program does."""
    with server.connect() as connection:
        connection.execute(TABLE.format(table))
        with connection.cursor().copy(f"copy {table} ({ROLES}) from stdin") as copy:
            for row in rows:
                copy.write_row([at.replace(tzinfo=UTC) if isinstance(at, datetime) else at for at in row])


def beside(server: PostgresServer, log: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Factory, Factory]:
    """The plant of a file, and that of a table with the same events."""
    one = open_factory(log)
    assert isinstance(one.store.engine, DuckDB)
    assert one.store.meaning != "kpi"
    put(server, "log_of_it", one.store.engine.connection.execute(f"select {ROLES} from events").fetchall())
    monkeypatch.setenv("WAREHOUSE", server.url)
    warehouse = Warehouse(url="${WAREHOUSE}", table="log_of_it", times=one.store.meaning, ends=one.store.ends)
    file = folder / "plant.toml"
    save_plant(one.plant.model_copy(update={"log": None, "warehouse": warehouse}), file)
    assert server.url not in file.read_text(encoding="utf-8")
    other = open_factory(file)
    assert isinstance(other.store.engine, Postgres)
    return one, other


@pytest.fixture(params=[data_file("umsatzwerk.toml"), *(DATA / log for log in LOGS)], ids=lambda path: path.stem)
def both(
    request: pytest.FixtureRequest, server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Factory, Factory]]:
    if not request.param.exists():
        pytest.skip("the real logs lie in ../shared/data, which is not here")
    one, other = beside(server, request.param, tmp_path, monkeypatch)
    with server.connect() as connection:
        connection.execute("drop table log_of_it")  # which nobody holds
    yield one, other
    other.store.close()


def table(factory: Factory, name: str) -> list[tuple[Any, ...]]:
    """The rows of a table of the store, in an order that follows from them."""
    rows = factory.store.engine.columns(f"select * from {name}", {})
    listed = [np.ma.asarray(rows[key]).tolist() for key in sorted(rows)]
    return sorted(zip(*listed, strict=True), key=repr)


def windows(factory: Factory) -> StayArrays:
    stages = tuple(factory.store.stages())
    belts = tuple((via, stage) for via, stage, _ in factory.store.rows("stays/flows"))
    channels = tuple(name for name, _ in factory.store.rows("counts/channels"))
    first, last = factory.store.span()
    middle = (first + last) // 2
    return Windows(factory.store, Numbering(stages, belts, channels)).fetch(middle - 10 * DAY, middle + 10 * DAY)


def test_stays_windows_kpis_ribbon_and_verdict_are_equal(both: tuple[Factory, Factory]) -> None:
    one, other = both
    for name in ("stays", "outcomes"):
        rows = table(one, name)
        assert rows or name == "outcomes"
        assert table(other, name) == rows
    here, there = windows(one), windows(other)
    assert len(here) > 10
    for field in fields(StayArrays):
        assert np.array_equal(getattr(here, field.name), getattr(there, field.name)), field.name
    for bucket in ("week", "month"):
        counted = [
            kpis(each.store, bucket=bucket, timezone=each.plant.timezone, gate=each.gate) for each in (one, other)
        ]
        pd.testing.assert_frame_equal(*counted, rtol=1e-12)
    said = [verdict(each.store, each.plant).model_dump(mode="json") for each in (one, other)]
    assert said[0]["ribbon"]
    assert_alike(*said)


def assert_alike(one: Any, other: Any, place: str = "") -> None:
    """The same documents; numbers may differ by the last bit, as sums do that are added in another order."""
    if isinstance(one, dict):
        assert one.keys() == other.keys(), place
        for key in one:
            assert_alike(one[key], other[key], f"{place}.{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), place
        for number, pair in enumerate(zip(one, other, strict=True)):
            assert_alike(*pair, f"{place}[{number}]")
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-9), place
    else:
        assert one == other, place


def test_a_selection_sees_its_cases_alone(both: tuple[Factory, Factory]) -> None:
    one, other = both
    stage = one.store.stages()[1]
    for selection in (Through(stage), ~Through(stage), ChannelIn((), unknown=True) & Through(stage)):
        found = [each.store.where(selection).rows("stays/cases") for each in (one, other)]
        assert found[0] == found[1]
    assert one.store.where(Through(stage)).rows("stays/cases")[0][0] > 0


def test_rows_that_come_while_it_is_looked_at_are_seen_when_it_is_opened_again(
    server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2025, 3, 3, 8)
    monkeypatch.setenv("WAREHOUSE", server.url)
    put(server, "growing", [(n, f"c{n % 9}", f"S{n // 9}", at.replace(hour=n % 20), *[None] * 6) for n in range(27)])
    file = tmp_path / "plant.toml"
    file.write_text(
        'name = "Office"\n[warehouse]\nurl = "${WAREHOUSE}"\ntable = "public.growing"\nends = ["S2"]\n',
        encoding="utf-8",
    )
    first = open_factory(file)
    with server.connect() as connection:
        connection.execute(
            "insert into growing (row, \"case\", stage, time) values (99, 'new', 'S0', now()), (100, '', '', now())"
        )
    assert first.store.rows("stays/cases") == [(9,)]
    second = open_factory(file)
    assert second.store.rows("stays/cases") == [(10,)]
    assert second.rejected == 1
    assert second.store.engine.fetched.rows > 0
    checked = factoryview("check", file, "--lang", "en")
    assert re.search(
        r"asks \d+ questions, to which \d+ rows \(\d+ kB\) come; a seek brings at most \d+ kB", checked.out
    )
    for each in (first, second):
        each.store.close()


def test_nothing_is_written_that_others_would_see_and_leave_to_read_is_enough(
    server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables of the database that happen to be called as ours are not touched."""
    url = server.new_database("theirs")
    ours = ("stays", "outcomes", "steps", "folded", "entries", "ends", "events")
    with server.connect("theirs") as connection:
        connection.execute(TABLE.format("log"))
        connection.execute(
            'insert into log (row, "case", stage, time) '
            "values (1, 'a', 'S', '2025-01-01Z'), (2, 'a', 'T', '2025-01-02Z')"
        )
        for name in ours:
            connection.execute(f"create table {name} (kept int); insert into {name} values (7)")  # type: ignore[arg-type]
        connection.execute("create role reader login password 'of the reader'")
        connection.execute("grant select on log to reader")
    monkeypatch.setenv(
        "WAREHOUSE", url.replace("owner:", "reader:").replace(quote(PASSWORD, safe=""), "of%20the%20reader")
    )
    file = tmp_path / "plant.toml"
    file.write_text('name = "A"\n[warehouse]\nurl = "${WAREHOUSE}"\ntable = "log"\nends = ["T"]\n', encoding="utf-8")
    one, other = open_factory(file), open_factory(file)
    assert one.store.rows("stays/cases") == other.store.rows("stays/cases") == [(1,)]
    one.store.close()
    assert other.store.where(Through("S")).rows("stays/cases") == [(1,)]
    other.store.close()
    with server.connect("theirs") as connection:
        known = "select tablename from pg_tables where schemaname = 'public' order by 1"
        assert connection.execute(known).fetchall() == sorted((name,) for name in ("log", *ours))
        for name in ours:
            assert connection.execute(f"select kept from {name}").fetchall() == [(7,)]  # type: ignore[arg-type]


def test_a_wall_goes_on_with_rows_that_are_written_meanwhile(
    server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rereading, "ASK_EVERY", 0.3)
    monkeypatch.setattr(rereading, "LOOK_EVERY", 0.05)
    monkeypatch.setenv("WAREHOUSE", server.url)
    at = datetime(2025, 3, 3, 8)
    put(server, "written", [(n, f"c{n % 9}", f"S{n // 9}", at.replace(hour=n % 20), *[None] * 6) for n in range(27)])
    file = tmp_path / "plant.toml"
    file.write_text(
        'name = "Office"\n[warehouse]\nurl = "${WAREHOUSE}"\ntable = "written"\nends = ["S2"]\n', encoding="utf-8"
    )
    playback = open_playback(file, Speaking(None, "en", None), 2.1, lambda _share, _doing: None)
    before = playback.model.last
    playback.begin()
    try:
        with server.connect() as connection:
            connection.execute(
                "insert into written (row, \"case\", stage, time) values (99, 'new', 'S0', '2025-04-01Z')"
            )
        until(lambda: playback.model.last > before, "the model has what came")
        assert not playback.health().trouble
    finally:
        playback.stop()


@pytest.mark.parametrize(
    ("address", "table", "columns", "words"),
    [
        ("SERVER", "nowhere", "", "nowhere"),
        ("SERVER", "thin", 'columns = { case = "Ticket" }', 'no column "Ticket"'),
        ("postgresql://owner:wrong@127.0.0.1:PORT/postgres", "thin", "", "cannot be used"),
        ("postgresql://127.0.0.1:1/postgres", "thin", "", "cannot be used"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(
    server: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    table: str,
    columns: str,
    words: str,
) -> None:
    with server.connect() as connection:
        connection.execute('create table if not exists thin ("case" text, stage text, time timestamptz)')
    monkeypatch.setenv("WAREHOUSE", address.replace("SERVER", server.url).replace("PORT", str(server.port)))
    file = tmp_path / "plant.toml"
    file.write_text(
        f'name = "A"\n[warehouse]\nurl = "${{WAREHOUSE}}"\ntable = "{table}"\n{columns}\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match=words) as caught:
        open_factory(file)
    assert "wrong" not in str(caught.value)
    assert "\n" not in str(caught.value)
    monkeypatch.delenv("WAREHOUSE")
    with pytest.raises(InputError, match="environment has no WAREHOUSE"):
        open_factory(file)
