"""`python -m factoryview.demo OUTDIR` writes the plant files, logs and truths of both stories."""

from __future__ import annotations

import sys
from pathlib import Path

from factoryview.demo import STORIES, write


def main(arguments: list[str]) -> int:
    """Returns the exit status: 2 when the folder is missing."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m factoryview.demo OUTDIR   (an existing folder)", file=sys.stderr)
        return 2
    for story in STORIES:
        for path in write(Path(arguments[0]), story):
            print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
