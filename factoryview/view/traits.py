"""What is known of the cases at a stage, as traits that may be compared: channel, value, and what may be shown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from factoryview.factory.factory import Factory
from factoryview.flow.contributors import Trait
from factoryview.view.series import StageLog

CHANNEL, VALUE = "\0channel", "\0value"
"""Names of traits that are no attributes."""
ABOVE, BELOW = ">", "<"
"""What the values of a trait of numbers begin with: the upper and the lower quarter."""
_MOST_VALUES = 40


def traits_of(factory: Factory, log: StageLog) -> tuple[Trait, ...]:
    """The traits of every stay of a log, in its order. Asks the store; any thread may.

    Numbers are told apart by their quarters, texts by those that enough cases say.
    """
    return tuple(_traits(factory, log))


def _traits(factory: Factory, log: StageLog) -> Iterator[Trait]:
    if log.channels:
        yield Trait(CHANNEL, (log.channel - 1).astype(np.int32), log.channels)
    if np.isfinite(log.value).any():
        yield from _quarters(VALUE, log.value)
    for offered in factory.attributes():
        if offered.about.scope != "case":
            continue
        name = offered.about.name
        said = factory.store.said_at(name, log.stage)
        if offered.about.kind == "number":
            number = np.ma.filled(np.ma.asarray(said["number"]).astype(float), np.nan)
            yield from _quarters(name, number)
        else:
            values = tuple(text for text, _ in offered.values[:_MOST_VALUES])
            place = {text: code for code, text in enumerate(values)}
            texts = np.ma.filled(np.ma.asarray(said["text"]), "").tolist()
            yield Trait(name, np.array([place.get(text, -1) for text in texts], dtype=np.int32), values)


def _quarters(name: str, numbers: NDArray[np.float64]) -> Iterator[Trait]:
    """The upper and the lower quarter against all others."""
    known = np.isfinite(numbers)
    if not known.any():
        return
    low, high = np.quantile(numbers[known], [0.25, 0.75])
    if low < high:
        codes = np.select([~known, numbers >= high, numbers <= low], [-1, 0, 1], 2).astype(np.int32)
        yield Trait(name, codes, (f"{ABOVE}{high:g}", f"{BELOW}{low:g}", ""))
