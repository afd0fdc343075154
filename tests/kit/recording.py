"""`factoryview record` as a program of its own, that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

import pytest

_PROGRAM = "from factoryview.cli import main; main()"
_HUMBLE = ["setpriv", "--bounding-set=-dac_override"]


class Recording:
    """Records a plant; started and killed any number of times. As a context it is killed in the end."""

    def __init__(
        self, plant: Path, log: Path | None = None, *, humble: bool = False, environment: Mapping[str, str] = {}
    ) -> None:
        """log: where it writes what it says, all the times one after the other; beside the plant if not said.

        humble: root may write what is read-only; then it may not. The test is skipped where that cannot be had.
        """
        self.plant, self.log = plant, log or plant.with_suffix(".log")
        self._environment = {**os.environ, **environment, "PYTHONWARNINGS": "error"}
        self._before = _HUMBLE if humble and os.getuid() == 0 else []
        if self._before and subprocess.run([*_HUMBLE, "true"], capture_output=True, check=False).returncode:
            pytest.skip("needs somebody with fewer rights than root")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Recording:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def said(self) -> str:
        """Everything it ever said; nothing where that went to a device."""
        if not self.log.is_file():
            return ""
        return self.log.read_text(encoding="utf-8")

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._before, sys.executable, "-c", _PROGRAM, "record", str(self.plant)],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
            )

    def kill(self) -> None:
        """kill -9; nothing if it does not run."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def end(self, seconds: float = 60) -> int:
        """SIGTERM; its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self.ended(seconds)

    def ended(self, seconds: float = 60) -> int:
        """Its exit status when it has ended by itself."""
        assert self._process is not None
        status = self._process.wait(seconds)
        self._process = None
        return status

    def wait(self, done: Callable[[], bool], seconds: float = 60) -> None:
        """Until something holds; fails after so many seconds, and if the program ends before."""
        until = time.monotonic() + seconds
        while not done():
            assert self._process is not None
            assert self._process.poll() is None, f"it ended with {self._process.returncode}:\n{self.said}"
            assert time.monotonic() < until, f"waited {seconds} s in vain:\n{self.said[-4_000:]}"
            time.sleep(0.02)

    def wait_for(self, text: str, seconds: float = 60) -> None:
        """Until it has said something."""
        self.wait(lambda: text in self.said, seconds)
