"""The captions of a film as they were named on the command line."""

from __future__ import annotations

from pathlib import Path

from factoryview.export.captions import Caption, read_captions
from factoryview.factory.factory import Factory
from factoryview.language import CODES
from factoryview.plant.models import Mark
from factoryview.time import utc


def captioned(factory: Factory, file: Path | None) -> tuple[Caption, ...]:
    """The captions of a file, which are marks of the plant from now on. Raises InputError as `read_captions`."""
    if file is None:
        return ()
    plant = factory.plant
    captions = tuple(read_captions(file, *factory.store.span(), plant.timezone))
    marks = tuple(Mark(at=utc(each.at), label=dict.fromkeys(CODES, each.text)) for each in captions)
    factory.plant = plant.model_copy(update={"marks": (*plant.marks, *marks)})
    return captions
