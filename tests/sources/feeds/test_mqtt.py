"""An MQTT topic is read completely: what is not on disk is not acknowledged and comes again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("paho.mqtt")

from factoryview.errors import FactoryviewError, InputError
from factoryview.plant.feeds import MqttFeed
from factoryview.sources.feeds import mqtt, open_feed
from factoryview.sources.feeds.feed import LARGEST_BATCH, Feed, FeedError, Message
from tests.kit.screen import until
from tests.kit.servers.certificates import own_certificate
from tests.kit.servers.gathering import EVENTUALLY, Gatherer, seconds_to_close, silent_server
from tests.kit.servers.mqtt_broker import MqttBroker
from tests.kit.servers.redis_server import free_port
from tests.kit.servers.relay import Relay


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[MqttBroker]:
    with MqttBroker(tmp_path / "mqtt") as started:
        yield started


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Tests wait less for what does not come, but for the one that measures how long a feed waits."""
    if "closing" not in request.node.name:
        monkeypatch.setattr(mqtt, "_WAIT", 0.1)
        monkeypatch.setattr(mqtt, "_ANSWER_WITHIN", 2.0)


def feed_of(url: str, topic: str = "plant/events", client: str | None = None) -> Feed:
    return open_feed(MqttFeed(kind="mqtt", name="orders", url=url, topic=topic, client=client), Path())


def bodies(count: int, first: int = 0) -> list[str]:
    return [json.dumps({"id": f"e{k}", "case": f"c{k % 7}"}) for k in range(first, first + count)]


def ids(messages: list[Message]) -> list[str]:
    return [message.fields["id"] for message in messages]


def expected(count: int, first: int = 0) -> list[str]:
    return [f"e{k}" for k in range(first, first + count)]


@pytest.mark.parts
def test_all_in_order_and_what_came_meanwhile(broker: MqttBroker) -> None:
    with Gatherer(lambda: feed_of(broker.url)) as first:
        first.wait(lambda it: it.heard > 0)
        broker.send("plant/events", bodies(6_000))
        assert ids(first.wait_for(6_000)) == expected(6_000)
    broker.send("plant/events", bodies(2_500, 6_000))
    with Gatherer(lambda: feed_of(broker.url), first.position) as second:
        assert ids(second.wait_for(2_500)) == expected(2_500, 6_000)
        second.wait(lambda it: it.messages[-1].fields["id"] == "e8499")
    with Gatherer(lambda: feed_of(broker.url), second.position) as third:
        third.wait(lambda it: it.heard > 1)
    assert third.messages == []
    assert first.troubles == second.troubles == third.troubles == []


@pytest.mark.parts
def test_only_what_is_settled_is_acknowledged(broker: MqttBroker) -> None:
    feed = feed_of(broker.url)
    feed.start(None)
    batches = feed.batches()
    assert next(batches).messages == []
    broker.send("plant/events", bodies(3))
    kept = read_some(batches, 3)
    broker.send("plant/events", bodies(2, 3))
    lost: list[Message] = []
    while len(lost) < 2:
        batch = next(batches)
        lost += batch.messages
        batch.settled(FactoryviewError("the disk is full"))
    feed.close()
    assert list(batches) == []
    with Gatherer(lambda: feed_of(broker.url)) as again:
        again.wait_for(2)
        again.wait(lambda it: it.heard > 2)
    assert (ids(kept), ids(lost), ids(again.messages)) == (expected(3), expected(2, 3), expected(2, 3))


def read_some(batches: Iterator[object], count: int) -> list[Message]:
    found: list[Message] = []
    while len(found) < count:
        batch = next(batches)
        found += batch.messages  # type: ignore[attr-defined]
        batch.settled(None)  # type: ignore[attr-defined]
    return found


def waits(feed: mqtt.MqttTopic, messages: int) -> None:
    """So many messages come and wait to be taken, and no more."""
    came = feed._session.came  # type: ignore[union-attr]
    until(lambda: came.qsize() >= messages, f"{messages} messages come")
    time.sleep(0.3)
    assert came.qsize() == messages


@pytest.mark.parts
def test_the_broker_keeps_what_is_not_taken(broker: MqttBroker) -> None:
    feed = feed_of(broker.url)
    feed.start(None)
    batches = feed.batches()
    next(batches)
    broker.send("plant/events", bodies(4 * mqtt.UNACKNOWLEDGED))
    waits(feed, mqtt.UNACKNOWLEDGED)
    assert ids(read_some(batches, 4 * mqtt.UNACKNOWLEDGED)) == expected(4 * mqtt.UNACKNOWLEDGED)
    feed.close()
    batches.close()  # type: ignore[attr-defined]


