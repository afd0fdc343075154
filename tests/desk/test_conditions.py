"""Conditions in words, and which of them are offered of a log."""

from __future__ import annotations

from pathlib import Path

import pytest

from factoryview.desk.conditions import of_plant, words
from factoryview.desk.filtering import choices_of
from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.store.selection import (
    AttributeBetween,
    AttributeIn,
    ChannelIn,
    Followed,
    InProgress,
    Not,
    Selection,
    ValueBetween,
)
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.kit.small_plants import studied


@pytest.mark.parametrize(
    ("condition", "german"),
    [
        (Followed("Approval", "Offer"), "Freigabe › Angebot"),
        (Not(Followed("Approval", "Offer")), "nicht Freigabe › Angebot"),
        (ChannelIn(("web",)), "Kanal: Webseite"),
        (ValueBetween(5_000.0), "Wert ab 5.000 €"),
        (AttributeBetween("discount", high=2.5), "discount bis 2,5"),
        (AttributeBetween("discount", 1.0, 2.5), "discount 1 bis 2,5"),
        (AttributeIn("case:region", ("West", "Süd")), "region: West, Süd"),
        (InProgress(1_744_000_000_000_000), "in Arbeit am 7. April 2025"),
    ],
)
def test_a_condition_is_said_as_people_say_it(condition: Selection, german: str) -> None:
    assert words(condition, studied("reworked", "de")) == german


def test_what_is_offered_of_a_log(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    lines = ["case,stage,time,region,due,discount,value"]
    for k in range(60):
        due = f"2025-03-{1 + k % 4:02d} 00:00:00"
        for stage, hour in (("Entry", 1), ("Done", 5)):
            lines.append(f"c{k},{stage},2025-03-{1 + k % 20:02d} {hour:02d}:00,{'NS'[k % 2]},{due},{k % 9},{100 * k}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    model = Model(open_factory(path, Opening(ends=("Done",), times="entry")))
    shown = Presentation(model, Language("en"))
    said = {offer.name: words(offer.condition, shown) for offer in of_plant(shown, model.last, choices_of(model))}
    assert said["attribute/region/N"] == "region: N"
    assert not any("due" in name for name in said), "nobody looks for the cases of one moment"
    assert {name for name in said if name.startswith("attribute/discount")} == {
        "attribute/discount/above", "attribute/discount/below"
    }  # fmt: skip
    worth = [offer.condition for offer in of_plant(shown, model.last, choices_of(model)) if "worth" in offer.name]
    assert worth == [ValueBetween(2_900.0), ValueBetween(5_300.0)], "half and a tenth of the cases are worth more"
