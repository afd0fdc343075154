"""A Kafka topic is read completely, each partition in order, whatever happens to the broker."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("confluent_kafka")

from factoryview.errors import InputError
from factoryview.plant.feeds import KafkaFeed
from factoryview.sources.feeds import kafka, open_feed
from factoryview.sources.feeds.feed import LARGEST_BATCH, Feed, FeedError, Message
from tests.kit.servers.gathering import EVENTUALLY, Gatherer, seconds_to_close, silent_server
from tests.kit.servers.kafka_broker import PARTITIONS, KafkaBroker
from tests.kit.servers.redis_server import free_port

pytestmark = pytest.mark.parts


@pytest.fixture
def broker() -> Iterator[KafkaBroker]:
    with KafkaBroker() as started:
        yield started


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Tests wait less for what does not come, but for the one that measures how long a feed waits."""
    if "closing" not in request.node.name:
        monkeypatch.setattr(kafka, "_WAIT", 0.2)
        monkeypatch.setattr(kafka, "_ASK_IDLE", 0.5)
        monkeypatch.setattr(kafka, "_ANSWER_WITHIN", 2.0)


def feed_of(servers: str, **settings: str) -> Feed:
    words = {name.replace("_", "."): value for name, value in settings.items()}
    return open_feed(KafkaFeed(kind="kafka", name="orders", servers=servers, topic="events", settings=words), Path())


def bodies(count: int, first: int = 0) -> list[str]:
    return [json.dumps({"id": f"e{k}", "case": f"c{k % 7}", "number": k}) for k in range(first, first + count)]


def numbers(messages: list[Message]) -> list[int]:
    return sorted(message.fields["number"] for message in messages)


def by_partition(messages: list[Message]) -> dict[str, list[int]]:
    found = defaultdict(list)
    for message in messages:
        found[message.key.partition("/")[0]].append(message.fields["number"])
    return found


def test_all_partitions_in_order_and_on_from_a_position(broker: KafkaBroker) -> None:
    count = 3 * LARGEST_BATCH
    broker.send("events", bodies(count))
    with Gatherer(lambda: feed_of(broker.servers)) as first:
        first.wait_for(count)
    broker.send("events", bodies(100, count))
    with Gatherer(lambda: feed_of(broker.servers), first.position) as second:
        second.wait_for(100)
        heard = second.heard
        second.wait(lambda gatherer: gatherer.heard > heard + 1)
    assert numbers(first.messages) == list(range(count))
    assert numbers(second.messages) == list(range(count, count + 100))
    parts = by_partition(first.messages + second.messages)
    assert len(parts) == PARTITIONS
    assert all(part == sorted(part) for part in parts.values())
    assert len({message.key for message in first.messages + second.messages}) == count + 100
    assert first.troubles == second.troubles == []


def test_batches_are_bounded(broker: KafkaBroker) -> None:
    broker.send("events", bodies(4 * LARGEST_BATCH), partition=0)
    feed = feed_of(broker.servers)
    feed.start(None)
    sizes: list[int] = []
    for batch in feed.batches():
        sizes.append(len(batch.messages))
        if sum(sizes) == 4 * LARGEST_BATCH:
            feed.close()
    assert max(sizes) <= LARGEST_BATCH


def test_a_killed_broker_that_comes_back_empty_is_read_from_its_new_beginning(broker: KafkaBroker) -> None:
    broker.send("events", bodies(1_000))
    with Gatherer(lambda: feed_of(broker.servers)) as gatherer:
        gatherer.wait_for(1_000)
        broker.kill()
        gatherer.wait(lambda it: len(it.troubles) > 0)
        heard = gatherer.heard
        time.sleep(1)
        assert gatherer.heard == heard, "a sign of life of a broker that is dead"
        broker.start()
        broker.send("events", bodies(3_000, 1_000))
        gatherer.wait_for(4_000)
    assert numbers(gatherer.messages) == list(range(4_000))
    assert len({message.key for message in gatherer.messages}) == 4_000
    assert f"{broker.servers}, topic events" in gatherer.troubles[0]


def test_a_broker_that_comes_back_with_fewer_records_is_read_from_its_new_beginning(broker: KafkaBroker) -> None:
    broker.send("events", bodies(400))
    with Gatherer(lambda: feed_of(broker.servers)) as first:
        first.wait_for(400)
    broker.kill()
    broker.start()
    broker.send("events", bodies(40, 400))
    with Gatherer(lambda: feed_of(broker.servers), first.position) as second:
        second.wait_for(40)
    assert numbers(second.messages) == list(range(400, 440))


