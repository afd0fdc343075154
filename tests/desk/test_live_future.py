"""A future of a plant that goes on: it begins with what stands there now, and what comes meanwhile is not in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from factoryview.app.live import Live
from factoryview.language import Language
from factoryview.sources.feeds.follower import now_micros
from tests.app.test_live import DAY, STAGES, Works
from tests.desk.test_whatif import QuickPilot

pytest.importorskip("watchfiles")
HOUR = 3_600


def going(works: Works) -> None:
    """Eight weeks in which sixteen cases a day go through, most of them in hours; the last ones are under way."""
    for k in range(16 * 56):
        ago = 56 * 86_400 - 5_400 * k
        for place, stage in enumerate((*STAGES, "Won")):
            if (left := ago - 2 * HOUR * place - 60 * (k % 7)) > 0:
                works.say(f"case {k}", stage, left)


def test_a_live_plant_has_a_future_too(tmp_path: Path) -> None:
    works = Works(tmp_path)
    going(works)
    live = Live(works.plant, lambda plant: Language("en", plant.timezone), 2.1, lambda _share, _doing: None)
    try:
        pilot = QuickPilot(live, (1366, 768))
        live.begin()
        assert pilot.wait(0).session.playhead.live
        pilot.press("u").wait(0)
        since = pilot.session.future_from
        assert since is not None
        assert abs(since - now_micros()) < 60 * 1_000_000
        ahead = pilot.screen.model
        assert ahead is not live.model
        standing = {stage.id[1]: stage.here.wip for stage in ahead.state(since, 1e6).stages if stage.here.wip}
        assert standing == works.standing(since)
        assert sum(standing.values()) > 3
        for k in range(5):
            works.say(f"new {k}", "Enquiry")
        before = live.model
        while live.model is before:
            pilot.wait(0.05)
        pilot.wait(0)
        assert pilot.screen.model is ahead, "what comes meanwhile makes no other future"
        pilot.run("to", since + 10 * DAY).wait(0)
        head = pilot.session.playhead
        assert (head.at, head.live) == (since + 10 * DAY, False)
        assert pilot.label("title").endswith("simulated future")
        pilot.press("end").wait(0)
        assert pilot.session.playhead.at == ahead.last > since + 20 * DAY
        pilot.press("escape").wait(0)
        assert pilot.session.future_from is None
        pilot.press("l").wait(0)
        assert pilot.session.playhead.live
        assert pilot.screen.model.topology.plan is live.model.topology.plan
    finally:
        live.stop()
