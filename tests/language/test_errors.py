"""An error is worded where it is shown: all that is raised for people carries keys of the catalogues, not sentences."""

from __future__ import annotations

import ast
import csv
import errno
import json
import re
import socket
import ssl
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from factoryview.errors import InputError, PlantError, Problem, UsageError
from factoryview.factory.check_feeds import check_store
from factoryview.language.catalogues import catalogue
from factoryview.language.said import also, because, in_language, packed, said, unpacked
from factoryview.plant.feeds import HttpFeed
from factoryview.plant.files import read_plant
from factoryview.plant.wall_file import read_wall
from factoryview.sources import ReadOptions, read
from factoryview.sources.feeds.feed import messages_of
from factoryview.sources.feeds.follower import FeedState
from factoryview.sources.feeds.records import Interpreted, Interpreter, Rejected
from factoryview.store.journal.journal import Journal
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
    "FeedError",
    "DoorError",
    "Damaged",
    "Rejected",
    "Message",
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


def told(tree: ast.AST, complains: bool) -> Iterator[tuple[int, ast.expr]]:
    """Every part of an error, and what becomes one. complains: a ValueError is one, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in RAISED or (complains and name == "ValueError"):
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
        complains = path.parent.name in ("plant", "feeds", "http", "file")
        for line, part in told(ast.parse(path.read_text(encoding="utf-8")), complains):
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


BROKEN: tuple[object, ...] = (
    "hello", 17, True, [[1]], None, {"specversion": "1.0", "id": "1"}, {}, {"case": "", "stage": "s", "time": "x"},
    {"case": ["a"], "stage": "s"}, {"case": "c", "stage": " "}, {"case": "c", "stage": "s" * 600},
    {"case": "c", "stage": "s"},
    {"case": "c", "stage": "s", "time": None}, {"case": "c", "stage": "s", "time": "soon"},
    {"case": "c", "stage": "s", "time": "03/04/2026"}, {"case": "c", "stage": "s", "time": "3 March"},
    {"case": "c", "stage": "s", "time": 1e30}, {"case": "c", "stage": "s", "time": "1804-01-01"},
    {"case": "c", "stage": "s", "time": "2026-03-31T23:00Z"}, {"case": "c", "stage": "s", "time": "2027-03-31T23:00Z"},
    {"case": "c", "stage": "s", "time": "2026-03-01", "value": "dear"},
    {"case": "c", "stage": "s", "time": "2026-03-01", "value": 1e300},
    {"case": "c", "stage": "s", "time": "2026-03-01", "weight": -1}, {f"a{n}": 1 for n in range(999)},
    {"stage": "s", "bucket": "2026-03-01", "arrivals": -1, "departures": 2},
    {"stage": "s", "bucket": "", "arrivals": 1, "departures": 2},
    {"stage": "s", "bucket": "2027-03-01", "arrivals": 1, "departures": 2},
    {"stage": "s", "bucket": "2026-03-02", "until": "2026-03-01", "arrivals": 1, "departures": 2},
)  # fmt: skip
"""Messages that cannot be used, one of each kind."""


@pytest.mark.parametrize("body", BROKEN, ids=lambda body: str(body)[:40])
def test_why_a_message_cannot_be_used_is_said_in_each_language_and_kept_so(body: object) -> None:
    settings = HttpFeed(name="shop", kind="http", url="http://localhost", columns={"weight": "weight"})
    if isinstance(body, dict) and "arrivals" in body:
        settings = HttpFeed(name="shop", kind="http", url="http://localhost")
    told = Interpreter(settings, "entry", "UTC")(messages_of(json.dumps(body)), 1_774_958_400_000_000).rejected
    assert len(told) == 1
    for one in told:
        assert in_language(one.reason, "de") != one.reason
        assert unpacked(packed(one.reason)) == one.reason
        assert in_language(unpacked(packed(one.reason)), "de") == in_language(one.reason, "de")


def test_what_was_rejected_is_said_in_german_by_whoever_opens_the_store(tmp_path: Path) -> None:
    with Journal.create_or_open(tmp_path / "a.store", 'name = "A"\n', "entry") as journal:
        journal.commit("crm", Interpreted(rejected=[Rejected(said("trouble.no_data"), "{}")]), "p", 7)
        journal.write_states([FeedState("crm", "retrying", trouble=also(["x", said("trouble.no_answer")], ": "))])
    lines = [remark.line("de") for remark in check_store(tmp_path / "a.store")]
    assert any("dieses CloudEvent hat kein Objekt „data“" in line for line in lines)
    assert any("x: gibt keine Antwort" in line for line in lines)


def test_what_is_kept_and_cannot_be_understood_is_said_in_english() -> None:
    whole = packed(said("trouble.fields", found=3, wanted=4))
    for kept in (whole.replace("trouble.fields", "trouble.none_such"), whole[:-4], whole.replace("_found", "_lost"),
                 "3 fields instead of 4", whole.partition("\x1e")[0] + "\x1e[1]"):  # fmt: skip
        assert unpacked(kept) == "3 fields instead of 4"
    assert unpacked(packed("as it is\x1e{}")) == "as it is {}"


@pytest.mark.parametrize(("why", "german"), [
    (lambda: json.loads('{"a" 1}'), "ein Doppelpunkt fehlt: Zeile 1"),
    (lambda: tomllib.loads("a = 1\na = 2"), "doppelt"),
    (lambda: tomllib.loads("a = "), "ungültiger Wert"), (lambda: b"\xff".decode(), "kein UTF-8"),
    (lambda: list(csv.reader(['"' + "a" * (csv.field_size_limit() + 1)])), "länger als"),
    (lambda: socket.create_connection(("127.0.0.1", 1), 2), "Verbindung abgelehnt"),
    (lambda: read_plant("x = 1\n", "p.toml"), "gibt es hier nicht"),
])  # fmt: skip
def test_what_libraries_say_of_broken_files_is_said_in_german(why: Callable[[], object], german: str) -> None:
    with pytest.raises((ValueError, OSError, csv.Error, InputError)) as raised:
        why()
    assert german in in_language(because(raised.value), "de")
    assert german in said("error.unreadable", why=raised.value).inside("de")


def test_a_failure_of_tls_is_not_taken_for_one_of_the_system_with_its_number() -> None:
    failed = ssl.SSLCertVerificationError(errno.EPERM, "certificate verify failed: self-signed certificate")
    assert "certificate verify failed" in because(failed)
    assert because(PermissionError(errno.EPERM, "x")) == said("trouble.not_permitted")
