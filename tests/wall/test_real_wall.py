"""The wall as a program on a real X server: it waits for a display, and shares a store with others."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest

from factoryview.store.journal.journal import Journal
from tests.kit.screen import Screen, missing, program, screen, until
from tests.wall.kit import wall_text

pytestmark = [
    pytest.mark.parts,
    pytest.mark.skipif(bool(missing()), reason=f"{' and '.join(missing())} missing: apt-get install xvfb xdotool"),
]
BOX = (200, 100, 800, 500)


def colours(shown: Screen) -> int:
    """How many colours there are on the middle of the screen."""
    pixels = shown.look(BOX)
    return len({pixels[i : i + 3] for i in range(0, len(pixels), 4)})


def named(shown: Screen) -> list[str]:
    return [shown.do("getwindowname", window) for window in shown.windows()]


def running(child: subprocess.Popen[str]) -> bool:
    assert child.poll() is None, child.communicate()
    return True


def test_it_waits_for_a_display_and_shows_something_true_within_seconds_of_having_one(tmp_path: Path) -> None:
    with screen() as shown:
        number = shown.display.removeprefix(":")
    with program(shown, "wall", "demo", "--for", 120, folder=tmp_path) as child:
        time.sleep(3)
        assert running(child)
        with screen(number) as again:
            until(lambda: running(child) and colours(again) > 3, "the first picture comes")
            until(lambda: running(child) and colours(again) > 200, "the plant comes")
            child.terminate()
            child.wait(20)


def test_a_recorder_a_wall_and_a_window_share_one_store(tmp_path: Path) -> None:
    log, plant = tmp_path / "in.jsonl", tmp_path / "works.toml"
    plant.write_text('name = "Works"\n[[feeds]]\nname = "crm"\nkind = "file"\npath = "in.jsonl"\n', encoding="utf-8")
    text = wall_text("whole", "leaks", extra='title = "wall of works"', plant="").replace("works.csv", "works.toml")
    (tmp_path / "wall.toml").write_text(text, encoding="utf-8")
    begin = time.time() - 86_400
    written = 0

    def write(count: int) -> None:
        nonlocal written
        with log.open("a", encoding="utf-8") as file:
            for number in range(written, written + count):
                stage = ("Enquiry", "Offer", "Won")[number % 3]
                event = {
                    "event_id": f"e{number}",
                    "case": f"c{number // 3}",
                    "stage": stage,
                    "time": begin + 60 * number,
                }
                file.write(json.dumps(event) + "\n")
        written += count

    write(120)
    with screen() as shown, program(shown, "record", "works.toml", folder=tmp_path) as recorder:
        store = tmp_path / "works.store"
        until(lambda: running(recorder) and store.exists(), "the recorder makes its store")
        with (
            program(shown, "wall", "wall.toml", "--windowed", "--size", "960x540", folder=tmp_path) as wall,
            program(shown, "play", "works.toml", "--size", "640x400", folder=tmp_path) as window,
        ):
            until(lambda: running(wall) and running(window) and {"wall of works", "factoryview"} <= set(named(shown)),
                  "both windows appear")  # fmt: skip
            for _ in range(5):
                write(30)
                time.sleep(0.4)
            until(
                lambda: all(map(running, (recorder, wall, window))) and _recorded(store) == written, "all is recorded"
            )
            until(lambda: running(wall) and colours(shown) > 100, "the plant is seen")


def _recorded(store: Path) -> int:
    journal = Journal.read(store)
    try:
        return int(journal.last_row)
    finally:
        journal.close()
