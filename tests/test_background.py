"""What still works when the program ends is let finish its step, and never keeps the program alive for long."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path


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
