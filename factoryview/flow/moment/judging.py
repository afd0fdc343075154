"""The levels of a plant, from its stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.alarms import NEWS, Alarm, alarms
from factoryview.flow.moment.crowd import Crowd
from factoryview.flow.moment.levels import LevelReason, Levels, Nature, levels
from factoryview.flow.moment.presence import Presence, presence
from factoryview.flow.moment.workdays import Workdays, workdays
from factoryview.flow.order import equals_in_order
from factoryview.plant.models import Plant
from factoryview.store.database import Store
from factoryview.store.scroll import pieces


@dataclass(frozen=True)
class Wrecks:
    """Cases on which nobody works any more, in order of the moment since which that is known."""

    id: NDArray[np.int64]
    """Of the stay."""
    stage: NDArray[np.int16]
    entered: NDArray[np.int64]
    since: NDArray[np.int64]
    """From this moment on it is known, µs UTC."""
    left: NDArray[np.int64]
    """Until it moves after all; `FOREVER` while it does not."""
    weight: NDArray[np.float64]
    value: NDArray[np.float64]
    """NaN where unknown."""

    @cached_property
    def given_up(self) -> dict[int, int]:
        """Id of a stay → since when it is known to be a wreck, µs UTC."""
        return dict(zip(self.id.tolist(), self.since.tolist(), strict=True))

    def at(self, moment: int) -> NDArray[np.intp]:
        """Which of them are wrecks at a moment."""
        known = int(self.since.searchsorted(moment, side="right"))
        return (self.left[:known] > moment).nonzero()[0]


@dataclass(frozen=True)
class StageLevel:
    """How one stage stands at a moment, as known at the end of the last working day. Times in µs UTC."""

    stage: str
    level: int
    since: int | None
    """When the level, or a worse one, began; None where nothing jams."""
    late: float
    """Cases that wait longer than usual, or than the target."""
    usual: float | None
    """Working days (in short logs hours or minutes) within which nine of ten leave, or the target; None: not known."""
    due: int | None
    """When the next release of a batch is due; None where the stage is no batch."""
    wrecks: float
    """Cases on which nobody works any more."""
    wrecks_since: int | None
    """When the first of them came."""
    wrecks_value: float | None
    """What they are worth together, where that is known."""
    judged: bool
    """History says what is usual, or the plant what is wanted."""


@dataclass
class Judged:
    """How a plant's stages jam along its log, and who is left lying there. Remembers what was last asked for; answers
    do not depend on it.
    """

    levels: Levels
    wrecks: Wrecks
    _days: dict[int, tuple[StageLevel, ...]] = field(default_factory=dict, repr=False, compare=False)
    _lying: tuple[tuple[StageLevel, ...], NDArray[np.intp], tuple[StageLevel, ...]] | None = field(
        default=None, repr=False, compare=False
    )
    """The stages as the last working day left them, who lay there, and the stages with them."""
    _fresh: tuple[int, list[str]] | None = field(default=None, repr=False, compare=False)
    """A step, and where cases have lately been left lying then."""

    def at(self, moment: int) -> tuple[StageLevel, ...]:
        """Every stage at a moment (µs UTC), from nothing later."""
        lying, ended = self.wrecks.at(moment), self._at_end_of(self.levels.at(moment))
        if not len(lying):
            return ended
        last = self._lying
        if last is None or last[0] is not ended or not np.array_equal(last[1], lying):
            owner = self.wrecks.stage[lying]
            found = tuple(self._now(stage, lying[owner == i]) for i, stage in enumerate(ended))
            last = self._lying = ended, lying, found
        return last[2]

    def _at_end_of(self, step: int) -> tuple[StageLevel, ...]:
        """Every stage as a working day left it, without who lies there; the last one asked for is cached."""
        found = self._days.get(step)
        if found is None:
            found = tuple(self._stage(i, step) for i in range(len(self.levels.stages)))
            self._days.clear()
            self._days[step] = found
        return found

    def _stage(self, i: int, step: int) -> StageLevel:
        found = self.levels
        level, usual, due = int(found.level[i, step]), float(found.usual[i, step]), float(found.due[i, step])
        return StageLevel(
            stage=found.stages[i],
            level=level,
            since=int(found.moments[found.since(i, step)]) if level else None,
            late=float(found.late[i, step]),
            usual=None if np.isnan(usual) else usual,
            due=None if np.isnan(due) else found.workdays.after(due),
            wrecks=0.0,
            wrecks_since=None,
            wrecks_value=None,
            judged=bool(found.judged[i, step]),
        )

    def _now(self, stage: StageLevel, lying: NDArray[np.intp]) -> StageLevel:
        """A stage with who lies there."""
        if not len(lying):
            return stage
        wrecks = self.wrecks
        values = wrecks.value[lying] * wrecks.weight[lying]
        return replace(
            stage,
            wrecks=round(float(wrecks.weight[lying].sum()), 9),
            wrecks_since=int(wrecks.entered[lying].min()),
            wrecks_value=float(np.nansum(values)) if np.isfinite(values).any() else None,
        )

    def news_of_wrecks(self, moment: int) -> tuple[str, ...]:
        """The stages at which cases were lately found to be left lying, and still are (µs UTC)."""
        step = self.levels.at(moment)
        known = self._fresh  # another thread may ask for another moment
        if known is None or known[0] != step:
            alarms = (each for each in self.alarms if each.kind == "left lying")
            known = self._fresh = step, [each.stage for each in alarms if each.phase(step) in ("new", "worse")]
        fresh = known[1]
        lying = {each.stage for each in self.at(moment) if each.wrecks} if fresh else set()
        return tuple(name for name in fresh if name in lying)

    @cached_property
    def alarms(self) -> list[Alarm]:
        """All alarms of the log."""
        return alarms(self.levels)

    @cached_property
    def news(self) -> NDArray[np.bool_]:
        """Of each step, whether the alarm of a jam is news: new, or much worse than when it last was."""
        jams = [alarm for alarm in self.alarms if alarm.kind == "jam"]
        steps = range(self.levels.steps)
        return np.array([any(alarm.phase(step) in NEWS for alarm in jams) for step in steps], dtype=np.bool_)


def judge(
    store: Store,
    plant: Plant,
    stages: tuple[str, ...],
    until: int = 0,
    *,
    known: Presence | None = None,
    tell: Callable[[float], None] | None = None,
) -> Judged:
    """Judge every stage along the whole log, up to its end or, if that is later, `until` (µs UTC).

    known: the stays at the stages, if they have been fetched. tell: told before each stage which share is done; what it
    raises ends it. Raises InputError if no event has a time and there is no `until`.
    """
    stays = known or presence(store, stages)
    first, last = (until, until) if stays.span is None and until else stays.span or store.span()
    last = max(last, until)
    rows = [stays.of(code) for code in range(len(stages))]
    clock = workdays(map(stays.ends, range(len(stages))), first, last, plant.timezone, plant.calendar)
    hidden = store.meaning in ("completion", "interval")
    counted = set(store.counted())

    def crowd(code: int, name: str) -> Crowd:
        if tell is not None:
            tell(code / len(stages))
        here, ends = rows[code], stays.ends(code)
        gone = clock.passed_in_order(np.minimum(ends, last) if len(ends) and ends[-1] > last else ends)
        del ends
        order = equals_in_order(stays.leaving(code)[: len(gone)].copy(), gone)
        left = np.full(here.stop - here.start, np.inf)
        for some in pieces(len(gone)):
            left[order[some]] = gone[some]
        stays.rest()
        known = hidden and name not in counted
        entered = clock.passed_in_order(stays.entered[here])
        stays.rest()
        found = Crowd(entered, left, stays.weight[here], known, (order, gone))
        stays.rest()
        return found

    found = levels(((name, crowd(code, name)) for code, name in enumerate(stages)), clock, _natures(plant, clock))
    return Judged(replace(found, wrecked=()), _wrecks(found, rows, stays))


def unjudged(like: Judged) -> Judged:
    """What is known of some cases of a plant before they have been judged: nothing, along the same working days."""
    whole = like.levels
    shape = whole.level.shape
    none, unknown = np.zeros(shape), np.full(shape, np.nan)
    calm = replace(
        whole, level=np.zeros(shape, np.int8), reason=np.full(shape, LevelReason.UNKNOWN, np.int8), excess=none,
        late=none, live=none, wrecks=none, usual=unknown, due=unknown,
    )  # fmt: skip
    parts = {field.name: getattr(like.wrecks, field.name)[:0] for field in fields(Wrecks)}
    return Judged(calm, Wrecks(**parts))


def _natures(plant: Plant, clock: Workdays) -> dict[str, Nature]:
    found = {}
    for stage in plant.stages:
        target = None if stage.target_wait is None else clock.length(stage.target_wait.total_seconds() * 1e6)
        found[stage.name] = Nature(target, stage.kind == "delay")
    return found


def _wrecks(found: Levels, rows: list[slice], stays: Presence) -> Wrecks:
    each = [rows[i].start + marked for i, (marked, _) in enumerate(found.wrecked)]
    marked = np.concatenate(each or [np.zeros(0, np.intp)])
    steps = np.concatenate([steps for _, steps in found.wrecked] or [np.zeros(0, np.int32)])
    order = np.argsort(steps, kind="stable")
    marked, since = marked[order], found.moments[steps[order]]
    parts = {name: getattr(stays, name)[marked] for name in ("id", "stage", "entered", "left", "weight", "value")}
    return Wrecks(since=since, **parts)
