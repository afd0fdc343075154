"""What stands where at a moment, as a document: the law of the picture, made checkable."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from factoryview.flow.moment.standing import Standing
from factoryview.store.windows import Totals
from factoryview.time import utc


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class StageSnapshot(_Model):
    """One stage; wip = on_belt + in_pile + in_machine + wrecks = crates × weight."""

    wip: float = Field(description="Cases present: entered ≤ at < left.")
    on_belt: float = Field(description="Of these, on the belts into the stage.")
    in_pile: float = Field(description="Of these, beside the intake.")
    in_machine: float = Field(description="Of these, being worked on (as far as starts are known, else as servers).")
    wrecks: float = Field(description="Of these, on the siding: nobody works on them any more.")
    at_exit: float = Field(description="Cases done here whose next step is not known; not part of wip.")
    crates: int = Field(description="Crates drawn for wip.")
    weight: float = Field(description="Cases one crate stands for.")


class Snapshot(_Model):
    """A plant at one moment."""

    at: datetime
    stages: dict[str, StageSnapshot]
    in_progress: float = Field(description="Cases begun and not at an outcome.")
    outcomes: dict[str, float] = Field(description="Cases that stand at each outcome.")


def snapshot(standing: Standing, stages: tuple[str, ...], totals: Totals, weight: float) -> Snapshot:
    """The document of what stands at `standing.at`. stages: their names, in the order of their codes."""
    at = standing.at
    return Snapshot(
        at=utc(at),
        stages={
            name: StageSnapshot(
                wip=now.wip,
                on_belt=now.on_belt,
                in_pile=now.in_pile,
                in_machine=now.in_machine,
                wrecks=now.wrecks,
                at_exit=totals.at_exit(name, at),
                crates=now.crates,
                weight=now.wip / now.crates if now.crates else weight,
            )
            for name, now in zip(stages, standing.stages, strict=True)
        },
        in_progress=totals.in_progress(at),
        outcomes=totals.outcomes(at),
    )
