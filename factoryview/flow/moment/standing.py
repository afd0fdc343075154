"""What stands where at a moment: the law of the picture, as a pure function.

Every present stay is one crate, and every crate is in exactly one place: inside the machine, on the belt it came
by, in the pile beside the intake, or, where nobody works on it any more, on the siding. Nothing here depends on what
was asked before: seeking equals playing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.ride import SPACING, lined_up, ride_time
from factoryview.store.windows import FOREVER, UNKNOWN, StayArrays

_RIDE_SHARE = 0.7
"""At most this share of a stay is spent riding, the rest is seen standing or inside the machine."""
_CHUNK = 2_048


@dataclass(frozen=True)
class Way:
    """A belt as the standing needs it: which stage it feeds and how long it is between its `EDGE`s, in u."""

    stage: int
    length: float
    shared: tuple[tuple[int, float], ...] = ()
    """Other belts that join it (or that it joins) before the stage: their index, and how many u are shared."""


@dataclass(frozen=True)
class OnBelt:
    """The crates of one belt, front first."""

    id: NDArray[np.int64]
    position: NDArray[np.float64]
    """u from the belt's first `EDGE`."""
    hue: NDArray[np.int8]
    standing: int
    """The first so many stand still at the front."""


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


class _Lane:
    """The stays that came one way into one stage, in order of arrival, ready to be counted at any moment."""

    def __init__(
        self, stays: StayArrays, chosen: NDArray[np.intp], length: float, shown: bool, given_up: NDArray[np.int64]
    ) -> None:
        """given_up: of each of the stays, when nobody works on it any more; `FOREVER` if that never is."""
        self.length = length
        self.shared: dict[int, float] = {}
        """Lane of the same stage → u of belt they share."""
        self.capacity = int(length / SPACING + 1e-9) + 1 if shown else 0
        self.entered = stays.entered[chosen]
        self.left = stays.left[chosen]
        started = stays.started[chosen]
        self.known = started != UNKNOWN
        self.started = np.where(self.known, started, self.left)
        """When waiting ends: the start, or where it is unknown the end of the stay."""
        wrecked = np.where(given_up[chosen] < self.left, given_up[chosen], FOREVER)
        self._waits_until = np.minimum(self.started, wrecked)
        self.id = stays.id[chosen]
        self.hue = stays.hue[chosen]
        weight = stays.weight[chosen]
        self.weight = weight
        self._arrived = np.concatenate([[0.0], np.cumsum(weight)])
        self._left, self._left_order = _sorted_weights(self.left, weight)
        works_until = np.minimum(self.left, wrecked)
        works = self.known & (started < works_until)
        self._begun, self._begun_order = _sorted_weights(np.where(works, started, FOREVER), weight)
        self._known_left, self._known_left_order = _sorted_weights(np.where(works, works_until, FOREVER), weight)
        self._wrecked, self._wrecked_order = _sorted_weights(wrecked[wrecked < FOREVER], weight[wrecked < FOREVER])
        self._cleared, self._cleared_order = _sorted_weights(self.left[wrecked < FOREVER], weight[wrecked < FOREVER])

    def counts(self, at: int) -> _Counted:
        """What is present and at work, and when that changes."""
        come = int(self.entered.searchsorted(at, side="right"))
        gone = int(self._left.searchsorted(at, side="right"))
        begun = int(self._begun.searchsorted(at, side="right"))
        done = int(self._known_left.searchsorted(at, side="right"))
        lost = int(self._wrecked.searchsorted(at, side="right"))
        back = int(self._cleared.searchsorted(at, side="right"))
        ahead = [
            int(times[k])
            for times, k in ((self.entered, come), (self._left, gone), (self._begun, begun), (self._wrecked, lost))
            if k < len(times)
        ]
        return _Counted(
            float(self._arrived[come] - self._left_order[gone]),
            come - gone,
            float(self._begun_order[begun] - self._known_left_order[done]),
            float(self._wrecked_order[lost] - self._cleared_order[back]),
            lost - back,
            min(ahead, default=FOREVER),
        )

    def waiting(self, at: int, most: int) -> NDArray[np.intp]:
        """The first `most` stays, by arrival, that wait at the moment (entered ≤ at < started) and are no wrecks."""
        come = int(self.entered.searchsorted(at, side="right"))
        found: list[NDArray[np.intp]] = []
        missing = most
        for start in range(0, come, _CHUNK):
            if missing <= 0:
                break
            chunk = np.flatnonzero(self._waits_until[start : min(come, start + _CHUNK)] > at)[:missing] + start
            found.append(chunk)
            missing -= len(chunk)
        return np.concatenate(found) if found else np.empty(0, dtype=np.intp)

    def reached(self, chosen: NDArray[np.intp], pace: float) -> NDArray[np.float64]:
        """When each is at the intake: after a ride of display time, but never longer than its wait. µs UTC."""
        ride = ride_time(self.length, pace)
        ends = self.started[chosen]
        entered = self.entered[chosen]
        wait = np.where(ends == FOREVER, np.inf, ends.astype(float) - entered)
        share = np.where(self.known[chosen], 1.0, _RIDE_SHARE)
        return np.asarray(entered + np.maximum(np.minimum(ride, share * wait), 1.0))


