"""Filters with a name: kept, found again, joined, forgotten, and taken back."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from factoryview.app.settings import Settings, load, save
from factoryview.desk.kept import condition_of, kept_of, plain, tables_of
from factoryview.store import selection
from factoryview.store.selection import (
    AttributeBetween,
    AttributeIn,
    ChannelIn,
    Followed,
    InProgress,
    LongerThan,
    Not,
    Repeated,
    RouteIs,
    Selection,
    Through,
    ValueBetween,
)
from tests.kit.desk_pilot import DeskPilot
from tests.kit.small_plants import studied

EVERY = (
    ChannelIn(("web", "phone"), unknown=True), ValueBetween(10.0), Through("Offer"), Not(Through("Größe")),
    selection.First("Ask"), selection.Last("Ask"), Followed("Ask", "Offer"), Repeated("Ask"), LongerThan(48.0),
    LongerThan(1.0, 5), InProgress(1_700_000_000_000_000), AttributeIn("region", ("a", "b")),
    AttributeBetween("pages", -math.inf, 3.5), RouteIs(("Ask", "Offer"), "Won"), Not(Not(Repeated("Ask"))),
)  # fmt: skip


def test_every_condition_is_found_again_in_the_file(tmp_path: Path) -> None:
    kept = (("all of them", EVERY), ("late", (LongerThan(72.0),)))
    path = tmp_path / "settings.toml"
    save(Settings(theme="day", filters={"A plant": tables_of(kept)}), path)
    settings, wrong = load(path)
    assert wrong == ""
    assert settings.theme == "day"
    assert kept_of(settings.filters["A plant"]) == kept


@pytest.mark.parametrize(
    "table",
    [7, {}, {"kind": "Nothing"}, {"kind": "Through"}, {"kind": "Through", "stage": 7}, {"not": 3},
     {"kind": "ChannelIn", "names": [1]}, {"kind": "LongerThan", "hours": "long"}, {"kind": "Selection"}],
)  # fmt: skip
def test_what_is_no_condition_is_left_out(table: object) -> None:
    assert condition_of(table) is None
    assert kept_of({"x": [table], "y": [plain(Through("Ask"))], "z": 5}) == (("y", (Through("Ask"),)),)


def test_filters_are_named_joined_and_forgotten() -> None:
    written: list[Settings] = []
    pilot = DeskPilot(studied("reworked"), (1366, 768), paused=True, keep=written.append)
    pilot.wait(0).run("filter", Repeated("Offer")).press("/").type("again  offers")
    pilot.wait(0)
    assert pilot.press("return").session.kept == (("again offers", (Repeated("Offer"),)),)
    name = pilot.screen.playback.model.factory.name
    wanted: tuple[Selection, ...] = (Repeated("Offer"),)
    assert kept_of(written[-1].filters[name]) == (("again offers", wanted),)
    pilot.press("x").run("filter", ChannelIn(("web",))).press("/").type("filter: again").press("return").wait(0)
    assert pilot.session.filters == (ChannelIn(("web",)), Repeated("Offer")), "beside what holds"
    pilot.wait(0)
    both = pilot.label("filters/count")
    assert pilot.press("ctrl+z").session.filters == (ChannelIn(("web",)),)
    pilot.press("ctrl+y").wait(0)
    assert pilot.label("filters/count") == both
    again = DeskPilot(studied("reworked"), (1366, 768), paused=True, settings=written[-1])
    assert again.session.kept == pilot.session.kept
    pilot.press("/").type("forget again").press("return")
    assert pilot.session.kept == ()
    assert written[-1].filters[name] == {}
    assert pilot.press("ctrl+z").session.kept
    assert kept_of(written[-1].filters[name]) == (("again offers", wanted),)
