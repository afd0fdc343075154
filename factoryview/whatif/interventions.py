"""Changes of a plant, made in a future of it: the same cases, the same chances, so that what differs is the change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from typing import Any

import numpy as np

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.plant.checks import near
from factoryview.plant.scenario_file import (
    KINDS,
    ChangeArrivals,
    ChangeBatch,
    ChangeHours,
    ChangeLimit,
    ChangeLosses,
    ChangePeople,
    ChangePriority,
    ChangeRetirements,
    ChangeRoute,
    ChangeSkip,
    ChangeWork,
    Scenario,
)
from factoryview.plant.words import WEEKDAYS
from factoryview.whatif.calendar import WEEK_H, Calendar
from factoryview.whatif.calibration import Calibration
from factoryview.whatif.facts import Facts, Flags, Future, gone_on
from factoryview.whatif.held import feeding, in_batches, with_limit
from factoryview.whatif.kernel import NEVER, Order, Pool, Steps
from factoryview.whatif.log import Ints
from factoryview.whatif.replication import Replication, both
from factoryview.whatif.week import LocalWeek

YEAR_H = 365.25 * 24


@dataclass(frozen=True, eq=False)
class Setting:
    """In what a change is made."""

    calibration: Calibration
    facts: Facts
    week: LocalWeek
    begin: float
    """h: the moment of the calibration, from which on it is simulated."""
    days: float
    holidays: tuple[date, ...] = ()
    """Days on which nobody works in other hours, either."""

    def calendar(self, weekly: Calendar) -> Calendar:
        """Weekly hours without the holidays of the time that is simulated; around the clock nothing rests."""
        if weekly == Calendar.always():
            return weekly
        begins = (self.hour(day) for day in self.holidays)
        return weekly.without((hour for hour in begins if self.begin - 24 <= hour <= self.end), self.end)

    @property
    def end(self) -> float:
        return self.begin + 24.0 * self.days

    def pool(self, stage: str) -> int:
        """The place of the pool of a stage."""
        found = self.calibration.pool_of(stage)
        assert found is not None, "checked before"
        return next(place for place, pool in enumerate(self.calibration.pools) if pool is found)

    def hour(self, day: date) -> float:
        """The begin of a local day, in hours of the week's clock."""
        since_1970 = datetime.combine(day, time()) - datetime(1970, 1, 1)
        return since_1970.total_seconds() / 3600 - self.week.monday / 3.6e9


def check(scenario: Scenario, setting: Setting) -> None:
    """Raises InputError for a scenario that cannot be tried on this plant."""
    log, facts = setting.calibration.log, setting.facts
    where = f'scenario "{scenario.name}"'
    for stage in scenario.stages:
        if stage not in log.stages:
            raise InputError(said("error.no_stage_named", name=stage), where=where, cure=near(stage, list(log.stages)))
    worked = (
        change.stage
        for kind in (scenario.people, scenario.retire, scenario.work, scenario.priority, scenario.hours)
        for change in kind
    )
    for name in worked:
        if name is not None and log.delay is not None and log.delay[log.stages.index(name)]:
            raise InputError(
                said("error.nobody_works", name=name),
                where=where,
                cure=said("error.change_around"),
            )
    for people in scenario.people:
        servers = setting.calibration.pools[setting.pool(people.stage)].servers
        if servers + people.add < 0:
            raise InputError(
                said("error.too_many_leave", stage=people.stage, people=servers, leave=-people.add),
                where=where,
                cure=said("error.take_fewer"),
            )
    for arrivals in scenario.arrivals:
        if arrivals.channel is not None and arrivals.channel not in facts.channels:
            raise InputError(
                said("error.no_channel", name=arrivals.channel),
                where=where,
                cure=near(arrivals.channel, [*facts.channels]),
            )
    for limit in scenario.limit:
        lots = [batch.size for batch in scenario.batch if batch.stage == limit.stage]
        if max(lots, default=1) > limit.most:
            raise InputError(
                said("error.batch_finds_no_room", stage=limit.stage, size=max(lots), most=limit.most),
                where=where,
                cure=said("error.larger_limit"),
            )
        if not feeding(setting.calibration, limit.stage):
            raise InputError(
                said("error.nothing_before", name=limit.stage), where=where, cure=said("error.limit_elsewhere")
            )
    if any(skip.below is not None for skip in scenario.skip) and np.isnan(facts.value).all():
        raise InputError(said("error.no_values"), where=where, cure=said("error.leave_out_below"))


