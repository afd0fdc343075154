"""When which stage limited the plant: its beginning, spread and end, held against plain counts."""

from __future__ import annotations

import numpy as np

from factoryview.flow.moment.levels import NEUTRAL
from factoryview.flow.verdict.basis import basis_of
from factoryview.flow.verdict.evidence import gather
from factoryview.flow.verdict.ribbon import Phase, ribbon
from factoryview.flow.verdict.spans import constraint_spans
from factoryview.time import HOUR
from tests.kit.plain import visits
from tests.kit.small_plants import jammed, kept, simulate


def test_spans_are_the_phases_that_have_a_bottleneck_and_most_wait_at_their_peak() -> None:
    counts = kept("jammed").model.counts
    phases = ribbon(basis_of(gather(counts.factory.store, counts.factory.plant)))
    levels = counts.jams.levels
    found = list(constraint_spans(phases, levels))
    assert [(span.stage, span.since, span.until) for span in found] == [
        (phase.stage, round(phase.since * HOUR), round(phase.until * HOUR)) for phase in phases if phase.stage
    ]
    [span] = [each for each in found if each.stage == "Approval"]
    assert span.late is not None
    assert span.peak is not None
    assert span.since <= span.late <= span.peak <= span.until
    stays = [visit for visit in visits(simulate(jammed().line), jammed().ends) if visit.stage == "Approval"]
    row = levels.stages.index("Approval")
    late = [
        int(at) for at, level in zip(levels.moments, levels.level[row], strict=True)
        if level > NEUTRAL and span.since < at <= span.until
    ]  # fmt: skip
    waiting = [sum(visit.present(at) for visit in stays) for at in late]
    assert (span.late, span.peak) == (late[0], late[int(np.argmax(waiting))])


def test_what_never_jams_has_no_peak_and_what_limits_nothing_has_no_span() -> None:
    levels = kept("jammed").model.counts.jams.levels
    begin, end = (int(levels.moments[k]) / HOUR for k in (1, 5))
    phases = [Phase("Delivery", begin, end), Phase(None, begin, end), Phase("elsewhere", begin, end)]
    found = list(constraint_spans(phases, levels))
    assert [(span.stage, span.late, span.peak) for span in found] == [
        ("Delivery", None, None), ("elsewhere", None, None),
    ]  # fmt: skip
