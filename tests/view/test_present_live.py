"""A presentation of a live plant, renewed: what was forgotten is gone, the floor stays."""

from __future__ import annotations

from pathlib import Path

from factoryview.factory.factory import Opening
from factoryview.factory.opening import open_factory
from factoryview.language import Language
from factoryview.time import DAY
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation

LOG = "case,stage,time\n" + "".join(
    f"{case},{stage},2026-03-{day + case // 10:02d}T{8 + case % 10:02d}:00:00Z\n"
    for case in range(40)
    for day, stage in ((1, "Ask"), (2, "Check"), (3, "Done"))
)


def test_what_is_said_of_the_same_counts_is_said_once(tmp_path: Path) -> None:
    """Only what stands there differs between a live plant and itself a moment later, until all is counted anew."""
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    factory = open_factory(tmp_path / "log.csv", Opening(ends=("Done",)))
    now = factory.store.span()[1] + 1
    before = Presentation(Model(factory, now=now), Language("en"), title="Works")
    latest = before.of(before.model.with_latest(now + DAY))
    assert latest.facts is before.facts
    assert latest.moment(now + DAY, 1e6, playing=True).clock != before.moment(now, 1e6).clock
    counted = before.of(Model(factory, now=now + DAY, before=before.model))
    assert (counted.facts.title, counted.facts.last) == ("Works", now + DAY)
    assert before.facts.last == now


def test_when_all_is_forgotten_the_floor_stands_empty(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    factory = open_factory(tmp_path / "log.csv", Opening(ends=("Done",)))
    now = factory.store.span()[1] + 1
    before = Presentation(Model(factory, now=now), Language("en"))
    assert {station.count for station in before.moment(now, 1e6).floor.stations} != {"0"}
    factory.store.engine.connection.execute("delete from stays; delete from outcomes")
    later = now + 86_400_000_000
    renewed = before.of(Model(factory, now=later, before=before.model))
    moment = renewed.moment(later, 1e6, playing=True)
    assert renewed.facts.floor.plan is before.facts.floor.plan
    assert {station.count for station in moment.floor.stations} == {"0"}
    assert not any(len(crates.id) for crates in moment.floor.crates)
