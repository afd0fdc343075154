"""A wall run as the child of this process; nothing here imports what draws."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from factoryview.plant.wall_file import Wall
from factoryview.wall.keeping.logfile import begin_log, end_log, log_path
from factoryview.wall.keeping.supervisor import Supervisor


def supervise(path: Path, wall: Wall, own: Sequence[str], arguments: Sequence[str]) -> int:
    """Run the wall as a child and begin it anew when it stands; the exit status.

    path: of the wall file. own: the program. arguments: those of this process, by which the child is begun too.
    """

    def command(view: str) -> Sequence[str]:
        return [*own, *arguments, *(("--view", view) if view else ())]  # the last --view of a command line holds

    file = log_path(path, wall)
    if file is not None:  # two processes may not write the same file
        file = file.with_name(f"{file.stem}.restarts{file.suffix}")
    log = begin_log(file, 2)
    try:
        return Supervisor(command, os.environ).run()
    finally:
        end_log(log)
