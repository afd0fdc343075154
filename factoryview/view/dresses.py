"""How each machine and its belts look: which one the headline speaks of, which are slow, which is lit."""

from __future__ import annotations

from collections.abc import Iterable

from factoryview.flow.moment.levels import AMBER, NEUTRAL, RED
from factoryview.flow.moment.life import AlarmState
from factoryview.scene.theme import Dress
from factoryview.view.news import Calm, Constraint, Jam, News, longest_of, told_of
from factoryview.view.state import BeltState, BinState, State

_KNOWN = 3
"""The level in which a belt is drawn whose jam is no news any more."""
_MUCH = 0.25
"""Share of those who leave a stage from which on their loss is told while nothing jams."""


def dresses_of(state: State) -> dict[str, Dress]:
    """Vermilion for the constraint alone, and only while its alarm is news: of what jams, the machine that the first
    headline speaks of. An alarm that stands or is answered wears brick. No headline names a machine that is not marked.
    """
    first = state.news[0].stage if state.news else ""
    told, lit = {news.stage for news in state.news if news.level} | {told_of(state.news)}, lit_at(state)
    alarm = alarm_of(first, state)
    red: Dress = "alarm" if alarm is None or alarm.loud else "known"
    found: dict[str, Dress] = {}
    for stage in state.stages:
        name = stage.id[1]
        jammed = stage.level == RED and name == first
        rest: Dress = "longest" if name == lit else "calm"
        found[name] = red if jammed else "slow" if stage.level or name in told else rest
    return found


def lit_at(state: State) -> str:
    """The machine of which the first headline speaks though nothing jams: where cases spend their time, else at which
    many are lost.
    """
    first = state.news[0] if state.news else None
    if not isinstance(first, Calm) or first.abandoned:
        return ""
    most = most_lost(state.bins)
    return longest_of(state.news) or ("" if most is None else most.id[1])


def most_lost(bins: Iterable[BinState]) -> BinState | None:
    """Where most are lost, if it is a good part of those who leave."""
    most = max((lost for lost in bins if lost.share is not None), key=lambda lost: lost.lost, default=None)
    return None if most is None or (most.share or 0.0) < _MUCH else most


def usual_at(news: tuple[News, ...]) -> frozenset[str]:
    """Where more wait than at what a headline speaks of, as on most days: a larger number there is a riddle."""
    others = (one.elsewhere for one in news if isinstance(one, Jam | Constraint))
    return frozenset(other.stage for other in others if other is not None and other.usual)


def alarm_of(stage: str, state: State) -> AlarmState | None:
    """The alarm of a stage's jam that goes on."""
    going = (each for each in state.alarms if each.stage == stage and each.kind == "jam" and each.state != "ended")
    return next(going, None)


def level_of(belt: BeltState, dresses: dict[str, Dress]) -> int:
    """The level in which a belt is drawn: that of its machine."""
    dress = dresses.get(belt.id[2], "calm")
    if dress == "known" and belt.level == RED:
        return _KNOWN
    return min(belt.level, {"alarm": RED, "known": AMBER, "slow": AMBER}.get(dress, NEUTRAL))
