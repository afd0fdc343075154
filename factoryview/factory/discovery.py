"""A discovered plant, completed so that its file can be played by itself."""

from __future__ import annotations

import os
from pathlib import Path

from factoryview.factory.factory import Factory
from factoryview.plant.models import Log, Plant


def discovered(factory: Factory, source: Path, target: Path) -> Plant:
    """The factory's plant with a `[log]` that names where the data is, seen from the plant file."""
    meaning = factory.store.meaning
    path = os.path.relpath(source.resolve(), target.resolve().parent)
    warehouse = factory.plant.warehouse
    if warehouse is not None:
        if warehouse.path is not None:
            path = os.path.relpath((source.parent / warehouse.path).resolve(), target.resolve().parent)
            warehouse = warehouse.model_copy(update={"path": Path(path).as_posix()})
        return factory.plant.model_copy(update={"warehouse": warehouse.model_copy(update={"ends": factory.store.ends})})
    if factory.plant.log is not None:
        path = os.path.relpath((source.parent / factory.plant.log.path).resolve(), target.resolve().parent)
        return factory.plant.model_copy(update={"log": factory.plant.log.model_copy(update={"path": path})})
    log = Log(
        path=Path(path).as_posix(),
        columns=factory.columns if factory.mappable else {},
        times=None if meaning == "kpi" else meaning,
        ends=factory.store.ends,
        dates=factory.opening.dates,
        encoding=factory.opening.encoding,
        sheet=factory.opening.sheet,
    )
    return factory.plant.model_copy(update={"log": log})
