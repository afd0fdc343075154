"""Options are declared once: every verb has its groups, its language and its helps in both languages."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from factoryview import __version__
from factoryview.cli.options import said_language
from factoryview.cli.words import VERBS
from tests.kit.command import factoryview, write_log

READING = {"--plant", "--map", "--times", "--ends", "--timezone", "--stages"}
READERS = set(VERBS) - {"demo", "record", "wall"}
ROOT = Path(__file__).parents[2]


def options(verb: str, *before: str) -> set[str]:
    """The long options that the help of a verb names."""
    said = factoryview(*before, verb, "--help")
    assert said.status == 0, said.err
    return set(re.findall(r"^  (?:-\w, )?(--[\w-]+)", said.out, re.M))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_its_groups_of_options(verb: str) -> None:
    found = options(verb)
    assert "--lang" in found
    assert (found >= READING) == (verb in READERS)
    playing = {
        "--fullscreen",
        "--seconds-per-day",
        "--start-position",
        "--loop",
        "--low-motion",
        "--screen",
        "--scenario",
    }
    assert (found >= playing) == (verb in ("demo", "play"))


@pytest.mark.parametrize("verb", VERBS)
def test_helps_are_there_in_both_languages_and_name_the_same_options(verb: str) -> None:
    german, english = (factoryview("--lang", code, verb, "--help").out for code in ("de", "en"))
    assert not {"Usage", "Options", "Arguments", "required", "message"} & set(re.findall(r"\w+", german))
    assert german != english
    assert options(verb, "--lang", "de") == options(verb)
    assert VERBS[verb][0].split()[0] in german
    assert VERBS[verb][1].split()[0] in english


def test_the_language_may_stand_before_and_after_the_verb(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv")
    german, english = (factoryview("snapshot", log, "--lang", code).out for code in ("de", "en"))
    assert "in Arbeit" in german
    assert "in progress" in english
    assert factoryview("--lang", "de", "snapshot", log).out == german
    assert factoryview("--lang=de", "snapshot", log, "--lang", "en").out == english
    wrong = factoryview("--lang", "fr", "snapshot", log)
    assert (wrong.status, "fr" in wrong.err) == (2, True)


def test_the_language_of_helps_is_the_last_said_else_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_AT.UTF-8")
    assert [said_language(words) for words in ([], ["--lang"], ["--lang", "en"], ["--lang=en", "--lang", "de"])] == [
        "de", "en", "en", "de"
    ]  # fmt: skip


def test_the_program_says_its_version() -> None:
    assert factoryview("--version").out == f"factoryview {__version__}\n"


def test_a_demo_plant_may_be_named_instead_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Approval" in factoryview("snapshot", "demo", "--at", "0.5", "--lang", "en").out
    write_log(tmp_path / "demo")
    assert "Approval" not in factoryview("snapshot", "demo", "--at", "0.5", "--lang", "en").out


@pytest.mark.parametrize(
    ("arguments", "never"),
    [
        (("--help",), {"pandas", "duckdb", "pygame", "pydantic", "babel"}),
        (("--version",), {"pandas", "duckdb", "pygame", "pydantic", "babel"}),
        (("kpis", "LOG"), {"pygame", "rich", "factoryview.scene", "factoryview.app"}),
        (("explain", "LOG"), {"pygame", "rich", "factoryview.app"}),
        (("check", "LOG"), {"pygame", "rich", "factoryview.app", "factoryview.export"}),
        (("render", "LOG", "-o", "x.png"), {"rich", "factoryview.app", "factoryview.store.journal.recorder"}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_verb_imports_only_what_it_needs(tmp_path: Path, arguments: tuple[str, ...], never: set[str]) -> None:
    log = str(write_log(tmp_path / "log.csv"))
    code = "import sys\nfrom factoryview.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, *(log if word == "LOG" else word for word in arguments)],
        cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "SDL_VIDEODRIVER": "dummy"}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    imported = set(done.stderr.split())
    assert "factoryview.cli.program" in imported
    assert imported & never == set()
