"""Random plants, as different from one another as real ones: seeded, so that a number names a plant."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .spec import Hours, Kind, Machine, Spec

OFFICES = (Hours(5, 8, 17), Hours(5, 9, 18), Hours(6, 7, 15), Hours(5, 6, 22))


def _factors(rng: np.random.Generator, shape: str, n: int) -> np.ndarray:
    """n positive numbers of mean 1."""
    if shape == "exponential":
        return rng.exponential(1.0, n)
    if shape == "constant":
        return np.ones(n)
    if shape == "gamma":
        return rng.gamma(3.0, 1 / 3, n)
    sigma = rng.uniform(0.4, 1.1)
    return rng.lognormal(-(sigma**2) / 2, sigma, n)


def _arrivals(rng: np.random.Generator, per_day: float, days: float, office: bool) -> np.ndarray:
    """Poisson moments in hours, some plants with quiet weekends, office hours, or bursts."""
    n = rng.poisson(per_day * days)
    moments = np.sort(rng.uniform(0, days * 24, n))
    if rng.random() < 0.3:  # campaigns: a share of the cases comes in bunches
        bunches = rng.uniform(0, days * 24, max(2, int(days / 7)))
        chosen = rng.random(n) < 0.25
        moments[chosen] = rng.choice(bunches, chosen.sum()) + rng.exponential(12, chosen.sum())
    if office or rng.random() < 0.3:
        hours = Hours(5, 8, 18)
        moments = np.array([hours.clock(moment * hours.share) for moment in moments])
    return np.sort(moments[moments < days * 24])


def _paths(rng: np.random.Generator, stages: int, cases: int) -> tuple[list[list[int]], np.ndarray]:
    """A way through the plant per case (losses, rework, skipping), and whether it ends well."""
    loss = np.where(rng.random(stages) < 0.5, rng.uniform(0.03, 0.3, stages), 0.0)
    back = np.where(rng.random(stages) < 0.3, rng.uniform(0.03, 0.2, stages), 0.0)
    skip = np.where(rng.random(stages) < 0.2, rng.uniform(0.05, 0.4, stages), 0.0)
    skip[0] = back[0] = 0.0
    paths, won = [], np.ones(cases, bool)
    for case in range(cases):
        path: list[int] = []
        at = 0
        while at < stages:
            if rng.random() < skip[at]:
                at += 1
                continue
            path.append(at)
            chance = rng.random()
            if chance < loss[at]:
                won[case] = False
                break
            if chance < loss[at] + back[at] and len(path) < 4 * stages:
                at = max(0, at - int(rng.integers(1, 3)))
            else:
                at += 1
        paths.append(path or [0])
    return paths, won


def generate(
    seed: int,
    *,
    constraint: bool = True,
    calendar: bool = False,
    shift: bool | None = None,
    per_day: float | None = None,
) -> Spec:
    """A random plant.

    `constraint`: one queue is used 90 to 120 %; else none above 65 %. `calendar`: machines and arrivals keep
    office hours. `shift`: the constraint moves to another queue in the middle (None: in one plant of four).
    `per_day`: arrivals (None: 6 to 28).
    """
    rng = np.random.default_rng(seed)
    stages = int(rng.integers(5, 10))
    days = float(rng.integers(150, 280))
    drawn = float(rng.uniform(6, 28))
    per_day = drawn if per_day is None else per_day
    arrivals = _arrivals(rng, per_day, days, calendar)
    paths, won = _paths(rng, stages, len(arrivals))
    per_hour = np.bincount(np.concatenate([np.array(path) for path in paths]), minlength=stages) / (days * 24)
    kinds: list[Kind] = ["queue"] * stages
    for index in rng.permutation(stages)[: max(1, int(rng.integers(1, stages - 2)))]:
        kinds[index] = "delay" if rng.random() < 0.65 else "batch"
    queues = [index for index in range(stages) if kinds[index] == "queue"]
    jam = int(rng.choice(queues)) if constraint else -1
    moves = constraint and len(queues) > 1 and (rng.random() < 0.25 if shift is None else shift)
    next_jam = int(rng.choice([index for index in queues if index != jam])) if moves else -1
    runs: dict[int, np.ndarray] = {}
    machines = []
    for index, kind in enumerate(kinds):
        shape = str(rng.choice(["exponential", "lognormal", "constant", "gamma"]))
        name = f"S{index} {kind}"
        if kind == "delay":
            machines.append(Machine(name, kind, float(rng.uniform(24, 24 * 20)), shape=shape))  # type: ignore[arg-type]
            continue
        if kind == "batch":
            every = 168.0 if rng.random() < 0.6 else 24.0
            jitter = float(rng.choice([0.0, 1.0, 8.0]))
            first = float(rng.integers(0, 5) * 24 + rng.integers(8, 18))
            times = np.arange(first, days * 24, every)
            runs[index] = np.sort(times + rng.uniform(0, jitter, len(times)))
            machines.append(Machine(name, kind, every, jitter=jitter))
            continue
        servers = int(rng.choice([1, 1, 2, 3, 4, 6]))
        hours = OFFICES[int(rng.integers(len(OFFICES)))] if calendar else Hours()
        quiet = rng.uniform(0.3, 0.65 if not constraint else 0.72)
        used = rng.uniform(0.9, 1.2) if index == jam else quiet
        unit = servers * hours.share / max(per_hour[index], 1e-6)  # hours of work that use it fully
        machine = Machine(
            name,
            kind,
            float(used * unit),
            servers,
            shape,  # type: ignore[arg-type]
            str(rng.choice(["fifo", "fifo", "fifo", "random", "priority", "lifo"], p=[0.2, 0.2, 0.2, 0.2, 0.15, 0.05])),  # type: ignore[arg-type]
            hours,
        )
        if index == next_jam:
            machine = replace(machine, later=(float(rng.uniform(0.98, 1.2) * unit), servers))
        elif index == jam and moves:
            machine = replace(machine, later=(float(rng.uniform(0.3, 0.6) * unit), servers))
        machines.append(machine)
    draws = [np.empty(len(path)) for path in paths]
    steps = [
        [(case, step) for case, path in enumerate(paths) for step, at in enumerate(path) if at == index]
        for index in range(stages)
    ]
    for index, places in enumerate(steps):
        for (case, step), factor in zip(places, _factors(rng, machines[index].shape, len(places)), strict=True):
            draws[case][step] = factor
    moment = float(days * 24 * rng.uniform(0.4, 0.6)) if moves else None
    kind_of_plant = ("none" if not constraint else "constraint") + (" calendar" if calendar else "")
    return Spec(
        tuple(machines),
        arrivals,
        paths,
        won,
        draws,
        rng.random(len(arrivals)),
        runs,
        days * 24,
        moment,
        kind_of_plant,
        seed,
    )
