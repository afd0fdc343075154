"""A future that is played in rounds: a change, some weeks, another change, each beginning with what is there then.

As in the known simulation games, a change is made in the plant that the changes before it have left, and what has
happened by then stays so: whatever is changed in a round leaves every earlier moment as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from os import cpu_count
from typing import Any

import numpy as np

from factoryview.plant.scenario_edits import together
from factoryview.plant.scenario_file import Scenario, resolved
from factoryview.whatif.document import NAMES, Measured, Name, band
from factoryview.whatif.facts import Future
from factoryview.whatif.interventions import changed, check, kept_steps, past_their_leaving
from factoryview.whatif.kernel import NEVER, Pool, Run, simulate
from factoryview.whatif.lab import Figures, Lab
from factoryview.whatif.log import Floats
from factoryview.whatif.measures import Measures, ends_of, measured
from factoryview.whatif.today import TICK_H

APART = 10_000
"""Seeds of one round are so far from those of the next."""


def going_on(future: Future, run: Run, at: float) -> Future:
    """What is left to do of a future that was simulated up to a moment (h), as a future that begins there.

    What was begun goes on with the rest of its work; who waits keeps the place in the queue and what is left of the
    patience; cases that are over or have left are not in it any more.
    """
    replication, steps = future.replication, future.replication.steps
    pools = tuple(_since(pool, at) for pool in replication.pools)
    over, begun = run.end <= at, run.start <= at
    left = np.zeros(len(future.donor), dtype=np.bool_)
    left[steps.case[over & ~begun]] = True
    kept = ~over & ~left[steps.case]
    inner = (steps.parent >= 0) & ~over[np.maximum(steps.parent, 0)]
    base = np.where(steps.parent >= 0, run.end[np.maximum(steps.parent, 0)], steps.release)
    came = np.where(inner, NEVER, base + steps.delay)
    hands, waits = kept & begun, kept & ~begun & (came <= at)
    ready = np.where(np.isfinite(run.ready), run.ready, came)
    queue = np.flatnonzero(waits)
    queue = queue[np.argsort(ready[queue], kind="stable")]
    release, delay, work = np.where(inner, 0.0, base), steps.delay.copy(), steps.work.copy()
    release[hands], delay[hands | waits] = at, 0.0
    release[queue] = at + TICK_H * (1 + np.arange(len(queue))) / (1 + len(queue))
    for place, pool in enumerate(pools):
        mine = np.flatnonzero(hands & (steps.pool == place))
        done = pool.calendar.worked(np.full(len(mine), at)) - pool.calendar.worked(run.start[mine])
        work[mine] = np.maximum(work[mine] - done, TICK_H)
    held: dict[str, Any] = {}
    joined = waits & np.isfinite(run.ready)
    if len(steps.patience):
        since = np.where(steps.gather >= 0, came, ready) if len(steps.gather) else ready
        left_over = np.where(waits, np.maximum(steps.patience - (at - since), TICK_H), steps.patience)
        held["patience"] = np.where(hands, np.inf, left_over)
    if len(steps.gather):
        held["gather"] = np.where(hands | joined, -1, steps.gather)
    if len(steps.room):
        held |= {"room": np.where(hands, -1, steps.room), "asks": np.where(hands, -1, steps.asks)}
    steps = replace(
        steps, parent=np.where(inner, steps.parent, -1), release=release, delay=delay, work=work, in_hand=hands, **held
    )
    found = kept_steps(replace(replication, steps=steps, pools=pools), kept)
    there = np.zeros(len(future.donor), dtype=np.bool_)
    there[found.steps.case] = True
    number = np.cumsum(there) - 1
    arrived = replication.arrived[there]
    found = replace(
        found, steps=replace(found.steps, case=number[found.steps.case]), arrived=arrived, open=arrived <= at
    )
    rest = Future(found, future.donor[there], future.channel[there], future.value[there], future.weight[there])
    for place in range(len(pools)):
        rest = past_their_leaving(rest, place)
    return rest


def _since(pool: Pool, at: float) -> Pool:
    """A pool as it is from a moment on."""
    servers = [pool.servers, *(number for hour, number in pool.changes if hour <= at)][-1]
    return replace(pool, servers=servers, changes=tuple(each for each in pool.changes if each[0] > at))


@dataclass(frozen=True, eq=False)
class Played:
    """One future, round by round."""

    rounds: tuple[Measures, ...]
    came: Floats
    """Per day from the begin on, and at the end of the last: those in progress at the begin and all who came since."""
    gone: Floats
    """So many of them are over by then; what is between both is in progress."""


def play(lab: Lab, rounds: Sequence[Scenario | None], days: int, seed: int) -> Played:
    """The future of a seed with one change a round (None: none), each `days` long, all within the lab's."""
    setting, future, found = lab.setting, lab.future(seed), list[Measures]()
    edges = setting.begin + 24.0 * np.arange(len(rounds) * days + 1)
    came, gone = np.zeros(len(edges)), np.zeros(len(edges))
    for number, change in enumerate(rounds):
        first, last = days * number, days * (number + 1)
        begin, end, mine = float(edges[first]), float(edges[last]), seed + APART * number
        here = replace(setting, begin=begin, days=setting.days - days * number)
        if change is not None:
            future = changed(future, change, here, mine)
        replication = future.replication
        run = simulate(replication.steps, replication.pools, mine, end, replication.held)
        found.append(measured(future, run, replace(here, days=float(days)), lab.promise_h))
        span, over = edges[first : last + 1], np.sort(ends_of(future, run)[0])
        came[first : last + 1] = gone[first] + np.searchsorted(np.sort(replication.arrived), span, side="right")
        gone[first : last + 1] = gone[first] + np.searchsorted(over, span, side="right")
        future = going_on(future, run, end)
        gone[last] = came[last] - future.replication.open.sum()
    return Played(tuple(found), came, gone)