def test_records_removed_before_they_were_read_are_told(broker: KafkaBroker) -> None:
    """The mock cluster keeps the newest 5 MiB of a partition."""
    broker.send("events", bodies(10), partition=0)
    with Gatherer(lambda: feed_of(broker.servers)) as first:
        first.wait_for(10)
    broker.send("events", [json.dumps({"number": k, "note": "x" * 9_000}) for k in range(10, 1_010)], partition=0)
    with Gatherer(lambda: feed_of(broker.servers), first.position) as second:
        second.wait(lambda it: any(message.fields.get("number") == 1_009 for message in it.messages))
    gaps = [message for message in second.messages if message.trouble]
    read = numbers([message for message in second.messages if not message.trouble])
    assert read == list(range(read[0], 1_010))
    assert read[0] > 10
    assert [gap.trouble for gap in gaps] == [f"{read[0] - 10} records were removed before being read"]
    assert "partition 0, from 10 on" in gaps[0].raw


def test_new_partitions_are_read_from_their_beginning(broker: KafkaBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    broker.send("events", bodies(40))
    first_answer = kafka.KafkaTopic._first_answer
    monkeypatch.setattr(kafka.KafkaTopic, "_first_answer", lambda feed: first_answer(feed)[:1])
    with Gatherer(lambda: feed_of(broker.servers)) as gatherer:
        gatherer.wait_for(40)
    assert numbers(gatherer.messages) == list(range(40))
    assert gatherer.troubles == []


def test_unreadable_records_come_with_their_trouble(broker: KafkaBroker) -> None:
    broker.send("events", ["{broken", b"\xff\xfe", None, *bodies(1)], partition=0)
    with Gatherer(lambda: feed_of(broker.servers)) as gatherer:
        gatherer.wait_for(4)
    assert [message.trouble[:8] for message in gatherer.messages] == ["no JSON:", "no JSON:", "a record", ""]


def test_a_topic_that_is_not_there_is_told(broker: KafkaBroker) -> None:
    with pytest.raises(FeedError, match=r"topic events: .*[Uu]nknown topic"):
        feed_of(broker.servers).start(None)


def test_a_broker_that_falls_silent_gives_no_sign_of_life_and_is_told(broker: KafkaBroker) -> None:
    broker.send("events", bodies(4))
    with Gatherer(lambda: feed_of(broker.servers)) as gatherer:
        gatherer.wait_for(4)
        broker.stall()
        gatherer.wait(lambda it: len(it.troubles) > 0, 10)
        assert "gives no answer" in gatherer.troubles[0]


def test_nobody_there_is_told_and_nothing_is_written_to_the_error_output(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FeedError, match="refused"):
        feed_of(f"127.0.0.1:{free_port()}").start(None)
    assert capfd.readouterr().err == ""


def test_a_server_that_never_answers_is_told_in_time_without_the_password() -> None:
    secrets = {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN", "sasl_username": "u"}
    with silent_server() as port:
        feed = feed_of(f"127.0.0.1:{port}", sasl_password="wr0ng-secret", **secrets)
        began = time.monotonic()
        with pytest.raises(FeedError, match=f"127.0.0.1:{port}, topic events") as refused:
            feed.start(None)
    assert time.monotonic() - began < EVENTUALLY
    assert "wr0ng-secret" not in str(refused.value)


def test_a_refusal_is_told_without_the_password(broker: KafkaBroker) -> None:
    """The mock cluster knows no SASL."""
    secrets = {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN", "sasl_username": "u"}
    with pytest.raises(FeedError) as refused:
        feed_of(broker.servers, sasl_password="wr0ng-secret", **secrets).start(None)
    assert "wr0ng-secret" not in str(refused.value)


def test_settings_nobody_knows_are_refused() -> None:
    with pytest.raises(InputError, match="colour"):
        feed_of("127.0.0.1:1", colour="red")


def test_a_place_of_another_kind_is_refused() -> None:
    with pytest.raises(FeedError, match="no place in a topic"):
        feed_of("127.0.0.1:1").start("1-0 5")


def test_closing_ends_the_waiting(broker: KafkaBroker) -> None:
    broker.send("events", bodies(1))
    assert seconds_to_close(feed_of(broker.servers)) < EVENTUALLY
