"""Rows of a PostgreSQL table while others write, while nothing comes, and while the server is killed."""

from __future__ import annotations

import random
import threading
import time
from datetime import timedelta

import psycopg
import pytest

from factoryview.sources.feeds import postgres
from factoryview.sources.feeds.feed import FeedError
from tests.kit.postgres_rows import NEVER, SHORT, add, feed_of, ids, read
from tests.kit.servers.gathering import EVENTUALLY, Gatherer, seconds_to_close
from tests.kit.servers.postgres_server import PASSWORD, PostgresServer


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
                assert ids(gatherer.wait_for(1)) == [1]
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
                assert time.monotonic() - begin < EVENTUALLY
                timer.join()

    def test_rows_that_wait_for_one_short_transaction_after_another_are_life(
        self, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgres, "_LONGEST_HOLD", 2.0)
        with Gatherer(lambda: feed_of(url)) as gatherer, psycopg.connect(url) as one, psycopg.connect(url) as other:
            pair, most, heard = [one, other], 0.0, time.monotonic()
            one.execute("select pg_current_xact_id()")
            for number in range(150):  # of 0.03 s each: each transaction is short, together they are not
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
            gatherer.wait_for(15)
        assert most < 2.0

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
            for number in range(1, 8):
                with connection.transaction():
                    connection.execute("insert into events values (%s, 'x')", [number])
                    connection.execute('notify "New Rows"')
                gatherer.wait_for(number)

    def test_without_notify_it_asks_every_so_often(self, url: str) -> None:
        feed = feed_of(url, every=timedelta(seconds=0.4))
        feed.start(None)
        batches = feed.batches()
        next(batches)
        used, begin = time.process_time(), time.monotonic()
        next(batches), next(batches), next(batches), next(batches)
        assert 0.5 < time.monotonic() - begin < EVENTUALLY
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
            assert time.monotonic() - begin < EVENTUALLY
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
            assert 1 < time.monotonic() - begin < EVENTUALLY
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
            until = time.monotonic() + EVENTUALLY
            while connection.execute(query).fetchone() != (0,):
                assert time.monotonic() < until
                time.sleep(0.05)
