"""The verdict in sentences a manager understands, German and English, the most important first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from factoryview.factory.staff import staff_of
from factoryview.flow.verdict.verdict import HandoverPart, LeakPart, Verdict
from factoryview.language import Code, Language
from factoryview.plant.models import Plant, label_of, reason_label
from factoryview.time import hours_of

PILE = 5
"""Fewer cases are no pile."""


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
        return self.language.count("since.days", max(1, round(span.total_seconds() / 86400)))

    def date(self, moment: datetime) -> str:
        return self.language.date(round(moment.timestamp() * 1e6), "date.long")

    def share(self, value: float) -> str:
        return self.language.percent(value)


def sentences(verdict: Verdict, plant: Plant, language: Code) -> list[str]:
    """What the verdict says, the most important first; numbers and dates as the language writes them."""
    speech = Speech(plant, language)
    return [
        *_bottleneck(verdict, speech),
        *(_handover(part, speech) for part in verdict.handovers),
        *_pile(verdict, speech),
        *(_leak(part, speech) for part in _worst(verdict.leaks)),
        *_worth(verdict, speech),
        *_trust(verdict, speech),
    ]


def _bottleneck(verdict: Verdict, speech: Speech) -> Iterator[str]:
    part = verdict.bottleneck
    if part.stage is None:
        reason = {"no gain": "idle", "no queue": "no_queue"}.get(part.why, part.why)
        first = next(iter(verdict.congestion), None)
        yield speech.say(reason, stage=speech.stage(first))
        return
    since = ""
    if part.since is not None:
        since = speech.say("since", n=speech.days(verdict.at - part.since), date=speech.date(part.since))
    per_day = verdict.money.per_day
    money = speech.say("money", money=speech.language.money(per_day)) if per_day else ""
    yield speech.say(
        part.kind, stage=speech.stage(part.stage), since=since, cases=speech.count(part.gain_per_day), money=money
    )
    staff = staff_of(speech.plant, part.stage)
    if staff is not None and staff.posts:
        heads = int(staff.at(np.array([hours_of(verdict.at)]))[0])
        if heads < staff.posts:
            stage = speech.stage(part.stage)
            yield speech.language.count("verdict.vacant", staff.posts - heads, stage=stage, posts=staff.posts)


def _pile(verdict: Verdict, speech: Speech) -> Iterator[str]:
    """Why and how long one waits at the bottleneck; what lies there forgotten."""
    stage = verdict.bottleneck.stage
    name = speech.stage(stage)
    pile = verdict.forecast.get(stage or "")
    if pile is not None and pile.cleared is not None and pile.open >= PILE:
        share = "" if pile.on_time is None else speech.say("on_time", share=speech.share(pile.on_time))
        date = speech.date(pile.cleared)
        yield speech.say("cleared", n=speech.count(pile.open), stage=name, date=date, on_time=share)
    causes = verdict.causes.get(stage or "", {})
    if causes and stage in verdict.efficiency:  # without starts it only says that offices close at night
        cause = max(causes, key=lambda each: causes[each])
        yield speech.say("cause", stage=name, share=speech.share(causes[cause]), cause=speech.say(cause))
    for lost, cases in verdict.forgotten.items():
        if cases >= PILE and lost not in {alarm.stage for alarm in verdict.handovers}:
            yield speech.say("forgotten", stage=speech.stage(lost), n=speech.count(cases))


def _worth(verdict: Verdict, speech: Speech) -> Iterator[str]:
    money = verdict.money
    if money.not_worth and money.their_cost is not None and money.their_value is not None:
        cost, value = speech.language.money(money.their_cost), speech.language.money(money.their_value)
        yield speech.say("not_worth", n=speech.count(money.not_worth), cost=cost, value=value)


def _handover(part: HandoverPart, speech: Speech) -> str:
    worth = speech.say("worth", money=speech.language.money(part.value)) if part.value else ""
    return speech.say(
        "handover", n=speech.count(part.cases), stage=speech.stage(part.stage), since=speech.date(part.since),
        until=speech.date(part.until), worth=worth,
    )  # fmt: skip


def _worst(leaks: list[LeakPart]) -> list[LeakPart]:
    """The leak that has grown most, if any has by a tenth; else the largest."""
    grown = [part for part in leaks if part.before and part.cases - part.before >= max(PILE, 0.1 * part.before)]
    some = grown or [part for part in leaks if part.cases]
    return [max(some, key=lambda part: part.cases - (part.before or 0) if grown else part.cases)] if some else []


def _leak(part: LeakPart, speech: Speech) -> str:
    more = 0.0 if part.before is None else part.cases - part.before
    change = "" if abs(more) < 1 else speech.say("more" if more > 0 else "fewer", n=speech.language.number(abs(more)))
    title = "grown" if part.before and more >= max(PILE, 0.1 * part.before) else "largest"
    return speech.say(
        "leak", title=speech.say(title), n=speech.count(part.cases), stage=speech.stage(part.stage),
        reason=speech.reason(part.reason), share=speech.share(part.share),
        change=change, worth=speech.say("worth", money=speech.language.money(part.value)) if part.value else "",
    )  # fmt: skip


def _trust(verdict: Verdict, speech: Speech) -> Iterator[str]:
    if verdict.bottleneck.stage is not None:
        named = [stage for stage in verdict.methods.values() if stage is not None]
        agree = sum(stage == verdict.bottleneck.stage for stage in named)
        yield speech.say("agree", n=agree, all=len(named))
    if verdict.bottleneck.provisional:
        yield speech.say("provisional", date=speech.date(verdict.at.astimezone(UTC)))
