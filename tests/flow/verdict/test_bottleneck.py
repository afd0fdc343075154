"""The verdict on a few generated plants, whose truth was simulated again; the full table is `tests.bench verdict`."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from factoryview.flow.verdict.basis import Basis, basis_of
from factoryview.flow.verdict.bottleneck import find_bottleneck
from factoryview.flow.verdict.evidence import gather, known_at
from factoryview.flow.verdict.ribbon import last_phases, ribbon
from factoryview.plant.models import Plant
from factoryview.time import hours_of
from tests.kit.plants.generate import generate
from tests.kit.plants.judging import judge
from tests.kit.plants.logs import EPOCH, Meaning, store_of, tables
from tests.kit.plants.simulate import Visits, simulate, truth
from tests.kit.plants.spec import Spec

BEGIN = hours_of(EPOCH.to_pydatetime())


def basis(seed: int, meaning: Meaning = "entry", **asked: bool) -> Basis:
    spec = generate(seed, **asked)  # type: ignore[arg-type]
    return of_visits(spec, simulate(spec), meaning)


def of_visits(spec: Spec, visits: Visits, meaning: Meaning = "entry") -> Basis:
    return basis_of(gather(store_of(*tables(spec, visits, meaning), meaning), Plant(name="x")))


def test_most_plants_are_judged_right_from_every_kind_of_log() -> None:
    right: defaultdict[str, list[bool]] = defaultdict(list)
    for kind in ("plain", "calendar", "none"):
        for seed in range(2000, 2006):
            for answer in judge((kind, seed)):
                if not (answer.first and answer.log == "completion"):
                    right[answer.log].append(answer.said == answer.truth)
    assert {log: float(np.mean(each)) >= 0.85 for log, each in right.items()} == dict.fromkeys(right, True)


def test_a_constraint_before_the_first_completion_is_said_to_be_unseen() -> None:
    seed = next(s for s in range(100) if truth(generate(s), simulate(generate(s)))[0] == generate(s).machines[0].name)
    found = find_bottleneck(basis(seed, "completion"))
    assert (found.stage, found.kind, found.reason) == (None, "none", "unseen")


def test_a_shift_is_dated_and_the_ribbon_knows_both() -> None:
    """The day on which another stage became the constraint, within three days in most plants."""
    off = []
    for seed in range(40, 52):
        spec = generate(seed, shift=True)
        if spec.shift is None:
            continue
        visits = simulate(spec)
        after, _ = truth(spec, visits)
        if after is None:
            continue
        until = replace(spec, until=spec.shift, shift=None)
        before, _ = truth(until, simulate(until))
        if before in (None, after):
            continue
        phases = ribbon(of_visits(spec, visits))
        change = [phase.since for phase in phases if phase.stage == after]
        off.append(min((abs(moment - BEGIN - spec.shift) / 24 for moment in change), default=99.0))
    assert len(off) >= 3
    assert float(np.median(off)) <= 3.0


def test_what_is_not_known_yet_is_not_used() -> None:
    whole = basis(3)
    moment = whole.evidence.begin + 0.6 * (whole.evidence.end - whole.evidence.begin)
    early = known_at(whole.evidence, moment)
    assert max(float(part.entered.max()) for part in early.visits) <= moment
    assert all((part.left[np.isfinite(part.left)] <= moment).all() for part in early.visits)
    assert find_bottleneck(basis_of(early)).until <= moment


@pytest.mark.parametrize("seed", [3, 8])
def test_the_end_of_the_ribbon_is_that_of_the_whole(seed: int) -> None:
    found = basis(seed)
    whole, end = ribbon(found), last_phases(found)
    assert end[-1].stage == whole[-1].stage
    assert end[-1].since == pytest.approx(whole[-1].since, abs=48)


@pytest.mark.parametrize("seed", [3, 8])
def test_phases_cover_the_log_without_gaps(seed: int) -> None:
    found = basis(seed)
    phases = ribbon(found)
    assert phases[0].since == found.evidence.begin
    assert phases[-1].until >= found.evidence.end
    assert all(a.until == b.since and a.stage != b.stage for a, b in itertools.pairwise(phases))