def changed(future: Future, scenario: Scenario, setting: Setting, seed: int) -> Future:
    """The same future with all changes of a scenario made."""
    for place, kind in enumerate(KINDS):
        for number, change in enumerate(getattr(scenario, kind)):
            rng = np.random.default_rng((seed, 20 + place, number))
            future = _MADE[kind](future, change, setting, rng)
    return future


def _steps(future: Future, steps: Steps) -> Future:
    return replace(future, replication=replace(future.replication, steps=steps))


def _pools(future: Future, change: Callable[[int, Pool], Pool]) -> Future:
    pools = tuple(change(place, pool) for place, pool in enumerate(future.replication.pools))
    return replace(future, replication=replace(future.replication, pools=pools))


def _at(future: Future, stage: str, setting: Setting) -> Flags:
    """Per step whether it is of that stage."""
    return np.asarray(future.replication.stage == setting.calibration.log.stages.index(stage))


def _limited(future: Future, pool: int) -> Future:
    """Everybody waits for the servers of a pool, though in the past nobody could be seen to: it gets more to do."""
    steps = future.replication.steps
    return _steps(future, replace(steps, queued=steps.queued | (steps.pool == pool)))


def _people(future: Future, change: ChangePeople, setting: Setting, _: np.random.Generator) -> Future:
    place = setting.pool(change.stage)
    since = setting.begin if change.since is None else setting.hour(change.since)
    if change.add < 0:
        future = _limited(future, place)
    future = _pools(future, lambda at, pool: staffed(pool, since, change.add, setting.begin) if at == place else pool)
    return past_their_leaving(future, place)


def past_their_leaving(future: Future, place: int) -> Future:
    """Where a pool has fewer servers than it has work in hand, those who leave finish theirs: what is done first."""
    steps = future.replication.steps
    if not len(steps.in_hand):
        return future
    hands = np.flatnonzero(steps.in_hand & steps.queued & (steps.pool == place))
    beyond = len(hands) - future.replication.pools[place].servers
    if beyond <= 0:
        return future
    queued = steps.queued.copy()
    queued[hands[np.argsort(steps.work[hands], kind="stable")[:beyond]]] = False
    return _steps(future, replace(steps, queued=queued))


def staffed(pool: Pool, since: float, more: int, begin: float) -> Pool:
    """A pool with more servers from an hour on, or fewer; never less than none."""
    known = {begin: pool.servers, **dict(pool.changes)}
    before = [number for hour, number in sorted(known.items()) if hour <= max(since, begin)][-1]
    known.setdefault(max(since, begin), before)
    after = {hour: max(0, number + more) if hour >= since else number for hour, number in known.items()}
    return replace(pool, servers=after.pop(begin), changes=tuple(sorted(after.items())))


def _retire(future: Future, change: ChangeRetirements, setting: Setting, _: np.random.Generator) -> Future:
    place, apart = setting.pool(change.stage), YEAR_H / change.per_year
    future = _limited(future, place)
    leaves = np.arange(setting.begin + apart / 2, setting.end, apart).tolist()

    def fewer(at: int, pool: Pool) -> Pool:
        for hour in leaves if at == place else ():
            pool = staffed(pool, hour, -1, setting.begin)
        return pool

    return _pools(future, fewer)


def _work(future: Future, change: ChangeWork, setting: Setting, _: np.random.Generator) -> Future:
    if change.factor > 1:
        future = _limited(future, setting.pool(change.stage))
    steps = future.replication.steps
    factor = np.where(_at(future, change.stage, setting), change.factor, 1.0)
    return _steps(future, replace(steps, work=steps.work * factor))


