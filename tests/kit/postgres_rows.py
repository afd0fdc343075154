"""Reading the rows of a PostgreSQL table in tests."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg

from factoryview.plant.feeds import PostgresFeed
from factoryview.sources.feeds import open_feed
from factoryview.sources.feeds.feed import Batch, Feed, Message

TX = "tx xid8 not null default pg_current_xact_id()"


NUMBERS = itertools.count()


SHORT = timedelta(milliseconds=50)


NEVER = timedelta(hours=1)


def feed_of(url: str, table: str = "events", **words: object) -> Feed:
    every = words.pop("every", SHORT)
    return open_feed(PostgresFeed(kind="postgres", name="crm", url=url, table=table, every=every, **words), Path())  # type: ignore[arg-type]


def full(batches: Iterator[Batch], count: int) -> list[Batch]:
    """The next so many batches that are no signs of life: those come in between where the server is slow."""
    return list(itertools.islice((batch for batch in batches if batch.messages), count))


def read(feed: Feed, position: str | None = None, looks: int = 3) -> tuple[list[Message], str]:
    """What is there: until a few batches in a row are empty."""
    found: list[Message] = []
    empty, until = 0, time.monotonic() + 20
    try:
        feed.start(position)
        for batch in feed.batches():
            found += batch.messages
            empty = 0 if batch.messages else empty + 1
            if empty == looks:
                return found, batch.position
            assert time.monotonic() < until, f"no end after {len(found)} rows"
    finally:
        feed.close()
    raise AssertionError("a feed that is not closed ended")


def add(url: str, *ids: int) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.executemany("insert into events values (%s, %s)", [(number, f"row {number}") for number in ids])


def ids(messages: list[Message]) -> list[object]:
    return [message.fields["id"] for message in messages]
