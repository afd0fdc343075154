"""Every command of the README and the documentation is run, and every plant or wall file of theirs is checked."""

from __future__ import annotations

import random
import re
import shlex
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pygame
import pytest

from factoryview.plant.files import read_plant
from factoryview.plant.wall_file import load_wall
from tests.kit.command import factoryview

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
INSTEAD = {
    "--seconds 60": "--seconds 1 --size 480x270",
    "--reel": "--reel --size 320x180 --fps 10",
    "0.0.0.0": "127.0.0.1",
}
"""So that a film takes seconds, and a page is served to nobody else."""
MORE = {"record": "--seconds 0.5", "wall": "--windowed"}
"""What a verb is given besides: what follows sources ends, and a wall opens here instead of under a supervisor."""
STEPS = ("Lead", "Call", "Offer", "Approval", "Order")
FRAMES = 3


def _blocks(page: Path, kind: str = "") -> list[str]:
    return [
        body for name, body in re.findall(r"^```(\w*)\n(.*?)^```", page.read_text("utf-8"), re.M | re.S) if name == kind
    ]


def _commands() -> Iterator[tuple[str, str]]:
    """Page and command, in the order of the page."""
    for page in PAGES:
        for line in "".join(_blocks(page, "sh")).splitlines():
            command = line.split("  #")[0].strip()
            if command.startswith("factoryview "):
                yield page.relative_to(ROOT).as_posix(), command


COMMANDS = list(_commands())


def _log(path: Path) -> None:
    """A year of deals: won, lost and open ones, with much waiting before Approval at its end."""
    rng, lines = random.Random(5), ["case,stage,entered,channel"]
    end, free = datetime(2025, 12, 30), datetime(2025, 1, 1)
    for case in range(480):
        at = datetime(2025, 1, 2, 8) + timedelta(days=0.75 * case)
        steps = (*STEPS[: rng.choice((3, 5, 5))], "Won" if rng.random() < 0.6 else "Lost")
        for step in steps:
            if at > end:
                break
            lines.append(f"c{case},{step},{at:%Y-%m-%dT%H:%M:00Z},{('web', 'phone')[case % 2]}")
            if step == "Approval":
                free = at = max(at, free) + timedelta(hours=rng.uniform(13, 23) * (3 if at.month > 10 else 1))
            else:
                at += timedelta(hours=rng.uniform(4, 30))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with every file that the pages name, made of the pages' own examples where they show one."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    _log(tmp_path / "deals.csv")
    plant = _blocks(ROOT / "README.md", "toml")[0]
    (tmp_path / "plant.toml").write_text(plant, encoding="utf-8")
    (tmp_path / "office.toml").write_text(plant, encoding="utf-8")
    wall = _blocks(ROOT / "docs" / "first-wall.md", "toml")[0]
    for name in ("wall.toml", "my-wall.toml"):
        (tmp_path / name).write_text(wall, encoding="utf-8")
    (tmp_path / "wand.toml").write_text(_blocks(ROOT / "docs" / "de" / "erste-wand.md", "toml")[0], encoding="utf-8")
    (tmp_path / "events.jsonl").write_text('{"case": "1", "stage": "Offer", "time": "2026-03-30T10:00:00Z"}\n', "utf-8")
    (tmp_path / "live.toml").write_text(
        'name = "Office"\n[record]\ntimes = "entry"\nends = ["Paid"]\n'
        '[[feeds]]\nname = "CRM"\nkind = "file"\npath = "events.jsonl"\n', encoding="utf-8",
    )  # fmt: skip
    (tmp_path / "scenarios.toml").write_text(
        '[[scenario]]\nname = "One more"\n[[scenario.people]]\nstage = "Approval"\nadd = 1\n', encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts the frames that a window shows; after some of them the window is closed."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    frames: list[int] = []
    flip, update = pygame.display.flip, pygame.display.update

    def _seen(show: object, *arguments: object) -> None:
        show(*arguments)  # type: ignore[operator]
        frames.append(len(frames))
        if len(frames) >= FRAMES:
            pygame.event.post(pygame.Event(pygame.QUIT))

    monkeypatch.setattr(pygame.display, "flip", lambda: _seen(flip))
    monkeypatch.setattr(pygame.display, "update", lambda *parts: _seen(update, *parts))
    return frames


def test_the_pages_show_commands() -> None:
    assert {page for page, _ in COMMANDS} >= {
        "README.md",
        "docs/first-wall.md",
        "docs/de/erste-wand.md",
        "docs/what-if.md",
    }


@pytest.mark.parametrize(("page", "command"), COMMANDS, ids=[f"{page}: {command}" for page, command in COMMANDS])
def test_the_command_does_what_it_is_for(page: str, command: str, office: Path, shown: list[int]) -> None:
    for said, instead in INSTEAD.items():
        command = command.replace(said, instead)
    words = shlex.split(command)[1:]
    verb = words[0]
    if "-o" in words:
        (office / words[words.index("-o") + 1]).unlink(missing_ok=True)
    done = factoryview(*words, *shlex.split(MORE.get(verb, "")))
    assert done.status == 0, f"{page}: {command}: {done.err}"
    assert "Traceback" not in done.err
    if verb in ("demo", "play", "wall"):
        assert len(shown) >= FRAMES
    if "-o" in words:
        assert (office / words[words.index("-o") + 1]).stat().st_size > 100


@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES])
def test_every_file_that_a_page_shows_is_understood(page: Path, office: Path) -> None:
    for number, block in enumerate([*_blocks(page, "toml"), *(body for body in _blocks(page) if body.startswith("["))]):
        if "[[view]]" in block:
            path = office / f"{number}.toml"
            path.write_text(block, encoding="utf-8")
            assert load_wall(path).view
        else:
            plant = read_plant(block if block.startswith("name") else f'name = "P"\n{block}')
            assert plant.log or plant.warehouse or plant.feeds
