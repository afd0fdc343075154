"""The performance spectrum of a belt against plain loops over the visits that came by it."""

from __future__ import annotations

import pytest

from factoryview.view.charts import Stretch
from factoryview.view.series import StageLog
from factoryview.view.spectrum import spectrum
from tests.kit.cut import cut
from tests.kit.desk_pilot import DeskPilot
from tests.kit.plain import visits
from tests.kit.small_plants import kept, reworked, simulate

WAYS = [("Approval", "Offer"), ("Offer", "Approval"), ("→ web", "Inquiry")]


@pytest.mark.parametrize(("origin", "target"), WAYS)
def test_each_case_on_the_way_is_a_line(origin: str, target: str) -> None:
    model, small = kept("reworked").model, reworked()
    log = StageLog.fetch(model.factory.store, model.topology, target)
    over = Stretch.around("month", model.first + round(0.8 * (model.last - model.first)), model.first, model.last)
    mine = [
        visit for visit in visits(simulate(small.line), small.ends)
        if visit.stage == target and (visit.came_from == origin or (origin == "→ web" and visit.came_from is None
                                                                    and visit.channel == "web"))
        and visit.entered <= over.now and (visit.left is None or visit.left > over.since)
    ]  # fmt: skip
    mine.sort(key=lambda visit: visit.entered)
    left = [visit.left if visit.left and visit.left <= over.now else None for visit in mine]
    found = spectrum(log, origin, over)
    every = -(-len(mine) // 700)
    assert (found.cases, found.every, len(found.lines)) == (len(mine), every, -(-len(mine) // every))
    assert len(mine) > 10
    length = over.until - over.since
    for (begin, end, _), visit, gone in zip(found.lines, mine[::every], left[::every], strict=True):
        assert begin == pytest.approx((visit.entered - over.since) / length, abs=1e-5)
        assert end == (2.0 if gone is None else pytest.approx((gone - over.since) / length, abs=1e-5))
    late = [gone if gone is not None else float("inf") for gone in left]
    overtaken = sum(any(other < one for other in late[k + 1 :]) for k, one in enumerate(late))
    assert found.overtaken == pytest.approx(overtaken / len(mine))
    known = StageLog.fetch(cut(model.factory, over.now).store, model.topology, target)
    assert spectrum(known, origin, over) == found


def test_batches_are_seen() -> None:
    model = kept("reworked").model
    log = StageLog.fetch(model.factory.store, model.topology, "Offer")
    over = Stretch.around("all", model.last, model.first, model.last)
    found = spectrum(log, "Qualify", over)
    assert found.batched is not None
    assert found.batched < 0.1
    hourly = log.__class__(**{**vars(log), "left": log.left - log.left % 43_200_000_000})
    bundled = spectrum(hourly, "Qualify", over)
    assert bundled.batched is not None
    assert bundled.batched > 0.8


def test_the_close_up_of_a_belt_says_what_the_lines_show() -> None:
    model = kept("piled").model
    pilot = DeskPilot(kept("piled"), (1366, 768), paused=True, start=model.worst_moment())
    pilot.click("belt/Offer/Approval/0")
    assert pilot.label("panel/title") == "Offer › Approval"
    assert "in order" in pilot.label("panel/spectrum")
    before = pilot.session.playhead.at
    pilot.click("panel/spectrum/plot", (0.3, 0.5))
    assert pilot.session.playhead.at < before
