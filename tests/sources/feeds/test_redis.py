"""A Redis stream is read completely and in order, whatever happens to the server; what cannot be read is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("redis")

import redis

from factoryview.errors import InputError
from factoryview.plant.feeds import RedisFeed
from factoryview.sources.feeds import open_feed, redis_stream
from factoryview.sources.feeds.feed import LARGEST_BATCH, Feed, FeedError, Message
from factoryview.sources.feeds.redis_stream import messages_of_entry
from tests.kit.servers.certificates import own_certificate
from tests.kit.servers.gathering import EVENTUALLY, Gatherer, seconds_to_close, silent_server
from tests.kit.servers.redis_server import RedisServer, free_port


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path / "redis") as started:
        yield started


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Tests that wait for signs of life or a look at the stream wait less, but for those that measure time."""
    if "in_time" not in request.node.name and "closing" not in request.node.name:
        monkeypatch.setattr(redis_stream, "_BLOCK", 0.1)
        monkeypatch.setattr(redis_stream, "_LOOK_EVERY", 0.2)


def feed_of(url: str, stream: str = "events") -> Feed:
    return open_feed(RedisFeed(kind="redis", name="orders", url=url, stream=stream), Path())


def bodies(count: int, first: int = 0) -> list[str]:
    return [json.dumps({"id": f"e{k}", "case": f"c{k % 7}", "stage": "Offer"}) for k in range(first, first + count)]


def ids(messages: list[Message]) -> list[str]:
    return [message.fields["id"] for message in messages]


def expected(count: int) -> list[str]:
    return [f"e{k}" for k in range(count)]


# ---- what an entry says


def test_fields_are_an_event() -> None:
    (message,) = messages_of_entry("1-0", [b"case", b"1", b"stage", "Prüfung".encode(), b"data", b"none"])
    assert message.fields == {"case": "1", "stage": "Prüfung", "data": "none"}
    assert (message.key, message.trouble) == ("1-0", "")


@pytest.mark.parametrize("name", [b"data", b"event", b"payload", b"json", b"body", b"anything"])
def test_one_field_with_json_is_opened(name: bytes) -> None:
    (message,) = messages_of_entry("1-0", [name, b' {"case": 1}'])
    assert message.fields == {"case": 1}
    assert message.key == "1-0"


def test_a_list_is_many_messages_with_places() -> None:
    found = messages_of_entry("1-0", [b"id", b"x", b"data", b'[{"case": 1}, {"case": 2}]'])
    assert [(message.key, message.fields) for message in found] == [("1-0#0", {"case": 1}), ("1-0#1", {"case": 2})]


def test_what_stands_around_the_json_is_kept() -> None:
    (message,) = messages_of_entry("1-0", [b"id", b"x", b"stage", b"A", b"payload", b'{"case": 1, "stage": "B"}'])
    assert message.fields == {"id": "x", "stage": "B", "case": 1}


def test_a_cloud_event_in_fields_is_opened() -> None:
    parts = [b"specversion", b"1.0", b"id", b"7", b"source", b"/shop", b"data", b'{"case": 1}']
    (message,) = messages_of_entry("1-0", parts)
    assert (message.fields, message.identity, message.key) == ({"case": 1}, "/shop 7", "1-0")


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([b"data", b"{"], "no JSON"),
        ([b"data", b"hello"], "no JSON"),
        ([b"data", b"[1]"], "a number"),
        ([b"case", b"1", b"payload", b"{nonsense}"], "no JSON"),
        ([b"case", b"\xff", b"stage", b"A"], "UTF-8"),
        ([b"data", b'{"case": "\xff"}'], "no JSON"),
    ],
)
def test_what_cannot_be_read_is_told(parts: list[bytes], why: str) -> None:
    (message,) = messages_of_entry("1-0", parts)
    assert why in message.trouble
    assert message.fields == {}
    assert message.raw


