"""Files that are written into a user's desktop at their wish, and taken away again at their wish.

What was written is kept in a list with a checksum each, so that undoing removes exactly that: a file that somebody has
changed since is left, and said.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from factoryview.errors import InputError, UsageError
from factoryview.language.said import said
from factoryview.output import replacing

Did = Literal["wrote", "removed", "left", "missing", "ran", "failed"]


@dataclass(frozen=True)
class Done:
    """One thing that was done, for people to read."""

    did: Did
    what: str


class Installed:
    """What one command has written for this user."""

    def __init__(self, record: Path, places: Iterable[Path], command: str) -> None:
        """record: the list of what was written. places: the only files it may ever name. command: what writes them."""
        self._record = record
        self._places = frozenset(map(str, places))
        self._command = command

    def write(self, files: Mapping[Path, str]) -> list[Done]:
        """Write these texts, over what was written before.

        Raises InputError where a file cannot be written, UsageError where somebody else's file is in the way.
        """
        known = self._known()
        for path in files:
            if path.exists() and known.get(str(path)) != _sum(path):
                raise UsageError(said("error.not_ours", path=path, command=self._command))
        for path, text in files.items():
            _write(path, text)
            known[str(path)] = _sum(path)
            _write(self._record, json.dumps(known, indent=1))
        return [Done("wrote", str(path)) for path in files]

    def remove(self) -> list[Done]:
        """Take away exactly what `write` wrote; nothing where it wrote nothing.

        Raises InputError where a file cannot be removed.
        """
        known = self._known()
        done = []
        for name, checksum in sorted(known.items()):
            path = Path(name)
            if not path.exists():
                done.append(Done("missing", name))
            elif _sum(path) != checksum:
                done.append(Done("left", name))
            else:
                _remove(path)
                done.append(Done("removed", name))
        if known:
            _remove(self._record)
        return done

    def _known(self) -> dict[str, str]:
        """File → checksum of what was written. Raises InputError for a list that cannot be read."""
        try:
            found = dict(json.loads(self._record.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError) as error:
            raise InputError(
                said("error.installed_unreadable", why=error), where=str(self._record), cure=said("error.remove_file")
            ) from None
        return {str(path): str(checksum) for path, checksum in found.items() if path in self._places}


def own_command() -> list[str]:
    """How this program was begun, without its arguments; a folder that PyInstaller made is one program."""
    alone = getattr(sys, "frozen", False)
    return [sys.executable] if alone else [sys.executable, os.path.abspath(sys.argv[0])]


def for_desktop(word: str) -> str:
    """A word of Exec as the Desktop Entry Specification quotes it: an argument, and that as a string of the file."""
    argument = re.sub(r'(["`$\\])', r"\\\1", word).replace("%", "%%")
    return '"' + argument.replace("\\", "\\\\") + '"'


def check_startable(words: Iterable[str]) -> None:
    """Raise UsageError for a command that no file of a desktop can hold."""
    for word in words:
        if re.search(r"[\x00-\x1f]", word):
            raise UsageError(said("error.control_in_name", word=word))


def folder_of(environment: Mapping[str, str], variable: str, usual: Path) -> Path:
    """A folder of the XDG Base Directory Specification: what its variable says, if that is absolute."""
    said = environment.get(variable, "")
    return Path(said) if said.startswith("/") else usual


def _sum(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as beside:
            beside.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            said("error.not_written", why=error), where=str(path), cure=said("error.folder_rights")
        ) from None


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            said("error.not_removed", why=error), where=str(path), cure=said("error.folder_rights")
        ) from None
