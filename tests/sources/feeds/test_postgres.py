"""Rows of a PostgreSQL table: every committed one once, whoever commits when and whatever is killed."""

from __future__ import annotations

import itertools
import json
import random
import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from factoryview.errors import InputError
from factoryview.plant.feeds import PostgresFeed
from factoryview.sources.feeds import open_feed, postgres
from factoryview.sources.feeds.feed import LARGEST_BATCH, Batch, Feed, FeedError, Message
from factoryview.sources.feeds.postgres_session import identifier
from tests.kit.servers import postgres_server
from tests.kit.servers.gathering import EVENTUALLY, Gatherer, seconds_to_close, silent_server
from tests.kit.servers.postgres_server import PASSWORD, PostgresServer

TX = "tx xid8 not null default pg_current_xact_id()"
HUSHED = [
    "u:hush@h:port:3",
    "u:hush@h/d?x=hush",
    "u:hush@hush@h",
    "u:hush/hush@h",
    "u:12/hush@h",
    "u:%zzhush@h",
]
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


class TestWithoutAServer:
    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            ("events", ("events",)),
            ("crm.Events", ("crm", "Events")),
            ('"a.b"."say ""hi"""', ("a.b", 'say "hi"')),
            ("x; drop table y", ("x; drop table y",)),
            ('a"b"', ('a"b"',)),
        ],
    )
    def test_names(self, name: str, parts: tuple[str, ...]) -> None:
        assert identifier(name) == sql.Identifier(*parts)

    @pytest.mark.parametrize("name", [".", "a.", ".a", "a..b", '"a', '""'])
    def test_no_names(self, name: str) -> None:
        with pytest.raises(InputError, match="is no name of a table"):
            feed_of("postgresql://h/d", name)

    @pytest.mark.parametrize("url", ["hush hush", *map("postgresql://{}/d".format, HUSHED)])
    def test_no_address(self, url: str) -> None:
        with pytest.raises(InputError, match=r'feed "crm", url: this is no address') as error:
            feed_of(url)
        assert "hush" not in str(error.value)

    @pytest.mark.parametrize("position", ["nonsense", "[1]", '{"tx": 3}', '{"tx": "x", "id": "1"}'])
    def test_a_position_of_something_else(self, position: str) -> None:
        feed = feed_of("postgresql://127.0.0.1:1/d")
        with pytest.raises(FeedError, match="cannot be understood"):
            feed.start(position)
        feed.close()

    def test_nobody_is_there(self) -> None:
        feed = feed_of("postgresql://u:hush@127.0.0.1:1/d")
        with pytest.raises(FeedError, match=r"PostgreSQL at 127\.0\.0\.1:1/d, table events: .*refused") as error:
            feed.start(None)
        assert "hush" not in str(error.value)
        feed.close()

    def test_a_server_that_says_nothing_is_left(self) -> None:
        with silent_server() as port:
            feed = feed_of(f"postgresql://u:hush@127.0.0.1:{port}/d?connect_timeout=2")
            begin = time.monotonic()
            with pytest.raises(FeedError, match=r"127\.0\.0\.1.*timeout"):
                feed.start(None)
            assert time.monotonic() - begin < EVENTUALLY
            feed.close()

    def test_closed_before_it_began(self) -> None:
        feed = feed_of("postgresql://127.0.0.1:1/d")
        feed.close()
        feed.start(None)
        assert list(feed.batches()) == []


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server.postgres() as running:
        yield running


@pytest.fixture
def url(server: PostgresServer) -> str:
    """A new database with a table of events."""
    made = server.new_database(f"number {next(NUMBERS)}")
    with psycopg.connect(made) as connection:
        connection.execute(f"create table events (id bigint primary key, said text, {TX})")
        connection.execute("create index on events (tx, id)")
    return made


def add(url: str, *ids: int) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.executemany("insert into events values (%s, %s)", [(number, f"row {number}") for number in ids])


def ids(messages: list[Message]) -> list[object]:
    return [message.fields["id"] for message in messages]


