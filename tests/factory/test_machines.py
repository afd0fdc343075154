"""A floor has only as many machines as can be told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.factory.factory import MOST_MACHINES, Opening, open_factory


def write(path: Path, stages: int) -> Path:
    rows = [f"{case},S{(case * 7 + step) % stages:03},2025-01-{1 + case % 28:02} {step:02}:00"
            for case in range(400) for step in range(6)]  # fmt: skip
    path.write_text("\n".join(["case,stage,entered at", *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize("asked", [0, 10_000])
def test_more_stages_than_can_be_drawn_are_refused_in_a_sentence(asked: int, tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", 400)
    with pytest.raises(InputError, match=f"400 activities, and at most {MOST_MACHINES} machines.*Leave out --stages"):
        open_factory(path, Opening(machines=asked))
    factory = open_factory(path)
    assert len(factory.plant.stages) <= 12
    assert [finding.cure for finding in factory.findings if "rarer activities" in finding.text] == [""]


def test_as_many_as_can_be_drawn_are_drawn(tmp_path: Path) -> None:
    factory = open_factory(write(tmp_path / "log.csv", 40), Opening(machines=0))
    assert len(factory.plant.stages) == 40
