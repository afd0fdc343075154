"""An endpoint is asked in time; what is new is given once, what is wrong is told, and no secret goes astray."""

from __future__ import annotations

import gzip
import json
import logging
import math
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from factoryview.errors import InputError
from factoryview.plant.feeds import HttpFeed as Settings
from factoryview.sources.feeds.feed import LARGEST_BATCH, Batch, FeedError, Message
from factoryview.sources.feeds.http import fetch as http_fetch
from factoryview.sources.feeds.http import poll as http_poll
from factoryview.sources.feeds.http.fetch import Fetched, address_of
from factoryview.sources.feeds.http.poll import HttpPoll, open_feed, rows_in
from tests.kit.servers.certificates import own_certificate
from tests.kit.servers.gathering import EVENTUALLY, seconds_to_close, silent_server

ROWS = [{"stage": "offer", "bucket": "2026-03-01", "arrivals": n, "departures": 1} for n in range(3)]
TIMEOUT = 5

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
    def test_it_asks_on_time_without_drift(self) -> None:
        def answer(_request: BaseHTTPRequestHandler) -> Said:
            time.sleep(0.07)
            return ok(ROWS)

        with serving(answer) as server:
            let_come(feed_of(server.url, every=timedelta(seconds=0.2)), None, 1.5)
        begin = server.asked[0][0]
        off = [abs(math.remainder(asked[0] - begin, 0.2)) for asked in server.asked]
        assert 5 <= len(off) <= 8
        assert median(off) < 0.04, "0.07 s each would have added up"

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
            assert time.monotonic() - begin < 1.7

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
        assert 0.9 < server.asked[1][0] - server.asked[0][0] < 1.8
        monkeypatch.setattr(http_poll, "LONGEST_REPRIEVE", 0.2)
        with serving((503, {"Retry-After": "9999"}, b"")) as server:
            assert trouble(feed_of(server.url)).endswith("it answers 503 Service Unavailable")
            assert len(server.asked) == 2


