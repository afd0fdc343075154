"""The verdict in sentences a manager understands, German and English, in the order of the five focusing steps.

Where it jams and since when, why, what it costs, what leaks, what to look at first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from factoryview.factory.staff import staff_of
from factoryview.flow.verdict.demand import changed
from factoryview.flow.verdict.document import HandoverPart, LeakPart, Verdict
from factoryview.flow.verdict.pricing import sentences as prices
from factoryview.language import Code, Language
from factoryview.language.numbers import digits_of_rate
from factoryview.plant.models import Plant, label_of, reason_label
from factoryview.time import hours_of, micros_of, moment_of

_HELD = 3
"""Names of what a machine holds in a sentence."""
_PILE = 5
"""Fewer cases are no pile."""
_HARDLY = 0.05
"""Cases per working day that are none when written with one decimal."""

First = Literal["vacant", "batch", "demand", "output", "longer", "lying", "stage", "leak", ""]
"""What to look at first."""


class Speech:
    """One language's words for one plant."""

    def __init__(self, plant: Plant, code: Code) -> None:
        self.plant, self.code = plant, code
        self.language = Language(code, plant.timezone, plant.currency)

    def say(self, key: str, **values: object) -> str:
        return self.language.text(f"verdict.{key}", **values)

    def stage(self, name: str | None) -> str:
        known = None if name is None else self.plant.stage(name)
        return label_of(known, self.code) if known is not None else name or "–"

    def reason(self, name: str | None) -> str:
        return self.say("reason", reason=reason_label(self.plant, name, self.code)) if name else ""

    def count(self, cases: float) -> str:
        """`2,9 Fälle`, `1 case`."""
        digits = 1 if abs(cases) < 9.95 and round(cases, 1) != round(cases) else 0
        return self.language.count("cases.count", cases, digits=digits)

    def days(self, span: timedelta) -> str:
        return self.language.count("verdict.days", max(1, round(span.total_seconds() / 86400)))

    def date(self, moment: datetime) -> str:
        return self.language.date(micros_of(moment), "date.long")

    def share(self, value: float) -> str:
        return self.language.percent(value)

    def rate(self, value: float) -> str:
        return self.language.rate(value)

    def money(self, value: float) -> str:
        return self.language.money(value)


def sentences(verdict: Verdict, plant: Plant, language: Code) -> list[str]:
    """What the verdict says, the most important first; numbers and dates as the language writes them."""
    speech = Speech(plant, language)
    return [
        *_where(verdict, speech),
        *_why(verdict, speech),
        *_cost(verdict, speech),
        *(_handover(part, speech) for part in verdict.handovers),
        *_leaks(verdict, speech),
        *_worth(verdict, speech),
        *_first(verdict, speech),
        *_trust(verdict, speech),
    ]


def _where(verdict: Verdict, speech: Speech) -> Iterator[str]:
    part = verdict.headline
    if part.stage is None or part.since is None:
        yield from _calm(verdict, speech)
        return
    key = {"bottleneck": verdict.bottleneck.kind, "jam": f"jam_{part.level}"}[part.kind]
    stage, at = verdict.stages[part.stage], verdict.at
    yield speech.say(
        key, stage=speech.stage(part.stage), date=speech.date(part.since), span=speech.days(at - part.since)
    )
    if stage.holds:
        shown = ", ".join(stage.holds[:_HELD])
        more = len(stage.holds[_HELD:]) + stage.holds_more
        yield speech.say("holds_more" if more else "holds", names=shown, n=speech.language.number(more))
    late = ""
    if stage.usual_days is not None and 1 <= stage.late <= stage.standing:
        known = speech.plant.stage(part.stage)
        target = known is not None and known.target_wait is not None
        key, unit = ("late_target", "verdict.of_working_days") if target else ("late_usual", "cost.working_days")
        days = speech.language.count(unit, stage.usual_days, digits=digits_of_rate(stage.usual_days))
        late = speech.say(key, n=speech.language.number(stage.late), days=days)
    if stage.standing:  # at the end of a log that shows a stay when it is over, nobody seems to stand anywhere
        yield speech.say("standing", n=speech.count(stage.standing), date=speech.date(at), late=late)
    cleared = verdict.forecast.get(part.stage)
    if part.kind == "jam" and cleared is not None and cleared.cleared is not None and stage.standing >= _PILE:
        yield speech.say("cleared", date=speech.date(cleared.cleared))


