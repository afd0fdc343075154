"""A webhook opened for a test, with a recorder on a thread of its own, and those who send to it."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse

from factoryview.plant.feeds import WebhookFeed as Settings
from factoryview.serving.request import Limits
from factoryview.sources.feeds.feed import Batch, Message
from factoryview.sources.feeds.http.webhook import MOST_WAITING, Webhook

TOKEN = "correct-horse-battery-staple"
HEAD = f"POST / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
EVENT = {"id": "e1", "case": "c1", "stage": "offer", "time": "2026-03-01T08:00:00Z"}

QUICK = Limits(largest=2_000, idle=0.6, reading_head=0.4, reading_body=1.2, grace=0.4, slowest=1_000, answering=0.5)


def settle_well(batch: Batch) -> None:
    batch.settled(None)


class Opened:
    """A started webhook. `recorded` are the messages given to the recorder, which does `settle` with each batch."""

    def __init__(self, feed: Webhook, settle: Callable[[Batch], None]) -> None:
        self.feed, self._settle = feed, settle
        self.recorded: list[Message] = []
        self.sizes: list[int] = []
        self.heard = 0
        feed.start(None)
        self.port = feed.port
        self.thread = threading.Thread(target=self._record, daemon=True)
        self.thread.start()

    def _record(self) -> None:
        for batch in self.feed.batches():
            self.heard += 1
            if batch.messages:
                self.recorded += batch.messages
                self.sizes.append(len(batch.messages))
                self._settle(batch)

    def send(
        self, body: object, kind: str = "application/json", headers: Mapping[str, str] | None = None, **more: str
    ) -> tuple[int, dict[str, object]]:
        """Status and JSON of the answer to a valid request; `body` is written as JSON unless it is bytes."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            written = body if isinstance(body, bytes) else json.dumps(body).encode()
            said = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind, **(headers or {})}
            connection.request(more.get("method", "POST"), more.get("path", "/"), written, said)
            return read(connection.getresponse())
        finally:
            connection.close()

    def say(self, raw: bytes, ends: bool = False) -> bytes:
        """All that comes back until the door closes the connection; `ends`: our side is closed after `raw`."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as sock:
            sock.sendall(raw)
            if ends:
                sock.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: sock.recv(65_536), b""))

    def status(self, raw: bytes) -> int:
        """The status of the first answer to `raw`, which must be followed by the end of the connection."""
        answer = self.say(raw)
        assert answer.startswith(b"HTTP/1.1 "), answer[:100]
        return int(answer[9:12])


def read(response: HTTPResponse) -> tuple[int, dict[str, object]]:
    return response.status, json.loads(response.read())


@contextmanager
def opened(
    settle: Callable[[Batch], None] = settle_well,
    limits: Limits | None = None,
    most_waiting: int = MOST_WAITING,
    **settings: object,
) -> Iterator[Opened]:
    said = {"kind": "webhook", "name": "crm", "port": 0, "token": TOKEN, **settings}
    feed = Webhook(Settings.model_validate(said), limits, most_waiting)
    door = Opened(feed, settle)
    try:
        yield door
    finally:
        feed.close()
        door.thread.join(60)
        assert not door.thread.is_alive(), "a closed webhook went on"


def wait_until(holds: Callable[[], object], seconds: float = 60) -> None:
    """Until something holds; fails after so many seconds."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)
