"""Where cases go from each stage, who of them never comes back, and where those wait who have not been seen again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from factoryview.flow.verdict.clock import Clock
from factoryview.flow.verdict.evidence import Evidence
from factoryview.flow.verdict.visits import Floats, Ints

STAYS, SETTLED, FEW = 200, 400, 50
"""The newest stays at a stage, and the newest settled completions of it, that count; fewer settled ones are too few."""
COMMON = 0.05
"""A stage that follows at least so often is waited for before a completion is settled."""
LATE, LONGER = 0.98, 1.1
"""Settled is what is older than so many times this quantile of the stays at every common follower."""
GOES_ON = 0.02
"""A good end is left by fewer than this share: what stands there is done."""


@dataclass(frozen=True)
class Ways:
    """Per stage the shares of where cases go: stages × ways, and `gone`, the share that is never seen again."""

    share: Floats
    gone: Floats
    good: Floats
    """Share that is well done by leaving the stage."""

    @cached_property
    def visits(self) -> Floats:
        """Expected visits to each stage (columns) of a case that stands at one (rows), the present one included."""
        n = len(self.share)
        inner = self.share[:, :n] * (1 - 1e-9)
        return np.asarray(np.linalg.inv(np.eye(n) - inner))

    @cached_property
    def finished(self) -> Floats:
        """Share of the cases served at each stage that are well done in the end."""
        return np.clip(self.visits @ self.good, 0.0, 1.0)


def ways_of(evidence: Evidence, counts: Floats, gone: Floats, total: Floats) -> Ways:
    """From counted departures (stages × ways), those never seen again, and all departures."""
    n = len(evidence.stages)
    share = np.divide(counts, total[:, None], out=np.zeros_like(counts), where=total[:, None] > 0)
    good = share[:, n:] @ evidence.good[n:].astype(float)
    for stage in np.flatnonzero(evidence.good[:n]):  # where cases end at a stage, its own name is the outcome
        good[stage] += share[stage, stage]
        share[stage, stage] = 0.0
    if evidence.meaning == "kpi":  # counts name no outcome but the loss: what goes nowhere has come through
        good = good + np.where(total > 0, np.maximum(1 - share.sum(axis=1), 0.0), 0.0)
    return Ways(share, np.divide(gone, total, out=np.zeros_like(gone), where=total > 0), good)


def counted(evidence: Evidence) -> tuple[Floats, Floats]:
    """Departures by where they went (stages × ways), and all departures, of a log that shows who waits where."""
    n = len(evidence.ways)
    rows, total = [], []
    for visits in evidence.visits:
        left = np.isfinite(visits.left)
        rows.append(np.bincount(visits.next[left & (visits.next >= 0)], minlength=n).astype(float))
        total.append(float(left.sum()))
    return np.array(rows), np.array(total)


class Settled:
    """The completions of a log without entries, of which it is known what became of them."""

    def __init__(self, evidence: Evidence, clocks: list[Clock]) -> None:
        self.evidence, self.clocks = evidence, clocks
        n = len(evidence.stages)
        self._stays = [self._newest(stage) for stage in range(n)]
        self.every = [self._settled(stage) for stage in range(n)]
        """Of each stage the indexes of its settled completions (into `Evidence.shown`), in order of time."""
        self.chosen = [every[-SETTLED:] for every in self.every]
        """The newest of them, which count."""

    def _newest(self, stage: int) -> Floats:
        """The newest stays at a stage, ascending, in its working time."""
        shown, clock = self.evidence.shown[stage], self.clocks[stage]
        done = np.flatnonzero(np.isfinite(shown.left) & ~shown.first)
        done = done[np.argsort(shown.left[done], kind="stable")[-STAYS:]]
        return np.sort(clock.worked(shown.left[done]) - clock.worked(shown.entered[done]))

    def _settled(self, stage: int) -> Ints:
        shown, n = self.evidence.shown[stage], len(self.evidence.stages)
        done = np.flatnonzero(np.isfinite(shown.left))
        done = done[np.argsort(shown.left[done], kind="stable")]
        follow = np.bincount(shown.next[done][(shown.next[done] >= 0) & (shown.next[done] < n)], minlength=n)
        old = np.ones(len(done), bool)
        for other in np.flatnonzero(follow >= COMMON * max(follow.sum(), 1)).tolist():
            if len(self._stays[other]):
                limit = LONGER * float(np.quantile(self._stays[other], LATE))
                old &= self.ages(other, shown.left[done]) > limit
        settled = done[old]
        if len(settled) < FEW:
            return done[: len(done) // 2]
        return settled

    def ages(self, stage: int, since: Floats) -> Floats:
        """How long those that have waited since then have waited, in the working time of the stage they wait for."""
        clock = self.clocks[stage]
        return np.asarray(clock.worked(np.array([self.evidence.end]))[0] - clock.worked(since))

    @cached_property
    def ways(self) -> Ways:
        """By settled completions; who never came back is lost, but after a good end."""
        n, rows, gone, total = len(self.evidence.ways), [], [], []
        for visits, chosen in zip(self.evidence.shown, self.chosen, strict=True):
            follow = visits.next[chosen]
            rows.append(np.bincount(follow[follow >= 0], minlength=n).astype(float))
            gone.append(float((follow < 0).sum()))
            total.append(float(len(follow)))
        return ways_of(self.evidence, np.array(rows).reshape(-1, n), np.array(gone), np.array(total))

    def waiting_at(self, stage: int) -> tuple[Floats, Floats]:
        """Since when pending cases may wait for a stage, and with what chance."""
        pending, n = self.evidence.pending, len(self.evidence.stages)
        since, chance = [np.zeros(0)], [np.zeros(0)]
        for origin in np.unique(pending.origin):
            share = self.ways.share[origin, :n]
            ends_here = bool(self.evidence.good[origin])
            if share[stage] <= 0 or (ends_here and share.sum() < GOES_ON):
                continue
            begun = pending.since[pending.origin == origin]
            lasting = {
                other: share[other] * self._lasting(other, begun) for other in np.flatnonzero(share > 0).tolist()
            }
            rest = sum(lasting.values()) + self.ways.gone[origin]
            since.append(begun)
            chance.append(np.divide(lasting[stage], rest, out=np.zeros(len(begun)), where=rest > 0))
        begun, shares = np.concatenate(since), np.concatenate(chance)
        order = np.argsort(begun, kind="stable")
        return begun[order], shares[order]

    def _lasting(self, stage: int, since: Floats) -> Floats:
        """The share of the newest stays at a stage that are longer than those who wait since then have waited."""
        stays = self._stays[stage]
        if not len(stays):
            return np.zeros(len(since))
        return np.asarray(1 - np.searchsorted(stays, self.ages(stage, since), side="right") / len(stays))
