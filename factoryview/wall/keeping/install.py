"""`wall --install`: a systemd user unit with watchdog and an entry of the desktop's autostart; `--uninstall` undoes it.

What was written is kept in a list with a checksum each, so that undoing removes exactly that: a file that somebody has
changed since is left, and said.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from factoryview.errors import InputError, UsageError
from factoryview.output import replacing

NAME = "factoryview-wall"
WATCHDOG = 180
"""Seconds after which systemd begins the supervisor anew."""
Did = Literal["wrote", "removed", "left", "missing", "ran", "failed"]
Run = Callable[[Sequence[str]], bool]
"""Runs a command; whether it succeeded."""


@dataclass(frozen=True)
class Done:
    """One thing that was done, for people to read."""

    did: Did
    what: str


@dataclass(frozen=True)
class Places:
    """Where things go for this user."""

    config: Path
    """$XDG_CONFIG_HOME."""
    systemd: bool
    """The user's systemd runs here."""

    @property
    def unit(self) -> Path:
        return self.config / "systemd" / "user" / f"{NAME}.service"

    @property
    def autostart(self) -> Path:
        return self.config / "autostart" / f"{NAME}.desktop"

    @property
    def record(self) -> Path:
        return self.config / "factoryview" / "wall.installed.json"


def places_of(environment: Mapping[str, str], home: Path) -> Places:
    """Where things go, by the XDG Base Directory Specification."""
    said = environment.get("XDG_CONFIG_HOME", "")
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    systemd = bool(runtime) and (Path(runtime) / "systemd").is_dir() and shutil.which("systemctl") is not None
    return Places(Path(said) if said.startswith("/") else home / ".config", systemd)


def install(wall: Path, command: Sequence[str], places: Places, run: Run) -> list[Done]:
    """Start the wall with the desktop from now on. wall: its file. command: the program, with absolute paths.

    Raises InputError where a file cannot be written, UsageError where somebody else's file is in the way.
    """
    words = [*command, "wall", str(wall.resolve())]
    if any(re.search(r"[\x00-\x1f]", word) for word in words):
        raise UsageError(f"{wall}: a name with control characters cannot be started by the desktop. Rename the file.")
    files = {places.autostart: _desktop_entry(words, places.systemd)}
    if places.systemd:
        files = {places.unit: _unit(words)} | files
    known = _known(places)
    for path in files:
        if path.exists() and known.get(str(path)) != _sum(path):
            raise UsageError(f"{path}: this file was not written by wall --install. Move it away first.")
    done = []
    for path, text in files.items():
        _write(path, text)
        known[str(path)] = _sum(path)
        _write(places.record, json.dumps(known, indent=1))
        done.append(Done("wrote", str(path)))
    if places.systemd:
        done.append(_reloaded(run))
    return done


def uninstall(places: Places, run: Run) -> list[Done]:
    """Undo exactly what `install` did. Raises InputError where a file cannot be removed."""
    known = _known(places)
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
        _remove(places.record)
    if places.systemd and str(places.unit) in known:
        done.append(_reloaded(run))
    return done


def run_command(words: Sequence[str]) -> bool:
    """Run it; whether it ended well."""
    try:
        return subprocess.run(words, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _reloaded(run: Run) -> Done:
    words = ("systemctl", "--user", "daemon-reload")
    return Done("ran" if run(words) else "failed", " ".join(words))


def _unit(words: Sequence[str]) -> str:
    return "\n".join(
        (
            "[Unit]",
            "Description=factoryview wall",
            "PartOf=graphical-session.target",
            "After=graphical-session.target",
            "StartLimitIntervalSec=0",
            "",
            "[Service]",
            "Type=notify",
            "NotifyAccess=main",
            f"ExecStart={' '.join(map(_for_systemd, words))}",
            "Restart=on-failure",
            "RestartPreventExitStatus=2 3",
            "RestartSec=60",
            f"WatchdogSec={WATCHDOG}",
            "TimeoutStopSec=20",
            "",
        )
    )


def _desktop_entry(words: Sequence[str], systemd: bool) -> str:
    """With systemd the entry starts the unit, and hands it what it needs to find the display."""
    if systemd:
        variables = "DISPLAY WAYLAND_DISPLAY XAUTHORITY XDG_SESSION_TYPE"
        script = f"systemctl --user import-environment {variables}; systemctl --user start {NAME}.service"
        words = ("sh", "-c", script)
    return "\n".join(
        (
            "[Desktop Entry]",
            "Type=Application",
            "Name=factoryview wall",
            f"Exec={' '.join(map(_for_desktop, words))}",
            "Terminal=false",
            "X-GNOME-Autostart-enabled=true",
            "",
        )
    )


def _for_systemd(word: str) -> str:
    """A word of a command line as systemd.syntax(7) and systemd.service(5) quote it.

    >>> _for_systemd('a "b" 5% $x')
    '"a \\\\"b\\\\" 5%% $$x"'
    """
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _for_desktop(word: str) -> str:
    """A word of Exec as the Desktop Entry Specification quotes it: an argument, and that as a string of the file."""
    argument = re.sub(r'(["`$\\])', r"\\\1", word).replace("%", "%%")
    return '"' + argument.replace("\\", "\\\\") + '"'


def _known(places: Places) -> dict[str, str]:
    """File → checksum of what was written. Raises InputError for a list that cannot be read."""
    try:
        found = json.loads(places.record.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InputError(
            f"What was installed cannot be read: {error}.", where=str(places.record), cure="Remove the file."
        ) from None
    allowed = {str(places.unit), str(places.autostart)}
    return {str(path): str(checksum) for path, checksum in dict(found).items() if path in allowed}


def _sum(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as beside:
            beside.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"This cannot be written: {error.strerror}.", where=str(path), cure="See to the rights of its folder."
        ) from None


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            f"This cannot be removed: {error.strerror}.", where=str(path), cure="See to the rights of its folder."
        ) from None
