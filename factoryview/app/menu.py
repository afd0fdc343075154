"""`--install-desktop`: the program in the menu of the desktop, with its icon, and offered for logs; undone again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from factoryview.app.installed import Done, Installed, check_startable, folder_of, for_desktop
from factoryview.resources import asset

NAME = "factoryview"
"""Of the entry, of its icon, and of the window's class, by which a desktop knows that they belong together."""


@dataclass(frozen=True)
class Menu:
    """Where a desktop of Linux looks for programs of this user (XDG Base Directory and Desktop Menu Specifications)."""

    data: Path
    """$XDG_DATA_HOME."""
    config: Path
    """$XDG_CONFIG_HOME."""

    @property
    def icon(self) -> Path:
        return self.data / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg"

    @property
    def entries(self) -> tuple[Path, Path]:
        """In the menu; and for files that are opened with it."""
        return self.data / "applications" / f"{NAME}.desktop", self.data / "applications" / f"{NAME}-log.desktop"

    def install(self, command: Sequence[str]) -> list[Done]:
        """Write entries and icon. command: the program, with absolute paths.

        Raises InputError where a file cannot be written, UsageError where somebody else's file is in the way.
        """
        check_startable([*command, str(self.icon)])
        gaps = {"{program}": " ".join(map(for_desktop, command)), "{icon}": str(self.icon).replace("\\", "\\\\")}
        files = {self.icon: asset("desktop", f"{NAME}.svg").read_text(encoding="utf-8")}
        for entry in self.entries:
            text = asset("desktop", entry.name).read_text(encoding="utf-8")
            for gap, said in gaps.items():
                text = text.replace(gap, said)
            files[entry] = text
        return self._installed().write(files)

    def uninstall(self) -> list[Done]:
        """Undo exactly what `install` did. Raises InputError where a file cannot be removed."""
        return self._installed().remove()

    def _installed(self) -> Installed:
        record = self.config / "factoryview" / "desktop.installed.json"
        return Installed(record, (self.icon, *self.entries), "--install-desktop")


def menu_of(environment: Mapping[str, str], home: Path) -> Menu:
    """The menu of this user."""
    return Menu(
        folder_of(environment, "XDG_DATA_HOME", home / ".local" / "share"),
        folder_of(environment, "XDG_CONFIG_HOME", home / ".config"),
    )
