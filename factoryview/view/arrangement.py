"""From names and flows to a floor: the request to the layout, and the belts as the standing needs them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from factoryview.factory.factory import Factory
from factoryview.flow.moment.docks import Ending
from factoryview.flow.moment.ride import EDGE, SPACING
from factoryview.flow.moment.standing import Way
from factoryview.layout.engine import plan_floor
from factoryview.layout.plan import Belt, BeltSpec, FloorRequest, Plan, Point, StageSpec
from factoryview.plant.models import Plant, label_of

_PILE = 30
"""Crates that must have stood before a machine at some time for it to get a yard."""
_SPILL = 8
"""Crates that must have stood before a machine at some time for it to get a tray below its hall."""
_ON_A_LOOP = 2
"""Crates that find room on a machine's own loop."""
_SECOND_PILE = 100
"""Crates that must have stood before another one for it to get a yard, too: more than belt and tray show."""
_MOST_YARDS = 2
"""Yards on a floor; the machines with the largest piles get them."""


def floor_size(aspect: float) -> tuple[int, int]:
    """Width and height of the floor in u of the picture, for a part of the screen of that aspect (width ÷ height).

    >>> floor_size(2.57), floor_size(0.7)
    ((2015, 784), (1064, 1520))
    """
    return (round(784 * aspect), 784) if aspect >= 1 else (1064, round(1064 / aspect))


def arrange(
    factory: Factory,
    peaks: NDArray[np.float64],
    most: NDArray[np.float64],
    stages: tuple[str, ...],
    docks: tuple[str, ...],
    belts: list[BeltSpec],
    losing: set[str],
    lying: set[str],
    ended: dict[tuple[str | None, str], Ending],
    aspect: float,
) -> Plan:
    """The floor; its belts are those asked for, in their order.

    peaks: the most cases at each stage, without those left lying; most: with them, at any time. lying: stages at which
    cases are left lying.
    """
    departments = [department.name for department in factory.plant.departments]
    width, height = floor_size(aspect)
    request = FloorRequest(
        departments=_names(factory.plant) or (factory.plant.name,),
        sources=tuple(dict.fromkeys(belt.origin for belt in belts if belt.origin not in stages)),
        stages=_specs(factory, peaks, most, stages, docks, departments, losing, lying, ended),
        belts=tuple(belts),
        boards=bool(factory.plant.targets or losing),
        width=width,
        height=height,
    )
    return plan_floor(request)


def _names(plant: Plant) -> tuple[str, ...]:
    """Of each department the longest of its names in all languages, as it is written on the floor."""
    return tuple(
        max((label_of(department, code) for code in ("de", "en")), key=len).upper() for department in plant.departments
    )


def _specs(
    factory: Factory,
    peaks: NDArray[np.float64],
    most: NDArray[np.float64],
    stages: tuple[str, ...],
    docks: tuple[str, ...],
    departments: list[str],
    losing: set[str],
    lying: set[str],
    ended: dict[tuple[str | None, str], Ending],
) -> tuple[StageSpec, ...]:
    """Every machine and depot; an end of the line that never holds work is a depot, too.

    A stage without a department stands with the one before it.
    """
    specs: list[StageSpec] = []
    slow, spills = _slow(factory, peaks, stages), _spilling(factory, most, stages)
    number: dict[str, int] = {}
    last = 0
    for name in stages:
        stage = factory.plant.stage(name)
        if stage and stage.department in departments:
            last = departments.index(stage.department)
        number[name] = last
        position = stage.position if stage else None
        lies = name in lying or (name in spills and name not in slow)
        specs.append(StageSpec(name, last, loses=name in losing, slow=name in slow, wrecks=lies, position=position))
    for dock in docks:
        senders = [via for via, outcome in ended if outcome == dock and via in number]
        specs.append(StageSpec(dock, max((number[str(via)] for via in senders), default=0), kind="depot"))
    ends = {name for name, held in zip(stages, most.tolist(), strict=True) if name in factory.store.ends and held < 1}
    return tuple(replace(spec, kind="depot", slow=False) if spec.name in ends else spec for spec in specs)


def _spilling(factory: Factory, most: NDArray[np.float64], stages: tuple[str, ...]) -> set[str]:
    """Stages before which more crates stand at some time than a short belt holds."""
    crates = _crates(factory, most, stages)
    return {name for name, peak in zip(stages, crates.tolist(), strict=True) if peak >= _SPILL}


def _crates(factory: Factory, peaks: NDArray[np.float64], stages: tuple[str, ...]) -> NDArray[np.float64]:
    """The most crates that stood before each stage, those at its posts left out."""
    posts = np.array([factory.posts(name) or 1 for name in stages], dtype=float)
    return np.asarray(peaks / factory.store.ways().weight - posts)


def _slow(factory: Factory, peaks: NDArray[np.float64], stages: tuple[str, ...]) -> set[str]:
    """Stages before which piles stand at some time of the whole log: where things stand must not change with time."""
    peak = _crates(factory, peaks, stages)
    order = sorted((i for i in range(len(stages)) if peak[i] >= _PILE), key=lambda i: -peak[i])
    return {stages[i] for n, i in enumerate(order[:_MOST_YARDS]) if not n or peak[i] >= _SECOND_PILE}


def ways_of(plan: Plan, count: int, stages: tuple[str, ...]) -> tuple[Way, ...]:
    """The first `count` belts of the plan, which lead to stages, each with what it shares with others into the same.

    A machine's own loop is short and bent: crates that come back wait on its first stretch only.
    """
    found = []
    for i, belt in enumerate(plan.belts[:count]):
        shared = []
        for k, other in enumerate(plan.belts[:count]):
            if k != i and other.target == belt.target and (same := shared_end(belt, other)) > EDGE:
                shared.append((k, same - EDGE))
        length = max(0.0, belt.length - 2 * EDGE)
        if belt.origin == belt.target:
            length = min(length, _ON_A_LOOP * SPACING - 1)
        found.append(Way(stages.index(belt.target), length, tuple(shared)))
    return tuple(found)


def shared_end(belt: Belt, other: Belt) -> int:
    """How many u two belts run on the same line before their common end.

    >>> def belt(*points): return Belt("a", "b", 1.0, False, False, tuple(Point(*point) for point in points))
    >>> shared_end(belt((0, 0), (50, 0), (50, 30)), belt((20, 9), (20, 0), (50, 0), (50, 30)))
    60
    """
    mine, theirs = list(belt.points), list(other.points)
    same = 0
    while len(mine) > 1 and len(theirs) > 1 and mine[-1] == theirs[-1]:
        end = mine[-1]
        first, second = _direction(end, mine[-2]), _direction(end, theirs[-2])
        if first != second:
            break
        step = min(_apart(end, mine[-2]), _apart(end, theirs[-2]))
        same += step
        for points in (mine, theirs):
            if _apart(end, points[-2]) == step:
                points.pop()
            else:
                points[-1] = Point(end.x + first[0] * step, end.y + first[1] * step)
    return same


def _direction(a: Point, b: Point) -> tuple[int, int]:
    return int(np.sign(b.x - a.x)), int(np.sign(b.y - a.y))


def _apart(a: Point, b: Point) -> int:
    return abs(a.x - b.x) + abs(a.y - b.y)
