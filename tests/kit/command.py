"""The command line, called in this process as a person would call it."""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from factoryview.cli import main

Mutation = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def readable(self) -> bool:
        """An end that a person can live with: no mistake of the program, no traceback."""
        said = self.out + self.err
        return self.status in (0, 2, 3) and "Traceback" not in said and "mistake in factoryview" not in said


def factoryview(*arguments: object) -> Said:
    """What `factoryview ARGUMENTS` does. Anything but a proper exit is raised."""
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.object(sys, "argv", ["factoryview", *map(str, arguments)]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
    return Said(status, out.getvalue(), err.getvalue())


def write_log(path: Path, cases: int = 60, seed: int = 3) -> Path:
    """A small log of entries in ISO times: a queue before the decision; won, lost and open cases; one is called NA."""
    rng = random.Random(seed)
    lines = ["case,stage,entered,channel"]
    for case in range(cases):
        minute = case * 300 + rng.randrange(200)
        steps = ["Enquiry", "Offer", "Decision", "Won" if rng.random() < 0.6 else "Lost"]
        for step in steps[: len(steps) - (case > cases - 12) * rng.randint(1, 2)]:
            day, rest = divmod(minute, 1_440)
            month, day = divmod(day, 28)
            moment = f"2025-{1 + month:02}-{1 + day:02}T{rest // 60:02}:{rest % 60:02}:00Z"
            lines.append(f"{'NA' if case == 0 else f'c{case}'},{step},{moment},{('web', 'phone')[case % 2]}")
            minute += rng.randrange(60, 3_000) * (4 if step == "Offer" else 1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