@pytest.mark.parts
def test_what_needs_no_acknowledgement_is_bounded_too(broker: MqttBroker) -> None:
    feed = feed_of(broker.url)
    feed.start(None)
    batches = feed.batches()
    next(batches)
    broker.send("plant/events", bodies(LARGEST_BATCH + 500), qos=0)
    waits(feed, LARGEST_BATCH)
    assert ids(read_some(batches, LARGEST_BATCH + 500)) == expected(LARGEST_BATCH + 500)
    broker.send("plant/events", bodies(LARGEST_BATCH + 500), qos=0)
    waits(feed, LARGEST_BATCH)
    feed.close()
    assert list(batches) == []


@pytest.mark.parts
def test_a_killed_broker_loses_nothing_it_had_saved(broker: MqttBroker) -> None:
    with Gatherer(lambda: feed_of(broker.url)) as gatherer:
        gatherer.wait(lambda it: it.heard > 0)
        broker.send("plant/events", bodies(500))
        gatherer.wait_for(500)
        broker.save()
        broker.kill()
        gatherer.wait(lambda it: len(it.troubles) > 0)
        broker.start()
        heard = gatherer.heard
        gatherer.wait(lambda it: it.heard > heard)
        broker.send("plant/events", bodies(500, 500))
        gatherer.wait(lambda it: "e999" in ids(it.messages))
    assert list(dict.fromkeys(ids(gatherer.messages))) == expected(1_000)  # what it had not saved as acknowledged twice
    assert f"127.0.0.1:{broker.port}, topic plant/events" in gatherer.troubles[0]


@pytest.mark.parts
def test_a_broker_that_saves_each_change_keeps_what_came_while_nobody_listened(tmp_path: Path) -> None:
    with MqttBroker(tmp_path, durable=True) as broker:
        with Gatherer(lambda: feed_of(broker.url)) as first:
            first.wait(lambda it: it.heard > 0)
        broker.send("plant/events", bodies(50))
        broker.save()
        broker.kill()
        broker.start()
        with Gatherer(lambda: feed_of(broker.url), first.position) as second:
            assert ids(second.wait_for(50)) == expected(50)


@pytest.mark.parts
def test_a_session_the_broker_has_forgotten_is_told(broker: MqttBroker) -> None:
    with Gatherer(lambda: feed_of(broker.url)) as first:
        first.wait(lambda it: it.heard > 0)
    broker.kill()
    broker.start()
    with Gatherer(lambda: feed_of(broker.url), first.position) as second:
        (message,) = second.wait_for(1)
    assert "forgotten our session" in message.trouble
    assert message.raw.startswith(f"MQTT at 127.0.0.1:{broker.port}, topic plant/events")


@pytest.mark.parts
@pytest.mark.parametrize("answer", [b"\x20\x02\x00\x01", b""], ids=["refuses", "hangs up"])
def test_a_broker_without_mqtt_5_is_spoken_to_in_3(broker: MqttBroker, answer: bytes) -> None:
    def old(first: bytes) -> bytes | None:
        return answer if first.partition(b"MQTT")[2][0] == 5 else None

    with Relay(broker.port, old) as relay:
        with Gatherer(lambda: feed_of(f"mqtt://127.0.0.1:{relay.port}")) as first:
            first.wait(lambda it: it.heard > 0)
        broker.send("plant/events", bodies(100))
        with Gatherer(lambda: feed_of(f"mqtt://127.0.0.1:{relay.port}"), first.position) as second:
            assert ids(second.wait_for(100)) == expected(100)
        assert first.troubles == second.troubles == []


@pytest.mark.parts
def test_filters_and_unreadable_messages(broker: MqttBroker) -> None:
    with Gatherer(lambda: feed_of(broker.url, "plant/+/events")) as gatherer:
        gatherer.wait(lambda it: it.heard > 0)
        broker.send("plant/a/events", ["{broken", b"\xff", *bodies(1)])
        broker.send("plant/b/events", [json.dumps([{"id": "e1"}, {"id": "e2"}])])
        gatherer.wait_for(5)
    assert [message.trouble[:7] for message in gatherer.messages] == ["no JSON", "no JSON", "", "", ""]
    assert ids(gatherer.messages[2:]) == expected(3)
    assert {message.key for message in gatherer.messages} == {""}


