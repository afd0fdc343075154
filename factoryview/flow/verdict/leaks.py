"""Where cases are lost: by stage, reason, channel, with their value, against the period before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from factoryview.factory.privacy import REST, Gate
from factoryview.store.database import Store

STANDS_OUT = 0.6
"""Share of a loss's cases that came by one channel, from which on the channel is named."""

FEWEST_NAMED = 2
"""A single lost case is never spoken of."""


@dataclass(frozen=True)
class Loss:
    """Cases lost at one stage for one reason in a period."""

    stage: str | None
    reason: str | None
    """None: the log gives none; `REST`: several reasons, each of too few cases."""
    outcome: str
    channel: str | None
    """The channel most of them came by; None where it does not stand out."""
    cases: float
    value: float | None
    before: float | None
    """Cases lost so in the period of the same length before; None where they were too few to be shown, or where the log
    does not go back so far."""
    share: float | None
    """Of all cases that left the stage in the period; None where the log does not know how many went on."""

    @property
    def change(self) -> float | None:
        """(cases − before) ÷ before; None where there were none before, or too few."""
        return (self.cases - self.before) / self.before if self.before else None


def leaks(
    store: Store, bad: list[str], since: datetime, until: datetime, gate: Gate, begin: datetime = datetime.min
) -> list[Loss]:
    """Losses in [since, until) (naive UTC), the most first; `bad`: outcomes that count as lost.

    begin: of the log, where that is known. Reasons of too few cases stand together for their stage and outcome, and not
    at all where these are too few, too.
    """
    rows = store.rows("verdict/leaks", bad=bad, since=since, until=until, before=since - (until - since))
    found: list[Loss] = []
    few: list[Loss] = []
    for stage, reason, outcome, cases, value, before, leaving, channel, of_channel in rows:
        named = channel if of_channel > STANDS_OUT * cases and gate.enough(of_channel) else None
        share = None if store.last_only else cases / leaving if leaving else 0.0
        loss = Loss(stage, reason, outcome, named, cases, value, before, share)
        if _may_be_named(loss, gate):
            found.append(loss)
        else:
            few.append(loss)
    found += [loss for loss in _together(few) if _may_be_named(loss, gate)]
    comparable = since - begin >= until - since
    shown = [replace(loss, before=_told(loss.before or 0.0, gate) if comparable else None) for loss in found]
    return sorted(shown, key=lambda loss: (-loss.cases, loss.stage or "", loss.reason or ""))


def _may_be_named(loss: Loss, gate: Gate) -> bool:
    return gate.enough(loss.cases or loss.before or 0.0)


def _told(before: float, gate: Gate) -> float | None:
    return before if not before else gate.number(before, before)


def _together(losses: Iterable[Loss]) -> list[Loss]:
    """The losses of each stage and outcome added up."""

    def way(loss: Loss) -> tuple[str, str]:
        return loss.stage or "", loss.outcome

    added = []
    for _, some in groupby(sorted(losses, key=way), way):
        parts = list(some)
        values = [part.value for part in parts if part.value is not None]
        added.append(
            Loss(
                parts[0].stage, REST, parts[0].outcome, None, sum(part.cases for part in parts),
                sum(values) if values else None, sum(part.before or 0.0 for part in parts),
                None if any(part.share is None for part in parts) else sum(part.share or 0.0 for part in parts),
            )
        )  # fmt: skip
    return added


@dataclass(frozen=True)
class Lost:
    """All cases lost at one stage in a period."""

    stage: str
    cases: float
    share: float | None
    """Of those that left the stage; None where so few were lost that it would point at single cases, or where the log
    does not know how many went on."""


def largest(store: Store, bad: list[str], since: datetime, until: datetime, gate: Gate) -> Lost | None:
    """The stage that lost the most in [since, until) (naive UTC), whatever the reason; None where none lost two."""
    rows = store.rows("verdict/leaks", bad=bad, since=since, until=until, before=since)
    lost: dict[str, float] = {}
    gone: dict[str, float] = {}
    for stage, _reason, _outcome, cases, _value, _before, leaving, *_ in rows:
        if stage is not None:
            lost[stage] = lost.get(stage, 0.0) + cases
            gone[stage] = leaving or 0.0
    worst = min(lost, key=lambda name: (-lost[name], name), default=None)
    if worst is None or lost[worst] < FEWEST_NAMED:
        return None
    share = lost[worst] / gone[worst] if gone[worst] else 0.0
    return Lost(worst, lost[worst], None if store.last_only else gate.number(share, lost[worst]))
