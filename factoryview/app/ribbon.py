"""The timeline of a screen: what it shows beside the plant's history, how display time is spread, where it goes on."""

from __future__ import annotations

from dataclasses import replace

from factoryview.app.session import Session
from factoryview.scene.picture import Facts
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
        of = (found, loop, told)
        if self._shown is None or self._shown[0] != of:
            self._shown = of, replace(found, loop=loop, notes=(*told, *found.notes))
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
