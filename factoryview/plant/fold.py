"""Few stages for many activities: milestones that most cases pass in the same order, put in process order."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from factoryview.plant.profile import LogProfile

LAST_SHARE = 0.05
"""An activity ends so many of all cases or it is no milestone for ending cases."""
LASTS = 3
MOST_CANDIDATES = 400
"""Activities among which milestones are sought, the commonest; of 10,000 names the rest are hardly ever seen."""
SEEN_SHARE = 0.02
"""So many of all cases visit a milestone."""
AGREEMENT = 0.8
"""So far the cases must agree on the order of a milestone and those chosen before."""
SPENT_SHARE = 0.05
"""An activity at which so much of all time passes is a machine of its own, lest another seems to hold its work up."""
INSTANT = 0.1
"""One at which less passes than this part of an even share is an instant note of a status: all others come first."""


def choose_milestones(
    profile: LogProfile,
    most: int = 12,
    *,
    keep: tuple[str, ...] = (),
    without: frozenset[str] = frozenset(),
    meaning: str = "entry",
) -> tuple[str, ...]:
    """At most `most` activities to make machines of, in process order; all of them if there are no more.

    The commonest first activity, what `keep` names, up to three common last ones, where most time is spent, then
    greedily those that most cases visit once and in the same order relative to the chosen, instant ones last. `most` =
    0 does not fold. `keep` is kept even if it is more than `most`; activities in `without` are no candidates.
    meaning: what the times mean, so where the time between two events is spent.
    """
    names = tuple(name for name in profile.activities if name not in without)
    if not most or len(names) <= most:
        return order_stages(profile, names)
    names = tuple(dict.fromkeys((*(name for name in keep if name in names), *names[:MOST_CANDIDATES])))
    everyone = [profile.activities[name] for name in names]
    begin = max(everyone, key=lambda activity: activity.first)
    ending = sorted(everyone, key=lambda activity: -activity.last)[:LASTS]
    kept = [name for name in dict.fromkeys(keep) if name in names]
    wanted = [
        *kept,
        begin.name,
        *(activity.name for activity in ending if activity.last >= LAST_SHARE * profile.cases),
    ]
    time = profile.spent(meaning)
    wanted += [
        name
        for name in sorted(names, key=lambda name: -time[name])
        if time[name] >= SPENT_SHARE and profile.activities[name].share >= SEEN_SHARE
    ]
    chosen = list(dict.fromkeys(wanted))[: max(most, len(kept))]
    both, before = _orders(profile, names)
    agreement = np.maximum(before, both - before)
    place = {name: index for index, name in enumerate(names)}
    share = np.array([activity.share for activity in everyone])
    repeats = np.array([activity.repeats for activity in everyone])
    even = INSTANT / len(profile.activities) if any(time.values()) else 0.0
    slow = np.array([1.0 if time[name] >= even else 1e-6 for name in names])
    free = share >= SEEN_SHARE
    while len(chosen) < most:
        taken = [place[name] for name in chosen]
        free[taken] = False
        met = both[:, taken].sum(axis=1)
        agreed = np.divide(agreement[:, taken].sum(axis=1), met, out=np.ones(len(names)), where=met > 0)
        worth = np.where(free & (agreed >= AGREEMENT), slow * share * (2 * agreed - 1) / np.sqrt(repeats), -1.0)
        best = int(np.argmax(worth))
        if worth[best] < 0:
            break
        chosen.append(names[best])
    return order_stages(profile, tuple(chosen))


def hidden_in(profile: LogProfile, machines: tuple[str, ...], meaning: str) -> dict[str, tuple[str, ...]]:
    """Machine → the other activities whose events stay inside it, the commonest first; where folding puts most of them.

    That is the machine they come from, in a log of completions the one they lead to; else the other way.
    """
    onward: dict[str, list[tuple[int, str]]] = {}
    back: dict[str, list[tuple[int, str]]] = {}
    for (origin, target), moves in profile.follows.items():
        onward.setdefault(origin, []).append((moves, target))
        back.setdefault(target, []).append((moves, origin))
    home = {name: name for name in machines}
    for ways in (back, onward) if meaning == "completion" else (onward, back):
        _grow(home, ways)
    taken = set(machines)
    found: dict[str, list[str]] = {}
    for name in profile.activities:
        if name not in taken and name in home:
            found.setdefault(home[name], []).append(name)
    return {machine: tuple(names) for machine, names in found.items()}


def _grow(home: dict[str, str], ways: dict[str, list[tuple[int, str]]]) -> None:
    """Give every activity that is reached the home of the one from which it is reached, by the strongest ways first."""
    edge = [(-moves, name, own) for place, own in home.items() for moves, name in ways.get(place, ())]
    heapify(edge)
    while edge:
        _, name, own = heappop(edge)
        if name not in home:
            home[name] = own
            for moves, other in ways.get(name, ()):
                heappush(edge, (-moves, other, own))


def order_stages(profile: LogProfile, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names in process order: by mean relative position, then each moved to where most flow runs forward.

    What is never seen before or after anything else goes to the front: nothing is known to lead there. Names the
    log does not have come last, as given.
    """
    known = [name for name in names if name in profile.activities]
    flow = profile.flow_between(tuple(known))
    net = flow - flow.T
    placed = {name for pair in profile.follows for name in pair}

    def start(index: int) -> tuple[float, bool, int, str]:
        activity = profile.activities[known[index]]
        return activity.position, activity.name in placed, -activity.first, activity.name

    order = _insertion_search(sorted(range(len(known)), key=start), net)
    return (*(known[index] for index in order), *(name for name in names if name not in profile.activities))


def _insertion_search(order: list[int], net: NDArray[np.float64]) -> list[int]:
    """Move single items to their best places until no move brings more forward flow."""
    order = list(order)
    improved = True
    while improved:
        improved = False
        for item in tuple(order):
            at = order.index(item)
            rest = order[:at] + order[at + 1 :]
            gain = np.concatenate(([0.0], np.cumsum(-net[item, rest])))
            best = int(np.argmax(gain))
            if gain[best] > gain[at] + 1e-9:
                order = [*rest[:best], item, *rest[best:]]
                improved = True
    return order


def _orders(profile: LogProfile, names: tuple[str, ...]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Matrices [i, j]: cases with both activities, and those in which i comes before j."""
    place = {name: index for index, name in enumerate(names)}
    both, before = np.zeros((2, len(names), len(names)))
    for (one, other), order in profile.orders.items():
        if one not in place or other not in place:
            continue
        i, j = place[one], place[other]
        both[i, j] = both[j, i] = order.both
        before[i, j], before[j, i] = order.before, order.both - order.before
    return both, before
