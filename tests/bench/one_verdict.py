"""At how many random moments picture, words, `explain` and key figures contradict one another, on many plants."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from factoryview.factory.factory import Factory
from factoryview.factory.opening import open_factory
from factoryview.plant.models import Plant
from factoryview.resources import data_file
from tests.kit.one_verdict import Voices
from tests.kit.plants.generate import generate
from tests.kit.plants.logs import store_of, tables
from tests.kit.plants.simulate import simulate

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
REAL = ("crm/sales_pipeline.csv", "permits/receipt.csv.gz", "production/Production.csv.gz")
MEANINGS = ("entry", "interval", "completion")
PLANTS = 20


def generated(seed: int) -> Factory:
    """A plant of the generator, its log in one of the three meanings of times."""
    spec, meaning = generate(seed, calendar=bool(seed % 2)), MEANINGS[seed % 3]
    store = store_of(*tables(spec, simulate(spec), meaning), meaning)
    return Factory(Plant(name="bench"), store, "bench", (), 0, {}, 0)


def run(moments: int = 40, each: int = 3, plants: int = PLANTS, first: int = 0, logs: int = 5) -> dict[str, Any]:
    """For `python -m tests.bench one_verdict`: moments of demo, permits and the real logs, `each` of every plant.

    first: seed of the first plant; logs: so many of demo, permits and the real ones.
    """
    found: dict[str, Any] = {}
    counts: dict[str, int] = {}
    asked, wrong = 0, 0
    every = [(name, lambda name=name: open_factory(data_file(name))) for name in ("umsatzwerk.toml", "permits.toml")]
    every += [(name, lambda name=name: open_factory(SHARED / name)) for name in REAL if (SHARED / name).exists()]
    every = every[:logs]
    every += [(f"plant {seed}", lambda seed=seed: generated(seed)) for seed in range(first, first + plants)]
    for name, opened in every:
        voice = Voices(opened())
        said: list[str] = []
        count = each if name.startswith("plant") else moments
        for at in voice.moments(count, name):
            differences = voice.differences(at)
            asked, wrong = asked + 1, wrong + bool(differences)
            counts[name] = counts.get(name, 0) + 1
            said += differences
        if said:
            found[name] = said[:5]
    return {"moments": asked, "of each": counts, "moments with a contradiction": wrong, "said": found}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--moments", type=int, default=40)
    parser.add_argument("--plants", type=int, default=PLANTS)
    options = parser.parse_args()
    print(run(options.moments, plants=options.plants))
