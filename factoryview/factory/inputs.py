"""Which files an input is made of."""

from __future__ import annotations

from pathlib import Path

from factoryview.errors import PlantError
from factoryview.factory.opening import store_of
from factoryview.plant.files import load_plant


def inputs_of(path: Path, plant: Path | None) -> list[Path]:
    """Every file that opening `path` reads: logs, tables, plant files, what its sources follow, and the store."""
    found = [file for file in (path, plant) if file is not None]
    for file in [file for file in found if file.suffix == ".toml"]:
        try:
            known = load_plant(file)
        except PlantError:
            continue  # opening it says so
        near = file.parent
        if known.log is not None:
            found += [near / known.log.path, *(near / known.log.path / table.table for table in known.log.tables)]
        if known.warehouse is not None and known.warehouse.path is not None and known.warehouse.url is None:
            found.append(near / known.warehouse.path)
        found += [near / followed for feed in known.feeds if (followed := getattr(feed, "path", None))]
        found.append(store_of(file, known))
    return found
