"""Long statements say how far they are, and end when nobody wants them any more."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from factoryview.factory import opening as module
from factoryview.factory.opening import open_factory
from factoryview.sources import engine
from factoryview.sources.engine import connect, watched

ENDLESS = "select sum(one.i * other.i) from range(100000000000) as one(i), range(100000000000) as other(i)"


class NotWanted(Exception):
    """Somebody has closed the window."""


def test_what_is_raised_meanwhile_ends_a_statement_that_would_take_years() -> None:
    told: list[float] = []

    def tell(share: float) -> None:
        told.append(share)
        if len(told) > 3:
            raise NotWanted

    with connect() as connection:
        with pytest.raises(NotWanted), watched(connection, tell):
            connection.execute(ENDLESS)
        assert len(told) == 4, "nobody is told any more once somebody has had enough"
        assert all(0.0 <= share <= 1.0 for share in told)
        assert connection.execute("select 1").fetchall() == [(1,)], "the connection is as good as before"


def test_it_is_told_how_far_a_statement_is() -> None:
    told: list[float] = []

    def tell(share: float) -> None:
        told.append(share)
        if share > 0.01:
            raise NotWanted

    with connect() as connection, pytest.raises(NotWanted), watched(connection, tell):
        connection.execute("select count(*) from range(3000000) as a, range(3000) as b where a.range * b.range % 7 = 3")
    assert told == sorted(told)
    assert 0.01 < told[-1] < 0.9


def test_an_error_of_a_statement_and_one_that_somebody_else_interrupts_come_out_as_they_are() -> None:
    with connect() as connection:
        with pytest.raises(duckdb.BinderException), watched(connection, lambda _share: None):
            connection.execute("select nothing_of_that_name")
        with pytest.raises(duckdb.InterruptException), watched(connection, lambda _share: connection.interrupt()):
            connection.execute(ENDLESS)


def test_of_a_session_on_a_server_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_EVERY", 0.0)
    told: list[float] = []
    with watched(object(), told.append):
        pass
    assert told == []


def test_who_closes_the_window_waits_for_no_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with duckdb.connect(str(tmp_path / "events.duckdb")) as connection:
        connection.execute('create table events ("case" varchar, stage varchar, time timestamp)')
        connection.execute("insert into events values ('a', 'A', '2025-01-01')")
    file = tmp_path / "plant.toml"
    file.write_text('name = "A"\n[warehouse]\npath = "events.duckdb"\ntable = "events"\n', encoding="utf-8")
    monkeypatch.setattr(module, "build", lambda log, *_rest, **_more: log.connection.execute(ENDLESS))
    shares: list[float] = []

    def progress(share: float, doing: str) -> None:
        shares.append(share)
        if doing == "stays" and len(shares) > 5:
            raise NotWanted

    with pytest.raises(NotWanted):
        open_factory(file, progress=progress)
    assert shares == sorted(shares)
    assert shares[-1] < 1.0
