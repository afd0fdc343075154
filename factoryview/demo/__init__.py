"""Two plants that never were: seeded logs of a story whose truth is known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from factoryview.demo import permits, umsatzwerk
from factoryview.demo.rows import Meaning, Row, csv_text, rows_of, write_gzip
from factoryview.demo.simulator import Story, simulate
from factoryview.demo.truth import Laboratory, Period, forgotten, truth
from factoryview.plant.files import save_plant
from factoryview.plant.models import Plant

StoryName = Literal["umsatzwerk", "permits"]

STORIES: dict[StoryName, Story] = {"umsatzwerk": umsatzwerk.Umsatzwerk(), "permits": permits.Bauamt()}
SEED = 2025
"""Of the files in `data/`."""
MEANINGS: dict[StoryName, Meaning] = {"umsatzwerk": "entry", "permits": "interval"}
"""Of the files in `data/`."""
PERIODS: dict[StoryName, tuple[Period, ...]] = {
    "umsatzwerk": (
        (date(2025, 1, 13), umsatzwerk.AI_OFFERS),
        (umsatzwerk.AI_OFFERS, date(2025, 6, 9)),
        (date(2025, 6, 9), umsatzwerk.RELIEF),
        (date(2025, 11, 1), date(2026, 1, 1)),
    ),
    "permits": (
        (date(2019, 2, 1), date(2020, 8, 1)),
        (date(2021, 3, 1), date(2022, 1, 1)),
        (date(2022, 1, 1), date(2022, 10, 1)),
        (date(2023, 9, 1), date(2024, 1, 1)),
        (date(2024, 3, 1), date(2025, 1, 1)),
    ),
}


def generate(story: StoryName = "umsatzwerk", seed: int = SEED, meaning: Meaning | None = None) -> list[Row]:
    """The rows of a story's log; `meaning` says what the times mean, that of the shipped file unless given.

    The same arguments give the same rows on every machine. Columns: case, stage, time (start and end for
    intervals; ISO 8601 with offset), channel, resource (P01, …, robots R1, …), value (EUR), reason.
    """
    chosen = STORIES[story]
    return rows_of(simulate(chosen, seed), chosen.time, meaning or MEANINGS[story])


def plant_of(story: StoryName) -> Plant:
    """The plant file's content."""
    return umsatzwerk.plant() if story == "umsatzwerk" else permits.plant()


def truth_of(story: StoryName, seed: int = SEED) -> dict[str, Any]:
    """What is known for certain: per period the constraint and its cost, staff, losses, WIP (see `truth`)."""
    laboratory = Laboratory(STORIES[story], seed)
    answer = truth(laboratory, story, PERIODS[story])
    if isinstance(laboratory.story, umsatzwerk.Umsatzwerk):
        answer["handover"] = handover_loss(laboratory, laboratory.story)
    return answer


def handover_loss(laboratory: Laboratory, story: umsatzwerk.Umsatzwerk) -> dict[str, Any]:
    """What the spreadsheet lost, and the orders that the year would have had without it."""
    flawless = laboratory.run(replace(story, leak=False))
    orders = [sum(v.station == story.goal for v in run.visits) for run in (laboratory.baseline, flawless)]
    return {
        "origin": "Inquiry",
        **forgotten(story, laboratory.baseline),
        "orders_lost_in_the_year": orders[1] - orders[0],
    }


def write(folder: Path, story: StoryName) -> list[Path]:
    """Writes a story's plant file, log and truth; returns their paths."""
    plant, log, known = (folder / f"{story}{ending}" for ending in (".toml", ".csv.gz", ".truth.json"))
    save_plant(plant_of(story), plant)
    write_gzip(log, csv_text(generate(story)))
    known.write_text(json.dumps(truth_of(story), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return [plant, log, known]
