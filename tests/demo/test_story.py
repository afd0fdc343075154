"""The stories as the shipped logs tell them, counted plainly and without the simulator."""

from __future__ import annotations

import csv
import gzip
import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from factoryview.plant.models import Plant

DATA = Path(__file__).parents[2] / "data"
ENDS = {"Paid", "Lost", "Granted", "Refused", "Withdrawn"}

Stay = tuple[str, str, datetime, datetime | None]
"""Case, stage, entered, left."""


def rows(story: str) -> list[dict[str, str]]:
    with gzip.open(DATA / f"{story}.csv.gz", "rt", encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def known(story: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((DATA / f"{story}.truth.json").read_text(encoding="utf-8"))
    return answer


def plant(story: str) -> Plant:
    return Plant.model_validate(tomllib.loads((DATA / f"{story}.toml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def umsatz() -> list[dict[str, str]]:
    return rows("umsatzwerk")


@pytest.fixture(scope="module")
def stays(umsatz: list[dict[str, str]]) -> list[Stay]:
    """An entry log: a stay ends where the case's next row begins."""
    paths = defaultdict(list)
    for row in umsatz:
        paths[row["case"]].append((row["stage"], datetime.fromisoformat(row["time"])))
    found: list[Stay] = []
    for case, path in paths.items():
        for (stage, entered), after in zip(path, [*path[1:], None], strict=True):
            if stage not in ENDS:
                found.append((case, stage, entered, after[1] if after else None))
    return found


@pytest.fixture(scope="module")
def permits() -> list[dict[str, str]]:
    return rows("permits")


def queue(stays: list[Stay], stage: str, at: str) -> int:
    moment = datetime.fromisoformat(at)
    return sum(s == stage and a <= moment and (b is None or moment < b) for _, s, a, b in stays)


def working_days(since: date, until: date, plant: Plant) -> int:
    days = (since + timedelta(days=n) for n in range((until - since).days))
    return sum(day.weekday() < 5 and day not in plant.calendar.holidays for day in days)


def per_day(log: list[dict[str, str]], stage: str, since: str, until: str) -> float:
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    entries = sum(row["stage"] == stage and since <= row["time"][:10] < until for row in log)
    return entries / working_days(first, last, plant("umsatzwerk"))


def test_the_volumes_are_those_of_the_concept_picture(umsatz: list[dict[str, str]]) -> None:
    year = "2025-01-01", "2026-01-01"
    assert per_day(umsatz, "Inquiry", *year) == pytest.approx(80, abs=4)
    assert per_day(umsatz, "First call", *year) == pytest.approx(46, abs=3)
    assert per_day(umsatz, "Offer", *year) == pytest.approx(31, abs=3)
    assert per_day(umsatz, "Order", *year) == pytest.approx(7, abs=1)


def test_before_the_ai_only_offer_has_a_mild_queue(stays: list[Stay]) -> None:
    for day in ("02-12", "03-05", "03-19"):
        at = f"2025-{day}T12:00+01:00"
        assert 20 <= queue(stays, "Offer", at) <= 70
        assert queue(stays, "Approval", at) <= 15
        assert all(queue(stays, stage, at) <= 25 for stage in ("Qualify", "First call", "Order", "Planning"))


def test_with_the_ai_offers_take_hours_instead_of_days(stays: list[Stay]) -> None:
    def median_hours(since: str, until: str) -> float:
        lengths = sorted(
            (left - entered).total_seconds() / 3600
            for _, stage, entered, left in stays
            if stage == "Offer" and left and since <= entered.date().isoformat() < until
        )
        return lengths[len(lengths) // 2]

    assert median_hours("2025-02-01", "2025-04-01") > 24
    assert median_hours("2025-05-01", "2025-06-01") < 4


def test_the_orders_do_not_rise_with_the_ai_and_fall_when_one_leaves(umsatz: list[dict[str, str]]) -> None:
    before = per_day(umsatz, "Order", "2025-02-01", "2025-04-07")
    with_ai = per_day(umsatz, "Order", "2025-04-14", "2025-06-09")
    alone = per_day(umsatz, "Order", "2025-06-16", "2025-10-06")
    free = per_day(umsatz, "Order", "2025-11-01", "2025-12-24")
    assert with_ai == pytest.approx(before, rel=0.1)
    assert alone < 0.65 * before
    assert free > 1.3 * before
    assert per_day(umsatz, "Offer", "2025-04-14", "2025-06-09") > per_day(
        umsatz, "Approval", "2025-02-01", "2025-04-07"
    )


def test_the_queue_at_approval_through_the_year(stays: list[Stay]) -> None:
    months = [queue(stays, "Approval", f"2025-{month:02d}-15T12:00+01:00") for month in range(1, 13)]
    assert max(months[:3]) <= 15
    assert 40 <= months[4] <= 120
    assert all(100 <= waiting <= 250 for waiting in months[6:9])
    assert max(months[10:]) <= 15
    assert 100 <= queue(stays, "Approval", "2025-07-23T12:00+02:00") <= 250
    assert queue(stays, "Approval", "2025-10-31T12:00+01:00") <= 15


def test_the_shipped_wip_agrees_with_a_plain_count(stays: list[Stay]) -> None:
    for at, stages in known("umsatzwerk")["wip"].items():
        moment = datetime.fromisoformat(at)
        here = Counter(s for _, s, a, b in stays if a <= moment and (b is None or moment < b))
        assert {stage: here[stage] for stage in stages} == stages


def test_customers_who_wait_too_long_go_to_the_competitor(umsatz: list[dict[str, str]]) -> None:
    last: dict[str, str] = {}
    losses: Counter[str] = Counter()
    for row in umsatz:
        if row["stage"] == "Lost" and last[row["case"]] == "Approval":
            assert row["reason"] == "competitor"
            losses[row["time"][:7]] += 1
        last[row["case"]] = row["stage"]
    assert losses["2025-07"] > 5 * max(1, losses["2025-03"])
    assert losses["2025-11"] < 0.1 * losses["2025-07"]


def test_the_spreadsheet_loses_half_of_the_inquiries_for_nine_days(stays: list[Stay]) -> None:
    handed_over, never_picked_up = Counter[str](), Counter[str]()
    for _, stage, entered, left in stays:
        if stage == "Qualify":
            day = entered.date().isoformat()
            handed_over[day] += 1
            never_picked_up[day] += left is None and day < "2025-12-01"
    days = [day for day, lost in never_picked_up.items() if lost]
    assert (min(days), max(days)) == ("2025-09-08", "2025-09-16")
    lost = sum(never_picked_up.values())
    assert lost == pytest.approx(sum(handed_over[day] for day in days) / 2, rel=0.12)
    truth = known("umsatzwerk")["handover"]
    assert (truth["cases"], truth["stage"], truth["origin"]) == (lost, "Qualify", "Inquiry")
    assert truth["from"][:10] == min(days)
    assert truth["to"][:10] == max(days)


def test_small_offers_skip_approval_only_in_autumn(umsatz: list[dict[str, str]]) -> None:
    last: dict[str, str] = {}
    for row in umsatz:
        if row["stage"] == "Decision":
            skipped = last[row["case"]] == "Offer"
            assert skipped == (last[row["case"]] != "Approval")
            assert not skipped or (row["time"] >= "2025-10-06" and float(row["value"]) < 5000)
        last[row["case"]] = row["stage"]


def test_some_offers_come_back_from_approval(umsatz: list[dict[str, str]]) -> None:
    last: dict[str, str] = {}
    after = Counter[str]()
    for row in umsatz:
        if last.get(row["case"]) == "Approval" and row["stage"] != "Lost":
            after[row["stage"]] += 1
        last[row["case"]] = row["stage"]
    assert after["Offer"] / after.total() == pytest.approx(0.08, abs=0.01)


def test_truth_names_the_constraint_of_each_season() -> None:
    periods = known("umsatzwerk")["periods"]
    assert [(p["constraint"], p["kind"]) for p in periods] == [
        ("Offer", "sole"),
        ("Approval", "sole"),
        ("Approval", "sole"),
        (None, "none"),
    ]
    assert periods[0]["next"] == "Approval"
    assert periods[2]["gain_lifted_per_day"] > periods[2]["gain_quarter_per_day"] > 0.5


def test_the_office_waits_where_people_retired() -> None:
    truth = known("permits")
    assert [p["constraint"] for p in truth["periods"]] == [
        None,
        "Environment",
        "Environment",
        None,
        "Decision",
    ]
    assert [c["heads"] for c in truth["staff"] if c["stage"] == "Environment"] == [2, 1, 2, 3]


def test_a_30_euro_decision_costs_1000_euros(permits: list[dict[str, str]]) -> None:
    """Cost from the log and the plant file alone: working time of each interval times the hourly cost."""
    office = plant("permits")
    rate: dict[tuple[str, str], float] = {
        (w.stage, w.kind): w.cost_per_hour for w in office.workers if w.cost_per_hour is not None
    }
    cost: defaultdict[str, float] = defaultdict(float)
    fee = {}
    for row in permits:
        fee[row["case"]] = float(row["value"])
        if row["resource"]:
            kind = "robot" if row["resource"].startswith("R") else "person"
            hours = office_hours(datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"]), office)
            cost[row["case"]] += hours * rate[row["stage"], kind]
    done = {row["case"] for row in permits if row["stage"] in ("Granted", "Refused")}
    small = [cost[case] for case in done if fee[case] == 30]
    assert len(small) > 1000
    assert sum(small) / len(small) == pytest.approx(1000, rel=0.1)
    assert known("permits")["process_cost"]["minor"]["mean_value"] == 30


def office_hours(start: datetime, end: datetime, office: Plant) -> float:
    total, day = 0.0, start.date()
    while day <= end.date():
        if day.weekday() < 5 and day not in office.calendar.holidays:
            opens = datetime.combine(day, office.calendar.start, start.tzinfo)
            closes = datetime.combine(day, office.calendar.end, start.tzinfo)
            total += max(0.0, (min(end, closes) - max(start, opens)).total_seconds()) / 3600
        day += timedelta(days=1)
    return total


def test_experts_work_in_parallel_and_decision_waits_for_the_last(permits: list[dict[str, str]]) -> None:
    ended: defaultdict[str, list[datetime]] = defaultdict(list)
    begun: defaultdict[str, set[str]] = defaultdict(set)
    overlaps = 0
    for row in permits:
        start, end = (datetime.fromisoformat(row[name]) for name in ("start", "end"))
        if row["stage"] in ("Fire safety", "Environment", "Neighbours"):
            overlaps += any(start < other for other in ended[row["case"]])
            ended[row["case"]].append(end)
            begun[row["case"]].add(row["stage"])
        elif row["stage"] == "Decision":
            assert len(begun[row["case"]]) >= 2
            assert start >= max(ended[row["case"]])
    assert overlaps > 1000


def applicants(log: list[dict[str, str]]) -> Iterator[float]:
    for row in log:
        if row["stage"] == "Applicant":
            assert row["resource"] == ""
            span = datetime.fromisoformat(row["end"]) - datetime.fromisoformat(row["start"])
            yield span.total_seconds() / 86400


def test_applicants_take_weeks_and_nobody_of_the_office(permits: list[dict[str, str]]) -> None:
    days = sorted(applicants(permits))
    assert 7 < days[len(days) // 2] < 28


@pytest.mark.parametrize("story", ["umsatzwerk", "permits"])
def test_the_plant_file_knows_everything_in_the_log(story: str) -> None:
    office = plant(story)
    assert office.log is not None
    seen = {(row["stage"], row["channel"], row["resource"]) for row in rows(story)}
    named = {stage.name for stage in office.stages} | {outcome.name for outcome in office.outcomes}
    assert {stage for stage, _, _ in seen} == named
    assert {channel for _, channel, _ in seen} == {source.name for source in office.sources}
    assert len({who for _, _, who in seen} - {""}) == sum(worker.count for worker in office.workers)
    assert set(office.log.columns.values()) == set(rows(story)[0])
    assert set(office.log.ends or ()) == {outcome.name for outcome in office.outcomes}
    labels = [department.label for department in office.departments]
    labels += [stage.label for stage in office.stages] + [source.label for source in office.sources]
    labels += [outcome.label for outcome in office.outcomes] + [target.label for target in office.targets]
    assert all(set(label) == {"de", "en"} for label in labels + [mark.label for mark in office.marks])
    assert {belt.origin for belt in office.belts} | {belt.target for belt in office.belts} == named - {"Lost"}
