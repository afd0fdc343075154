"""A full disk and a store that can only be read: told in the log and in the state; then it goes on, nothing lost."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.store.journal.journal import Journal
from tests.kit.recording import Recording

resource = pytest.importorskip("resource", reason="limits of another process are Unix's")

EVENTS = 6_000
STAGES = 50


class Source:
    """A log that grows, with a plant that records it."""

    def __init__(self, folder: Path, store: Path) -> None:
        self.folder, self.store, self.written = folder, store, 0
        self.plant = folder / "werk.toml"
        record = f"[record]\npath = {json.dumps(str(store))}\n"
        self.plant.write_text(f'name = "Werk"\n[[feeds]]\nname = "log"\nkind = "file"\npath = "log.jsonl"\n{record}')
        (folder / "log.jsonl").touch()

    def grow(self, events: int = EVENTS) -> None:
        with (self.folder / "log.jsonl").open("a") as file:
            for k in range(self.written, self.written + events):
                event = {
                    "event id": k,
                    "case": f"case {k % 700}",
                    "stage": f"stage {k % STAGES}",
                    "time": 1_700_000_000 + k,
                }
                file.write(json.dumps(event) + "\n")
        self.written += events

    def recorded(self) -> int:
        """Events on disk."""
        try:
            with Journal.read(self.store) as journal, journal.reading() as con:
                return int(con.execute("select count(*) from events").fetchone()[0])
        except InputError:
            return 0

    def state(self) -> str:
        with Journal.read(self.store) as journal:
            return journal.states()[0].trouble

    def check(self) -> None:
        """Each event is there once, and the store is sound."""
        with Journal.read(self.store) as journal:
            found = journal.events_after(0, 10**6)
            expected = Counter((f"stage {k % STAGES}", (1_700_000_000 + k) * 10**6) for k in range(self.written))
            assert Counter(zip(found["stage"], found["time"], strict=True)) == expected
            assert [state.duplicates for state in journal.states()] == [0]
            with journal.reading() as con:
                assert con.execute("pragma integrity_check").fetchall() == [("ok",)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    yield disk
    subprocess.run(["umount", disk], check=True)


def fill(disk: Path, but: int = 0) -> Path:
    """A file that takes all the room, but so many bytes."""
    rest, other = os.statvfs(disk), disk / "other"
    other.write_bytes(b"x" * (rest.f_bavail * rest.f_frsize - but))
    return other


def test_a_disk_that_takes_no_more_is_told_and_waited_for(tmp_path: Path) -> None:
    source = Source(tmp_path, tmp_path / "werk.store")
    source.grow()
    with Recording(source.plant) as recording:
        recording.wait(lambda: source.recorded() == EVENTS)
        _, most = resource.prlimit(recording.pid, resource.RLIMIT_FSIZE)
        full = max(file.stat().st_size for file in tmp_path.glob("werk.store*")) + 50_000
        resource.prlimit(recording.pid, resource.RLIMIT_FSIZE, (full, most))
        source.grow(5 * EVENTS)
        recording.wait_for("Nothing can be recorded:")
        assert "the disk cannot be written" in recording.said
        assert source.recorded() < source.written
        resource.prlimit(recording.pid, resource.RLIMIT_FSIZE, (most, most))
        recording.wait(lambda: source.recorded() == source.written, 40)
        recording.wait_for("The store can be written again.")
        assert recording.end() == 0
    source.check()


def test_a_full_disk_is_told_and_waited_for(tmp_path: Path, small_disk: Path) -> None:
    source = Source(tmp_path, small_disk / "werk.store")
    source.grow()
    with Recording(source.plant) as recording:
        recording.wait(lambda: source.recorded() == EVENTS)
        other = fill(small_disk, 100_000)
        source.grow()
        recording.wait_for("Nothing can be recorded:")
        assert "the disk is full" in recording.said
        other.unlink()
        recording.wait(lambda: source.recorded() == source.written, 40)
        recording.wait_for("The store can be written again.")
        assert recording.end() == 0
    source.check()


def test_a_log_on_the_full_disk_does_not_end_the_recording(tmp_path: Path, small_disk: Path) -> None:
    source = Source(tmp_path, small_disk / "werk.store")
    with Recording(source.plant, small_disk / "record.log") as recording:
        source.grow(500)
        recording.wait(lambda: source.recorded() == 500)
        other = fill(small_disk)
        source.grow()
        recording.wait_for("Nothing can be recorded:", 3)
        other.unlink()
        recording.wait(lambda: source.recorded() == source.written, 40)
        assert recording.end() == 0
    source.check()


def test_a_store_made_read_only_is_left_alone_until_it_may_be_written(tmp_path: Path) -> None:
    source = Source(tmp_path, tmp_path / "werk.store")
    source.grow(500)
    with Recording(source.plant, humble=True) as recording:
        recording.wait(lambda: source.recorded() == 500)
        source.store.chmod(0o444)
        source.grow(500)
        recording.wait_for("Nothing can be recorded:")
        recording.wait_for("the store can only be read. Make the file writable.")
        assert source.recorded() == 500
        source.store.chmod(0o644)
        recording.wait(lambda: source.recorded() == 1_000, 40)
        recording.wait_for("The store can be written again.")
        assert recording.end() == 0
    source.check()


def test_a_store_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    disk.chmod(0o555)
    with Recording(Source(tmp_path, disk / "werk.store").plant, humble=True) as recording:
        assert recording.ended(20) == 3
    assert len(recording.said.splitlines()) == 1
    assert "the store cannot be opened (permission denied)." in recording.said


def test_a_store_that_may_not_be_written_is_one_sentence(tmp_path: Path) -> None:
    source = Source(tmp_path, tmp_path / "werk.store")
    Journal.create_or_open(source.store, "", "entry").close()
    source.store.chmod(0o444)
    with Recording(source.plant, humble=True) as recording:
        assert recording.ended(20) == 3
    assert len(recording.said.splitlines()) == 1
    assert "the store can only be read." in recording.said
