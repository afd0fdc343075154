"""The webhook: a door of our own through which senders bring events; they hear "accepted" when it is on disk."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.plant.feeds import FeedSettings
from factoryview.plant.feeds import WebhookFeed as Settings
from factoryview.serving.bodies import Refused
from factoryview.serving.door import Door, DoorError
from factoryview.serving.request import Limits, is_loopback
from factoryview.sources.feeds.feed import LARGEST_BATCH, LONGEST_SILENCE, Batch, FeedError, Message, Position
from factoryview.sources.feeds.http.site import EventSite

MOST_WAITING = 4 * LARGEST_BATCH
"""Messages that wait for the recorder; beyond, senders are told to come back. One larger body may pass alone."""


class Delivery:
    """The messages of one body on their way to the disk, in one batch or several."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        self.recorded: Future[bool] = Future()
        self._taken = self._settled = 0
        self._well = True

    @property
    def left(self) -> int:
        """Messages not yet taken."""
        return len(self.messages) - self._taken

    def begin(self) -> bool:
        """Before messages are taken: whether somebody still waits for the answer. From then they must be settled."""
        return self._taken > 0 or self.recorded.set_running_or_notify_cancel()

    def take(self, most: int) -> Sequence[Message]:
        part = self.messages[self._taken : self._taken + most]
        self._taken += len(part)
        return part

    def settle(self, count: int, well: bool) -> None:
        """So many of those taken are on disk, or are not. The last of them gives the answer."""
        self._settled += count
        self._well = self._well and well
        if self._settled == len(self.messages):
            self.recorded.set_result(self._well)


class PendingDelivery:
    """Deliveries that wait for the recorder: filled by the door's thread, emptied by the recorder's.

    One whose sender is no longer waiting for the answer is let go of at once, with the memory it needs.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._deliveries: deque[Delivery] = deque()
        self._count = 0
        self._changed = threading.Condition()
        self.is_closed = False

    def put(self, messages: list[Message]) -> Future[bool]:
        """Raises Refused (503) when too many wait."""
        delivery = Delivery(messages)
        with self._changed:
            if self.is_closed or (self._count and self._count + len(messages) > self._most):
                raise Refused(503, "too much is waiting to be recorded; send it again later", Retry_After="2")
            self._deliveries.append(delivery)
            self._count += len(messages)
            self._changed.notify()
        delivery.recorded.add_done_callback(self._drop_cancelled)
        return delivery.recorded

    def take(self, seconds: float) -> list[tuple[Delivery, Sequence[Message]]]:
        """What waits, up to LARGEST_BATCH messages, whole bodies where they fit; nothing after so many seconds."""
        parts: list[tuple[Delivery, Sequence[Message]]] = []
        room = LARGEST_BATCH
        with self._changed:
            self._changed.wait_for(lambda: self._deliveries or self.is_closed, seconds)
            while room and self._deliveries and not self.is_closed:
                first = self._deliveries[0]
                if parts and first.left > room:
                    break
                if first.begin():
                    part = first.take(room)
                    parts.append((first, part))
                    room -= len(part)
                    self._count -= len(part)
                else:
                    self._count -= len(first.take(first.left))
                if not first.left:
                    self._deliveries.popleft()
        return parts

    def _drop_cancelled(self, recorded: Future[bool]) -> None:
        if recorded.cancelled():
            with self._changed:
                for delivery in [one for one in self._deliveries if one.recorded is recorded]:
                    self._deliveries.remove(delivery)
                    self._count -= delivery.left

    def close(self) -> None:
        """Nothing is taken from now on, nothing put."""
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()


class Webhook:
    """The feed. `port` is the real one after `start`, also where 0 was asked for. After `close` it may start again."""

    def __init__(self, settings: Settings, limits: Limits | None = None, most_waiting: int = MOST_WAITING) -> None:
        self._settings = settings
        self._limits = limits or Limits(settings.largest, memory=max(64_000_000, 4 * settings.largest))
        self._most_waiting = most_waiting
        self._lock = threading.Lock()
        self._door: Door | None = None
        self._waiting = PendingDelivery(most_waiting)
        self.port = settings.port

    def start(self, position: Position | None) -> None:  # noqa: ARG002  # senders know what they sent, we do not
        """Open the door. Raises FeedError when the port cannot be had."""
        settings, waiting = self._settings, PendingDelivery(self._most_waiting)
        with self._lock:
            site = EventSite(settings.token, self._limits, waiting.put)
            try:
                self._door = Door(settings.host, settings.port, site, self._limits, "webhook")
            except DoorError as error:
                raise FeedError(error.words) from None
            self._waiting = waiting
            self.port = self._door.port

    def batches(self) -> Iterator[Batch]:
        """Everything that waits, in one batch: one commit answers many senders."""
        waiting, door = self._waiting, self._door
        while door is not None and not waiting.is_closed:
            parts = waiting.take(LONGEST_SILENCE)
            if parts or not waiting.is_closed:
                yield Batch([message for _, part in parts for message in part], "", _settling(parts))
            if not door.is_open and not waiting.is_closed:
                raise FeedError(said("trouble.door_shut", port=self.port))

    def close(self) -> None:
        with self._lock:
            self._waiting.close()
            if self._door is not None:
                self._door.close()
                self._door = None


def open_feed(settings: FeedSettings, folder: Path) -> Webhook:  # noqa: ARG001  # every kind is opened alike
    """The webhook that settings ask for, not started. Raises InputError where anybody could send."""
    assert isinstance(settings, Settings)
    where = said("error.feed", name=settings.name)
    if settings.token is None and not is_loopback(settings.host):
        raise InputError(
            said("error.open_host", host=settings.host),
            where=where,
            cure=said("error.ask_token"),
        )
    if settings.token is not None and not re.fullmatch(r"[!-~]+", settings.token):
        raise InputError(
            said("error.bad_token"),
            where=said("error.token_place", where=where),
            cure=said("error.random_token"),
        )
    return Webhook(settings)


def _settling(parts: Sequence[tuple[Delivery, Sequence[Message]]]) -> Callable[[Exception | None], None]:
    counts = [(delivery, len(part)) for delivery, part in parts]

    def settled(error: Exception | None) -> None:
        for delivery, count in counts:
            delivery.settle(count, error is None)

    return settled
