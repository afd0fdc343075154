"""In a table of counts, where cases are done nobody waits, whatever piles up in the counts."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.flow.verdict.verdict import verdict


def table(folder: Path, last: str, capacity: int) -> Path:
    """Forty weeks of counts: what comes to the second stage beyond its capacity waits; the last one keeps all."""
    rng, lines, waiting = Random(4), ["week;stage;arrivals;departures;wip"], [0, 0, 0]
    for week in range(40):
        come = rng.randrange(18, 25)
        for place, stage in enumerate(("Lead", "Offer", last)):
            go = (come, min(waiting[1] + come, capacity), 0)[place]
            waiting[place] += come - go
            lines.append(f"{2024 + week // 30}-W{week % 30 + 1:02};{stage};{come};{go};{waiting[place]}")
            come = go
    path = folder / "counts.csv"
    path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize("last", ["Done", "Archive", "Abgelegt"])
@pytest.mark.parametrize("capacity", [18, 99])
def test_an_end_is_no_stage_and_never_the_bottleneck(last: str, capacity: int, tmp_path: Path) -> None:
    factory = open_factory(table(tmp_path, last, capacity))
    assert factory.store.stages() == ["Lead", "Offer"]
    asked = [finding for finding in factory.findings if finding.place == "ends"]
    assert [finding.severity for finding in asked] == ["ask"]
    assert last in asked[0].text
    found = verdict(factory.store, factory.plant).bottleneck
    assert found.stage == ("Offer" if capacity == 18 else None)


def test_whoever_says_that_cases_wait_there_is_believed(tmp_path: Path) -> None:
    path = table(tmp_path, "Archive", 99)
    assert set(open_factory(path, Opening(ends=())).store.stages()) == {"Lead", "Offer", "Archive"}
    assert open_factory(path, Opening(ends=("Offer", "Archive"))).store.stages() == ["Lead"]
    plant = tmp_path / "plant.toml"
    plant.write_text('name = "P"\nlog = { path = "counts.csv" }\nstages = [{ name = "Offer" }, { name = "Archive" }]\n')
    assert "Archive" in open_factory(plant).store.stages()
