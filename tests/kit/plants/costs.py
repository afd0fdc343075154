"""Plants of 90 days with one constraint, whose cost can be simulated again: near saturation, overload, and others.

What a plant is hangs on its seed, what happens in it on the history, so that the same plant can live many times.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .generate import OFFICES, _factors
from .spec import Hours, Kind, Machine, Spec

KINDS = ("near", "overload", "calendars", "order", "shift", "age", "two", "none")
DAYS = 90.0


def generate(kind: str, seed: int, history: int = 0) -> tuple[Spec, int, float]:
    """A plant, its constraint (−1 where there is none), and the hour from which on it is that."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    chance = np.random.default_rng([seed, KINDS.index(kind), history + 1])
    stages = int(rng.integers(4, 8))
    per_day = float(rng.uniform(6, 30))
    hours = OFFICES[int(rng.integers(len(OFFICES)))] if kind == "calendars" else Hours()
    kinds: list[Kind] = ["queue"] * stages
    for index in rng.permutation(stages)[: int(rng.integers(1, stages - 2))]:
        kinds[index] = "delay" if rng.random() < 0.6 else "batch"
    queues = [index for index in range(stages) if kinds[index] == "queue"]
    jam = int(rng.choice(queues))
    other = int(rng.choice([index for index in queues if index != jam]))
    loss = np.where(rng.random(stages) < 0.5, rng.uniform(0.03, 0.25, stages), 0.0)
    back = np.where(rng.random(stages) < 0.25, rng.uniform(0.03, 0.15, stages), 0.0)
    used = {"near": (0.93, 1.0), "overload": (1.08, 1.3), "calendars": (0.97, 1.2), "order": (0.97, 1.15),
            "shift": (1.02, 1.25), "age": (1.05, 1.3), "two": (1.1, 1.3), "none": (0.4, 0.7)}[kind]  # fmt: skip
    load = rng.uniform(0.35, 0.7, stages)
    load[jam] = rng.uniform(*used)
    if kind == "two":
        load[other] = load[jam] * rng.uniform(0.85, 0.97)
    shapes = [str(rng.choice(["exponential", "lognormal", "constant", "gamma"])) for _ in range(stages)]
    servers = rng.choice([1, 1, 2, 3, 4], stages)
    order = str(rng.choice(["random", "priority"])) if kind == "order" else "fifo"
    spans = rng.uniform(12, 24 * 10, stages)
    weekly = rng.random(stages) < 0.3
    patience = float(rng.uniform(24, 24 * 6))
    moves = float(DAYS * 24 * rng.uniform(0.35, 0.6)) if kind == "shift" else None

    arrivals = _moments(chance, per_day, hours)
    paths, won = _paths(chance, stages, len(arrivals), loss, back)
    flow = _flow(stages, loss, back) * per_day / 24
    machines: list[Machine] = []
    runs: dict[int, np.ndarray] = {}
    for index, what in enumerate(kinds):
        name = f"S{index} {what}"
        if what == "delay":
            machines.append(Machine(name, what, float(spans[index]), shape=shapes[index]))  # type: ignore[arg-type]
        elif what == "batch":
            every = 168.0 if weekly[index] else 24.0
            runs[index] = np.arange(every / 2, DAYS * 24, every)
            machines.append(Machine(name, what, every))
        else:
            unit = int(servers[index]) * hours.share / flow[index]
            machine = Machine(name, what, float(load[index] * unit), int(servers[index]), shapes[index],  # type: ignore[arg-type]
                              order if index == jam else "fifo", hours)  # type: ignore[arg-type]  # fmt: skip
            if moves is not None and index == jam:
                machine = replace(machine, mean=0.55 * unit, later=(machine.mean, machine.servers))
            elif moves is not None and index == other:
                machine = replace(machine, mean=1.1 * unit, later=(0.5 * unit, machine.servers))
            machines.append(machine)
    draws = [np.empty(len(path)) for path in paths]
    for index, machine in enumerate(machines):
        places = [(case, step) for case, path in enumerate(paths) for step, at in enumerate(path) if at == index]
        for (case, step), factor in zip(places, _factors(chance, machine.shape, len(places)), strict=True):
            draws[case][step] = factor
    spec = Spec(
        tuple(machines), arrivals, paths, won, draws, chance.random(len(arrivals)), runs, DAYS * 24, moves, kind, seed,
        {jam: chance.exponential(patience, len(arrivals))} if kind == "age" else {},
    )  # fmt: skip
    return spec, -1 if kind == "none" else jam, moves or 0.0


def _moments(rng: np.random.Generator, per_day: float, hours: Hours) -> np.ndarray:
    moments = np.sort(rng.uniform(0, DAYS * 24, rng.poisson(per_day * DAYS)))
    if hours.share < 1:
        moments = np.array([hours.clock(moment * hours.share) for moment in moments])
    return moments[moments < DAYS * 24]


def _paths(
    rng: np.random.Generator, stages: int, cases: int, loss: np.ndarray, back: np.ndarray
) -> tuple[list[list[int]], np.ndarray]:
    """A way through the plant per case, and whether it ends well."""
    paths, won = [], np.ones(cases, bool)
    for case in range(cases):
        path: list[int] = []
        at = 0
        while at < stages:
            path.append(at)
            chance = rng.random()
            if chance < loss[at]:
                won[case] = False
                break
            at = max(0, at - 1) if chance < loss[at] + back[at] and len(path) < 4 * stages else at + 1
        paths.append(path)
    return paths, won


def _flow(stages: int, loss: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Visits per case to each stage."""
    ways = np.zeros((stages, stages))
    for at in range(stages):
        ways[at, max(0, at - 1)] += back[at]
        if at + 1 < stages:
            ways[at, at + 1] += 1 - loss[at] - back[at]
    return np.asarray(np.linalg.inv(np.eye(stages) - ways)[0])
