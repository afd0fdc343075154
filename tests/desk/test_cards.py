"""What the desk's cards say of a machine that holds more than its own work."""

from __future__ import annotations

import pytest

from factoryview.desk.cards import held_rows
from factoryview.language import Language
from factoryview.plant.models import Stage


@pytest.mark.parametrize(("hides", "more", "said"), [
    (("Step 011",), 0, "Step 011"),
    (("Step 011", "Step 012"), 0, "Step 011, Step 012"),
    (("Step 011", "Step 012", "Step 013"), 186, "Step 011, Step 012 and 187 more"),
])  # fmt: skip
def test_names_come_first_and_then_how_many_there_are(hides: tuple[str, ...], more: int, said: str) -> None:
    [row] = held_rows(Stage(name="Step 010", hides=hides, hides_more=more), Language("en"))
    assert (row.label, row.value) == ("Also holds", said)


def test_a_machine_of_its_own_work_alone_has_no_such_row() -> None:
    assert held_rows(Stage(name="a"), Language("de")) == held_rows(None, Language("de")) == ()
