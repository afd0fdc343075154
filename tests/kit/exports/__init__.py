"""Exports as the programs of offices write them: ticket systems, CRM, ERP, hospitals, town halls, forges, shop floors.

Each kind is a function of a `Random` that writes a file and says what has to be read from it: `rows`. An input with no
rows tells of no process that can be known; it has to be asked about or refused.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.kit.exports import by_hand, engines, histories, offices, shapes, states, tickets, trade
from tests.kit.reading_inputs import Input

KINDS: dict[str, Callable[[Random], Input]] = {
    kind.__name__: kind
    for module in (tickets, trade, offices, shapes, engines, histories, by_hand, states)
    for kind in module.KINDS
}
