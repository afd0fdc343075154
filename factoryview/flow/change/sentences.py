"""Changes and differences in sentences, German and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from factoryview.flow.change.became import Became
from factoryview.flow.change.changes import Change, Measure
from factoryview.flow.change.compare import Comparison, Difference, Span
from factoryview.flow.change.forecast import Forecast, Tested
from factoryview.language import Language
from factoryview.plant.models import Plant, label_of

_DAY = "date.long"


def change_sentence(change: Change, plant: Plant, language: Language) -> str:
    """Since when, where, what, by how much, and why."""
    say = language.text
    measure = change.main
    date, stage = language.date(change.at, _DAY), stage_label(change.stage, plant, language)
    parts = []
    if measure is None:
        parts.append(say("change.quiet", date=date, stage=stage))
    else:
        effect = change.effects[measure]
        key = key_of(measure, change.waits, effect.difference)
        values = _values(measure, effect.before, effect.after, effect.low, effect.high, language)
        parts.append(say(f"change.{key}", date=date, stage=stage, **values))
    if measure == "waiting" and change.contention is not None:
        parts.append(say("change.contention", share=language.percent(change.contention)))
    work = change.effects.get("work")
    worked = ""
    if change.cause == "work" and work is not None and measure != "work":
        worked = say("change.work_from", before=language.duration(work.before), after=language.duration(work.after))
    parts.append(say(f"changedby.{change.cause}", work=worked))
    if change.since < change.until:
        dates = {"since": language.date(change.since, _DAY), "until": language.date(change.until, _DAY)}
        parts.append(say("change.between", **dates))
    return " ".join(parts)


def change_sentences(found: Iterable[Change], plant: Plant, language: Language, lesser: int = 0) -> list[str]:
    """All of them, with a word on what they were seen from; or that there is none. lesser: how many are left out."""
    told = [change_sentence(change, plant, language) for change in found]
    if lesser:
        told.append(language.count("change.lesser", lesser))
    return [*told, language.text("change.looks_back")] if told else [language.text("change.none")]


def difference_sentence(difference: Difference, plant: Plant, language: Language) -> str:
    """What is otherwise in the second span, and how sure that is."""
    key = key_of(difference.measure, difference.waits, difference.difference)
    values = _values(difference.measure, difference.before, difference.after, difference.low, difference.high, language)
    return language.text(f"compare.{key}", stage=stage_label(difference.stage, plant, language), **values)


def comparison_sentences(found: Comparison, plant: Plant, language: Language) -> list[str]:
    """The differences, weightiest first, and what was looked at."""
    say = language.text
    told = [difference_sentence(each, plant, language) for each in found.differences]
    if not told:
        told = [say("compare.none")]
    for key, names in zip(("only_first", "only_second"), found.alone, strict=True):
        if names:
            labels = ", ".join(stage_label(name, plant, language) for name in names)
            told.append(say(f"compare.{key}", stages=labels))
    counts = {"tested": language.number(found.tested), "found": language.number(found.found)}
    return [*told, say("compare.noise", shown=language.number(len(found.differences)), **counts)]


def became_sentences(found: Became, plant: Plant, language: Language) -> list[str]:
    """What is otherwise since the day, beyond noise; or that nothing is, with the figures; or that it is too early."""
    say = language.text
    days = {"before": language.number(found.days[0]), "after": language.number(found.days[1])}
    if not found.differences:
        return [say("became.too_early", **days)]
    told = [difference_sentence(each, plant, language) for each in sorted(found.told, key=lambda each: -each.weight)]
    if not told:
        first = found.differences[0]
        values = _values(first.measure, first.before, first.after, first.low, first.high, language)
        name = "stay" if first.measure == "waiting" and not first.waits else first.measure
        told = [say("became.same", figure=say(f"became.{name}"), before=values["before"], after=values["after"])]
    return [*told, say("became.days", **days)]


def forecast_sentences(found: Forecast | None, language: Language) -> list[str]:
    """How many by the end of the month, and when are these done, each with how often that came true."""
    say = language.text
    if found is None:
        return [say("forecast.unknown")]
    told = [
        say(
            "forecast.month", date=language.day(found.month_end), so_far=language.number(found.so_far),
            days=language.count("cost.working_days", found.days),
            counts=" · ".join(f"{language.percent(chance)}: {language.number(number)}"
                              for chance, number in found.by_month_end.items()),
        ),
        _tested("forecast.month_tested", found.month_tested, language),
    ]  # fmt: skip
    if found.open >= 1:
        days = {chance: say("forecast.far") if day is None else language.day(day) for chance, day in found.done.items()}
        written = " · ".join(f"{language.percent(chance)}: {day}" for chance, day in days.items())
        told.append(say("forecast.done", n=language.count("cases.count", found.open), days=written))
        told.append(_tested("forecast.done_tested", found.done_tested, language))
    return told


def _tested(key: str, tested: Mapping[float, Tested], language: Language) -> str:
    """How often forecasts came true, of how many."""
    tries = max(each.tries for each in tested.values())
    if not tries:
        return language.text("forecast.untested")
    rates = (
        f"{language.percent(chance)}: {language.percent(each.hits / each.tries)}"
        for chance, each in tested.items()
        if each.tries
    )
    return language.text(key, tries=language.number(tries), rates=" · ".join(rates))


def key_of(measure: Measure, waits: bool, difference: float) -> str:
    """`waiting_more`, `stay_less` …: the end of a text's key."""
    name = "stay" if measure == "waiting" and not waits else measure
    return f"{name}_{'more' if difference > 0 else 'less'}"


def stage_label(name: str, plant: Plant, language: Language) -> str:
    """What a stage is called in that language, or an outcome that a log names as one."""
    known = plant.stage(name) or next((outcome for outcome in plant.outcomes if outcome.name == name), None)
    return label_of(known, language.code) if known is not None else name


def _values(
    measure: Measure, before: float, after: float, low: float, high: float, language: Language
) -> dict[str, str]:
    """Before, after, the size of the difference and its interval as written; the interval without sign, small first."""
    ends = (low, high) if after >= before else (-high, -low)
    return {
        "n": written(measure, abs(after - before), language),
        "before": written(measure, before, language),
        "after": written(measure, after, language),
        "low": ("−" if ends[0] < 0 else "") + written(measure, abs(ends[0]), language),
        "high": ("−" if ends[1] < 0 else "") + written(measure, abs(ends[1]), language),
    }


def written(measure: Measure, value: float, language: Language) -> str:
    """The size of a figure or of a difference in it."""
    if measure in ("waiting", "work"):
        return language.duration(value)
    return language.rate(value) if measure == "throughput" else points(value, language)


def points(share: float, language: Language) -> str:
    """A share or a difference of shares, 0 to 1, as percent with a digit where it is small."""
    return language.text("number.percent", n=language.number(100 * share, 0 if share >= 0.0995 else 1))


def spans_sentence(spans: tuple[Span, Span], language: Language) -> str:
    """Which two spans are beside each other."""
    written = []
    for span in spans:
        dates = {"begin": language.date(span.first, _DAY), "end": language.date(span.last, _DAY)}
        said = language.text("report.span", **dates)
        plants = {each.records.plant.name for each in spans}
        written.append(f"{span.records.plant.name}, {said}" if len(plants) > 1 else said)
    return language.text("compare.spans", first=written[0], second=written[1])
