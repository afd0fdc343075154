"""The log of a wall ends: old files are dropped, a full disk is said once."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.wall.keeping.logfile import WallLog, begin_log, end_log


def test_the_oldest_file_is_dropped(tmp_path: Path) -> None:
    log = WallLog(tmp_path / "wall.log", keep=3, largest=500)
    for n in range(100):
        log.emit(logging.LogRecord("factoryview", logging.INFO, "", 0, "line %d", (n,), None))
    log.close()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["wall.log", "wall.log.1", "wall.log.2"]
    assert all(path.stat().st_size <= 500 for path in tmp_path.iterdir())
    assert "line 99" in (tmp_path / "wall.log").read_text(encoding="utf-8")


def test_what_cannot_be_written_is_said_once_until_it_works_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = WallLog(tmp_path / "wall.log", keep=2)
    record = logging.LogRecord("factoryview", logging.INFO, "", 0, "hello", (), None)

    def full(_text: str) -> int:
        raise OSError(28, "No space left on device")

    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(log.stream, "write", full)
            for _ in range(3):
                log.emit(record)
        said = capsys.readouterr().err
        assert said.count("No space left on device") == 1
        assert "Traceback" not in said
        log.emit(record)
    log.close()
    assert (tmp_path / "wall.log").read_text(encoding="utf-8").count("hello") == 2


def test_the_log_of_the_program_goes_to_the_file(tmp_path: Path) -> None:
    handler = begin_log(tmp_path / "wall.log", 2)
    logging.getLogger("factoryview.wall").info("remote: %s", "next")
    end_log(handler)
    logging.getLogger("factoryview.wall").info("too late")
    assert (tmp_path / "wall.log").read_text(encoding="utf-8").split(" ", 1)[1] == "INFO remote: next\n"
    with pytest.raises(InputError, match="cannot be written"):
        begin_log(tmp_path / "gone" / "wall.log", 2)
