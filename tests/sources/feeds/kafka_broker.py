"""A Kafka broker of the test's own: librdkafka's mock cluster in a child process, which can be killed.

It keeps nothing: after a restart the topics are empty, so whoever sends must send again. It listens at another port
each time; `servers` therefore is a relay in this process whose port stays. The relay only serves to find the broker:
its answer names the real port, to which clients then talk directly. A feed that is opened again finds the new one.
"""

from __future__ import annotations

import selectors
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence

import pytest

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
        self._relay = _Relay()
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


class _Relay:
    """Passes bytes between its own port and a target; refuses while there is no target. Its connections end with it."""

    def __init__(self) -> None:
        self.target: int | None = None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(0.1)
        self.port: int = self._listening.getsockname()[1]
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        self._closing.set()
        for thread in self._threads:
            thread.join(5)
        self._listening.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                near, _ = self._listening.accept()
            except TimeoutError:
                continue
            near.settimeout(None)
            thread = threading.Thread(target=self._pass, args=(near, self.target), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _pass(self, near: socket.socket, target: int | None) -> None:
        with near, selectors.DefaultSelector() as both:
            if target is None:
                return
            try:
                far = socket.create_connection(("127.0.0.1", target), timeout=2)
            except OSError:
                return  # the client sees its connection closed, as with a broker that is not there
            with far:
                both.register(near, selectors.EVENT_READ, far)
                both.register(far, selectors.EVENT_READ, near)
                while not self._closing.is_set() and self.target == target:
                    for ready, _ in both.select(0.1):
                        try:
                            data = ready.fileobj.recv(65_536)  # type: ignore[union-attr]
                            ready.data.sendall(data)
                        except OSError:
                            return
                        if not data:
                            return
