"""A screen nobody sees: an X server of its own for one test, with hands to type and click, and an eye."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

PROGRAMS = ("Xvfb", "xdotool")
PATIENCE = 40.0


def missing() -> list[str]:
    """The programs that are not on this machine."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


def until(what: Callable[[], object], message: str, seconds: float = PATIENCE) -> None:
    """Look again and again until it is so; fails with the message when the time is over."""
    limit = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < limit, message
        time.sleep(0.02)


class Screen:
    """An X display of 1280×720 pixels. Input goes through the server, as from a keyboard and a mouse."""

    def __init__(self, number: str, folder: Path) -> None:
        self.display = f":{number}"
        self._frame = folder / "Xvfb_screen0"

    def env(self) -> dict[str, str]:
        """The environment of a program on this screen."""
        kept = {k: v for k, v in os.environ.items() if k not in ("WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
        return kept | {"DISPLAY": self.display, "SDL_AUDIODRIVER": "dummy"}

    def do(self, *arguments: object) -> str:
        """What xdotool says to that; empty when it finds nothing."""
        done = subprocess.run(
            ["xdotool", *map(str, arguments)], env=self.env(), capture_output=True, text=True, timeout=20, check=False
        )
        return done.stdout.strip()

    def windows(self) -> list[str]:
        """The ids of all windows that can be seen, the root first."""
        return self.do("search", "--onlyvisible", "--class", ".*").split()

    def look(self, box: tuple[int, int, int, int]) -> bytes:
        """The pixels of (left, top, width, height), four bytes each, out of the server's own picture (XWD)."""
        whole = self._frame.read_bytes()
        header = struct.unpack(">25I", whole[:100])
        line, start = header[12], header[0] + 12 * header[19]
        left, top, width, height = box
        rows = (start + (top + y) * line + 4 * left for y in range(height))
        return b"".join(whole[row : row + 4 * width] for row in rows)


@contextmanager
def screen(number: str = "") -> Iterator[Screen]:
    """Start a server on a display number that is free, or on that one, and end it by its id."""
    with TemporaryDirectory() as folder:
        read, write = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", *([f":{number}"] if number else []), "-displayfd", str(write),
             "-screen", "0", "1280x720x24", "-fbdir", folder, "-nolisten", "tcp", "-noreset"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        try:
            with os.fdopen(read) as numbers:
                given = numbers.readline().strip()
            assert given, "Xvfb did not start"
            yield Screen(given, Path(folder))
        finally:
            end(server)


@contextmanager
def program(shown: Screen, *arguments: object, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """`python main.py ARGUMENTS` on that screen, ended by its id if it does not end by itself."""
    script = Path(__file__).parents[2] / "main.py"
    child = subprocess.Popen(
        [sys.executable, str(script), *map(str, arguments)], cwd=folder, env=shown.env(),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield child
    finally:
        end(child)


def end(child: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """End a process that was started here."""
    if child.poll() is None:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=5)
        if child.poll() is None:
            child.kill()
    child.wait(timeout=10)
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()
