"""Installing writes a unit and an autostart entry, and uninstalling undoes exactly that."""

from __future__ import annotations

import configparser
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from factoryview.app.installed import Done
from factoryview.errors import UsageError
from factoryview.wall.keeping.install import Places, install, places_of, uninstall

COMMAND = ("/opt/a place/python", "/opt/it's $HOME/100%/main.py")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def read(path: Path) -> configparser.ConfigParser:
    found = configparser.ConfigParser(interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their capitals
    found.read_string(path.read_text(encoding="utf-8"))
    return found


class Ran(list[Sequence[str]]):
    def __call__(self, words: Sequence[str]) -> bool:
        self.append(words)
        return True


@pytest.mark.parametrize("systemd", [True, False])
def test_it_is_undone_to_the_last_file(tmp_path: Path, systemd: bool) -> None:
    (tmp_path / "autostart").mkdir()
    (tmp_path / "autostart" / "other.desktop").write_text("[Desktop Entry]\n", encoding="utf-8")
    before, places, ran = files(tmp_path), Places(tmp_path, systemd), Ran()
    done = install(tmp_path / "WALL.toml", COMMAND, places, ran)
    written = [Path(each.what) for each in done if each.did == "wrote"]
    assert set(written) == ({places.unit, places.autostart} if systemd else {places.autostart})
    assert ran == [("systemctl", "--user", "daemon-reload")] * systemd
    again = install(tmp_path / "WALL.toml", COMMAND, places, ran)
    assert again == done
    undone = uninstall(places, ran)
    assert {Path(each.what) for each in undone if each.did == "removed"} == set(written)
    assert files(tmp_path) == before
    assert uninstall(places, ran) == []


def test_the_unit_starts_the_wall_with_a_watchdog(tmp_path: Path) -> None:
    places = Places(tmp_path, True)
    install(tmp_path / "my wall.toml", COMMAND, places, Ran())
    service = read(places.unit)["Service"]
    words = shlex.split(service["ExecStart"].replace("%%", "%").replace("$$", "$"))
    assert words == [*COMMAND, "wall", str(tmp_path / "my wall.toml")]
    assert (service["Type"], service["Restart"]) == ("notify", "on-failure")
    assert int(service["RestartSec"]) >= 60
    assert int(service["WatchdogSec"]) > 60
    entry = read(places.autostart)["Desktop Entry"]
    assert "systemctl --user start factoryview-wall.service" in entry["Exec"]
    assert entry["Type"] == "Application"


def test_without_systemd_the_desktop_starts_the_wall_itself(tmp_path: Path) -> None:
    places = Places(tmp_path, False)
    install(tmp_path / "my wall.toml", COMMAND, places, Ran())
    line = read(places.autostart)["Desktop Entry"]["Exec"].replace("\\\\", "\\")
    line = line.replace("%%", "%").replace("\\$", "$")  # which shlex leaves as it is
    assert shlex.split(line) == [*COMMAND, "wall", str(tmp_path / "my wall.toml")]
    assert not places.unit.exists()


def test_what_somebody_has_written_or_changed_stays(tmp_path: Path) -> None:
    places = Places(tmp_path, True)
    places.unit.parent.mkdir(parents=True)
    places.unit.write_text("[Unit]\n", encoding="utf-8")
    with pytest.raises(UsageError, match="not written by wall --install"):
        install(tmp_path / "WALL.toml", COMMAND, places, Ran())
    assert list(files(tmp_path)) == ["systemd/user/factoryview-wall.service"]
    places.unit.unlink()
    install(tmp_path / "WALL.toml", COMMAND, places, Ran())
    places.unit.write_text("[Unit]\n# mine now\n", encoding="utf-8")
    places.autostart.unlink()
    assert uninstall(places, Ran())[:2] == [Done("missing", str(places.autostart)), Done("left", str(places.unit))]
    assert places.unit.exists()


def test_a_name_that_no_desktop_could_start_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="control characters"):
        install(tmp_path / "a\nb.toml", COMMAND, Places(tmp_path, False), Ran())
    assert files(tmp_path) == {}


def test_the_places_are_those_of_the_user(tmp_path: Path) -> None:
    assert places_of({}, tmp_path) == Places(tmp_path / ".config", False)
    assert places_of({"XDG_CONFIG_HOME": "/etc/mine", "XDG_RUNTIME_DIR": str(tmp_path)}, tmp_path).config == Path(
        "/etc/mine"
    )
