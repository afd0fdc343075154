"""`python -m tests.bench NAME` runs a measurement and prints it as JSON; without a name, the names.

A measurement is a module here with `run()`, which returns what it measured as a dictionary. What `run` can be told is
said as whole numbers behind the name, `soak frames=100000`, or names its parts, `frame still pan`.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
import tempfile
from importlib import import_module
from pathlib import Path

_TOLD = re.compile(r"[a-z]+=\d+|[a-z]+")


def names() -> list[str]:
    """Every measurement there is."""
    return sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))


def machine() -> dict[str, object]:
    """What a number needs beside it to be compared; nothing that names the machine."""
    return {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
    }


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in names() or not all(map(_TOLD.fullmatch, arguments[1:])):
        print("python -m tests.bench NAME, where NAME is one of:", *names(), sep="\n  ")
        return 0 if not arguments else 2
    told = {name: int(value) for name, _, value in (argument.partition("=") for argument in arguments[1:]) if value}
    parts = [argument for argument in arguments[1:] if "=" not in argument]
    with tempfile.TemporaryDirectory() as cache:  # nothing is found that another run has kept
        os.environ["XDG_CACHE_HOME"] = os.environ["LOCALAPPDATA"] = cache
        measured = import_module(f"tests.bench.{arguments[0]}").run(*parts, **told)
    print(json.dumps({"bench": arguments[0], **measured, "machine": machine()}, indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
