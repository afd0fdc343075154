"""Whether the other reading of the times leads to another verdict: that of completions, or of entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from factoryview.factory.factory import Factory
from factoryview.flow.verdict.findings import findings_of
from factoryview.flow.verdict.lead import lead
from factoryview.language import Language
from factoryview.plant.models import Plant, label_of


@dataclass(frozen=True)
class Doubt:
    """The verdict hangs on what the times mean, and that is a guess."""

    times: str
    """What they mean otherwise: entry or completion."""
    stage: str | None
    """What would be named then; None: nothing."""


class Otherwise:
    """A log read the other way."""

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self.findings = findings_of(factory.store, factory.plant)

    def doubt(self, named: str | None, at: datetime, span: tuple[datetime, datetime] | None = None) -> Doubt | None:
        """The doubt about a verdict that names a stage (None: nothing) at a moment or over a span; None where the other
        reading names the same.
        """
        from factoryview.flow.verdict.verdict import verdict  # who looks at a plant waits for it to begin

        found = verdict(self.factory.store, self.factory.plant, at=at, span=span, findings=self.findings)
        return self._doubt(named, found.headline.stage)

    def known(self, named: str | None, moment: int) -> Doubt | None:
        """As `doubt`, of a moment in µs UTC; None, too, while it has not been made. Returns at once."""
        finding = self.findings.known(moment)
        if finding is None:
            return None
        jams = self.findings.jams
        found = lead(finding, jams.at(moment), jams.levels.worst(jams.levels.at(moment)))
        return self._doubt(named, None if found is None else found.stage)

    def _doubt(self, named: str | None, stage: str | None) -> Doubt | None:
        return None if stage == named else Doubt(self.factory.store.meaning, stage)


def otherwise(factory: Factory) -> Otherwise | None:
    """A factory read the other way; None where what its times mean is no guess."""
    return None if factory.read_otherwise is None else Otherwise(factory.read_otherwise())


def sentence(doubt: Doubt, plant: Plant, language: Language) -> str:
    """What the doubt is, and the option that settles it."""
    known = None if doubt.stage is None else plant.stage(doubt.stage)
    stage = label_of(known, language.code) if known is not None else doubt.stage or ""
    key = f"doubt.{doubt.times}" if doubt.stage is not None else f"doubt.{doubt.times}_none"
    return language.text(key, stage=stage, option=f"--times {doubt.times}")
