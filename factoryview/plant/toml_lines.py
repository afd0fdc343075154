"""On which line of a TOML text each value stands. The standard parser reads the text; this only finds places."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

Path = tuple[str | int, ...]
"""Keys and list positions from the root: `("stages", 2, "posts")`."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}(?!")|' + r"'''.*?'{3,5}(?!')|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'", re.DOTALL
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]*")


def find_lines(text: str) -> dict[Path, int]:
    """The line (from 1) of every table, list entry and key of a valid TOML text.

    >>> find_lines('name = "a"\\n[[stages]]\\nname = "b"')
    {('name',): 1, ('stages',): 2, ('stages', 0): 2, ('stages', 0, 'name'): 3}
    """
    return _Scanner(text.replace("\r\n", "\n")).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.newlines = [match.start() for match in re.finditer("\n", text)]
        self.lines: dict[Path, int] = {}
        self.lengths: dict[Path, int] = {}
        """How many tables an array of tables has so far."""

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip_blank():
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._assignment(table)
        return self.lines

    def _skip_blank(self) -> bool:
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at
        return self.at < len(self.text)

    def _note(self, path: Path) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], bisect_right(self.newlines, self.at) + 1)

    def _header(self) -> Path:
        repeated = self.text.startswith("[[", self.at)
        self.at += 1 + repeated
        start = self.at
        path: Path = ()
        keys = self._keys()
        for position, key in enumerate(keys):
            path = (*path, key)
            if repeated and position == len(keys) - 1:
                self.lengths[path] = self.lengths.get(path, 0) + 1
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
        self.at, end = start, self.at
        self._note(path)
        self.at = end + 1 + repeated
        return path

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip_blank()
            bare = _BARE_KEY.match(self.text, self.at)
            keys.append(bare[0] if bare else str(tomllib.loads(f"key = {self._string()}")["key"]))
            self.at += len(bare[0]) if bare else 0
            self._skip_blank()
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if not found:
            raise ValueError(f"no string at {self.at}")
        self.at = found.end()
        return found[0]

    def _assignment(self, table: Path) -> None:
        start = self.at
        path = (*table, *self._keys())
        self.at, end = start, self.at
        self._note(path)
        self.at = end + 1  # behind the equals sign
        self._skip_blank()
        self._value(path)

    def _value(self, path: Path) -> None:
        opening = self.text[self.at]
        if opening == "[":
            self._list(path)
        elif opening == "{":
            self._inline_table(path)
        elif opening in "\"'":
            self._string()
        else:
            scalar = _SCALAR.match(self.text, self.at)
            self.at = scalar.end() if scalar else self.at

    def _list(self, path: Path) -> None:
        self.at += 1
        position = 0
        while self._skip_blank() and self.text[self.at] != "]":
            self._note((*path, position))
            self._value((*path, position))
            position += 1
            self._skip_separator()
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while self._skip_blank() and self.text[self.at] != "}":
            self._assignment(path)
            self._skip_separator()
        self.at += 1

    def _skip_separator(self) -> None:
        if self._skip_blank() and self.text[self.at] == ",":
            self.at += 1
