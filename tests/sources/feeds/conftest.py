"""What several tests of feeds need: a PostgreSQL server, files that are quiet at once."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from factoryview.sources.feeds.file import growing_file
from tests.kit.postgres_rows import NUMBERS, TX
from tests.kit.servers import postgres_server
from tests.kit.servers.postgres_server import PostgresServer


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server.postgres() as running:
        yield running


@pytest.fixture
def url(server: PostgresServer) -> str:
    """A new database with a table of events."""
    made = server.new_database(f"number {next(NUMBERS)}")
    with psycopg.connect(made) as connection:
        connection.execute(f"create table events (id bigint primary key, said text, {TX})")
        connection.execute("create index on events (tx, id)")
    return made


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that has not changed between two looks is quiet."""
    monkeypatch.setattr(growing_file, "QUIET", 0.0)
