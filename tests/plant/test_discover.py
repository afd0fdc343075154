"""A plant from a log."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.plant.discover import discover
from factoryview.plant.ends import find_ends
from factoryview.plant.files import dump_plant, read_plant
from factoryview.plant.models import Department, Outcome, Plant, Source, Stage, WantedBelt
from factoryview.plant.profile import LogProfile
from tests.kit.profiles import Event, count, traces


def found(
    profile: LogProfile,
    meaning: str = "entry",
    *,
    most: int = 12,
    base: Plant | None = None,
    ends: tuple[str, ...] | None = None,
) -> Plant:
    return discover(profile, name="log", meaning=meaning, most=most, ends=find_ends(profile, meaning, ends), base=base)


def names(things: tuple[Stage, ...] | tuple[Source, ...] | tuple[Department, ...] | tuple[Outcome, ...]) -> list[str]:
    return [thing.name for thing in things]


def belts(plant: Plant) -> list[tuple[str, str]]:
    return [(belt.origin, belt.target) for belt in plant.belts]


SALES = count(traces(*["Enquiry Offer Won"] * 6, *["Enquiry Offer Offer Lost"] * 4))


def test_ends_of_an_entry_log_are_outcomes_and_no_machines() -> None:
    plant = found(SALES)
    assert names(plant.stages) == ["Enquiry", "Offer"]
    assert [(outcome.name, outcome.kind) for outcome in plant.outcomes] == [("Won", "won"), ("Lost", "lost")]
    assert belts(plant) == [("Enquiry", "Offer"), ("Offer", "Offer")]


def test_work_that_ends_a_case_of_a_completion_log_is_a_machine_too() -> None:
    plant = found(SALES, "completion")
    assert names(plant.stages) == ["Enquiry", "Offer", "Won", "Lost"] or names(plant.stages)[-2:] == ["Lost", "Won"]
    assert set(names(plant.outcomes)) == {"Won", "Lost"}
    assert ("Offer", "Lost") in belts(plant)


def test_rare_moves_are_bundled_but_every_stage_keeps_a_way_in_and_out() -> None:
    walks = ["A B C"] * 200 + ["A C"] * 3 + ["A B R B C"] * 2
    assert belts(found(count(traces(*walks)), "completion")) == [("A", "B"), ("B", "C"), ("B", "R"), ("R", "B")]


def test_six_channels_are_sources_and_the_rest_is_other() -> None:
    events = [
        event._replace(channel=channel)
        for number, channel in enumerate("abcdefgh")
        for copy in range(9 - number)
        for event in (Event(f"{channel}{copy}", "A", SALES.since), Event(f"{channel}{copy}", "B", SALES.until))
    ]
    sources = found(count(events)).sources
    assert names(sources) == ["a", "b", "c", "d", "e", "f", "other"]
    assert sources[-1].label["de"] == "Übrige"
    assert found(SALES).sources == ()


def test_lanes_in_the_names_become_departments() -> None:
    walk = ["Sales: Offer", "Sales: Order", "Works: Plan", "Works: Ship", "Paid"]
    events = [event._replace(stage=walk[int(event.stage)]) for event in traces(*["0 1 2 3 4"] * 20)]
    plant = found(count(events), "entry")
    assert names(plant.departments) == ["Sales", "Works"]
    assert [(stage.name, stage.department) for stage in plant.stages][1:3] == [
        ("Sales: Order", "Sales"),
        ("Works: Plan", "Works"),
    ]


def test_numbered_steps_and_plain_names_are_no_departments() -> None:
    for walk in ("1:A 2:B 1:C 2:D", "T07-1 T07-2 T08-1 T08-2", "Offer Order Ship", "A:1 B:2 C:3"):
        plant = found(count(traces(*[walk] * 20)), "completion")
        assert plant.departments == ()
        assert {stage.department for stage in plant.stages} == {None}


def test_what_the_plant_file_says_wins_list_by_list() -> None:
    base = read_plant(
        'name = "Ours"\n[[stages]]\nname = "Offer"\nposts = 2\n[[outcomes]]\nname = "Won"\nkind = "neutral"'
    )
    plant = found(SALES, base=base)
    assert (plant.name, plant.outcomes) == ("Ours", base.outcomes)
    assert plant.stages == (Stage(name="Enquiry"), base.stages[0])
    assert belts(plant) == belts(found(SALES))
    bare = read_plant('name = "Ours"\ncurrency = "CHF"\nbelts = []\n[[workers]]\nstage = "Offer"')
    plant = found(SALES, base=bare)
    assert names(plant.stages) == ["Enquiry", "Offer"]
    assert (plant.currency, plant.workers, plant.belts) == ("CHF", bare.workers, ())


def test_stages_that_only_the_log_knows_are_added_in_process_order_where_there_is_room() -> None:
    profile = count(traces(*["A B C D E"] * 9, *["A C D E"] * 5))
    base = Plant(name="x", stages=(Stage(name="D", posts=2), Stage(name="Planned"), Stage(name="B")))
    plant = found(profile, base=base, ends=("E",))
    assert names(plant.stages) == ["A", "D", "Planned", "B", "C"], "those listed keep their order"
    assert plant.stage("D") == base.stages[0]
    assert len(found(profile, base=base, ends=("E",), most=4).stages) == 4
    full = found(profile, base=base, ends=("E",), most=3).stages
    assert names(full) == ["D", "Planned", "B"]
    assert {name for stage in full for name in stage.hides} == {"A", "C"}


def test_outcomes_the_plant_file_names_are_no_machines_of_an_entry_log() -> None:
    base = Plant(name="x", outcomes=(Outcome(name="Offer"),), departments=(Department(name="D"),))
    plant = found(SALES, base=base)
    assert names(plant.stages) == ["Enquiry"]
    assert names(plant.departments) == ["D"]


def test_named_ends_keep_their_machine_when_many_activities_are_folded() -> None:
    walks = [" ".join(["A", *[f"s{(seed * 7 + step) % 30}" for step in range(6)], "Z"]) for seed in range(60)]
    walks[0] = "A rare Z"
    plant = found(count(traces(*walks)), "completion", most=6, ends=("Z", "rare"))
    assert {"Z", "rare", "A"} <= set(names(plant.stages))
    assert len(plant.stages) <= 6
    assert set(names(plant.outcomes)) == {"Z", "rare"}


@given(
    st.lists(
        st.tuples(st.sampled_from("123"), st.text(max_size=3) | st.sampled_from(['"', "a: b", "c: d", "\n", "Won"])),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from(["entry", "completion", "interval", "snapshot"]),
    st.integers(0, 5),
)
@settings(max_examples=80, deadline=None)
def test_any_log_gives_a_plant_that_can_be_written_and_read(
    steps: list[tuple[str, str]], meaning: str, most: int
) -> None:
    assert SALES.since
    profile = count([Event(case, stage, SALES.since) for case, stage in steps])
    plant = found(profile, meaning, most=most)
    assert read_plant(dump_plant(plant)) == plant
    assert not most or len(plant.stages) <= max(most, len(plant.outcomes))
    assert set(names(plant.stages)) <= {stage for _, stage in steps}
    assert set(belts(plant)) <= {(a.name, b.name) for a in plant.stages for b in plant.stages}


def test_an_empty_log_gives_an_empty_plant() -> None:
    assert found(count([])) == Plant(name="log")


def test_belts_are_those_of_the_plant_file_when_it_says_so() -> None:
    base = Plant(name="x", belts=(WantedBelt(origin="Offer", target="Enquiry"),))
    assert belts(found(SALES, base=base)) == [("Offer", "Enquiry")]


def test_a_machine_says_that_it_holds_the_work_of_others_above_all() -> None:
    """Thirty kinds of work between A and B: most of the time at A is theirs, and its name alone would mislead."""
    plant = found(count(traces(*(f"A s{k % 15} t{k % 15} B C" for k in range(60)))), most=2, ends=("C",))
    assert [(stage.name, stage.label) for stage in plant.stages] == [
        ("A", {"de": "A … und 30 weitere", "en": "A … and 30 more"}), ("B", {}),
    ]  # fmt: skip


def test_what_a_machine_holds_is_named() -> None:
    walks = [f"A s{k % 15:02} t{k % 15:02} B C" for k in range(60)]
    first = found(count(traces(*walks)), most=2, ends=("C",)).stages[0]
    assert (len(first.hides), first.hides_more) == (12, 18)
    assert {name[0] for name in first.hides} <= {"s", "t"}
    assert found(SALES).stages[0].hides == ()
    base = Plant(name="x", stages=(Stage(name="A", label={"de": "Erstes"}), Stage(name="B")))
    said = found(count(traces(*walks)), most=2, ends=("C",), base=base).stages
    assert (said[0].label, said[0].hides, said[1].hides) == ({"de": "Erstes"}, first.hides, ())


def test_the_end_of_a_case_is_called_as_short_as_its_machine() -> None:
    coded = count(traces(*["A10_Enquiry A20_Offer A30_Won"] * 9))
    for meaning in ("entry", "completion"):
        plant = found(coded, meaning, ends=("A30_Won",))
        assert [outcome.label for outcome in plant.outcomes] == [{"de": "Won", "en": "Won"}]
        assert {stage.label["en"] for stage in plant.stages} - {"Won"} == {"Enquiry", "Offer"}