@pytest.mark.parts
def test_what_is_retained_comes_once_to_a_session(broker: MqttBroker) -> None:
    from paho.mqtt import publish

    publish.single("plant/events", bodies(1)[0], qos=1, retain=True, hostname="127.0.0.1", port=broker.port)
    with Gatherer(lambda: feed_of(broker.url)) as first:
        first.wait_for(1)
    with Gatherer(lambda: feed_of(broker.url), first.position) as second:
        second.wait(lambda it: it.heard > 1)
    assert second.messages == []


@pytest.mark.parts
def test_two_with_one_name_are_told(broker: MqttBroker) -> None:
    with Gatherer(lambda: feed_of(broker.url, client="wall")) as first:
        first.wait(lambda it: it.heard > 0)
        with Gatherer(lambda: feed_of(broker.url, client="wall")):
            first.wait(lambda it: len(it.troubles) > 0)
    assert 'other program called "wall"' in first.troubles[0]


@pytest.mark.parts
@pytest.mark.filterwarnings("ignore:unclosed <ssl:ResourceWarning")  # paho leaves a socket whose handshake failed
def test_tls_by_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, key = own_certificate(tmp_path)
    port = free_port()
    more = [f"listener {port} 127.0.0.1", f"cafile {certificate}", f"certfile {certificate}", f"keyfile {key}"]
    with MqttBroker(tmp_path / "mqtt", password="right", more=more) as broker:
        url = f"mqtts://plant:right@127.0.0.1:{port}"
        with pytest.raises(FeedError, match="certificate verify failed"):
            feed_of(url).start(None)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with Gatherer(lambda: feed_of(url)) as gatherer:
            gatherer.wait(lambda it: it.heard > 0)
            broker.send("plant/events", bodies(10))
            assert ids(gatherer.wait_for(10)) == expected(10)


@pytest.mark.parts
def test_a_wrong_password_is_told_and_never_shown(tmp_path: Path) -> None:
    with MqttBroker(tmp_path, password="r/ght") as broker:
        for user in ("plant:wr0ng-secret@", ""):
            with pytest.raises(FeedError, match=f"127.0.0.1:{broker.port}, topic plant/events: Not authorized") as no:
                feed_of(f"mqtt://{user}127.0.0.1:{broker.port}").start(None)
            assert "wr0ng-secret" not in str(no.value)
        with Gatherer(lambda: feed_of(f"mqtt://plant:r%2Fght@127.0.0.1:{broker.port}")) as gatherer:
            gatherer.wait(lambda it: it.heard > 0)
            broker.send("plant/events", bodies(1))
            gatherer.wait_for(1)


@pytest.mark.parts
def test_a_broker_that_falls_silent_is_told(broker: MqttBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt, "_KEEPALIVE", 1)
    with Gatherer(lambda: feed_of(broker.url)) as gatherer:
        gatherer.wait(lambda it: it.heard > 0)
        broker.stall()
        gatherer.wait(lambda it: len(it.troubles) > 0)
        assert "Keep alive timeout" in gatherer.troubles[0]


def test_nobody_there_is_told() -> None:
    with pytest.raises(FeedError, match="refused"):
        feed_of(f"mqtt://127.0.0.1:{free_port()}").start(None)


def test_a_server_that_never_answers_is_told_in_time() -> None:
    with silent_server() as port:
        began = time.monotonic()
        with pytest.raises(FeedError, match=f"127.0.0.1:{port}, topic plant/events: no answer") as refused:
            feed_of(f"mqtt://plant:wr0ng-secret@127.0.0.1:{port}").start(None)
    assert time.monotonic() - began < EVENTUALLY
    assert "wr0ng-secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "topic"),
    [
        ("http://localhost", "a"),
        ("mqtt://", "a"),
        ("mqtt://u:se/cret@localhost", "a"),
        ("mqtt://localhost/a", "a"),
        ("mqtt://localhost", "a/#/b"),
    ],
)
def test_an_address_that_is_none_is_refused(url: str, topic: str) -> None:
    with pytest.raises(InputError, match="no address of an MQTT broker") as refused:
        feed_of(url, topic)
    assert "cret" not in str(refused.value)


def test_the_name_of_the_session_outlives_a_change_of_the_password() -> None:
    names = [feed_of(f"mqtt://u:{word}@localhost")._name for word in ("one", "two")]  # type: ignore[attr-defined]
    assert names[0] == names[1]
    assert len(names[0]) <= 23
    assert feed_of("mqtt://localhost", "other")._name != names[0]  # type: ignore[attr-defined]


@pytest.mark.parts
def test_closing_ends_the_waiting(broker: MqttBroker) -> None:
    assert seconds_to_close(feed_of(broker.url)) < EVENTUALLY
    started = feed_of(broker.url)
    started.start(None)
    started.close()
    assert list(started.batches()) == []
