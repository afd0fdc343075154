"""One line of a report is one line, whatever stands in a file."""

from __future__ import annotations

from factoryview.factory.remark import Remark


def test_a_remark_says_place_finding_and_cure_in_one_line() -> None:
    remark = Remark("ask", 'log.csv, column "when"', "No day is above 12.", "Write 2025-12-31.")
    assert str(remark) == 'ask: log.csv, column "when": No day is above 12. Write 2025-12-31.'
    assert str(Remark("info", "log.csv", "fine.")) == "info: log.csv: fine."


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert str(Remark("error", "a\nb", "\x1b[31mred\x07 \t x")) == "error: a b: [31mred x"
