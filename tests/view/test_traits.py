"""What is known of the cases at a stage: one entry for every stay, in the order of the log, and in the panel."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import numpy as np
import pytest

from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from factoryview.view.series import StageLog
from factoryview.view.traits import CHANNEL, traits_of
from tests.kit.desk_pilot import DeskPilot

CASES = 420
Row = tuple[str, str, datetime, str, str, int, str]


def rows() -> list[Row]:
    """Region West waits twice as long at the check; the discount and the clerk do not matter."""
    random, found = Random(5), []
    for k in range(CASES):
        at = datetime(2025, 3, 3) + timedelta(hours=4 * k)
        region, by = random.choice(["North", "South", "West", "East"]), random.choice(["web", "post"])
        discount, clerk = random.randint(0, 400), random.choice(["Ada Abt", "Bo Baum"])
        for stage in ("Entry", "Check", "Done"):
            found.append((f"c{k}", stage, at, by, region, discount, clerk))
            at += timedelta(hours=random.gammavariate(3, 8) * (2 if stage == "Check" and region == "West" else 1))
    return sorted(found, key=lambda row: row[2])


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    path = tmp_path_factory.mktemp("log") / "office.csv"
    lines = ["case,stage,time,channel,region,discount,clerk"]
    lines += [",".join(map(str, row)) for row in rows()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Model(open_factory(path, Opening(ends=("Done",), times="entry")))


def test_every_stay_has_what_its_case_says(model: Model) -> None:
    log = StageLog.fetch(model.factory.store, model.topology, "Check")
    traits = {trait.name: trait for trait in traits_of(model.factory, log)}
    assert set(traits) == {CHANNEL, "region", "discount"}, "who worked is no trait"
    mine = [row for row in rows() if row[1] == "Check"]
    assert len(mine) == len(log.entered)
    region, by, discount = (traits[name] for name in ("region", CHANNEL, "discount"))
    assert [region.values[code] for code in region.codes] == [row[4] for row in mine]
    assert [by.values[code] for code in by.codes] == [row[3] for row in mine]
    low, high = np.quantile([row[5] for row in mine], [0.25, 0.75])
    assert discount.values == (f">{high:g}", f"<{low:g}", "")
    assert discount.codes.tolist() == [0 if row[5] >= high else 1 if row[5] <= low else 2 for row in mine]


def test_the_panel_says_what_the_slower_ones_have_in_common(model: Model) -> None:
    pilot = DeskPilot(Presentation(model, Language("en")), (1366, 768), paused=True, start=model.last)
    pilot.run("select", "stage/Check").run("page", "why").run("span", "all")
    said = pilot.says()
    assert said["panel/slower/head"] == "What the slower ones have in common"
    assert said["panel/slower/0"].startswith("region: West · ")
    assert "×" in said["panel/slower/0"]
    assert "panel/slower/1" not in said
    assert not any("Ada" in label for label in said.values())
    assert "nothing" in pilot.run("select", "stage/Entry").label("panel/slower/head")
    pilot.run("page", "cases")
    assert "panel/only/attribute/region/West" in pilot.says()
