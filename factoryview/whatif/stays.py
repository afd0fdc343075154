"""A simulated future as stays, so that it can be shown like what happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from factoryview.store.continued import NewOutcome, NewStay
from factoryview.store.database import Store
from factoryview.time import utc
from factoryview.whatif.facts import Future
from factoryview.whatif.kernel import Run
from factoryview.whatif.lab import Lab
from factoryview.whatif.log import Floats

_TICK_H = 1e-6 / 3600
"""What begins with the future begins a µs after the moment from which on it is simulated."""


@dataclass
class _Case:
    """A case of the future, and what is known of it so far."""

    name: str
    channel: str | None
    value: float | None
    weight: float = 1.0
    last: tuple[int, str] | None = None
    """Its last stay: id and stage."""
    open: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Stage → ids of its stays that go on."""


class _Told:
    """What the steps of a future are as rows: per step the stage, and the moments (None: not before its end)."""

    def __init__(self, lab: Lab, future: Future, run: Run) -> None:
        replication, setting = future.replication, lab.setting
        steps, names = replication.steps, setting.calibration.log.stages
        inner, above = steps.parent >= 0, np.maximum(steps.parent, 0)
        self.parent = steps.parent.tolist()
        self.case = steps.case.tolist()
        self.stage = [names[code] for code in replication.stage.tolist()]
        self.begun = (~inner | (np.isfinite(run.end) & ~run.gave_up)[above]).tolist()
        """Whether its case came to it."""
        came = replication.arrived[steps.case]
        fresh = np.where(replication.open[steps.case], setting.begin + _TICK_H, came)
        self.entered = self._moments(lab, np.where(inner, run.end[above], fresh))
        self.started, self.left = self._moments(lab, run.start), self._moments(lab, run.end)
        self.end = run.end.tolist()
        self.after: dict[int, int] = {}
        """Step → the first one that follows it."""
        for step, parent in enumerate(self.parent):
            if parent >= 0 and self.begun[step]:
                self.after.setdefault(parent, step)

    @staticmethod
    def _moments(lab: Lab, hours: Floats) -> list[datetime | None]:
        known = np.isfinite(hours)
        at = lab.setting.week.moments(np.where(known, hours, 0.0)).tolist()
        return [utc(each).replace(tzinfo=None) if is_known else None
                for each, is_known in zip(at, known.tolist(), strict=True)]  # fmt: skip

    def order(self, step: int) -> tuple[datetime, int]:
        """By when a case came to them."""
        entered = self.entered[step]
        assert entered is not None, "only of those that were begun"
        return entered, step


def future_stays(store: Store, lab: Lab, future: Future, run: Run, at: int) -> tuple[list[NewStay], list[NewOutcome]]:
    """The stays and outcomes of a future that was simulated from a moment on (µs UTC), for `store.continued`.

    A stay has a start only where the log says when work begins.
    """
    asked = {"stages": list(lab.setting.calibration.log.stages), "at": at, "began": store.meaning == "interval",
             "ended": store.meaning == "completion"}  # fmt: skip
    outcome_of = store.ask("whatif/cases", **asked)["outcome"]
    ends = [None if gone or name is None else str(name) for name, gone in zip(
        np.ma.getdata(outcome_of).tolist(), np.ma.getmaskarray(outcome_of).tolist(), strict=True)]  # fmt: skip
    told, cases = _Told(lab, future, run), _cases(store, lab, future, asked)
    [(highest,)] = store.rows("whatif/highest")
    number, stays, outcomes = int(highest or 0), list[NewStay](), list[NewOutcome]()
    of_case: dict[int, list[int]] = defaultdict(list)
    for step, is_begun in enumerate(told.begun):
        if is_begun:
            of_case[told.case[step]].append(step)
    log, gave_up = lab.setting.calibration.log, run.gave_up
    for code, steps in of_case.items():
        case = cases[code]
        steps.sort(key=told.order)
        at_exit = case.last is not None and not case.open
        going = {step: ids.pop(0) for step in steps
                 if told.parent[step] < 0 and (ids := case.open.get(told.stage[step]))}  # fmt: skip
        lost = [step for step in steps if gave_up[step]]
        like = log.case[future.replication.source[lost[-1]]] if lost else future.donor[code]
        final = max(steps, key=lambda step: (told.end[step], step))
        over = bool(np.isfinite(told.end[final]))
        outcome = ends[int(like)] if over else None
        for step in steps:
            number += step not in going
            following = outcome if over and step == final else _stage_after(told, step)
            last = (step == final and (outcome is None or store.meaning != "entry")) if over else step not in told.after
            stays.append(_stay(told, step, going.get(step, number), case, following, last=last,
                               starts=store.meaning == "interval"))  # fmt: skip
        left = told.left[final]
        if outcome is not None and left is not None:
            outcomes.append(NewOutcome(case.name, outcome, left, told.stage[final], case.channel, case.weight,
                                       case.value))  # fmt: skip
        stays += _left_behind(told, case, [step for step in steps if step not in going], at_exit=at_exit)
    return stays, outcomes


