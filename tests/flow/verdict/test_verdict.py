"""The verdict as a whole: on the demo with its known truth, in words, and what it promises as a model."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from factoryview.errors import UsageError
from factoryview.factory.factory import Factory, Opening
from factoryview.factory.opening import open_factory
from factoryview.flow.moment.levels import RED
from factoryview.flow.verdict.definitions import define, words
from factoryview.flow.verdict.document import HeadlinePart, Verdict
from factoryview.flow.verdict.findings import Findings, findings_of
from factoryview.flow.verdict.sentences import sentences
from factoryview.flow.verdict.verdict import verdict

ROOT = Path(__file__).parents[3]
BERLIN = ZoneInfo("Europe/Berlin")


@cache
def factory() -> Factory:
    return open_factory(ROOT / "data" / "umsatzwerk.toml")


@cache
def findings() -> Findings:
    return findings_of(factory().store, factory().plant)


@cache
def truth() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "data" / "umsatzwerk.truth.json").read_text())
    return found


@cache
def at(day: str) -> Verdict:
    made = factory()
    moment = datetime.fromisoformat(day).replace(tzinfo=BERLIN)
    return verdict(made.store, made.plant, at=moment, findings=findings())


def shifted(day: str, working_days: int) -> str:
    """So many working days later (earlier when negative)."""
    moment = datetime.fromisoformat(day)
    step = 1 if working_days > 0 else -1
    while working_days:
        moment += timedelta(days=step)
        working_days -= step if moment.weekday() < 5 else 0
    return moment.date().isoformat() + "T12:00"


def test_the_demo_is_judged_as_it_was_simulated() -> None:
    """From three weeks after a change on, by what was known then."""
    for period in truth()["periods"]:
        for day in (shifted(period["from"], 15), shifted(period["to"], -4)):
            assert at(day).bottleneck.stage == period["constraint"], day


def test_the_jam_moves_to_approval_on_the_right_day() -> None:
    since = at("2025-05-20").bottleneck.since
    assert since is not None
    assert abs(since - datetime(2025, 4, 7, 8, tzinfo=BERLIN)) <= timedelta(days=3)


def test_the_cost_of_the_whole_jam_so_far_is_that_of_the_simulation() -> None:
    """The truth of a period is a number for each of its working days; a jam of two periods costs the mean of them."""
    first, *rest = [period for period in truth()["periods"] if period["constraint"] == "Approval"]
    days, gained = 0, 0.0
    for period in (first, *rest):
        length = len(np.arange(np.datetime64(period["from"]), np.datetime64(period["to"])))
        days, gained = days + length, gained + length * period["gain_lifted_per_day"]
        found = at(shifted(period["to"], -2))
        assert found.cost is not None
        assert found.cost.per_day is not None
        assert found.bottleneck.gain_per_day == found.cost.per_day.point
        assert found.cost.per_day.point == pytest.approx(gained / days, rel=0.2)
        assert found.cost.per_day.low < gained / days


def test_who_is_left_lying_is_known_when_it_can_be_known_and_not_before() -> None:
    lost = truth()["handover"]
    assert at("2025-09-05T12:00").handovers == []
    [during] = at("2025-09-17T12:00").handovers
    assert (during.origin, during.stage) == (lost["origin"], lost["stage"])
    assert 10 <= during.cases < lost["cases"]
    assert abs(during.since - datetime.fromisoformat(lost["from"])) < timedelta(seconds=2)
    [after] = at("2025-10-15T12:00").handovers
    assert after.cases == lost["cases"]
    assert after.value == pytest.approx(lost["value"])
    assert after.until < datetime(2025, 9, 18, tzinfo=BERLIN)


def test_process_costs_are_those_of_the_simulation() -> None:
    made = factory()
    year = (datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    found = verdict(made.store, made.plant, span=year).money.cost_per_case
    assert found == pytest.approx(truth()["process_cost"]["all"]["mean_cost"], rel=0.1)


def test_losses_are_counted_as_by_hand() -> None:
    found = at("2025-07-18")
    since, until = (moment.replace(tzinfo=None) for moment in found.period)
    rows = factory().store.engine.connection.execute(
        "select via, reason, \"at\", value from outcomes where outcome = 'Lost'"
    )
    by_hand: dict[tuple[str, str], list[float]] = {}
    for stage, reason, moment, value in rows.fetchall():
        if since <= moment < until:
            by_hand.setdefault((stage, reason), []).append(value)
    counted = {(leak.stage, leak.reason): (leak.cases, leak.value) for leak in found.leaks if leak.cases}
    assert counted == {key: (len(values), sum(values)) for key, values in by_hand.items() if len(values) >= 5}


def test_sentences_follow_the_focusing_steps_in_both_languages() -> None:
    found = at("2025-07-18")
    german, english = (sentences(found, factory().plant, code) for code in ("de", "en"))  # type: ignore[arg-type]
    steps = (
        "is the bottleneck since 7 April 2025", "stand there", "posts is vacant since 9 June 2025", "come and",
        "would have been done", "left because they waited", "waited there at a time", "loss from", "Look first",
    )  # fmt: skip
    places = [next(i for i, line in enumerate(english) if step in line) for step in steps]
    assert places == sorted(places)
    assert german[0].startswith("Freigabe ist der Engpass seit dem 7. April 2025")
    assert len(german) == len(english)
    assert any("niemand arbeitet daran" in line for line in sentences(at("2025-09-17"), factory().plant, "de"))
    calm = sentences(at("2025-12-01"), factory().plant, "en")
    assert calm[0].startswith("No bottleneck")
    assert calm[1].startswith("Most stand at ")
    assert not any("0 cases" in line or "0.0" in line for line in english + calm)


def test_alarms_are_news_on_few_days_and_a_lost_hand_over_is_no_jam() -> None:
    jams = findings().jams
    steps = range(1, jams.levels.steps)
    news = sum(any(alarm.phase(step) in ("new", "worse") for alarm in jams.alarms) for step in steps)
    assert 0 < news <= 0.08 * len(steps)
    assert jams.levels.level[jams.levels.stages.index("Qualify")].max() < RED
    assert {(alarm.stage, alarm.kind) for alarm in jams.alarms} == {("Approval", "jam"), ("Qualify", "left lying")}


def test_the_first_days_are_not_judged_and_the_largest_queue_is_named() -> None:
    said = sentences(at("2025-01-03"), factory().plant, "en")
    assert said[0].startswith("Not judged yet")
    assert said[1].startswith("Most stand at ")


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
    promised = {
        "at",
        "bottleneck",
        "methods",
        "congestion",
        "leaks",
        "handovers",
        "causes",
        "money",
        "cost",
        "headline",
    }
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


def test_what_the_machine_of_the_headline_holds_is_named(tmp_path: Path) -> None:
    rng, rows = Random(2), []
    for case in range(60):
        at = datetime(2025, 1, 6, 8) + timedelta(hours=9 * case)
        for step in ("In", "Slow", *(f"check {k % 9}" for k in range(case, case + 3)), "Out"):
            rows.append(f"{case},{step},{at:%Y-%m-%d %H:%M}")
            at += timedelta(hours=rng.randrange(2, 30))
    (tmp_path / "log.csv").write_text("case,stage,entered at\n" + "\n".join(rows), encoding="utf-8")
    opened = open_factory(tmp_path / "log.csv", Opening(machines=2, times="entry", ends=("Out",)))
    said = verdict(opened.store, opened.plant)
    held = {name: (*part.holds, part.holds_more) for name, part in said.stages.items()}
    assert any(len(names) > 3 for names in held.values())
    for stage in opened.plant.stages:
        assert held[stage.name] == (*stage.hides, stage.hides_more)
    name = next(name for name, names in held.items() if len(names) > 3)
    at = said.at - timedelta(days=1)
    named = said.model_copy(update={"headline": HeadlinePart(kind="jam", stage=name, level="red", since=at)})
    more = f"{held[name][0]}, {held[name][1]}, {held[name][2]}"
    assert any(f"The machine also holds: {more}" in line for line in sentences(named, opened.plant, "en"))


def test_the_next_constraint_is_named_also_where_nothing_is_to_be_gained() -> None:
    found = at("2025-07-15")
    assert found.cost is not None
    assert found.cost.per_day is not None
    for gain, said in ((2.0, "would help up to 2"), (0.01, "alone would bring no more: Decision is full")):
        per_day = found.cost.per_day.model_copy(update={"point": gain})
        cost = found.cost.model_copy(update={"limited_by": "Decision", "per_day": per_day})
        lines = sentences(found.model_copy(update={"cost": cost}), factory().plant, "en")
        assert [said in line for line in lines].count(True) == 1
