"""The same plant from a file and from a table of a real PostgreSQL server: cell by cell the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from factoryview.app import rereading
from factoryview.errors import InputError
from factoryview.factory.factory import Factory
from factoryview.factory.opening import open_factory
from factoryview.plant.files import save_plant
from factoryview.plant.models import Warehouse
from factoryview.store.engine.duckdb import DuckDB
from factoryview.store.engine.postgres import Postgres
from factoryview.store.selection import Through
from factoryview.wall.plants import Speaking, open_playback
from tests.kit.command import factoryview
from tests.kit.engines import LOGS, ROLES, assert_equal, assert_selects_alike
from tests.kit.screen import until
from tests.kit.servers.postgres_server import PASSWORD, PostgresServer, postgres

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


@pytest.fixture(params=LOGS, ids=lambda path: path.stem)
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


def test_stays_windows_kpis_ribbon_and_verdict_are_equal(both: tuple[Factory, Factory]) -> None:
    assert_equal(*both)


def test_a_selection_sees_its_cases_alone(both: tuple[Factory, Factory]) -> None:
    assert_selects_alike(*both)


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
    ours = ("stays", "outcomes", "steps", "folded", "ends", "events")
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


def test_domains_texts_with_offsets_and_a_table_that_is_called_as_ours_are_read_as_they_are(
    server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE", server.new_database("domains"))
    with server.connect("domains") as connection:
        connection.execute("create domain code as text; create domain moment as timestamptz")
        connection.execute('create table events ("case" text, stage text, time text, value float, currency code)')
        connection.execute(
            "insert into events values ('a', 'S', '2025-01-01T12:00:00+05:00', 100, 'EUR'), "
            "('b', 'S', '2025-01-01 12:00:00', 200, 'USD'), (null, 'S', '2025-01-02', 1, 'USD')"
        )
        connection.execute(
            'create table log as select "case", stage, time::timestamptz::moment as time from events '
            "where \"case\" = 'a'"
        )
    file = tmp_path / "plant.toml"
    words = 'name = "A"\n[warehouse]\nurl = "${WAREHOUSE}"\ntable = "TABLE"\nends = ["T"]\n'
    file.write_text(words.replace("TABLE", "events") + 'timezone = "Europe/Berlin"\n', encoding="utf-8")
    factory = open_factory(file)
    entered = 'select "case", entered, value from stays order by 1'
    assert factory.store.engine.rows(entered, {}) == [
        ("a", datetime(2025, 1, 1, 7), None), ("b", datetime(2025, 1, 1, 11), None)
    ]  # fmt: skip
    assert factory.rejected == 1
    assert any("several currencies (EUR, USD)" in finding.text for finding in factory.findings)
    factory.store.close()
    file.write_text(words.replace("TABLE", "log") + 'timezone = "Europe/Berlin"\n', encoding="utf-8")
    factory = open_factory(file)
    assert factory.store.engine.rows('select "case", entered from stays', {}) == [("a", datetime(2025, 1, 1, 7))]
    factory.store.close()


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
