"""The verdict as a whole: on the demo with its known truth, in words, and what it promises as a model."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from factoryview.errors import UsageError
from factoryview.factory.factory import Factory, open_factory
from factoryview.flow.verdict.definitions import define, words
from factoryview.flow.verdict.sentences import sentences
from factoryview.flow.verdict.verdict import Verdict, verdict

ROOT = Path(__file__).parents[3]
BERLIN = ZoneInfo("Europe/Berlin")


@cache
def factory() -> Factory:
    return open_factory(ROOT / "data" / "umsatzwerk.toml")


@cache
def truth() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "data" / "umsatzwerk.truth.json").read_text())
    return found


@cache
def at(day: str) -> Verdict:
    made = factory()
    moment = datetime.fromisoformat(day).replace(tzinfo=BERLIN)
    return verdict(made.store, made.plant, at=moment)


def shifted(day: str, working_days: int) -> str:
    """So many working days later (earlier when negative)."""
    moment = datetime.fromisoformat(day)
    step = 1 if working_days > 0 else -1
    while working_days:
        moment += timedelta(days=step)
        working_days -= step if moment.weekday() < 5 else 0
    return moment.date().isoformat() + "T12:00"


def test_the_demo_is_judged_as_it_was_simulated() -> None:
    for period in truth()["periods"]:
        for day in (shifted(period["from"], 4), shifted(period["to"], -4)):
            assert at(day).bottleneck.stage == period["constraint"], day


def test_the_jam_moves_to_approval_on_the_right_day() -> None:
    since = at("2025-05-20").bottleneck.since
    assert since is not None
    assert abs(since - datetime(2025, 4, 7, 8, tzinfo=BERLIN)) <= timedelta(days=3)


def test_the_cost_is_that_of_the_simulation() -> None:
    for period in truth()["periods"]:
        if period["constraint"] == "Approval":
            found = at(shifted(period["from"], 20)).bottleneck.gain_per_day
            assert found == pytest.approx(period["gain_lifted_per_day"], rel=0.2)


def test_the_hand_over_alarm_rings_while_cases_are_lost_and_not_before() -> None:
    lost = truth()["handover"]
    during = at("2025-09-17T12:00").handovers
    assert [(alarm.origin, alarm.stage, alarm.cases) for alarm in during] == [
        (lost["origin"], lost["stage"], lost["cases"])
    ]
    assert during[0].value == pytest.approx(lost["value"])
    assert abs(during[0].since - datetime.fromisoformat(lost["from"])) < timedelta(seconds=2)
    assert at("2025-09-05T12:00").handovers == []
    assert at("2025-09-11T12:00").handovers
    assert at("2025-10-15T12:00").handovers == []


def test_a_live_alarm_knows_only_the_past() -> None:
    made = factory()
    moment = datetime(2025, 9, 12, 12, tzinfo=BERLIN)
    found = verdict(made.store, made.plant, at=moment, live=True)
    assert found.bottleneck.provisional
    assert [alarm.stage for alarm in found.handovers] == ["Qualify"]
    assert found.handovers[0].until <= moment


def test_process_costs_are_those_of_the_simulation() -> None:
    made = factory()
    year = (datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    found = verdict(made.store, made.plant, span=year).money.cost_per_case
    assert found == pytest.approx(truth()["process_cost"]["all"]["mean_cost"], rel=0.1)


def test_losses_are_counted_as_by_hand() -> None:
    found = at("2025-07-18")
    since, until = (moment.replace(tzinfo=None) for moment in found.window)
    rows = factory().store.engine.connection.execute(
        "select via, reason, \"at\", value from outcomes where outcome = 'Lost'"
    )
    by_hand: dict[tuple[str, str], list[float]] = {}
    for stage, reason, moment, value in rows.fetchall():
        if since <= moment < until:
            by_hand.setdefault((stage, reason), []).append(value)
    counted = {(leak.stage, leak.reason): (leak.cases, leak.value) for leak in found.leaks if leak.cases}
    assert counted == {key: (len(values), sum(values)) for key, values in by_hand.items() if len(values) >= 5}


def test_sentences_say_the_most_important_first_in_both_languages() -> None:
    found = at("2025-07-18")
    german, english = (sentences(found, factory().plant, code) for code in ("de", "en"))  # type: ignore[arg-type]
    assert german[0].startswith("Freigabe ist der Engpass")
    assert "6,2 Fälle am Tag" in german[0]
    assert english[0].startswith("Approval is the bottleneck")
    assert "6.2 cases a day" in english[0]
    assert english[1] == "At Approval, 1 of 2 posts is vacant."
    assert len(german) == len(english)
    assert any("nie aufgenommen" in line for line in sentences(at("2025-09-17T12:00"), factory().plant, "de"))
    assert sentences(at("2025-12-01"), factory().plant, "en")[0].startswith("No bottleneck")


def test_every_word_has_its_definition() -> None:
    assert len(words()) > 30
    for word in words():
        assert define(word, "de") != define(word, "en")
    for method in at("2025-07-18").methods:
        assert define(method, "en")
    assert define("Hand-over", "en") == define("handover", "en")
    with pytest.raises(UsageError, match="bottleneck"):
        define("nonsense", "de")


def test_the_json_keeps_to_its_schema() -> None:
    found = at("2025-07-18")
    again = Verdict.model_validate_json(found.model_dump_json())
    assert again == found
    promised = {"at", "bottleneck", "methods", "congestion", "leaks", "handovers", "causes", "money"}
    assert promised <= set(Verdict.model_json_schema()["properties"])
    for shares in found.causes.values():
        assert sum(shares.values()) == pytest.approx(1.0, abs=0.001)


def test_no_small_group_and_no_person_is_shown() -> None:
    found = at("2025-07-18")
    assert all(team.heads >= 5 for team in found.employee.values())
    assert all(partner.cases >= 5 for partner in found.partner.values())
    assert "P01" not in found.model_dump_json()


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    made = factory()
    later, earlier = datetime(2025, 5, 2, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC)
    with pytest.raises(UsageError):
        verdict(made.store, made.plant, span=(later, earlier))
