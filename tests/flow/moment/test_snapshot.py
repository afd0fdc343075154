"""The document of a moment, against a count of its log in plain Python."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from factoryview.flow.moment.snapshot import snapshot
from factoryview.flow.moment.standing import Lanes, Way
from factoryview.store.database import Store
from factoryview.store.windows import Numbering, Totals, Windows
from tests.kit.event_logs import SECOND, Event, event_log


@pytest.mark.parametrize("at", [0, 5, 12, 13, 40])
def test_every_number_is_that_of_the_log(at: int) -> None:
    events = []
    for k in range(12):
        events.append(Event(3 * k, f"case {k}", "Ask", k * SECOND, channel="web", weight=2.0))
        events.append(Event(3 * k + 1, f"case {k}", "Offer", (k + 4) * SECOND, weight=2.0))
        if k % 3 == 0:
            events.append(Event(3 * k + 2, f"case {k}", "Won", (k + 9) * SECOND, weight=2.0))
    store = Store.build(event_log(duckdb.connect(), "entry", events), ends=("Won",))
    stages = tuple(store.stages())
    windows = Windows(store, Numbering(stages, (("Ask", "Offer"),), ("web",)))
    lanes = Lanes(windows.fetch(0, 60 * SECOND), [Way(stages.index("Offer"), 240.0)], len(stages))
    found = snapshot(lanes.stand(at * SECOND, float(SECOND), [1, 1]), stages, Totals.of(store, stages), 2.0)
    began = [k for k in range(12) if k <= at]
    won = [k for k in began if k % 3 == 0 and k + 9 <= at]
    asked = [k for k in began if k + 4 > at]
    assert found.at == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at)
    assert found.in_progress == 2.0 * (len(began) - len(won))
    assert found.outcomes == {"Won": 2.0 * len(won)}
    assert found.stages["Ask"].wip == 2.0 * len(asked)
    assert found.stages["Offer"].wip == 2.0 * (len(began) - len(asked) - len(won))
    for stage in found.stages.values():
        assert (
            stage.wip == stage.on_belt + stage.in_pile + stage.in_machine + stage.wrecks == stage.crates * stage.weight
        )
        assert (stage.weight, stage.at_exit) == (2.0, 0.0)
