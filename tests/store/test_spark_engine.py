"""The same plant from a file and from a real Spark cluster of a master and two workers: cell by cell the same."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factoryview.errors import InputError
from factoryview.factory.factory import Factory
from factoryview.factory.opening import open_factory
from factoryview.plant.files import save_plant
from factoryview.plant.models import Warehouse
from factoryview.store.engine.duckdb import DuckDB
from tests.kit.engines import LOGS, ROLES, assert_equal, assert_selects_alike
from tests.kit.servers.spark_cluster import SparkCluster, spark_cluster

if TYPE_CHECKING:
    from factoryview.store.engine.spark import Spark

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:pyspark"),
]


@pytest.fixture(scope="module")
def cluster() -> Iterator[SparkCluster]:
    with spark_cluster() as found:
        yield found


def beside(cluster: SparkCluster, log: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Factory, Factory]:
    """The plant of a file, and that of a folder of Parquet files with the same events, which the workers read."""
    if not log.exists():
        pytest.skip("the real logs lie in ../shared/data, which is not here")
    one = open_factory(log)
    assert isinstance(one.store.engine, DuckDB)
    assert one.store.meaning != "kpi"
    (folder / "events").mkdir()
    for part in range(2):
        one.store.engine.connection.execute(
            f"copy (select {ROLES} from events where row % 2 = {part}) "
            f"to '{folder / 'events' / f'{part}.parquet'}' (format parquet)"
        )
    monkeypatch.setenv("CLUSTER", cluster.url)
    warehouse = Warehouse(
        url="${CLUSTER}", path=str(folder / "events"), times=one.store.meaning, ends=one.store.ends, timezone="UTC"
    )
    file = folder / "plant.toml"
    save_plant(one.plant.model_copy(update={"log": None, "warehouse": warehouse}), file)
    other = open_factory(file)
    from factoryview.store.engine.spark import Spark

    assert isinstance(other.store.engine, Spark)
    assert_held(other.store.engine)
    return one, other


def assert_held(engine: Spark) -> None:
    """The workers hold what every question is about; none reads the events again."""
    for table in ("stays", "outcomes"):
        [(plan,)] = engine._session.plainly(f"explain select * from {table}")
        assert plan.splitlines()[1].startswith("InMemoryTableScan"), plan


@pytest.mark.parametrize("log", LOGS, ids=lambda path: path.stem)
def test_stays_windows_kpis_ribbon_verdict_and_selections_are_equal(
    cluster: SparkCluster, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = beside(cluster, log, tmp_path, monkeypatch)
    try:
        assert_equal(one, other, buckets=("month",))
        assert_selects_alike(one, other)
        assert other.store.engine.fetched.bytes > 0
    finally:
        other.store.close()


@pytest.mark.parametrize(
    ("address", "words", "said"),
    [
        ("spark://127.0.0.1:1", 'table = "log"', "cannot be used"),
        ("CLUSTER", 'table = "nowhere.log"', "does not answer"),
        ("CLUSTER", 'path = "/nowhere/at/all"', "does not answer"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(
    cluster: SparkCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, words: str, said: str
) -> None:
    monkeypatch.setenv("CLUSTER", address.replace("CLUSTER", cluster.url))
    file = tmp_path / "plant.toml"
    file.write_text(f'name = "A"\n[warehouse]\nurl = "${{CLUSTER}}"\n{words}\n', encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        open_factory(file)
    assert "\n" not in str(caught.value)


def test_a_worker_that_is_killed_in_the_middle_changes_nothing_but_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with spark_cluster() as cluster:
        one, other = beside(cluster, LOGS[2], tmp_path, monkeypatch)
        try:
            with ThreadPoolExecutor(1) as pool:
                before = cluster.done(1)
                asked = pool.submit(assert_equal, one, other, buckets=("month",))
                while cluster.done(1) < before + 10:
                    assert not asked.done(), "it was to be killed in the middle"
                    time.sleep(0.05)
                assert not asked.done()
                cluster.lose_worker(1)
                alone = cluster.done(2)
                asked.result()
            assert cluster.done(2) > alone, "the other one has gone on"
            assert_selects_alike(one, other)
        finally:
            other.store.close()
