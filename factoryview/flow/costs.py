"""What the bottleneck costs: completed cases and money a day that the next constraint would let through."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from factoryview.flow.bottleneck import FREE, Bottleneck, Line
from factoryview.flow.evidence import moment_of
from factoryview.flow.lift import lift
from factoryview.flow.worktime import working_days


@dataclass(frozen=True)
class Cost:
    """Per working day."""

    cases: float
    money: float | None
    """None where no case has a value."""
    value: float | None
    """Mean value of a completed case."""


def cost_of(line: Line, bottleneck: Bottleneck, connection: duckdb.DuckDBPyConnection) -> Cost:
    """What lifting the bottleneck to the next constraint would gain a day, the old queue left aside."""
    value = completed_value(line, connection, bottleneck.window)
    if bottleneck.stage is None:
        return Cost(0.0, 0.0 if value is not None else None, value)
    since, until = bottleneck.window
    first = line.frame.bin_of(since)
    length = max(1, line.frame.bin_of(until - 1e-9) - first + 1)
    rows = np.array([min(first, len(line.frame.departures) - length)])
    gain = lift(line.frame, line.evidence, line.stations, rows, length, FREE, lasting=True)
    extra = max(float(gain.final[0, line.evidence.index(bottleneck.stage)]), 0.0)
    cases = extra / working_days(line.evidence, since, until)
    return Cost(cases, cases * value if value is not None else None, value)


def completed_value(line: Line, connection: duckdb.DuckDBPyConnection, window: tuple[float, float]) -> float | None:
    """Mean value of the cases completed in the window, else of all completed ones; None where none has a value."""
    good = [name for name, well in zip(line.evidence.ways, line.evidence.good, strict=True) if well]
    query = (
        'select avg(value) filter ("at" >= ? and "at" < ?), avg(value) from outcomes '
        "where value is not null and outcome in (select unnest(?))"
    )
    since, until = (moment_of(hour).replace(tzinfo=None) for hour in window)
    recent, every = connection.cursor().execute(query, [since, until, good]).fetchone() or (None, None)
    found = recent if recent is not None else every
    return float(found) if found is not None else None
