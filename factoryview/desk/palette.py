"""What the palette finds at a desk beside commands: places, cases, kept filters, lenses and conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from factoryview.app.session import Session
from factoryview.desk.conditions import Offer, of_plant, of_stage, words
from factoryview.desk.filtering import Choices
from factoryview.desk.lenses import lens_words
from factoryview.desk.whatif.words import scenario_words
from factoryview.factory.inside import opens
from factoryview.scene.chrome.dialog import Row
from factoryview.scene.ui.node import Action
from factoryview.view.presentation import Presentation


def palette_rows(
    session: Session,
    shown: Presentation,
    cases: Sequence[tuple[str, int]],
    choices: Choices,
    lenses: Sequence[str],
) -> Iterator[Row]:
    """All rows, unsorted. cases: those found by what was typed, with a stay; choices: what cases may be selected by."""
    say, label, topology = shown.language.text, shown.wording.label, shown.model.topology
    for name in topology.plan.blocks:
        yield _row(f"go/{name}", say("palette.go_to", stage=label(name)), "select", f"stage/{name}")
    for belt in topology.plan.belts[: len(topology.ways)]:
        name = f"{belt.origin}/{belt.target}"
        yield _row(f"go/{name}", say("palette.go_to", stage=shown.wording.belt(name)), "select", f"belt/{name}")
    for name in topology.stages:
        if not session.live and session.future_from is None and opens(shown.model.factory, name):
            yield _row(f"inside/{name}", say("palette.inside", stage=label(name)), "open_inside", name)
    for case, stay in cases:
        yield _row(f"case/{stay}", say("palette.follow", case=case), "follow", stay)
    for name, conditions in session.kept:
        yield _row(f"kept/{name}", say("kept.use", name=name), "filters", conditions)
    for name, _ in session.kept:
        yield _row(f"forget/{name}", say("kept.forget", name=name), "forget", name)
    for name in lenses:
        yield _row(f"lens/{name}", say("lens.look", lens=lens_words(name, shown.language)), "lens", name)
    for name, condition in _conditions(session, shown, choices):
        yield _row(f"only/{name}", say("only.add", what=words(condition, shown)), "filter", condition)
    typed = " ".join(session.typed.split())
    for scenario in session.scenarios:
        name = scenario_words(scenario, shown)
        yield _row(f"scenario/{scenario.name}", say("whatif.open", name=name), "scenario", scenario.name)
        yield _row(f"drop/{scenario.name}", say("whatif.drop", name=name), "drop_scenario", scenario.name)
    if session.scenario and typed:
        yield _row("name_scenario", say("whatif.name", name=typed), "name_scenario", typed)
    if session.filters and typed:
        yield _row("keep", say("kept.keep", name=typed), "keep", typed)


def _conditions(session: Session, shown: Presentation, choices: Choices) -> Iterator[Offer]:
    yield from of_plant(shown, session.playhead.at, choices)
    for stage in shown.model.topology.stages:
        for offer in of_stage(stage):
            yield Offer(f"{offer.name}/{stage}", offer.condition)


def _row(name: str, words: str, command: str, argument: object) -> Row:
    return Row(name, words, "", Action(command, (argument,)))
