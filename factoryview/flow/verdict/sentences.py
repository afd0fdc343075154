"""The verdict in sentences a manager understands, German and English, the most important first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np

from factoryview.factory.staff import staff_of
from factoryview.flow.verdict.definitions import define
from factoryview.flow.verdict.verdict import HandoverPart, LeakPart, Verdict
from factoryview.language import Language
from factoryview.plant.models import Plant, label_of, reason_label
from factoryview.time import hours_of

__all__ = ["Speech", "define", "sentences"]

Code = Literal["de", "en"]

TEXTS: dict[str, tuple[str, str]] = {
    "sole": (
        "{stage} ist der Engpass{since}: Das kostet {cases} am Tag{money}.",
        "{stage} is the bottleneck{since}: it costs {cases} a day{money}.",
    ),
    "shifting": (
        "Der Engpass wandert gerade; am meisten bremst {stage}{since}: {cases} am Tag{money}.",
        "The bottleneck is shifting; {stage} holds up most{since}: {cases} a day{money}.",
    ),
    "since": (", seit {n} ({date})", ", for {n} (since {date})"),
    "money": (" oder {money}", " or {money}"),
    "one_case": ("1 Fall", "1 case"),
    "cases": ("{n} Fälle", "{n} cases"),
    "one_day": ("1 Tag", "1 day"),
    "days": ("{n} Tagen", "{n} days"),
    "vacant": (
        "Bei {stage} sind {free} von {posts} Stellen unbesetzt.",
        "At {stage}, {free} of {posts} posts are vacant.",
    ),
    "one vacant": (
        "Bei {stage} ist {free} von {posts} Stellen unbesetzt.",
        "At {stage}, {free} of {posts} posts is vacant.",
    ),
    "cleared": (
        "Beim jetzigen Tempo wären die {n} bei {stage} am {date} abgearbeitet, wenn nichts Neues käme{on_time}.",
        "At the present pace the {n} at {stage} would be done on {date} if nothing new came{on_time}.",
    ),
    "on_time": ("; {share} von ihnen schaffen das Ziel noch", "; {share} of them will still meet the target"),
    "cause": (
        "Gewartet wird bei {stage} zu {share} {cause}.",
        "Of the wait at {stage}, {share} is {cause}.",
    ),
    "batching": ("auf das Füllen eines Stapels", "for a batch to fill"),
    "contention": ("weil alle mit Früherem beschäftigt sind", "because everybody is busy with earlier work"),
    "prioritisation": ("weil Späteres vorgezogen wird", "because later work is preferred"),
    "unavailability": ("außerhalb der Arbeitszeit", "outside working hours"),
    "rest": ("aus anderen Gründen", "for other reasons"),
    "not_worth": (
        "{n} kosteten mehr, als sie wert sind: im Mittel {cost} Arbeit bei {value} Wert.",
        "{n} cost more than they are worth: on average {cost} of work against {value} of value.",
    ),
    "forgotten": (
        "Bei {stage} liegen {n}, die niemand mehr bearbeitet.",
        "At {stage} lie {n} that nobody works on any more.",
    ),
    "idle": (
        "Kein Engpass: Überall bleibt Luft, mehr Tempo an einer einzelnen Station brächte nichts.",
        "No bottleneck: every stage has time to spare; more speed at any one of them would gain nothing.",
    ),
    "disagree": (
        "Kein klarer Engpass: Die Verfahren nennen verschiedene Stationen.",
        "No clear bottleneck: the methods name different stages.",
    ),
    "unseen": (
        "Kein Engpass zu sehen. Was vor {stage} wartet, zeigt ein Log aus Abschlusszeiten nicht.",
        "No bottleneck in sight. What waits before {stage} is not in a log of completion times.",
    ),
    "no queue": (
        "Kein Engpass zu nennen: Keine Station verhält sich wie eine Warteschlange.",
        "No bottleneck to name: no stage behaves like a queue.",
    ),
    "handover": (
        "Übergabe verloren: {n} kamen zwischen {since} und {until} bei {stage} an und wurden nie aufgenommen{worth}.",
        "Lost in hand-over: {n} reached {stage} between {since} and {until} and were never picked up{worth}.",
    ),
    "worth": (", zusammen {money} wert", ", together worth {money}"),
    "leak": (
        "{title}: {n} bei {stage}{reason}, {share} von dort{change}{worth}.",
        "{title}: {n} at {stage}{reason}, {share} of those leaving it{change}{worth}.",
    ),
    "grown": ("Am stärksten gewachsener Verlust", "Fastest growing loss"),
    "largest": ("Größter Verlust", "Largest loss"),
    "reason": (" ({reason})", " ({reason})"),
    "more": (", {n} mehr als im Zeitraum davor", ", {n} more than in the period before"),
    "fewer": (", {n} weniger als im Zeitraum davor", ", {n} fewer than in the period before"),
    "agree": (
        "Dafür sprechen {n} von {all} Verfahren.",
        "{n} of {all} methods agree.",
    ),
    "provisional": (
        "Vorläufig: Bekannt ist nur, was bis {date} geschah.",
        "Provisional: only what happened until {date} is known.",
    ),
}  # fmt: skip


PILE = 5
"""Fewer cases are no pile."""


class Speech:
    """One language's words for one plant."""

    def __init__(self, plant: Plant, code: Code) -> None:
        self.plant, self.code = plant, code
        self.language = Language(code, plant.timezone, plant.currency)

    def say(self, key: str, **values: object) -> str:
        return TEXTS[key][0 if self.code == "de" else 1].format(**values)

    def stage(self, name: str | None) -> str:
        known = None if name is None else self.plant.stage(name)
        return label_of(known, self.code) if known is not None else name or "–"

    def reason(self, name: str | None) -> str:
        return self.say("reason", reason=reason_label(self.plant, name, self.code)) if name else ""

    def count(self, cases: float) -> str:
        """`2,9 Fälle`, `1 case`."""
        digits = 1 if abs(cases) < 9.95 and round(cases, 1) != round(cases) else 0
        text = self.language.number(cases, digits)
        return self.say("one_case") if text == "1" else self.say("cases", n=text)

    def days(self, span: timedelta) -> str:
        count = max(1, round(span.total_seconds() / 86400))
        return self.say("one_day") if count == 1 else self.say("days", n=self.language.number(count))

    def date(self, moment: datetime) -> str:
        pattern = "d. MMMM y" if self.code == "de" else "d MMMM y"
        return self.language.date(round(moment.timestamp() * 1e6), pattern)

    def share(self, value: float) -> str:
        return self.language.number(100 * value) + (" %" if self.code == "de" else "%")


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
        reason = "idle" if part.why == "no gain" else part.why
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
            yield speech.say(
                "vacant" if staff.posts - heads > 1 else "one vacant",
                stage=speech.stage(part.stage),
                free=staff.posts - heads,
                posts=staff.posts,
            )


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