def _stage_after(told: _Told, step: int) -> str | None:
    after = told.after.get(step)
    return None if after is None else told.stage[after]


def _stay(
    told: _Told, step: int, number: int, case: _Case, following: str | None, *, last: bool, starts: bool
) -> NewStay:
    parent, entered, left = told.parent[step], told.entered[step], told.left[step]
    assert entered is not None, "only of those that were begun"
    before = case.last[1] if case.last is not None else case.channel
    return NewStay(
        number, case.name, told.stage[step], entered, told.started[step] if starts else None, left,
        None if left is None else following, told.stage[parent] if parent >= 0 else before, case.channel, case.weight,
        case.value, parent < 0 and case.last is None, last,
    )  # fmt: skip


def _left_behind(told: _Told, case: _Case, steps: list[int], *, at_exit: bool) -> Iterator[NewStay]:
    """What was open and is not gone on with ends when its case is somewhere else, as does its time at an exit."""
    roots = [step for step in steps if told.parent[step] < 0]
    if not roots:
        return
    entered, away = min(told.order(step) for step in roots)
    ids = [(stage, each) for stage, every in case.open.items() for each in every]
    if at_exit and case.last is not None:
        ids.append((case.last[1], case.last[0]))
    for stage, number in ids:
        yield NewStay(number, case.name, stage, entered, None, entered, told.stage[away], None, case.channel,
                      case.weight, case.value, False, False)  # fmt: skip


def _cases(store: Store, lab: Lab, future: Future, asked: dict[str, object]) -> dict[int, _Case]:
    """Per case of a future: those in progress by their names, the others numbered."""
    facts, today, log = lab.setting.facts, lab.today, lab.setting.calibration.log
    names = ("number", "name", "id", "stage", "channel", "weight", "open")
    columns, known = store.ask("whatif/open", **asked), dict[int, _Case]()
    for number, name, stay, stage, channel, weight, is_open in zip(
        *(np.ma.getdata(columns[each]).tolist() for each in names), strict=True
    ):
        case = known.setdefault(int(number), _Case(str(name), str(channel) or None, None, float(weight)))
        case.last = int(stay), str(stage)
        if is_open:
            case.open[str(stage)].append(int(stay))
    numbers = [*today.case.tolist(), *today.fresh[np.argsort(log.arrived[today.fresh], kind="stable")].tolist()]
    found: dict[int, _Case] = {}
    for code, is_open in enumerate(future.replication.open.tolist()):
        if is_open and numbers[code] in known:
            found[code] = known[numbers[code]]
            continue
        place, value = int(future.channel[code]), float(future.value[code])
        found[code] = _Case(f"≈ {code}", facts.channels[place] if place >= 0 else None,
                            value if np.isfinite(value) else None)  # fmt: skip
    return found
