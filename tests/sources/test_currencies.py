"""Amounts in several currencies are never added up; one is the plant's. Offsets tell where the plant stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.sources import EventLog
from factoryview.sources.currencies import code_of
from factoryview.sources.zones import likely
from tests.sources.conftest import findings

Made = Callable[..., EventLog]


def table(head: str, *amounts: str) -> str:
    rows = [f"C{i};{step};2025-01-{day:02} 10:00;{amount}" for i, amount in enumerate(amounts)
            for day, step in ((i + 1, "Offer"), (i + 3, "Order"))]  # fmt: skip
    return "\n".join([f"case;stage;entered at;{head}", *rows])


SEVERAL = {
    "signs": table("amount", "1.200 €", "300 $", "250 €"),
    "dollars and pounds": table("amount", "£1200", "300", "$1000"),
    "column": table("amount;currency", "1200;USD", "99000;JPY", "5;USD"),
    "Währung": table("Betrag;Währung", "1200;EUR", "99000;CHF", "5;EUR"),
    "header and column": table("amount (EUR);currency", "1200;USD", "300;USD", "10;USD"),
}
ONE = {
    "sign": (table("amount", "1.200 $", "300 $", "250"), "USD"),
    "column": (table("amount;currency", "1200;CHF", "300;CHF", "10;"), "CHF"),
    "header": (table("Betrag (CHF)", "1200", "300", "10"), "CHF"),
    "sign in the header": (table("amount £", "1200", "300", "10"), "GBP"),
    "none": (table("amount", "1200", "300", "10"), None),
}


@pytest.mark.parametrize("kind", SEVERAL)
def test_several_currencies_are_not_added_up(kind: str, log_of: Made) -> None:
    log = log_of(SEVERAL[kind])
    assert log.connection.execute("SELECT count(*), count(value) FROM events").fetchall() == [(6, 0)]
    assert "value" not in log.columns
    assert log.currency is None
    assert "several currencies" in findings(log, "warning")


@pytest.mark.parametrize("kind", ONE)
def test_one_currency_is_that_of_the_plant(kind: str, written: Callable[..., Path]) -> None:
    text, code = ONE[kind]
    factory = open_factory(written(text))
    assert factory.store.rows("stays/undated") == [(0,)]
    assert factory.columns["value"].split()[0] in ("amount", "Betrag")
    assert factory.plant.currency == (code or "EUR")


def test_a_plant_file_says_its_currency_itself(written: Callable[..., Path]) -> None:
    written(ONE["sign"][0])
    plant = written('name = "P"\ncurrency = "CAD"\nlog = { path = "log.csv" }\n', "plant.toml")
    assert open_factory(plant).plant.currency == "CAD"


@pytest.mark.parametrize(("text", "code"), [("zł", "PLN"), ("TL", "TRY"), ("sek", "SEK"), ("kg", None), ("", None)])
def test_what_people_write_for_a_currency(text: str, code: str | None) -> None:
    assert code_of(text) == code


def stamps(zone: str, months: tuple[int, ...] = (1, 4, 7, 10)) -> list[str]:
    moments = [datetime(2025, month, day, 12, tzinfo=UTC) for month in months for day in (2, 20)]
    return [moment.astimezone(ZoneInfo(zone)).isoformat() for moment in moments]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney"])
def test_offsets_tell_the_zone(zone: str) -> None:
    assert likely(stamps(zone)) == zone


def test_offsets_of_utc_and_of_no_zone_tell_none() -> None:
    assert likely(stamps("UTC")) is None
    assert likely(["2025-01-01T10:00:00"] * 9) is None
    assert likely([f"2025-0{month}-01T10:00:00+11:30" for month in range(1, 9)]) is None


def test_the_plant_stands_where_its_offsets_say_unless_somebody_says_else(written: Callable[..., Path]) -> None:
    begin = datetime(2025, 3, 1, 8, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    rows = ["case,stage,entered at"]
    for i in range(40):
        at = (begin + timedelta(days=i)).astimezone(ZoneInfo("Europe/Berlin")).isoformat()
        rows += [f"{i},Offer,{at}", f"{i},Order,{at.replace('T0', 'T1')}"]
    path = written("\n".join(rows))
    factory = open_factory(path)
    assert factory.plant.timezone == "Europe/Berlin"
    assert [(guess.taken, guess.others) for guess in factory.guesses if guess.what == "timezone"] == [
        ("Europe/Berlin", ("--timezone UTC",))
    ]
    said = open_factory(path, Opening(timezone="UTC"))
    assert said.plant.timezone == "UTC"
    assert not [guess for guess in said.guesses if guess.what == "timezone"]


@pytest.mark.parametrize(("amounts", "code"), [
    (("USD 1200", "USD 300", "USD 250"), "USD"), (("1.200 €", "300 €", "250 €"), "EUR"),
    (("Fr. 1'200", "Fr. 300", "Fr. 250"), "CHF"), (("1,200 SEK", "300 SEK", "250 SEK"), "SEK"),
])  # fmt: skip
def test_money_is_known_with_its_currency_before_or_behind(amounts: tuple[str, ...], code: str, log_of: Made) -> None:
    """Whatever separates the columns: what it is worth is found, and how much that is."""
    text = table("amount", *(amounts * 4)).replace(";", "\t")
    log = log_of(text, "log.tsv")
    assert (log.columns.get("value"), log.currency) == ("amount", code)
    found = log.connection.execute("SELECT DISTINCT value FROM events ORDER BY 1").fetchall()
    assert [value for (value,) in found] == [250.0, 300.0, 1200.0]
