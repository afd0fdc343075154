"""The log of a wall: what happened and who steered, in files of which the oldest is dropped."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.plant.wall_file import Wall

LARGEST = 1_000_000
"""Bytes of a file before the next is begun."""


class WallLog(RotatingFileHandler):
    """A log that cannot be written, as on a full disk, is said once; the wall goes on."""

    def __init__(self, path: Path, keep: int, largest: int = LARGEST) -> None:
        """keep: files, the one being written among them. Raises OSError."""
        super().__init__(path, maxBytes=largest, backupCount=max(1, keep - 1), encoding="utf-8")
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
        self._failed = self._said = False

    def emit(self, record: logging.LogRecord) -> None:
        self._failed = False
        super().emit(record)
        self._said = self._failed

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002  # named by logging
        self._failed = True
        if not self._said:
            print(f"factoryview: the log cannot be written: {sys.exc_info()[1]}", file=sys.stderr)


def log_path(path: Path, wall: Wall) -> Path | None:
    """The file of a wall's log, beside the wall file `path`; None: it goes to standard error."""
    return None if wall.log.file is None else path.parent / wall.log.file


def begin_log(path: Path | None, keep: int) -> logging.Handler:
    """Log what factoryview says, to a file or else to standard error; the handler, to be closed by `end_log`.

    Raises InputError for a file that cannot be written.
    """
    handler: logging.Handler
    if path is None:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("factoryview: %(message)s"))
    else:
        try:
            handler = WallLog(path, keep)
        except OSError as error:
            raise InputError(
                said("error.log_unwritten", why=error), where=str(path), cure=said("error.another_log")
            ) from None
    logger = logging.getLogger("factoryview")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    return handler


def end_log(handler: logging.Handler) -> None:
    """Close what `begin_log` opened."""
    logging.getLogger("factoryview").removeHandler(handler)
    handler.close()
