"""Alarms and their life: red that has just begun is news, red that goes on is not, until it gets much worse.

Also of cases left lying: wrecks that nobody works on any more, which make no jam.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.levels import RED, Levels

Kind = Literal["jam", "left lying"]
Phase = Literal["new", "worse", "standing", "ended"]
NEWS: frozenset[Phase] = frozenset(("new", "worse"))
"""The phases in which an alarm is news."""

_AGAIN = 10
"""Red that comes back within so many working days is the same alarm."""
_FULL_DRESS = 5
"""Working days for which an alarm is news."""
_WORSE, _PATIENCE = 1.5, 20
"""An alarm that grows is news again when so many times as many cases are late as when it last was, and so many days
later."""
_LYING, _SHARE_LYING, _RELEASE = 10.0, 0.1, 0.75
"""Fewest wrecks of an alarm, their share of all cases at the stage, and the share of both below which it ends."""


@dataclass(frozen=True)
class Alarm:
    """One alarm of one stage; steps as in `Levels`."""

    stage: str
    kind: Kind
    since: int
    spells: tuple[tuple[int, int], ...]
    """From which step to which it held; the last may still hold at the last step."""
    announced: tuple[int, ...]
    """Steps at which it was news: its beginning, and when it got worse."""

    def phase(self, step: int) -> Phase | None:
        """What it is at a step, from nothing later; None before it began and long after it ended."""
        if step < self.since:
            return None
        begun = [spell for spell in self.spells if spell[0] <= step]
        if step >= begun[-1][1]:
            return "ended" if step < begun[-1][1] + _AGAIN else None
        last = [day for day in self.announced if day <= step][-1]
        if step >= last + _FULL_DRESS:
            return "standing"
        return "new" if last == self.since else "worse"


def alarms(levels: Levels) -> list[Alarm]:
    """All alarms of a log, in order of their beginning."""
    found: list[Alarm] = []
    for i, name in enumerate(levels.stages):
        found += _of(name, "jam", levels.level[i] == RED, levels.excess[i])
        found += _of(name, "left lying", _lying(levels, i), levels.wrecks[i])
    return sorted(found, key=lambda alarm: alarm.since)


def _lying(levels: Levels, stage: int) -> NDArray[np.bool_]:
    wrecks = levels.wrecks[stage]
    least = np.maximum(_LYING, _SHARE_LYING * (wrecks + levels.live[stage]))
    up, down = wrecks >= least, wrecks < _RELEASE * least
    latest = np.maximum.accumulate(np.where(up | down, np.arange(len(wrecks)), 0))
    return np.asarray(up[latest])


def _of(stage: str, kind: Kind, held: NDArray[np.bool_], size: NDArray[np.float64]) -> list[Alarm]:
    """The alarms of one stage. held: per step; size: how many cases it is about."""
    changes = np.flatnonzero(np.diff(np.concatenate([[False], held, [False]])))
    spells = list(zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True))
    found: list[Alarm] = []
    while spells:
        own = [spells.pop(0)]
        while spells and spells[0][0] - own[-1][1] <= _AGAIN:
            own.append(spells.pop(0))
        found.append(Alarm(stage, kind, own[0][0], tuple(own), _news(own, size)))
    return found


def _news(spells: list[tuple[int, int]], size: NDArray[np.float64]) -> tuple[int, ...]:
    announced = [spells[0][0]]
    for begin, end in spells:
        for step in range(max(begin, announced[-1] + _PATIENCE), end):
            grows = size[step] > size[max(step - _FULL_DRESS, begin)]
            if grows and step >= announced[-1] + _PATIENCE and size[step] >= _WORSE * size[announced[-1]]:
                announced.append(step)
    return tuple(announced)
