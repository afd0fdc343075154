"""A real Spark cluster on loopback: one master and two workers, each a process that is started and ended by its id."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.kit.servers.redis_server import free_port

_CLASSES = "org.apache.spark.deploy"
_SETTINGS = """spark.sql.shuffle.partitions 2
spark.default.parallelism 4
spark.ui.enabled false
spark.sql.adaptive.enabled false
spark.sql.codegen.wholeStage false
spark.executor.memory 700m
spark.driver.memory 700m
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
"""


class SparkCluster:
    """One master and two workers with a core each. Use `spark_cluster` to have one."""

    def __init__(self, folder: Path) -> None:
        import pyspark

        self._folder = folder
        self._home = Path(pyspark.__file__).parent
        (folder / "conf").mkdir()
        (folder / "conf" / "spark-defaults.conf").write_text(_SETTINGS, encoding="utf-8")
        (folder / "conf" / "log4j2.properties").write_text(
            "rootLogger.level = info\nrootLogger.appenderRef.stderr.ref = console\n"
            "appender.console.type = Console\nappender.console.name = console\nappender.console.target = SYSTEM_ERR\n"
            "appender.console.layout.type = PatternLayout\nappender.console.layout.pattern = %p %m%n\n",
            encoding="utf-8",
        )
        self.environment = {
            "SPARK_HOME": str(self._home), "SPARK_CONF_DIR": str(folder / "conf"), "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_DIRS": str(folder), "SPARK_DAEMON_MEMORY": "256m",
        }  # fmt: skip
        self.port = free_port()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def url(self) -> str:
        """The address of the master."""
        return f"spark://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when both workers are known to the master."""
        web = ("--webui-port", str(free_port()))
        self._run("master", "master.Master", "--host", "127.0.0.1", "--port", str(self.port), *web)
        for number in (1, 2):
            self.start_worker(number)
        self._wait_for("master", "Registering worker", 2)

    def start_worker(self, number: int) -> None:
        """Begin a worker with one core."""
        self._run(
            f"worker-{number}", "worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "800m",
            "--webui-port", str(free_port()), "--work-dir", str(self._folder / f"work-{number}"), self.url,
        )  # fmt: skip

    def lose_worker(self, number: int) -> None:
        """Kill a worker and whatever it runs, as if its machine lost its power."""
        process = self._processes.pop(f"worker-{number}")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def done(self, number: int) -> int:
        """How many tasks a worker has done for anybody."""
        logs = (self._folder / f"work-{number}").glob("app-*/*/stderr")
        return sum(log.read_text(encoding="utf-8", errors="replace").count("Finished task") for log in logs)

    def stop(self) -> None:
        """End all of it."""
        for name in sorted(self._processes, reverse=True):
            process = self._processes.pop(name)
            for how in (signal.SIGTERM, signal.SIGKILL):
                if process.poll() is None:
                    os.killpg(process.pid, how)
                    try:
                        process.wait(10)
                        break
                    except subprocess.TimeoutExpired:
                        continue

    def said(self, name: str) -> str:
        """What the master or a worker has written."""
        return (self._folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def _run(self, name: str, what: str, *words: str) -> None:
        command = [self._home / "bin" / "spark-class", f"{_CLASSES}.{what}", *words]
        with (self._folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self._folder,
                env=os.environ | self.environment, start_new_session=True,
            )  # fmt: skip

    def _wait_for(self, name: str, words: str, times: int) -> None:
        until = time.monotonic() + 180
        while len(re.findall(words, self.said(name))) < times:
            assert time.monotonic() < until, self.said(name)[-2_000:]
            assert self._processes[name].poll() is None, self.said(name)[-2_000:]
            time.sleep(0.2)


@contextmanager
def spark_cluster() -> Iterator[SparkCluster]:
    """A running cluster, which this process knows how to reach; it is stopped and its files removed at the end.

    Skips where Java or pyspark is not installed.
    """
    if shutil.which("java") is None:
        pytest.skip("needs Java 17 or later (Debian package default-jre-headless)")
    for library in ("pyspark", "pyarrow"):
        if importlib.util.find_spec(library) is None:
            pytest.skip(f"needs {library} (pip install 'factoryview[spark]')")
    folder = Path(tempfile.mkdtemp(prefix="factoryview-spark-"))
    try:
        cluster = SparkCluster(folder)
        try:
            cluster.start()
            with patch.dict(os.environ, cluster.environment):
                yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
