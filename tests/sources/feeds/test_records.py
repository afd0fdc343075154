"""What messages say: events, counts, or nothing that can be used."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.plant.feeds import HttpFeed
from factoryview.plant.words import Times
from factoryview.sources.feeds.feed import Message, messages_of
from factoryview.sources.feeds.records import Interpreted, Interpreter

NOON = 1_774_958_400_000_000
"""2026-03-31 12:00 UTC."""
HOUR = 3_600_000_000


def read(*bodies: object, times: Times = "entry", arrived: int = NOON, key: str = "", **settings: Any) -> Interpreted:
    feed = HttpFeed(name="shop", kind="http", url="http://localhost", **settings)
    messages = [
        message
        for k, body in enumerate(bodies)
        for message in messages_of(json.dumps(body), f"{key}{k}" if key else "")
    ]
    return Interpreter(feed, times, "Europe/Berlin")(messages, arrived)


def event(**fields: object) -> dict[str, object]:
    return {"case": "C-1", "stage": "Offer", "time": "2026-03-31T10:00:00Z", **fields}


def test_an_event_with_everything_in_it() -> None:
    said = event(resource="Ada", value="1.234,50", channel="Ads", reason="price", weight=3)
    [found] = read(said).events
    assert found[1:] == ("C-1", "Offer", NOON - 2 * HOUR, None, "Ada", 1234.5, "Ads", "price", 1.0, '{"weight": 3}')


def test_a_count_of_cases_is_believed_when_it_is_said() -> None:
    settings = {"columns": {"weight": "n"}}
    assert [e.weight for e in read(event(n=3), event(n="2,5"), event(), event(weight=9), **settings).events] == [
        3, 2.5, 1, 1
    ]  # fmt: skip
    reading = read(*(event(n=n) for n in (0, -1, 2e6)), **settings)
    assert [r.reason for r in reading.rejected] == ["0 cases cannot be", "-1 cases cannot be", "2e+06 cases cannot be"]


@pytest.mark.parametrize("stage", ["\u200b", "\u2060 \u00ad", "\u0301"])
def test_a_name_of_which_nothing_can_be_seen_is_none(stage: str) -> None:
    reading = read(event(stage=stage))
    assert [r.reason for r in reading.rejected] == ["stage is no name: nothing of it can be seen"]


@pytest.mark.parametrize(
    "said",
    [
        {"deal_id": 7, "deal_stage": "Offer", "timestamp": "2026-03-31T12:00:00"},
        {"deal": {"id": 7, "stage": "Offer"}, "timestamp": "31.03.2026 12:00"},
        {"Vorgangsnummer": "7", "Status": "Offer", "Zeitpunkt": "2026-03-31 12:00"},
        {"id": 7, "stage": "Offer", "time": NOON // 1_000_000 - 7_200},
    ],
)
def test_fields_are_known_by_their_names(said: dict[str, object]) -> None:
    [found] = read(said).events
    assert (found.case, found.stage, found.time) == ("7", "Offer", NOON - 2 * HOUR)


def test_the_plant_file_says_which_field_is_what() -> None:
    said = {"ref": "C-9", "label": {"de": "Angebot"}, "at": "2026-03-31T10:00Z", "case": "no", "stage": "no"}
    [found] = read(said, columns={"case": "ref", "stage": "label.de", "time": "at"}).events
    assert (found.case, found.stage) == ("C-9", "Angebot")


def test_an_interval_has_a_start_and_perhaps_no_end() -> None:
    work = read(
        event(start="2026-03-31T09:00Z"),
        event(start="2026-03-31T09:00Z", time=None),
        event(start="2026-03-31T10:30Z"),
        times="interval",
    )
    assert [(e.start, e.time) for e in work.events] == [(NOON - 3 * HOUR, NOON - 2 * HOUR), (NOON - 3 * HOUR, None)]
    assert [r.reason for r in work.rejected] == ["the start is after the end"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (event(case=""), "no case"),
        (event(case=None), "no case"),
        (event(case=["a"]), "case is no name but list"),
        (event(case=True), "case is no name but bool"),
        (event(stage="  "), "no stage"),
        (event(stage="x" * 600), "stage is no name: it has 600 characters"),
        (event(time=None), 'no time in "time"'),
        ({"case": "C-1", "stage": "Offer"}, "no time; no field is known to be it, say columns.time"),
        (event(time="soon"), '"soon" is no moment; write it like 2026-03-31T14:00:00+02:00'),
        (event(time="2026-03-31T13:00:00Z"), 'time "2026-03-31T13:00:00Z" is 60 min ahead of this computer\'s clock; '
                                             "check the source's clock and time zone"),
        (event(value="dear"), "value 'dear' is no number"),
        ("hello", "an event is an object with fields, this is a text"),
        (17, "an event is an object with fields, this is a number"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_set_aside_with_its_reason(said: object, reason: str) -> None:
    reading = read(said, event())
    assert [r.reason for r in reading.rejected] == [reason]
    assert len(reading.events) == 1


def test_a_clock_a_little_ahead_is_believed() -> None:
    [found] = read(event(time="2026-03-31T12:09:00Z")).events
    assert found.time == NOON + 9 * 60_000_000


def identities(*said: object, key: str = "", **settings: Any) -> list[bytes]:
    return [found.identity for found in read(*said, key=key, **settings).events]


def test_an_id_of_its_own_makes_an_event_known_again() -> None:
    one, again, other = identities(event(event_id=1), event(event_id=1, stage="Order"), event(event_id=2), key="k")
    assert one == again != other


def test_a_mere_id_may_be_the_cases_so_content_counts_too() -> None:
    one, again, moved = identities(event(id=1), event(id=1), event(id=1, stage="Order"), key="k")
    assert one == again != moved


def test_without_an_id_the_place_in_the_source_counts_and_else_what_it_says() -> None:
    placed = identities(event(), event(), key="k")
    assert placed[0] != placed[1]
    plain = identities(event(), event(), event(stage="Order"))
    assert plain[0] == plain[1] != plain[2]


def test_an_id_of_doubtful_meaning_never_makes_two_events_one() -> None:
    for name in ("uuid", "guid", "message_id", "id"):
        packed, shipped = identities(event(**{name: "a"}), event(**{name: "a"}, stage="Shipped"))
        assert packed != shipped


def test_what_comes_again_is_known_again_whenever_it_comes() -> None:
    said = event(id=1, time="2026-10-25T02:30:00")
    night = 1_792_888_200_000_000
    """00:30 UTC, when the clocks show 02:30 for the first time."""
    first, again = (read(said, arrived=night + minutes * 60_000_000).events[0] for minutes in (1, 70))
    assert first.identity == again.identity
    assert (first.time, again.time) == (night, night + HOUR)


def test_a_generous_tolerance_puts_nothing_an_hour_into_the_future() -> None:
    night = 1_792_888_200_000_000
    [found] = read(event(time="2026-10-25T02:30:00"), arrived=night + 60_000_000, ahead="2 h").events
    assert found.time == night


@pytest.mark.parametrize(("case", "name"), [(UUID(int=7), str(UUID(int=7))), (Decimal("4711"), "4711")])
def test_what_databases_give_as_keys_can_be_a_case(case: object, name: str) -> None:
    feed = HttpFeed(name="x", kind="http", url="http://x")
    [found] = Interpreter(feed, "entry", "UTC")([Message(event(case=case), "raw")], NOON).events
    assert found.case == name


@pytest.mark.parametrize(
    "said",
    [
        '{"case": "1", "stage": "A", "time": "2026-03-31", "value": 1%s}' % ("0" * 400),
        '{"stage": "A", "bucket": "2026-03-31", "arrivals": 1%s, "departures": 0}' % ("0" * 400),
        '{"stage": "A", "bucket": "9999-12", "arrivals": 1, "departures": 0}',
        '{"stage": "A", "bucket": "9999-W52", "arrivals": 1, "departures": 0}',
        json.dumps({f"field {k}": k for k in range(600)}),
        json.dumps({"n" * 30_000: 1}),
    ],
    ids=range(6),
)
def test_no_message_stops_its_feed(said: str) -> None:
    reading = Interpreter(HttpFeed(name="x", kind="http", url="http://x"), "entry", "UTC")(messages_of(said), NOON)
    assert len(reading.rejected) == 1


def test_a_cloud_event_is_known_by_source_and_id_and_its_time_counts_where_the_data_has_none() -> None:
    def cloud(identity: str, **data: object) -> dict[str, object]:
        around = {
            "specversion": "1.0",
            "id": identity,
            "source": "/crm",
            "type": "moved",
            "time": "2026-03-31T10:00:00Z",
        }
        return {**around, "data": data}

    said = cloud("1", id="D-1", stage="Offer"), cloud("2", id="D-1", stage="Order", time="2026-03-31T11:00:00Z")
    first, second = read(*said).events
    assert (first.case, first.time, second.time) == ("D-1", NOON - 2 * HOUR, NOON - HOUR)
    assert first.identity != second.identity
    assert identities(said[0], said[0])[0] == first.identity


def test_events_of_two_feeds_are_never_the_same() -> None:
    message = messages_of(json.dumps(event(event_id=1)))
    ids = {
        Interpreter(HttpFeed(name=name, kind="http", url="http://x"), "entry", "UTC")(message, NOON).events[0].identity
        for name in ("a", "b")
    }
    assert len(ids) == 2


def test_counts_per_stage_and_bucket() -> None:
    [week, day, said] = read(
        {"stage": "Offer", "bucket": "2026-W13", "arrivals": 9, "departures": "7", "losses": 1, "wip": 4},
        {"stage": "Offer", "date": "2026-03-29", "arrivals": 2, "departures": 1},
        {"stage": "Offer", "start": "2026-03-31T09:00Z", "end": "2026-03-31T09:30Z", "in": 2, "out": 1},
    ).counts
    assert week == ("Offer", NOON - 205 * HOUR, week.bucket_end, 9.0, 7.0, 1.0, 4.0)
    assert week.bucket_end - week.bucket == (7 * 24 - 1) * HOUR, "the clocks were set that week"
    assert day.bucket_end - day.bucket == 23 * HOUR
    assert (said.bucket, said.bucket_end, said.wip) == (NOON - 3 * HOUR, NOON - 150 * 60_000_000, None)


def test_buckets_last_until_the_next_could_begin() -> None:
    said = [
        {"stage": stage, "bucket": f"2026-03-31T0{hour}:{minute}Z", "arrivals": 1, "departures": 0}
        for stage in "AB"
        for hour, minute in ((8, "00"), (8, "15"), (9, "00"))
    ]
    assert {count.bucket_end - count.bucket for count in read(*said).counts} == {15 * 60_000_000}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"arrivals": -1}, "-1 arrivals cannot be counted"),
        ({"arrivals": "many"}, "arrivals 'many' is no number"),
        ({"stage": ""}, "no stage"),
        ({"bucket": None}, "no bucket of time"),
        ({"bucket": "2026-04-02T08:00Z"}, 'bucket "2026-04-02T08:00Z" has not begun by this computer\'s clock'),
        ({"bucket_end": "2026-03-31T07:00Z"}, "the bucket ends before it begins"),
    ],
)
def test_counts_that_cannot_be_are_set_aside(change: dict[str, object], reason: str) -> None:
    said = {"stage": "Offer", "bucket": "2026-03-31T08:00Z", "arrivals": 2, "departures": 1, **change}
    assert [found.reason for found in read(said).rejected] == [reason]


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


_names = st.sampled_from(
    ("case", "stage", "time", "id", "value", "arrivals", "bucket", "specversion", "data", "weight")
)


@given(st.lists(st.dictionaries(_names, _json), max_size=5))
def test_nothing_is_dropped_whatever_comes(said: list[dict[str, object]]) -> None:
    reading = Interpreter(HttpFeed(name="x", kind="http", url="http://x"), "entry", "UTC")(
        [Message(fields, "raw") for fields in said], NOON
    )
    assert len(reading.events) + len(reading.counts) + len(reading.rejected) == len(said)


@given(st.binary(max_size=60))
def test_any_bytes_become_messages(body: bytes) -> None:
    for message in messages_of(body, "key"):
        assert message.trouble or isinstance(message.fields, dict)


def test_amounts_in_another_currency_than_the_plants_are_never_added_up() -> None:
    feed = HttpFeed(name="shop", kind="http", url="http://localhost")
    said = [
        event(value=5, currency="EUR"),
        event(value=7, currency="usd"),
        event(value=9),
        event(value=11, Währung="$"),
    ]
    said += [event(value=13, deal={"currency": "CHF"}), event(value=15, currency="")]
    messages = messages_of(json.dumps(said), "")
    assert [one.value for one in Interpreter(feed, "entry", "UTC", "EUR")(messages, NOON).events] == [
        5, None, 9, None, None, 15,
    ]  # fmt: skip
    assert [one.value for one in Interpreter(feed, "entry", "UTC")(messages, NOON).events] == [5, 7, 9, 11, 13, 15]
