"""A machine that holds several activities as a plant of its own."""

from __future__ import annotations

from dataclasses import replace

from factoryview.factory.factory import Factory
from factoryview.plant.labels import short_labels
from factoryview.plant.models import Outcome, Source, Stage, label_of
from factoryview.plant.notes import Notes
from factoryview.store.inside import can_look_inside, inside


def opens(factory: Factory, stage: str) -> bool:
    """Whether a machine holds more than its own activity, and its events are at hand."""
    known = factory.plant.stage(stage)
    return known is not None and bool(known.hides) and can_look_inside(factory.store)


def inside_of(factory: Factory, stage: str, language: str) -> Factory:
    """The plant inside a machine; any thread may. Cases come in from the machines before it, and end at those after it.

    language: in which it is called by the name of the machine.
    """
    found, plant = inside(factory.store, stage), factory.plant
    labels = short_labels(found.stages, {})
    known: tuple[Stage | Source | Outcome, ...] = (*plant.stages, *plant.sources, *plant.outcomes)
    named = {each.name: each.label for each in known if each.label}
    kinds = {each.name: each.kind for each in plant.outcomes}
    own = plant.stage(stage)
    name = stage if own is None else label_of(own, language)
    stages = tuple(
        Stage(name=each, label=dict.fromkeys(("de", "en"), labels[each]) if each in labels else {})
        for each in found.stages
    )
    inner = plant.model_copy(
        update={
            "name": f"{plant.name} › {name}",
            "stages": stages,
            "departments": (), "workers": (), "belts": (), "targets": (),
            "sources": tuple(Source(name=each, label=named.get(each, {})) for each in found.origins),
            "outcomes": tuple(
                Outcome(name=each, label=named.get(each, {}), kind=kinds.get(each, "neutral")) for each in found.targets
            ),
        }
    )  # fmt: skip
    return replace(
        factory, plant=inner, store=found.store, name=f"{factory.name} › {stage}", findings=(), rejected=0,
        rejected_rows=(), guesses=(), notes=Notes(), notes_folder=None, read_otherwise=None, _staff={},
    )  # fmt: skip
