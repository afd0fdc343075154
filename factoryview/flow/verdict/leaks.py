"""Where cases are lost: by stage, reason, channel, with their value, against the period before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from factoryview.store.database import Store

LEAST = 5
"""Smaller groups are merged: they would point at single cases and people."""


@dataclass(frozen=True)
class Loss:
    """Cases lost at one stage for one reason in a period."""

    stage: str | None
    reason: str | None
    outcome: str
    channel: str | None
    """The channel most of them came by; None where it does not stand out."""
    cases: float
    value: float | None
    before: float
    """Cases lost so in the period of the same length before."""
    share: float
    """Of all cases that left the stage in the period."""

    @property
    def change(self) -> float | None:
        """(cases − before) ÷ before; None where there were none before."""
        return (self.cases - self.before) / self.before if self.before else None


def leaks(store: Store, bad: list[str], since: datetime, until: datetime) -> list[Loss]:
    """Losses in [since, until) (naive UTC), the most first; `bad`: outcomes that count as lost."""
    rows = store.rows("verdict/leaks", bad=bad, since=since, until=until, before=since - (until - since))
    found = []
    for stage, reason, outcome, cases, value, before, leaving, channel, of_channel in rows:
        if cases < LEAST and before < LEAST:
            continue
        named = channel if channel is not None and cases and of_channel > 0.6 * cases else None
        found.append(Loss(stage, reason, outcome, named, cases, value, before, cases / leaving if leaving else 0.0))
    return found
