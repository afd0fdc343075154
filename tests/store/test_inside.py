"""What happens inside a machine: at every moment its stages hold together what the machine holds."""

from __future__ import annotations

from random import Random

import pytest

from factoryview.factory.inside import inside_of, opens
from factoryview.view.model import Model
from tests.kit.real_logs import LOGS, STAYS, Stay, real


@pytest.mark.parametrize("name", LOGS)
def test_the_stages_inside_hold_together_what_the_machine_holds(name: str) -> None:
    known = real(name)
    folded = [stage.name for stage in known.model.factory.plant.stages if opens(known.model.factory, stage.name)]
    assert folded or name.startswith("crm"), "a sales pipeline of few stages is not folded"
    for machine in folded:
        inner = inside_of(known.model.factory, machine, "en")
        stays = [Stay(*row) for row in inner.store.engine.rows(STAYS, {})]
        mine = [stay for stay in known.dated if stay.stage == machine]
        assert {stay.stage for stay in stays} == {stage.name for stage in inner.plant.stages}
        random = Random(machine)
        for at in [random.randint(known.model.first, known.model.last) for _ in range(40)]:
            assert sum(stay.present(at) for stay in stays) == sum(stay.present(at) for stay in mine), machine
        assert {stay.channel for stay in stays} - {None} == {source.name for source in inner.plant.sources}
        begun = sum(stay.first for stay in stays)
        runs = sum(stay.via != machine or stay.first for stay in mine)
        assert begun == runs, "each visit is a case"
        model = Model(inner)
        assert set(model.topology.plan.blocks) >= {stage.name for stage in inner.plant.stages}
