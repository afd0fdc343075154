"""A journal to record into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from factoryview.plant.words import Times
from factoryview.store.journal.journal import (
    Journal,
)
from tests.kit.journals import PLANT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "werk.store"


@pytest.fixture
def open_journal(path: Path) -> Iterator[Callable[..., Journal]]:
    """Opens the store to record, once more after it was closed."""
    opened: list[Journal] = []

    def make(times: Times = "entry", plant: str = PLANT) -> Journal:
        opened.append(Journal.create_or_open(path, plant, times))
        return opened[-1]

    yield make
    for journal in opened:
        journal.close()


@pytest.fixture
def journal(open_journal: Callable[..., Journal]) -> Journal:
    return open_journal()
