"""A shorter name is made of the name's own words in their order, and no other machine of the plant may bear it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from factoryview.view.short_names import short_names

WORDS = st.sampled_from(["Check", "Print", "confirmation", "document", "of", "to", "stop", "X", "1", "&", "advice"])
NAMES = st.sets(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=8)


def in_order(short: list[str], name: list[str]) -> bool:
    rest = iter(name)
    return all(word in rest for word in short if word != "…")


@given(NAMES)
def test_what_stands_for_a_name_stands_for_no_other(names: set[str]) -> None:
    found = short_names(names)
    assert set(found) == names
    for name, shorter in found.items():
        for short in shorter:
            assert len(short.split()) - short.count("…") < len(name.split())
            assert in_order(short.split(), name.split())
            assert not [other for other in names - {name} if short in found[other] or short == other]


def test_the_first_words_say_most_where_no_other_begins_so_and_a_name_does_not_end_in_a_word_that_joins() -> None:
    found = short_names({"Check confirmation of receipt", "Adjust confirmation of receipt", "Umwelt"})
    assert found["Check confirmation of receipt"][0] == "Check confirmation"
    assert found["Adjust confirmation of receipt"][0] == "Adjust confirmation"
    assert found["Umwelt"] == ()


def test_a_name_does_not_end_before_the_word_that_says_of_what() -> None:
    names = {"Determine necessity of stop advice", "Determine necessity to stop indication", "Print and send letter"}
    found = short_names(names)
    assert found["Determine necessity of stop advice"][0] == "Determine … stop advice"
    assert found["Print and send letter"][0] == "Print and send"


def test_names_that_begin_alike_show_how_they_end() -> None:
    names = {"Draft intern advice aspect 1", "Draft intern advice aspect 2"}
    found = short_names(names)
    assert all(found[name][0].startswith("Draft … ") and found[name][0].endswith(name[-1]) for name in names)
