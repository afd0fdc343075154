"""What a large log begins with is opened at once, and shows the picture of its days that the whole log shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from factoryview.factory.factory import Factory, Opening
from factoryview.factory.opening import open_beginning, open_factory
from factoryview.flow.work import work_of
from factoryview.language import Language
from factoryview.store import sketch
from factoryview.view.model import Model
from factoryview.view.playhead import REAL_TIME, usual_pace
from factoryview.view.state import Studied
from factoryview.view.wording import Wording
from tests.kit.office_table import CASES, PLANT, Row, as_large, rows, write
from tests.view.test_future import RIDES, plain


@pytest.fixture(autouse=True)
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_large(monkeypatch, tmp_path)


def begun(path: Path) -> Factory:
    found = open_beginning(path)
    assert found is not None
    return found


def measured(model: Model) -> Model:
    past, factory = model.counts.history, model.factory
    model.studied = Studied(None, (past, work_of(factory.store, factory.plant, past, model.counts.jams.wrecks)))
    return model


def test_it_shows_the_picture_of_the_whole_log(tmp_path: Path) -> None:
    """At any moment of it, on the same floor; what a ride looks like hangs on when it ends."""
    path = write(tmp_path)
    first = begun(path)
    part, whole = measured(Model(first)), measured(Model(open_factory(path)))
    assert part.factory.plant == whole.factory.plant
    assert (part.first, part.last) == (whole.first, whole.last)
    assert part.topology.plan == whole.topology.plan
    assert part.counts.history.width == whole.counts.history.width
    assert part.until is not None
    assert part.first < part.until < part.last
    assert whole.until is None
    random = Random(7)
    moments = [random.randint(part.first, part.until) for _ in range(12)] + [part.first, part.until]
    usual = usual_pace(part.last - part.first)
    for at in moments:
        for pace, without in ((REAL_TIME, ()), (usual, RIDES)):
            known, all_of_it = part.state(at, pace), whole.state(at, pace)
            assert plain(known, without) == plain(all_of_it, without), at
            for code in ("de", "en"):
                say = [Wording(m.topology, m.factory.plant, Language(code)).moment for m in (part, whole)]
                shown = [
                    plain(w(s), (*without, "crates", "piles")) for w, s in zip(say, (known, all_of_it), strict=True)
                ]
                assert shown[0] == shown[1], at


def without_court(found: list[Row]) -> None:
    found[:] = [row for row in found if row[1] != "Court"]


def test_its_findings_are_those_of_the_whole_log(tmp_path: Path) -> None:
    path = write(tmp_path, without_court)
    part, whole = Model(begun(path)), Model(open_factory(path))
    part.study()
    whole.study()
    assert part.until is not None
    told = 0
    for share in (0.4, 0.7, 1.0):
        at = part.first + round(share * (part.until - part.first))
        found = [model.studied.findings.at(at) for model in (part, whole) if model.studied and model.studied.findings]
        assert repr(found[0]) == repr(found[1])
        told += found[0] is not None
    assert told


def test_later_moments_show_its_end(tmp_path: Path) -> None:
    model = Model(begun(write(tmp_path)))
    assert model.until is not None
    assert model.state(model.last, REAL_TIME).at == model.until


def test_the_rarest_stage_has_its_place_from_the_beginning(tmp_path: Path) -> None:
    factory = begun(write(tmp_path))
    assert "Court" not in factory.store.stages()
    assert "Court" in Model(factory).topology.stages


def test_the_floor_is_that_of_the_same_cases_whoever_asks(tmp_path: Path) -> None:
    """Of events before they are counted, of the stays that follow, and of those that were kept."""
    path = write(tmp_path)
    fresh = open_factory(path)
    found = open_factory(path)
    assert fresh.every == found.every == len(rows()) // 1_000
    cases = [
        sorted(each.sample().store.engine.rows('select distinct "case" from stays', {})) for each in (fresh, found)
    ]
    assert cases[0] == cases[1]
    assert 0 < len(cases[0]) < CASES / 2
    assert Model(found, aspect=1.3).topology.plan == Model(fresh, aspect=1.3).topology.plan


def nothing(_rows: list[Row]) -> None:
    return


def undated(found: list[Row]) -> None:
    found.append(("c1", "Call", None, "web", ""))


def at_once(found: list[Row]) -> None:
    found[:] = [(case, stage, 0 if k < 3_000 else at, *rest) for k, (case, stage, at, *rest) in enumerate(found)]


def few_of_a_channel(found: list[Row]) -> None:
    found.extend((f"letter {case}", "Ask", 0, "letter", "") for case in range(8))


@pytest.mark.parametrize(
    ("text", "opening", "more"),
    [
        (PLANT.replace('ends = ["Won", "Lost"]\n', ""), Opening(), nothing),
        (PLANT + 'times = "completion"\n', Opening(), nothing),
        (PLANT, Opening(machines=3), nothing),
        (PLANT, Opening(), undated),
        (PLANT, Opening(), at_once),
        (PLANT, Opening(), few_of_a_channel),
    ],
)
def test_what_could_be_another_picture_is_waited_for(
    tmp_path: Path, text: str, opening: Opening, more: Callable[[list[Row]], None]
) -> None:
    path = write(tmp_path, more)
    path.write_text(text, encoding="utf-8")
    assert open_beginning(path, opening) is None
    Model(open_factory(path, opening))


def test_what_is_there_as_soon_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path)
    assert open_beginning(path) is not None
    open_factory(path)
    assert open_beginning(path) is None
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    monkeypatch.setattr(sketch, "FEWEST", 1_000_000)
    assert open_beginning(path) is None
    log = tmp_path / "log.csv"
    log.write_text("case,stage,time\na,Ask,2025-01-01\n", encoding="utf-8")
    assert open_beginning(log) is None