def _hours(future: Future, change: ChangeHours, setting: Setting, _: np.random.Generator) -> Future:
    begin, end = (hour.hour + hour.minute / 60 for hour in (change.start, change.end))
    calendar = setting.calendar(Calendar.of_days((WEEKDAYS.index(day) for day in change.days), begin, end))
    outside = len(future.replication.pools) - 1
    places = set(range(outside)) if change.stage is None else {setting.pool(change.stage)}
    return _pools(future, lambda at, pool: replace(pool, calendar=calendar) if at in places else pool)


def _priority(future: Future, change: ChangePriority, setting: Setting, _: np.random.Generator) -> Future:
    place, steps = setting.pool(change.stage), future.replication.steps
    order: Order = "priority"
    if change.rule in ("first come", "random"):
        order = "first come" if change.rule == "first come" else "random"
    rank = steps.work if change.rule == "shortest first" else -np.nan_to_num(future.value)[steps.case]
    future = _steps(future, replace(steps, priority=np.where(steps.pool == place, rank, steps.priority)))
    return _pools(future, lambda at, pool: replace(pool, order=order) if at == place else pool)


def _skip(future: Future, change: ChangeSkip, setting: Setting, rng: np.random.Generator) -> Future:
    chosen = rng.random(len(future.donor)) < change.share
    if change.below is not None:
        chosen &= future.value < change.below
    replication, steps = future.replication, future.replication.steps
    out = _at(future, change.stage, setting) & chosen[steps.case]
    parent, release = steps.parent.copy(), steps.release.copy()
    has_child = np.zeros(len(steps), dtype=np.bool_)
    has_child[parent[parent >= 0]] = True
    out &= has_child | (parent >= 0)
    while (orphans := np.flatnonzero((parent >= 0) & out[parent] & ~out)).size:
        release[orphans] = release[parent[orphans]]
        parent[orphans] = parent[parent[orphans]]
    return replace(
        future, replication=kept_steps(replace(replication, steps=replace(steps, parent=parent, release=release)), ~out)
    )


def kept_steps(replication: Replication, kept: Flags) -> Replication:
    """Only some of its steps; whose parent is gone is released by nobody."""
    steps, place = replication.steps, np.cumsum(kept) - 1
    parent = np.where((steps.parent >= 0) & kept[steps.parent], place[steps.parent], -1)
    return replace(
        replication,
        steps=_some(replace(steps, parent=parent), np.flatnonzero(kept)),
        stage=replication.stage[kept],
        source=replication.source[kept],
    )


def _some(steps: Steps, places: Ints) -> Steps:
    """These steps, with parents and cases as they are."""
    columns = (getattr(steps, column.name) for column in fields(steps))
    return Steps(*(column[places] if len(column) else column for column in columns))


def _route(future: Future, change: ChangeRoute, setting: Setting, rng: np.random.Generator) -> Future:
    by = setting.pool(change.by)
    steps = future.replication.steps
    chosen = _at(future, change.stage, setting) & (rng.random(len(steps)) < change.share)
    return _limited(_steps(future, replace(steps, pool=np.where(chosen, by, steps.pool))), by)


def _losses(future: Future, change: ChangeLosses, setting: Setting, rng: np.random.Generator) -> Future:
    facts, source = setting.facts, future.replication.source
    stays = rng.random(len(source)) < 1.0 - change.factor
    here = _at(future, change.stage, setting) & stays
    steps = future.replication.steps
    if len(steps.patience):
        future = _steps(future, replace(steps, patience=np.where(here, NEVER, steps.patience)))
    lost = facts.last[source] & ~facts.gave_up[source] & facts.lost[setting.calibration.log.case[source]]
    return gone_on(setting.calibration, facts, future, np.flatnonzero(here & lost), rng)


