"""Follows a feed in a test as the program does: from a position, again after each failure, for a bounded time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from factoryview.sources.feeds.feed import Feed, FeedError, Message, Position

EVENTUALLY = 30.0
"""Seconds within which whatever ends at once has ended on any machine; what it must not wait for takes longer."""


class Gatherer:
    """Follows on a thread of its own, opening a new feed after each failure; as a context it ends with the block."""

    def __init__(self, new_feed: Callable[[], Feed], position: Position | None = None) -> None:
        self._new_feed, self._feed = new_feed, new_feed()
        self.position = position
        self.messages: list[Message] = []
        self.troubles: list[str] = []
        """What the failures said."""
        self.heard = 0
        """How many batches came, empty ones too."""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Gatherer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._feed.close()
        self._thread.join(EVENTUALLY)
        assert not self._thread.is_alive(), "a closed feed went on"

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._feed.start(self.position)
                for batch in self._feed.batches():
                    self.position = batch.position
                    batch.settled(None)
                    self.messages += batch.messages
                    self.heard += 1
            except FeedError as error:
                self.troubles.append(str(error))
                self._stopping.wait(0.2)
            finally:
                self._feed.close()
            if not self._stopping.is_set():
                self._feed = self._new_feed()

    def wait(self, done: Callable[[Gatherer], bool], seconds: float = 60) -> None:
        """Until something holds; fails after so many seconds."""
        until = time.monotonic() + seconds
        while not done(self):
            shown = f"{len(self.messages)} messages, troubles {self.troubles[-3:]}"
            assert time.monotonic() < until, f"waited {seconds} s in vain: {shown}"
            time.sleep(0.02)

    def wait_for(self, count: int, seconds: float = 60) -> list[Message]:
        """Until so many messages are here."""
        self.wait(lambda gatherer: len(gatherer.messages) >= count, seconds)
        return self.messages


def seconds_to_close(feed: Feed, position: Position | None = None) -> float:
    """How long a feed that waits in `batches` goes on after `close`."""
    feed.start(position)
    first = threading.Event()

    def follow() -> None:
        for _ in feed.batches():
            first.set()

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    assert first.wait(EVENTUALLY), "no sign of life"
    time.sleep(0.1)
    began = time.monotonic()
    feed.close()
    feed.close()
    thread.join(EVENTUALLY)
    assert not thread.is_alive(), "a closed feed went on"
    return time.monotonic() - began


@contextmanager
def silent_server() -> Iterator[int]:
    """A port at which connections are accepted and nothing is ever said."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        yield listening.getsockname()[1]
