"""`wall` on the command line: what it says when asked wrongly, and what goes with it beside the picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.command import factoryview, write_log

WALL = '[[plant]]\nname = "Office"\nfile = "office.csv"\n[[view]]\nkind = "ladder"\n'


@pytest.fixture
def wall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    write_log(tmp_path / "office.csv")
    path = tmp_path / "wall.toml"
    path.write_text(WALL, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name one wall file"),
        (("WALL", "WALL"), "name one wall file"),
        (("WALL", "--status", "--privacy"), "give one of"),
        (("--status",), "name at least one wall"),
        (("--status", "ftp://a"), "write HOST"),
        (("WALL", "--size", "big"), "1920x1080"),
    ],
)
def test_a_wrong_question_is_answered_in_one_sentence(wall: Path, arguments: tuple[str, ...], words: str) -> None:
    said = factoryview("wall", *(str(wall) if word == "WALL" else word for word in arguments))
    assert (said.status, said.out) == (2, "")
    assert words in said.err
    assert said.err.count("\n") == 1


def test_installing_says_what_it_did_and_is_undone(wall: Path) -> None:
    entry = wall.parent / "config" / "autostart" / "factoryview-wall.desktop"
    said = factoryview("wall", wall, "--install", "--lang", "en")
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines() == [f"written: {entry}", "The wall starts at the next login."]
    assert str(wall) in entry.read_text(encoding="utf-8")
    assert factoryview("wall", "--uninstall", "--lang", "de").out == f"entfernt: {entry}\n"
    assert not entry.exists()
    assert factoryview("wall", "--uninstall", "--lang", "de").out == "Hier ist keine Wand eingerichtet.\n"


def test_the_page_for_the_works_council_is_of_this_wall(wall: Path) -> None:
    said = factoryview("wall", wall, "--privacy", "--lang", "de")
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("# Was diese Wand zeigt: Office\n")
    assert "weniger als 6 Vorgängen" in said.out


def test_a_wall_that_is_not_there_is_said_with_status_1(wall: Path) -> None:  # noqa: ARG001  # its environment
    said = factoryview("wall", "--status", "127.0.0.1:9", "--lang", "en")
    assert (said.status, said.err) == (1, "")
    assert said.out.startswith("127.0.0.1:9: cannot be reached (")