def _calm(verdict: Verdict, speech: Speech) -> Iterator[str]:
    """Why there is nothing to name, and where most stand."""
    judged = any(stage.judged for stage in verdict.stages.values())
    why = {"no gain": "idle", "no queue": "no_queue", "clear": "idle"}.get(
        verdict.bottleneck.why, verdict.bottleneck.why
    )
    first = next(iter(verdict.stages), None)
    yield speech.say("unjudged" if not judged and why in ("unjudged", "idle") else why, stage=speech.stage(first))
    name = max(verdict.stages, key=lambda each: verdict.stages[each].standing, default=None)
    if name is not None and verdict.stages[name].standing:
        stage = verdict.stages[name]
        key = "most" if stage.gone or stage.standing < _PILE else "most_none_gone"
        yield speech.say(key, stage=speech.stage(name), n=speech.count(stage.standing))


def _why(verdict: Verdict, speech: Speech) -> Iterator[str]:
    part = verdict.headline
    if part.stage is None or part.since is None:
        return
    name = speech.stage(part.stage)
    vacancies = _vacancies(verdict, speech.plant)
    if vacancies is not None:
        missing, posts, since = vacancies
        date = "" if since is None else speech.say("since", date=speech.date(since))
        yield speech.language.count("verdict.vacant", missing, stage=name, posts=posts, since=date)
    due = verdict.stages[part.stage].next_release
    if due is not None:
        yield speech.say("batch" if due >= verdict.at else "batch_overdue", stage=name, date=speech.date(due))
    flow = verdict.demand
    if flow is not None:
        before = ""
        if flow.before_come is not None and flow.before_go is not None:
            before = speech.say("before", come=speech.rate(flow.before_come), go=speech.rate(flow.before_go))
        since_ = verdict.cost.window[0] if verdict.cost is not None else part.since
        yield speech.say(
            "demand", date=speech.date(since_), come=speech.rate(flow.come), go=speech.rate(flow.go), before=before
        )
    causes = verdict.causes.get(part.stage, {})
    if causes and part.stage in verdict.efficiency:  # without starts it only says that offices close at night
        cause = max(causes, key=lambda each: causes[each])
        yield speech.say("cause", stage=name, share=speech.share(causes[cause]), cause=speech.say(cause))


def _vacancies(verdict: Verdict, plant: Plant) -> tuple[int, int, datetime | None] | None:
    """Vacant posts of the headline's stage, all its posts, and since when; None where none is known to be vacant."""
    stage = verdict.headline.stage
    staff = None if stage is None else staff_of(plant, stage)
    if staff is None or not staff.posts:
        return None
    now = hours_of(verdict.at)
    heads = int(staff.at(np.array([now]))[0])
    if heads >= staff.posts:
        return None
    changed = staff.since_h[(staff.since_h <= now) & np.isfinite(staff.since_h)]
    return staff.posts - heads, staff.posts, moment_of(float(changed[-1])) if len(changed) else None


def _cost(verdict: Verdict, speech: Speech) -> Iterator[str]:
    if verdict.cost is not None:
        yield from prices(verdict.cost, speech.stage(verdict.cost.stage), speech.language)
        if verdict.cost.limited_by is not None and verdict.cost.per_day is not None:
            cap, following = speech.rate(verdict.cost.per_day.point), speech.stage(verdict.cost.limited_by)
            key = "next_nothing" if verdict.cost.per_day.point < _HARDLY else "next"
            yield speech.say(key, n=cap, stage=following)


