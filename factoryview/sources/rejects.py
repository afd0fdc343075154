"""Rows that cannot be used, written where a person can look at them and repair them."""

from __future__ import annotations

import csv
import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.output import check_output, defused

MOST_TOLD = 20
"""Rows that are told one by one; the file has every one."""
_HEADER = ("line", "reason", "raw content")


class Rejects:
    """The file of rejected rows; made when the first one arrives, beside the input or where the user said."""

    def __init__(self, beside: Path, stem: str, wish: Path | None = None) -> None:
        self.count = 0
        self.file: Path | None = None
        self.moved: str = ""
        """Why the file is not where it should be; empty when it is."""
        self._target = wish if wish is not None else beside.with_name(f"{stem}.rejected.csv")
        self._wished = wish is not None
        if wish is not None:
            check_output(wish, (beside,))
        self._stream: TextIO | None = None
        self._writer: Any = None
        self.reasons: dict[str, int] = {}
        self.first: list[tuple[int, str]] = []
        """The first rows, each with its line and why."""

    def add(self, line: int, reason: str, raw: str, kind: str = "") -> None:
        """One row: its line in the file (1 = first), why, and what stood there; `kind` groups reasons."""
        if self._writer is None:
            self._open()
        self._writer.writerow((line, reason, defused(raw)))
        self.count += 1
        if len(self.first) < MOST_TOLD:
            self.first.append((line, reason))
        kind = kind or reason
        self.reasons[kind] = self.reasons.get(kind, 0) + 1

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> None:
        try:
            self._stream = self._create()
        except OSError as error:
            if self._wished:
                raise InputError(
                    said("error.rejects_unwritten", why=error),
                    where=str(self._target),
                    cure=said("error.another_file"),
                ) from None
            handle, name = tempfile.mkstemp(prefix=f"{self._target.stem[:60]}.", suffix=".csv")
            self._stream = os.fdopen(handle, "w", encoding="utf-8", newline="", errors="backslashreplace")
            self.moved = said("reading.not_writable", folder=str(self._target.parent))
            if self._target.exists():
                self.moved = said("reading.another_file", file=self._target.name)
            self._target = Path(name)
        self.file = self._target
        self._writer = csv.writer(self._stream)
        self._writer.writerow(_HEADER)

    def _create(self) -> TextIO:
        """A new file in the place of rejects of before. Raises OSError where anything else stands there."""
        if os.path.lexists(self._target) and not (self._wished or self._is_ours()):
            raise FileExistsError
        self._target.unlink(missing_ok=True)
        return self._target.open("x", encoding="utf-8", newline="", errors="backslashreplace")

    def _is_ours(self) -> bool:
        """Whether rejects of before stand there; a link is nobody's."""
        if self._target.is_symlink() or not self._target.is_file():
            return False
        with self._target.open("rb") as file:
            return file.read(64).startswith(",".join(_HEADER).encode())
