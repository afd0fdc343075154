"""One program records, two others look: what they see grows, is never torn, and in the end is the clean log."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from factoryview.sources import ReadOptions, read
from factoryview.store.database import Store
from tests.kit.recording import Recording
from tests.kit.torrent.torrent import ENDS, torrent

EVENTS = 2_000
ROOT = Path(__file__).parents[2]
_READER = """
import json, sys, time
from pathlib import Path
from factoryview.store.database import Store
from factoryview.store.journal.following import Following
from factoryview.store.journal.journal import Journal
from factoryview.store.journal.recorded import read_recorded
from tests.feeds.test_readers import ENDS, figures

path, total = Path(sys.argv[1]), int(sys.argv[2])
journal = Journal.read(path)
recorded = read_recorded(journal)
store = Store.build(recorded.log, ends=ENDS)
following = Following(journal, store, recorded.mark, known=())
taken, seen = len(journal.events_after(0, 10**9)["row"]), []
while True:
    advance = following.advance()
    with journal.reading():
        there = len(journal.events_after(0, 10**9)["row"])
        assert there >= taken, "what was seen is gone"
        taken = there
        states = {state.name: state.accepted for state in journal.states()}
        assert states["source"] == there, "events and what is said of them are of one moment"
    seen.append(following.mark.row)
    print("looked", flush=True)
    if taken == total and advance is None:
        break
    time.sleep(0.01)
assert seen == sorted(seen)
print(json.dumps(figures(store)))
"""


def figures(store: Store) -> list[list[object]]:
    """Stays and outcomes by stage, in numbers that any mistake changes."""
    query = """
    select stage, count(*), sum(epoch_us(entered) % 1000003), sum(epoch_us(coalesce("left", entered)) % 1000003)
    from stays group by stage
    union all select outcome, count(*), 0, 0 from outcomes group by outcome order by all"""
    return [[str(name), *map(int, numbers)] for name, *numbers in store.engine.connection.execute(query).fetchall()]


class Reader:
    """A program that follows the store until all events are there."""

    def __init__(self, store: Path, log: Path) -> None:
        self.log = log
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _READER, str(store), str(EVENTS)],
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
            )

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def has_looked(self) -> bool:
        assert self._process.poll() in (None, 0), self.log.read_text(encoding="utf-8")
        return b"looked" in self.log.read_bytes()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(60)

    def found(self) -> object:
        status = self._process.wait(300)
        said = self.log.read_text(encoding="utf-8")
        assert status == 0, said
        return json.loads(said.splitlines()[-1])


def test_three_programs_and_one_store(tmp_path: Path) -> None:
    flood = torrent(EVENTS, 5, only_json=True)
    plant, store, source = (tmp_path / name for name in ("werk.toml", "werk.store", "log.jsonl"))
    plant.write_text('name = "W"\n[[feeds]]\nname = "source"\nkind = "file"\npath = "log.jsonl"\n', encoding="utf-8")
    pieces = [flood.messages[k : k + 100] for k in range(0, len(flood.messages), 100)]
    with Recording(plant) as recording, source.open("a", encoding="utf-8") as file:

        def send(count: int) -> None:
            for _ in range(count):
                file.write("".join(f"{message}\n" for message in pieces.pop(0)))
                file.flush()
                time.sleep(0.01)

        send(3)
        recording.wait(store.exists, 120)
        recording.wait_for("source: live", 120)
        with Reader(store, tmp_path / "one") as one, Reader(store, tmp_path / "two") as two:
            recording.wait(lambda: one.has_looked() and two.has_looked(), 120)
            send(5)
            two.kill()
            recording.kill()
            send(2)
            recording.start()
            with Reader(store, tmp_path / "three") as three:
                recording.wait(three.has_looked, 120)
                send(len(pieces))
                found = [one.found(), three.found()]
        assert recording.end(60) == 0
    clean = Store.build(read(flood.write_csv(tmp_path / "clean.csv"), ReadOptions(times="entry")), ends=ENDS)
    assert len(figures(clean)) > 5
    assert found == [figures(clean)] * 2
