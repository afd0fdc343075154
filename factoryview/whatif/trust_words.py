"""What is said of a model, in one language: how near it comes, beside a copy of the past, and why it may be greyed."""

from __future__ import annotations

from factoryview.language import Language
from factoryview.time import HOUR
from factoryview.whatif.trust import Trust

_WHY = {"loses": "whatif.trust.loses", "untested": "whatif.trust.untested", "capacity": "whatif.trust.capacity"}


def sentences(trust: Trust, language: Language) -> tuple[str, ...]:
    """The model as it is, what it would have foreseen, and why nothing or not everything can be asked of it."""
    said = []
    for key, found in (("whatif.trust.as_is", trust.as_is), ("whatif.trust.forecast", trust.forecast)):
        if found is not None:
            model, copy = (language.duration(span * HOUR) for span in (found.model_h, found.copy_h))
            said.append(language.text(key, model=model, copy=copy))
    if trust.why_not:
        said.append(language.text(_WHY[trust.why_not]))
    return tuple(said)
