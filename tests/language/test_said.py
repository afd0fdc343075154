"""What is said of a log: English where it is made, German when it is shown, nothing of the one left in the other."""

from __future__ import annotations

import pickle
from pathlib import Path
from random import Random
from string import Formatter

import pytest

from factoryview.errors import InputError
from factoryview.factory.check import check_input
from factoryview.factory.factory import Opening
from factoryview.factory.remark import Remark
from factoryview.language.catalogues import catalogue
from factoryview.language.said import Said, also, either, in_language, said
from factoryview.sources import encodings
from tests.kit.malformed import KINDS, malformed

AREAS = ("reading.", "check.", "legible.", "role.", "meaning.", "family.", "order.")
ROWS = [("A1", "New", "2025-01-02 08:00"), ("A1", "Paid", "2025-01-04 09:30"), ("A2", "New", "2025-01-03 10:00"),
        ("A2", "Paid", "2025-01-09 12:00"), ("A3", "New", "2025-01-05 07:00")]  # fmt: skip


def pieces(code: str) -> set[str]:
    """Two words or more that stand between the gaps of what is said of logs."""
    forms = [form for key, forms in catalogue(code).forms.items() if key.startswith(AREAS) for form in forms]
    bits = {bit.strip(' .,:;()"') for form in forms for bit, *_ in Formatter().parse(form)}
    return {bit for bit in bits if bit.count(" ") >= 1}


ENGLISH = pieces("en") - pieces("de")


def left_in_english(line: str) -> list[str]:
    return [bit for bit in ENGLISH if bit in line]