def _handover(part: HandoverPart, speech: Speech) -> str:
    worth = speech.say("worth", money=speech.money(part.value)) if part.value else ""
    period = speech.say("between", since=speech.date(part.since), until=speech.date(part.until))
    if speech.date(part.since) == speech.date(part.until):
        period = speech.say("on", date=speech.date(part.since))
    return speech.say(
        "handover", n=speech.count(part.cases), stage=speech.stage(part.stage), period=period, worth=worth
    )


def _leaks(verdict: Verdict, speech: Speech) -> Iterator[str]:
    """The loss that has grown most, else the largest; where none may be told apart, the stage that loses most."""
    since, until = (speech.date(moment) for moment in verdict.period)
    part = _worst(verdict.leaks)
    if part is not None:
        yield _leak(part, speech, since, until)
    elif verdict.largest_loss is not None:
        lost = verdict.largest_loss
        share = "" if lost.share is None else speech.say("leaving", share=speech.share(lost.share))
        stage = speech.stage(lost.stage)
        yield speech.say("largest_loss", n=speech.count(lost.cases), stage=stage, since=since, until=until, share=share)


def _worst(leaks: list[LeakPart]) -> LeakPart | None:
    """The leak that has grown most, if any has by a tenth; else the largest."""
    grown = [part for part in leaks if _has_grown(part)]
    some = grown or [part for part in leaks if part.cases]
    return max(some, key=lambda part: part.cases - (part.before or 0) if grown else part.cases, default=None)


def _has_grown(part: LeakPart) -> bool:
    return bool(part.before and part.cases - part.before >= max(_PILE, 0.1 * part.before))


def _leak(part: LeakPart, speech: Speech, since: str, until: str) -> str:
    more = 0.0 if part.before is None else part.cases - part.before
    change = "" if abs(more) < 1 else speech.say("more" if more > 0 else "fewer", n=speech.language.number(abs(more)))
    return speech.say(
        "leak", title=speech.say("grown" if _has_grown(part) else "largest"), n=speech.count(part.cases),
        stage=speech.stage(part.stage), reason=speech.reason(part.reason), since=since, until=until,
        share="" if part.share is None else speech.say("leaving", share=speech.share(part.share)), change=change,
        worth=speech.say("worth", money=speech.money(part.value)) if part.value else "",
    )  # fmt: skip


def _worth(verdict: Verdict, speech: Speech) -> Iterator[str]:
    money = verdict.money
    if money.not_worth and money.their_cost is not None and money.their_value is not None:
        cost, value = speech.money(money.their_cost), speech.money(money.their_value)
        since, until = (speech.date(moment) for moment in verdict.window)
        yield speech.say("not_worth", n=speech.count(money.not_worth), cost=cost, value=value, since=since, until=until)


def what_first(verdict: Verdict, plant: Plant) -> First:
    """What to look at first: the cause that is known of the stage of the headline, else the stage itself."""
    part = verdict.headline
    if part.stage is None:
        if verdict.handovers:
            return "lying"
        return "leak" if _worst(verdict.leaks) is not None else ""
    if _vacancies(verdict, plant) is not None:
        return "vacant"
    if verdict.stages[part.stage].next_release is not None:
        return "batch"
    if flow := changed(verdict.demand):
        return flow
    return "longer" if verdict.cost is not None and verdict.cost.case == "time" else "stage"


def _first(verdict: Verdict, speech: Speech) -> Iterator[str]:
    first = what_first(verdict, speech.plant)
    if not first:
        return
    stage = verdict.headline.stage
    if first == "lying":
        stage = verdict.handovers[0].stage
    if first == "leak":
        worst = _worst(verdict.leaks)
        stage = None if worst is None else worst.stage
    yield speech.say(f"first_{first}", stage=speech.stage(stage))


def _trust(verdict: Verdict, speech: Speech) -> Iterator[str]:
    if verdict.bottleneck.provisional and verdict.headline.kind == "bottleneck":
        yield speech.say("provisional", date=speech.date(verdict.known_until))
