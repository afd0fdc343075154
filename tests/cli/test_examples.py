"""What help, README and docs say to type is typed, in a folder with the files that they name."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from factoryview.cli.examples import EXAMPLES
from factoryview.cli.words import VERBS
from factoryview.plant.files import read_plant
from factoryview.plant.wall_file import load_wall
from tests.kit.command import factoryview
from tests.kit.office import furnish

ROOT = Path(__file__).parents[2]
WINDOWS = ("demo", "play", "meeting", "workshop")
SHORT = ("--seconds", "1", "--fps", "4", "--size", "480x270")
"""For films and reels of a text for people: those of a minute take a minute."""


def _commands(page: Path) -> list[str]:
    """The lines of `sh` blocks that call the program, without comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    lines = [re.sub(r"\s+#.*", "", line) for block in blocks for line in block.splitlines()]
    return [line.removeprefix("factoryview ") for line in lines if line.startswith("factoryview ")]


def _write_files(page: Path, folder: Path) -> None:
    """What a page says to write: a block below a line that ends with the file's name and a colon."""
    found = re.findall(r"`([\w-]+\.toml)`:\n\n```toml\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    for name, text in found:
        (folder / name).write_text(text, encoding="utf-8")


def _pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _run(command: str) -> tuple[int, str]:
    """How a command ends and what it says; one with a window as on a machine without a display."""
    words = shlex.split(command)
    if words[0] == "discover":  # never writes over a file that somebody may have edited
        Path(words[words.index("-o") + 1]).unlink(missing_ok=True)
    if words[0] == "record":
        words += ["--seconds", "1"]
    if words[0] == "render" and re.search(r"\.(mp4|gif)$|%0", words[words.index("-o") + 1]):
        words += [word for word in SHORT if "--reel" not in words or word not in ("--seconds", "1")]
    if words[0] == "wall" and not {"--privacy", "--install", "--uninstall", "--status"} & set(words):
        words += ["--for", "1", "--windowed", "--size", "640x360"]
    if words[0] in WINDOWS:
        bare = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
        bare.pop("SDL_VIDEODRIVER", None)
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *words],
            env=bare,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr
    said = factoryview(*words)
    return said.status, said.out + said.err


def _expect_well(command: str) -> None:
    status, said = _run(command)
    windowed = command.split()[0] in WINDOWS and status == 3 and "factoryview render" in said
    assert status == 0 or windowed, f"factoryview {command}: {said}"


def test_every_verb_has_examples() -> None:
    assert set(EXAMPLES) == set(VERBS)
    assert all(line.split()[0] == verb for verb, lines in EXAMPLES.items() for line in lines)


@pytest.mark.parametrize("verb", VERBS)
def test_the_examples_of_a_verb_do_what_they_say(verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(tmp_path)
    monkeypatch.chdir(tmp_path)
    for command in EXAMPLES[verb]:
        _expect_well(command)


@pytest.mark.parametrize("page", _pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_commands_of_a_page_do_what_they_say(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(tmp_path)
    _write_files(page, tmp_path)
    monkeypatch.chdir(tmp_path)
    for command in _commands(page):
        _expect_well(command)


def test_the_pages_have_commands() -> None:
    assert sum(len(_commands(page)) for page in _pages()) > 14


@pytest.mark.parametrize("page", _pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_plant_and_wall_that_a_page_shows_is_understood(page: Path, tmp_path: Path) -> None:
    blocks = re.findall(r"^```(?:toml)?\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    furnish(tmp_path)
    (tmp_path / "office.toml").write_text((tmp_path / "plant.toml").read_text("utf-8"), encoding="utf-8")
    for block in blocks:
        if "[[view]]" in block:
            (tmp_path / "shown.toml").write_text(block, encoding="utf-8")
            assert load_wall(tmp_path / "shown.toml").view
        elif block.startswith(("name", "[log]")):
            plant = read_plant(block if block.startswith("name") else f'name = "P"\n{block}')
            assert plant.log or plant.warehouse or plant.feeds
