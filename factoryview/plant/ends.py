"""Where cases end: said by the user or the format, else the stages that cases reach and stay at."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from factoryview.errors import Problem
from factoryview.language.said import also, said
from factoryview.plant.outcome_words import Kind, kind_of
from factoryview.plant.profile import Activity, LogProfile

STOPS = 0.9
"""Of the cases that visit an end, so many stop there,"""
SOON = 0.95
"""or so many end there or shortly after."""
COVER = 0.75
"""Ends that cover fewer cases than this are worth a question."""
RARE = 0.002
"""A stage that a smaller share of all cases visits shows nothing,"""
FEW = 3
"""nor one that fewer cases visit (in a log of at least 20 such handfuls), unless its name says won or lost."""


@dataclass(frozen=True)
class End:
    """A stage at which cases are done."""

    name: str
    kind: Kind
    reason: str
    """Why it is held to be one, in a sentence."""


@dataclass(frozen=True)
class Ends:
    """The ends of a log, commonest first (or in the order the user gave)."""

    ends: tuple[End, ...]
    covered: float
    """Share of all cases that reach one of them, 0 to 1."""
    findings: tuple[Problem, ...] = ()
    """What a person should look at."""
    explicit: bool = False
    """Somebody said so; nothing was guessed."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(end.name for end in self.ends)


def find_ends(profile: LogProfile, meaning: str, explicit: tuple[str, ...] | None = None) -> Ends:
    """The stages at which cases are done.

    meaning: what the log's times mean; it decides what is said about cases at no end.
    explicit: said by the user or the format; then nothing is guessed. Names the log lacks are kept and reported.
    """
    if explicit is not None:
        return _said(profile, explicit)
    found: dict[str, str] = {}
    reached = [activity for activity in profile.activities.values() if _is_reached(profile, activity)]
    for activity in reached:
        if activity.stop_share >= STOPS:
            found[activity.name] = said("reading.stop_there", n=activity.last, of=activity.cases)
    ends = dict(found)
    for activity in reached:
        if activity.name in found or activity.soon_share < SOON:
            continue
        passed_on = sum(profile.follows.get((activity.name, name), 0) for name in found)
        if passed_on < activity.cases / 2 or kind_of(activity.name) != "neutral":
            ends[activity.name] = said("reading.end_soon", n=activity.soon, of=activity.cases)
    names = tuple(name for name in profile.activities if name in ends)
    covered = _covered(profile, names)
    return Ends(
        tuple(End(name, kind_of(name), ends[name]) for name in names),
        covered,
        (_too_few(profile, meaning, names, covered),) if profile.cases and covered < COVER else (),
    )


def _said(profile: LogProfile, explicit: tuple[str, ...]) -> Ends:
    findings = []
    for name in explicit:
        if name not in profile.activities:
            near = get_close_matches(name.casefold(), [known.casefold() for known in profile.activities], 1)
            meant = next((known for known in profile.activities if known.casefold() in near), "")
            cure = said("reading.stages_are", names=_listed(tuple(profile.activities)))
            if meant:
                cure = said("reading.did_you_mean", name=meant)
            findings.append(Problem(said("reading.ends"), said("reading.never_reached", name=name), cure))
    names = tuple(dict.fromkeys(explicit))
    return Ends(
        tuple(End(name, kind_of(name), said("reading.said_so")) for name in names),
        _covered(profile, names),
        tuple(findings),
        explicit=True,
    )


def _is_reached(profile: LogProfile, activity: Activity) -> bool:
    """Whether enough cases come to it, and come from elsewhere, to show anything; a telling name will do too."""
    enough = activity.cases >= max(RARE * profile.cases, min(FEW, profile.cases / 20))
    return (enough and activity.first <= activity.cases / 2) or kind_of(activity.name) != "neutral"


def _covered(profile: LogProfile, names: tuple[str, ...]) -> float:
    """A share from below: cases that stop at an end, or are soon over after one without reaching another."""
    if not profile.cases:
        return 0.0
    known = [profile.activities[name] for name in names if name in profile.activities]
    stopped = sum(activity.last for activity in known)
    ended = 0
    for activity in known:
        onward = sum(profile.follows.get((activity.name, name), 0) for name in names if name != activity.name)
        ended += max(0, activity.soon - activity.last - onward)
    return min(1.0, max([(stopped + ended) / profile.cases, *(activity.share for activity in known)]))


def _too_few(profile: LogProfile, meaning: str, names: tuple[str, ...], covered: float) -> Problem:
    likely: list[Activity] = sorted(
        (activity for activity in profile.activities.values() if activity.name not in names),
        key=lambda activity: -activity.last,
    )
    offered = [*names]
    for activity in likely[:3]:
        if activity.last >= 0.05 * profile.cases and activity.first < activity.cases / 2:
            offered.append(activity.name)
    sure = said("reading.ends_cover", names=_listed(names), share=covered) if names else said("reading.no_ends")
    rest = said("reading.rest_at_exit" if meaning == "completion" else "reading.rest_at_stage")
    cure: str = said("reading.say_where_done", names=",".join(offered) or "NAME,NAME")
    if any("," in name for name in offered):
        cure = also([cure, said("reading.names_with_comma")], " ")
    return Problem(said("reading.ends"), also([sure, rest], "; "), cure)


def _listed(names: tuple[str, ...], most: int = 8) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:most])
    return said("reading.and_more", shown=shown, n=len(names) - most) if len(names) > most else shown
