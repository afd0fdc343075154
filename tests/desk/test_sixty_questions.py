"""Sixty questions: those that the desk answers are answered in at most three actions, and the pages say the same."""

from __future__ import annotations

import pytest

from tests.kit.desk_pilot import DeskPilot
from tests.kit.questions import ANSWERED, OPEN, PAGES, page
from tests.kit.small_plants import studied

_NOTHING = ("", "–", "being counted …")


def test_there_are_sixty_and_the_pages_say_them() -> None:
    questions = [each.en for each in (*ANSWERED, *OPEN)]
    assert len(ANSWERED) >= 48
    assert len(ANSWERED) + len(OPEN) >= 60
    assert len(set(questions)) == len(questions)
    for language, path in PAGES.items():
        assert path.read_text(encoding="utf-8") == page(language), "python -m tests.kit.questions"


@pytest.mark.parametrize("plant", ["piled", "reworked"])
def test_they_are_answered(plant: str) -> None:
    """One desk for all of them; each begins where the desk was opened."""
    model = studied(plant).model
    pilot = DeskPilot(studied(plant), (1920, 1080), paused=True, start=model.worst_moment())
    pilot.wait(0)
    fresh, tried, wrong = pilot.session, 0, []
    for each in ANSWERED:
        if each.plant != plant:
            continue
        assert len(each.steps) <= 3
        pilot.hover("floor", (0.001, 0.999))
        pilot.desk._become(fresh)
        pilot.wait(0)
        for step in each.steps:
            act, _, what = step.partition(" ")
            {"click": lambda w: pilot.click(w, (0.6, 0.5)), "hover": lambda w: pilot.hover(w, (0.6, 0.5)),
             "press": pilot.press, "type": pilot.type}[act](what)  # fmt: skip
            pilot.wait(0)
        pilot.wait(0)
        found = pilot.tree.find(each.node)
        tried += 1
        if found is None or found.label in _NOTHING:
            wrong.append((each.en, each.node, None if found is None else found.label))
    assert tried > 15
    assert wrong == []
