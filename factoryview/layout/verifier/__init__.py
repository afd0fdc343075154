"""Everything that is wrong with a plan: looks at finished rectangles and lines, shares nothing with the engine."""

from __future__ import annotations

from factoryview.layout.plan import FloorRequest, Plan
from factoryview.layout.verifier.belts import belts
from factoryview.layout.verifier.ground import ground
from factoryview.layout.verifier.requested import requested
from factoryview.layout.verifier.shapes import shapes
from factoryview.layout.verifier.solids import solids


def faults(plan: Plan, request: FloorRequest) -> list[str]:
    """Every violation of the rules of a floor, in words; none for a good plan."""
    return [
        *requested(plan, request),
        *shapes(plan, request),
        *solids(plan),
        *belts(plan),
        *ground(plan, request),
    ]
