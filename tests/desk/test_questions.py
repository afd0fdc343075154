"""Questions that analysts ask of a process, each answered at the desk in at most three actions, and each answer counted
by plain loops. The kinds of questions are those of Fahland, Montali and others (doi 10.1007/s12599-025-00971-1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from statistics import quantiles

import pytest

from factoryview.time import DAY, HOUR
from factoryview.view.charts import Stretch
from tests.kit.desk_pilot import DeskPilot
from tests.kit.pilot import Spot
from tests.kit.plain import Visit, visits
from tests.kit.small_plants import piled, reworked, simulate, studied

PLANTS = {"piled": piled(), "reworked": reworked()}
Step = tuple[str, ...]
"""A way to act and what on: ("click", node), ("hover", node), ("press", key), ("type", words)."""


@cache
def plain(name: str) -> list[Visit]:
    return visits(simulate(PLANTS[name].line), PLANTS[name].ends)


@dataclass(frozen=True)
class Sight:
    """What a plain count looks at: the visits, the moment, and how spans and numbers are written."""

    known: list[Visit]
    pilot: DeskPilot

    @property
    def at(self) -> int:
        return self.pilot.session.playhead.at

    def here(self, stage: str) -> list[Visit]:
        return [visit for visit in self.known if visit.stage == stage and visit.present(self.at)]

    def gone(self, stage: str, days: int = 30) -> list[Visit]:
        """Those that left in the stretch of the panel."""
        over = self.pilot.screen.model
        since = max(over.first, self.at - days * DAY)
        return [v for v in self.known if v.stage == stage and v.left is not None and since <= v.left < self.at]

    def span(self, span: float) -> str:
        return self.pilot.screen.presentation.language.duration(span)

    def overtaken(self, origin: str, target: str) -> str:
        """Share of those on a way in the stretch before whom somebody left who came later."""
        model = self.pilot.screen.model
        over = Stretch.around("month", self.at, model.first, model.last)
        way = sorted(
            (v.entered, v.left if v.left and v.left <= over.now else float("inf"))
            for v in self.known
            if (v.came_from, v.stage) == (origin, target)
            and v.entered <= over.now
            and (v.left or over.now) > over.since
        )
        late = sum(any(other < left for _, other in way[k + 1 :]) for k, (_, left) in enumerate(way))
        return share(late, len(way))

    def cases(self, fits: Callable[[list[Visit]], bool]) -> str:
        """How many cases fit, of all."""
        paths: dict[str, list[Visit]] = {}
        for visit in sorted(self.known, key=lambda each: each.entered):
            paths.setdefault(visit.case, []).append(visit)
        number = self.pilot.screen.presentation.language.number
        return f"{number(sum(map(fits, paths.values())))} of {number(len(paths))} cases"


def share(part: float, whole: float) -> str:
    return f"{round(100 * part / whole)}%"


QUESTIONS: list[tuple[str, str, list[Step], str, Callable[[Sight], str]]] = [
    ("how many wait here", "piled", [], "stage/Approval/count", lambda s: str(len(s.here("Approval")))),
    ("who has waited longest, and how long", "piled", [("hover", "stage/Approval/hall")], "card/oldest",
     lambda s: s.span(s.at - min(v.entered for v in s.here("Approval")))),
    ("what is wanted here", "piled", [("hover", "stage/Approval/hall")], "card/target", lambda s: s.span(5 * DAY)),
    ("since when is the target missed", "piled", [("hover", "stage/Approval/hall")], "card/breach",
     lambda s: f"for {round((s.at - min(v.entered for v in s.here('Approval')) - 5 * DAY) / DAY)} days"),
    ("how many are in progress here", "piled", [("click", "stage/Approval/hall")], "panel/box/in_progress",
     lambda s: str(len(s.here("Approval")))),
    ("how many have come to this end", "piled", [("hover", "stage/Paid/hall")], "card/ended",
     lambda s: str(sum(v.to == "Paid" and (v.left or s.at + 1) <= s.at for v in s.known))),
    ("by which channel came those that wait", "piled",
     [("click", "stage/Approval/hall"), ("click", "panel/page/routes")], "panel/by/0",
     lambda s: f"Website · {sum(v.channel == 'web' for v in s.here('Approval'))} · "
     f"{share(sum(v.channel == 'web' for v in s.here('Approval')), len(s.here('Approval')))}"),
    ("from which stage came those that wait", "reworked",
     [("click", "stage/Offer/hall"), ("click", "panel/page/routes")], "panel/from/0",
     lambda s: (lambda all_of: "{} · {} · {}".format(*max((n, str(c), share(c, all_of.total()))
                                                          for n, c in all_of.most_common(1))))(
         Counter(v.came_from for v in s.here("Offer") if v.came_from))),
    ("where do cases go from here", "reworked",
     [("click", "stage/Approval/hall"), ("click", "panel/page/routes"), ("click", "panel/span/all")], "panel/to/0",
     lambda s: (lambda all_of: f"Delivery · {all_of['Delivery']:,} · {share(all_of['Delivery'], all_of.total())}")(
         Counter(v.to for v in s.gone("Approval", 1_000)))),
    ("how many of those that left went elsewhere", "reworked",
     [("click", "stage/Approval/hall"), ("click", "panel/page/routes"), ("click", "panel/span/all")], "panel/to/1",
     lambda s: (lambda all_of: f"Offer · {all_of['Offer']} · {share(all_of['Offer'], all_of.total())}")(
         Counter(v.to for v in s.gone("Approval", 1_000)))),
    ("how did the queue grow", "piled", [("click", "stage/Approval/hall"), ("click", "panel/page/history")],
     "panel/queue", lambda s: f"Queue {len(s.here('Approval'))} · target "
     f"{round(5 * s.pilot.screen.model.state(s.at, HOUR).figures.flows['Approval'].go or 0)}"),
    ("do more come than go", "piled", [("click", "stage/Approval/hall"), ("click", "panel/page/history")],
     "panel/cumulative", lambda s: "All that came and went " + s.span(
         s.at - sorted(v.entered for v in s.known if v.stage == "Approval")[
             sum(v.stage == "Approval" and (v.left or s.at + 1) <= s.at for v in s.known)]) + " apart"),
    ("which cases come here more than once", "reworked",
     [("click", "stage/Offer/hall"), ("click", "panel/page/cases"), ("click", "panel/only/repeated")],
     "filters/count", lambda s: s.cases(lambda path: sum(v.stage == "Offer" for v in path) > 1)),
    ("which cases skip this step", "reworked",
     [("click", "stage/Offer/hall"), ("click", "panel/page/cases"), ("click", "panel/only/not_through")],
     "filters/count", lambda s: s.cases(lambda path: all(v.stage != "Offer" for v in path))),
    ("which cases went this way", "reworked",
     [("click", "belt/Approval/Offer/0"), ("click", "panel/page/cases"), ("click", "panel/only/followed")],
     "filters/count", lambda s: s.cases(lambda path: any((v.stage, v.to) == ("Approval", "Offer") for v in path))),
    ("how many came by this channel", "reworked", [("press", "/"), ("type", "only channel web"), ("press", "return")],
     "filters/count", lambda s: s.cases(lambda path: path[0].channel == "web")),
    ("how many took longer than a week", "piled",
     [("press", "/"), ("type", "longer than 7"), ("press", "return")],
     "filters/count", lambda s: s.cases(lambda path: (
         (path[-1].left if path[-1].left and path[-1].to in ("Paid", "Lost") else s.pilot.screen.model.last)
         - path[0].entered > 7 * DAY))),
    ("are cases overtaken on this way", "piled", [("click", "belt/Offer/Approval/0")], "panel/spectrum",
     lambda s: f"A line for each case in order, {s.overtaken('Offer', 'Approval')} overtaken"),
    ("how long did those stay that left", "reworked",
     [("click", "stage/Delivery/hall"), ("click", "panel/span/all")], "panel/waiting",
     lambda s: (lambda spans: f"How long cases stayed 50 % {s.span(spans[-(-len(spans) // 2) - 1])} · "
                f"85 % {s.span(spans[-(-len(spans) * 85 // 100) - 1])}")(
         sorted((v.left or 0) - v.entered for v in s.gone("Delivery", 1_000)))),
    ("how was it at another time", "reworked", [("click", "timeline/track")], "stage/Approval/count",
     lambda s: str(len(s.here("Approval")))),
]  # fmt: skip


@pytest.mark.parametrize(("plant", "steps", "node", "answer"), [each[1:] for each in QUESTIONS],
                         ids=[each[0] for each in QUESTIONS])  # fmt: skip
def test_a_question_is_answered(plant: str, steps: list[Step], node: str, answer: Callable[[Sight], str]) -> None:
    assert len(steps) <= 3
    model = studied(plant).model
    pilot = DeskPilot(studied(plant), (1366, 768), paused=True, start=model.worst_moment())
    for kind, what in steps:
        spot: Spot = (0.6, 0.5)
        _ACTS[kind](pilot, what, spot)
    assert pilot.label(node) == answer(Sight(plain(plant), pilot))


_ACTS: dict[str, Callable[[DeskPilot, str, Spot], object]] = {
    "click": lambda pilot, what, spot: pilot.click(what, spot),
    "hover": lambda pilot, what, spot: pilot.hover(what, spot),
    "press": lambda pilot, what, _: pilot.press(what),
    "type": lambda pilot, what, _: pilot.type(what),
}


def test_there_are_twenty_of_them_and_no_two_alike() -> None:
    assert len(QUESTIONS) >= 20
    assert len({name for name, *_ in QUESTIONS}) == len(QUESTIONS)
    assert quantiles([len(steps) for _, _, steps, *_ in QUESTIONS], n=2)[0] <= 2
