"""A year of an office plant in which the performance of one stage changes on a day, or nothing does."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .generate import _factors
from .spec import Hours, Kind, Machine, Spec

DAYS = 364
OFFICE = Hours(5, 8, 17)
FACTORS = (1.7, 3.0)
"""What changes, changes by a factor drawn from these, up or down."""


@dataclass(frozen=True)
class Shift:
    """A plant and the truth about it."""

    spec: Spec
    stage: str | None
    """Which stage changed; None: none did."""
    day: float
    """Hours from the beginning of the log."""
    what: str
    """work, people, delay or still."""
    factor: float


def generate(seed: int, what: str) -> Shift:
    """A plant of four to seven stages with 6 to 28 cases a working day. what: work (a case takes longer or shorter),
    people (servers come or go where they are needed), delay (a wait for somebody outside), still.
    """
    rng = np.random.default_rng([seed, ("work", "people", "delay", "still").index(what)])
    stages = int(rng.integers(4, 8))
    per_day = float(rng.uniform(6, 28))
    moments = np.sort(rng.uniform(0, DAYS * 24, rng.poisson(per_day * DAYS * 5 / 7)))
    arrivals = np.array([OFFICE.clock(moment * OFFICE.share) for moment in moments])
    loss = np.where(rng.random(stages) < 0.5, rng.uniform(0.03, 0.2, stages), 0.0)
    back = np.where(rng.random(stages) < 0.25, rng.uniform(0.03, 0.12, stages), 0.0)
    paths, won = _paths(rng, len(arrivals), loss, back)
    per_hour = np.bincount(np.concatenate([np.array(path) for path in paths]), minlength=stages) / (DAYS * 24)
    kinds: list[Kind] = ["queue"] * stages
    kinds[int(rng.integers(1, stages))] = "delay"
    wanted: Kind = "delay" if what == "delay" else "queue"
    place = int(rng.choice([k for k in range(stages) if kinds[k] == wanted]))
    factor = float(np.exp(rng.uniform(*np.log(FACTORS))) ** rng.choice([-1, 1]))
    machines = []
    for k, kind in enumerate(kinds):
        shape = str(rng.choice(["exponential", "lognormal", "constant", "gamma"]))
        load = float(rng.uniform(0.35, 0.8))
        if kind == "delay":
            span = float(rng.uniform(24, 24 * 8))
            machine = Machine(f"S{k} {kind}", kind, span, shape=shape)  # type: ignore[arg-type]
            later = (span * factor, 1)
        else:
            servers = int(rng.choice([1, 2, 3, 4])) if what != "people" or k != place else int(rng.choice([2, 3, 4]))
            unit = servers * OFFICE.share / max(float(per_hour[k]), 1e-6)
            machine = Machine(f"S{k} {kind}", kind, load * unit, servers, shape, "fifo", OFFICE)  # type: ignore[arg-type]
            later = (machine.mean * factor, servers)
            if what == "people":
                others = [n for n in range(1, 7) if max(n, servers) / min(n, servers) >= FACTORS[0]]
                later = (machine.mean, int(rng.choice(others)))
                if k == place:  # they go where they were needed, and come where they are short
                    factor = later[1] / servers
                    mean = float(rng.uniform(0.6, 0.8) if factor < 1 else rng.uniform(0.85, 0.95)) * unit
                    machine, later = replace(machine, mean=mean), (mean, later[1])
        machines.append(replace(machine, later=later) if k == place and what != "still" else machine)
    draws = [np.empty(len(path)) for path in paths]
    for k, machine in enumerate(machines):
        places = [(case, step) for case, path in enumerate(paths) for step, at in enumerate(path) if at == k]
        for (case, step), each in zip(places, _factors(rng, machine.shape, len(places)), strict=True):
            draws[case][step] = each
    day = float(rng.integers(90, 280)) * 24
    spec = Spec(
        tuple(machines), arrivals, paths, won, draws, rng.random(len(arrivals)), {}, DAYS * 24.0,
        None if what == "still" else day, what, seed,
    )  # fmt: skip
    return Shift(spec, None if what == "still" else machines[place].name, day, what, factor)


def _paths(
    rng: np.random.Generator, cases: int, loss: np.ndarray, back: np.ndarray
) -> tuple[list[list[int]], np.ndarray]:
    """A way through the plant per case, and whether it ends well."""
    paths, won = [], np.ones(cases, bool)
    for case in range(cases):
        path: list[int] = []
        at = 0
        while at < len(loss):
            path.append(at)
            chance = rng.random()
            if chance < loss[at]:
                won[case] = False
                break
            at = max(0, at - 1) if chance < loss[at] + back[at] and len(path) < 20 else at + 1
        paths.append(path)
    return paths, won