def playable(lab: Lab, rounds: Sequence[Scenario | None]) -> list[Scenario | None]:
    """The changes with the names of the log. Raises InputError for one that cannot be made, or not after the others."""
    wanted = [None if each is None else resolved(each, lab.plant) for each in rounds]
    for number, last in enumerate(wanted, start=1):
        made = together(change for each in wanted[:number] if each is not None for change in each.changes())
        for each in (last, made):
            if each is not None:
                check(each, lab.setting)
    return wanted


def play_all(lab: Lab, rounds: Sequence[Scenario | None], days: int, futures: int) -> list[Played]:
    """The futures of the first so many seeds, on all cores. Raises InputError for a change that cannot be made."""
    wanted = playable(lab, rounds)
    with ThreadPoolExecutor(cpu_count()) as threads:
        return list(threads.map(lambda seed: play(lab, wanted, days, seed), range(futures)))


def brought(as_is: Sequence[Played], to_be: Sequence[Played]) -> tuple[dict[Name, Measured], ...]:
    """Per round the figures with and without the changes, and their difference future by future."""
    found = []
    for number in range(len(to_be[0].rounds)):
        before, after = (Figures([each.rounds[number] for each in some]) for some in (as_is, to_be))
        found.append(
            {
                name: Measured(
                    as_is=band(before[name]), to_be=band(after[name]), difference=band(after[name] - before[name])
                )
                for name in NAMES
            }
        )
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Game:
    """What a group has played, beside the plant as it is."""

    figures: tuple[dict[Name, Measured], ...]
    """Per round."""
    came: Floats
    """Per day from the begin on, as in `Played`: the median over the futures."""
    gone: Floats
    gone_as_is: Floats


def game_of(as_is: Sequence[Played], to_be: Sequence[Played]) -> Game:
    """The same futures with and without the changes."""

    def middle(curves: Sequence[Floats]) -> Floats:
        return np.asarray(np.median(curves, axis=0), dtype=np.float64)

    return Game(
        brought(as_is, to_be), middle([each.came for each in to_be]), middle([each.gone for each in to_be]),
        middle([each.gone for each in as_is]),
    )  # fmt: skip
