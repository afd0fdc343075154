"""Each kind of source in disorder and killed, and the recorder killed too: in the end the stays are the clean log's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.store.journal.journal import Journal
from tests.kit.recording import Recording
from tests.kit.torrent import sources
from tests.kit.torrent.sources import Source
from tests.kit.torrent.torrent import Torrent, differences, set_aside, torrent

EVENTS, PAUSE = 100_000, 30.0
FEW, BRIEFLY = 2_000, 1.0
SEED = 20


class Sender:
    """Sends all messages, in pieces, and again what was not acknowledged."""

    def __init__(self, source: Source, messages: list[str]) -> None:
        self.source, self.messages = source, messages
        self.sent = 0
        """So many of them are acknowledged."""
        self.again = 0
        """So many were sent more than once."""
        self.turn = threading.RLock()
        """Held while a piece is sent, but for those sources that wait for the answer of another program."""
        self._size = -(-len(messages) // source.pieces)
        self._stopping = threading.Event()
        self.trouble = ""
        """Why the last piece that failed did."""
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()

    def start(self) -> None:
        self._thread.start()

    def from_the_beginning(self) -> None:
        self.again += self.sent
        self.sent = 0

    @property
    def is_done(self) -> bool:
        return self.sent == len(self.messages)

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self.turn:
                piece = self.messages[self.sent : self.sent + self._size]
                if piece:
                    try:
                        self.source.send(piece)
                        self.sent += len(piece)
                    except Exception as error:  # noqa: BLE001  (whatever it is, it is sent again)
                        self.trouble = repr(error)
                        self.again += len(piece)
                        piece = []
            self._stopping.wait(0.002 if piece else 0.1)


def accepted(store: Path) -> int:
    """Events on disk."""
    try:
        with Journal.read(store) as journal:
            return sum(state.accepted for state in journal.states())
    except InputError:
        return 0


def survives(source: Source, folder: Path, flood: Torrent, pause: float, patience: float) -> tuple[int, int]:
    """Let it all happen, and compare. How often poison was set aside, and how many messages were sent again."""
    plant, store = folder / "werk.toml", folder / "werk.store"
    plant.write_text(f'name = "Werk"\n[[feeds]]\nname = "source"\n{source.settings}\n', encoding="utf-8")
    log = flood.write_csv(folder / "clean.csv")
    total = len(flood.events)
    began = time.monotonic()
    with (
        source.running(),
        Recording(plant, environment=source.environment) as recording,
        Sender(source, flood.messages) as sender,
    ):
        if not source.keeps_beforehand:
            recording.wait_for("source: live")
        sender.start()

        def wait(done: Callable[[], bool]) -> None:
            recording.wait(done, patience - (time.monotonic() - began))

        wait(lambda: accepted(store) >= total // 4)
        recording.kill()
        heard = len(recording.said)
        recording.start()
        wait(lambda: "live" in recording.said[heard:])
        wait(lambda: sender.sent >= len(flood.messages) // 2)
        interrupt(source, sender)
        time.sleep(pause)
        source.start()
        wait(lambda: sender.is_done and accepted(store) >= total and set_aside(store)[0] >= flood.poison)
        assert recording.end() == 0
        again = sender.again
    assert accepted(store) == total
    assert differences(store, log) == {}
    numbers, times = set_aside(store)
    assert numbers == flood.poison
    for secret in source.secrets:
        assert secret not in recording.said
        assert not any(secret.encode() in file.read_bytes() for file in folder.glob("werk.store*"))
    return times, again


def interrupt(source: Source, sender: Sender) -> None:
    """Kill the source, in the midst of a piece where what it acknowledged is safe then."""
    if source.forgets or type(source).prepare_kill is not Source.prepare_kill:
        with sender.turn:
            source.prepare_kill()
            source.kill()
            if source.forgets:
                sender.from_the_beginning()
    else:
        source.kill()


@pytest.mark.parametrize("kind", ["file", "webhook", "http"])
def test_a_short_torrent(kind: str, tmp_path: Path) -> None:
    source = made(kind, tmp_path, FEW)
    flood = torrent(FEW, SEED, only_json=source.only_json)
    times, _ = survives(source, tmp_path, flood, BRIEFLY, 40)
    assert kind != "file" or times == len(flood.poison)


@pytest.mark.parts
@pytest.mark.parametrize("kind", ["file", "postgres", "redis", "kafka", "mqtt", "webhook", "http"])
def test_a_torrent(kind: str, tmp_path: Path) -> None:
    source = made(kind, tmp_path, EVENTS)
    flood = torrent(EVENTS, SEED + 1, only_json=source.only_json)
    times, again = survives(source, tmp_path, flood, PAUSE, 170)
    if kind in ("file", "postgres", "redis") and not again:
        assert times == len(flood.poison)


def made(kind: str, folder: Path, events: int) -> Source:
    if kind == "postgres":
        return sources.Postgres()
    if kind == "kafka":
        return sources.Kafka()
    if kind == "http":
        return sources.Endpoint(folder, events // 4)
    kinds: dict[str, Callable[[Path], Source]] = {
        "file": sources.File, "redis": sources.Redis, "mqtt": sources.Mqtt, "webhook": sources.Webhook
    }  # fmt: skip
    return kinds[kind](folder)
