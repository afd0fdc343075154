"""The program in the menu of the desktop: entries and icon are written for one user, and undone again."""

from __future__ import annotations

import configparser
import shlex
from pathlib import Path

import pytest

from factoryview.app.installed import Done, own_command
from factoryview.app.menu import Menu, menu_of
from factoryview.errors import UsageError
from factoryview.resources import asset
from tests.kit.command import factoryview

COMMAND = ("/opt/a place/python", "/opt/it's $HOME/100%/main.py")


def entry(path: Path) -> configparser.ConfigParser:
    found = configparser.ConfigParser(interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their capitals
    found.read_string(path.read_text(encoding="utf-8"))
    return found


def words(line: str) -> list[str]:
    """Exec as a desktop takes it apart: the string of the file, then its quotes."""
    return [word.replace("%%", "%").replace("\\$", "$") for word in shlex.split(line.replace("\\\\", "\\"))]


@pytest.fixture
def menu(tmp_path: Path) -> Menu:
    return Menu(tmp_path / "share", tmp_path / "config")


def test_the_menu_starts_the_demo_and_a_log_is_played(menu: Menu) -> None:
    menu.install(COMMAND)
    shown, for_logs = (entry(path) for path in menu.entries)
    assert words(shown["Desktop Entry"]["Exec"]) == [*COMMAND]
    assert words(shown["Desktop Action permits"]["Exec"]) == [*COMMAND, "demo", "permits"]
    assert words(for_logs["Desktop Entry"]["Exec"]) == [*COMMAND, "play", "%f"]
    assert "text/csv" in for_logs["Desktop Entry"]["MimeType"].split(";")
    for found in (shown, for_logs):
        assert Path(found["Desktop Entry"]["Icon"]).read_bytes() == asset("desktop", "factoryview.svg").read_bytes()
    assert not any("{" in path.read_text(encoding="utf-8") for path in menu.entries)


def test_it_is_undone_but_for_what_somebody_has_changed(menu: Menu, tmp_path: Path) -> None:
    written = menu.install(COMMAND)
    assert menu.install(COMMAND) == written
    mine = menu.entries[1]
    mine.write_text("[Desktop Entry]\n", encoding="utf-8")
    assert Done("left", str(mine)) in menu.uninstall()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]
    with pytest.raises(UsageError, match="not written by --install-desktop"):
        menu.install(COMMAND)
    assert menu.uninstall() == []


def test_a_name_that_no_desktop_could_start_is_refused(menu: Menu, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="control characters"):
        menu.install(["/opt/a\nb"])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_pyinstaller_is_one_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/opt/factoryview/factoryview")
    monkeypatch.setattr("sys.argv", ["bin/x", "wall"])
    monkeypatch.chdir("/")
    assert own_command() == ["/opt/factoryview/factoryview", "/bin/x"]
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert own_command() == ["/opt/factoryview/factoryview"]


def test_the_command_line_says_what_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    menu = menu_of({}, tmp_path)
    assert menu.data == tmp_path / ".local" / "share"
    said = factoryview("--install-desktop", "--lang", "en")
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines()[1:] == [
        *(f"written: {path}" for path in menu.entries),
        "factoryview is in the menu, and offered for logs.",
    ]
    assert len(factoryview("--lang", "de", "--uninstall-desktop").out.splitlines()) == 3
    assert factoryview("--uninstall-desktop", "--lang", "de").out == "factoryview ist nicht im Menü.\n"
