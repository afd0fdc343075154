"""An alarm is new until it is answered, and loud again when what was promised is overdue or it got much worse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from factoryview.flow.moment.life import State, alarms_at
from factoryview.flow.verdict.findings import Findings, findings_of
from factoryview.language import Language
from factoryview.plant.notes import Answer
from factoryview.time import DAY, utc
from factoryview.view.model import Model
from factoryview.view.wording import Wording
from tests.kit.small_plants import kept

ZONE = "Europe/Berlin"


@cache
def made() -> tuple[Model, Findings]:
    model = kept("jammed").model
    return model, findings_of(model.factory.store, model.factory.plant)


def begun() -> int:
    jams = made()[1].jams
    [alarm] = [each for each in jams.alarms if each.stage == "Approval" and each.kind == "jam"]
    return int(jams.levels.moments[alarm.since])


def state(at: int, *answers: Answer) -> State | None:
    found = [each for each in alarms_at(made()[1].jams, answers, at, ZONE) if each.kind == "jam"]
    return found[0].state if found else None


def answer(state: str, after: int, until: date | None = None) -> Answer:
    return Answer(stage="Approval", state=state, said=utc(begun() + after), role="boss", until=until)  # type: ignore[arg-type]


def test_the_states_follow_one_another_and_none_knows_of_a_later_answer() -> None:
    begin = begun()
    assert state(begin - 1) is None
    assert state(begin) == "new"
    day = utc(begin).date()
    seen, working = answer("seen", DAY), answer("worked on", 2 * DAY, day + timedelta(days=3))
    answers = (working, seen)
    assert state(begin + DAY - 1, *answers) == "new"
    assert state(begin + DAY, *answers) == "seen"
    assert state(begin + 2 * DAY, *answers) == "worked on"
    assert state(begin + 5 * DAY, *answers) == "overdue"
    assert state(begin + 5 * DAY, *answers, answer("mended", 4 * DAY)) == "mended"
    other = answers[0].model_copy(update={"stage": "Offer"})
    earlier = answer("seen", -DAY)
    assert state(begin + 2 * DAY, other, earlier) == "new", "not of this alarm"


def test_what_is_answered_is_calm_on_the_picture_and_says_who_works_on_it_until_when() -> None:
    model, _ = made()
    at = begun() + 2 * DAY
    found = model.state(at, 86_400e6)
    working = answer("worked on", DAY, utc(at).date() + timedelta(days=9))
    for answers, dress in (((), "alarm"), ((working,), "known")):
        told = replace(found, alarms=alarms_at(model.counts.jams, answers, at, ZONE))
        for code in ("de", "en"):
            language = Language(code, ZONE)  # type: ignore[arg-type]
            [banner] = Wording(model.topology, model.factory.plant, language).moment(told).banners
            assert banner.dress == dress
            assert ("boss" in banner.detail) == bool(answers)
            if working.until is not None and answers:
                assert language.day(working.until) in banner.detail
