"""A discovered plant, completed so that its file can be played by itself."""

from __future__ import annotations

import os
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

from factoryview.factory.factory import Factory
from factoryview.language import Code
from factoryview.language.said import said
from factoryview.plant.models import Log, Plant
from factoryview.plant.words import write_duration
from factoryview.time import DAY, HOUR

SHARE = 0.85
"""So many of a stage's stays were over within what is suggested as its goal,"""
FEWEST = 8
"""if at least so many are over."""


def discovered(factory: Factory, source: Path, target: Path) -> Plant:
    """The factory's plant with a `[log]` that names where the data is, seen from the plant file."""
    plant, meaning = factory.plant, factory.store.meaning
    if any(stage.hides for stage in plant.stages):
        plant = plant.model_copy(update={"most_stages": len(plant.stages)})
    here = target.resolve().parent

    def seen(data: Path) -> str:
        return Path(os.path.relpath(data.resolve(), here)).as_posix()

    if plant.warehouse is not None:
        told: dict[str, Any] = {"ends": factory.store.ends}
        if plant.warehouse.path is not None and plant.warehouse.url is None:
            told["path"] = seen(source.parent / plant.warehouse.path)
        return plant.model_copy(update={"warehouse": plant.warehouse.model_copy(update=told)})
    if plant.log is not None:
        log = plant.log.model_copy(update={"path": seen(source.parent / plant.log.path)})
        return plant.model_copy(update={"log": log})
    log = Log(
        path=seen(source),
        columns=factory.columns if factory.mappable else {},
        times=None if meaning == "kpi" else meaning,
        ends=factory.store.ends,
        dates=factory.opening.dates,
        encoding=factory.opening.encoding,
        sheet=factory.opening.sheet,
    )
    return plant.model_copy(update={"log": log})


def goals_of_stages(factory: Factory, code: Code) -> dict[str, str]:
    """Stage without a goal → what its file may say of one: within which span most cases have left it till now."""
    spans = {
        stage: float(span)
        for stage, span, stays in factory.store.rows("stays/lasted", share=SHARE)
        if stays >= FEWEST and span
    }
    return {
        stage.name: f'target_wait = "{write_duration(_rounded(spans[stage.name]))}"  # {_why(code)}'
        for stage in factory.plant.stages
        if stage.target_wait is None and stage.name in spans
    }


def goal_of_the_plant(factory: Factory, code: Code) -> str:
    """What a file without goals may say of one: how many cases a day have ended well; empty where none have."""
    if factory.plant.targets or factory.store.seen() is None:
        return ""
    first, last = factory.store.span()
    well = {outcome.name for outcome in factory.plant.outcomes if outcome.kind != "lost"}
    ended = {name: dated for name, dated in factory.store.rows("counts/outcomes") if name in well and dated}
    if not ended or last - first < DAY:
        return ""
    name = max(ended, key=lambda each: ended[each])
    per_day = float(f"{ended[name] * DAY / (last - first):.2g}")
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    table = f'[[targets]]\nof = "{quoted}"\nper_day = {per_day:g}' if per_day else ""
    return f"{said('discover.goal').inside(code)}\n{table}" if table and name.isprintable() else ""


def _why(code: Code) -> str:
    return said("discover.within", share=SHARE).inside(code)


def _rounded(span: float) -> timedelta:
    """Up to whole days, below two of them up to whole hours."""
    unit = DAY if span >= 2 * DAY else HOUR
    return timedelta(microseconds=max(1, ceil(span / unit)) * unit)
