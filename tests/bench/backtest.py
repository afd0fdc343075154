"""The demo's own story foretold: calibrated before each change, and held beside what then happened.

In autumn two more people approve and small offers need no approval; in June one of two approvers leaves; in spring
offers take half the time, and those that a machine wrote take a little longer to check. Orders a week and the queue
before approvals, as many days before and after; each up to the next change of the story. What a change caused is known,
too: the story is told again without it, with the same chances.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import numpy as np

from factoryview.demo import SEED, umsatzwerk
from factoryview.demo.simulator import Chances, Simulator
from factoryview.factory.opening import open_factory
from factoryview.plant.scenario_file import Scenarios, parse_set
from factoryview.resources import data_file
from factoryview.whatif.comparing import compare
from factoryview.whatif.document import Tried, band
from factoryview.whatif.interventions import changed
from factoryview.whatif.lab import open_lab

STORY = {
    "autumn: two more approve, small offers go past": (
        "2025-10-05", 84, ["Approval.people+=2", "Approval.skip<5000"], "RELIEF",
    ),
    "June: one of two approvers leaves": ("2025-06-07", 91, ["Approval.people-=1"], "ONE_LEAVES"),
    "spring: offers take half the time": (
        "2025-04-05", 63, ["Offer.work*=0.46", "Approval.work*=1.042"], "AI_OFFERS",
    ),
}  # fmt: skip
_NEVER = date(2025, 12, 30)


def caused(change: str, since: date, until: date) -> float:
    """Orders a week that a change of the story brought: as it was told, and told without it."""
    story, found = umsatzwerk.Umsatzwerk(), []
    begin, end = story.time.moment(since), story.time.moment(until)
    for day in (getattr(umsatzwerk, change), _NEVER):
        with patch.object(umsatzwerk, change, day):
            told = umsatzwerk.Umsatzwerk()
            run = Simulator(told, Chances(SEED), told.cases(SEED), ()).simulate(end)
        visits = (visit for visit in run.visits if visit.station == "Delivery" and visit.left is not None)
        found.append(sum(begin <= visit.left < end for visit in visits))
    return (found[0] - found[1]) / ((until - since).days / 7)


def paid(store: object, since: datetime, until: datetime) -> int:
    """Orders that were paid in a span, counted in the log."""
    ((number,),) = store.engine.connection.execute(  # type: ignore[attr-defined]
        'select count(*) from outcomes where outcome = \'Paid\' and "at" >= ? and "at" < ?',
        [since.replace(tzinfo=None), until.replace(tzinfo=None)],
    ).fetchall()
    return int(number)


def standing(store: object, since: datetime, until: datetime) -> float:
    """Offers that stood before or in approval, the mean over a span, counted in the log."""
    begin, end = since.replace(tzinfo=None), until.replace(tzinfo=None)
    ((hours,),) = store.engine.connection.execute(  # type: ignore[attr-defined]
        'select sum(epoch(least(coalesce("left", ?), ?)) - epoch(greatest(entered, ?))) / 3600 from stays '
        "where stage = 'Approval' and entered < ? and coalesce(\"left\", ?) > ?",
        [end, end, begin, end, end, begin],
    ).fetchall()
    return float(hours) / ((until - since).total_seconds() / 3600)


def run(runs: int = 100) -> dict[str, object]:
    factory = open_factory(data_file("umsatzwerk.toml"))
    found: dict[str, object] = {}
    for name, (day, days, said, change) in STORY.items():
        weeks = days / 7
        at = datetime.fromisoformat(day + "T12:00").replace(tzinfo=UTC)
        moment = int(at.timestamp() * 1e6)
        lab, _ = open_lab(factory.store, factory.plant, moment, days)
        told = compare(lab, Scenarios(days=days, replications=runs, scenario=(parse_set(said),)), day)
        (one,) = told.scenarios
        before = paid(factory.store, at - timedelta(days=days), at) / weeks
        after = paid(factory.store, at, at + timedelta(days=days)) / weeks
        scenario, approval = parse_set(said), lab.setting.pool("Approval")
        (figures,) = lab.outcomes(
            [lambda future, seed, made=scenario, lab=lab: changed(future, made, lab.setting, seed)], range(runs)
        )
        jam = band(np.array([row.queue[approval] for row in figures.rows]))
        assert jam is not None
        brought = caused(change, at.date(), (at + timedelta(days=days)).date())
        gain, level = one.figures["throughput"].difference, one.figures["throughput"].to_be
        assert gain is not None
        assert level is not None
        found[name] = {
            "days": days,
            "orders_a_week_before": round(before, 1),
            "orders_a_week_after": round(after, 1),
            "caused": round(brought, 1),
            "foretold_more": [round(n, 1) for n in (gain.low, gain.median, gain.high)],
            "foretold_level": [round(n, 1) for n in (level.low, level.median, level.high)],
            "gain_covers": bool(gain.low <= brought <= gain.high),
            "level_covers": bool(level.low <= after <= level.high),
            "stood_in_approval_before": round(standing(factory.store, at - timedelta(days=days), at), 1),
            "stood_in_approval_after": round(standing(factory.store, at, at + timedelta(days=days)), 1),
            "foretold_queue": [round(n, 1) for n in (jam.low, jam.median, jam.high)],
            **_said(one),
        }
    return {"futures": runs, "story": found}


def _said(one: Tried) -> dict[str, object]:
    wip = one.figures["wip"].difference
    return {
        "effect": one.effect,
        "constraint_then": one.constraint,
        "if_nothing_waited_there": None if one.possible is None else round(one.possible, 1),
        "more_in_progress": None if wip is None else round(float(np.round(wip.median)), 0),
    }
