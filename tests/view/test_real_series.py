"""What a panel says of the three real logs under a filter, against plain loops over their stays."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from factoryview.store.selection import Through
from factoryview.time import DAY
from factoryview.view.databox import stage_box
from factoryview.view.series import StageLog
from tests.kit.real_logs import LOGS, Stay, real


def returned(stays: list[Stay], stage: str) -> list[tuple[int, bool]]:
    """Of each case handed on from the stage: when the next stage was done with it, and whether it went back."""
    paths: dict[str, list[Stay]] = {}
    for stay in stays:
        paths.setdefault(stay.case, []).append(stay)
    found = []
    for path in paths.values():
        begun: dict[str, int] = {}
        for stay in path:
            begun.setdefault(stay.stage, stay.came)
        for stay in path:
            if stay.via == stage and stay.stage != stage and not stay.first and stay.left is not None:
                back = stay.next in begun and begun[stay.next] < begun[stay.stage]
                found.append((stay.left, back))
    return found


@pytest.mark.parametrize("name", LOGS)
def test_the_numbers_of_a_panel_under_a_filter(name: str) -> None:
    whole, every = real(name).model, real(name).dated
    busiest = [stage for stage, _ in Counter(stay.stage for stay in every).most_common(3)]
    chosen = {stay.case for stay in every if stay.stage == busiest[-1]}
    model = whole.where(Through(busiest[-1]))
    stays = [stay for stay in every if stay.case in chosen]
    random, checked = Random(name), 0
    for stage in busiest:
        log = StageLog.fetch(model.factory.store, model.topology, stage)
        mine = [stay for stay in stays if stay.stage == stage]
        handed = returned(stays, stage)
        for _ in range(3):
            at = random.randint(model.first + (model.last - model.first) // 4, model.last)
            state = model.state(at, 3_600e6)
            window = state.window
            here = [stay for stay in mine if stay.present(at)]
            gone = [stay for stay in mine if stay.gone(window.since, window.until)]
            assert sorted(log.entered[log.there(at)].tolist()) == sorted(stay.came for stay in here)
            assert log.came_by(log.there(at)) == Counter(s.channel for s in here if s.channel in log.channels)
            assert log.came_from(log.there(at)) == Counter(s.via for s in here if not s.first and s.via in log.names)
            assert log.sent_on(window.since, window.until) == Counter(s.next for s in gone if s.next in log.names)
            spans, _ = log.departed(window.since, window.until)
            assert sorted(spans.tolist()) == sorted((stay.left or 0) - stay.came for stay in gone)
            box = stage_box(model.counts, state, stage, log, None)
            assert box.in_progress == len(here)
            if len(gone) >= 6:
                assert box.stay == pytest.approx(sum(spans) / len(gone))
            judged = [back for left, back in handed if window.since <= left < window.until]
            if len(judged) >= 6 and not 0 < sum(judged) < 6:
                assert box.accurate == pytest.approx(1 - sum(judged) / len(judged))
                checked += 1
            lying = model.counts.jams.wrecks.given_up
            if here and not any(lying.get(stay, at + DAY) <= at for stay in log.id[log.there(at)].tolist()):
                assert box.oldest == at - min(stay.came for stay in here)
    assert checked or name.startswith("crm"), "a sales pipeline hands nothing on that is judged"
