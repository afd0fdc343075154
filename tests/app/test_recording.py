"""`record` as people see it: its lines, its ends, its exit status."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from factoryview.app.recording import RecordingLog
from factoryview.errors import InputError
from factoryview.language import Language
from factoryview.sources.feeds.follower import FeedState
from factoryview.store.journal.journal import Journal
from tests.kit.command import factoryview
from tests.kit.recording import Recording

FEED = '[[feeds]]\nname = "crm"\nkind = "file"\npath = "log.jsonl"\n'
EVENT = {"case": "a", "stage": "Ask", "time": "2026-03-01T10:00:00Z"}


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    (tmp_path / "log.jsonl").write_text(json.dumps(EVENT) + "\nnonsense\n")
    plant = tmp_path / "werk.toml"
    plant.write_text(f'name = "Werk"\ntimezone = "Europe/Berlin"\n{FEED}')
    return plant


def test_it_tells_what_it_does_and_what_came(plant: Path) -> None:
    said = factoryview("record", plant, "--seconds", "1.5")
    assert (said.status, said.err) == (0, "")
    lines = [line.split("  ", 1) for line in said.out.splitlines()]
    assert all(moment[10] == " " and moment[-6:] in ("+01:00", "+02:00") for moment, _ in lines)
    told = [text for _, text in lines]
    assert told[0] == f"Werk: recording into {plant.with_suffix('.store')}. Ctrl-C ends it."
    assert "crm: live" in told
    assert told[-2] == "crm: stopped"
    assert told[-1].startswith("crm: 1 events, 0 came twice, 1 set aside; last sign of life 20")
    with Journal.read(plant.with_suffix(".store")) as journal:
        assert journal.last_row == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not Windows's way")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_end_it_well(plant: Path, number: signal.Signals) -> None:
    with Recording(plant) as recording:
        recording.wait_for("live")
        os.kill(recording.pid, number)
        assert recording.ended(10) == 0
    assert "crm: stopped" in recording.said
    assert not plant.with_suffix(".store-wal").exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('name = "Werk"\n', "no live source"),
        (FEED, "name"),
        (f'name = "W"\n{FEED.replace("log.jsonl", "$" + "{NOT_THERE}")}', "NOT_THERE"),
        (f'name = "W"\n{FEED}[record]\npath = "no/folder/x.store"\n', "the store cannot be opened"),
        (f'name = "W"\n{FEED}[record]\npath = "log.jsonl"\n', "no factoryview store"),
    ],
)
def test_what_cannot_be_recorded_is_one_sentence(plant: Path, text: str, expected: str) -> None:
    plant.write_text(text)
    said = factoryview("record", plant, "--seconds", "1")
    assert (said.status, said.out) == (3, "")
    assert expected in said.err
    assert said.readable


def test_usage(plant: Path) -> None:
    assert factoryview("record", plant, "--seconds", "0").status == 2
    assert factoryview("record").status == 2


def log_into(file: io.TextIOBase, *, terminal: bool = False) -> RecordingLog:
    console = Console(file=file, force_terminal=terminal, width=100)  # type: ignore[arg-type]
    return RecordingLog(console, Language("en", "UTC"))


def test_only_changes_are_told() -> None:
    file = io.StringIO()
    log = log_into(file)
    live = FeedState("crm", "live", heard=1)
    for states, trouble in (
        ([live], ""),
        ([live], "the disk is full."),
        ([FeedState("crm", "live", heard=2, accepted=5)], "the disk is full."),
        ([FeedState("crm", "retrying", trouble="refused [/bold]")], ""),
    ):
        log.look(states, trouble)
    assert [line.split("  ", 1)[1] for line in file.getvalue().splitlines()] == [
        "crm: live",
        "Nothing can be recorded: the disk is full.",
        "crm: retrying, refused [/bold]",
        "The store can be written again.",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("terminal", [False, True])
def test_any_text_is_told_in_any_encoding(encoding: str, terminal: bool) -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding)
    log = log_into(file, terminal=terminal)
    with log.live():
        log.look([FeedState("Łódź", "retrying", trouble="auftr\udce4ge.jsonl: 工")], "工\udce4")
    log.sum_up()
    file.flush()
    said = raw.getvalue().decode(encoding)
    assert "auftr\\udce4ge.jsonl: " in said
    assert "Nothing can be recorded: " in said
    assert ("工" in said) == (encoding == "utf-8")


def test_a_trouble_that_lasts_to_the_end_is_not_told_to_be_over(plant: Path) -> None:
    with Recording(plant) as recording:
        recording.wait_for("live")
        store = plant.with_suffix(".store")
        store.rename(plant.with_name("aside"))
        recording.wait_for("Nothing can be recorded")
        assert recording.end() == 0
    assert "crm: stopped" in recording.said
    assert "can be written again" not in recording.said


def test_a_terminal_shows_a_table_that_goes_away() -> None:
    file = io.StringIO()
    log = log_into(file, terminal=True)
    with log.live():
        log.look([FeedState("crm", "live", heard=1_000_000, accepted=12_345, rejected=6)], "")
        log.look([FeedState("crm", "live", heard=1_000_000, accepted=12_346, rejected=6)], "")
    shown = file.getvalue()
    assert "last sign of life" in shown
    assert "12,346" in shown
    assert "1970-01-01 00:00:01" in shown


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_log_that_finds_no_room_ends_nothing(plant: Path) -> None:
    with Recording(plant, Path("/dev/full")) as recording:
        recording.wait(lambda: accepted(plant.with_suffix(".store")) == 1)
        assert recording.end() == 0


def accepted(store: Path) -> int:
    """Events on disk."""
    try:
        with Journal.read(store) as journal:
            return sum(state.accepted for state in journal.states())
    except InputError:
        return 0  # not there yet


def test_whoever_reads_the_log_may_go_away(plant: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "from factoryview.cli import main; main()", "record", plant],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as recording:
        assert recording.stdout
        recording.stdout.readline()
        recording.stdout.close()
        assert recording.wait(10) == 0
        assert recording.stderr
        assert recording.stderr.read() == b""
