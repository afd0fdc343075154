"""A page for the meeting: one HTML file with everything in it, that asks nobody for anything and prints well.

`contents_of` gathers what it says at the end of a span, from nothing later; `page_of` writes that down.

It is long, for it goes through the page from top to bottom.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise

import pandas as pd

from factoryview.export.frames import Frames
from factoryview.export.notes_files import parts_of
from factoryview.export.report_pictures import PictureOf, drawn, timeline_drawn
from factoryview.factory.factory import Factory
from factoryview.factory.privacy import Gate
from factoryview.flow.change.became import became_of
from factoryview.flow.change.changes import weightiest
from factoryview.flow.change.compare import Span, compare
from factoryview.flow.change.forecast import forecast
from factoryview.flow.change.records import Records, records_from
from factoryview.flow.change.sentences import (
    became_sentences,
    change_sentences,
    comparison_sentences,
    forecast_sentences,
    spans_sentence,
    stage_label,
)
from factoryview.flow.kpis import Bucket, kpis
from factoryview.flow.moment.life import AlarmState, alarms_at
from factoryview.flow.verdict.document import LeakPart
from factoryview.flow.verdict.evidence import gather
from factoryview.flow.verdict.sentences import sentences
from factoryview.flow.verdict.verdict import verdict
from factoryview.language import Language
from factoryview.plant.models import Plant, reason_label
from factoryview.resources import asset
from factoryview.scene.themes import DAY as BY_DAY
from factoryview.time import DAY, HOUR, utc
from factoryview.view.boards import LadderPart, boards_of
from factoryview.view.lookback import seen_in
from factoryview.view.playhead import usual_pace
from factoryview.view.presentation import Presentation
from factoryview.view.reel import cuts
from factoryview.view.ribbon import ribbon_of
from factoryview.view.ticks import micros

SIZE = (1280, 720)
"""Pixels of its pictures."""
MOST_PICTURES = 6
"""Beside that of the end."""
_COUNTED = re.compile(r"(?<=\d) (?=\S{1,3}(?:[\s.,;:)]|$))")
"""The space between a number and a unit."""
_LEAST_TEXT = 0.019
MOST_CHANGES = 7
_MOST_LEAKS = 8
_BUCKETS: tuple[tuple[int, Bucket], ...] = ((100 * DAY, "month"), (21 * DAY, "week"), (0, "day"))
_KPIS = ("arrivals", "departures", "losses", "wip", "stay_mean_h")

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Rung:
    """A stage of the ladder, as written. Shares are of the lead time, 0 to 1."""

    label: str
    text: str
    waiting: float
    work: float


@dataclass(frozen=True)
class Contents:
    """What a report says, in words."""

    language: str
    title: str
    span: str
    words: dict[str, str]
    """Headings by their key."""
    end: PictureOf
    ribbon: PictureOf
    """The time of the span from left to right, seen from its end."""
    verdict: tuple[str, ...]
    moments: tuple[PictureOf, ...]
    ladder: tuple[Rung, ...]
    lead_time: str
    changes: tuple[str, ...]
    compared: tuple[str, ...]
    """With the time before; empty where the log knows too little of it."""
    forecast: tuple[str, ...]
    kpi_heads: tuple[str, ...]
    kpi_rows: Rows
    leak_rows: Rows
    alarm_rows: Rows
    items: tuple[str, ...]
    """What was noted and agreed, with what became of it."""
    notes: tuple[str, ...]


def contents_of(presentation: Presentation, since: int, until: int, progress: Callable[[float], None]) -> Contents:
    """What is to be said of a span (µs UTC) as known at its end. progress: gets the share that is done, 0 to 1."""
    model, language = presentation.model, presentation.language
    factory, say = model.factory, language.text
    plant = factory.plant
    model.study(until)
    frames = Frames(presentation, SIZE, BY_DAY, smallest_text=_LEAST_TEXT)
    pace = usual_pace(model.last - model.first)
    marked = presentation.facts.marks  # of a span in which nothing stands out, its beginning is no moment to be told
    told = [cut for cut in cuts(presentation, since, until) if cut.stage or (cut.title and marked)]
    told = sorted(sorted(told, key=lambda cut: not cut.stage)[:MOST_PICTURES], key=lambda cut: cut.caption_at)
    shown = []
    for k, cut in enumerate(told):
        shown.append(PictureOf(drawn(frames, presentation, cut.caption_at, pace), cut.title, cut.detail))
        progress((k + 1) / (len(told) + 2))
    end = PictureOf(drawn(frames, presentation, until, pace), "", language.clock(until))
    found = verdict(factory.store, plant, at=utc(until))
    boards = boards_of(model, until)
    progress((len(told) + 1) / (len(told) + 2))
    bucket = next(bucket for least, bucket in _BUCKETS if until - since >= least)
    heads = tuple(say(f"report.{name}") for name in ("kpi_stage", *(f"kpi_{name}" for name in _KPIS)))
    table = kpis(factory.store, bucket=bucket, timezone=plant.timezone, gate=factory.gate)
    span = say("report.span", begin=language.date(since, "date.long"), end=language.date(until, "date.long"))
    keys = ("verdict", "moments", "ladder", "leaks", "alarms", "notes", "leak_where", "leak_why", "leak_cases",
            "leak_value", "alarm_stage", "alarm_state", "alarm_since", "alarm_who", "alarm_what", "no_alarm", "no_leak",
            "waiting", "work", "changes", "compared", "forecast", "items")  # fmt: skip
    last = _last_known(table, until, model.last)
    words = {key: say(f"report.{key}") for key in keys}
    of_bucket = f"kpis_{bucket}"
    words["kpis"] = "" if last is None else say(f"report.{of_bucket}", date=language.date(_micros(last), "date.long"))
    leaks_since, leaks_until = (language.date(round(edge.timestamp() * 1e6), "date.long") for edge in found.period)
    words["leaks"] = f"{words['leaks']} · {say('report.span', begin=leaks_since, end=leaks_until)}"
    evidence = gather(factory.store, plant, until=until / HOUR)
    records = records_from(evidence, factory.store)
    back = seen_in(model.counts, evidence, records)
    inside = [change for change in back.changes if since <= change.at]
    changed = weightiest(inside, MOST_CHANGES)
    ribbon = replace(ribbon_of(presentation.facts, model.counts, language, back, (since, until)), notes=())
    progress(1.0)
    return Contents(
        language=language.code,
        title=presentation.facts.title,
        span=span,
        words=words,
        end=end,
        ribbon=timeline_drawn(presentation, ribbon, until, pace, say("report.ribbon")),
        verdict=tuple(sentences(found, plant, language.code)),
        moments=tuple(shown),
        ladder=_rungs(boards.ladder, plant, language),
        lead_time=language.duration(boards.ladder.lead_time_hours * HOUR),
        changes=tuple(change_sentences(changed, plant, language, len(inside) - len(changed))),
        compared=_compared(records, since, until, factory.gate, language),
        forecast=tuple(forecast_sentences(forecast(records), language)),
        kpi_heads=heads,
        kpi_rows=[] if last is None else _kpi_rows(table, last, plant, language),
        leak_rows=[_leak(leak, plant, language) for leak in found.leaks[:_MOST_LEAKS]],
        alarm_rows=[
            _alarm(alarm, plant, language)
            for alarm in alarms_at(model.counts.jams, factory.answers, until, plant.timezone)
        ],
        items=tuple(_items(factory, records, until, language)),
        notes=presentation.facts.notes,
    )


def unbroken(words: str) -> str:
    """The same with each number on one line with what it counts.

    >>> unbroken("6,3 h bis 22. Mai, 95 %").split(" ")
    ['6,3\\xa0h', 'bis', '22.', 'Mai,', '95\\xa0%']
    """
    return _COUNTED.sub("\u00a0", words)


def page_of(contents: Contents) -> str:
    """The page. It loads nothing and runs nothing: styles and pictures are inside."""
    words = {key: escape(text) for key, text in contents.words.items()}
    moments = "".join(_figure(picture) for picture in contents.moments)
    parts = [
        f"<header><h1>{escape(contents.title)}</h1><p>{escape(contents.span)}</p></header>",
        _figure(contents.end),
        _figure(contents.ribbon),
        _section(words["verdict"], _list(contents.verdict)),
        _section(words["changes"], _list(contents.changes)),
        _section(words["compared"], _list(contents.compared)) if contents.compared else "",
        _section(words["forecast"], _list(contents.forecast)),
        _section(words["moments"], f'<div class="moments">{moments}</div>') if moments else "",
        _section(f"{words['ladder']} · {escape(contents.lead_time)}", _ladder(contents, words))
        if contents.ladder else "",
        _section(words["leaks"], _table([words[f"leak_{key}"] for key in ("where", "why", "cases", "value")],
                                        contents.leak_rows, numbers=(2, 3)) if contents.leak_rows
                 else f"<p>{words['no_leak']}</p>"),
        _section(words["kpis"], _table([escape(head) for head in contents.kpi_heads], contents.kpi_rows,
                                       numbers=range(1, len(contents.kpi_heads)))) if contents.kpi_rows else "",
        _section(words["alarms"], _table([words[f"alarm_{key}"] for key in ("stage", "state", "since", "who", "what")],
                                         contents.alarm_rows) if contents.alarm_rows
                 else f"<p>{words['no_alarm']}</p>"),
        _section(words["items"], _list(contents.items)) if contents.items else "",
        _section(words["notes"], "".join(f"<p>{escape(note)}</p>" for note in contents.notes))
        if contents.notes else "",
    ]  # fmt: skip
    title = f"{escape(contents.title)} · {escape(contents.span)}"
    return _PAGE.format(
        language=contents.language,
        title=title,
        style=asset("report-page.css").read_text("utf-8"),
        body="\n".join(filter(None, parts)),
    )


def _items(factory: Factory, records: Records, until: int, language: Language) -> Iterator[str]:
    """The notes pinned to a moment until then, and what had become of them."""
    for note in factory.notes.note:
        if micros(note.at, language) > until:
            continue
        label = stage_label(note.stage, factory.plant, language) if note.stage else None
        became = became_of(note, records, factory.gate)
        told = [] if became is None else became_sentences(became, factory.plant, language)
        yield " ".join([" · ".join([note.text, *parts_of(note, language, label)]) + ".", *told])


def _compared(records: Records, since: int, until: int, gate: Gate, language: Language) -> tuple[str, ...]:
    """The span beside one as long before it."""
    both = Span.of(records, 2 * since - until, since), Span.of(records, since, until)
    if not (both[0].enough and both[1].enough and both[0].days >= 0.8 * both[1].days):
        return ()
    found = compare(*both, gate)
    return spans_sentence(both, language), *comparison_sentences(found, records.plant, language)


def _last_known(table: pd.DataFrame, until: int, end: int) -> pd.Timestamp | None:
    """The last whole bucket before a moment (µs UTC); of a log too short for one that ends there, its only one.

    None where the log goes on: a bucket that is not over would tell what comes later. end: of the log.
    """
    begins = table["bucket"].drop_duplicates().sort_values().tolist()
    over = [begin for begin, after in pairwise(begins) if _micros(after) <= until]
    if not over and until >= end:
        over = begins[:1]
    return over[-1] if over else None


def _micros(moment: pd.Timestamp) -> int:
    return round(moment.timestamp() * 1e6)


def _kpi_rows(table: pd.DataFrame, bucket: pd.Timestamp, plant: Plant, language: Language) -> Rows:
    rows = []
    of_bucket = table[table["bucket"] == bucket]
    ends = set(of_bucket.loc[of_bucket["kind"] == "outcome", "stage"])
    passed = (of_bucket["kind"] == "stage") & of_bucket["stage"].isin(ends)  # a log may name an end as a step, too
    for row in of_bucket[~passed].to_dict("records"):
        numbers = [language.number(row[name]) for name in _KPIS[:4]]
        stay = row["stay_mean_h"]
        rows.append([stage_label(str(row["stage"]), plant, language), *numbers,
                     "–" if pd.isna(stay) else language.duration(float(stay) * HOUR)])  # fmt: skip
    return rows


def _rungs(ladder: LadderPart, plant: Plant, language: Language) -> tuple[Rung, ...]:
    total = ladder.lead_time_hours or 1.0
    return tuple(
        Rung(
            stage_label(rung.stage, plant, language),
            language.duration(rung.stay_hours * HOUR),
            (rung.stay_hours - (rung.work_hours or 0.0)) / total,
            (rung.work_hours or 0.0) / total,
        )
        for rung in ladder.rungs
    )


def _leak(leak: LeakPart, plant: Plant, language: Language) -> list[str]:
    why = reason_label(plant, leak.reason, language.code) if leak.reason else stage_label(leak.outcome, plant, language)
    where = stage_label(leak.stage, plant, language) if leak.stage else "–"
    share = "" if leak.share is None else f" ({language.percent(leak.share)})"
    share = f"{language.number(leak.cases)}{share}"
    return [where, why, share, "–" if leak.value is None else language.money(leak.value)]


def _alarm(alarm: AlarmState, plant: Plant, language: Language) -> list[str]:
    until = "" if alarm.until is None else language.day(alarm.until)
    state = language.text(f"alarm.{alarm.state.replace(' ', '_')}", date=until)
    since = language.date(alarm.since, "date.long")
    return [stage_label(alarm.stage, plant, language), state, since, alarm.role or "–", alarm.measure or "–"]


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{title}</h2>{inside}</section>"


def _list(sentences: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(unbroken(said))}</li>' for said in sentences)}</ul>"


def _figure(picture: PictureOf) -> str:
    data = base64.b64encode(picture.png).decode("ascii")
    title = f"<b>{escape(picture.title)}</b> " if picture.title else ""
    said = escape(f"{picture.title} {picture.detail}".strip())
    return (
        f'<figure><img src="data:image/png;base64,{data}" alt="{said}">'
        f"<figcaption>{title}{escape(picture.detail)}</figcaption></figure>"
    )


def _table(heads: Sequence[str], rows: Rows, numbers: Sequence[int] = ()) -> str:
    """heads: escaped. numbers: columns that are set flush right."""

    def cell(tag: str, column: int, inside: str) -> str:
        return f"<{tag}{' class=n' if column in numbers else ''}>{inside}</{tag}>"

    head = "".join(cell("th", k, text) for k, text in enumerate(heads))
    body = "".join(
        "<tr>" + "".join(cell("td", k, escape(text)) for k, text in enumerate(row)) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _ladder(contents: Contents, words: dict[str, str]) -> str:
    rows = "".join(
        f"<tr><td>{escape(rung.label)}</td><td class=n>{escape(rung.text)}</td><td class=bar>"
        f'<i class=waiting style="width:{100 * rung.waiting:.2f}%"></i>'
        f'<i class=work style="width:{100 * rung.work:.2f}%"></i></td></tr>'
        for rung in contents.ladder
    )
    legend = f"<p><i class=waiting></i> {words['waiting']} <i class=work></i> {words['work']}</p>"
    return f"<table>{rows}</table>{legend}"


_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""