@pytest.mark.parts
class TestRows:
    def test_are_given_as_they_are(self, server: PostgresServer) -> None:
        url = server.new_database("kinds")
        with psycopg.connect(url) as connection:
            connection.execute("set timezone = 'Asia/Kolkata'")
            connection.execute(
                f"create table crm (n int primary key, {TX}, s text, t timestamptz, d date, m numeric, j jsonb,"
                " no text)"
            )
            connection.execute(
                "insert into crm (n, s, t, d, m, j) values"
                " (7, 'Ü', '2025-01-02 03:04:05.6+02', '2025-01-02', 1.50, '{\"a\": {\"b\": [1]}}')"
            )
        (message,), position = read(feed_of(url, "crm", cursor="n"))
        assert message.fields == {
            "n": 7,
            "s": "Ü",
            "t": datetime(2025, 1, 2, 1, 4, 5, 600_000, tzinfo=UTC),
            "d": date(2025, 1, 2),
            "m": Decimal("1.50"),
            "j": {"a": {"b": [1]}},
            "no": None,
        }
        said = json.loads(position)
        assert message.key == f"{said['tx']}/7"
        assert json.loads(message.raw)["t"] == "2025-01-02 01:04:05.600000+00:00"

    def test_what_python_has_no_value_for_stays_text(self, server: PostgresServer) -> None:
        url = server.new_database("odd values")
        with psycopg.connect(url) as connection:
            connection.execute(
                f"create table events (id int primary key, {TX}, a timestamptz, b date, c time, d interval,"
                " e timestamp, f json, g numeric)"
            )
            connection.execute(
                "insert into events values (1, default, 'infinity', '10000-01-01', '24:00', '9999999 years',"
                f" '-infinity', '{'9' * 5000}', '{'9' * 5000}')"
            )
        (message,), _ = read(feed_of(url))
        values = [str(value) for value in message.fields.values()]
        assert values[:6] == ["1", "infinity", "10000-01-01", "24:00:00", "9999999 years", "-infinity"]
        assert values[6:] == ["9" * 5000] * 2

    def test_what_identifies_is_exact_and_has_one_form(self, server: PostgresServer) -> None:
        url = server.new_database("ids")
        with psycopg.connect(url) as connection:
            connection.execute(f"create table events (id numeric(30) primary key, {TX}, u uuid, n numeric, m numeric)")
            connection.execute(
                "insert into events values (123456789012345678901234567890, default,"
                " 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', -7, 0.5), (2, default, null, 'NaN', 1.00)"
            )
        found, _ = read(feed_of(url))
        two, one = (list(message.fields.values()) for message in found)
        assert one == [123456789012345678901234567890, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", -7, Decimal("0.5")]
        assert [type(value) for value in one] == [int, str, int, Decimal]
        assert str(two) == "[2, None, Decimal('NaN'), Decimal('1.00')]"

    def test_go_on_after_the_position_and_in_bounded_batches(self, url: str) -> None:
        add(url, *range(12_345))
        feed = feed_of(url)
        feed.start(None)
        batches = full(feed.batches(), 2)
        feed.close()
        assert [len(batch.messages) for batch in batches] == [LARGEST_BATCH, LARGEST_BATCH]
        rest, position = read(feed_of(url), batches[1].position)
        assert [*ids([*batches[0].messages, *batches[1].messages]), *ids(rest)] == list(range(12_345))
        assert read(feed_of(url), position)[0] == []

    def test_large_ones_come_few_at_once(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("insert into events select i, repeat('x', 1000000) from generate_series(1, 40) i")
        feed = feed_of(url, every=NEVER)
        feed.start(None)
        batches = full(feed.batches(), 5)
        feed.close()
        assert all(len(batch.messages) <= 9 for batch in batches)
        assert ids([message for batch in batches for message in batch.messages]) == list(range(1, 41))
        assert all(len(message.raw) < 5_000 for message in batches[0].messages)

    @pytest.mark.parametrize(
        ("schema", "table"), [('we"ird', "a.b"), ("x'; drop table events; --", '100%s "of" %')]
    )  # fmt: skip
    def test_names_are_never_taken_for_words(self, url: str, schema: str, table: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
            connection.execute(
                sql.SQL("create table {} ({} text primary key, {} xid8 default pg_current_xact_id())").format(
                    sql.Identifier(schema, table), sql.Identifier('i"d %s'), sql.Identifier("t'x;")
                )
            )
            connection.execute(sql.SQL("insert into {} values ('it''s')").format(sql.Identifier(schema, table)))
        add(url, 1)
        written = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, table))
        words = {"cursor": 'i"d %s', "transaction": "t'x;", "notify": 'a"; drop table events; --'}
        (message,), position = read(feed_of(url, written, **words))
        assert message.fields == {'i"d %s': "it's"}
        assert read(feed_of(url, written, **words), position)[0] == []
        assert ids(read(feed_of(url))[0]) == [1]

    def test_of_a_view(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("create view few as select id, tx from events where id > 2")
        add(url, 1, 2, 3, 4)
        assert ids(read(feed_of(url, "few"))[0]) == [3, 4]


@pytest.mark.parts
class TestViews:
    """Nobody knows whether what numbers the rows of a view does: rows may share a place, or have none."""

    @pytest.fixture
    def view(self, url: str) -> str:
        with psycopg.connect(url) as connection:
            connection.execute(f"create table moves (n numeric, said text, {TX})")
            connection.execute("create view seen as select n as id, said, tx from moves")
        return url

    def move(self, view: str, *numbers: str | int | None) -> None:
        with psycopg.connect(view) as connection, connection.cursor() as cursor:
            rows = [(number, f"row {place}") for place, number in enumerate(numbers)]
            cursor.executemany("insert into moves values (%s, %s)", rows)

    def test_what_shares_a_place_is_never_cut(self, view: str) -> None:
        self.move(view, *range(LARGEST_BATCH - 1), *[LARGEST_BATCH] * 3, LARGEST_BATCH + 1)
        self.move(view, "7.0", "7", "7.00")
        feed = feed_of(view, "seen")
        feed.start(None)
        batches = full(feed.batches(), 2)
        feed.close()
        assert [len(batch.messages) for batch in batches] == [LARGEST_BATCH - 1, 7]
        keys = [message.key for batch in batches for message in batch.messages]
        assert len(set(keys)) == LARGEST_BATCH + 6
        assert [key.partition("/")[2] for key in keys[-7:-3]] == ["5000", "5000#1", "5000#2", "5001"]
        for batch, rest in zip(batches, (7, 0), strict=True):
            again, _ = read(feed_of(view, "seen"), batch.position)
            assert [message.key for message in again] == keys[len(keys) - rest :]
        assert ids(list(batches[1].messages))[:4] == [5000, 5000, 5000, 5001]

    def test_large_ones_that_share_a_place_come_together(self, view: str) -> None:
        with psycopg.connect(view) as connection:
            connection.execute("insert into moves select i / 12, repeat('x', 1000000) from generate_series(0, 35) i")
        feed = feed_of(view, "seen", every=NEVER)
        feed.start(None)
        batches = full(feed.batches(), 3)
        feed.close()
        assert [len(batch.messages) for batch in batches] == [12, 12, 12]

    def test_more_than_a_batch_with_one_place_is_told(self, view: str) -> None:
        self.move(view, 1, *[2] * LARGEST_BATCH)
        assert len(read(feed_of(view, "seen"))[0]) == LARGEST_BATCH + 1
        self.move(view, 1, *[2] * (LARGEST_BATCH + 1))
        feed = feed_of(view, "seen")
        feed.start(None)
        batches = feed.batches()
        assert [len(batch.messages) for batch in full(batches, 3)] == [1, LARGEST_BATCH, 1]
        with pytest.raises(InputError, match=r'more than 5,000 rows of a transaction have the same "id" \(2\)'):
            full(batches, 1)
        feed.close()

    def test_what_has_no_number_is_set_aside(self, view: str) -> None:
        self.move(view, 1, None, 2, None)
        self.move(view, 3, None)
        self.move(view, None)
        feed = feed_of(view, "seen")
        found, position = read(feed)
        assert [message.fields.get("id", message.trouble) for message in found] == [
            1, 2, *['no "id", which numbers the rows'] * 2, 3, *['no "id", which numbers the rows'] * 2
        ]  # fmt: skip
        assert len({message.key for message in found}) == 7
        assert "row 1" in found[2].raw
        assert read(feed_of(view, "seen"), position)[0] == []
        place = found[1].key.split("/")
        rest, _ = read(feed_of(view, "seen"), json.dumps({"tx": int(place[0]), "id": place[1]}))
        assert [message.key for message in rest] == [message.key for message in found[2:]]
        self.move(view, 4)
        assert ids(read(feed_of(view, "seen"), position)[0]) == [4]

    def test_a_table_in_parts_is_read_alike(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(f"create table parts (id int, day date not null, {TX}) partition by range (day)")
            connection.execute("create table one partition of parts for values from ('2025-01-01') to ('2026-01-01')")
            connection.execute("insert into parts values (1, '2025-01-01'), (1, '2025-02-01'), (null, '2025-03-01')")
        found, _ = read(feed_of(url, "parts"))
        assert [message.fields.get("id") for message in found] == [1, 1, None]


@pytest.mark.parts
class TestTransactions:
    def test_what_is_committed_late_is_not_lost(self, url: str) -> None:
        """Rows with lower numbers, and of older transactions, that are committed after higher ones were there."""
        feed = feed_of(url)
        with Gatherer(lambda: feed) as gatherer, psycopg.connect(url) as late:
            late.execute("insert into events values (1, 'late')")
            add(url, 2)
            with psycopg.connect(url) as undone:
                undone.execute("insert into events values (3, 'undone')")
                undone.rollback()
            heard = gatherer.heard
            gatherer.wait(lambda gatherer: gatherer.heard > heard + 5)
            assert gatherer.messages == []
            late.commit()
            assert ids(gatherer.wait_for(2)) == [1, 2]

    @pytest.mark.parametrize("words", [{}, {"notify": "n"}, {"every": NEVER}])
    def test_rows_that_wait_for_too_long_are_no_life(
        self, server: PostgresServer, url: str, monkeypatch: pytest.MonkeyPatch, words: dict[str, object]
    ) -> None:
        """A transaction of another database keeps them back: so the source becomes late, until it has ended."""
        monkeypatch.setattr(postgres, "_LONGEST_HOLD", 0.6)
        with psycopg.connect(server.url) as elsewhere:
            elsewhere.execute("select pg_current_xact_id()")
            add(url, 1)
            with Gatherer(lambda: feed_of(url, **words)) as gatherer:  # type: ignore[arg-type]
                gatherer.wait(lambda gatherer: gatherer.heard > 0)
                time.sleep(1.2)
                heard = gatherer.heard
                time.sleep(1.5)
                assert gatherer.heard == heard
                elsewhere.rollback()
                assert ids(gatherer.wait_for(1, seconds=2)) == [1]
                if "every" not in words:
                    gatherer.wait(lambda gatherer: gatherer.heard > heard + 2)

    def test_it_ends_when_it_is_closed_while_rows_wait(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(postgres, "_LONGEST_HOLD", 0.1)
        with psycopg.connect(url) as late:
            late.execute("insert into events values (1, 'late')")
            add(url, 2)
            for every in (SHORT, NEVER):
                feed = feed_of(url, every=every)
                feed.start(None)
                timer = threading.Timer(1, feed.close)
                timer.start()
                begin = time.monotonic()
                assert len(list(feed.batches())) < 12, "signs of life while rows wait too long"
                assert time.monotonic() - begin < 2
                timer.join()

    def test_rows_that_wait_for_one_short_transaction_after_another_are_life(
        self, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgres, "_LONGEST_HOLD", 0.6)
        with Gatherer(lambda: feed_of(url)) as gatherer, psycopg.connect(url) as one, psycopg.connect(url) as other:
            pair, most, heard = [one, other], 0.0, time.monotonic()
            one.execute("select pg_current_xact_id()")
            for number in range(100):
                if number % 10 == 0:
                    add(url, number)
                    pair[1].execute("select pg_current_xact_id()")
                    pair[0].rollback()
                    pair.reverse()
                before = gatherer.heard
                time.sleep(0.03)
                if gatherer.heard > before:
                    most, heard = max(most, time.monotonic() - heard), time.monotonic()
            pair[0].rollback()
            gatherer.wait_for(10)
        assert most < 0.5

    def test_any_number_of_writers(self, url: str) -> None:
        """Eight at once, transactions of any length, some undone, some inside others: the committed rows, once."""
        committed: set[int] = set()
        lock = threading.Lock()

        def write(writer: int) -> None:
            rng = random.Random(writer)
            with psycopg.connect(url) as connection:
                for turn in range(25):
                    rows = [writer + 8 * (turn * 4 + k) for k in range(rng.randint(1, 4))]
                    rng.shuffle(rows)
                    kept = set()
                    connection.execute("select 1")
                    for row in rows:
                        undone = rng.random() < 0.2
                        with connection.transaction(force_rollback=undone):
                            connection.execute("insert into events values (%s, 'w')", [row])
                            time.sleep(rng.random() * 0.01)
                        if not undone:
                            kept.add(row)
                    if rng.random() < 0.2:
                        connection.rollback()
                    else:
                        connection.commit()
                        with lock:
                            committed.update(kept)

        with Gatherer(lambda: feed_of(url, every=timedelta(milliseconds=1))) as gatherer:
            writers = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join()
            gatherer.wait_for(len(committed))
            places = [tuple(map(int, message.key.split("/"))) for message in gatherer.messages]
        assert sorted(map(int, map(str, ids(gatherer.messages)))) == sorted(committed)
        assert places == sorted(places)

    def test_a_database_that_counts_anew_is_told(self, url: str) -> None:
        add(url, 1)
        with pytest.raises(FeedError, match="was restored or replaced") as error:
            read(feed_of(url), '{"tx": "99999999", "id": "1"}')
        assert "99999999" in str(error.value)
        with psycopg.connect(url) as connection:
            connection.execute("insert into events values (2, 'restored', '88888888')")
        with pytest.raises(FeedError, match="the rows at 88888888: it was restored or replaced"):
            read(feed_of(url))


@pytest.mark.parts
class TestWaiting:
    def test_notify_wakes_it(self, url: str) -> None:
        feed = feed_of(url, every=NEVER, notify="New Rows")
        with Gatherer(lambda: feed) as gatherer, psycopg.connect(url, autocommit=True) as connection:
            gatherer.wait(lambda gatherer: gatherer.heard > 0)
            waits = []
            for number in range(1, 8):
                with connection.transaction():
                    connection.execute("insert into events values (%s, 'x')", [number])
                    connection.execute('notify "New Rows"')
                begin = time.monotonic()
                gatherer.wait_for(number)
                waits.append(time.monotonic() - begin)
        assert sorted(waits)[3] < 0.2

    def test_without_notify_it_asks_every_so_often(self, url: str) -> None:
        feed = feed_of(url, every=timedelta(seconds=0.4))
        feed.start(None)
        batches = feed.batches()
        next(batches)
        used, begin = time.process_time(), time.monotonic()
        next(batches), next(batches), next(batches), next(batches)
        assert 0.5 < time.monotonic() - begin < 3
        assert time.process_time() - used < 0.2
        feed.close()

    def test_many_notifies_make_no_storm(self, url: str) -> None:
        feed = feed_of(url, every=NEVER, notify="n")
        feed.start(None)
        batches = feed.batches()
        next(batches)
        with psycopg.connect(url, autocommit=True) as connection:
            begin, count = time.monotonic(), 0
            while time.monotonic() - begin < 0.5:
                connection.execute("notify n")
                next(batches)
                count += 1
        feed.close()
        assert count < 60

    @pytest.mark.parametrize("words", [{}, {"notify": "n"}])
    @pytest.mark.parametrize("every", [SHORT, NEVER])
    def test_it_ends_when_it_is_closed(self, url: str, every: timedelta, words: dict[str, str]) -> None:
        assert seconds_to_close(feed_of(url, every=every, **words)) < EVENTUALLY

    def test_signs_of_life_while_it_waits(self, url: str) -> None:
        for words in ({}, {"notify": "n"}):
            feed = feed_of(url, every=NEVER, **words)
            feed.start(None)
            begin = time.monotonic()
            for batch, _ in zip(feed.batches(), range(3), strict=False):
                assert not batch.messages
            assert time.monotonic() - begin < 2.5
            feed.close()


@pytest.mark.parts
class TestOutage:
    def test_killed_and_started_again(self, server: PostgresServer, url: str) -> None:
        """kill -9 of the server three times while rows come in: each is there once, in order."""
        written = 0
        with Gatherer(lambda: feed_of(url)) as gatherer:
            for outage in range(1, 4):
                for _ in range(20):
                    add(url, *range(written, written + 50))
                    written += 50
                server.kill()
                gatherer.wait(lambda gatherer, outage=outage: len(gatherer.troubles) >= outage)  # type: ignore[misc]
                server.start()
            add(url, -1)
            gatherer.wait_for(written + 1)
        assert ids(gatherer.messages) == [*range(written), -1]
        assert len({message.key for message in gatherer.messages}) == written + 1
        assert not any(PASSWORD in trouble or "%2F" in trouble for trouble in gatherer.troubles)
        assert all(trouble.startswith("PostgreSQL at 127.0.0.1:") for trouble in gatherer.troubles)

    def test_a_pause_of_the_server(
        self, server: PostgresServer, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:  # fmt: skip
        monkeypatch.setattr(postgres, "_PATIENCE", 1.5)
        feed = feed_of(url, notify="n")
        feed.start(None)
        batches = feed.batches()
        next(batches)
        server.pause()
        try:
            begin = time.monotonic()
            with pytest.raises(FeedError, match="no answer within 2 s"):
                list(batches)
            assert 1 < time.monotonic() - begin < 4
            begin = time.monotonic()
            feed.close()
            assert time.monotonic() - begin < EVENTUALLY
        finally:
            server.resume()
        add(url, 1)
        assert ids(read(feed_of(url))[0]) == [1]

    def test_closed_while_the_server_stands_still(self, server: PostgresServer, url: str) -> None:
        feed = feed_of(url)
        feed.start(None)
        batches = feed.batches()
        next(batches)
        server.pause()
        try:
            timer = threading.Timer(0.5, feed.close)
            timer.start()
            begin = time.monotonic()
            assert not any(batch.messages for batch in batches)
            assert time.monotonic() - begin < EVENTUALLY
        finally:
            server.resume()
            timer.join()

    def test_its_connections_are_closed(self, server: PostgresServer, url: str) -> None:
        for _ in range(60):
            feed = feed_of(url)
            feed.start(None)
            feed.close()
        with server.connect() as connection:
            query = "select count(*) from pg_stat_activity where application_name = 'factoryview'"
            until = time.monotonic() + 5
            while connection.execute(query).fetchone() != (0,):
                assert time.monotonic() < until
                time.sleep(0.05)


@pytest.mark.parts
class TestRefusals:
    @pytest.mark.parametrize(
        ("make", "kind", "words"),
        [
            ("create table t (id int)", InputError, r'has no column "tx".*ALTER TABLE "t" ADD COLUMN "tx" xid8'),
            ("create table t (id int, tx bigint)", InputError, r'has a column "tx" that is no xid8'),
            (f"create table t (n int, {TX})", InputError, r'no column "id".*cursor = …; its columns are n, tx'),
            (f"create table t (id int unique, {TX})", InputError, r'"id" does not number the rows of the table t'),
            (f"create table t (id int not null, {TX})", InputError, "does not number the rows"),
            (
                f"create table t (id int not null, n int, {TX}); create unique index on t (id) where n > 1",
                InputError,
                "does not number the rows",
            ),
            (
                f"create table t (id int not null, n int, {TX}); create unique index on t (tx, id, n)",
                InputError,
                r'CREATE UNIQUE INDEX ON "t" \("tx", "id"\)',
            ),
            ("create table u (id int)", FeedError, r'"t" does not exist'),
            (
                f"create table t (id int, {TX}); create role poor login password 'poor'",
                FeedError,
                "permission denied for table t",
            ),
        ],
    )
    def test_a_table_that_cannot_be_followed(self, url: str, make: str, kind: type[Exception], words: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(make)
        if "poor" in make:
            url = re.sub(r"owner:[^@]*@", "poor:poor@", url)
        feed = feed_of(url, "t")
        with pytest.raises(kind, match=words):
            feed.start(None)
        feed.close()

    def test_a_wrong_password_is_not_repeated(self, server: PostgresServer) -> None:
        for wrong in ("wrong secret", "wröng/#@"):
            feed = feed_of(server.url_of("postgres", wrong))
            with pytest.raises(FeedError, match="password authentication failed") as error:
                feed.start(None)
            assert "wrong" not in str(error.value)
            assert "wr" not in str(error.value).replace("wrote", "")
            feed.close()

    @pytest.mark.parametrize(
        "make",
        [
            "(id int primary key, {tx})",
            "(id int not null, {tx}, unique (id) deferrable)",
            "(id int not null, n int, {tx}); create unique index on t (tx, id) include (n)",
            "(id int not null, n int default 1, {tx}, primary key (id, n)) partition by range (id);"
            " create table u partition of t for values from (0) to (9); create unique index on t (tx, id)",
        ],
    )
    def test_a_table_that_can_be_followed(self, url: str, make: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(f"create table t {make.format(tx=TX)}; insert into t (id) values (1), (2)".encode())
        assert ids(read(feed_of(url, "t"))[0]) == [1, 2]

    def test_the_cure_for_numbers_that_are_none_cures(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(f"create table old (id int, {TX}); insert into old values (1), (2)")
        with pytest.raises(InputError) as error:
            read(feed_of(url, "old"))
        with psycopg.connect(url) as connection:
            connection.execute(error.value.cure.partition("run: ")[2].partition("where that")[0].encode())
        assert ids(read(feed_of(url, "old"))[0]) == [1, 2]

    def test_the_cure_for_a_missing_column_cures(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("create table old (id int primary key); insert into old values (1), (2)")
        with pytest.raises(InputError) as error:
            read(feed_of(url, "old"))
        with psycopg.connect(url) as connection:
            connection.execute(error.value.cure.partition("run: ")[2].encode())
            connection.execute("insert into old values (3)")
        assert ids(read(feed_of(url, "old"))[0]) == [1, 2, 3]
