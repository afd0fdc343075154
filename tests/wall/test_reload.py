"""Files of a wall that cannot be looked at for a while: said, and looked at again; nothing ends."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest

from factoryview.cli.wall import wall as wall_verb
from factoryview.errors import InputError
from factoryview.language import Language
from factoryview.plant.wall_file import Wall, read_wall
from factoryview.wall import reload
from factoryview.wall.reload import Watch
from factoryview.wall.running import WallProgram
from tests.kit.small_plants import studied
from tests.wall.kit import Played, Wand, wall_text
from tests.wall.spoiled import look


def watched(folder: Path) -> tuple[Watch, Path]:
    path = folder / "wall.toml"
    path.write_text(wall_text(), encoding="utf-8")
    return Watch(path, read_wall(wall_text())), path


def test_a_drive_that_is_away_for_a_moment_is_said_and_ends_no_watching(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, path = watched(tmp_path)
    stat = Path.stat

    def fails(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if self == path:
            raise OSError(errno.ESTALE, "Stale file handle")
        return stat(self, follow_symlinks=follow_symlinks)

    with monkeypatch.context() as away:
        away.setattr(Path, "stat", fails)
        watch.look()
        assert "wall.toml broken since" in watch.said(Language("en"))
        assert "stale file handle" in watch.said(Language("en"))
    watch.look()
    assert (watch.said(Language("en")), watch.take()) == ("", (None, set()))
    path.write_text(wall_text("leaks"), encoding="utf-8")
    watch.look()
    watch.look()
    fresh, _ = watch.take()
    assert fresh is not None
    assert [view.kind for view in fresh.view] == ["leaks"]


@pytest.mark.parametrize("error", [InputError("cannot be read"), OSError(errno.EIO, "I/O error"), RuntimeError("odd")])
def test_a_changed_file_that_could_not_be_read_is_read_once_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    answers: list[Exception | None] = [error, error, None]
    load = reload.load_wall

    def loads(path: Path) -> Wall:
        if answer := answers.pop(0):
            raise answer
        return load(path)

    monkeypatch.setattr(reload, "load_wall", loads)
    watch, path = watched(tmp_path)
    path.write_text(wall_text("leaks"), encoding="utf-8")
    for _ in range(3):
        watch.look()
        assert watch.take()[0] is None
    assert watch.said(Language("en"))
    watch.look()
    assert watch.take()[0] is not None
    assert watch.said(Language("en")) == ""


def test_the_language_of_the_command_line_stays_and_the_time_zone_is_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Wand(lambda: Played(studied("piled")), folder=tmp_path, lang="de") as wand:
        wand.frame()
        before = wand.hands.local()
        said = wall_text(extra='language = "en"\ntimezone = "Asia/Tokyo"\n')
        (tmp_path / "wall.toml").write_text(said, encoding="utf-8")
        look(wand)
        assert wand.kiosk.wall.timezone == "Asia/Tokyo"
        assert wand.kiosk.wall.language == "de"
        assert timedelta(hours=9) <= wand.hands.local() - before < timedelta(hours=9, minutes=1)
    shown: list[WallProgram] = []
    monkeypatch.setattr("factoryview.wall.running.run_wall", lambda program, *_: shown.append(program) or 0)
    wall_verb(["demo"], windowed=True, lang="de")
    wall_verb(["demo"], windowed=True)
    assert [program.lang for program in shown] == ["de", None]
