"""What an endpoint can do wrong is told, and no secret goes astray."""

from __future__ import annotations

import gzip
import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.sources.feeds.feed import FeedError
from factoryview.sources.feeds.http import fetch as http_fetch
from factoryview.sources.feeds.http.fetch import Fetched, address_of
from tests.kit.servers.answering import (
    ROWS,
    TIMEOUT,
    Said,
    Server,
    feed_of,
    first,
    ok,
    serving,
    taken,
    trouble,
)
from tests.kit.servers.certificates import own_certificate


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
            gone.wait(3 * TIMEOUT)
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
        following.join(TIMEOUT)
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
