"""Answers that have no room in memory: their columns lie in files."""

from __future__ import annotations

from factoryview.store.engine import Columns, Engine, Parameters
from factoryview.store.scroll import Scroll


def unrolled(engine: Engine, query: str, parameters: Parameters, only: str | None) -> Columns:
    """As `Engine.columns`, of a query that answers with numbers alone and without a null. Raises OSError where there is
    no room for them.
    """
    scrolls: dict[str, Scroll] = {}
    for piece in engine.pieces(query, parameters, only):
        for name, values in piece.items():
            if name not in scrolls:
                scrolls[name] = Scroll(values.dtype)
            scrolls[name].append(values)
    engine.rest()
    if not scrolls:
        return engine.columns(query, parameters, only)
    return {name: scroll.read() for name, scroll in scrolls.items()}