def _arrivals(future: Future, change: ChangeArrivals, setting: Setting, rng: np.random.Generator) -> Future:
    replication = future.replication
    steps, came = replication.steps, replication.arrived
    uniform, spread = rng.random(len(came)), rng.random(len(came))
    of = ~replication.open
    if change.channel is not None:
        of &= future.channel == setting.facts.channels.index(change.channel)
    copies = np.where(of, np.floor(change.factor) + (uniform < change.factor % 1.0), 1.0).astype(np.int64) - 1
    gone = copies < 0
    future = replace(future, weight=np.where(of, future.weight / max(change.factor, 1e-9), future.weight))
    extra = np.repeat(np.arange(len(came)), np.maximum(copies, 0))
    if len(extra):
        low, high = (np.floor((edge - came[extra]) / WEEK_H) for edge in (setting.begin, setting.end))
        share = np.mod(spread[extra] + np.arange(len(extra)) * 0.618034, 1.0)
        at = came[extra] + WEEK_H * (low + 1 + np.floor(share * (high - low)))
        rests = ~setting.calibration.holidays.comes(at, rng.random(len(at)))  # then it comes a week later or earlier
        for other in (at - WEEK_H, at + WEEK_H):
            at = np.where(rests & (other >= setting.begin) & (other < setting.end), other, at)
        future = _more(future, extra, at)
        gone = np.concatenate([gone, np.zeros(len(extra), dtype=np.bool_)])
    if not gone.any():
        return future
    kept = ~gone[future.replication.steps.case]
    number = np.cumsum(~gone) - 1
    replication = kept_steps(future.replication, kept)
    steps = replace(replication.steps, case=number[replication.steps.case])
    return Future(
        replace(
            replication, steps=steps, arrived=replication.arrived[~gone], open=replication.open[~gone]
        ),
        future.donor[~gone], future.channel[~gone], future.value[~gone], future.weight[~gone],
    )  # fmt: skip


def _more(future: Future, extra: Ints, came: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Future:
    """The future with copies of these cases that come at other moments."""
    replication, steps = future.replication, future.replication.steps
    order = np.argsort(steps.case, kind="stable")
    first = np.searchsorted(steps.case[order], np.arange(len(future.donor) + 1))
    length = np.diff(first)[extra]
    offset = np.concatenate([[0], np.cumsum(length)])
    of = np.repeat(np.arange(len(extra)), length)
    source = order[np.arange(offset[-1]) - offset[of] + first[extra][of]]
    place = np.empty(len(steps), dtype=np.int64)
    place[order] = np.arange(len(steps))
    parent = steps.parent[source]
    inside = place[np.maximum(parent, 0)] - first[extra][of] + offset[of] + len(steps)
    copies = replace(
        _some(steps, source),
        case=len(future.donor) + of,
        parent=np.where(parent >= 0, inside, -1),
        release=steps.release[source] + (came - replication.arrived[extra])[of],
    )
    return Future(
        replace(
            replication,
            steps=both(steps, copies),
            stage=np.concatenate([replication.stage, replication.stage[source]]),
            source=np.concatenate([replication.source, replication.source[source]]),
            arrived=np.concatenate([replication.arrived, came]),
            open=np.concatenate([replication.open, np.zeros(len(extra), dtype=np.bool_)]),
        ),
        np.concatenate([future.donor, future.donor[extra]]),
        np.concatenate([future.channel, future.channel[extra]]),
        np.concatenate([future.value, future.value[extra]]),
        np.concatenate([future.weight, future.weight[extra]]),
    )


def _batch(future: Future, change: ChangeBatch, setting: Setting, _: np.random.Generator) -> Future:
    return in_batches(future, setting.calibration, change.stage, change.size)


def _limit(future: Future, change: ChangeLimit, setting: Setting, _: np.random.Generator) -> Future:
    return with_limit(future, setting.calibration, change.stage, change.most)


_MADE: dict[str, Callable[[Future, Any, Setting, np.random.Generator], Future]] = {
    "arrivals": _arrivals, "losses": _losses, "skip": _skip, "route": _route, "work": _work, "priority": _priority,
    "hours": _hours, "people": _people, "retire": _retire, "batch": _batch, "limit": _limit,
}  # fmt: skip
