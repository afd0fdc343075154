"""An export that is replaced every night: read anew, what was said before is known, corrections take their place."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from factoryview.plant.files import read_plant
from factoryview.store.database import Store
from factoryview.store.journal.following import Following
from factoryview.store.journal.journal import Journal
from factoryview.store.journal.recorded import read_recorded
from factoryview.store.journal.recorder import Recorder

PLANT = """
name = "Werk"
timezone = "UTC"
[record]
ends = ["Won", "Lost"]
[[feeds]]
name = "CRM"
kind = "file"
path = "export.csv"
"""
NIGHTS = 4

Row = tuple[str, str, str, str]
"""Case, stage, time, value."""


def nights(seed: int) -> Iterator[list[Row]]:
    """The rows of every night's export, case by case: cases come in between, go on, and their values change."""
    chance = random.Random(seed)
    begun = datetime(2026, 3, 1, 8, tzinfo=UTC)
    histories: dict[str, list[tuple[str, datetime]]] = {}
    values: dict[str, int] = {}
    for night in range(NIGHTS):
        for _ in range(12):
            case = f"c{chance.randrange(10_000):04}"
            histories.setdefault(case, [("Ask", begun + timedelta(days=night, minutes=chance.randrange(300)))])
            values.setdefault(case, 100)
        for case, steps in histories.items():
            if chance.random() < 0.5 and steps[-1][0] not in ("Won", "Lost"):
                stage = chance.choice(("Check", "Offer", "Offer", "Won", "Lost"))
                steps.append((stage, begun + timedelta(days=night, hours=6, minutes=chance.randrange(300))))
            if chance.random() < 0.3:
                values[case] += 10
        yield [
            (case, stage, moment.isoformat(), str(values[case]))
            for case in sorted(histories)
            for stage, moment in histories[case]
            for _ in range(1 + (case.endswith("7") and stage == "Ask"))
        ]


def text_of(rows: list[Row]) -> bytes:
    return b"case,stage,time,value\n" + "".join(f"{','.join(row)}\n" for row in rows).encode()


def renamed(path: Path, text: bytes) -> None:
    beside = path.with_name(".new")
    beside.write_bytes(text)
    os.replace(beside, path)


def overwritten(path: Path, text: bytes) -> None:
    path.write_bytes(text)


def removed_first(path: Path, text: bytes) -> None:
    path.unlink(missing_ok=True)
    time.sleep(0.3)
    path.write_bytes(text)


def piecewise(path: Path, text: bytes) -> None:
    with path.open("wb", buffering=0) as file:
        for begin in range(0, len(text), 1_000):
            file.write(text[begin : begin + 1_000])
            time.sleep(0.05)


def recorded(store: Path) -> Counter[tuple[object, ...]]:
    """Case, stage, time and value of every event."""
    with Journal.read(store) as journal:
        found = journal.events_after(0)
    return Counter(zip(found["case"], found["stage"], found["time"], found["value"], strict=True))


def told(rows: list[Row]) -> Counter[tuple[object, ...]]:
    """The same of the rows of an export."""
    epoch, micro = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
    return Counter(
        (case, stage, (datetime.fromisoformat(moment) - epoch) // micro, float(value))
        for case, stage, moment, value in rows
    )


class Recording:
    """A recorder of the plant that can be started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.export, self.store = folder, folder / "export.csv", folder / "werk.store"
        self.start()

    def start(self) -> None:
        self.recorder = Recorder(read_plant(PLANT), self.folder, self.store)
        self.recorder.start()

    def wait_for(self, rows: Counter[tuple[object, ...]], seconds: float = 120) -> None:
        until = time.monotonic() + seconds
        while recorded(self.store) != rows:
            assert time.monotonic() < until, recorded(self.store) - rows + (rows - recorded(self.store))
            time.sleep(0.02)


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording]:
    found = Recording(tmp_path)
    yield found
    found.recorder.stop()


@pytest.mark.parametrize("replace", [renamed, overwritten, removed_first, piecewise])
@pytest.mark.parametrize("restarts", [False, True])
def test_every_row_is_known_once_and_as_it_was_told_last(
    recording: Recording, replace: Callable[[Path, bytes], None], restarts: bool
) -> None:
    for rows in nights(3):
        assert max(told(rows).values()) == 2, "some rows are the same twice"
        if restarts:
            recording.recorder.stop()
        replace(recording.export, text_of(rows))
        if restarts:
            recording.start()
        recording.wait_for(told(rows))
    assert recording.recorder.journal.set_aside() == []


def test_whoever_follows_sees_the_corrections(recording: Recording) -> None:
    """The stays, followed from night to night, are those of the last night's journal read at once."""
    followed = Journal.read(recording.store)
    editions = nights(8)
    rows = next(editions)
    renamed(recording.export, text_of(rows))
    recording.wait_for(told(rows))
    found = read_recorded(followed)
    store = Store.build(found.log, ends=("Won", "Lost"))
    following = Following(followed, store, found.mark, known=("Ask", "Check", "Offer", "Won", "Lost"))
    for rows in editions:
        renamed(recording.export, text_of(rows))
        recording.wait_for(told(rows))
        while following.advance() is not None:
            pass
    anew = Store.build(read_recorded(followed).log, ends=("Won", "Lost"))
    query = "select * exclude (id) from stays order by all"
    one, other = (built.engine.connection.execute(query).fetchall() for built in (store, anew))
    assert one
    assert one == other
    followed.close()


def test_rows_that_an_edition_no_longer_has_stay(recording: Recording) -> None:
    """An export may go back only thirty days."""
    rows = next(nights(5))
    renamed(recording.export, text_of(rows))
    recording.wait_for(told(rows))
    fresh: Row = ("new", "Ask", "2026-03-02T00:00:00+00:00", "1")
    renamed(recording.export, text_of([*rows[7:], fresh]))
    recording.wait_for(told([*rows, fresh]))
