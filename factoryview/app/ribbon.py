"""The timeline of a screen: what it shows beside the plant's history, how display time is spread, where it goes on."""

from __future__ import annotations

import math
from dataclasses import replace

from factoryview.app.session import Session
from factoryview.language import Language
from factoryview.scene.picture import Facts
from factoryview.view.model import Counting, Model
from factoryview.view.pacing import Pacing, pacing_of
from factoryview.view.playhead import Playhead
from factoryview.view.presentation import Presentation


def following(span: tuple[int, int] | None, head: Playhead) -> tuple[int, int] | None:
    """The span of the timeline (µs; None: all of it), moved on where the playhead has left it."""
    if span is None or span[0] <= head.at <= span[1]:
        return span
    long = span[1] - span[0]
    begin = min(max(head.first, head.at - long // 8), head.last - long)
    return begin, begin + long


def change_from(presentation: Presentation, head: Playhead, *, forward: bool) -> tuple[int, str] | None:
    """The next change, or the one before: when (µs) and what; None where there is none."""
    signs = [sign for sign in presentation.ribbon().signs if sign.kind == "change"]
    found = [sign for sign in signs if (sign.at > head.at if forward else sign.at < head.at)]
    if not found:
        return None
    sign = found[0 if forward else -1]
    return sign.at, sign.said


def counted(model: Model, language: Language) -> str:
    """How much of a log is there, while the rest of it is still counted; else empty."""
    counting, until = model.counting, model.until
    if counting is None or until is None:
        return ""
    key = "timeline.not_counted" if counting.failed else "timeline.counting"
    return language.text(key, until=language.date(until, "date.long"), share=language.percent(_told(counting)))


def waiting(counting: Counting, language: Language) -> str:
    """Why it does not go on where what is known of a log ends."""
    key = "notice.not_counted" if counting.failed else "notice.counting"
    return language.text(key, share=language.percent(_told(counting)))


def _told(counting: Counting) -> float:
    """How much is done in whole percent, so that it is not drawn again for every bit of it."""
    return math.floor(100 * counting.share) / 100


class Ribbon:
    """Remembers what was last asked for; answers do not depend on it."""

    def __init__(self) -> None:
        self._shown: tuple[object, Facts] | None = None
        self._paced: tuple[object, Pacing | None] | None = None

    def facts(self, session: Session, presentation: Presentation) -> Facts:
        """What the timeline shows."""
        say = presentation.language.text
        found = presentation.ribbon(session.ribbon)
        begun = (session.loop_from, session.loop_from) if session.loop_from is not None else None
        loop = session.playhead.within or begun
        told = [say(f"pace.{session.pacing}")] if session.pacing != "time" else []
        told += [say("pace.skipping")] if session.skipping else []
        ahead = counted(presentation.model, presentation.language) or found.ahead
        of = (found, loop, told, ahead)
        if self._shown is None or self._shown[0] != of:
            self._shown = of, replace(found, loop=loop, notes=(*told, *found.notes), ahead=ahead)
        return self._shown[1]

    def pacing(self, session: Session, presentation: Presentation) -> Pacing | None:
        """How display time is spread; made anew only where it is another."""
        model = presentation.model
        of = (session.pacing, session.skipping, id(model.counts), id(model.lookback), model.factory.notes)
        if self._paced is None or self._paced[0] != of:
            jams, signs = model.counts.jams, presentation.ribbon().signs if session.pacing == "interest" else ()
            interest = [sign.at for sign in signs] + [mark.at for mark in presentation.facts.marks]
            interest += [int(jams.levels.moments[alarm.since]) for alarm in jams.alarms]
            clock = jams.levels.workdays
            paced = pacing_of(model.counts.history, clock, session.pacing, interest, skipping=session.skipping)
            self._paced = of, paced
        return self._paced[1]
