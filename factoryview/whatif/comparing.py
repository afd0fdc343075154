"""Scenarios beside the plant as it is: many futures, each with and without the changes, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from factoryview.plant.scenario_file import ChangeBatch, ChangeLimit, Scenario, Scenarios, resolved
from factoryview.plant.words import PlantModel
from factoryview.whatif.document import (
    JUDGED,
    NAMES,
    Band,
    Effect,
    Focus,
    Guess,
    Measured,
    Money,
    Name,
    Tried,
    Trusted,
    WhatIf,
    band,
)
from factoryview.whatif.facts import Future
from factoryview.whatif.interventions import Setting, changed, check
from factoryview.whatif.kernel import Pool
from factoryview.whatif.lab import Changed, Figures, Lab
from factoryview.whatif.money import cost_of
from factoryview.whatif.trust import Trust

KEPT = 1 / 3
"""A scenario is blocked if less than this share of what it could bring arrives."""
CHANCE = 0.01
"""A change of less than this share is none, however sure it is."""
FEW = 30
"""Futures for side questions: what a constraint keeps, what a guess matters."""
MANY_TIMES = 4
Progress = Callable[[float, str], None]


def _same(future: Future, _seed: int) -> Future:
    return future


def compare(
    lab: Lab,
    wanted: Scenarios,
    at: str,
    progress: Progress = lambda _share, _doing: None,
    trust: Trust | None = None,
) -> WhatIf:
    """What each scenario would change. Raises InputError for one that cannot be tried on this plant."""
    scenarios = [resolved(scenario, lab.plant) for scenario in wanted.scenario]
    for scenario in scenarios:
        check(scenario, lab.setting)
    variants: list[Changed] = [_same, *(Made(scenario, lab.setting) for scenario in scenarios)]
    finished = 0

    def done() -> None:
        nonlocal finished
        finished += 1
        progress(0.9 * finished / wanted.replications, "")

    as_is, *found = lab.outcomes(variants, range(wanted.replications), done)
    tried = [
        _tried(lab, scenario, made, as_is, figures, wanted.margin)
        for scenario, made, figures in zip(scenarios, variants[1:], found, strict=True)
    ]
    progress(1.0, "")
    limit = as_is.constraint()
    return WhatIf(
        at=at,
        days=wanted.days,
        futures=wanted.replications,
        capacity_visible=lab.setting.calibration.capacity_visible,
        trust=None if trust is None else Trusted.of(trust),
        constraint=_stages(lab, limit),
        promise_hours=lab.promise_h,
        as_is={name: band(as_is[name]) for name in NAMES},
        scenarios=tuple(front(tried)),
    )


@dataclass(frozen=True)
class Made:
    """A scenario that is made in a future."""

    scenario: Scenario
    setting: Setting

    @property
    def changes(self) -> tuple[PlantModel, ...]:
        """By which it is told from others."""
        return tuple(self.scenario.changes())

    def __call__(self, future: Future, seed: int) -> Future:
        return changed(future, self.scenario, self.setting, seed)


def _stages(lab: Lab, pool: int | None) -> tuple[str, ...] | None:
    calibration = lab.setting.calibration
    if pool is None or pool >= len(calibration.pools):
        return None
    return calibration.names(calibration.pools[pool])


def _tried(lab: Lab, scenario: Scenario, made: Changed, as_is: Figures, to_be: Figures, margin: float) -> Tried:
    figures = {
        name: Measured(as_is=band(as_is[name]), to_be=band(to_be[name]), difference=band(to_be[name] - as_is[name]))
        for name in NAMES
    }
    before, after = as_is.constraint(), to_be.constraint()
    possible = None
    effect = effect_of(figures)
    gain = figures["throughput"].difference
    if after is not None and effect != "worse" and gain is not None:
        possible = _without(lab, made, after)
        if possible > max(gain.median, 0.0) / KEPT and possible > CHANCE * _median(figures["throughput"].as_is):
            effect = "blocked"
        else:
            possible = None
    cost, once = cost_of(scenario, lab.setting.calibration, lab.plant, lab.setting.days)
    value = band(margin * (to_be.value - as_is.value))
    net = None
    if value is not None and cost is not None:
        net = Band(median=value.median - cost, low=value.low - cost, high=value.high - cost)
    return Tried(
        name=scenario.name,
        figures=figures,
        effect=effect,
        constraint=_stages(lab, after),
        possible=possible,
        focus=focus_of(scenario, _stages(lab, before)),
        money=Money(cost_a_year=cost, once=once, value_a_year=value, net_a_year=net),
        on_front=False,
        guesses=_guesses(lab, made),
    )


def _median(value: Band | None) -> float:
    return 0.0 if value is None else abs(value.median)


def effect_of(figures: dict[Name, Measured]) -> Effect:
    """Whether it is better or worse, as far as it is no chance."""
    better = worse = False
    for name, sign in JUDGED.items():
        found = figures[name]
        difference = found.difference
        if difference is None or abs(difference.median) < CHANCE * _median(found.as_is):
            continue
        if min(sign * difference.low, sign * difference.high) > 0:
            better = True
        elif max(sign * difference.low, sign * difference.high) < 0:
            worse = True
    if better and worse:
        return "mixed"
    return "better" if better else "worse" if worse else "none"


def _without(lab: Lab, made: Changed, pool: int) -> float:
    """By how much throughput would change with the scenario if nothing waited at a pool: its median difference."""

    def lifted(future: Future, seed: int) -> Future:
        return _with_servers(made(future, seed), pool, lambda servers: MANY_TIMES * max(servers, 1))

    as_is, to_be = lab.outcomes([_same, lifted], range(FEW))
    return float(np.median(to_be["throughput"] - as_is["throughput"]))


def _with_servers(future: Future, place: int, number: Callable[[int], int]) -> Future:
    def of(at: int, pool: Pool) -> Pool:
        if at != place:
            return pool
        return replace(pool, servers=number(pool.servers), changes=tuple((h, number(n)) for h, n in pool.changes))

    pools = tuple(of(at, pool) for at, pool in enumerate(future.replication.pools))
    return replace(future, replication=replace(future.replication, pools=pools))


def _guesses(lab: Lab, made: Changed) -> tuple[Guess, ...]:
    """The scenario again with one server more or fewer where their number was guessed."""
    calibration, found = lab.setting.calibration, list[Guess]()
    for pool in calibration.guessed[:2]:
        place = next(at for at, other in enumerate(calibration.pools) if other is pool)
        for servers in {max(1, pool.servers - 1), pool.servers + 1} - {pool.servers}:
            more = servers - pool.servers

            def guessed(future: Future, _seed: int, place: int = place, more: int = more) -> Future:
                return _with_servers(future, place, lambda number: max(0, number + more))

            def then(future: Future, seed: int, place: int = place, more: int = more) -> Future:
                return _with_servers(made(future, seed), place, lambda number: max(0, number + more))

            as_is, to_be = lab.outcomes([guessed, then], range(FEW))
            lead = band(to_be["lead_time"] - as_is["lead_time"])
            found.append(
                Guess(
                    stages=calibration.names(pool),
                    servers=servers,
                    throughput=float(np.median(to_be["throughput"] - as_is["throughput"])),
                    lead_time=None if lead is None else lead.median,
                )
            )
    return tuple(found)


def focus_of(scenario: Scenario, constraint: tuple[str, ...] | None) -> Focus:
    """Which of Goldratt's five focusing steps a scenario is, given what limits the plant as it is."""
    if constraint is None:
        return "unknown"
    if all(isinstance(change, ChangeLimit | ChangeBatch) for change in scenario.changes()):
        return "subordinate"
    if scenario.stages and not set(scenario.stages) & set(constraint):
        return "elsewhere"
    if any(change.add > 0 and change.stage in constraint for change in scenario.people):
        return "elevate"
    quicker = any(change.factor < 1 for change in scenario.work)
    if quicker or scenario.hours or scenario.skip or scenario.route or scenario.priority or scenario.losses:
        return "exploit"
    fewer = bool(scenario.arrivals) and all(change.factor < 1 for change in scenario.arrivals)
    return "subordinate" if fewer else "unknown"


def front(tried: Sequence[Tried]) -> list[Tried]:
    """The scenarios, with those marked than which none is better in throughput, lead time and cost at once."""

    def points(one: Tried) -> tuple[float, float, float]:
        gain, lead = one.figures["throughput"].difference, one.figures["lead_time"].difference
        cost = np.inf if one.money.cost_a_year is None else one.money.cost_a_year
        return (0.0 if gain is None else -gain.median, 0.0 if lead is None else lead.median, cost)

    def beaten(one: Tried) -> bool:
        mine = points(one)
        return any(
            all(a <= b for a, b in zip(points(other), mine, strict=True)) and points(other) != mine for other in tried
        )

    def helps(one: Tried) -> bool:
        gain = one.figures["throughput"].difference
        return one.effect in ("better", "mixed") or (one.effect == "blocked" and gain is not None and gain.low > 0)

    return [one.model_copy(update={"on_front": helps(one) and not beaten(one)}) for one in tried]
