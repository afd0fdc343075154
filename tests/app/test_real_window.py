"""A real window on a real X server, with keys and clicks that come through it."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from factoryview.scene.themes import NIGHT
from tests.kit.large_logs import write_csv
from tests.kit.screen import Screen, missing, program, screen, until

pytestmark = [
    pytest.mark.parts,
    pytest.mark.skipif(bool(missing()), reason=f"{' and '.join(missing())} missing: apt-get install xvfb xdotool"),
]

SIZE = (960, 540)


class Window:
    """The program's window on a screen."""

    def __init__(self, shown: Screen, child: subprocess.Popen[str]) -> None:
        self.screen = shown
        self.child = child
        until(self._find, "a window called factoryview appears")
        until(lambda: self._where()[2:] == SIZE, "the window has the size asked for")
        self.box = self._where()

    def _find(self) -> bool:
        assert self.child.poll() is None, self.child.communicate()
        named = (w for w in self.screen.windows() if self.screen.do("getwindowname", w) == "factoryview")
        self.id = next(named, "")
        return bool(self.id)

    def _where(self) -> tuple[int, int, int, int]:
        said = dict(line.split("=") for line in self.screen.do("getwindowgeometry", "--shell", self.id).splitlines())
        return int(said["X"]), int(said["Y"]), int(said["WIDTH"]), int(said["HEIGHT"])

    @property
    def seen(self) -> bytes:
        """Every pixel of the window, while its program runs."""
        assert self.child.poll() is None, self.child.communicate()
        return self.screen.look(self.box)

    def colour(self, x: int, y: int) -> tuple[int, int, int]:
        """Red, green and blue of a pixel of the window."""
        blue, green, red, _ = self.screen.look((self.box[0] + x, self.box[1] + y, 1, 1))
        return red, green, blue

    def point(self, x: float, y: float) -> None:
        """Move the pointer to a share of the window."""
        self.screen.do(
            "mousemove", "--sync", self.box[0] + round(x * self.box[2]), self.box[1] + round(y * self.box[3])
        )

    def key(self, name: str) -> None:
        self.screen.do("windowfocus", "--sync", self.id)
        self.screen.do("key", name)

    def still(self) -> bytes:
        """What is seen once nothing changes any more for a third of a second."""
        last: list[bytes] = []

        def rests() -> bool:
            last.append(self.seen)
            time.sleep(0.33)
            return self.seen == last[-1]

        until(rests, "the picture comes to rest")
        return last[-1]

    def changed(self, before: bytes) -> bytes:
        """What is seen and at rest after it has become something else."""
        until(lambda: self.seen != before, "the picture changes")
        return self.still()


def floor(picture: bytes) -> bytes:
    """The rows of a picture in which the machines stand; below them the ladder comes when it has been measured."""
    width, height = SIZE
    return picture[4 * width * round(0.15 * height) : 4 * width * round(0.7 * height)]


def same(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(one[:3], other[:3], strict=True)) <= 2


def test_a_window_from_its_progress_bar_to_escape(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    write_csv(log, 500_000)
    width, height = SIZE
    with screen() as shown, program(shown, "play", log, "-960x540", folder=tmp_path) as child:
        window = Window(shown, child)
        end_of_bar = (width // 2 + width // 4 - 12, height // 2)
        until(
            lambda: same(window.colour(*end_of_bar), NIGHT.panel), "a progress bar is there while the log is read", 10
        )
        until(lambda: not same(window.colour(*end_of_bar), NIGHT.panel), "the plant comes after it")

        first = window.seen
        until(lambda: window.seen != first, "it plays by itself")
        window.key("space")
        paused = window.still()

        window.point(0.8, 0.95)
        shown.do("click", 1)
        sought = window.changed(paused)

        window.point(0.3, 0.5)
        shown.do("click", 4)
        window.changed(sought)
        window.point(0.8, 0.95)  # off the floor, on which what is pointed at says what it is
        nearer = window.still()
        window.key("0")
        assert floor(window.changed(nearer)) == floor(sought)

        window.key("space")
        until(lambda: window.seen != sought, "it plays on")
        window.key("Escape")
        out, err = child.communicate(timeout=20)
        assert child.returncode == 0, err
        assert "Traceback" not in out + err


def test_a_file_that_cannot_be_used_closes_the_window_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken.csv").write_text("just some words\nand more of them\n", encoding="utf-8")
    with screen() as shown, program(shown, "play", "broken.csv", folder=tmp_path) as child:
        _, err = child.communicate(timeout=60)
        assert child.returncode == 3
        assert len(err.strip().splitlines()) == 1
        assert "broken.csv" in err


def test_escape_ends_it_while_it_is_still_reading(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    write_csv(log, 1_000_000)
    with screen() as shown, program(shown, "play", log, "-960x540", folder=tmp_path) as child:
        window = Window(shown, child)
        window.key("Escape")
        _, err = child.communicate(timeout=30)
        assert child.returncode == 0, err
