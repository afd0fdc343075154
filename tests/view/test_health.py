"""How old the data of live sources is, which stages that makes old, and what must be said of it."""

from __future__ import annotations

from dataclasses import replace

from factoryview.plant.feeds import FileFeed
from factoryview.sources.feeds.follower import FeedState
from factoryview.view.health import SILENT, FeedAge, FeedHealth
from factoryview.view.news import Late, Standstill

NOON = 1_774_958_400_000_000
MINUTE = 60_000_000


def health(*, heard: int | None = NOON - 20 * MINUTE, now: int = NOON) -> FeedHealth:
    """Of a CRM last heard of then, and a shop that speaks."""
    states = (
        FeedState("CRM", "retrying", NOON - 19 * MINUTE, heard=heard, newest=heard),
        FeedState("Shop", "live", NOON - 60 * MINUTE, heard=now, newest=now - 3 * MINUTE),
    )
    settings = {name: FileFeed(name=name, kind="file", path="x") for name in ("CRM", "Shop")}
    return FeedHealth(now, states, settings, {"Offer": frozenset({"CRM", "Shop"}), "Order": frozenset({"Shop"})})


def test_a_stage_is_old_if_any_of_its_sources_is_late() -> None:
    assert health().late_since("Offer", NOON) == NOON - 20 * MINUTE
    assert health().late_since("Order", NOON) is None
    assert health().late_since("Never heard of", NOON) is None


def test_before_a_source_fell_silent_it_is_well() -> None:
    assert health().late_since("Offer", NOON - 21 * MINUTE) is None
    assert health().alarms(NOON - 21 * MINUTE) == ()


def test_late_sources_come_first_and_say_since_when() -> None:
    swapped = replace(health(), states=tuple(reversed(health().states)))
    for each in (health(), swapped):
        assert each.feeds(NOON) == (
            FeedAge("CRM", NOON - 20 * MINUTE, 20 * MINUTE),
            FeedAge("Shop", None, 3 * MINUTE),
        )


def test_a_late_source_is_an_alarm_with_its_age() -> None:
    assert health().alarms(NOON) == (Late(("CRM",), NOON - 20 * MINUTE),)


def test_several_are_one_alarm_as_old_as_the_oldest() -> None:
    both = health()
    late = tuple(
        replace(state, heard=NOON - age * MINUTE, newest=NOON - age * MINUTE)
        for state, age in zip(both.states, (30, 40), strict=True)
    )
    assert replace(both, states=late).alarms(NOON) == (Late(("CRM", "Shop"), NOON - 40 * MINUTE),)


def test_a_source_that_never_spoke_is_said_to_be_without_data_once_it_should_have() -> None:
    never = health(heard=None)
    assert never.feeds(NOON)[0] == FeedAge("CRM", 0, None)
    assert never.alarms(NOON) == (Late(("CRM",), 0),)
    assert never.alarms(NOON - 20 * MINUTE) == (), "before it was asked for"


def test_nothing_recorded_is_the_worst_of_all_and_makes_every_stage_old() -> None:
    full = replace(health(heard=NOON), trouble="the disk is full.", trouble_since=NOON - 5 * MINUTE, recorded=False)
    assert full.alarms(NOON) == (Standstill(False, "the disk is full.", NOON - 5 * MINUTE),)
    assert full.late_since("Order", NOON) == NOON - 5 * MINUTE
    assert full.late_since("Order", NOON - 6 * MINUTE) is None


def test_a_replay_says_nothing() -> None:
    assert SILENT.feeds(NOON) == ()
    assert SILENT.alarms(NOON) == ()
    assert SILENT.late_since("Offer", NOON) is None
