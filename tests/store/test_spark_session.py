"""A session on a cluster that dies: what is on this side is given back all the same."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

pytest.importorskip("pyspark", reason="needs pyspark (pip install 'factoryview[spark]')")

from pyspark.errors import PySparkException

from factoryview.errors import InputError
from factoryview.store.engine import spark


class Cluster:
    """Stands for a session of Spark: it notes what is asked of it, and refuses some of it."""

    def __init__(self, *refused: str) -> None:
        self.asked: list[str] = []
        self.refused = refused
        self.conf = self.catalog = self

    def _note(self, what: str) -> None:
        self.asked.append(what)
        if what in self.refused:
            raise PySparkException(f"no {what}: the cluster is gone")

    def set(self, _name: str, _value: str) -> None:
        self._note("set")

    def dropTempView(self, name: str) -> None:
        self._note(f"drop {name}")

    def unpersist(self) -> None:
        self._note("unpersist")

    def stop(self) -> None:
        self._note("stop")


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sessions reach this cluster, and the connections for what arrives are kept to be looked at."""

    def reach(cluster: Cluster) -> list[duckdb.DuckDBPyConnection]:
        opened: list[duckdb.DuckDBPyConnection] = []

        def connect() -> duckdb.DuckDBPyConnection:
            opened.append(duckdb.connect())
            return opened[-1]

        monkeypatch.setattr(spark, "_session", lambda _address: cluster)
        monkeypatch.setattr(spark, "connect", connect)
        monkeypatch.setattr(spark, "_open", [])
        return opened

    return reach


def assert_closed(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.ConnectionException):
        connection.execute("select 1")


def test_a_session_whose_cluster_has_died_gives_everything_back(reached: Any) -> None:
    cluster = Cluster("drop stays")
    opened = reached(cluster)
    session = spark.Session("spark://here:1")
    session._kept.update(stays=cluster, outcomes=cluster)
    with pytest.raises(InputError, match="the cluster is gone"):
        session.close()
    assert cluster.asked[len(spark._SESSION) :] == ["drop stays", "drop outcomes", "unpersist", "stop"]
    assert not spark._open
    assert_closed(opened[0])
    session.close()  # which has nothing left to do
    assert cluster.asked[-1] == "stop"
    assert cluster.asked.count("stop") == 1


def test_a_session_that_cannot_be_set_up_is_not_left_open(reached: Any) -> None:
    cluster = Cluster("set")
    opened = reached(cluster)
    with pytest.raises(InputError, match="the cluster is gone"):
        spark.Session("spark://here:1")
    assert not spark._open
    assert cluster.asked == ["set", "stop"]
    assert_closed(opened[0])


def test_a_view_of_which_the_workers_hold_nothing_stays(reached: Any) -> None:
    """To drop it would make Spark let go of all that was made of it."""
    cluster = Cluster()
    reached(cluster)
    session = spark.Session("spark://here:1")
    session._kept.update(steps=cluster)
    session.asked("drop view if exists events; drop table steps; drop table steps", {}, None)
    assert cluster.asked[len(spark._SESSION) :] == ["drop steps", "unpersist"]
    session.close()
