"""A period as a log of it would show it: of whole cases, or of what was done in it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from factoryview.whatif.calibration import calibrate
from factoryview.whatif.fidelity import happened, simulated
from factoryview.whatif.log import WEEK_H, Log, log_of_steps
from tests.bench.fidelity import copies

Step = tuple[int, int, float, float]
WEEKS, BEFORE = 16, 30


def steps(seed: int, a_week: float = 20.0, *, late: float = 1.0) -> list[Step]:
    """(case, stage, start, end) of cases of four steps, four weeks from the first to the last on average, and of those
    that came many weeks before.

    late: so many times as many come at the end as at the begin, in between all the fewer or more.
    """
    rng = np.random.default_rng(seed)
    found: list[Step] = []
    at, case, span = -BEFORE * WEEK_H, 0, WEEKS * WEEK_H
    while at < span:
        at += rng.exponential(WEEK_H / a_week / late ** (max(at, 0.0) / span))
        start = at
        for stage in range(4):
            found.append((case, stage, start, start + 2.0))
            start += 2.0 + rng.exponential(WEEK_H * 4 / 3)
        case += 1
    return found


def whole(all_steps: list[Step]) -> Log:
    """The cases begun and ended in the span."""
    return log_of([one for mine in by_case(all_steps) if mine[0][2] >= 0 for one in mine])


def cut(all_steps: list[Step]) -> Log:
    """The steps begun in the span, of all cases ended in it."""
    return log_of([one for mine in by_case(all_steps) for one in mine if one[2] >= 0])


def by_case(all_steps: list[Step]) -> list[list[Step]]:
    """The steps of those cases that were done by the end of the span."""
    of: dict[int, list[Step]] = {}
    for one in all_steps:
        of.setdefault(one[0], []).append(one)
    return [mine for mine in of.values() if 0 <= mine[-1][3] <= WEEKS * WEEK_H]


def log_of(kept: list[Step]) -> Log:
    number = {case: place for place, case in enumerate(sorted({one[0] for one in kept}))}
    case, stage, start, end = zip(*((number[one[0]], *one[1:]) for one in kept), strict=True)
    return log_of_steps("ABCD", case, stage, start, end, open_seen=False)


@pytest.mark.parametrize("late", [0.25, 0.5, 1.0, 2.0])
def test_a_log_that_begins_in_the_midst_of_its_cases_is_known_from_one_of_whole_cases(late: float) -> None:
    logs = [(whole(one), cut(one)) for one in (steps(seed, late=late) for seed in range(20))]
    assert sum(one.excerpt for one, _ in logs) == 0
    assert sum(one.excerpt for _, one in logs) >= 18


def test_where_open_cases_are_seen_nothing_is_cut_off() -> None:
    one = cut(steps(3))
    assert one.excerpt
    seen = log_of_steps("ABCD", one.case, one.stage, one.start, one.end, open_seen=True)
    assert not seen.excerpt


def test_short_cases_hardly_lie_over_an_edge() -> None:
    """Ten a day, an hour each: in the first week come as many as in any other, cut off or not."""
    case = np.arange(7 * 10 * WEEKS)
    start = 2.4 * case
    assert not log_of_steps("A", case, 0 * case, start, start + 1, open_seen=False).excerpt


def test_of_an_excerpt_comes_what_is_done_by_the_end_and_of_whole_cases_the_whole() -> None:
    """Four weeks of either, beside a plain count of what came: of an excerpt the most begin and do not end in them."""
    begin, end = WEEKS * WEEK_H, (WEEKS + 4) * WEEK_H
    for of in (cut, whole):
        sizes, lengths = [], []
        for seed in range(5):
            log = of(steps(seed))
            made = simulated(calibrate(log), seed, begin, end)
            assert made.start.min() >= begin
            assert made.end.max() <= end
            number = np.unique(made.case, return_counts=True)[1]
            sizes.append(len(number))
            lengths.append(number)
        done = np.concatenate(lengths)
        if of is cut:
            assert np.mean(sizes) == pytest.approx(4 * 20, rel=0.35)
            assert (done < 4).mean() > 0.4
        else:
            assert (done == 4).all()
            assert np.mean(sizes) < 40


def test_what_happened_is_whole_cases_of_a_log_with_open_ones() -> None:
    one = whole(steps(1))
    shown = happened(one, 2 * WEEK_H, 10 * WEEK_H)
    spans = [(one.arrived[k], one.closed[k]) for k in range(one.cases)]
    assert len(np.unique(shown.case)) == sum(a >= 2 * WEEK_H and b <= 10 * WEEK_H for a, b in spans)
    assert all(b - a >= 0 for a, b in pairwise(sorted(shown.start)))


@pytest.mark.parametrize("number", [3, 10, 24])
def test_a_copy_of_so_many_cases_has_each_as_often_as_every_other(number: int) -> None:
    past = happened(whole(steps(1)), 0, WEEKS * WEEK_H)
    ten = np.isin(past.case, np.unique(past.case)[:10])
    past = type(past)(past.case[ten], past.stage[ten], past.start[ten], past.end[ten])
    made = copies(past, number, np.random.default_rng(1))
    first, _ = made.spans
    assert len(first) == number
    times = [list(first).count(one) for one in past.spans[0].tolist()]
    assert sum(times) == number
    assert max(times) - min(times) == 1 if number % 10 else max(times) == min(times)
    assert sorted(np.unique(made.case, return_counts=True)[1]) == [4] * number
