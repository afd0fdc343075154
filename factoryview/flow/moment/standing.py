"""What stands where at a moment: the law of the picture, as a pure function.

Every present stay is one crate, and every crate is in exactly one place: inside the machine, on the belt it came
by, in the pile beside the intake, or, where nobody works on it any more, on the siding. Nothing here depends on what
was asked before: seeking equals playing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.lane import Counted, Lane
from factoryview.flow.moment.lining import OnBelt, Waiting, line_up, merged, on_belt
from factoryview.flow.moment.riding import Riding
from factoryview.flow.order import looked_up
from factoryview.store.standing import Rest
from factoryview.store.windows import FOREVER, StayArrays

SHOWN = 10_000
"""Crates of a pile that are known in order of arrival, at least: no more can be told apart in a picture."""


@dataclass(frozen=True)
class Way:
    """A belt as the standing needs it: which stage it feeds and how long it is between its `EDGE`s, in u."""

    stage: int
    length: float
    shared: tuple[tuple[int, float], ...] = ()
    """Other belts that join it (or that it joins) before the stage: their index, and how many u are shared."""


@dataclass(frozen=True)
class AtStage:
    """Cases (weights) of one stage at the moment; `wip = on_belt + in_pile + in_machine + wrecks`."""

    wip: float
    on_belt: float
    in_pile: float
    in_machine: float
    wrecks: float
    """On the siding: nobody works on them any more."""
    crates: int
    wrecked: int
    """Crates of the wrecks."""


@dataclass(frozen=True)
class Standing:
    """All that stands at `at` (µs UTC)."""

    at: int
    stages: tuple[AtStage, ...]
    belts: tuple[OnBelt, ...]
    piles: tuple[NDArray[np.int8], ...] = ()
    """Of each stage, the hue of every crate in its pile, in order of arrival."""


@dataclass(frozen=True)
class _Quiet:
    """One stage in a stretch of time in which nobody comes, starts, leaves or reaches the intake: only riders move."""

    since: int
    until: int
    pace: float
    servers: int
    wip: float
    machine: float
    wrecks: float
    crates: int
    wrecked: int
    inside: tuple[NDArray[np.intp], ...]
    """Of each lane, the stays of unknown start that are in the machine."""
    outside: tuple[NDArray[np.intp], ...]
    """Of each lane, the first who wait outside."""
    waiting: tuple[Waiting, ...]
    """Of each lane, the same."""
    settled: tuple[OnBelt | None, ...]
    """Of each lane without riders, its belt."""
    riding: tuple[int, ...]
    """Lanes with riders that share no stretch with another."""


class _Kept(NamedTuple):
    """What was found of a lane for a stretch of time in which nobody comes, starts or leaves there."""

    since: int
    pace: float
    most: int
    """How many of those who wait were looked for."""
    counted: Counted
    front: NDArray[np.intp]
    """Who waits there, the first so many."""
    reach: NDArray[np.float64]
    """When each is at the intake."""


class _Stood(NamedTuple):
    """What stood at a stage last."""

    quiet: _Quiet
    fits: tuple[int, ...]
    """Of each lane, how many found room on its belt."""
    belts: list[OnBelt]
    """Of each lane."""
    here: AtStage
    pile: NDArray[np.int8]
    """The hues of its pile."""


class _Arrivals:
    """All who come to one stage in order of arrival, by whatever lane: who is in its pile is found by looking once."""

    def __init__(self, stays: StayArrays, lanes: Sequence[Lane], rest: Rest | None) -> None:
        """rest: those of the stage who are not in the window's arrays."""
        here = np.concatenate([np.empty(0, np.intp), *(lane.chosen for lane in lanes)])
        here.sort()
        first = np.empty(0, np.int32) if rest is None else rest.first
        rows = np.concatenate([first, np.setdiff1d(here, first[first >= 0], assume_unique=True)])
        told = rows >= 0
        self._first = len(first)
        self._entered = np.full(len(rows), stays.since)
        self._until = np.full(len(rows), FOREVER)
        self._hue = np.where(told, 0, -1 - rows).astype(stays.hue.dtype)
        self._entered[told], self._hue[told] = stays.entered[rows[told]], stays.hue[rows[told]]
        place = np.full(len(stays), -1)
        place[rows[told]] = np.flatnonzero(told)
        self._places = [place[lane.chosen] for lane in lanes]
        """Of each lane, where its stays are in that order."""
        for lane, places in zip(lanes, self._places, strict=True):
            self._until[places] = lane.waits_until
        self._others: NDArray[np.int64] | None = None
        """By hue, how many more wait all along than are known in order; None where all are."""
        if rest is not None and not rest.complete:
            self._others = rest.waiting - np.bincount(self._hue[~told], minlength=len(rest.waiting))

    def pile(
        self,
        at: int,
        inside: Sequence[NDArray[np.intp]],
        outside: Sequence[NDArray[np.intp]],
        fits: Sequence[int],
    ) -> NDArray[np.int8]:
        """The hues of those who wait and find no room on a belt. Of each lane who is in the machine, who is first
        outside, and how many of these stand on its belt.

        In order of arrival, or where more stand than are known in order the first `SHOWN`, and the others by hue.
        """
        waits = (self._entered <= at) & (self._until > at)
        for places, within, front, count in zip(self._places, inside, outside, fits, strict=True):
            waits[places[within]] = False
            waits[places[front[:count]]] = False
        if self._others is None:
            return np.asarray(self._hue[waits])
        first = self._hue[: self._first][waits[: self._first]][:SHOWN]
        others = np.bincount(self._hue[waits], minlength=len(self._others))
        others -= np.bincount(first, minlength=len(others))
        others[: len(self._others)] += self._others
        return np.concatenate([first, np.repeat(np.arange(len(others), dtype=first.dtype), others)])


