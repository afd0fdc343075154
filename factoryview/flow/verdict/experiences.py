"""The same process as three people live it, and whether a case is worth what it costs.

Customer: how long it takes, and how much of that is waiting for us. Employee: the load per head and the vacancies of
a department; never of a person, and small departments are merged. Partner: what each channel
brings in, what becomes of it, how long it waits. Worth: hourly costs × time at work, against the value at stake.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from factoryview.factory.privacy import REST, Gate
from factoryview.factory.staff import staff_of, workers_on
from factoryview.flow.verdict.basis import Basis
from factoryview.plant.models import Plant
from factoryview.store.database import Store
from factoryview.time import moment_of


@dataclass(frozen=True)
class Customer:
    """Cases completed or lost in the window; hours."""

    cases: int
    lead_time: float
    """Median, from first sight to outcome."""
    slow: float
    """85th percentile."""
    waiting_for_us: float
    """Share of the time spent waiting before stages where we work."""


@dataclass(frozen=True)
class Team:
    """A department, or the merged small ones, at the end of the window."""

    heads: int
    vacancies: int
    open_per_head: float
    """Cases standing at its stages, per head."""
    done_per_head: float
    """Departures of its stages per head and week."""


@dataclass(frozen=True)
class Partner:
    """A channel over the window; hours."""

    cases: int
    completed: float
    """Share of its ended cases with a good outcome."""
    lead_time: float
    value: float | None


@dataclass(frozen=True)
class Worth:
    """What a case costs against what it is worth, over the cases that ended in the window."""

    cost_per_case: float
    by_stage: dict[str, float]
    """Cost of one visit."""
    not_worth: int
    """Cases that cost more than they are worth."""
    their_cost: float | None
    their_value: float | None


@dataclass(frozen=True)
class Experiences:
    """All lenses; None where the log or the plant does not say enough."""

    customer: Customer | None
    employee: dict[str, Team]
    partner: dict[str, Partner]
    worth: Worth | None


def experiences(store: Store, basis: Basis, window: tuple[float, float]) -> Experiences:
    """The lenses over a window (hours since 1970 UTC)."""
    since, until = (moment_of(hour).replace(tzinfo=None) for hour in window)
    cases = basis.evidence.meaning != "kpi"
    costs = visit_costs(basis, window)
    return Experiences(
        _customer(store, basis, since, until) if cases else None,
        _teams(basis, window),
        _partners(store, basis, since, until) if cases else {},
        _worth(store, Gate.of(basis.evidence.plant), costs, since, until) if cases and costs else None,
    )


def _customer(store: Store, basis: Basis, since: datetime, until: datetime) -> Customer | None:
    [row] = store.rows("verdict/lead_times", since=since, until=until)
    if not Gate.of(basis.evidence.plant).enough(row[0]):
        return None
    bins = basis.bins
    low, high = (bins.bin_of(moment.timestamp() / 3600) for moment in _utc(since, until))
    rows = slice(low, max(high, low + 1))
    standing = bins.standing[rows].sum(axis=0)
    waiting = np.where(bins.waiting[rows] < 1e5, bins.waiting[rows], 0).sum(axis=0)
    batch = np.array([station.kind == "batch" for station in basis.stations])
    waiting = np.where(batch, standing, waiting)
    return Customer(int(row[0]), float(row[1]), float(row[2]), float(waiting.sum() / max(standing.sum(), 1e-9)))


def _utc(*moments: datetime) -> list[datetime]:
    from datetime import UTC

    return [moment.replace(tzinfo=UTC) for moment in moments]


def _partners(store: Store, basis: Basis, since: datetime, until: datetime) -> dict[str, Partner]:
    evidence = basis.evidence
    good = [way for way, well in zip(evidence.ways, evidence.good, strict=True) if well]
    smallest = Gate.of(evidence.plant).smallest
    rows = store.rows("verdict/partners", since=since, until=until, good=good, smallest=smallest, others=REST)
    return {
        name: Partner(count, float(share), float(lead), None if value is None else float(value))
        for name, count, share, lead, value in rows
    }


def _teams(basis: Basis, window: tuple[float, float]) -> dict[str, Team]:
    """Departments by head; those below the smallest group are merged, and left out if still too few."""
    plant, bins = basis.evidence.plant, basis.bins
    low, high = bins.bin_of(window[0]), bins.bin_of(window[1] - 1e-9) + 1
    weeks = max((window[1] - window[0]) / 168, 1e-6)
    groups: dict[str, list[float]] = {}
    for index, station in enumerate(basis.stations):
        staff = staff_of(plant, station.name)
        stage = plant.stage(station.name)
        if staff is None or stage is None or stage.department is None:
            continue
        heads = float(staff.at(np.array([window[1]]))[0])
        numbers = (
            heads,
            max((staff.posts or 0) - heads, 0.0),
            float(bins.standing[high - 1, index]),
            float(bins.departures[low:high, index].sum()) / weeks,
        )
        total = groups.setdefault(stage.department, [0.0] * 4)
        groups[stage.department] = [a + b for a, b in zip(total, numbers, strict=True)]
    merged = _merged(groups, Gate.of(plant))
    return {
        name: Team(int(heads), int(vacant), standing / heads, done / heads)
        for name, (heads, vacant, standing, done) in merged.items()
    }


def _merged(groups: dict[str, list[float]], gate: Gate) -> dict[str, list[float]]:
    """The numbers of the groups (heads first), those with too few heads added up."""
    few = gate.merged({name: numbers[0] for name, numbers in groups.items()})
    found = {name: numbers for name, numbers in groups.items() if name not in few}
    rest = [sum(column) for column in zip(*(groups[name] for name in few), strict=True)]
    return found | {REST: rest} if rest and gate.enough(rest[0]) else found


def hourly_cost(plant: Plant, stage: str, moment: datetime) -> float | None:
    """Mean cost of an hour at work at a stage on that day; None where no worker there has a cost."""
    here = [worker for worker in workers_on(plant, stage, moment.date()) if worker.cost_per_hour is not None]
    heads = sum(worker.count for worker in here)
    return sum((worker.cost_per_hour or 0) * worker.count for worker in here) / heads if heads else None


def visit_costs(basis: Basis, window: tuple[float, float]) -> dict[str, float]:
    """What one visit costs at each stage: time at work ÷ departures × the mean hourly cost."""
    bins = basis.bins
    low, high = bins.bin_of(window[0]), bins.bin_of(window[1] - 1e-9) + 1
    found = {}
    for index, station in enumerate(basis.stations):
        hourly = hourly_cost(basis.evidence.plant, station.name, moment_of(window[1]))
        served = bins.departures[low:high, index].sum() - bins.given_up[low:high, index].sum()
        if hourly is not None and served > 0:
            hours = _hours_at_work(basis, index, window)
            if hours is None:
                hours = float(bins.used[low:high, index].sum() / served)
            found[station.name] = hourly * hours
    return found


def _hours_at_work(basis: Basis, index: int, window: tuple[float, float]) -> float | None:
    """Mean working time of a visit where starts are known."""
    station = basis.stations[index]
    visits = station.visits
    if basis.evidence.meaning != "interval":
        return None
    done = np.isfinite(visits.started) & (visits.left >= window[0]) & (visits.left < window[1])
    if not done.any():
        return None
    worked = station.clock.worked
    return float((worked(visits.left[done]) - worked(visits.started[done])).mean())


def _worth(store: Store, gate: Gate, costs: dict[str, float], since: datetime, until: datetime) -> Worth | None:
    names, prices = list(costs), list(costs.values())
    [row] = store.rows("verdict/worth", since=since, until=until, names=names, prices=prices)
    if not gate.enough(row[0]):
        return None
    _, mean, bad, cost, value = row
    few = not gate.enough(bad)
    return Worth(
        float(mean), costs, 0 if few else int(bad), None if few else float(cost), None if few else float(value)
    )
