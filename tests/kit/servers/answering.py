"""An endpoint that answers as a test says, and the feed that asks it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from factoryview.plant.feeds import HttpFeed as Settings
from factoryview.sources.feeds.feed import Batch, FeedError, Message
from factoryview.sources.feeds.http.poll import HttpPoll, open_feed

ROWS = [{"stage": "offer", "bucket": "2026-03-01", "arrivals": n, "departures": 1} for n in range(3)]


TIMEOUT = 60
"""Seconds for what comes at once on a quiet machine."""


Said = tuple[int, dict[str, str], bytes]


class Server(ThreadingHTTPServer):
    """Answers each GET with what `answer` makes of it and keeps what it was asked."""

    daemon_threads = True

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], Said | None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.asked: list[tuple[float, str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Server)
        self.server.asked.append((time.monotonic(), self.path, {k.lower(): v for k, v in self.headers.items()}))
        said = self.server.answer(self)
        if said is None:
            return
        status, headers, body = said
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], Said | None] | Said) -> Iterator[Server]:
    with Server(answer if callable(answer) else lambda _request: answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(TIMEOUT)


def ok(found: object, **headers: str) -> Said:
    return 200, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(found).encode()


def feed_of(url: str, **settings: Any) -> HttpPoll:
    said = {"kind": "http", "name": "kpi", "url": url, "every": timedelta(seconds=0.1), **settings}
    return open_feed(Settings.model_validate(said), Path())


def first(feed: HttpPoll, position: str | None = None) -> list[Message]:
    """The messages of the first batch that has any; settled."""
    return taken(feed, 1, position)[0][0]


def taken(feed: HttpPoll, count: int, position: str | None = None) -> list[tuple[list[Message], str]]:
    """The messages and positions of so many batches that have messages; settled."""
    found = []
    feed.start(position)
    until = time.monotonic() + TIMEOUT
    for batch in feed.batches():
        batch.settled(None)
        if batch.messages:
            found.append((list(batch.messages), batch.position))
        if len(found) == count:
            break
        assert time.monotonic() < until, "waited in vain"
    feed.close()
    return found


def trouble(feed: HttpPoll) -> str:
    """What it says is wrong, before it gives anything."""
    with pytest.raises(FeedError) as caught:
        first(feed)
    feed.close()
    return str(caught.value)


def let_come(feed: HttpPoll, position: str | None, seconds: float) -> list[Batch]:
    """All batches of some time, settled."""
    found: list[Batch] = []
    timer = threading.Timer(seconds, feed.close)
    timer.start()
    feed.start(position)
    for batch in feed.batches():
        batch.settled(None)
        found.append(batch)
    timer.join()
    return found
