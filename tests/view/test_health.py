"""What the screen says of live sources, and which stages it calls old."""

from __future__ import annotations

from dataclasses import replace

from factoryview.flow.moment.congestion import AMBER, RED
from factoryview.language import Language
from factoryview.plant.feeds import FileFeed
from factoryview.scene.picture import Headline
from factoryview.sources.feeds.follower import FeedState
from factoryview.view.health import SILENT, Pulse

NOON = 1_774_958_400_000_000
MINUTE = 60_000_000
GERMAN, ENGLISH = Language("de", "Europe/Berlin"), Language("en", "Europe/Berlin")


def pulse(*, heard: int | None = NOON - 20 * MINUTE, now: int = NOON) -> Pulse:
    """Of a CRM last heard of then, and a shop that speaks."""
    states = (
        FeedState("CRM", "retrying", NOON - 19 * MINUTE, heard=heard, newest=heard),
        FeedState("Shop", "live", NOON - 60 * MINUTE, heard=now, newest=now - 3 * MINUTE),
    )
    settings = {name: FileFeed(name=name, kind="file", path="x") for name in ("CRM", "Shop")}
    return Pulse(now, states, settings, {"Offer": frozenset({"CRM", "Shop"}), "Order": frozenset({"Shop"})})


def test_a_stage_is_old_if_any_of_its_sources_is_late() -> None:
    assert pulse().late_since("Offer", NOON) == NOON - 20 * MINUTE
    assert pulse().late_since("Order", NOON) is None
    assert pulse().late_since("Never heard of", NOON) is None


def test_before_a_source_fell_silent_it_is_well() -> None:
    assert pulse().late_since("Offer", NOON - 21 * MINUTE) is None
    assert pulse().alarms(NOON - 21 * MINUTE, ENGLISH) == ()


def test_late_sources_come_first_and_say_of_when_their_data_is() -> None:
    assert [(feed.text, feed.late) for feed in pulse().feeds(NOON, GERMAN)] == [
        ("CRM · Stand 13:40", True),
        ("Shop · vor 3 Min.", False),
    ]


def test_data_of_another_day_is_written_with_its_date() -> None:
    [feed, _] = pulse(heard=NOON - 26 * 60 * MINUTE).feeds(NOON, ENGLISH)
    assert feed.text == "CRM · as of 30 Mar 12:00"


def test_a_late_source_is_an_alarm_with_its_age() -> None:
    [alarm] = pulse().alarms(NOON, GERMAN)
    assert (alarm.level, alarm.title, alarm.detail) == (AMBER, "KEINE DATEN CRM", "Stand 13:40 · seit 20 Min.")


def test_several_are_one_alarm() -> None:
    both = pulse()
    late = tuple(replace(state, heard=NOON - 30 * MINUTE) for state in both.states)
    [alarm] = replace(both, states=late).alarms(NOON, ENGLISH)
    assert alarm.title == "NO DATA 2 sources"


def test_a_source_that_never_spoke_is_said_to_be_without_data_once_it_should_have() -> None:
    never = pulse(heard=None)
    assert never.feeds(NOON, ENGLISH)[0].text == "CRM · no data yet"
    assert never.alarms(NOON - 20 * MINUTE, ENGLISH) == (), "before it was asked for"


def test_nothing_recorded_is_the_worst_of_all_and_makes_every_stage_old() -> None:
    full = replace(pulse(heard=NOON), trouble="the disk is full.", trouble_since=NOON - 5 * MINUTE, recorded=False)
    [alarm] = full.alarms(NOON, ENGLISH)
    assert (alarm.level, alarm.title) == (RED, "NOTHING IS RECORDED")
    assert alarm.detail == "as of 13:55 · the disk is full."
    assert full.late_since("Order", NOON) == NOON - 5 * MINUTE
    assert full.late_since("Order", NOON - 6 * MINUTE) is None


def test_a_replay_says_nothing() -> None:
    assert SILENT.feeds(NOON, GERMAN) == ()
    assert SILENT.alarms(NOON, GERMAN) == ()
    assert SILENT.late_since("Offer", NOON) is None


def test_the_headline_of_a_stage_says_of_when_its_data_is() -> None:
    jam = Headline(RED, "JAM Offer", "189 waiting · clears in 9.7 d · for 35 days", "Offer")
    flow = Headline(0, "No jam", "7 in progress")
    assert [line.detail for line in pulse().headlines(NOON, ENGLISH, (jam,))] == [
        "as of 13:40 · for 20 min",
        "as of 13:40 · 189 waiting",
    ]
    assert [line.title for line in pulse().headlines(NOON, ENGLISH, (flow, jam))] == ["NO DATA CRM", "No jam"]
    assert SILENT.headlines(NOON, ENGLISH, (jam,)) == (jam,)
