"""One log in many dialects: the stays are equal, or it is asked."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.errors import InputError
from factoryview.sources import read
from factoryview.sources.events import EventLog
from factoryview.store.database import Store
from tests.kit.dialects import AMOUNTS, DATES, ENCODINGS, HEADERS, Dialect, Row, dialects

NEVER_ASKED = {"times", "timezone", "value"}
"""Guesses that change none of the moments; everything else that is asked may be wrong as long as it is asked."""


def stays_of(log: EventLog) -> list[tuple[object, ...]]:
    store = Store.build(log)
    wanted = 'select "case", stage, entered, "left" from stays order by "case", entered'
    found: list[tuple[object, ...]] = store.engine.connection.execute(wanted).fetchall()
    return found


def expected_of(rows: list[Row]) -> list[tuple[object, ...]]:
    """By plain loops: a case stands at a stage until its next row, at the last one for good."""
    stays: list[tuple[object, ...]] = []
    for case in sorted({row[0] for row in rows}):
        path = sorted((row for row in rows if row[0] == case), key=lambda row: row[2])
        nexts = [*(row[2] for row in path[1:]), None]
        stays += [(case, stage, at, left) for (_, stage, at), left in zip(path, nexts, strict=True)]
    return stays


def is_right(dialect: Dialect, seed: int) -> bool:
    """Whether the stays are right; False where it asked. Anything else fails."""
    rows = dialect.rows(seed)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        path.write_bytes(dialect.written(rows, seed))
        try:
            log = read(path)
        except InputError as error:
            if not error.cure:
                raise
            return False
        asked = {guess.what for guess in log.guesses} - NEVER_ASKED
        assert asked or log.meaning == "entry"
        found, right = stays_of(log), expected_of(rows)
    assert asked or found == right
    return found == right


@given(dialects, st.integers(0, 10_000))
@settings(max_examples=25)
def test_the_stays_are_equal_or_it_is_asked(dialect: Dialect, seed: int) -> None:
    is_right(dialect, seed)


ONE_BY_ONE = [
    Dialect(),
    *(Dialect(language=language) for language in HEADERS),
    *(Dialect(encoding=encoding, language="fr") for encoding in ENCODINGS),
    *(Dialect(delimiter=delimiter, quoting=csv.QUOTE_ALL) for delimiter in ",;\t|"),
    *(Dialect(dates=dates) for dates in DATES),
    *(Dialect(amounts=amounts, delimiter=";") for amounts in AMOUNTS),
    *(Dialect(order=order, duplicates=3) for order in ("newest", "case")),
    Dialect(blanks=True, line_end="\r\n"),
    Dialect(short=True),
    Dialect(short=True, delimiter=";", dates="words, month first"),
]


@pytest.mark.parametrize("dialect", ONE_BY_ONE, ids=str)
def test_each_trait_of_a_dialect_alone_is_read_rightly(dialect: Dialect) -> None:
    assert is_right(dialect, 7)