@pytest.mark.parametrize("url", ["http://localhost", "redis://u:se/cret@localhost", "redis://localhost?colour=red"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="no address of a Redis server") as refused:
        feed_of(url)
    assert "cret" not in str(refused.value)
    assert "'se'" not in str(refused.value)


# ---- the server


@pytest.mark.parts
def test_all_in_order_and_on_from_a_position(server: RedisServer) -> None:
    count = 2 * LARGEST_BATCH + 17
    server.add("events", bodies(count))
    with Gatherer(lambda: feed_of(server.url)) as first:
        assert ids(first.wait_for(count)) == expected(count)
        first.wait(lambda gatherer: gatherer.messages[-1].fields["id"] == f"e{count - 1}")
    server.add("events", bodies(100, count))
    with Gatherer(lambda: feed_of(server.url), first.position) as second:
        assert ids(second.wait_for(100)) == [f"e{k}" for k in range(count, count + 100)]
    keys = [message.key for message in first.messages + second.messages]
    assert len(set(keys)) == count + 100
    assert first.troubles == second.troubles == []


@pytest.mark.parts
def test_batches_are_bounded_and_a_list_that_is_larger_is_not_passed_halfway(server: RedisServer) -> None:
    many = [{"id": f"e{k}"} for k in range(LARGEST_BATCH + 3)]
    server.add("events", [json.dumps(many)])
    feed = feed_of(server.url)
    feed.start(None)
    batches = feed.batches()
    first, second = next(batches), next(batches)
    feed.close()
    assert list(batches) == []
    assert (len(first.messages), len(second.messages)) == (LARGEST_BATCH, 3)
    with Gatherer(lambda: feed_of(server.url), first.position) as again:
        again.wait_for(len(many))
    with Gatherer(lambda: feed_of(server.url), second.position) as done:
        done.wait(lambda gatherer: gatherer.heard > 1)
    assert done.messages == []


@pytest.mark.parts
def test_large_entries_make_small_batches(server: RedisServer) -> None:
    large = [json.dumps({"id": f"e{k}", "note": "x" * 400_000}) for k in range(150)]
    server.add("events", large)
    feed = feed_of(server.url)
    feed.start(None)
    sizes: list[int] = []
    for batch in feed.batches():
        sizes.append(len(batch.messages))
        if sum(sizes) == 150:
            break
    feed.close()
    assert sizes[0] == 100
    assert max(sizes[1:]) <= 40


@pytest.mark.parts
def test_a_killed_server_loses_and_repeats_nothing(server: RedisServer) -> None:
    server.add("events", bodies(1_000))
    with Gatherer(lambda: feed_of(server.url)) as gatherer:
        gatherer.wait_for(1_000)
        server.kill()
        gatherer.wait(lambda it: len(it.troubles) > 0)
        server.start()
        server.add("events", bodies(1_000, 1_000))
        assert ids(gatherer.wait_for(2_000)) == expected(2_000)
    assert f"127.0.0.1:{server.port}, stream events" in gatherer.troubles[0]
    assert len({message.key for message in gatherer.messages}) == 2_000


@pytest.mark.parts
def test_kills_under_load_lose_and_repeat_nothing(server: RedisServer) -> None:
    count, sent = 2_000, 0

    def send() -> None:
        """Each at least once: an entry whose answer got lost is sent again."""
        nonlocal sent
        with server.client() as client:
            while sent < count:
                with suppress(redis.RedisError):
                    client.xadd("events", {"data": bodies(1, sent)[0]})
                    sent += 1

    sender = threading.Thread(target=send, daemon=True)
    with Gatherer(lambda: feed_of(server.url)) as gatherer:
        sender.start()
        for part in (1, 2):
            gatherer.wait(lambda it, least=part * count // 3: len(it.messages) > least)  # type: ignore[misc]
            server.kill()
            server.start()
        gatherer.wait(lambda it: f"e{count - 1}" in ids(it.messages[-5:]))
    sender.join(10)
    assert list(dict.fromkeys(ids(gatherer.messages))) == expected(count)
    assert len({message.key for message in gatherer.messages}) == len(gatherer.messages)
    assert len(gatherer.troubles) >= 2


@pytest.mark.parts
def test_a_server_that_lost_everything_is_read_from_its_new_beginning(tmp_path: Path) -> None:
    with RedisServer(tmp_path, durable=False) as server, Gatherer(lambda: feed_of(server.url)) as gatherer:
        server.add("events", bodies(50))
        gatherer.wait_for(50)
        server.kill()
        server.start()
        gatherer.wait(lambda it: it.position == "0-0 0")
        with server.client() as client:
            for k in range(50, 60):
                client.xadd("events", {"data": bodies(1, k)[0]}, id=f"{k}-1")
        assert ids(gatherer.wait_for(60)) == expected(60)


@pytest.mark.parts
def test_a_stream_made_anew_while_followed_is_read_from_its_beginning(server: RedisServer) -> None:
    server.add("events", bodies(20))
    with Gatherer(lambda: feed_of(server.url)) as gatherer, server.client() as client:
        gatherer.wait_for(20)
        client.delete("events")
        client.xadd("events", {"data": bodies(1, 20)[0]}, id="1-1")
        assert ids(gatherer.wait_for(21)) == expected(21)
        assert gatherer.position == "1-1 1"


@pytest.mark.parts
def test_entries_removed_before_they_were_read_are_told_once(server: RedisServer) -> None:
    server.add("events", bodies(100))
    with Gatherer(lambda: feed_of(server.url)) as first:
        first.wait_for(100)
    server.add("events", bodies(100, 100))
    with server.client() as client:
        client.xtrim("events", maxlen=70, approximate=False)
    for _ in range(2):
        with Gatherer(lambda: feed_of(server.url), first.position) as second:
            second.wait_for(71)
            second.wait(lambda gatherer: gatherer.heard > 2)
        gap, *rest = second.messages
        assert gap.trouble == "30 entries were removed from the stream before being read"
        assert "stream events" in gap.raw
        assert ids(rest) == [f"e{k}" for k in range(130, 200)]
        assert [message.trouble for message in rest] == [""] * 70
    with Gatherer(lambda: feed_of(server.url), second.position) as third:
        third.wait(lambda gatherer: gatherer.heard > 1)
    assert third.messages == []


@pytest.mark.parts
def test_entries_removed_while_following_are_told(server: RedisServer) -> None:
    server.add("events", bodies(10))
    feed = feed_of(server.url)
    feed.start(None)
    batches = feed.batches()
    assert ids(list(next(batches).messages)) == expected(10)
    server.add("events", bodies(10, 10))
    with server.client() as client:
        client.xtrim("events", maxlen=4, approximate=False)
        found: list[Message] = []
        until = time.monotonic() + EVENTUALLY
        while len(found) < 5 and time.monotonic() < until:
            found += next(batches).messages
        feed.close()
    batches.close()
    assert ids([message for message in found if not message.trouble]) == ["e16", "e17", "e18", "e19"]
    assert [message.trouble[:9] for message in found if message.trouble] == ["6 entries"]


@pytest.mark.parts
def test_a_stream_that_is_trimmed_behind_the_reader_is_no_loss(server: RedisServer) -> None:
    server.add("events", bodies(100))
    with Gatherer(lambda: feed_of(server.url)) as gatherer, server.client() as client:
        gatherer.wait_for(100)
        client.xtrim("events", maxlen=0, approximate=False)
        heard = gatherer.heard
        gatherer.wait(lambda it: it.heard > heard + 1)
        server.add("events", bodies(5, 100))
        gatherer.wait_for(105)
    assert ids(gatherer.messages) == expected(105)


@pytest.mark.parts
def test_a_stream_that_is_not_there_yet_is_waited_for(server: RedisServer) -> None:
    with Gatherer(lambda: feed_of(server.url)) as gatherer:
        gatherer.wait(lambda it: it.heard > 1)
        server.add("events", bodies(3))
        assert ids(gatherer.wait_for(3)) == expected(3)
        assert gatherer.troubles == []


@pytest.mark.parts
def test_unreadable_entries_come_with_their_trouble(server: RedisServer) -> None:
    server.add("events", ["{broken", *bodies(1), "NaN"])
    with Gatherer(lambda: feed_of(server.url)) as gatherer:
        gatherer.wait_for(3)
    assert [bool(message.trouble) for message in gatherer.messages] == [True, False, True]


@pytest.mark.parts
def test_what_is_no_stream_is_told(server: RedisServer) -> None:
    with server.client() as client:
        client.set("events", "text")
    with pytest.raises(FeedError, match="stream events: WRONGTYPE"):
        feed_of(server.url).start(None)


@pytest.mark.parts
def test_a_wrong_password_is_told_and_never_shown(tmp_path: Path) -> None:
    with RedisServer(tmp_path, password="right") as server:
        for secret in ("wr0ng-secret", ""):
            feed = feed_of(f"redis://:{secret}@127.0.0.1:{server.port}")
            with pytest.raises(FeedError, match=f"127.0.0.1:{server.port}, stream events") as refused:
                feed.start(None)
            assert "wr0ng-secret" not in str(refused.value)
        server.add("events", bodies(1))
        with Gatherer(lambda: feed_of(server.url)) as gatherer:
            gatherer.wait_for(1)


@pytest.mark.parts
def test_tls_by_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, key = own_certificate(tmp_path)
    port = free_port()
    files = ["--tls-cert-file", str(certificate), "--tls-key-file", str(key), "--tls-ca-cert-file", str(certificate)]
    more = ["--tls-port", str(port), "--tls-auth-clients", "no", *files]
    with RedisServer(tmp_path / "redis", password="right", more=more) as server:
        url = f"rediss://:right@127.0.0.1:{port}"
        with pytest.raises(FeedError, match="certificate verify failed"):
            feed_of(url).start(None)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        server.add("events", bodies(10))
        with Gatherer(lambda: feed_of(url)) as gatherer:
            assert ids(gatherer.wait_for(10)) == expected(10)
        assert seconds_to_close(feed_of(url), gatherer.position) < EVENTUALLY


def test_nobody_there_is_told() -> None:
    with pytest.raises(FeedError, match="refused"):
        feed_of(f"redis://127.0.0.1:{free_port()}").start(None)


def test_a_server_that_never_answers_is_told_in_time() -> None:
    with silent_server() as port:
        for url in (f"redis://:wr0ng-secret@127.0.0.1:{port}", f"redis://127.0.0.1:{port}"):
            began = time.monotonic()
            with pytest.raises(FeedError, match="gives no answer") as refused:
                feed_of(url).start(None)
            assert time.monotonic() - began < EVENTUALLY
            assert "wr0ng-secret" not in str(refused.value)


def test_a_place_of_another_kind_is_refused() -> None:
    with pytest.raises(FeedError, match="no place in a stream"):
        feed_of("redis://127.0.0.1:1").start('{"0": 7}')


@pytest.mark.parts
def test_closing_ends_the_waiting(server: RedisServer) -> None:
    assert seconds_to_close(feed_of(server.url)) < EVENTUALLY
