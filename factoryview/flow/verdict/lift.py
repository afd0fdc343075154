"""What would have come out if a stage had been faster: the log replayed as a fluid, everything else as it was.

A stage let out what the log says; it could have let out what its idle servers can do as well; one that is `factor`
times as fast, so many times more. Extra cases move on along the observed ways, queue where no server is idle, and
count when they reach a good outcome. So a jam in front of a slower stage gains nothing, and neither does speed
without a queue. All windows and all candidate stages are replayed at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.verdict.bins import Bins
from factoryview.flow.verdict.evidence import Evidence
from factoryview.flow.verdict.stations import Station
from factoryview.flow.verdict.visits import Floats, Ints

FEW_MOVES = 20
CHANCE = 9.0
"""χ² of a stage's ways in a window against those of the whole log, up to which they differ by chance."""


@dataclass(frozen=True)
class Gain:
    """Arrays over windows × candidate stages."""

    final: Floats
    """Extra completed cases by the end of the window."""
    mean: Floats
    """On average over the second half of the window: steadier, and what decides."""
    used: Floats
    """Share of the server time at work, 0 to 1; 0 where a stage is no queue."""
    completed: Floats
    """Cases completed in each window, by where its departures usually lead."""


def routing(bins: Bins, evidence: Evidence, first: Ints, length: int) -> tuple[Floats, Floats]:
    """Per window: stages × stages shares of where departures go, and the share that is then well done."""
    n = bins.departures.shape[1]
    counts = _by_way(bins, evidence, bins.moves[first + length] - bins.moves[first])
    whole = np.broadcast_to(_by_way(bins, evidence, bins.moves[-1]), counts.shape)
    bad = ~evidence.good
    bad[:n] = False
    patience = np.concatenate([np.zeros((1, n)), bins.given_up.cumsum(axis=0)])
    counts, whole = (
        _served(part, gone, bad)
        for part, gone in ((counts, patience[first + length] - patience[first]), (whole, patience[-1][None, :]))
    )
    counts = np.where(counts.sum(axis=2, keepdims=True) < FEW_MOVES, whole, counts)
    total = counts.sum(axis=2, keepdims=True)
    if evidence.meaning == "kpi":  # counts name no outcome but the loss: what goes nowhere has come through
        left = np.concatenate([np.zeros((1, n)), bins.departures.cumsum(axis=0)])
        total = np.maximum(total, (left[first + length] - left[first])[:, :, None])
    share = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
    good = share[:, :, n:] @ evidence.good[n:].astype(float)
    ways = share[:, :, :n].copy()
    for s in np.flatnonzero(evidence.good[:n]):  # where cases end at a stage, its own name is the outcome
        good[:, s] += ways[:, s, s]
        ways[:, s, s] = 0.0
    if evidence.meaning == "kpi":
        good = good + 1 - share.sum(axis=2)
    return ways, good


def _by_way(bins: Bins, evidence: Evidence, moves: Floats) -> Floats:
    """Departures by stage and way, of what `Bins.moves` has of it."""
    found = np.zeros((*moves.shape[:-1], bins.departures.shape[1], len(evidence.ways)))
    found[..., bins.pairs[0], bins.pairs[1]] = moves
    return found


def _served(counts: Floats, given_up: Floats, bad: NDArray[np.bool_]) -> Floats:
    """The ways of those that were served: without the lost ones that gave up waiting."""
    lost = counts[:, :, bad].sum(axis=2)
    keep = np.divide(np.maximum(lost - given_up, 0.0), lost, out=np.ones_like(lost), where=lost > 0)
    return np.where(bad, counts * keep[:, :, None], counts)


def lift(
    bins: Bins,
    evidence: Evidence,
    stations: list[Station],
    first: Ints,
    length: int,
    factor: float,
) -> Gain:
    """Replays each window [first, first + length) once per stage, that stage `factor` times as fast.

    Cases that gave up waiting give up in proportion to how many wait.
    """
    n, windows = len(stations), len(first)
    queue = np.array([station.kind == "queue" for station in stations])
    own, direct = np.flatnonzero(queue), np.flatnonzero(~queue)  # only a queue can be faster, and that by itself
    rows = first[:, None] + np.arange(length)
    used, offered = np.zeros((windows, n)), np.zeros((windows, n))
    for found, hours in ((used, bins.used), (offered, bins.offered)):  # only queues have servers
        found[:, own] = hours[:, own][rows].sum(axis=1)
    served = bins.departures - bins.given_up
    if bins.given_up.any():
        let_out = served[rows].sum(axis=1)
    else:  # whole numbers
        so_far = np.concatenate([np.zeros((1, n)), served.cumsum(axis=0)])
        let_out = so_far[first + length] - so_far[first]
    speed = np.divide(let_out, used, out=np.zeros_like(used), where=used > 0)
    ways, good = routing(bins, evidence, first, length)
    completed = np.einsum("ws,ws->w", let_out, good)
    each = np.arange(len(own))
    done, summed = np.zeros((windows, len(own))), np.zeros((windows, len(own)))
    extra, coming = np.zeros((windows, len(own), n)), np.zeros((windows, len(own), n))
    for b in range(length if len(own) else 0):
        at = first + b
        idle = np.maximum(bins.offered[at] - bins.used[at], 0.0) * speed
        waiting, given_up = bins.waiting[at], bins.given_up[at][:, None, :]
        if given_up.any():
            standing = waiting[:, None, :]
            fewer = np.divide(-extra, standing, out=np.zeros_like(extra), where=standing > 0)
            extra = extra + given_up * np.clip(fewer, -1.0, 1.0)
        extra += coming
        leaving = np.minimum(idle[:, None, :], extra)
        could = (factor - 1) * served[at][:, own] + factor * idle[:, own]
        leaving[:, each, own] = np.minimum(could, extra[:, each, own] + waiting[:, own])
        leaving[:, :, direct] = coming[:, :, direct]
        extra -= leaving
        coming = leaving @ ways
        done += np.einsum("wcs,ws->wc", leaving, good)
        if b >= length // 2:
            summed += done
    final, mean = np.zeros((windows, n)), np.zeros((windows, n))
    final[:, own], mean[:, own] = done, summed
    share = np.divide(used, offered, out=np.zeros_like(used), where=offered > 0)
    late = length - length // 2
    weight = evidence.weight
    return Gain(final * weight, mean / late * weight, np.minimum(share, 1.0), completed * weight)
