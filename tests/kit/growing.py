"""A feed of growing files that is asked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from factoryview.plant.feeds import FileFeed
from factoryview.sources.feeds.feed import LARGEST_BATCH, Message, Position
from factoryview.sources.feeds.file.growing_file import GrowingFile


class Reader:
    """A feed that is asked by hand, and everything it gave."""

    def __init__(self, folder: Path, path: str = "log.jsonl", **words: object) -> None:
        self._make = lambda: GrowingFile(FileFeed(kind="file", name="f", path=path, **words), folder)  # type: ignore[arg-type]
        self.given: list[Message] = []
        self.positions: list[Position | None] = [None]
        self.feed = self._make()
        self.feed.start(None)

    def look(self) -> list[Message]:
        """What one look gives."""
        batches = list(self.feed.look())
        self.positions += [batch.position for batch in batches]
        assert all(len(batch.messages) <= LARGEST_BATCH for batch in batches)
        found = [message for batch in batches for message in batch.messages]
        self.given += found
        return found

    def restart(self, position: Position | None = "") -> None:
        """Another feed goes on, from the last place unless another is given."""
        self.feed = self._make()
        self.feed.start(self.positions[-1] if position == "" else position)


def ids(messages: Sequence[Message]) -> list[object]:
    """The field `id` of each; its trouble where there is none."""
    return [message.fields.get("id", message.trouble) for message in messages]


def lines(*numbers: int) -> bytes:
    return b"".join(b'{"id": %d}\n' % number for number in numbers)


def append(path: Path, text: bytes) -> None:
    with path.open("ab") as file:
        file.write(text)
