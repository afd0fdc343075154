"""The webhook takes what is right in every form, refuses the rest at once, and says so only when it is on disk."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from weakref import ref

import pytest

from factoryview.errors import InputError
from factoryview.plant.feeds import WebhookFeed as Settings
from factoryview.serving.request import Limits
from factoryview.sources.feeds.feed import LARGEST_BATCH, Batch, FeedError, Message
from factoryview.sources.feeds.http.webhook import PendingDelivery, Webhook, open_feed
from tests.kit.servers.gathering import EVENTUALLY, seconds_to_close
from tests.kit.servers.webhook_sender import EVENT, HEAD, QUICK, TOKEN, Opened, opened, read, wait_until


@pytest.fixture(scope="module")
def door() -> Iterator[Opened]:
    with opened(largest=20_000) as one:
        yield one


def event(number: int) -> dict[str, str]:
    return {**EVENT, "id": f"e{number}"}


CLOUD = {"specversion": "1.0", "id": "7", "source": "crm", "type": "moved", "time": "2026-03-01T08:00:00Z"}
DATA = {"case": "c1", "stage": "offer"}


class TestWhatIsTaken:
    @pytest.mark.parametrize(
        ("body", "kind", "count"),
        [
            (EVENT, "application/json", 1),
            (EVENT, "Application/JSON; charset=UTF-8", 1),
            ([event(1), event(2)], "application/json", 2),
            ([], "application/json", 0),
            (b'{"case": 1}\n\n{"case": 2}\r\n', "application/x-ndjson", 2),
            ({**CLOUD, "data": DATA}, "application/cloudevents+json", 1),
            ([{**CLOUD, "data": DATA}] * 3, "application/cloudevents-batch+json", 3),
        ],
    )
    def test_every_form_of_events(self, door: Opened, body: object, kind: str, count: int) -> None:
        before = len(door.recorded)
        assert door.send(body, kind) == (200, {"accepted": count})
        assert len(door.recorded) - before == count
        assert not any(message.trouble for message in door.recorded[before:])

    def test_gzip(self, door: Opened) -> None:
        body = gzip.compress(json.dumps([event(n) for n in range(100)]).encode())
        assert door.send(body, headers={"Content-Encoding": "gzip"}) == (200, {"accepted": 100})

    def test_chunks(self, door: Opened) -> None:
        body = json.dumps(EVENT).encode()
        chunks = b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:]))
        answer = door.say(
            HEAD.encode() + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunks + b"0\r\n\r\n"
        )
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert answer.endswith(b'{"accepted": 1}')
        assert door.recorded[-1].fields == EVENT

    def test_a_cloud_event_in_binary_mode(self, door: Opened) -> None:
        said = {"ce-specversion": "1.0", "ce-id": "7", "ce-source": "crm%20west", "ce-time": "2026-03-01T08:00:00Z"}
        assert door.send(DATA, headers=said)[0] == 200
        binary = door.recorded[-1]
        assert door.send({**CLOUD, "source": "crm west", "data": DATA}, "application/cloudevents+json")[0] == 200
        assert binary == replace(door.recorded[-1], raw=binary.raw)
        assert not binary.trouble

    def test_a_poison_event_does_not_hold_up_the_others(self, door: Opened) -> None:
        assert door.send([event(1), 42, event(2)]) == (200, {"accepted": 3})
        assert [bool(message.trouble) for message in door.recorded[-3:]] == [False, True, False]
        assert door.send(b'{"case": 1}\n{{{\n{"case": 2}', "application/x-ndjson") == (200, {"accepted": 3})
        assert [bool(message.trouble) for message in door.recorded[-3:]] == [False, True, False]

    def test_both_paths_and_health(self, door: Opened) -> None:
        assert door.send(EVENT, path="/events?from=crm")[0] == 200
        assert door.say(b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 200 OK")

    def test_one_connection_for_many_requests(self, door: Opened) -> None:
        connection = HTTPConnection("127.0.0.1", door.port, timeout=10)
        for body, status in ((EVENT, 200), ("no json", 400), (EVENT, 200)):
            written = body if isinstance(body, str) else json.dumps(body)
            said = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
            connection.request("POST", "/", written, said)
            sock = connection.sock
            assert read(connection.getresponse())[0] == status
            assert connection.sock is sock
        connection.close()

    def test_requests_sent_ahead_are_answered_in_order(self, door: Opened) -> None:
        one = HEAD.encode() + b"Content-Length: 2\r\n\r\n"
        answer = door.say(one + b"[]" + one + b"{}" + one + b"x]" + one + b"[]", ends=True)
        statuses = [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]
        assert statuses == [200, 200, 400, 200]

    def test_whoever_asks_first_is_told_to_go_on(self, door: Opened) -> None:
        body = json.dumps(EVENT).encode()
        said = HEAD.encode() + b"Expect: 100-continue\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
        with socket.create_connection(("127.0.0.1", door.port), timeout=EVENTUALLY) as sock:
            sock.sendall(said)
            assert sock.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
            sock.sendall(body)
            assert sock.recv(1000).startswith(b"HTTP/1.1 200 OK")

    def test_an_answer_to_head_has_no_body(self, door: Opened) -> None:
        one = b"HEAD / HTTP/1.1\r\nHost: a\r\n"
        token = f"Authorization: Bearer {TOKEN}\r\n".encode()
        assert door.say(one + b"\r\n").startswith(b"HTTP/1.1 401 Unauthorized\r\n")
        answer = door.say(one + token + b"\r\n")
        assert answer.startswith(b"HTTP/1.1 405 Method Not Allowed\r\n")
        assert answer.endswith(b"\r\n\r\n")

    def test_what_h11_might_take_for_another_protocol(self, door: Opened) -> None:
        upgrade = HEAD.encode() + b"Upgrade: h2c\r\nConnection: upgrade\r\nContent-Length: 2\r\n\r\n[]"
        answer = door.say(upgrade + upgrade.replace(b"POST", b"CONNECT"), ends=True)
        assert [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]] == [200, 405]

    def test_a_sender_that_is_done_too_early_hears_so(self, door: Opened) -> None:
        for said in (HEAD, HEAD + "Content-Length: 3\r\n\r\n{}", HEAD + "Transfer-Encoding: chunked\r\n\r\n2\r\n{"):
            assert door.say(said.encode(), ends=True).startswith(b"HTTP/1.1 400 Bad Request\r\n")

    def test_no_banner(self, door: Opened) -> None:
        answer = door.say(b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").lower()
        assert b"server:" not in answer
        assert b"python" not in answer


class TestAnswersAndBackPressure:
    def test_the_answer_comes_only_when_it_is_on_disk(self) -> None:
        batches: list[Batch] = []
        with opened(batches.append) as door:
            body = json.dumps([event(1), event(2)]).encode()
            with socket.create_connection(("127.0.0.1", door.port)) as sock:
                sock.sendall(HEAD.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)
                wait_until(lambda: batches)
                sock.settimeout(0.3)
                with pytest.raises(TimeoutError):
                    sock.recv(1000)
                batches[0].settled(None)
                sock.settimeout(EVENTUALLY)
                assert sock.recv(1000).endswith(b'{"accepted": 2}')

    def test_what_could_not_be_recorded_is_to_be_sent_again(self) -> None:
        with opened(lambda batch: batch.settled(OSError(f"no space for {TOKEN}"))) as door:
            status, said = door.send(EVENT)
            assert (status, said) == (503, {"error": "it could not be recorded now; send it again later"})
            answer = door.say(HEAD.encode() + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}")
            assert b"\r\nRetry-After: 5\r\n" in answer

    def test_a_recorder_that_hangs_keeps_nobody_waiting_for_ever(self) -> None:
        held: list[Batch] = []
        with opened(held.append, QUICK) as door:
            begin = time.monotonic()
            assert door.send(EVENT)[0] == 503
            assert time.monotonic() - begin < EVENTUALLY
            held[0].settled(None)
            assert door.send(EVENT)[0] == 503

    def test_when_too_much_waits_senders_are_told_to_come_back(self) -> None:
        go_on = threading.Event()

        def settle(batch: Batch) -> None:
            go_on.wait(10)
            batch.settled(None)

        with opened(settle, most_waiting=10) as door:
            results: list[tuple[int, dict[str, object]]] = []

            def send(count: int) -> threading.Thread:
                sender = threading.Thread(target=lambda: results.append(door.send([event(n) for n in range(count)])))
                sender.start()
                return sender

            senders = [send(3)]
            wait_until(lambda: door.recorded)
            senders.append(send(7))
            wait_until(lambda: door.feed._waiting._count == 7)
            assert door.send([EVENT] * 4)[0] == 503
            senders.append(send(3))
            wait_until(lambda: door.feed._waiting._count == 10)
            assert door.send(EVENT)[0] == 503
            go_on.set()
            for sender in senders:
                sender.join(EVENTUALLY)
            assert sorted(str(said) for _, said in results) == [str({"accepted": count}) for count in (3, 3, 7)]
            assert door.sizes == [3, 10], "what waits is recorded in one batch"

    def test_bodies_share_a_bounded_memory(self) -> None:
        with opened(limits=Limits(largest=20_000, memory=30_000)) as door:
            body = b" " * 19_000 + b"{}"
            assert door.send(body) == (200, {"accepted": 1})
            with socket.create_connection(("127.0.0.1", door.port)) as sock:
                sock.sendall(HEAD.encode() + b"Content-Length: 20000\r\n\r\n" + b" " * 15_000)
                wait_until(lambda: door.send(body)[0] == 503)
                assert door.send(EVENT)[0] == 200
            wait_until(lambda: door.send(body)[0] == 200)

    def test_what_nobody_waits_for_any_more_needs_no_memory(self) -> None:
        class Text(str):
            """One that can be watched."""

        waiting, watched = PendingDelivery(3), []
        for _ in range(10):
            texts = [Text("large"), Text("larger")]
            watched += [ref(text) for text in texts]
            recorded = waiting.put([Message({"text": text}, "") for text in texts])
            del texts[:]
            recorded.cancel()
        assert [one() for one in watched if one()] == []
        kept, taken = waiting.put([Message({}, "")] * 2), waiting.take(0)
        assert [len(part) for _, part in taken] == [2]
        assert not kept.cancel()
        taken[0][0].settle(2, True)
        assert kept.result(0)

    def test_senders_that_were_sent_away_leave_nothing_behind(self) -> None:
        held: list[Batch] = []
        go_on = threading.Event()

        def hold(batch: Batch) -> None:
            held.append(batch)
            go_on.wait(10)
            batch.settled(None)

        with opened(hold, replace(QUICK, answering=0.2)) as door:
            assert [door.send(EVENT)[0] for _ in range(4)] == [503] * 4
            wait_until(lambda: not door.feed._waiting._deliveries)
            assert door.feed._waiting._count == 0
            go_on.set()
            assert door.send(EVENT)[0] == 200
        assert sum(len(batch.messages) for batch in held) == 2

    def test_a_body_larger_than_a_batch_is_given_in_several(self) -> None:
        with opened() as door:
            count = 2 * LARGEST_BATCH + 1
            assert door.send([{"case": n} for n in range(count)]) == (200, {"accepted": count})
            assert door.sizes == [LARGEST_BATCH, LARGEST_BATCH, 1]
            assert [message.fields["case"] for message in door.recorded] == list(range(count))

    def test_a_body_of_which_a_part_failed_has_failed(self) -> None:
        errors: Iterator[Exception | None] = iter([OSError("full"), None])
        with opened(lambda batch: batch.settled(next(errors))) as door:
            assert door.send([{"case": n} for n in range(LARGEST_BATCH + 1)])[0] == 503


class TestOpenAndClose:
    def test_a_door_to_the_network_needs_a_token(self) -> None:
        for host in ("0.0.0.0", "::", "192.0.2.1", "example.invalid"):
            with pytest.raises(InputError, match="token"):
                open_feed(Settings(kind="webhook", name="crm", port=0, host=host), Path())
            open_feed(Settings(kind="webhook", name="crm", port=0, host=host, token=TOKEN), Path())
        for host in ("127.0.0.1", "127.0.0.2", "::1", "localhost"):
            open_feed(Settings(kind="webhook", name="crm", port=0, host=host), Path())

    @pytest.mark.parametrize("token", ["", "two words", "ends\n", "Schlüssel"])
    def test_a_token_that_no_sender_could_give(self, token: str) -> None:
        settings = Settings(kind="webhook", name="crm", port=0).model_copy(update={"token": token})
        with pytest.raises(InputError, match="token") as caught:
            open_feed(settings, Path())
        assert not token or token not in str(caught.value)

    def test_without_a_token_this_computer_may_send_but_no_page_in_its_browser(self) -> None:
        with opened(token=None) as door:
            assert door.send(EVENT)[0] == 200
            assert door.send(EVENT, headers={"Origin": "https://example.com"})[0] == 403

    def test_a_port_that_is_taken(self) -> None:
        with opened() as door:
            second = open_feed(Settings(kind="webhook", name="crm", port=door.port, token=TOKEN), Path())
            with pytest.raises(FeedError, match=f"port {door.port} of 127.0.0.1: another program listens there"):
                second.start(None)
            second.close()
            assert door.send(EVENT)[0] == 200

    def test_a_host_that_does_not_exist(self) -> None:
        with pytest.raises(FeedError, match=r"192\.0\.2\.1"):
            open_feed(Settings(kind="webhook", name="crm", port=0, host="192.0.2.1", token=TOKEN), Path()).start(None)

    def test_it_says_that_it_lives(self) -> None:
        with opened() as door:
            wait_until(lambda: door.heard >= 1)
            assert door.recorded == []

    def test_close_ends_within_a_second_and_frees_the_port(self) -> None:
        feed = Webhook(Settings(kind="webhook", name="crm", port=0, token=TOKEN))
        feed.close()
        assert seconds_to_close(feed) < EVENTUALLY
        with opened(port=feed.port) as door:
            assert door.send(EVENT)[0] == 200

    def test_close_cuts_whoever_waits(self) -> None:
        with opened(lambda _batch: None) as door:
            silent = socket.create_connection(("127.0.0.1", door.port), timeout=EVENTUALLY)
            waiting = socket.create_connection(("127.0.0.1", door.port), timeout=EVENTUALLY)
            waiting.sendall(HEAD.encode() + b"Content-Length: 2\r\n\r\n{}")
            wait_until(lambda: door.recorded)
            begin = time.monotonic()
            door.feed.close()
            assert time.monotonic() - begin < EVENTUALLY
            for one in (silent, waiting):
                assert one.recv(1000) == b""
                one.close()

    def test_it_may_be_started_again(self) -> None:
        feed = Webhook(Settings(kind="webhook", name="crm", port=0))
        for _ in range(2):
            door = Opened(feed, lambda batch: batch.settled(None))
            assert door.send(EVENT)[0] == 200
            feed.close()
            door.thread.join(EVENTUALLY)
            assert not door.thread.is_alive()
