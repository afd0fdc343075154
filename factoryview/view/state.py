"""A plant at a moment as numbers and ids: a pure function of what was counted, what stands, and the moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from factoryview.flow.ladder import Work
from factoryview.flow.moment.history import History, Rate, Window
from factoryview.flow.moment.levels import AMBER, NEUTRAL, RED
from factoryview.flow.moment.life import AlarmState, alarms_at
from factoryview.flow.moment.lining import OnBelt
from factoryview.flow.moment.ride import BELT_SPEED, EDGE
from factoryview.flow.moment.standing import Standing
from factoryview.view.counts import Counts
from factoryview.view.figures import Figures, figures_of
from factoryview.view.headlines import Headlines
from factoryview.view.health import FeedAge, FeedHealth
from factoryview.view.news import News
from factoryview.view.stages import StageState, stages_at

if TYPE_CHECKING:
    from factoryview.flow.verdict.findings import Findings
    from factoryview.flow.verdict.otherwise import Doubt, Otherwise

Id = tuple[str, ...]
"""("stage", name), ("outcome", name), ("belt", origin, target), ("source", name), ("goal", of)."""
_SLOWING = 0.6
"""Seconds of display in which a belt that jams comes to rest."""
_MOST_NEWS = 2
"""Headlines that find room."""


@dataclass(frozen=True)
class OutcomeState:
    """A depot."""

    id: Id
    total: float
    """Cases that have ended so."""
    throughput: float
    stale_since: int | None


@dataclass(frozen=True)
class BinState:
    """What a stage loses."""

    id: Id
    stage: int
    """Its code."""
    lost: float
    """Cases lost in `State.window`."""
    left: float
    """Cases that left the stage in it, the lost ones included."""
    share: float | None
    """Lost ÷ left, 0 to 1; None where so few were lost that it would point at single cases, or where the log does not
    know how many went on. 0: none was."""
    reason: str | None
    """Why most were lost: the log's word, or the outcome where it gives none; None where too few were lost for it."""


class BeltState(NamedTuple):
    """A belt's movement."""

    id: Id
    phase: float
    """How far it has run, in u."""
    level: int
    stale: bool


@dataclass(frozen=True)
class SourceState:
    """Where cases come in."""

    id: Id
    stage: str
    """Which it feeds: a source has a sign for each."""
    throughput: float | None
    """None where so few came so far that it would point at single cases."""


@dataclass(frozen=True)
class State:
    """A plant at one moment."""

    at: int
    """µs UTC."""
    pace: float
    """Data µs per second of display."""
    playing: bool
    live: bool
    """This is now, and goes on with the clock."""
    first: int
    """When the log began, µs UTC."""
    rate: Rate
    """What a throughput is counted over."""
    window: Window
    """What shares are counted over."""
    standing: Standing
    """What stands where; its belts are those of the topology, in their order."""
    stages: tuple[StageState, ...]
    """In the order of the topology's codes."""
    outcomes: tuple[OutcomeState, ...]
    bins: tuple[BinState, ...]
    belts: tuple[BeltState, ...]
    sources: tuple[SourceState, ...]
    news: tuple[News, ...]
    """The most important first."""
    alarms: tuple[AlarmState, ...]
    """Those that go on or have lately ended, and what was answered."""
    feeds: tuple[FeedAge, ...]
    now: int
    """The clock of a live plant, µs UTC; 0 of a replay."""
    stale: dict[str, int]
    """Stage or outcome whose data is old → since when."""
    figures: Figures
    doubt: Doubt | None = None
    """The first of the news hangs on what the times mean, and that is a guess."""


@dataclass(frozen=True)
class Studied:
    """What is found out about a whole log beside the picture, because it takes longer."""

    findings: Findings | None
    """What limits the plant, by moment."""
    measured: tuple[History, Work]
    """The time at work, along a history."""
    otherwise: Otherwise | None = None
    """The same log with times of another meaning, where what they mean is a guess."""


