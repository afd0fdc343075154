"""What came at once, handed on in batches of bounded size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from factoryview.sources.feeds.feed import LARGEST_BATCH, Batch, Message, Position


def portions(
    messages: Sequence[Message],
    before: Position,
    after: Position,
    settled: Callable[[Exception | None], None] = lambda _error: None,
) -> Iterator[Batch]:
    """The messages between two positions, in batches of at most `LARGEST_BATCH`; one empty batch if there are none.

    Only the last moves the position and is acknowledged: if not all of them get to the disk, all come again.
    """
    last = max(0, len(messages) - 1) // LARGEST_BATCH * LARGEST_BATCH
    for start in range(0, last, LARGEST_BATCH):
        yield Batch(messages[start : start + LARGEST_BATCH], before)
    yield Batch(messages[last:], after, settled)
