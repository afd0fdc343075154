"""What headers sound like."""

from __future__ import annotations

import pytest

from factoryview.sources.columns import headers, vocabulary


@pytest.mark.parametrize(
    ("one", "other"),
    [("dealStage", "deal_stage"), ("Tätigkeit", "Taetigkeit"), ("CASE-ID", "case id"), ("Größe", "groesse")],
)
def test_ways_of_writing_a_header_are_alike(one: str, other: str) -> None:
    assert headers.fold(one) == headers.fold(other)


@pytest.mark.parametrize(
    ("name", "role", "least"),
    [
        ("case:concept:name", "case", 10),
        ("concept:name", "stage", 10),
        ("Vorgangsnummer", "case", 9),
        ("Tätigkeit", "stage", 9),
        ("Zeitstempel", "time", 9),
        ("Sachbearbeiter", "resource", 9),
        ("property_amount", "value", 9),
        ("Amount in EUR", "value", 9),
        ("Main Purchase Order Number", "case", 3),
    ],
)
def test_known_names(name: str, role: str, least: float) -> None:
    assert headers.score(name, role) >= least


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("case:startdate", "start"),
        ("case:responsible", "resource"),
        ("planned end date", "time"),
        ("Fälligkeit Datum", "time"),
        ("_fivetran_synced", "time"),
        ("Variant", "stage"),
    ],
)
def test_traps(name: str, role: str) -> None:
    assert headers.score(name, role) <= 0


def test_every_list_has_words() -> None:
    for role, levels in vocabulary.NAMES.items():
        for names in levels.values():
            assert all(name and name == name.lower() for name in names), role