@dataclass(frozen=True)
class Asked:
    """A question for a state, inside the log."""

    at: int
    pace: float
    playing: bool
    live: bool
    health: FeedHealth

    def local(self, timezone: str) -> datetime:
        """The moment in a time zone."""
        return datetime.fromtimestamp(self.at // 1_000_000, UTC).astimezone(ZoneInfo(timezone))


def state_of(counts: Counts, standing: Standing, asked: Asked, studied: Studied | None = None) -> State:
    """The state of a plant. standing: of the stages, at that moment and pace. studied: what takes longer to find."""
    topology, at, health = counts.topology, asked.at, asked.health
    stale = health.stale((*topology.stages, *topology.docks), at)
    standing = _with_deliveries(counts, standing, asked)
    local = asked.local(counts.factory.plant.timezone)
    finding = studied.findings.known(at) if studied is not None and studied.findings is not None else None
    figures = figures_of(counts, at, local.date(), studied.measured if studied else None)
    found = Headlines(counts, finding).at(at, local.date(), standing, figures.ladder)
    other = studied.otherwise if studied is not None and finding is not None else None
    return State(
        at=at,
        pace=asked.pace,
        playing=asked.playing,
        live=asked.live,
        first=counts.history.first,
        rate=counts.history.rate,
        window=counts.history.window(at),
        standing=standing,
        stages=stages_at(counts, at, local.date(), standing, stale),
        outcomes=_outcomes(counts, at, stale),
        bins=counts.remembered.of("bins", counts.history.window(at).until, lambda: _bins(counts, at)),
        belts=_belts(counts, asked, standing, stale),
        sources=_sources(counts, at),
        news=(*health.alarms(at), *found)[:_MOST_NEWS],
        alarms=_alarms(counts, at, local.date()),
        feeds=health.feeds(at),
        now=health.now,
        stale=stale,
        figures=figures,
        doubt=None if other is None else other.known(found[0].stage or None, at),
    )


def _alarms(counts: Counts, at: int, day: date) -> tuple[AlarmState, ...]:
    """With answers they change when one was given, else only with the working day."""
    answers, timezone = counts.factory.answers, counts.factory.plant.timezone
    of = counts.jams.levels.at(at), day, tuple(answers), at if answers else 0
    return counts.remembered.of("alarms", of, lambda: alarms_at(counts.jams, answers, at, timezone))


def _with_deliveries(counts: Counts, standing: Standing, asked: Asked) -> Standing:
    """What stands, with those who ride to the docks; they are done and in no stage."""
    topology = counts.topology
    riding: list[OnBelt] = []
    for i, way in enumerate(topology.deliveries, start=len(topology.ways)):
        length = max(1.0, topology.plan.belts[i].length - 2 * EDGE)
        riding.append(topology.endings[way].riding(asked.at, asked.pace, length))
    return Standing(standing.at, standing.stages, (*standing.belts, *riding), standing.piles)


def _outcomes(counts: Counts, at: int, stale: dict[str, int]) -> tuple[OutcomeState, ...]:
    ended, endings = counts.totals.outcomes(at), counts.topology.endings
    past = counts.history

    def rates() -> dict[str, float]:
        return {
            dock: sum(past.rate_of(ending.tally, at) for (_, outcome), ending in endings.items() if outcome == dock)
            for dock in counts.topology.depots
        }

    lately = counts.remembered.of("reaching", past.window(at).until, rates)
    return tuple(
        OutcomeState(("outcome", dock), ended.get(dock, 0.0), rate, stale.get(dock)) for dock, rate in lately.items()
    )


def _bins(counts: Counts, at: int) -> tuple[BinState, ...]:
    topology, window, gate = counts.topology, counts.history.window(at), counts.factory.gate
    store = counts.factory.store
    found = []
    for stage, outcomes in topology.losing.items():
        code = topology.stages.index(stage)
        why: dict[str, float] = {}
        for outcome in outcomes:
            for reason, cases in topology.endings[stage, outcome].reasons_in(window.since, window.until).items():
                why[reason or outcome] = why.get(reason or outcome, 0.0) + cases
        left = float(counts.history.departures[code, window.buckets].sum())
        lost, most = sum(why.values()), max(sorted(why), key=lambda reason: why[reason], default=None)
        share = min(1.0, lost / left) if left else 0.0
        found.append(
            BinState(
                id=("bin", stage),
                stage=code,
                lost=lost,
                left=left,
                share=None if store.last_only else gate.number(share, lost) if lost else 0.0,
                reason=None if most is None else gate.number(most, why[most]),
            )
        )
    return tuple(found)


def _belts(counts: Counts, asked: Asked, standing: Standing, stale: dict[str, int]) -> tuple[BeltState, ...]:
    """A belt shows its stage's level only while crates are on it: an empty belt is no jam."""
    topology, past, levels = counts.topology, counts.history, counts.jams.levels
    found, now = [], levels.at(asked.at)
    ids = counts.remembered.of("belts", None, lambda: [("belt", b.origin, b.target) for b in topology.plan.belts])
    here = levels.level[:, now].tolist()
    ahead = (asked.at - past.first) / asked.pace * BELT_SPEED
    for i, belt in enumerate(topology.plan.belts):
        late = stale.get(belt.target)
        seen, level, run = asked.at, NEUTRAL, ahead
        if late is not None:
            seen = max(late, past.first)
            run = (seen - past.first) / asked.pace * BELT_SPEED
        if i < len(topology.ways) and len(standing.belts[i].id):
            stage, step = topology.ways[i].stage, now if late is None else levels.at(seen)
            level = here[stage] if late is None else int(levels.level[stage, step])
            run = _run(counts, stage, step, seen, asked.pace) if level else run
        found.append(BeltState(ids[i], run, level, late is not None))
    return tuple(found)


def _run(counts: Counts, stage: int, step: int, at: int, pace: float) -> float:
    """How far the belts into a stage have run since the log began, in u; in a jam they come to rest.

    step: that of the levels at the moment.
    """
    levels, first = counts.jams.levels, counts.history.first
    done, level = float(counts.moving[stage, step]), int(levels.level[stage, step])
    if level == RED:
        slowing = _SLOWING * pace
        elapsed = min(float(at - max(first, int(levels.moments[levels.since(stage, step)]))), slowing)
        done += elapsed - elapsed * elapsed / (2 * slowing)
    else:
        done += (at - max(first, int(levels.moments[step]))) * (0.5 if level == AMBER else 1.0)
    return done / pace * BELT_SPEED


def _sources(counts: Counts, at: int) -> tuple[SourceState, ...]:
    gate, past = counts.factory.gate, counts.history
    rates = counts.remembered.of(
        "coming", past.window(at).until, lambda: [past.rate_of(tally, at) for tally in counts.sources.values()]
    )
    found = []
    for (name, stage), tally, rate in zip(counts.sources, counts.sources.values(), rates, strict=True):
        so_far = tally.by(at)
        found.append(SourceState(("source", name), stage, gate.number(rate, so_far) if so_far else 0.0))
    return tuple(found)
