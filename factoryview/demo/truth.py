"""The truth behind a story: what limits it when, and what that costs, found by simulating it again.

In each period every station in turn works a quarter faster, all other chances being the same. The station whose
lift brings the most output is the constraint, unless even that brings next to nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from factoryview.demo.simulator import Case, Chances, Lift, SimulatedRun, Simulator, Story

QUARTER = 1.25
FREE = 4.0
"""A station this much faster limits nothing any more."""
NOTICEABLE = 0.05
"""A lift by a quarter that brings less than this share of the output shows no constraint."""

Period = tuple[date, date]


class Laboratory:
    """Runs of one story and seed that differ only in what is lifted."""

    def __init__(self, story: Story, seed: int) -> None:
        self.story, self.seed = story, seed
        self.chances = Chances(seed)
        self.cases: Sequence[Case] = story.cases(seed)
        self.baseline = self.run(story)

    def run(self, story: Story, *lifts: Lift, until: int | None = None) -> SimulatedRun:
        return Simulator(story, self.chances, self.cases, lifts).simulate(until)

    def lift(self, station: str, factor: float, period: Period) -> Lift:
        since, until = (self.story.time.moment(day) for day in period)
        return Lift(station, factor, since, until)

    def output(self, run: SimulatedRun, period: Period) -> float:
        """Cases that reach the goal per working day of the period."""
        return len(self.reached(run, period)) / self.story.time.working_days(*period)

    def reached(self, run: SimulatedRun, period: Period) -> list[Case]:
        """The cases that reach the goal in the period."""
        since, until = (self.story.time.moment(day) for day in period)
        goal = self.story.goal
        return [v.case for v in run.visits if v.station == goal and since <= v.entered < until]

    def gains(self, period: Period, *already: Lift) -> dict[str, float]:
        """Output per working day that each station's quarter adds to the lifts already made."""
        end = self.story.time.moment(period[1])
        base = self.output(self.run(self.story, *already, until=end) if already else self.baseline, period)
        lifted = {lift.station for lift in already}
        found = {}
        for station in self.story.stations:
            if station.staffed and station.name not in lifted:
                run = self.run(self.story, *already, self.lift(station.name, QUARTER, period), until=end)
                found[station.name] = self.output(run, period) - base
        return found

    def period(self, period: Period) -> dict[str, Any]:
        """What limited the plant in since ≤ day < until."""
        output, reached = self.output(self.baseline, period), self.reached(self.baseline, period)
        gains = self.gains(period)
        ranked = sorted(gains, key=lambda name: -gains[name])
        constraint = ranked[0] if gains[ranked[0]] >= NOTICEABLE * output else None
        answer: dict[str, Any] = {
            "from": period[0].isoformat(),
            "to": period[1].isoformat(),
            "constraint": constraint,
            "kind": "none",
            "output_per_day": round(output, 3),
            "mean_value": round(sum(case.value for case in reached) / len(reached), 2),
            "gain_quarter_per_day": round(gains[constraint], 3) if constraint else 0.0,
            "gain_lifted_per_day": 0.0,
            "next": None,
            "gains": {name: round(gain, 3) for name, gain in gains.items()},
        }
        if constraint:
            answer["kind"] = "sole" if gains[ranked[1]] < gains[constraint] / 2 else "shifting"
            free = self.lift(constraint, FREE, period)
            lifted = self.output(self.run(self.story, free, until=self.story.time.moment(period[1])), period)
            answer["gain_lifted_per_day"] = round(lifted - output, 3)
            then = self.gains(period, free)
            following = max(then, key=lambda name: then[name])
            answer["next"] = following if then[following] >= NOTICEABLE * lifted else None
        return answer


def staff_changes(story: Story) -> list[dict[str, Any]]:
    """Every day on which the staff of a station changes, with the heads from that day on."""
    changes: Counter[tuple[date, str]] = Counter()
    for head in story.staff:
        if head.since:
            changes[head.since, head.station] += 1
        if head.until:
            changes[head.until + timedelta(days=1), head.station] -= 1
    return [
        {"date": day.isoformat(), "stage": station, "change": change, "heads": heads(story, station, day)}
        for (day, station), change in sorted(changes.items())
    ]


def heads(story: Story, station: str, day: date) -> int:
    """People and robots at the station on that day."""
    return sum(
        head.station == station
        and (head.since is None or head.since <= day)
        and (head.until is None or day <= head.until)
        for head in story.staff
    )


def wip(story: Story, run: SimulatedRun, moment: int) -> dict[str, int]:
    """Cases per station at the moment: entered ≤ moment < left."""
    found = {station.name: 0 for station in story.stations}
    for visit in run.visits:
        if visit.entered <= moment and (visit.left is None or moment < visit.left):
            found[visit.station] += 1
    return found


def monthly_wip(story: Story, run: SimulatedRun) -> dict[str, dict[str, int]]:
    """WIP per station at noon, local time, of each month's fifteenth."""
    first, last = story.time.first, story.time.last
    days = [date(year, month, 15) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    moments = [story.time.moment(day, time(12)) for day in days]
    return {story.time.text(moment): wip(story, run, moment) for moment in moments}


def forgotten(story: Story, run: SimulatedRun) -> dict[str, Any]:
    """The cases that were handed over and never picked up."""
    lost = run.forgotten
    moments = [visit.entered for visit in lost]
    return {
        "stage": lost[0].station,
        "from": story.time.text(min(moments)),
        "to": story.time.text(max(moments)),
        "cases": len(lost),
        "value": sum(visit.case.value for visit in lost),
    }


def process_cost(story: Story, run: SimulatedRun) -> dict[str, dict[str, float]]:
    """Per kind of case that is over: how many, its mean value, and the mean cost of the working time spent on it."""
    rate = {head.id: head.cost_per_hour for head in story.staff}
    cost: defaultdict[str, float] = defaultdict(float)
    for visit in run.visits:
        if visit.resource and visit.started is not None and visit.left is not None:
            seconds = story.time.worked_by(visit.left) - story.time.worked_by(visit.started)
            cost[visit.case.id] += seconds / 3600 * rate[visit.resource]
    kinds: dict[str, list[Case]] = {}
    for end in run.ends:
        kinds.setdefault(end.case.kind or "all", []).append(end.case)
    return {
        kind: {
            "cases": len(cases),
            "mean_value": round(sum(case.value for case in cases) / len(cases), 2),
            "mean_cost": round(sum(cost[case.id] for case in cases) / len(cases), 2),
        }
        for kind, cases in sorted(kinds.items())
    }


def truth(laboratory: Laboratory, name: str, periods: Sequence[Period]) -> dict[str, Any]:
    """All that is known for certain about a story; counts per working day unless named otherwise."""
    story, run = laboratory.story, laboratory.baseline
    return {
        "story": name,
        "seed": laboratory.seed,
        "goal": story.goal,
        "rule": f"a station that works {QUARTER:g} times as fast in the period; the same chances otherwise",
        "periods": [laboratory.period(period) for period in periods],
        "staff": staff_changes(story),
        "outcomes": dict(sorted(Counter(f"{e.outcome}/{e.reason}".rstrip("/") for e in run.ends).items())),
        "process_cost": process_cost(story, run),
        "wip": monthly_wip(story, run),
    }
