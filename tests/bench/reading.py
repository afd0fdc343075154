"""How often inputs of strangers' kinds are read rightly, or asked about: twenty of each kind, invented by seeds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.kit.reading_ending import KINDS, ending


def run(each: int = 20, seed: int = 1000) -> dict[str, Any]:
    """Endings per kind, the share that is right or asked, and every one that is wrong without a word."""
    kinds: dict[str, dict[str, int]] = {}
    wrong: dict[str, str] = {}
    with TemporaryDirectory() as folder:
        for kind in KINDS:
            place = Path(folder) / kind
            place.mkdir()
            ends = {number: ending(kind, number, place) for number in range(seed, seed + each)}
            kinds[kind] = dict(Counter(end for end, _ in ends.values()))
            wrong |= {f"{kind} {number}": told for number, (end, told) in ends.items() if end == "wrong"}
    total = Counter[str]()
    for counted in kinds.values():
        total.update(counted)
    share = 1 - total["wrong"] / max(total.total(), 1)
    return {"kinds": kinds, "total": dict(total), "right or asked": round(share, 3), "wrong": wrong}
