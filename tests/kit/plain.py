"""A log of entries counted by plain loops over its events, sharing nothing with the store."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tests.kit.event_logs import Event


@dataclass(frozen=True)
class Visit:
    """One stay; times in µs UTC, `left` None while it lasts."""

    case: str
    stage: str
    entered: int
    left: int | None
    to: str | None
    """Where it went."""
    came_from: str | None
    """The stage before; None for the first."""
    channel: str | None
    reason: str | None
    """Of its loss, where it went to an end that says why."""

    def present(self, at: int) -> bool:
        """Entered ≤ at < left."""
        return self.entered <= at and (self.left is None or at < self.left)


def visits(events: list[Event], ends: tuple[str, ...]) -> list[Visit]:
    """Every stay at a stage that is no end, in any order. Each event has a time and its case's channel."""
    paths: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        paths[event.case].append(event)
    found = []
    for case, path in paths.items():
        path.sort(key=lambda event: (event.time or 0, event.row))
        for before, event, after in zip([None, *path], path, [*path[1:], None], strict=False):
            if event.stage not in ends:
                found.append(
                    Visit(
                        case,
                        event.stage,
                        event.time or 0,
                        after.time if after else None,
                        after.stage if after else None,
                        before.stage if before else None,
                        event.channel,
                        after.reason if after else None,
                    )
                )
    return found
