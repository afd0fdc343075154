"""What is concluded at a moment, and the one stage of it that is to be spoken of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from factoryview.flow.moment.judging import StageLevel
from factoryview.flow.moment.levels import NEUTRAL, RED
from factoryview.time import HOUR

if TYPE_CHECKING:
    from factoryview.flow.verdict.bottleneck import Bottleneck
    from factoryview.flow.verdict.costs import Cost
    from factoryview.flow.verdict.demand import Demand


@dataclass(frozen=True)
class Conclusion:
    """What is concluded at the end of a working day."""

    bottleneck: Bottleneck
    costs: dict[str, Cost]
    """Of the bottleneck, and of the stages that jam."""
    demands: dict[str, Demand] = field(default_factory=dict)
    """Of the same, where that can be said."""


@dataclass(frozen=True)
class Lead:
    """The one stage that is to be spoken of."""

    stage: str
    bottleneck: bool
    """It limits the plant; else it is merely where most jams."""
    since: float
    """Hours since 1970 UTC."""
    cost: Cost | None
    """None where nothing was found out about it yet."""
    demand: Demand | None = None
    """What comes and goes since then; None where that is not known."""


def lead(finding: Conclusion | None, levels: tuple[StageLevel, ...], worst: int | None) -> Lead | None:
    """What to speak of at a moment: the bottleneck, unless another stage is red while it flows; else the worst jam.

    levels: of that moment. worst: the place of the stage that jams most. None: nothing jams and nothing limits.
    """
    if finding is not None and finding.bottleneck.stage is not None and finding.bottleneck.since is not None:
        name = finding.bottleneck.stage
        own = next((each.level for each in levels if each.stage == name), NEUTRAL)
        if own > NEUTRAL or worst is None or levels[worst].level < RED:
            return Lead(name, True, finding.bottleneck.since, finding.costs.get(name), finding.demands.get(name))
    if worst is None:
        return None
    jam = levels[worst]
    since = (jam.since or 0) / HOUR
    if finding is None:
        return Lead(jam.stage, False, since, None)
    demand = finding.demands.get(jam.stage)
    known = demand if demand is not None and demand.since == since else None  # else it is of a jam before this one
    return Lead(jam.stage, False, since, finding.costs.get(jam.stage), known)
