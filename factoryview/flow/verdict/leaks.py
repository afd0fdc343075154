"""Where cases are lost: by stage, reason, channel, with their value, against the period before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

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


QUERY = """
with lost as (
    select via as stage, reason, outcome, channel, weight, value, "at" >= $since as recent from outcomes
    where outcome in (select unnest($bad)) and "at" >= $before and "at" < $until
), gone as (
    select stage, sum(weight) as cases from stays where "left" >= $since and "left" < $until group by 1
)
select lost.stage, reason, outcome,
    coalesce(sum(weight) filter (recent), 0) as cases, sum(value * weight) filter (recent) as value,
    coalesce(sum(weight) filter (not recent), 0) as before, any_value(gone.cases) as leaving,
    mode(channel) filter (recent) as channel,
    coalesce(sum(weight) filter (recent and channel = common.name), 0) as of_channel
from lost left join gone on gone.stage = lost.stage
    left join (
        select stage as at_stage, reason as why, mode(channel) as name from lost where recent group by all
    ) common on common.at_stage is not distinct from lost.stage and common.why is not distinct from lost.reason
group by lost.stage, reason, outcome
order by cases desc, lost.stage, reason
"""


def leaks(connection: duckdb.DuckDBPyConnection, bad: list[str], since: datetime, until: datetime) -> list[Loss]:
    """Losses in [since, until) (naive UTC), the most first; `bad`: outcomes that count as lost."""
    rows = connection.cursor().execute(
        QUERY, {"bad": bad, "since": since, "until": until, "before": since - (until - since)}
    )
    found = []
    for stage, reason, outcome, cases, value, before, leaving, channel, of_channel in rows.fetchall():
        if cases < LEAST and before < LEAST:
            continue
        named = channel if channel is not None and cases and of_channel > 0.6 * cases else None
        found.append(Loss(stage, reason, outcome, named, cases, value, before, cases / leaving if leaving else 0.0))
    return found
