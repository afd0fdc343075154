"""The watchdog: a wall that stands, falls or grows begins anew with the same view, and one that was closed does not."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from factoryview.wall.keeping.pulse import SUPERVISED, Pulse, SupervisorGone, pulse_from
from factoryview.wall.keeping.supervisor import AGAIN, Patience, Supervisor

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
LIFE = """
import json, os, sys, time
folder, view, *lives = sys.argv[1:]
with open(folder + "/lives", "a") as file:
    noted = [view, time.monotonic(), os.environ.get({supervised!r}), "NOTIFY_SOCKET" in os.environ]
    file.write(json.dumps(noted) + "\\n")
n = len(open(folder + "/lives").readlines())
life = lives[min(n, len(lives)) - 1]
print("a library says hello", flush=True)
if life not in ("mute", "2", "3"):
    print(json.dumps("goals"), flush=True)
time.sleep(600) if life in ("mute", "stands") else sys.exit(int(life))
"""
PATIENT = Patience(starting=60.0, silent=60.0, pause=0.0, parting=10.0)


class Lives:
    """A program that lives differently each time it is begun, and what it noted of itself."""

    def __init__(self, folder: Path, *lives: str) -> None:
        self._folder, self._lives = folder, lives
        self._program = folder / "life.py"
        self._program.write_text(LIFE.format(supervised=SUPERVISED), encoding="utf-8")

    def command(self, view: str) -> Sequence[str]:
        return [sys.executable, str(self._program), str(self._folder), view, *self._lives]

    def run(self, patience: Patience = PATIENT, environment: dict[str, str] | None = None) -> tuple[int, list[str]]:
        """The exit status and the views that the lives began with."""
        status = Supervisor(self.command, {**os.environ, **(environment or {})}, patience).run()
        return status, [life[0] for life in self.noted]

    @property
    def noted(self) -> list[list[object]]:
        return [json.loads(line) for line in (self._folder / "lives").read_text(encoding="utf-8").splitlines()]


def test_a_wall_that_stands_is_begun_anew_with_its_view(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    lives = Lives(tmp_path, "stands", "0")
    assert lives.run(Patience(60.0, silent=0.5, pause=0.0, parting=10.0)) == (0, ["", "goals"])
    assert "no frame for 0 s" in caplog.text
    assert [life[2:] for life in lives.noted] == [["1", False]] * 2


def test_a_wall_that_never_begins_to_live_is_begun_anew(tmp_path: Path) -> None:
    assert Lives(tmp_path, "mute", "0").run(Patience(starting=3.0, silent=60.0, pause=0.0)) == (0, ["", ""])


@pytest.mark.parametrize("first", ["1", str(AGAIN), "-9"])
def test_a_wall_that_falls_or_asks_for_it_is_begun_anew(tmp_path: Path, first: str) -> None:
    assert Lives(tmp_path, first, "0").run() == (0, ["", "goals"])


@pytest.mark.parametrize("status", [0, 2, 3])
def test_a_wall_that_was_closed_or_cannot_be_is_not(tmp_path: Path, status: int) -> None:
    assert Lives(tmp_path, str(status), "0").run() == (status, [""]), "files that were never good"


def test_files_that_were_good_once_are_tried_again(tmp_path: Path) -> None:
    assert Lives(tmp_path, "1", "3", "2", "0").run() == (0, ["", "goals", "goals", "goals"])


def test_between_two_starts_there_is_a_pause(tmp_path: Path) -> None:
    lives = Lives(tmp_path, "1", "1", "0")
    lives.run(Patience(60.0, 60.0, pause=0.7))
    moments = [float(str(life[1])) for life in lives.noted]
    assert len(moments) == 3
    pauses = [after - before for before, after in pairwise(moments)]
    assert min(pauses) > 0.35, "from start to start, less what a program takes to begin"


def test_whoever_ends_the_supervisor_ends_the_wall(tmp_path: Path) -> None:
    lives = Lives(tmp_path, "stands")

    def end() -> None:
        while not (tmp_path / "lives").exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=end)
    thread.start()
    assert lives.run() == (0, [""])
    thread.join()
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_pulse_is_heard_at_most_once_a_second_and_waits_for_nobody() -> None:
    moments = iter([0.0, 0.5, 1.0, *(float(n) for n in range(2, 20_000))])
    hears, tells = os.pipe()
    try:
        pulse = Pulse(tells, lambda: next(moments))
        for view in ("a", "b", "c"):
            pulse.beat(view)
        assert os.read(hears, 100) == b'"a"\n"c"\n'
        for _ in range(19_000):
            pulse.beat("x" * 40)
        os.close(hears)
        with pytest.raises(SupervisorGone):
            pulse.beat("d")
    finally:
        os.close(tells)


def test_without_a_supervisor_there_is_no_pulse() -> None:
    assert pulse_from({}) is None
    assert pulse_from({SUPERVISED: "0"}) is None
