"""What the webhook refuses, and whom: without a token, too large, too slow, or to be understood in two ways."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from factoryview.serving.bodies import Refused
from factoryview.serving.request import Limits
from factoryview.sources.feeds.feed import Batch
from factoryview.sources.feeds.http.bodies import events_in
from tests.kit.servers.gathering import EVENTUALLY
from tests.kit.servers.webhook_sender import EVENT, HEAD, QUICK, TOKEN, Opened, opened, wait_until

BOMB = gzip.compress(bytes(30_000_000))


@pytest.fixture(scope="module")
def door() -> Iterator[Opened]:
    with opened(largest=20_000) as one:
        yield one


@pytest.fixture(scope="module")
def quick() -> Iterator[Opened]:
    with opened(limits=QUICK) as one:
        yield one


def is_cut(sock: socket.socket, piece: bytes) -> bool:
    """Whether the other side ends the connection while we send the same again and again."""
    try:
        for _ in range(10_000):
            sock.sendall(piece)
    except ConnectionError:
        return True
    return False


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "given",
        [
            "",
            "Authorization: Bearer wrong\r\n",
            "Authorization: Bearer\r\n",
            f"Authorization: Basic {TOKEN}\r\n",
            f"Authorization: {TOKEN}\r\n",
            f"Authorization: Bearer {TOKEN}x\r\n",
            f"Authorization: Bearer {TOKEN[:-1]}\r\n",
            "Authorization: Bearer \xe9\xff\r\n",
            f"X-Token: {TOKEN}\r\n",
        ],
    )
    def test_no_or_a_wrong_token_before_the_body_is_sent(self, door: Opened, given: str) -> None:
        head = f"POST / HTTP/1.1\r\nHost: a\r\n{given}Content-Type: application/json\r\nContent-Length: 9999\r\n\r\n"
        answer = door.say(head.encode("latin-1"))
        assert answer.startswith(b"HTTP/1.1 401 Unauthorized\r\n")
        assert b"\r\nWWW-Authenticate: Bearer\r\n" in answer
        assert b"\r\nConnection: close\r\n" in answer
        assert TOKEN[:-1].encode() not in answer

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"Content-Type": "text/plain"}, 415),
            ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
            ({"Content-Type": "application/json; charset=utf-16"}, 415),
            ({"Content-Encoding": "br"}, 415),
            ({"Content-Encoding": "gzip, gzip"}, 415),
            ({"Content-Encoding": "gzip"}, 400),
            ({"Expect": "miracles"}, 417),
        ],
    )
    def test_other_types_and_encodings(self, door: Opened, change: dict[str, str], status: int) -> None:
        assert door.send(EVENT, headers=change)[0] == status

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"])
    def test_other_methods(self, door: Opened, method: str) -> None:
        answer = door.say(HEAD.replace("POST", method).encode() + b"\r\n")
        assert answer.startswith(b"HTTP/1.1 405 Method Not Allowed\r\n")
        assert b"\r\nAllow: POST\r\n" in answer
        assert door.status(f"{method} /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()) == (
            200 if method == "GET" else 405
        )

    def test_other_paths(self, door: Opened) -> None:
        assert door.send(EVENT, path="/admin")[0] == 404

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"\xff\xfe", b'{"a": NaN}', b"[" * 15_000, b"42", b'"text"', b"null", b'{"a": 1} {"a": 2}']
    )
    def test_a_body_that_is_no_json_is_refused_and_not_recorded(self, door: Opened, body: bytes) -> None:
        before = len(door.recorded)
        status, said = door.send(body)
        assert (status, list(said)) == (400, ["error"])
        assert door.send(body, "application/x-ndjson")[0] == 400
        assert len(door.recorded) == before

    @pytest.mark.parametrize(
        ("framing", "status"),
        [
            ("Content-Length: 20001\r\n\r\n", 413),
            (f"Content-Length: {10**17}\r\n\r\n", 413),
            (f"Content-Length: {10**40}\r\n\r\n", 400),
            ("Content-Length: -1\r\n\r\n", 400),
            ("Content-Length: +2\r\n\r\n{}", 400),
            ("Content-Length: 0x2\r\n\r\n{}", 400),
            ("Content-Length: 2, 2\r\n\r\n{}", 400),
            ("Content-Length: ２\r\n\r\n{}", 400),
            ("Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400),
            ("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
            ("Transfer-Encoding: identity\r\n\r\n{}", 501),
            ("Content-Length : 2\r\n\r\n{}", 400),
            (" Content-Length: 2\r\n\r\n{}", 400),
            ("A: b\r\n folded\r\nContent-Length: 2\r\n\r\n{}", 400),
            ("A: b\x00c\r\nContent-Length: 2\r\n\r\n{}", 400),
            ("A: b\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}", 400),
            ("Host: b\r\nContent-Length: 2\r\n\r\n{}", 400),
            ("\r\n", 411),
            ("Transfer-Encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n", 400),
            ("Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n", 400),
            ("Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n", 400),
            ("Transfer-Encoding: chunked\r\n\r\n2;" + "x" * 2_000 + "\r\n{}\r\n0\r\n\r\n", 400),
            ("Transfer-Encoding: chunked\r\n\r\n2;" + "x" * 50_000, 400),
            ("Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nHost: b\r\n\r\n", 400),
            ("Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", 400),
        ],
    )
    def test_what_could_be_understood_in_two_ways_or_is_too_large(
        self, door: Opened, framing: str, status: int
    ) -> None:
        before = len(door.recorded)
        answer = door.say(HEAD.encode() + framing.encode(), ends=True)
        assert int(answer[9:12]) == status
        assert b"\r\nConnection: close\r\n" in answer
        assert answer.count(b"HTTP/1.1") == 1
        assert len(door.recorded) == before

    @pytest.mark.parametrize(
        ("raw", "status"),
        [
            ("GET / HTTP/2.0\r\n\r\n", 505),
            ("POST /\r\n\r\n", 400),
            ("POST  / HTTP/1.1\r\n\r\n", 400),
            ("\x16\x03\x01\x02\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\n\r\n", 400),
            ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nA: " + "x" * 40_000 + "\r\n\r\n", 431),
            ("POST /" + "x" * 40_000, 431),
            ("POST / HTTP/1.1\r\n" + "A: b\r\n" * 65 + "\r\n", 431),
            ("GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n", 400),
        ],
    )
    def test_what_is_no_request(self, door: Opened, raw: str, status: int) -> None:
        assert door.status(raw.encode("latin-1")) == status

    def test_an_endless_body_is_cut(self, door: Opened) -> None:
        chunk = b"1000\r\n" + b" " * 4096 + b"\r\n"
        with socket.create_connection(("127.0.0.1", door.port), timeout=EVENTUALLY) as sock:
            sock.sendall(HEAD.encode() + b"Transfer-Encoding: chunked\r\n\r\n")
            assert is_cut(sock, chunk)
        assert door.status(HEAD.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 6) == 413

    def test_what_unpacks_without_end_is_not_unpacked(self, door: Opened) -> None:
        assert door.send(gzip.compress(bytes(20_001)), headers={"Content-Encoding": "gzip"})[0] == 413
        with opened() as wide:
            assert wide.send(BOMB, headers={"Content-Encoding": "gzip"})[0] == 413

    def test_gzip_must_be_one_whole_member(self, door: Opened) -> None:
        whole = gzip.compress(json.dumps(EVENT).encode())
        for body in (whole[:-5], whole + whole, whole + b"x"):
            assert door.send(body, headers={"Content-Encoding": "gzip"})[0] == 400

    def test_more_values_or_events_than_memory_is_meant_for(self) -> None:
        with opened() as door:
            assert door.send(b"[" + b"[]," * 1_500_000 + b"[]]")[0] == 413
            assert door.send(b"[" + b"{}," * 60_000 + b"{}]")[0] == 413
            assert door.send(b"{}\n" * 60_000, "application/x-ndjson")[0] == 413
            assert door.send(EVENT)[0] == 200
            assert len(door.recorded) == 1

    def test_any_depth_is_read_or_refused(self) -> None:
        refused = set()
        for depth in [*range(900, 1010), 5_000, 200_000]:
            body = b'[{"a":' + b"[" * depth + b"]" * depth + b"}]"
            try:
                assert len(events_in(body, "application/json", {})) == 1
            except Refused as error:
                refused.add(error.status)
        assert refused == {400}


class TestSlowSenders:
    def test_who_sends_nothing_is_left(self, quick: Opened) -> None:
        assert quick.say(b"") == b""

    def test_a_head_that_does_not_end(self, quick: Opened) -> None:
        begin = time.monotonic()
        with socket.create_connection(("127.0.0.1", quick.port), timeout=EVENTUALLY) as sock:
            sock.sendall(b"POST / HTTP/1.1\r\n")
            sock.settimeout(0.05)
            answer = b""
            while not answer:
                sock.sendall(b"a")
                try:
                    answer = sock.recv(1000)
                except TimeoutError:
                    assert time.monotonic() - begin < EVENTUALLY
        assert answer.startswith(b"HTTP/1.1 408")

    @pytest.mark.parametrize("framing", [b"Content-Length: 1900\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"])
    def test_a_body_that_trickles(self, framing: bytes) -> None:
        """Its pace is looked at before the whole time, which is longer than the test waits, is over."""
        begin, patient = time.monotonic(), replace(QUICK, reading_body=10 * EVENTUALLY)
        with (
            opened(limits=patient) as door,
            socket.create_connection(("127.0.0.1", door.port), timeout=EVENTUALLY) as sock,
        ):
            sock.sendall(HEAD.encode() + framing)
            sock.settimeout(0.05)
            answer = b""
            while not answer:
                sock.sendall(b"1\r\n1\r\n" if b"chunked" in framing else b"1")
                try:
                    answer = sock.recv(1000)
                except TimeoutError:
                    assert time.monotonic() - begin < EVENTUALLY
        assert answer.startswith(b"HTTP/1.1 408")

    def test_a_body_with_a_fair_pace_has_its_whole_time_and_no_more(self, quick: Opened) -> None:
        begin = time.monotonic()
        with socket.create_connection(("127.0.0.1", quick.port), timeout=EVENTUALLY) as sock:
            sock.sendall(HEAD.encode() + b"Content-Length: 1900\r\n\r\n" + b" " * 1_000)
            answer = sock.recv(1000)
        assert answer.startswith(b"HTTP/1.1 408")
        assert 1.1 < time.monotonic() - begin < EVENTUALLY

    def test_who_never_reads_answers_is_left(self, quick: Opened) -> None:
        one = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.connect(("127.0.0.1", quick.port))
            sock.settimeout(60)  # a system's buffers hold tens of thousands of answers
            assert is_cut(sock, one * 1_000)

    def test_others_are_served_meanwhile(self, quick: Opened) -> None:
        with socket.create_connection(("127.0.0.1", quick.port)) as slow:
            slow.sendall(HEAD.encode() + b"Content-Length: 1900\r\n\r\n")
            assert quick.send(EVENT) == (200, {"accepted": 1})

    def test_a_full_house_lets_in_whoever_comes_for_whoever_is_silent(self) -> None:
        with opened(limits=Limits(largest=20_000, connections=4)) as door:
            silent = [socket.create_connection(("127.0.0.1", door.port), timeout=EVENTUALLY) for _ in range(12)]
            assert door.send(EVENT) == (200, {"accepted": 1})
            assert silent[0].recv(10) == b"", "the one that was silent the longest is cut"
            for one in silent:
                one.close()

    def test_a_full_house_that_works_tells_to_come_back(self) -> None:
        go_on = threading.Event()

        def settle(batch: Batch) -> None:
            go_on.wait(10)
            batch.settled(None)

        with opened(settle, Limits(largest=20_000, connections=2)) as door:
            results: list[int] = []
            senders = [threading.Thread(target=lambda: results.append(door.send(EVENT)[0])) for _ in range(2)]
            for sender in senders:
                sender.start()
            wait_until(lambda: len(door.recorded) + door.feed._waiting._count == 2)
            wait_until(lambda: door.status(b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") == 503)
            go_on.set()
            for sender in senders:
                sender.join(EVENTUALLY)
            assert results == [200, 200]
