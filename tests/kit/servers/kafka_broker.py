"""A Kafka broker of the test's own: librdkafka's mock cluster in a child process, which can be killed.

It keeps nothing: after a restart the topics are empty, so whoever sends must send again. It listens at another port
each time; `servers` therefore is a relay in this process whose port stays. The relay only serves to find the broker:
its answer names the real port, to which clients then talk directly. A feed that is opened again finds the new one.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests.kit.servers.relay import Relay

_CHILD = """
import sys, time
from confluent_kafka import Producer
settings = {"bootstrap.servers": "ignored:1", "test.mock.num.brokers": 1, "log_level": 0}
broker = Producer(settings)
(found,) = broker.list_topics(timeout=10).brokers.values()
print(found.port, flush=True)
sys.stdin.read()
"""
PARTITIONS = 4
"""Of each topic, which is made when something is first sent to it."""


class KafkaBroker:
    """As a context it is stopped at the end, whatever happened. Skips the test where confluent-kafka is missing."""

    def __init__(self) -> None:
        pytest.importorskip("confluent_kafka", reason="needs the library confluent-kafka")
        self._process: subprocess.Popen[str] | None = None
        self._relay = Relay()
        self.servers = f"127.0.0.1:{self._relay.port}"

    def __enter__(self) -> KafkaBroker:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._relay.close()

    def start(self) -> None:
        """Returns when it can be reached; it is empty."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self._relay.target = int(self._process.stdout.readline())

    def kill(self) -> None:
        """kill -9."""
        self._relay.target = None
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(10)
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.close()
            self._process.stdout.close()
            self._process = None

    def stall(self) -> None:
        """It stays there and answers nothing more, until it is killed."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def send(self, topic: str, bodies: Sequence[str | bytes | None], partition: int | None = None) -> None:
        """One record per body, in order, in turn over the partitions or all to one; returns when all have arrived."""
        from confluent_kafka import Producer

        failures: list[object] = []

        def arrived(error: object, _record: object) -> None:
            if error is not None:
                failures.append(error)

        producer = Producer({"bootstrap.servers": f"127.0.0.1:{self._relay.target}", "linger.ms": 1, "log_level": 0})
        for k, body in enumerate(bodies):
            while True:
                try:
                    producer.produce(
                        topic, body, partition=k % PARTITIONS if partition is None else partition, on_delivery=arrived
                    )
                    break
                except BufferError:
                    producer.poll(0.05)
        assert producer.flush(20) == 0, "the broker did not take the records"
        assert not failures, failures[0]
