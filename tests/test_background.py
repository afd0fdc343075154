"""What still works when the program ends is let finish its step, and never keeps the program alive for long."""

from __future__ import annotations

import gc
import re
import subprocess
import sys
import time
import weakref
from pathlib import Path

from factoryview import background


def ended(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_a_step_is_finished_and_no_other_begun(tmp_path: Path) -> None:
    """The second step would begin after the main thread has ended."""
    program = """
import sys, threading, time
from pathlib import Path
from factoryview.prefetch import Prefetcher
made, begun = set(), threading.Event()
def make(key):
    begun.set()
    time.sleep(0.5)
    Path(sys.argv[1], key).touch()
    made.add(key)
Prefetcher("test", made.__contains__).want(["one", "two"], make)
begun.wait()
"""
    done = ended(program, str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_who_never_ends_is_left_behind() -> None:
    began = time.monotonic()
    done = ended("import time; from factoryview import background; background.begin(lambda: time.sleep(50), 'test')")
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - began < 40


def test_who_goes_on_until_it_is_told_is_told() -> None:
    program = """
import threading
from factoryview import background
told = threading.Event()
def work():
    told.wait(50)
    print("told" if told.is_set() else "left behind")
background.begin(work, "test", stop=told.set)
"""
    done = ended(program)
    assert (done.returncode, done.stdout, done.stderr) == (0, "told\n", "")


def test_who_has_ended_keeps_nothing() -> None:
    class Owner:
        def __init__(self) -> None:
            self.thread = background.begin(self.work, "test", stop=self.work)

        def work(self) -> None:
            return

    owner = Owner()
    owner.thread.join()
    gone = weakref.ref(owner)
    del owner
    gc.collect()
    assert gone() is None


OTHERS = {
    "background.py": "begins them",
    "desk/whatif/futures.py": "the program waits for its step, as long as it takes",
    "store/journal/recorder.py": "ends its sources at once instead of one after the other, and waits for that",
    "wall/keeping/power.py": "a command outside of the program, which may hang",
    "wall/keeping/supervisor.py": "reads a pipe, and is waited for",
}
"""Modules that begin threads by themselves, and why."""


def test_threads_begin_where_the_end_of_the_program_waits_for_them() -> None:
    package = Path(__file__).parents[1] / "factoryview"
    found = {
        path.relative_to(package).as_posix() for path in package.rglob("*.py")
        if re.search(r"\bThread\((target|\*)", path.read_text(encoding="utf-8"))
    }  # fmt: skip
    assert found == set(OTHERS)
