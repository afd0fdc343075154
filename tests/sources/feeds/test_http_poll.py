"""An endpoint is asked in time; what is new is given once, what is wrong is told, and no secret goes astray."""

from __future__ import annotations

import gzip
import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace

import pytest

from factoryview.plant.feeds import HttpFeed as Settings
from factoryview.sources.feeds.feed import LARGEST_BATCH, FeedError
from factoryview.sources.feeds.http import fetch as http_fetch
from factoryview.sources.feeds.http import poll as http_poll
from factoryview.sources.feeds.http.fetch import address_of
from factoryview.sources.feeds.http.poll import HttpPoll, rows_in
from tests.kit.servers.answering import (
    ROWS,
    TIMEOUT,
    Said,
    feed_of,
    first,
    let_come,
    ok,
    serving,
    taken,
    trouble,
)
from tests.kit.servers.gathering import EVENTUALLY, seconds_to_close, silent_server


class TestAnswers:
    @pytest.mark.parametrize(
        ("found", "rows"),
        [
            (ROWS, None),
            ({"rows": ROWS}, None),
            ({"at": "now", "data": {"rows": ROWS}}, None),
            ({"a": {"b": ROWS}, "c": [1]}, "a.b"),
        ],
    )
    def test_rows_become_messages(self, found: object, rows: str | None) -> None:
        with serving(ok(found)) as server:
            messages = first(feed_of(server.url, rows=rows))
        assert [message.fields for message in messages] == ROWS
        assert {message.key for message in messages} == {""}

    def test_an_object_without_a_list_is_one_row(self) -> None:
        with serving(ok(ROWS[0])) as server:
            assert [message.fields for message in first(feed_of(server.url))] == ROWS[:1]

    def test_gzip(self) -> None:
        with serving((200, {"Content-Encoding": "gzip"}, gzip.compress(json.dumps(ROWS).encode()))) as server:
            assert len(first(feed_of(server.url))) == 3
            assert server.asked[0][2]["accept-encoding"] == "gzip"

    def test_a_row_that_is_none_is_set_aside(self) -> None:
        with serving(ok([ROWS[0], 42])) as server:
            assert [bool(message.trouble) for message in first(feed_of(server.url))] == [False, True]

    def test_a_large_answer_comes_in_batches_and_is_reached_with_the_last(self) -> None:
        count = 2 * LARGEST_BATCH + 1
        with serving(ok([{"case": n} for n in range(count)])) as server:
            feed = feed_of(server.url)
            found = taken(feed, 3)
            assert [len(messages) for messages, _ in found] == [LARGEST_BATCH, LARGEST_BATCH, 1]
            assert [message.fields["case"] for messages, _ in found for message in messages] == list(range(count))
            assert found[0][1] == found[1][1] != found[2][1]
            again = feed_of(server.url)
            assert len(first(again, found[0][1])) == LARGEST_BATCH
            assert not any(batch.messages for batch in let_come(feed_of(server.url), found[2][1], 0.3))

    @pytest.mark.parametrize(
        ("answer", "path", "why"),
        [
            ({"a": [1], "b": [2]}, None, "several lists"),
            (42, None, "neither"),
            ({"a": 1}, "a.b", "no field a.b"),
            ({"a": {"b": 1}}, "a.b", "no list"),
        ],
    )
    def test_rows_that_are_not_where_they_should_be(self, answer: object, path: str | None, why: str) -> None:
        with pytest.raises(ValueError, match=why):
            rows_in(answer, path)
        with serving(ok(answer)) as server:
            assert trouble(feed_of(server.url, rows=path)).startswith(f"{server.url}/: ")


class TestTheSameAgain:
    def test_it_is_given_once_and_then_when_it_has_changed(self) -> None:
        now = [ROWS]
        with serving(lambda _: ok({"at": time.monotonic(), "rows": now[0]})) as server:
            feed = feed_of(server.url)
            feed.start(None)
            sizes = []
            for batch in feed.batches():
                batch.settled(None)
                sizes.append(len(batch.messages))
                if len(server.asked) == 3:
                    now[0] = ROWS[:1]
                if len(server.asked) > 6:
                    break
            feed.close()
        assert [size for size in sizes if size] == [3, 1]
        assert len(sizes) > 5

    def test_the_server_is_told_what_we_have(self) -> None:
        def answer(request: BaseHTTPRequestHandler) -> Said:
            return (304, {}, b"") if request.headers.get("If-None-Match") == '"v1"' else ok(ROWS, ETag='"v1"')

        with serving(answer) as server:
            batches = let_come(feed_of(server.url), None, 0.5)
            assert [len(batch.messages) for batch in batches if batch.messages] == [3]
            assert [bool(asked[2].get("if-none-match")) for asked in server.asked[:3]] == [False, True, True]
            position = batches[-1].position
            assert not any(batch.messages for batch in let_come(feed_of(server.url), position, 0.3))
            assert all("if-none-match" in asked[2] for asked in server.asked[1:])
            assert len(first(feed_of(server.url + "/other"), position)) == 3, "a place is of one question"
            assert len(first(feed_of(server.url), "no position of ours")) == 3

    def test_when_it_changed_is_told_too(self) -> None:
        with serving(ok(ROWS, Last_Modified="Sun, 01 Mar 2026 08:00:00 GMT")) as server:
            let_come(feed_of(server.url), None, 0.3)
        assert server.asked[1][2]["if-modified-since"] == "Sun, 01 Mar 2026 08:00:00 GMT"

    def test_what_was_not_recorded_comes_again(self) -> None:
        with serving(ok(ROWS, ETag='"v1"')) as server:
            feed = feed_of(server.url)
            feed.start(None)
            sizes: list[int] = []
            for batch in feed.batches():
                if batch.messages:
                    batch.settled(OSError("full") if len(sizes) < 2 else None)
                    sizes.append(len(batch.messages))
                if len(server.asked) > 5:
                    break
            feed.close()
        assert sizes == [3, 3, 3]


