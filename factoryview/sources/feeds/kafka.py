"""A Kafka topic, all its partitions, from places of our own: the broker keeps none for us.

Position: `{"partition": [next offset, time of the record before it]}`. That record is read once more at the start: if
it is another one, the topic was made anew and is read from its beginning.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as Record

from factoryview.errors import InputError
from factoryview.language.said import Said, also, said
from factoryview.plant.feeds import FeedSettings, KafkaFeed
from factoryview.plant.secrets import hidden, secrets_in
from factoryview.sources.feeds.feed import (
    LARGEST_BATCH,
    Batch,
    Feed,
    FeedError,
    Message,
    Position,
    messages_of,
)
from factoryview.sources.feeds.portions import portions

_WAIT = 0.7
"""Seconds to wait for a record, and for an answer whether the broker is still there."""
_ANSWER_WITHIN = 5.0
"""Seconds without any proof that the broker is there."""
_ASK_IDLE, _ASK_BUSY = 2.0, 30.0
"""Seconds between two questions for the partitions: where nothing comes, which proves that the broker is there, and
where records come."""
_AHEAD_KB = 16_384
"""KiB read ahead at most, all partitions together."""


_LOG = logging.getLogger(__name__)
_LOG.addHandler(logging.NullHandler())


def open_feed(settings: FeedSettings, folder: Path) -> Feed:  # noqa: ARG001  # every kind is opened alike
    """The feed of a `KafkaFeed`. Raises InputError for settings that librdkafka does not know."""
    assert isinstance(settings, KafkaFeed)
    return KafkaTopic(settings)


class _Place(NamedTuple):
    """Where a partition is read on, and the time (ms) of the record before; None: that record is not known."""

    offset: int
    before: int | None = None


class KafkaTopic:
    """Follows one topic; see `Feed`. Once closed it stays so."""

    def __init__(self, settings: KafkaFeed) -> None:
        self._topic = settings.topic
        self._where = said("trouble.at_kafka", place=settings.servers, topic=settings.topic)
        self._secrets = secrets_in(settings)
        self._settings: dict[str, Any] = {
            "group.id": "factoryview",
            "queued.max.messages.kbytes": _AHEAD_KB,
            "queued.min.messages": 2 * LARGEST_BATCH,
            # A full queue is not a reason to pause for a second, nor a broker without news to answer late.
            "fetch.wait.max.ms": 100,
            "fetch.queue.backoff.ms": 20,
            **settings.settings,
            "bootstrap.servers": settings.servers,
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "error",
            "error_cb": self._heard_error,
            "logger": _LOG,
        }
        self._closing = Event()
        self._words = self._fault = ""
        self._places: dict[int, _Place] = {}
        self._proving: set[int] = set()
        self._moved: set[int] = set()
        self._proof = 0.0
        try:
            Consumer(self._settings).close()
        except KafkaException as error:
            raise InputError(
                also([self._told(error), ""], "."),
                where=said("error.feed_settings", name=settings.name),
                cure=said("error.librdkafka"),
            ) from None

    def start(self, position: Position | None) -> None:
        """Ask the broker for the partitions and begin to read each at its place."""
        self._places = self._read_position(position)
        self._consumer = Consumer(self._settings)
        try:
            partitions = self._first_answer()
            self._places = {number: place for number, place in self._places.items() if number in partitions}
            self._proving = {number for number, place in self._places.items() if place.before is not None}
            self._consumer.assign([self._from(number) for number in partitions])
        except KafkaException as error:
            self._consumer.close()
            raise FeedError(self._told(error), where=self._where) from None
        except FeedError:
            self._consumer.close()
            raise

    def batches(self) -> Iterator[Batch]:
        """What the partitions give, in the order of each; an empty batch only where the broker has answered lately."""
        try:
            asked = time.monotonic()
            while not self._closing.is_set():
                records = self._consumer.consume(1, timeout=_WAIT)
                if self._closing.is_set():
                    return
                if records:
                    records += self._consumer.consume(LARGEST_BATCH - 1, timeout=0)
                    self._proof = time.monotonic()
                if time.monotonic() - asked >= (_ASK_BUSY if records else _ASK_IDLE):
                    self._look()
                    asked = time.monotonic()
                if self._fault:
                    raise FeedError(self._fault, where=self._where)
                before = self._position()
                self._moved.clear()
                messages = [message for record in records for message in self._messages(record)]
                silent = time.monotonic() - self._proof
                if messages or silent <= _ASK_IDLE + 2 * _WAIT:
                    yield from portions(messages, before, self._position())
                elif silent > _ANSWER_WITHIN:
                    raise FeedError(said("trouble.no_answer"), where=self._where)
        except KafkaException as error:
            raise FeedError(self._told(error), where=self._where) from None
        finally:
            self._consumer.close()

    def close(self) -> None:
        """`batches` ends when it has waited for the next record, within a second."""
        self._closing.set()

    # ---- the partitions

    def _first_answer(self) -> list[int]:
        """The topic's partitions, as soon as a broker gives them. Raises KafkaException and FeedError."""
        self._words = self._fault = ""
        until = time.monotonic() + _ANSWER_WITHIN
        while True:
            try:
                partitions = self._ask()
            except KafkaException:
                self._consumer.poll(0)  # hears what the trouble is
                if self._refused or self._closing.is_set() or time.monotonic() >= until:
                    raise
            else:
                self._consumer.poll(0)
                self._words = self._fault = ""
                return partitions

    def _ask(self) -> list[int]:
        found = self._consumer.list_topics(self._topic, timeout=_WAIT).topics[self._topic]
        if found.error is not None:
            raise FeedError(found.error.str(), where=self._where)
        self._proof = time.monotonic()
        return sorted(found.partitions)

    def _look(self) -> None:
        """Read new partitions too, from their beginning. Without an answer `batches` gives up after a while."""
        try:
            partitions = self._ask()
        except KafkaException as error:
            if error.args[0].code() not in (KafkaError._TIMED_OUT, KafkaError._TRANSPORT):
                raise
            return
        known = {part.partition for part in self._consumer.assignment()}
        new = [self._from(number) for number in partitions if number not in known]
        if new:
            self._consumer.incremental_assign(new)

    def _from(self, number: int) -> TopicPartition:
        place = self._places.get(number)
        offset = OFFSET_BEGINNING if place is None else place.offset - (number in self._proving)
        return TopicPartition(self._topic, number, offset)

    def _read_again(self, number: int, place: _Place | None) -> None:
        """Read a partition from another place; None: its beginning. What was read ahead of it is void."""
        self._moved.add(number)
        self._proving.discard(number)
        self._places.pop(number, None)
        if place is not None:
            self._places[number] = place
        self._consumer.incremental_unassign([TopicPartition(self._topic, number)])
        self._consumer.incremental_assign([self._from(number)])

    # ---- the records

    def _messages(self, record: Record) -> list[Message]:
        """What a record says, where its place is as expected."""
        error, number, offset = record.error(), record.partition(), record.offset()
        if number in self._moved:
            return []
        if error is not None and error.code() == KafkaError._AUTO_OFFSET_RESET and number is not None:
            return self._out_of_range(number)
        if error is not None or number is None or offset is None:
            raise FeedError(error.str() if error else said("trouble.no_place"), where=self._where)
        moment = record.timestamp()[1]
        if number in self._proving:
            self._proving.discard(number)
            place = self._places[number]
            if offset < place.offset:
                if moment != place.before:
                    self._read_again(number, None)
                return []
        self._places[number] = _Place(offset + 1, moment)
        body, key = record.value(), f"{number}/{offset}@{moment}"
        return [Message({}, "", key, said("trouble.no_value"))] if body is None else messages_of(body, key)

    def _out_of_range(self, number: int) -> list[Message]:
        """Our place is not in the partition: it was made anew, or its oldest records were removed."""
        place = self._places.get(number)
        part = TopicPartition(self._topic, number)
        oldest, end = self._consumer.get_watermark_offsets(part, timeout=_WAIT) or (0, 0)
        if place is None or place.offset > end:
            self._read_again(number, None)
            return []
        self._read_again(number, _Place(max(oldest, place.offset)))
        lost = oldest - place.offset
        if lost <= 0:
            return []
        raw = said("trouble.from_place", where=self._where, part=number, place=place.offset)
        return [Message({}, raw, f"{number}/{place.offset} -{lost}", said("trouble.records_removed", n=lost))]

    # ---- words

    def _position(self) -> Position:
        return json.dumps(self._places)

    def _read_position(self, position: Position | None) -> dict[int, _Place]:
        try:
            return {
                int(number): _Place(int(at), before) for number, (at, before) in json.loads(position or "{}").items()
            }
        except (ValueError, TypeError, AttributeError):
            raise FeedError(said("trouble.no_topic_place", position=repr(position)), where=self._where) from None

    @property
    def _refused(self) -> bool:
        return isinstance(self._fault, Said) and self._fault.key == "trouble.broker_refuses"

    def _heard_error(self, error: KafkaError) -> None:
        """librdkafka tries again by itself. Not after a refusal, and where all brokers were away, places are proved."""
        words = hidden(error.str(), self._secrets)
        if error.code() == KafkaError._AUTHENTICATION:
            self._fault = said("trouble.broker_refuses", why=words)
        elif error.code() == KafkaError._ALL_BROKERS_DOWN:
            self._fault = self._fault or words
        else:
            self._words = words

    def _told(self, error: KafkaException) -> str:
        told = [hidden(error.args[0].str(), self._secrets), self._fault, self._words]
        return also(dict.fromkeys(part for part in told if part), "; ")
