import numpy as np
import pytest

from factoryview.errors import InputError
from factoryview.factory.privacy import STRICT, Gate
from factoryview.flow.change.compare import MOST, Span, by_day, compare
from factoryview.flow.change.noise import chance_of, difference_of, discovered, mean_of
from factoryview.flow.change.records import Records, records_of
from factoryview.flow.change.sentences import comparison_sentences
from factoryview.language import CODES, Language
from factoryview.time import HOUR
from tests.flow.change.test_changes import BEGIN, PLANT, plant


def spans(seed: int, what: str) -> tuple[Records, Span, Span]:
    shift, store = plant(seed, what)
    records = records_of(store, PLANT)
    day = records.day_of(BEGIN + round(shift.day * HOUR))
    return records, Span(records, day - 60, day), Span(records, day, day + 60)


def test_an_injected_difference_is_told_and_its_numbers_are_counted_plainly() -> None:
    shift, _ = plant(3, "work")
    records, first, second = spans(3, "work")
    told = compare(first, second, STRICT).differences
    worked = next(each for each in told if each.stage == shift.stage and each.measure == "work")
    gone = next((each for each in told if each.measure == "throughput"), None)
    record = records.by_name[str(shift.stage)]
    plain = [
        np.mean([value for value, day in zip(record.worked.values, record.worked.days, strict=True)
                 if span.since <= day < span.until]) for span in (first, second)
    ]  # fmt: skip

    assert worked.before == pytest.approx(plain[0] * HOUR)
    assert worked.after == pytest.approx(plain[1] * HOUR)
    assert worked.low <= worked.difference <= worked.high
    assert len(told) <= MOST
    assert gone is None or gone.volume > 0
    assert [each.weight for each in told] == sorted((each.weight for each in told), reverse=True)


def test_a_few_very_long_waits_do_not_hide_that_most_are_shorter() -> None:
    """More people at a stage near its limit: by its mean alone the wait before could have been a whim of some weeks."""
    shift, _ = plant(97, "people")
    _, first, second = spans(97, "people")
    found = compare(first, second, STRICT)
    waiting = next(each for each in found.differences if each.stage == shift.stage)

    assert waiting.measure == "waiting"
    assert waiting.high < 0
    sums = [by_day(each.records.by_name[str(shift.stage)].waited, each) for each in (first, second)]
    means = [mean_of(*each) for each in sums]
    assert means[0] is not None
    assert means[1] is not None
    assert difference_of(means[0], means[1])[2] > 0.05 / found.tested


def test_without_a_difference_none_is_told() -> None:
    for seed in (1, 2, 3, 5):
        _, first, second = spans(seed, "still")
        assert compare(first, second, STRICT).differences == ()


def test_the_same_span_is_no_different_from_itself() -> None:
    _, first, _ = spans(3, "work")

    assert compare(first, first, STRICT).found == 0


def test_means_of_few_cases_are_not_told() -> None:
    _, first, second = spans(3, "work")

    assert {each.measure for each in compare(first, second, Gate(smallest=10**9)).differences} <= {"throughput"}


def test_a_span_of_too_few_days_is_refused() -> None:
    records, _, _ = spans(3, "work")

    with pytest.raises(InputError, match="2 working days"):
        Span.between(records, int(records.days[20]), int(records.days[22]))


@pytest.mark.parametrize("code", CODES)
def test_it_is_said_in_words(code: str) -> None:
    shift, _ = plant(3, "work")
    _, first, second = spans(3, "work")
    language = Language(code)  # type: ignore[arg-type]

    assert any(
        str(shift.stage) in said for said in comparison_sentences(compare(first, second, STRICT), PLANT, language)
    )
    assert language.text("compare.none") in comparison_sentences(compare(first, first, STRICT), PLANT, language)


def test_a_mean_of_blocks_is_as_sure_as_its_days_allow() -> None:
    """Independent days: the error is that of the mean. Days that follow one another: larger."""
    rng = np.random.default_rng(0)
    white = mean_of(rng.normal(size=400), np.ones(400))
    walk = np.convolve(rng.normal(size=409), np.ones(10) / np.sqrt(10), "valid")
    follows = mean_of(walk, np.ones(400))

    assert white is not None
    assert follows is not None
    assert white.error == pytest.approx(1 / 20, rel=0.35)
    assert follows.error > 1.8 * white.error
    assert mean_of(np.ones(9), np.ones(9)) is None
    assert mean_of(np.zeros(30), np.zeros(30)) is None


def test_intervals_hold_the_truth_as_often_as_said() -> None:
    rng = np.random.default_rng(1)
    held = wrong = 0
    for _ in range(200):
        one, two = (mean_of(rng.exponential(size=60), np.ones(60)) for _ in range(2))
        assert one is not None
        assert two is not None
        low, high, chance = difference_of(one, two)
        held += low <= 0 <= high
        wrong += chance < 0.05

    assert held >= 180
    assert held + wrong == 200


def test_students_t_and_the_false_discovery_rate() -> None:
    assert chance_of(3.182, 3) == pytest.approx(0.05, abs=0.005)
    assert chance_of(2.571, 5) == pytest.approx(0.05, abs=0.002)
    assert discovered([], 0.05) == []
    assert discovered([0.01, 0.02, 0.03, 0.04], 0.05) == [True] * 4
    assert discovered([0.2, 0.013, 0.5], 0.05) == [False, True, False]