class _StageFloor:
    """One stage with the lanes that lead to it. Remembers its last quiet stretch; the answers do not depend on it."""

    def __init__(
        self, lanes: list[Lane], riding: Riding, row: int, arrivals: _Arrivals, rest: Rest | None = None
    ) -> None:
        """riding: the table in which its lanes have the rows from `row` on. rest: who is on no lane."""
        self.lanes, self.riding, self.row, self._arrivals, self._rest = lanes, riding, row, arrivals, rest
        self._last: _Quiet | None = None
        self._stood: _Stood | None = None
        self._kept: list[_Kept | None] = [None] * len(lanes)
        self._joined = [sum(1 << other for other in lane.shared) for lane in lanes]
        """Of each lane, the lanes it shares a stretch with, as bits."""

    def quiet(self, at: int, pace: float, servers: int) -> _Quiet:
        """The quiet stretch around a moment."""
        last = self._last
        if last is None or not (last.since <= at < last.until and last.pace == pace and last.servers == servers):
            last = self._last = self._stretch(at, pace, servers)
        return last

    def stand(self, quiet: _Quiet, at: int, riders: Sequence[OnBelt]) -> _Stood:
        """What stands at the stage. riders: the belts of `quiet.riding`."""
        last = self._stood
        same = last is not None and last.quiet is quiet
        if last is not None and same and not quiet.riding and None not in quiet.settled:
            return last
        belts = list(quiet.settled)
        for i, belt in zip(quiet.riding, riders, strict=True):
            belts[i] = belt
        lined = [belt for belt in belts if belt is not None]
        if len(lined) < len(belts):
            lined = self._belts(quiet.waiting, at, belts)
        fits = tuple([len(belt.id) for belt in lined])
        if last is not None and same and last.fits == fits:
            self._stood = last._replace(belts=lined)
        else:
            self._stood = _Stood(quiet, fits, lined, *self._sort(quiet, fits, at))
        return self._stood

    def _sort(self, quiet: _Quiet, fits: tuple[int, ...], at: int) -> tuple[AtStage, NDArray[np.int8]]:
        """How many are on the belts, in the pile and in the machine, and the hues of the pile.

        It stays so while nobody comes, goes or gets on a belt. fits: of each lane, how many find room on its belt.
        """
        riding = 0.0
        for waiting, count in zip(quiet.waiting, fits, strict=True):
            riding += float(waiting.weight[:count].sum()) if count else 0.0
        riding = _exact(riding)
        pile = _exact(quiet.wip - riding - quiet.machine - quiet.wrecks)
        here = AtStage(quiet.wip, riding, pile, quiet.machine, quiet.wrecks, quiet.crates, quiet.wrecked)
        return here, self._arrivals.pile(at, quiet.inside, quiet.outside, fits) if pile else _NO_HUES

    def _of_lane(self, i: int, at: int, pace: float, servers: int) -> _Kept:
        kept, lane = self._kept[i], self.lanes[i]
        most = lane.capacity + servers
        if kept is None or not (kept.since <= at < kept.counted.until and kept.pace == pace and kept.most == most):
            counted = lane.counts(at)
            front = lane.waiting(at, most) if counted.number else _NOBODY
            kept = self._kept[i] = _Kept(at, pace, most, counted, front, lane.reached(front, pace))
        return kept

    def _stretch(self, at: int, pace: float, servers: int) -> _Quiet:
        kept = [self._of_lane(i, at, pace, servers) for i in range(len(self.lanes))]
        counts, fronts, reach = [k.counted for k in kept], [k.front for k in kept], [k.reach for k in kept]
        inside = self._admit(fronts, reach, at, servers)
        until = min((counted.until for counted in counts), default=FOREVER)
        machine = sum(counted.at_work for counted in counts)
        riders = 0
        admitted, left, waiting = [], [], []
        for i, lane in enumerate(self.lanes):
            if not len(fronts[i]):
                admitted.append(_NOBODY)
                left.append(_NOBODY)
                waiting.append(_NOBODY_WAITS)
                continue
            admitted.append(fronts[i][inside[i]])
            machine += float(lane.weight[admitted[i]].sum())
            still_riding = reach[i][reach[i] > at]
            if len(still_riding):
                until = min(until, int(np.ceil(still_riding.min())))
            outside = ~inside[i]
            left.append(fronts[i][outside])
            waiting.append(Waiting.of(lane, left[i], reach[i][outside]))
            riders |= bool(len(still_riding)) << i
        moving = [bool(riders & (1 << i | joined)) for i, joined in enumerate(self._joined)]
        riding = tuple([i for i, lane in enumerate(self.lanes) if moving[i] and lane.capacity and not lane.shared])
        for i in riding:
            self.riding.put(self.row + i, waiting[i])
        settled = [None if lane.capacity else _NO_BELT for lane in self.lanes]
        if any(lane.capacity and not moves for lane, moves in zip(self.lanes, moving, strict=True)):
            belts = self._belts(waiting, at, settled)
            settled = [None if moves and lane.capacity else belt
                       for lane, moves, belt in zip(self.lanes, moving, belts, strict=True)]  # fmt: skip
        wip, wrecks = sum(counted.present for counted in counts), sum(counted.wrecks for counted in counts)
        crates, wrecked = sum(counted.number for counted in counts), sum(counted.wrecked for counted in counts)
        if self._rest is not None:
            rest = self._rest
            wip, wrecks, machine = wip + rest.weight, wrecks + rest.lying_weight, machine + rest.working_weight
            crates, wrecked = crates + rest.number, wrecked + rest.lying
        return _Quiet(
            at, until, pace, servers, _exact(wip), _exact(machine), _exact(wrecks), crates, wrecked,
            tuple(admitted), tuple(left), tuple(waiting), tuple(settled), riding,
        )  # fmt: skip

    def _belts(self, waiting: Sequence[Waiting], at: int, known: Sequence[OnBelt | None]) -> list[OnBelt]:
        """Where those who wait stand on each lane; lanes that share a stretch are lined up together. known: of lanes
        of which that is known already.
        """
        found: dict[int, OnBelt] = {i: belt for i, belt in enumerate(known) if belt is not None}
        for i, lane in enumerate(self.lanes):
            if i in found:
                continue
            group = [i, *sorted(other for other in lane.shared if other not in found)]
            if len(group) == 1:
                found[i] = line_up(lane, waiting[i], at)
            else:
                wishes = [self._wishes(k, waiting[k], at) for k in group]
                spots = merged(wishes, group, self.lanes)
                for k, room, (wish, _) in zip(group, spots, wishes, strict=True):
                    found[k] = on_belt(self.lanes[k], waiting[k], room, int(np.count_nonzero(wish == 0.0)))
        return [found[i] for i in range(len(self.lanes))]

    def _wishes(self, k: int, waiting: Waiting, at: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How far from the intake each would be if it were alone, and when it reaches it: the order among lanes."""
        wishes = np.maximum.accumulate((1.0 - waiting.ridden(at)) * self.lanes[k].length)
        return wishes, np.maximum.accumulate(waiting.reach)

    def _admit(
        self, fronts: list[NDArray[np.intp]], reach: list[NDArray[np.float64]], at: int, servers: int
    ) -> list[NDArray[np.bool_]]:
        """Let those of unknown start into the machine that reached it first, as many as it has servers.

        Who is inside stays inside: nobody who comes to the intake later goes before.
        """
        inside = [np.zeros(len(front), dtype=bool) for front in fronts]
        at_intake = [
            (float(reach[i][n]), int(lane.id[fronts[i][n]]), i, n)
            for i, lane in enumerate(self.lanes)
            if len(fronts[i])
            for ready in [((reach[i] <= at) & ~lane.known[fronts[i]]).nonzero()[0]]
            for n in ready[reach[i][ready].argsort(kind="stable")[:servers]].tolist()
        ]
        for _, _, i, n in sorted(at_intake)[:servers]:
            inside[i][n] = True
        return inside


class Lanes:
    """Stays of a window by the lane they came: made once per window, asked at any moment in it."""

    def __init__(
        self, stays: StayArrays, ways: Sequence[Way], stages: int, given_up: Mapping[int, int] | None = None
    ) -> None:
        """given_up: id of a stay → since when (µs UTC) it is known that nobody works on it any more."""
        lost = looked_up(given_up or {}, stays.id, FOREVER)
        self.since, self.until, self.stays = stays.since, stays.until, stays
        lanes: list[list[Lane]] = [[] for _ in range(stages)]
        self._places: list[tuple[int, int]] = []
        """Of each way, its stage and its place among the stage's lanes."""
        for way, chosen in zip(ways, _groups(stays.belt, len(ways)), strict=True):
            self._places.append((way.stage, len(lanes[way.stage])))
            lanes[way.stage].append(Lane(stays, chosen, way.length, True, lost))
        for way, (stage, place) in zip(ways, self._places, strict=True):
            lanes[stage][place].shared = {self._places[other][1]: length for other, length in way.shared}
        other = np.flatnonzero(stays.belt < 0)
        for stage, chosen in enumerate(_groups(stays.stage[other], stages)):
            if len(chosen):
                lanes[stage].append(Lane(stays, other[chosen], 0.0, False, lost))
        self._riding = Riding([lane for found in lanes for lane in found])
        rows = np.cumsum([0, *(len(found) for found in lanes)]).tolist()
        self._stages = [
            _StageFloor(found, self._riding, row, _Arrivals(stays, found, rest), rest)
            for found, row, rest in zip(lanes, rows[:-1], stays.rest or (None,) * stages, strict=True)
        ]
        self._lock = Lock()

    def stand(self, at: int, pace: float, servers: Sequence[int]) -> Standing:
        """Where everything stands.

        at: µs UTC inside the window. pace: data µs per second of display. servers: how many cases each stage can
        hold inside while starts are unknown; where starts are known the log decides.
        Raises ValueError outside the window.
        """
        if not self.since <= at < self.until:
            raise ValueError(f"{at} is outside the window [{self.since}, {self.until})")
        with self._lock:
            quiets = [stage.quiet(at, pace, number) for stage, number in zip(self._stages, servers, strict=True)]
            rows = [stage.row + i for stage, quiet in zip(self._stages, quiets, strict=True) for i in quiet.riding]
            riders = iter(self._riding.line_up(rows, at))
            found = [stage.stand(quiet, at, [next(riders) for _ in quiet.riding])
                     for stage, quiet in zip(self._stages, quiets, strict=True)]  # fmt: skip
        belts = tuple([found[stage].belts[place] for stage, place in self._places])
        return Standing(at, tuple([stood.here for stood in found]), belts, tuple([stood.pile for stood in found]))


_NOBODY: NDArray[np.intp] = np.empty(0, dtype=np.intp)
_NO_HUES: NDArray[np.int8] = np.empty(0, dtype=np.int8)
_NOBODY_WAITS = Waiting(np.empty(0, np.int64), _NO_HUES, np.empty(0), np.empty(0, np.int64), np.empty(0))
_NO_BELT = OnBelt(np.empty(0, dtype=np.int64), np.empty(0), _NO_HUES, 0)
"""Of a lane that no belt leads by."""


def _exact(weight: float) -> float:
    """Without the dust of floating point: a whole number of cases is whole, nothing is 0."""
    return round(weight, 9) + 0.0


def _groups(codes: NDArray[np.int16], count: int) -> list[NDArray[np.intp]]:
    """Indexes per code 0..count−1, each in the order given."""
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(count + 1))
    return [order[bounds[i] : bounds[i + 1]] for i in range(count)]
