from __future__ import annotations

from datetime import time

import pytest

from factoryview.errors import PlantError, UsageError
from factoryview.plant.models import Plant, Source, Stage
from factoryview.plant.scenario_file import parse_set, read_scenarios, resolved

GOOD = """
days = 60

[[scenario]]
name = "A third person"
people = [{ stage = "Approval", add = 1, since = 2025-10-06, once = 5000.0 }]

[[scenario]]
name = "Small ones alone"

[[scenario.skip]]
stage = "Approval"
below = 5000.0
"""


def test_a_file_is_read() -> None:
    read = read_scenarios(GOOD)
    assert read.days == 60
    assert [scenario.name for scenario in read.scenario] == ["A third person", "Small ones alone"]
    assert read.scenario[1].skip[0].below == 5000
    assert read.scenario[1].stages == ("Approval",)


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("days = 60", "", "no scenario"),
        ('[[scenario]]\nname = "A"', "line 1", "changes nothing"),
        ('[[scenario]]\nname = "A"\npeople = [{ stage = "X" }]', "line 3", '"add" is missing'),
        ('[[scenario]]\nname = "A"\nwork = [{ stage = "X", factor = 0 }]', "line 3", "out of range"),
        ('[[scenario]]\nname = "A"\nretires = 1', "line 3", '"retires"'),
        (GOOD + '[[scenario]]\nname = "Small ones alone"\nskip = [{ stage = "X" }]', "line 15", "there twice"),
    ],
)
def test_mistakes_are_named_at_their_place(text: str, place: str, found: str) -> None:
    with pytest.raises(PlantError) as raised:
        read_scenarios(text, "my.toml")
    assert place in str(raised.value)
    assert found in str(raised.value)


def test_assignments_are_scenarios() -> None:
    said = parse_set(
        ["First call.people+=2", "Approval.robots-=1", "Offer.work*=0.8", "Offer.hours=8:30-17", "Approval.skip<5000",
         "Approval.by=Offer", "Approval.priority=random", "Inquiry.losses*=0.5", "ads.arrivals*=1.5", "Offer.retire=2"]
    )  # fmt: skip
    assert [(change.stage, change.add, change.kind) for change in said.people] == [
        ("First call", 2, "person"),
        ("Approval", -1, "robot"),
    ]
    assert said.work[0].factor == 0.8
    assert (said.hours[0].start, said.hours[0].end) == (time(8, 30), time(17))
    assert said.skip[0].below == 5000
    assert said.route[0].by == "Offer"
    assert said.priority[0].rule == "random"
    assert said.losses[0].factor == 0.5
    assert (said.arrivals[0].channel, said.arrivals[0].factor) == ("ads", 1.5)
    assert said.retire[0].per_year == 2
    assert parse_set(["arrivals*=2"]).arrivals[0].channel is None


def test_stages_and_channels_may_be_called_by_their_labels() -> None:
    plant = Plant(
        name="Office",
        stages=(Stage(name="Approval", label={"de": "Freigabe"}), Stage(name="Offer")),
        sources=(Source(name="ads", label={"de": "Anzeigen"}),),
    )
    said = resolved(parse_set(["Freigabe.people+=1", "Offer.by=Freigabe", "Anzeigen.arrivals*=2", "X.work*=2"]), plant)
    assert said.stages == ("Offer", "Approval", "X")
    assert said.arrivals[0].channel == "ads"


@pytest.mark.parametrize(
    "said",
    [
        "", "Approval", "people+=1", "Approval.people*=2", "Approval.people+=x", "Approval.work*=0", "A.hours=8-30",
        "A.priority=loudest", "A.colour=red",
    ],
)  # fmt: skip
def test_assignments_that_say_nothing_are_refused(said: str) -> None:
    with pytest.raises(UsageError, match="--set"):
        parse_set([said])