def _sorted_weights(
    at: NDArray[np.int64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    order = np.argsort(at, kind="stable")
    ordered = at[order]
    totals = np.concatenate([[0.0], np.cumsum(weight[order])])
    return ordered, totals


class _Counted(NamedTuple):
    """What a lane holds at a moment."""

    present: float
    """Weight of entered ≤ at < left."""
    number: int
    """Of them, how many stays."""
    at_work: float
    """Weight of those known to be at work: started ≤ at < left, and no wrecks."""
    wrecks: float
    wrecked: int
    """Stays that are wrecks."""
    until: int
    """When any of this, or who waits, changes next."""


@dataclass(frozen=True)
class _Waiting:
    """Those who wait outside the machine on one lane, in order of arrival."""

    id: NDArray[np.int64]
    hue: NDArray[np.int8]
    weight: NDArray[np.float64]
    entered: NDArray[np.int64]
    reach: NDArray[np.float64]
    """When each is at the intake, if nobody is before it; see `_Lane.reached`."""
    front: NDArray[np.float64]
    """Where each stands once all have come to rest, u from the belt's first `EDGE`."""

    @classmethod
    def of(cls, lane: _Lane, chosen: NDArray[np.intp], reach: NDArray[np.float64]) -> _Waiting:
        front = np.asarray(lane.length - np.arange(len(chosen)) * SPACING)
        return cls(lane.id[chosen], lane.hue[chosen], lane.weight[chosen], lane.entered[chosen], reach, front)

    def ridden(self, at: int) -> NDArray[np.float64]:
        """Share of the way to the intake that each would have come if it were alone."""
        return np.minimum((at - self.entered) / (self.reach - self.entered), 1.0)


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
    waiting: tuple[_Waiting, ...]
    """Of each lane."""
    settled: tuple[OnBelt | None, ...]
    """Of each lane without riders, its belt."""


class _StageFloor:
    """One stage with the lanes that lead to it. Remembers its last quiet stretch; the answers do not depend on it."""

    def __init__(self, lanes: list[_Lane]) -> None:
        self.lanes = lanes
        self._last: _Quiet | None = None
        self._sorted: tuple[_Quiet, tuple[int, ...], AtStage, NDArray[np.int8]] | None = None
        self._joined = [sum(1 << other for other in lane.shared) for lane in lanes]
        """Of each lane, the lanes it shares a stretch with, as bits."""

    def stand(self, at: int, pace: float, servers: int) -> tuple[AtStage, list[OnBelt], NDArray[np.int8]]:
        """What stands at the stage, its belts in the order of the lanes, and the hues of its pile."""
        quiet = self._last
        if quiet is None or not (quiet.since <= at < quiet.until and quiet.pace == pace and quiet.servers == servers):
            quiet = self._last = self._stretch(at, pace, servers)
        belts = self._belts(quiet.waiting, at, quiet.settled)
        fits = tuple([len(belt.id) for belt in belts])
        known = self._sorted
        if known is None or known[0] is not quiet or known[1] != fits:
            known = self._sorted = quiet, fits, *self._sort(quiet, fits, at)
        return known[2], belts, known[3]

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
        return here, self._pile(quiet, fits, at) if pile else _NO_HUES

    def _pile(self, quiet: _Quiet, fits: tuple[int, ...], at: int) -> NDArray[np.int8]:
        """Who waits and finds no room on a belt, by arrival."""
        left: list[NDArray[np.intp]] = []
        for lane, inside, count in zip(self.lanes, quiet.inside, fits, strict=True):
            waiting = lane.waiting(at, len(lane.id))
            outside = np.delete(waiting, waiting.searchsorted(inside)) if len(inside) else waiting
            left.append(outside[count:])
        entered = np.concatenate([lane.entered[rest] for lane, rest in zip(self.lanes, left, strict=True)])
        hues = np.concatenate([lane.hue[rest] for lane, rest in zip(self.lanes, left, strict=True)])
        return np.asarray(hues[np.argsort(entered, kind="stable")])

    def _stretch(self, at: int, pace: float, servers: int) -> _Quiet:
        counts = [lane.counts(at) for lane in self.lanes]
        fronts = [
            lane.waiting(at, lane.capacity + servers) if counted.number else _NOBODY
            for lane, counted in zip(self.lanes, counts, strict=True)
        ]
        reach = [lane.reached(front, pace) for lane, front in zip(self.lanes, fronts, strict=True)]
        inside = self._admit(fronts, reach, at, servers)
        until = min((counted.until for counted in counts), default=FOREVER)
        machine = sum(counted.at_work for counted in counts)
        riders = 0
        admitted, waiting = [], []
        for i, lane in enumerate(self.lanes):
            admitted.append(fronts[i][inside[i]])
            machine += float(lane.weight[admitted[i]].sum())
            still_riding = reach[i][reach[i] > at]
            if len(still_riding):
                until = min(until, int(np.ceil(still_riding.min())))
            outside = ~inside[i]
            waiting.append(_Waiting.of(lane, fronts[i][outside], reach[i][outside]))
            riders |= bool(len(still_riding)) << i
        belts = self._belts(waiting, at)
        settled = [None if riders & (1 << i | self._joined[i]) else belt for i, belt in enumerate(belts)]
        wip = _exact(sum(counted.present for counted in counts))
        wrecks = _exact(sum(counted.wrecks for counted in counts))
        return _Quiet(
            at, until, pace, servers, wip, _exact(machine), wrecks,
            sum(counted.number for counted in counts), sum(counted.wrecked for counted in counts),
            tuple(admitted), tuple(waiting), tuple(settled),
        )  # fmt: skip

    def _belts(
        self, waiting: Sequence[_Waiting], at: int, settled: Sequence[OnBelt | None] | None = None
    ) -> list[OnBelt]:
        """Where those who wait stand on each lane; lanes that share a stretch are lined up together."""
        found: dict[int, OnBelt] = {i: belt for i, belt in enumerate(settled or ()) if belt is not None}
        for i, lane in enumerate(self.lanes):
            if i in found:
                continue
            group = [i, *sorted(other for other in lane.shared if other not in found)]
            if len(group) == 1:
                found[i] = _line_up(lane, waiting[i], at)
            else:
                wishes = [self._wishes(k, waiting[k], at) for k in group]
                spots = _merged(wishes, group, self.lanes)
                for k, room, (wish, _) in zip(group, spots, wishes, strict=True):
                    found[k] = _on_belt(self.lanes[k], waiting[k], room, int(np.count_nonzero(wish == 0.0)))
        return [found[i] for i in range(len(self.lanes))]

    def _wishes(self, k: int, waiting: _Waiting, at: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
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
            for ready in [np.flatnonzero((reach[i] <= at) & ~lane.known[fronts[i]])]
            for n in ready[np.argsort(reach[i][ready], kind="stable")[:servers]].tolist()
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
        lost = np.full(len(stays), FOREVER)
        if given_up:
            lost = np.fromiter((given_up.get(stay, FOREVER) for stay in stays.id.tolist()), np.int64, len(stays))
        self.since, self.until = stays.since, stays.until
        lanes: list[list[_Lane]] = [[] for _ in range(stages)]
        self._places: list[tuple[int, int]] = []
        """Of each way, its stage and its place among the stage's lanes."""
        for way, chosen in zip(ways, _groups(stays.belt, len(ways)), strict=True):
            self._places.append((way.stage, len(lanes[way.stage])))
            lanes[way.stage].append(_Lane(stays, chosen, way.length, True, lost))
        for way, (stage, place) in zip(ways, self._places, strict=True):
            lanes[stage][place].shared = {self._places[other][1]: length for other, length in way.shared}
        other = np.flatnonzero(stays.belt < 0)
        for stage, chosen in enumerate(_groups(stays.stage[other], stages)):
            if len(chosen):
                lanes[stage].append(_Lane(stays, other[chosen], 0.0, False, lost))
        self._stages = [_StageFloor(found) for found in lanes]

    def stand(self, at: int, pace: float, servers: Sequence[int]) -> Standing:
        """Where everything stands.

        at: µs UTC inside the window. pace: data µs per second of display. servers: how many cases each stage can
        hold inside while starts are unknown; where starts are known the log decides.
        Raises ValueError outside the window.
        """
        if not self.since <= at < self.until:
            raise ValueError(f"{at} is outside the window [{self.since}, {self.until})")
        found = [stage.stand(at, pace, number) for stage, number in zip(self._stages, servers, strict=True)]
        belts = tuple(found[stage][1][place] for stage, place in self._places)
        return Standing(at, tuple(stage for stage, _, _ in found), belts, tuple(hues for _, _, hues in found))


_NOBODY: NDArray[np.intp] = np.empty(0, dtype=np.intp)
_NO_HUES: NDArray[np.int8] = np.empty(0, dtype=np.int8)


def _exact(weight: float) -> float:
    """Without the dust of floating point: a whole number of cases is whole, nothing is 0."""
    return round(weight, 9) + 0.0


def _groups(codes: NDArray[np.int16], count: int) -> list[NDArray[np.intp]]:
    """Indexes per code 0..count−1, each in the order given."""
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(count + 1))
    return [order[bounds[i] : bounds[i + 1]] for i in range(count)]


def _line_up(lane: _Lane, waiting: _Waiting, at: int) -> OnBelt:
    """Line them up: nobody overtakes, nobody overlaps; whoever finds no room is left to the pile."""
    room = lined_up(waiting.ridden(at) * lane.length)
    return _on_belt(lane, waiting, room, int(np.count_nonzero(room >= waiting.front - 1e-9)))


def _on_belt(lane: _Lane, waiting: _Waiting, room: NDArray[Any], standing: int) -> OnBelt:
    """Those who find room. room: u from the belt's first `EDGE`, negative where there is none."""
    fits = min(int(np.count_nonzero(room >= -1e-9)), lane.capacity)
    return OnBelt(waiting.id[:fits], np.maximum(room[:fits], 0.0), waiting.hue[:fits], min(standing, fits))


def _merged(
    wishes: list[tuple[NDArray[np.float64], NDArray[np.float64]]], group: list[int], lanes: list[_Lane]
) -> list[NDArray[np.float64]]:
    """Line up lanes that share a stretch before the intake: like one queue where they are one belt, apart before that.

    wishes: per lane of the group, distances from the intake wished for and moments of reaching it, in order of
    arrival. Returns room as in `_line_up`. Nobody is nearer to another than `SPACING` where they share a belt.
    """
    apart = [[lanes[a].shared.get(b, 0.0) + SPACING / 2 for b in group] for a in group]
    rooms = [np.empty(len(wish)) for wish, _ in wishes]
    order = sorted((distance, reach, g, n) for g, (wish, when) in enumerate(wishes)
                   for n, (distance, reach) in enumerate(zip(wish.tolist(), when.tolist(), strict=True)))  # fmt: skip
    last = [-SPACING] * len(group)
    last_shared = [[-SPACING] * len(group) for _ in group]
    for distance, _, g, n in order:
        spot = max(distance, last[g] + SPACING)
        for other in range(len(group)):
            if other != g and spot < apart[g][other]:
                spot = max(spot, last_shared[g][other] + SPACING)
        rooms[g][n] = lanes[group[g]].length - spot
        last[g] = spot
        for other in range(len(group)):
            if spot < apart[g][other]:
                last_shared[other][g] = spot
    return rooms
