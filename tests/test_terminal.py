"""What is printed: no terminal is steered by it, no encoding stumbles over it, and nobody need read it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import pytest

from factoryview.cli import main
from factoryview.terminal import Plain, Unwritten, plain, plain_streams, steered
from tests.kit.command import write_log

PROGRAM = [sys.executable, "-c", "from factoryview.cli import main; main()"]
STEERING = {chr(code) for code in (*range(32), *range(127, 160), 0x2028, 0x202E, 0x2066)} - {"\n", "\t"}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Names that steer a terminal, in letters that few encodings have, in a file whose name is such, too."""
    path = tmp_path_factory.mktemp("ł_🏭\x1b[31m") / "log_ł_🏭\x1b[31m.csv"
    text = write_log(path).read_text(encoding="utf-8")
    text = (
        text.replace("Offer", "\x1b]0;title\x07Offer ł 🏭")
        .replace("web", "\x9b31mweb\x7f")
        .replace("Lost", "Lost\u202e")
    )
    path.write_text(text + "c999,Offer,never\n", encoding="utf-8")
    return path


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """A log nothing is wrong with."""
    return write_log(tmp_path / "log.csv")


def printed(arguments: Sequence[object], encoding: str) -> tuple[int | str | None, str]:
    """Status, and what a terminal of that encoding would get of both streams."""
    raw = io.BytesIO()
    out, err = (io.TextIOWrapper(raw, encoding=encoding, write_through=True) for _ in range(2))
    with (
        patch.object(sys, "argv", ["factoryview", *map(str, arguments)]),
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", err),
        pytest.raises(SystemExit) as end,
    ):
        main()
    out.flush()
    err.flush()
    return end.value.code, raw.getvalue().decode(encoding)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
@pytest.mark.parametrize(
    "verb",
    [["explain"], ["explain", "--lang", "de"], ["kpis"], ["check"], ["snapshot"], ["snapshot", "--json"]],
    ids=" ".join,
)
def test_names_are_shown_and_steer_nothing(log: Path, verb: list[str], encoding: str) -> None:
    status, text = printed([verb[0], log, *verb[1:]], encoding)
    assert status == 0
    assert not STEERING & set(text)
    assert text.strip()


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_complaints_too(log: Path, encoding: str) -> None:
    for arguments in (
        ["explain", f"{log}.gone"],
        ["explain", log, "--times", "\x1b[1m"],
        ["\x1b[1m"],
        ["kpis", "--\x07"],
    ):
        status, text = printed(arguments, encoding)
        assert status in (2, 3)
        assert not STEERING & set(text)
        assert "mistake" not in text


def test_what_has_a_meaning_is_left() -> None:
    assert plain("Größe\t1\n東京 🏭 e\u0301 \u200d\n") == "Größe\t1\n東京 🏭 e\u0301 \u200d\n"
    stream = io.StringIO()
    Plain(stream).writelines(["a\x1b", "b\n"])
    assert stream.getvalue() == "a b\n"
    assert steered(Plain(stream)) is stream is steered(stream)  # type: ignore[arg-type,comparison-overlap]


def test_half_a_character_is_replaced() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="utf-8", write_through=True)
    with patch.object(sys, "stdout", out), plain_streams():
        print("log\udce4.csv")
    assert raw.getvalue() == b"log?.csv\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there, numbers of streams are no matter")
class TestNobodyReads:
    def status(self, log: Path, redirections: str) -> tuple[int, str]:
        command = ["sh", "-c", f'"$@" {redirections}', "sh", *PROGRAM, "explain", str(log)]
        ended = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONWARNINGS": "error"}
        )
        return ended.returncode, ended.stderr

    def test_closed_before_it_began(self, clean: Path) -> None:
        assert self.status(clean, ">&-") == (0, "")
        assert self.status(clean, ">&- 2>&-") == (0, "")
        assert self.status(clean, "<&- >&- 2>&-") == (0, "")

    def test_closed_while_it_wrote(self, clean: Path) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        command = [*PROGRAM, "explain", str(clean)]
        ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
        os.close(writing)
        assert (ended.returncode, ended.stderr) == (0, "")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
    def test_no_room(self, clean: Path) -> None:
        status, told = self.status(clean, ">/dev/full")
        assert status == 3
        assert told == "factoryview: the output cannot be written (no space left on device).\n"
        assert self.status(clean, ">/dev/full 2>/dev/full") == (3, "")


def test_the_streams_are_as_they_were_afterwards() -> None:
    before = sys.stdout, sys.stderr
    with plain_streams():
        assert isinstance(sys.stdout, Plain)
        assert isinstance(sys.stderr, Plain)
    assert (sys.stdout, sys.stderr) == before


def test_a_full_disk_is_told_in_words() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:  # noqa: ARG002
            raise OSError(28, "No space left on device", None)

    with pytest.raises(Unwritten, match="no space left"):
        Plain(Full()).write("a")
