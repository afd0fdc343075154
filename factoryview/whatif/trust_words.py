"""What is said of a model, in one language: how near it comes, beside a copy of the past, and why one may doubt it."""

from __future__ import annotations

from factoryview.language import Language
from factoryview.time import HOUR
from factoryview.whatif.trust import Trust

_WHY = {"loses": "whatif.trust.loses", "untested": "whatif.trust.untested", "capacity": "whatif.trust.capacity"}


def sentences(trust: Trust, language: Language) -> tuple[str, ...]:
    """How near the model comes to what was, and how near it would have come, each beside a copy of the past."""
    said = []
    for key, found in (("whatif.trust.as_is", trust.as_is), ("whatif.trust.forecast", trust.forecast)):
        if found is not None:
            model, copy = (language.duration(span * HOUR) for span in (found.model_h, found.copy_h))
            said.append(language.text(key, model=model, copy=copy))
    return tuple(said)


def doubt_in(trust: Trust, language: Language) -> str:
    """Why nothing should be decided by what this model foretells; empty: nothing speaks against it."""
    return language.text(_WHY[trust.why_not]) if trust.why_not else ""
