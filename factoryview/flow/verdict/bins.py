"""The whole log cut into short bins: what stood, waited and left, and what idle servers could have done."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from factoryview.flow.verdict.evidence import Evidence
from factoryview.flow.verdict.stations import Station, count_servers_between
from factoryview.flow.verdict.visits import Floats, Ints, Visits
from factoryview.time import DAY_H

WINDOW = 30 * DAY_H
"""How far one looks around a moment: long enough for chance to even out, short enough to see a shift."""
BINS = 240
"""Per window."""
MOST_BINS = 24_000
FULL_DAY = 0.9
"""A stage used so much of a day has more work before it, where the log does not show what waits."""
HIDDEN = 1e6
"""A queue outside the log, of unknown length."""


@dataclass(frozen=True)
class Bins:
    """Arrays over bins × stages unless said otherwise; times in hours."""

    edges: Floats
    standing: Floats
    """Cases at the end of the bin."""
    waiting: Floats
    """Of these, more than the servers can hold."""
    departures: Floats
    used: Floats
    """Server hours at work."""
    offered: Floats
    """Server hours within working time."""
    moves: Floats
    """bins + 1 × `pairs`: departures so far by where they went."""
    pairs: tuple[Ints, Ints]
    """From which stage on which way anybody went: columns of `moves`."""
    servers: Floats
    given_up: Floats
    """Departures of cases that were not served but lost patience."""
    per_window: int
    """Bins of a window."""

    def bin_of(self, moment: float) -> int:
        """The bin in which a moment lies, clipped to the log."""
        return int(np.clip(np.searchsorted(self.edges, moment, side="right") - 1, 0, len(self.edges) - 2))


def window_of(evidence: Evidence) -> float:
    """Hours to look at around a moment: 30 days, or a third of a shorter log."""
    return max(min(WINDOW, (evidence.end - evidence.begin) / 3), 1e-3)


def cut(evidence: Evidence, stations: list[Station]) -> Bins:
    """Cuts the log into bins; servers are counted anew for every window."""
    span = max(evidence.end - evidence.begin, 1e-3)
    length = window_of(evidence)
    bins = int(min(max(np.ceil(span / (length / BINS)), BINS), MOST_BINS))
    edges = evidence.begin + span * np.arange(bins + 1) / bins
    edges[-1] = np.nextafter(evidence.end, np.inf)
    per_window = max(1, round(length / (span / bins)))
    n = len(stations)
    standing, departures, used, offered, servers, given_up = (np.zeros((bins, n)) for _ in range(6))
    waiting = np.zeros((bins, n))
    moves: list[Floats] = []
    pairs: list[tuple[int, int]] = []
    bad = ~evidence.good
    bad[:n] = False
    blocks = np.unique(np.append(np.arange(0, bins, per_window), bins))
    for s, station in enumerate(stations):
        visits = station.visits
        come, gone = (np.searchsorted(moments, edges, side="left") for moments in (visits.entered, visits.departures))
        departures[:, s] = np.diff(gone)
        standing[:, s] = (come - gone)[1:]
        ways = _moves(visits, edges, gone)
        moves += ways.values()
        pairs += [(s, way) for way in ways]
        if station.kind != "queue":
            continue
        if station.staff is not None:
            servers[:, s] = station.staff.at(edges[:-1])
        else:
            for low, high in pairwise(blocks):
                servers[low:high, s] = _servers_around(station, evidence, edges[low], edges[high], length)
        worked = np.diff(station.clock.worked(edges))
        offered[:, s] = servers[:, s] * worked
        used[:, s] = _used(visits, station, edges, servers[:, s])
        waiting[:, s] = np.maximum(standing[:, s] - servers[:, s], 0.0)
        if station.blind and evidence.meaning == "interval":
            day = max(1, round(DAY_H / float(edges[1] - edges[0])))
            around = np.ones(min(day, bins))
            busy, possible = (np.convolve(hours[:, s], around, "same") for hours in (used, offered))
            open_bins = np.flatnonzero(offered[:, s] > 0)
            if len(open_bins):  # at night as at the evening before
                last_open = open_bins[np.maximum(np.searchsorted(open_bins, np.arange(bins), side="right") - 1, 0)]
                full = (busy >= FULL_DAY * possible)[last_open]
            else:
                full = np.zeros(bins, bool)
            waiting[:, s] = np.where(full, HIDDEN, 0.0)
        else:
            lost = sum((np.diff(column) for way, column in ways.items() if bad[way]), np.zeros(bins))
            given_up[:, s] = impatience(lost, departures[:, s], waiting[:, s] * worked)
    columns = np.stack(moves, axis=1) if moves else np.zeros((bins + 1, 0))
    origins, ends = (np.array([pair[part] for pair in pairs], dtype=np.int64) for part in (0, 1))
    return Bins(
        edges, standing, waiting, departures, used, offered, columns, (origins, ends), servers, given_up, per_window
    )


def impatience(lost: Floats, departures: Floats, waiting: Floats) -> Floats:
    """How many of the cases lost in each bin gave up waiting, rather than being turned down.

    waiting: hours waited by all in the bin, within working time.

    Losses are explained by the cases served and the cases waiting (least squares without intercept, over about
    200 stretches); those explained by waiting gave up. All zero unless waiting explains losses beyond doubt.
    """
    group = np.arange(len(lost)) * 200 // max(len(lost), 1)
    losses, served, queue = (np.bincount(group, values) for values in (lost, departures - lost, waiting))
    served = np.maximum(served, 0.0)
    a, b, c = float(served @ served), float(served @ queue), float(queue @ queue)
    determinant = a * c - b * b
    if losses.sum() < 20 or determinant <= 1e-9 * max(a * c, 1e-9):
        return np.zeros(len(lost))
    x, y = float(served @ losses), float(queue @ losses)
    turned, gave = (c * x - b * y) / determinant, (a * y - b * x) / determinant
    if turned < 0:
        turned, gave = 0.0, y / c
    rest = losses - turned * served - gave * queue
    error = np.sqrt(float(rest @ rest) / max(len(losses) - 2, 1) * a / determinant)
    if gave < 4 * error:
        return np.zeros(len(lost))
    by_waiting, by_service = gave * waiting, turned * np.maximum(departures - lost, 0.0)
    total = by_waiting + by_service
    return np.divide(lost * by_waiting, total, out=np.zeros(len(lost)), where=total > 0)


def _moves(visits: Visits, edges: Floats, before: Ints) -> dict[int, Floats]:
    """By way: how many had gone there by each edge; all by the last, whatever was before the first in the first bin.

    before: how many had gone at all.
    """
    next_, gone = visits.next.take(visits.leaving), visits.departures
    found = {}
    for way, size in enumerate(np.bincount(next_ + 1).tolist()[1:]):
        if size:
            by = before if size == len(gone) else np.searchsorted(gone[next_ == way], edges, side="left")
            found[way] = by.astype(float)
            found[way][[0, -1]] = 0.0, size
    return found


def _servers_around(station: Station, evidence: Evidence, since: float, until: float, length: float) -> int:
    """Servers in a stretch of the log, from it and half a window on each side."""
    if evidence.meaning == "interval":
        return station.servers
    around = since - length / 2, until + length / 2
    return count_servers_between(station.visits, station.clock, *around, before=station.servers, lost=evidence.lost)


def _used(visits: Visits, station: Station, edges: Floats, servers: Floats) -> Floats:
    """Server hours at work per bin: the working time at each level of WIP × min(level, servers)."""
    steps = visits.steps
    places = np.searchsorted(steps.moments, edges, side="left")
    moments = np.insert(steps.moments, places, edges)
    level = np.insert(steps.level, places, np.concatenate([[0], steps.level])[places])
    spans = np.diff(station.clock.worked(moments))
    where = np.repeat(np.arange(-1, len(edges)), np.diff(places, prepend=0, append=len(steps.moments)) + 1)[1:-1]
    inside = (where >= 0) & (where < len(servers)) & (spans > 0)
    where = where[inside]
    using = np.minimum(np.maximum(level[:-1][inside], 0), servers[where])
    return np.bincount(where, spans[inside] * using, minlength=len(servers)).astype(np.float64)
