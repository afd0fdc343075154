"""A feed: every `*.json` file of a folder is one event; what is read is remembered by the name of the last file."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

from factoryview.plant.feeds import PluginFeed
from factoryview.sources.feeds.feed import LARGEST_BATCH, Batch, FeedError, Message, messages_of


def open_feed(settings: PluginFeed, folder: Path) -> "QueueFolder":
    """What the entry point names."""
    return QueueFolder(folder / settings.options["folder"])


class QueueFolder:
    def __init__(self, folder: Path) -> None:
        self.folder, self.last, self.closing = folder, "", Event()

    def start(self, position: str | None) -> None:
        if not self.folder.is_dir():
            raise FeedError(f"{self.folder}: there is no such folder")
        self.last = position or ""

    def batches(self) -> Iterator[Batch]:
        while not self.closing.is_set():
            messages = self.messages()
            yield Batch(messages, self.last)  # an empty one says that the feed lives
            if not messages:
                self.closing.wait(0.5)

    def messages(self) -> list[Message]:
        new = sorted(path for path in self.folder.glob("*.json") if path.name > self.last)[:LARGEST_BATCH]
        found = [message for path in new for message in messages_of(path.read_bytes(), key=path.name)]
        self.last = new[-1].name if new else self.last
        return found

    def close(self) -> None:
        self.closing.set()
