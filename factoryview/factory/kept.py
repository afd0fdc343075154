"""A plant of events in files, as it was opened before: what was found out of them, kept beside their stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from factoryview.language.said import packed, unpacked
from factoryview.plant.models import Plant
from factoryview.sources.events import Finding
from factoryview.store.database import Store
from factoryview.store.kept_stays import KeptStays


@dataclass(frozen=True)
class Opened:
    """What is found out of events, once."""

    plant: Plant
    store: Store
    findings: tuple[Finding, ...]
    rejected: int
    columns: dict[str, str]
    log_rows: int
    mappable: bool
    every: int
    """See `Factory`."""


def found(place: KeptStays) -> Opened | None:
    """What was kept; None where nothing was, or it is not understood any more."""
    kept = place.found()
    if kept is None:
        return None
    store, about = kept
    try:
        plant = Plant.model_validate_json(about["plant"])
        findings = tuple(
            Finding(severity, unpacked(at), unpacked(text), unpacked(cure))
            for severity, at, text, cure in about["findings"]
        )
        told = (about[name] for name in ("rejected", "columns", "log_rows", "mappable", "every"))
        return Opened(plant, store, findings, *told)
    except (ValidationError, LookupError, TypeError, ValueError):
        store.close()
        return None


def keep(place: KeptStays, opened: Opened, tell: Callable[[float], None]) -> None:
    """Keep it, if it is large and can be kept as it is. tell: see `KeptStays.keep`. What was sketched may grow."""
    plant = opened.plant.model_dump_json()
    if opened.store.attributes() or Plant.model_validate_json(plant) != opened.plant:
        return
    about: dict[str, Any] = {
        "plant": plant, "rejected": opened.rejected, "columns": opened.columns, "log_rows": opened.log_rows,
        "mappable": opened.mappable, "every": opened.every,
        "findings": [
            [each.severity, packed(each.place), packed(each.text), packed(each.cure)] for each in opened.findings
        ],
    }  # fmt: skip
    place.keep(opened.store, about, tell, grows=opened.every > 0)
