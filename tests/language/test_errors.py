"""An error is worded where it is shown: all that is raised for people carries keys of the catalogues, not sentences."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from factoryview.errors import InputError, PlantError, Problem, UsageError
from factoryview.language.catalogues import catalogue
from factoryview.language.said import in_language, said
from factoryview.plant.files import read_plant
from factoryview.plant.wall_file import read_wall
from factoryview.sources import ReadOptions, read
from tests.kit.command import factoryview, write_log

ROOT = Path(__file__).parents[2] / "factoryview"
RAISED = {
    "unusable",
    "_unfit",
    "InputError",
    "UsageError",
    "PlantError",
    "StoreTrouble",
    "StoreInUse",
    "Unwritten",
    "Problem",
    "Misfit",
    "Remark",
}
"""What is made to be told to a person who waits for it."""
SPOKEN = {"what", "cure", "found", "told"}
"""What the parts of an error are called before it is made."""
TEXT = re.compile(r"[A-Za-z]{2,}[,.:;]? [a-z]{2,}[,.:;]? [a-z]{2,}|[A-Z][a-z]+ [a-z]{2,}|[a-z]{2,} [a-z]{2,}\W*$")


def words(node: ast.expr) -> Iterator[str]:
    """The literals of a text that is written out where it stands."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield " ".join(part.value for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.IfExp | ast.Tuple | ast.BinOp):
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, ast.expr):
                yield from words(inner)


def told(tree: ast.AST, plant: bool) -> Iterator[tuple[int, ast.expr]]:
    """Every part of an error, and what becomes one. plant: a validator's complaint is one, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in RAISED or (plant and name == "ValueError"):
                yield from ((node.lineno, part) for part in (*node.args, *(keyword.value for keyword in node.keywords)))
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                if {getattr(name, "id", "") for name in names} & SPOKEN:
                    yield node.lineno, node.value


def test_no_error_is_written_out_where_it_is_raised() -> None:
    looked, found = 0, []
    for path in ROOT.rglob("*.py"):
        if path.name in ("legibility.py", "toml_lines.py") or path.parts[-2] == "layout" or "verifier" in path.parts:
            continue
        for line, part in told(ast.parse(path.read_text(encoding="utf-8")), path.parent.name == "plant"):
            looked += 1
            found += [f"{path.relative_to(ROOT)}:{line}: {text}" for text in words(part) if TEXT.search(text)]
    assert looked > 800
    assert found == []


def test_every_key_that_an_error_carries_is_in_both_catalogues() -> None:
    german, english = (catalogue(code).forms for code in ("de", "en"))
    keys = {
        node.args[0].value
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "said"
        and isinstance(node.args[0], ast.Constant)
        and "." in str(node.args[0].value)
    }
    assert len([key for key in keys if key.startswith("error.")]) > 400
    assert {key for key in keys if key not in german or key not in english} == set()


def test_an_error_says_the_same_in_each_language() -> None:
    error = InputError(said("error.is_empty"), where="a.csv", cure=said("error.export_again"))
    assert (str(error), error.inside("en")) == ("a.csv: is empty. Export it again.",) * 2
    assert error.inside("de") == "a.csv: ist leer. Neu exportieren."
    assert UsageError(said("error.port_range", port=70_000)).inside("de") == "--port 70000: Möglich sind 0 bis 65535."
    both = PlantError([Problem("a.toml", said("error.kind_missing"), said("error.add_table")), Problem("b", "x", "")])
    assert both.inside("de") == 'a.toml: „kind“ fehlt. table = "…" hinzufügen.\nb: x'
    assert str(both) == 'a.toml: "kind" is missing. Add table = "…".\nb: x'
    for each in (error, both, UsageError(said("error.port_range", port=7)), UsageError("as it is")):
        assert (str(each.words), in_language(each.words, "de")) == (str(each), each.inside("de"))


@pytest.mark.parametrize(("text", "german"), [
    ('name = "A"\n[[stages]]\nname = 3\n', "3 ist kein Text. In Anführungszeichen setzen"),
    ('name = "A"\n[[stages]]\nname = "x"\nzz = 1\n', "Eine Angabe „zz“ gibt es hier nicht."),
    ('name = "A"\ntimezone = "Mars"\n', "„Mars“ ist keine Zeitzone. Ein Name ist etwa"),
    ('name = "A"\n[[stages]]\nname = "x"\ndepartment = "y"\n', "Eine Abteilung „y“ gibt es nicht. [[departments]]"),
    ('name = A\n', "Das ist kein TOML: "),
    ('name = "A"\n[[stages]]\nname = "x"\nalarm_after = "soon"\n', ""),
])  # fmt: skip
def test_mistakes_of_a_plant_file_are_said_in_german(text: str, german: str) -> None:
    with pytest.raises(PlantError) as raised:
        read_plant(text, "w.toml")
    assert german in raised.value.inside("de")
    assert raised.value.inside("de") != str(raised.value)


def test_mistakes_of_a_wall_file_are_said_in_german() -> None:
    with pytest.raises(PlantError) as raised:
        read_wall('[[plant]]\nname = "A"\npath = "a.toml"\n[[view]]\nkind = "department"\n', "wall.toml")
    assert "Diese Ansicht sagt nicht, welche Abteilung." in raised.value.inside("de")


def test_reading_and_options_complain_in_the_language_asked_for(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv")
    (tmp_path / "empty.csv").write_bytes(b"")
    for words_of, german, english in (
        (("check", tmp_path / "none.csv"), "gibt es nicht", "does not exist"),
        (("check", tmp_path / "empty.csv"), "ist leer. Neu exportieren.", "is empty."),
        (("kpis", log, "--map", "case=None"), "hat keine Spalte „None“", 'has no column "None"'),
        (("render", log, "-o", tmp_path / "x.txt"), "Ein Bild endet auf .png", "end it with .png"),
    ):
        for code, expected in (("de", german), ("en", english)):
            ended = factoryview(*map(str, words_of), "--lang", code)
            assert ended.status in (2, 3)
            assert expected in ended.err + ended.out


def test_a_column_that_is_not_found_is_said_with_its_cure_in_german(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(InputError) as raised:
        read(path, ReadOptions())
    assert "--map" in raised.value.inside("de")
    assert "Keine Spalte" in raised.value.inside("de") or "keine" in raised.value.inside("de")


@pytest.mark.parametrize(("typed", "german"), [
    (("kpis",), "path fehlt."), (("kpos",), "Einen Befehl kpos gibt es nicht."),
    (("kpis", "a", "b"), "Das ist zu viel: b."),
    (("kpis", "a", "--tims", "entry"), "Eine Option --tims gibt es nicht."),
    (("wall", "--for", "abc"), "--for kann diesen Wert nicht haben."),
    (("kpis", "a", "--loop=3"), "Eine Option --loop"),
])  # fmt: skip
def test_what_is_mistyped_is_said_in_german_and_in_english(typed: tuple[str, ...], german: str) -> None:
    ended = factoryview(*typed, "--lang", "de")
    assert (ended.status, german in ended.err, "Hilfe: factoryview" in ended.err) == (2, True, True)
    ended = factoryview("--lang", "en", *typed)
    assert ended.status == 2
    assert "Error: " in ended.err
