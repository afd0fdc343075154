"""The boards beside the machines as data: goals by now, the lead-time ladder, and what is handed over complete.

The numbers are those of the picture at the same moment (`view/figures.py`).
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import Field

from factoryview.flow.accuracy import hand_overs
from factoryview.flow.goals import GoalByNow
from factoryview.flow.ladder import Ladder, Rung
from factoryview.flow.verdict.document import Part
from factoryview.flow.work import work_of
from factoryview.time import HOUR, utc
from factoryview.view.figures import figures_of
from factoryview.view.model import Model


class GoalPart(Part):
    """A target at the moment; arrivals of the local day so far."""

    actual: float
    plan: float = Field(description="The day's target × the share of a usual day's arrivals that has come by now.")
    difference: float = Field(description="actual − plan.")
    open: bool = Field(description="Whether today is a working day; else nothing is planned.")
    forecast: float | None = Field(description="Arrivals expected of the whole day.")
    low: float | None = Field(description="With high: the day ends between them with a chance of 80 %.")
    high: float | None
    takt_hours: float | None = Field(description="Working hours for each arrival, if the target is met.")
    pace_hours: float | None = Field(description="Working hours of today for each arrival so far.")


class RungPart(Part):
    """A stage on the ladder; means of a visit, elapsed hours."""

    stage: str
    visits: float
    stay_hours: float
    work_hours: float | None
    waiting_hours: float | None


class LadderPart(Part):
    """The stages of the main road, one after the other."""

    rungs: list[RungPart]
    lead_time_hours: float = Field(description="Σ of the stays.")
    work_share: float | None = Field(description="Σ work ÷ lead time (process-cycle efficiency).")
    missing: list[str] = Field(description="Stages of the main road that too few cases left in the window.")


class AccuracyPart(Part):
    """What one stage handed over to another."""

    origin: str
    target: str
    visits: float
    accurate: float | None = Field(description="Share that was not sent back to an earlier stage.")


class Boards(Part):
    """Of `at`; the ladder and the hand-overs over `boards_window`."""

    boards_window: tuple[datetime, datetime]
    goals: dict[str, GoalPart] = Field(description="Stage or outcome with a target → its goal by now.")
    ladder: LadderPart
    accuracy: list[AccuracyPart] = Field(description="Per hand-over: complete and accurate.")


def boards_of(model: Model, at: int) -> Boards:
    """The boards of a model at a moment, µs UTC."""
    counts, factory = model.counts, model.factory
    day = utc(at).astimezone(ZoneInfo(factory.plant.timezone)).date()
    measured = counts.history, work_of(factory.store, factory.plant, counts.history, counts.jams.wrecks)
    figures = figures_of(counts, at, day, measured)
    assert figures.ladder is not None, "the time at work was measured"
    window = figures.window
    return Boards(
        boards_window=(utc(window.since), utc(window.until)),
        goals={of: _goal(goal) for of, goal in figures.goals.items()},
        ladder=_ladder(figures.ladder),
        accuracy=[
            AccuracyPart(origin=one.origin, target=one.target, visits=one.visits, accurate=one.accurate)
            for one in hand_overs(factory.store, window, factory.gate)
        ],
    )


def _goal(goal: GoalByNow) -> GoalPart:
    return GoalPart(
        actual=goal.actual,
        plan=goal.plan,
        difference=goal.difference,
        open=goal.open,
        forecast=goal.forecast,
        low=goal.low,
        high=goal.high,
        takt_hours=_hours(goal.takt),
        pace_hours=_hours(goal.pace),
    )


def _ladder(ladder: Ladder) -> LadderPart:
    return LadderPart(
        rungs=[_rung(rung) for rung in ladder.rungs],
        lead_time_hours=ladder.total / HOUR,
        work_share=ladder.share,
        missing=list(ladder.missing),
    )


def _rung(rung: Rung) -> RungPart:
    return RungPart(
        stage=rung.stage,
        visits=rung.visits,
        stay_hours=rung.stay / HOUR,
        work_hours=_hours(rung.work),
        waiting_hours=_hours(rung.waiting),
    )


def _hours(span: float | None) -> float | None:
    return None if span is None else span / HOUR
