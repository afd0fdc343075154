"""`wall --install`: a systemd user unit with watchdog and an entry of the desktop's autostart; undone again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from factoryview.app.installed import Done, Installed, check_startable, folder_of, for_desktop

NAME = "factoryview-wall"
WATCHDOG = 180
"""Seconds after which systemd begins the supervisor anew."""
Run = Callable[[Sequence[str]], bool]
"""Runs a command; whether it succeeded."""


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
    def installed(self) -> Installed:
        """What was written of them."""
        record = self.config / "factoryview" / "wall.installed.json"
        return Installed(record, (self.unit, self.autostart), "wall --install")


def places_of(environment: Mapping[str, str], home: Path) -> Places:
    """Where things go, by the XDG Base Directory Specification."""
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    systemd = bool(runtime) and (Path(runtime) / "systemd").is_dir() and shutil.which("systemctl") is not None
    return Places(folder_of(environment, "XDG_CONFIG_HOME", home / ".config"), systemd)


def install(wall: Path, command: Sequence[str], places: Places, run: Run) -> list[Done]:
    """Start the wall with the desktop from now on. wall: its file. command: the program, with absolute paths.

    Raises InputError where a file cannot be written, UsageError where somebody else's file is in the way.
    """
    words = [*command, "wall", str(wall.resolve())]
    check_startable(words)
    files = {places.autostart: _desktop_entry(words, places.systemd)}
    if places.systemd:
        files = {places.unit: _unit(words)} | files
    done = places.installed.write(files)
    if places.systemd:
        done.append(_reloaded(run))
    return done


def uninstall(places: Places, run: Run) -> list[Done]:
    """Undo exactly what `install` did. Raises InputError where a file cannot be removed."""
    done = places.installed.remove()
    if places.systemd and any(each.what == str(places.unit) for each in done):
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
            f"Exec={' '.join(map(for_desktop, words))}",
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
