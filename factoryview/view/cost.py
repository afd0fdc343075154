"""What looking at a plant asks of the engine in which its events lie: a warehouse asks money for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from factoryview.factory.factory import Factory
from factoryview.store.engine import Fetched
from factoryview.view.model import Model

_SEEKS = 9
"""Moments that are sought, spread over the log."""


@dataclass(frozen=True)
class Cost:
    """What came out of the engine."""

    opening: Fetched
    """Until the plant can be shown: of the whole log."""
    seek: Fetched
    """For the dearest of some moments."""


def cost(factory: Factory) -> Cost:
    """Show a plant that was just opened, seek through it, and count."""
    fetched = factory.store.engine.fetched
    model = Model(factory)
    opening, dearest = replace(fetched), Fetched()
    for place in range(1, _SEEKS + 1):
        before = replace(fetched)
        model.prefetch(model.first + (model.last - model.first) * place // (_SEEKS + 1))
        seek = fetched.since(before)
        dearest = max(dearest, seek, key=lambda each: each.bytes)
    return Cost(opening, dearest)