def written(folder: Path, text: str, name: str = "log.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def table(*rows: tuple[str, ...], head: str = "case;stage;entered at") -> str:
    return "\n".join([head, *(";".join(row) for row in rows)])


ODD = {
    "plain": table(*ROWS),
    "doubles, blanks and case": table(*ROWS, ROWS[0], (" a1 ", "new ", "2025-01-06 08:00")),
    "bad rows": table(*ROWS, ("A4", "", "2025-01-06 08:00"), ("A4", "New", "soon"), ("", "New", "2025-01-06 08:00"),
                      ("A4", "New", "1804-01-06 08:00"), ("a", "b", "c", "d", "e")),
    "day or month": table(*((c, s, f"0{n + 1}/0{n + 2}/2025") for n, (c, s, _) in enumerate(ROWS)),
                          head="case;stage;date"),
    "currencies": table(*((*row, "3 €" if n % 2 else "3 $") for n, row in enumerate(ROWS)),
                        head="case;stage;entered at;amount"),
    "short": table(*(row[: 3 - (n % 2)] for n, row in enumerate(ROWS)), head="case;entered at;stage"),
    "no header": "\n".join(";".join(row) for row in ROWS * 3),
    "counts": table(("2025-01-06", "New", "3", "2"), ("2025-01-13", "New", "4", "x"), ("2025-01-06", "Paid", "3", "2"),
                    head="week;stage;arrivals;departures"),
    "spans": table(*((c, s, at, at[:8] + "28 10:00") for c, s, at in ROWS), head="case;stage;start;end"),
    "a row per case": table(*((f"A{n}", f"2025-01-{n + 1:02}", f"2025-02-{n + 1:02}", "Open") for n in range(9)),
                            head="id;created;closed;status"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
def test_no_english_is_left_in_the_german_lines_of_check(kind: str, tmp_path: Path) -> None:
    checked = check_input(written(tmp_path, ODD[kind]), Opening())
    lines = [remark.line("de") for remark in checked.remarks if remark.severity != "error"]
    assert lines or not checked.usable
    assert {line: found for line in lines if (found := left_in_english(line))} == {}
    assert all(isinstance(remark.text, Said) for remark in checked.remarks if remark.severity != "error")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nor_for_any_kind_of_file(kind: str, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(ODD["plain"])
    path = tmp_path / f"in.{kind}"
    path.write_bytes(KINDS[kind](Random(3)))
    lines = [remark.line("de") for remark in check_input(path, Opening()).remarks if remark.severity != "error"]
    assert {line: found for line in lines if (found := left_in_english(line))} == {}


def test_nor_for_damaged_ones(tmp_path: Path) -> None:
    seen = 0
    for number in range(24):
        name, data = malformed(number, 7)
        (tmp_path / name).write_bytes(data)
        for remark in check_input(tmp_path / name, Opening()).remarks:
            seen += remark.severity != "error"
            assert remark.severity == "error" or left_in_english(remark.line("de")) == []
    assert seen > 10


def test_english_that_is_left_is_found() -> None:
    assert left_in_english("Warnung: log.csv: 3 rows cannot be used")
    assert not left_in_english("Warnung: log.csv: 3 Zeilen sind nicht verwendbar")


def test_numbers_are_written_as_the_language_does() -> None:
    text = said("reading.notion", kind="Order", objects=12_345, events=1.25)
    assert text == "Order (12,345 objects with 1.25 events each)"
    assert text.inside("de") == "Order (12.345 Objekte mit je 1,25 Ereignissen)"
    assert said("reading.midnight", midnight=0.25).inside("de").startswith("25 % der Zeiten")
    assert [said("reading.days", n=n).inside("de") for n in (1, 2)] == ["1 Tag", "2 Tage"]


def test_what_cannot_be_read_is_said_in_german_too() -> None:
    lost = said("legible.lost", letters="ẞ"), said("legible.install")
    line = Remark("warning", said("legible.names"), *lost).line("de")
    assert line.startswith("Warnung: Namen: Namen haben Buchstaben")
    assert left_in_english(line) == []
    faint = said("legible.faint", ratio=2.96, colour="#1", ground="#0")
    assert faint.inside("de").startswith("hat einen Kontrast von 3,0:1")


def test_what_is_said_within_what_is_said_is_in_the_same_language() -> None:
    text = said("reading.is_role", role=said("role.case"))
    both = also([text, either(["a", "b", "c"]), "Name"], "; ")
    assert both == "is the case.; a, b or c; Name"
    assert in_language(both, "de") == "ist die Spalte für: Fall.; a, b oder c; Name"
    assert InputError(text, where="x.csv").inside("de") == "x.csv: ist die Spalte für: Fall."
    assert in_language("as it is", "de") == "as it is"


def test_what_is_said_keeps_its_languages_when_it_is_sent_elsewhere() -> None:
    for text in (said("reading.days", n=3), also([said("reading.no_case"), "x"])):
        again = pickle.loads(pickle.dumps(text))
        assert (again, again.inside("de")) == (text, text.inside("de"))


def test_signs_that_cannot_be_seen_do_not_break_the_line() -> None:
    assert said("reading.never_reached", name="a\nb\x1b") == 'No case ever reaches "a b ".'


def test_every_family_of_encodings_has_a_name() -> None:
    for family in (*encodings._ALPHABETS, "East Asian"):
        assert said(f"family.{family.lower().replace(' ', '_')}") == family


def test_why_something_failed_is_said_in_each_language() -> None:
    for error, english, german in (
        (FileNotFoundError(2, "No such file or directory", "/x"), "no such file or directory", "keine solche Datei"),
        (OSError(28, "No space left on device"), "no space left on device", "kein Platz mehr"),
        (OSError(71, "Protocol error"), "protocol error", "protocol error"),
        (ValueError("as it is"), "as it is", "as it is"),
        (ValueError(said("reading.no_case")), "no case", "kein Fall"),
        (ValueError("a", "b"), "('a', 'b')", "('a', 'b')"),
    ):
        told = said("error.unreadable", why=error)
        assert told == f"cannot be read ({english})."
        assert told.inside("de") == f"ist nicht lesbar ({german})."
        assert not any(isinstance(gap, Exception) for gap in told.gaps.values()), "no error is held by what is said"
        assert pickle.loads(pickle.dumps(told)) == told