class TestTime:
    def test_it_asks_on_time_without_drift(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """On a clock that only waiting and answering move: an answer takes 0.07 s, and nothing of that adds up."""
        now, asked = [0.0], []

        def answer(_request: BaseHTTPRequestHandler) -> Said:
            asked.append(now[0])
            now[0] += 0.07
            if len(asked) == 9:
                feed.close()
            return ok(ROWS)

        def wait(seconds: float) -> bool:
            now[0] += seconds
            return False

        monkeypatch.setattr(http_poll, "time", SimpleNamespace(monotonic=lambda: now[0]))
        with serving(answer) as server:
            feed = feed_of(server.url, every=timedelta(seconds=0.2))
            monkeypatch.setattr(feed._closed, "wait", wait)
            feed.start(None)
            for batch in feed.batches():
                batch.settled(None)
        assert asked == pytest.approx([0.2 * k for k in range(9)])

    def test_it_lives_while_it_waits(self) -> None:
        with serving(ok(ROWS)) as server:
            batches = let_come(feed_of(server.url, every=timedelta(minutes=1)), None, 1.4)
        assert len(server.asked) == 1
        assert {len(batch.messages) for batch in batches} == {3, 0}

    def test_close_ends_it_at_once(self) -> None:
        with serving(ok(ROWS)) as server:
            assert seconds_to_close(feed_of(server.url, every=timedelta(minutes=1))) < EVENTUALLY
        with silent_server() as port:
            begin = time.monotonic()
            assert let_come(feed_of(f"http://127.0.0.1:{port}"), None, 1.2) == []
            assert time.monotonic() - begin < EVENTUALLY

    def test_an_endpoint_that_has_not_answered_gives_no_sign_of_life(self) -> None:
        with silent_server() as port:
            url = f"http://127.0.0.1:{port}"
            for _ in range(2):
                feed = HttpPoll(Settings(kind="http", name="kpi", url=url), address_of(url), longest=1.5)
                feed.start(None)
                with pytest.raises(FeedError, match=r"not whole after 1\.5 s"):
                    next(feed.batches())
                feed.close()

    def test_one_that_is_slow_but_answers_lives(self) -> None:
        go_on = threading.Event()

        def answer(_request: BaseHTTPRequestHandler) -> Said:
            if len(server.asked) > 1:
                go_on.wait(TIMEOUT)
            return ok(ROWS)

        with serving(answer) as server:
            feed = feed_of(server.url, every=timedelta(seconds=0.1))
            batches = let_come(feed, None, 2.5)
            go_on.set()
        assert [len(batch.messages) for batch in batches][:3] == [3, 0, 0]
        assert len(server.asked) == 2

    def test_an_answer_that_takes_too_long(self) -> None:
        def answer(request: BaseHTTPRequestHandler) -> Said | None:
            request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n[")
            for _ in range(100):
                try:
                    request.wfile.write(b" ")
                except ConnectionError:
                    break
                time.sleep(0.05)
            return None

        before = threading.active_count()
        with serving(answer) as server:
            settings = Settings(kind="http", name="kpi", url=server.url)
            begin = time.monotonic()
            assert "not whole after 0.5 s" in trouble(HttpPoll(settings, address_of(server.url), longest=0.5))
            assert time.monotonic() - begin < EVENTUALLY
        until = time.monotonic() + TIMEOUT
        while threading.active_count() > before:
            assert time.monotonic() < until, "the thread that asks goes on"
            time.sleep(0.02)

    def test_a_server_that_says_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(http_fetch, "LONGEST_PAUSE", 0.3)
        with silent_server() as port:
            assert trouble(feed_of(f"http://127.0.0.1:{port}")).endswith("it says nothing for 0.3 s")

    def test_a_busy_server_is_left_alone_for_as_long_as_it_asks_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        busy: Said = (429, {"Retry-After": "1"}, b"")
        said = iter([busy, ok(ROWS)])
        with serving(lambda _: next(said)) as server:
            assert len(first(feed_of(server.url))) == 3
        assert 0.9 < server.asked[1][0] - server.asked[0][0] < EVENTUALLY
        monkeypatch.setattr(http_poll, "LONGEST_REPRIEVE", 0.2)
        with serving((503, {"Retry-After": "9999"}, b"")) as server:
            assert trouble(feed_of(server.url)).endswith("it answers 503 Service Unavailable")
            assert len(server.asked) == 2