class TestTroubles:
    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ((500, {}, b"secret stack trace"), "it answers 500 Internal Server Error"),
            ((404, {}, b""), "it answers 404 Not Found"),
            ((401, {"WWW-Authenticate": "Basic"}, b""), "it answers 401 Unauthorized"),
            ((204, {}, b""), "it answers 204 No Content"),
            ((599, {}, b""), "it answers 599"),
            ((503, {}, b""), "it answers 503 Service Unavailable"),
            ((200, {}, b"<html>secret</html>"), "the body is no JSON"),
            ((200, {}, b""), "the body is no JSON"),
            ((200, {"Content-Length": "100"}, b"[1]"), "its answer is not whole"),
            ((200, {}, b'[{"a": NaN}]'), "the body is no JSON"),
            ((200, {}, b"[" * 200_000 + b"]" * 200_000), "the body is no JSON"),
            ((200, {"Content-Encoding": "br"}, b"x"), "the content encoding must be gzip or none"),
            ((200, {"Content-Encoding": "gzip"}, b"no gzip"), "the body is no gzip"),
            ((302, {}, b""), "it redirects nowhere"),
            ((302, {"Location": "file:///etc/passwd"}, b""), "only http:// and https:// are asked"),
            ((302, {"Location": "ftp://127.0.0.1/"}, b""), "only http:// and https:// are asked"),
            ((302, {"Location": "http://[::1"}, b""), "what it says is no HTTP"),
            ((302, {"Location": "/again"}, b""), "it redirects more than 5 times"),
        ],
    )
    def test_what_an_answer_may_be_instead(self, said: Said, why: str) -> None:
        with serving(said) as server:
            told = trouble(feed_of(server.url + "/kpi?key=secret"))
            assert told.endswith(why)
            assert told.startswith(server.url)
            assert "secret" not in told

    def test_any_depth_is_read_or_told(self) -> None:
        feed = feed_of("http://127.0.0.1/")
        told = set()
        for depth in [*range(900, 1010), 5_000, 200_000]:
            for begin, end in ((b'{"a":', b"}"), (b"[", b"]")):
                try:
                    list(feed._given(Fetched(200, {}, b'[{"a":' + begin * depth + b"1" + end * depth + b"}]")))
                except FeedError as error:
                    told.add(str(error))
        assert told <= {
            f"http://127.0.0.1/: {why}" for why in ("the body is no JSON", "its answer is nested too deeply")
        }
        assert told

    def test_a_huge_answer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(http_fetch, "LARGEST_ANSWER", 1_000_000)
        with serving((200, {}, b" " * 3_000_000)) as server:
            assert "more than 1,000,000 bytes" in trouble(feed_of(server.url))
        with serving((200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(30_000_000)))) as server:
            assert "more than 1,000,000 bytes" in trouble(feed_of(server.url))

    def test_what_is_no_http(self) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.wfile.write(b"SSH-2.0-secret\r\n")

        with serving(answer) as server:
            assert trouble(feed_of(server.url)) == f"{server.url}/: what it says is no HTTP"
            told = trouble(feed_of(server.url.replace("http:", "https:")))
            assert told.endswith("it does not speak TLS as it should")

    def test_nobody_there(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{free.getsockname()[1]}"
            assert trouble(feed_of(url)) == f"{url}/: connection refused"

    def test_after_a_trouble_it_goes_on_from_its_position(self) -> None:
        said: Iterator[Said] = iter([ok(ROWS), (500, {}, b""), ok(ROWS), ok(ROWS[:2])])
        with serving(lambda _: next(said)) as server:
            feed = feed_of(server.url)
            (_, position), *_ = taken(feed, 1)
            feed = feed_of(server.url)
            with pytest.raises(FeedError):
                taken(feed, 1, position)
            feed.close()
            assert len(first(feed_of(server.url), position)) == 2


class TestSecrets:
    def test_headers_are_sent(self) -> None:
        with serving(ok(ROWS)) as server:
            first(feed_of(server.url + "/kpi?a=b c&d=ü#top", headers={"Authorization": "Bearer x", "Accept": "a/b"}))
        _, path, headers = server.asked[0]
        assert path == "/kpi?a=b%20c&d=%C3%BC"
        assert (headers["authorization"], headers["accept"], headers["user-agent"]) == (
            "Bearer x",
            "a/b",
            "factoryview",
        )

    def test_a_password_in_the_url_is_said_as_it_should_be(self) -> None:
        with serving((500, {}, b"")) as server:
            told = trouble(feed_of(server.url.replace("//", "//me:p%40ss@")))
        assert server.asked[0][2]["authorization"] == "Basic bWU6cEBzcw=="
        assert told.startswith(f"{server.url}/: ")

    def test_another_server_is_told_no_secret(self) -> None:
        secrets = {"Authorization": "Bearer x", "X-Api-Key": "y", "Cookie": "z"}
        with serving(ok(ROWS)) as other:
            for place in (f"{other.url}/there", f"http://localhost:{other.server_port}/there"):
                with serving((307, {"Location": place}, b"")) as server:
                    assert len(first(feed_of(server.url.replace("//", "//me:pass@"), headers=secrets))) == 3
                    assert server.asked[0][2]["x-api-key"] == "y"
            assert [path for _, path, _ in other.asked] == ["/there", "/there"]
            for _, _, headers in other.asked:
                assert not {"authorization", "x-api-key", "cookie"} & set(headers)

    def test_the_same_server_is_told_again(self) -> None:
        def answer(request: BaseHTTPRequestHandler) -> Said:
            return ok(ROWS) if request.path == "/b" else (301, {"Location": "b"}, b"an endless page")

        with serving(answer) as server:
            first(feed_of(server.url + "/a", headers={"Authorization": "Bearer x"}))
            assert [(path, headers["authorization"]) for _, path, headers in server.asked] == [
                ("/a", "Bearer x"),
                ("/b", "Bearer x"),
            ]

    def test_the_query_is_not_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        with serving(ok(ROWS)) as server:
            first(feed_of(server.url + "/kpi?key=secret", headers={"X-Api-Key": "secret"}))
            assert len(server.asked) == 1
        assert "secret" not in caplog.text

    @pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "carrier-pigeon://127.0.0.1:1"])
    def test_a_proxy_that_cannot_be_asked(self, monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
        monkeypatch.setenv("all_proxy", proxy)
        told = trouble(feed_of("http://kpi.example.invalid/x"))
        assert told == "http://kpi.example.invalid/x: the proxy that the environment names cannot be asked"

    def test_a_proxy_of_the_environment_is_asked_but_not_for_this_computer(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        with serving(ok(ROWS)) as proxy, serving(ok(ROWS[:1])) as server:
            monkeypatch.setenv("http_proxy", proxy.url)
            assert len(first(feed_of("http://kpi.example.invalid/x"))) == 3
            assert proxy.asked[0][1] == "http://kpi.example.invalid/x"
            assert len(first(feed_of(server.url))) == 1


class TestCertificates:
    @pytest.fixture
    def secure(self, tmp_path: Path) -> Iterator[Server]:
        """Says the beginning of an answer to `/slow`, all of it to anything else."""
        certificate, key = own_certificate(tmp_path)

        def answer(request: BaseHTTPRequestHandler) -> Said | None:
            if request.path != "/slow":
                return ok(ROWS)
            request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[")
            gone.wait(TIMEOUT)
            return None

        gone = threading.Event()
        with serving(answer) as server:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            yield server
            gone.set()

    def test_a_server_nobody_vouches_for(self, secure: Server) -> None:
        url = secure.url.replace("http:", "https:")
        assert trouble(feed_of(url)).startswith(f"{url}/: its certificate is not trusted: self")
        assert secure.asked == []

    def test_one_the_system_trusts_is_asked_and_can_be_cut(
        self, secure: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        url = secure.url.replace("http:", "https:")
        assert len(first(feed_of(url))) == 3
        feed = feed_of(url + "/slow")
        feed.start(None)
        following = threading.Thread(target=lambda: list(feed.batches()), daemon=True)
        following.start()
        until = time.monotonic() + TIMEOUT
        while not any(path == "/slow" for _, path, _ in secure.asked):
            assert time.monotonic() < until
            time.sleep(0.01)
        feed.close()
        following.join(1)
        assert not following.is_alive()
        while any(thread.name == "kpi" for thread in threading.enumerate()):
            assert time.monotonic() < until, "the thread that asks goes on"
            time.sleep(0.01)


class TestSettings:
    @pytest.mark.parametrize(
        "url",
        ["file:///etc/passwd", "ftp://host/", "host/path", "http://", "http:///x", "http://a:b:c/", "http://h:99999/",
         "http://[::1", "http://a b/", "http://a\nb/", "javascript:alert(1)"],
    )  # fmt: skip
    def test_what_cannot_be_asked(self, url: str) -> None:
        with pytest.raises(InputError, match="kpi"):
            feed_of(url)

    @pytest.mark.parametrize(
        ("name", "value"), [("A b", "x"), ("", "x"), ("A:", "x"), ("A", "x\r\nB: y"), ("A", "secret\n"), ("A", "€")]
    )
    def test_what_is_no_header(self, name: str, value: str) -> None:
        with pytest.raises(InputError, match="headers") as caught:
            feed_of("http://127.0.0.1/", headers={name: value})
        assert "secret" not in str(caught.value)

    def test_an_address_in_full(self) -> None:
        assert address_of("HTTP://Me@[::1]:80").url == "http://[::1]/"
        assert address_of("https://bücher.example/ä?q=1#x").url == "https://xn--bcher-kva.example/%C3%A4?q=1"
        assert address_of("https://h/a?token=1").shown == "https://h/a"
