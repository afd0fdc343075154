"""The course of a meeting: what may be done when, and that nobody has more votes than three."""

from __future__ import annotations

from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.meeting.course import MOST_CARDS, STEPS, VOTES, Course


def at(step: str, cards: int = 3) -> Course:
    course = Course(moments=2)
    while course.step != "write":
        course = course.moved(1)
    for k in range(cards):
        course = course.noted(f"p{k}", f"card {k}")
    while course.step != step:
        course = course.moved(1)
    return course


def test_it_goes_through_every_step_and_every_moment_and_back() -> None:
    course, seen = Course(moments=2), []
    for _ in range(len(STEPS) + 3):
        seen.append((course.step, course.at if course.step == "moments" else None))
        course = course.moved(1)
    assert seen[:4] == [("last_time", None), ("moments", 0), ("moments", 1), ("write", None)]
    assert [step for step, _ in seen[3:-2]] == list(STEPS[2:])
    assert course.step == "written" == course.moved(-1).step
    back = at("write").moved(-1)
    assert (back.step, back.at, back.cards) == ("moments", 1, at("write").cards)
    assert Course().moved(-1).step == "last_time"
    assert Course(moments=0).moved(1).moved(1).step == "write"


def test_cards_are_written_only_while_it_is_time_to() -> None:
    for step in STEPS:
        course = at(step) if STEPS.index(step) >= 2 else Course(step=step, moments=2)
        more = course.noted("p9", "  two\n words ", 1)
        assert (len(more.cards) - len(course.cards)) == (step in ("moments", "write"))
        if more != course:
            assert (more.cards[-1].text, more.cards[-1].moment) == ("two words", 1)
    assert at("write").noted("p", " ") == at("write")
    full = reduce(lambda course, k: course.noted("p0", f"x{k}"), range(MOST_CARDS + 5), at("write", 0))
    assert len(full.cards) == MOST_CARDS
    assert at("write").noted("p", "x", 7).cards[-1].moment == -1


def test_groups_are_made_and_taken_apart() -> None:
    course = at("group", 4).grouped(2, 1).grouped(3, 2)
    assert [card.number for card in course.heads] == [1, 4]
    assert [card.number for card in course.under(1)] == [2, 3]
    moved = course.grouped(1, 4)
    assert [card.number for card in moved.under(4)] == [1, 2, 3]
    assert course.grouped(1, 3) == course, "a card cannot lie under its own"
    assert [card.number for card in course.grouped(3, 3).heads] == [1, 3, 4]
    assert course.grouped(9, 1) == course == course.grouped(1, 9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 5)), max_size=30))
def test_nobody_has_more_than_three_votes_and_none_is_lost(wishes: list[tuple[str, int]]) -> None:
    course, counts = at("vote"), dict.fromkeys("abc", 0)
    for author, number in wishes:
        if 1 <= number <= 3 and counts[author] < VOTES:
            counts[author] += 1
        course = course.voted(author, number)
    assert {author: VOTES - course.left_of(author) for author in counts} == counts
    assert sum(course.votes_of(card.number) for card in course.cards) == sum(counts.values())
    ended = course.moved(1)
    order = [ended.votes_of(card.number) for card in ended.heads]
    assert order == sorted(order, reverse=True)
    assert course.unvoted("a").left_of("a") == VOTES


def test_votes_follow_cards_that_are_put_under_others() -> None:
    course = reduce(lambda course, _: course.voted("a", 2), range(VOTES), at("vote")).voted("b", 1)
    regrouped = course.moved(-1).grouped(2, 1).moved(1)
    assert (regrouped.votes_of(1), regrouped.votes_of(1, "a"), regrouped.votes_of(3)) == (VOTES + 1, VOTES, 0)
    assert [card.number for card in regrouped.moved(1).heads] == [1, 3]
    assert regrouped.left_of("a") == 0
    apart = regrouped.moved(-1).grouped(2, 2).moved(1)
    assert (apart.votes_of(1), apart.votes_of(2)) == (1, VOTES)


def test_what_is_agreed_without_a_card_is_a_new_one() -> None:
    course = at("agree", 0).agreed(None, {"text": "Hire one", "who": "sales"}, "keyboard1")
    assert [(card.number, card.text, card.who, card.author) for card in course.heads] == [
        (1, "Hire one", "sales", "keyboard1")
    ]
    assert at("vote", 0).agreed(None, {"text": "x"}) == at("vote", 0)


def test_what_is_agreed_keeps_what_is_not_typed() -> None:
    course = at("agree").agreed(2, {"text": "", "who": "sales", "due": "2026-07-31"})
    card = next(card for card in course.cards if card.number == 2)
    assert (card.text, card.who, card.due) == ("card 1", "sales", "2026-07-31")
    assert at("vote").agreed(2, {"who": "x"}) == at("vote")
