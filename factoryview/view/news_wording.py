"""The news of a moment in words: what is in a headline, what is to be done, since when."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from factoryview.flow.moment.levels import RED
from factoryview.language import Language
from factoryview.language.said import in_language
from factoryview.time import DAY
from factoryview.view.news import Calm, Constraint, Jam, Late, LeftLying, Longest, News, Standstill, Working


class Line(NamedTuple):
    """A headline in words."""

    title: str
    details: list[str]
    level: int
    stage: str

    @property
    def detail(self) -> str:
        """All details in one line."""
        return " · ".join(self.details)


class NewsWording:
    """The words of one plant's news in one language."""

    def __init__(self, language: Language, label: Callable[[str], str]) -> None:
        """label: the name of a stage in that language."""
        self.language, self.label = language, label

    def headline(self, news: News, now: int = 0, old_since: int | None = None) -> Line:
        """What there is to say. now: a live plant's clock. old_since: since when its data is old (µs)."""
        title, details = self._said(news, now)
        if old_since is not None:
            details = [self.as_of(old_since, now), details[0]]
        return Line(title, details, news.level, news.stage)

    def as_of(self, since: int, now: int) -> str:
        """`as of 14:32`; with the date if that was on another day than `now`."""
        if not since:
            return self.language.text("feed.no_data_yet")
        near = self.language.moment(since).date() == self.language.moment(now).date()
        time = self.language.date(since, "date.time" if near else "date.day_and_time")
        return self.language.text("feed.as_of", time=time)

    def _said(self, news: News, now: int) -> tuple[str, list[str]]:
        """Title and details of a headline."""
        say, name = self.language.text, self.label(news.stage)
        match news:
            case Calm():
                return self._calm(news)
            case Jam():
                return say("news.jam" if news.level == RED else "news.slow", stage=name), self._jam(news)
            case Constraint():
                return say("news.constraint", stage=name), self._constraint(news)
            case LeftLying():
                return say("news.left_lying", stage=name), self._left_lying(news)
            case Late():
                return self._late(news, now)
            case Standstill():
                title = "news.not_renewed" if news.recorded else "news.not_recorded"
                return say(title), [self.as_of(news.since, now), in_language(news.trouble, self.language.code)]

    def _calm(self, calm: Calm) -> tuple[str, list[str]]:
        """Many that are left lying stand in the title: who reads only that must not think that all is well."""
        say, number = self.language.text, self.language.number
        in_progress = say("news.in_progress", n=number(calm.in_progress))
        unknown = say("news.unjudged" if calm.queues else "news.no_queue")
        title, parts = (self._well(calm.longest), [in_progress]) if calm.judged else (in_progress, [unknown])
        if calm.judged and isinstance(calm.longest, Longest):
            parts.insert(0, say("news.calm"))
        if calm.lying_at:
            among = number(max(calm.lying, calm.lying_among))
            key = "news.lying" if among == number(calm.lying) else "news.lying_among"
            lying = say(key, stage=self.label(calm.lying_at), n=number(calm.lying), among=among)
            if calm.abandoned:
                said = [say("news.calm_else"), *parts] if calm.judged else parts
                title, parts = say("news.abandoned", lying=lying), [self.action(calm), *said]
            else:
                parts.append(lying)
        if calm.largest:
            largest = "news.usual" if calm.usual else "news.largest"
            parts.append(say(largest, stage=self.label(calm.largest), n=number(calm.waiting)))
        if calm.at_exit >= 1:
            parts.append(say("news.at_exit", n=number(calm.at_exit)))
        return title, parts

    def _well(self, time: Longest | Working | None) -> str:
        """Where the time goes while nothing jams, else that nothing does."""
        say, span = self.language.text, self.language.duration
        match time:
            case Longest():
                name = self.label(time.stage)
                return say("news.calm_longest", stay=span(time.stay), lead=span(time.lead_time), stage=name)
            case Working():
                return say("news.calm_work", work=span(time.work), lead=span(time.lead_time))
            case _:
                return say("news.calm")

    def _jam(self, jam: Jam) -> list[str]:
        """How many wait, what to do about it where that is known, what it costs, when they will be gone, since when."""
        say, clears = self.language.text, jam.clears_in
        return [
            say("news.waiting", n=self.language.number(jam.waiting)),
            *(part for part in (self.action(jam), *self._costs(jam)) if part),
            say("news.stuck") if clears is None else say("news.clears_in", span=self.language.duration(clears)),
            *self._elsewhere(jam),
            self._since(jam.since),
        ]

    def _constraint(self, limit: Constraint) -> list[str]:
        """How many wait, what to do about it where that is known, what it costs, since when."""
        waiting = self.language.text("news.waiting", n=self.language.number(limit.waiting))
        parts = (waiting, self.action(limit), *self._costs(limit), *self._elsewhere(limit))
        return [*(part for part in parts if part), self._since(limit.since)]

    def _costs(self, news: Jam | Constraint) -> list[str]:
        """Money where that is known, and cases a working day; not that they wait longer where it is asked why."""
        if news.cost is None or self.action(news) == self.language.text("news.why_longer"):
            return []
        from factoryview.flow.verdict.pricing import (
            amount,
            money,
        )  # a first picture does not wait for it

        return [said(news.cost, self.language) for said in (money, amount)]

    def _elsewhere(self, news: Jam | Constraint) -> list[str]:
        """Where more wait, and whether that is usual."""
        more = news.elsewhere
        if more is None:
            return []
        key = "news.usual" if more.usual else "news.largest"
        return [self.language.text(key, n=self.language.number(more.waiting), stage=self.label(more.stage))]

    def action(self, news: Jam | Constraint | Calm) -> str:
        """What to do about it: fill posts that nobody holds, else see why more comes or less goes than before, or why
        cases wait longer though as much is done; else, where it surely costs cases, let others take work off it. Take
        up what is left lying.

        `verdict.sentences.what_first` says the same in more words.
        """
        if isinstance(news, Calm):
            return self.language.text("news.take_up") if news.abandoned else ""
        if news.vacancies:
            return self.language.count("news.vacant", news.vacancies)
        if news.demand is not None:
            from factoryview.flow.verdict.demand import Demand, changed

            match changed(news.demand), news.demand:
                case "demand", Demand(come=come, before_come=float(before)):
                    return self.language.text("news.more_come", share=self.language.percent(come / before - 1))
                case "output", Demand(go=go, before_go=float(before)):
                    return self.language.text("news.less_go", share=self.language.percent(1 - go / before))
        match news.cost.case if news.cost is not None else None:
            case "time":
                return self.language.text("news.why_longer")
            case "sure" if news.demand is not None:  # else it lets batches go, or little is known of it
                return self.language.text("news.relieve", stage=self.label(news.stage))
        return ""

    def _left_lying(self, lost: LeftLying) -> list[str]:
        parts = [self.language.count("news.nobody_works", lost.cases), self._since(lost.since)]
        if lost.value:
            parts.insert(1, self.language.text("news.worth", money=self.language.money(lost.value)))
        return parts

    def _since(self, at: int) -> str:
        return self.language.text("banner.since", date=self.day(at))

    def _for(self, span: int) -> str:
        """`for 20 days`. span: µs."""
        return self.language.text("news.for", span=self.language.since(span))

    def _late(self, late: Late, now: int) -> tuple[str, list[str]]:
        who = late.names[0] if len(late.names) == 1 else self.language.count("news.sources", len(late.names))
        details = [self.as_of(late.since, now)]
        if now - late.since < 1000 * DAY:
            details.append(self._for(max(0, now - late.since)))
        return self.language.text("news.no_data", name=who), details

    def day(self, at: int, now: int | None = None) -> str:
        """`3 Sep`; seen from another year only that year."""
        far = now is not None and self.language.moment(at).year != self.language.moment(now).year
        return self.language.date(at, "date.year" if far else "date.day")
