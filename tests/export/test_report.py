"""The page for the meeting: its numbers are those of the log, nothing comes from elsewhere, nothing is run."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import timedelta
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from factoryview.errors import UsageError
from factoryview.export.report import MOST_CHANGES, Contents, contents_of, page_of, unbroken
from factoryview.export.report_pdf import pdf_of
from factoryview.export.report_pictures import PictureOf
from factoryview.flow.change.changes import Change, Effect, weightiest
from factoryview.flow.change.records import records_from
from factoryview.flow.change.sentences import change_sentences
from factoryview.flow.verdict.evidence import gather
from factoryview.language import Language
from factoryview.plant.models import Plant
from factoryview.plant.notes import Note, Notes
from factoryview.time import DAY, HOUR
from factoryview.view.lookback import seen_in
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.kit.browser import browser, chromium
from tests.kit.command import factoryview, write_log
from tests.kit.halved import BEGIN, DUE, halved
from tests.kit.small_plants import jammed, presentation_of

PROGRAM = chromium()


class Rows(HTMLParser):
    """The cells of all tables, row by row, and every tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        self._open = tag in ("td", "th")
        if self._open:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self._open:
            self.rows[-1][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._open = False


@pytest.fixture(scope="module")
def contents() -> Contents:
    presentation = presentation_of(jammed())
    shares: list[float] = []
    found = contents_of(presentation, presentation.model.first, presentation.model.last, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    return found


def test_what_was_agreed_stands_in_it_with_what_became_of_it(tmp_path: Path) -> None:
    factory, _ = halved(tmp_path, 150)
    item = Note(id="a", at=BEGIN, stage="Check", text="Half <b>", who="sales", due=DUE, said=BEGIN)
    later = item.model_copy(update={"id": "b", "text": "of later", "at": BEGIN + timedelta(days=120)})
    factory.notes = Notes(note=(item, later))
    presentation = Presentation(Model(factory), Language("en", "UTC"))
    model = presentation.model
    found = contents_of(presentation, model.first, model.first + 110 * DAY, lambda _share: None)
    [told] = found.items
    assert told.startswith("Half <b> · Check, 6 January 2025 · sales · due 31 March 2025 · open. Check: ")
    page = page_of(found)
    assert "Half &lt;b&gt;" in page
    assert "What was agreed" in page
    assert "of later" not in page


def test_the_key_figures_are_counted_from_the_log(tmp_path: Path) -> None:
    """The last whole week, in plain Python from the rows of the file."""
    log, page = write_log(tmp_path / "log.csv", cases=260), tmp_path / "report.html"
    said = factoryview("report", log, "-o", page, "--to", "2025-02-10", "--lang", "en")
    assert said.status == 0, said.err
    rows = Rows(page.read_text("utf-8")).rows
    events = [line.split(",") for line in log.read_text("utf-8").splitlines()[1:]]
    of_case: dict[str, list[tuple[str, str]]] = {}
    for case, stage, at, _ in events:
        of_case.setdefault(case, []).append((at, stage))
    inside = ("2025-02-03T00:00:00Z", "2025-02-10T00:00:00Z")  # the last whole week
    checked = 0
    for stage in ("Enquiry", "Offer", "Decision"):
        came = went = there = 0
        for steps in of_case.values():
            steps.sort()
            for (at, name), after in zip(steps, [*steps[1:], ("9999", "")], strict=True):
                if name == stage:
                    came += inside[0] <= at < inside[1]
                    went += inside[0] <= after[0] < inside[1]
                    there += at < inside[1] <= after[0]
        row = next(row for row in rows if row[0] == stage and len(row) == 6)
        assert [int(cell.replace(",", "")) for cell in (row[1], row[2], row[4])] == [came, went, there], stage
        checked += came
    assert checked > 50


def test_an_end_that_the_log_names_as_a_step_has_one_row(contents: Contents) -> None:
    names = [row[0] for row in contents.kpi_rows]
    assert len(names) > 3
    assert len(set(names)) == len(names)


def test_its_timeline_knows_nothing_of_later(tmp_path: Path) -> None:
    """What is drawn of a span is the same whether the log goes on after it or was cut there."""
    (tmp_path / "cut").mkdir()
    factory, cut = halved(tmp_path, 150), halved(tmp_path / "cut", 110)
    until = BEGIN + timedelta(days=109)
    end = round(until.timestamp() * 1e6)
    drawn = []
    for found, _ in (factory, cut):
        model = Model(found)
        evidence = gather(found.store, found.plant, until=end / HOUR)
        back = seen_in(model.counts, evidence, records_from(evidence, found.store))
        drawn.append((back.changes, [(span.stage, span.since, span.until) for span in back.spans]))
    assert drawn[0][0]
    assert drawn[0] == drawn[1]


def test_only_the_weightiest_changes_are_told_and_the_rest_counted() -> None:
    def change(day: int, more: float) -> Change:
        effect = Effect(10.0, 10.0 + more, more - 1, more + 1)
        return Change("A", day, day, day, "work", {"waiting": effect, "throughput": Effect(5, 5, -1, 1)}, None, True)

    found = [change(day, 10.0 if day % 2 else 2.0) for day in range(12)]
    kept = weightiest(found, 6)
    assert [each.at for each in kept] == [1, 3, 5, 7, 9, 11]
    said = change_sentences(kept, Plant(name="x"), Language("en"), len(found) - len(kept))
    assert "And 6 lesser ones." in said
    assert MOST_CHANGES == 7


def test_a_day_that_is_not_over_tells_no_key_figures(tmp_path: Path) -> None:
    log, page = write_log(tmp_path / "log.csv", cases=260), tmp_path / "report.html"
    for span, shown in ((("2025-01-20T06:00", "2025-01-20T18:00"), True), (("2025-01-01", "2025-01-01T18:00"), False)):
        said = factoryview("report", log, "-o", page, "--from", span[0], "--to", span[1], "--lang", "en")
        assert said.status == 0, said.err
        assert ("Key figures of" in page.read_text("utf-8")) is shown, span


def test_what_it_says_stands_on_the_page(contents: Contents) -> None:
    page = page_of(contents)
    text = re.sub(r"<[^>]+>", "", page)
    for words in (contents.title, contents.span, contents.lead_time, *(rung.label for rung in contents.ladder)):
        assert words in text, words
    for said in (*contents.verdict, *contents.changes, *contents.compared, *contents.forecast):
        assert escape(unbroken(said)) in page
    assert contents.changes
    assert contents.forecast
    assert contents.moments
    assert page.count("<img ") == 2 + len(contents.moments)
    assert sum(rung.waiting + rung.work for rung in contents.ladder) == pytest.approx(1.0)


def test_nothing_comes_from_elsewhere_and_nothing_is_run(contents: Contents) -> None:
    tags = Rows(page_of(contents)).tags
    assert len(tags) > 40
    for tag, attrs in tags:
        assert tag not in ("script", "iframe", "object", "form", "a")
        for name in ("src", "href"):
            assert (attrs.get(name) or "data:").startswith("data:"), attrs
        assert not [name for name in attrs if name.startswith("on")]


def test_names_of_a_log_are_text_and_no_markup(contents: Contents) -> None:
    evil = '<img src=x onerror="alert(1)">&{}'
    page = page_of(
        replace(
            contents, title=evil, span=evil, end=PictureOf(b"", evil, evil), verdict=(evil,), moments=(),
            ribbon=PictureOf(b"", evil, evil),
            changes=(evil,), compared=(evil,),
            forecast=(evil,), kpi_rows=[[evil] * 6], leak_rows=[[evil] * 4], alarm_rows=[[evil] * 5], notes=(evil,),
            words=dict.fromkeys(contents.words, evil),
        )
    )  # fmt: skip
    tags = Rows(page).tags
    assert [attrs["src"] for tag, attrs in tags if tag == "img"] == ["data:image/png;base64,"] * 2


@pytest.mark.parametrize(
    ("wrong", "why"),
    [(("-o", "r.doc"), ".pdf"), (("-o", "r.html", "--from", "2025-02-02", "--to", "2025-02-01"), "between")],
)
def test_what_cannot_be_is_said(wrong: tuple[str, ...], why: str, tmp_path: Path) -> None:
    said = factoryview("report", write_log(tmp_path / "log.csv"), "-o", tmp_path / wrong[1], *wrong[2:])
    assert said.status == UsageError.exit_status
    assert why in said.err
    assert not list(tmp_path.glob("r.*"))


def test_a_number_is_not_parted_from_its_unit() -> None:
    said = "kürzer (6,3 h bis 2,1 d; 95 %), 12 cases since 22 November, 3."
    assert unbroken(said) == "kürzer (6,3\u00a0h bis 2,1\u00a0d; 95\u00a0%), 12 cases since 22 November, 3."


def test_it_is_a_pdf_with_the_same_pictures(contents: Contents) -> None:
    pytest.importorskip("fpdf", reason="fpdf2 missing: pip install 'factoryview[pdf]'")
    document = pdf_of(contents, 0)
    assert document.startswith(b"%PDF-")
    assert document.rstrip().endswith(b"%%EOF")
    assert document.count(b"/Subtype /Image") >= 2 + len(contents.moments)
    assert 2 <= len(re.findall(rb"/Type /Page\b", document)) <= 8
    assert pdf_of(contents, 0) == document


def test_a_pdf_of_very_much_and_of_next_to_nothing(contents: Contents) -> None:
    pytest.importorskip("fpdf", reason="fpdf2 missing: pip install 'factoryview[pdf]'")
    long = "Überprüfungsgesamtzuständigkeit " * 30
    much = replace(contents, verdict=(long,) * 9, kpi_rows=[[long, *("1",) * 5]] * 90)
    none = replace(contents, moments=(), ladder=(), kpi_rows=[], leak_rows=[], alarm_rows=[], notes=(), compared=())
    pages = [len(re.findall(rb"/Type /Page\b", pdf_of(each, 0))) for each in (much, none)]
    assert pages[0] > 4
    assert pages[1] <= 2


def test_without_its_package_a_pdf_is_refused_in_one_sentence(
    contents: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(UsageError, match=r"factoryview\[pdf\]"):
        pdf_of(contents, 0)


def test_the_time_before_is_beside_it_where_the_log_knows_enough_of_it(tmp_path: Path) -> None:
    for since, beside in (("2025-09-01", True), ("2025-01-10", False)):
        page = tmp_path / "report.html"
        said = factoryview("report", "demo", "-o", page, "--from", since, "--to", "2025-10-01", "--lang", "en")
        assert said.status == 0, said.err
        assert ("Beside the time before" in page.read_text("utf-8")) is beside


@pytest.mark.parts
@pytest.mark.skipif(PROGRAM is None, reason="chromium missing: apt-get install chromium")
def test_a_browser_opens_it_without_asking_for_anything(contents: Contents, tmp_path: Path) -> None:
    assert PROGRAM is not None
    path = tmp_path / "report.html"
    path.write_text(page_of(contents), encoding="utf-8")
    with browser(tmp_path, PROGRAM) as page:
        page.open_phone(1000, 1400, "en")
        page.do("Page.navigate", url=path.as_uri())
        page.until("document.images.length && [...document.images].every((image) => image.naturalWidth > 0)")
        assert page.value("document.documentElement.scrollWidth") == 1000, "nothing hangs out at the side"
        outside = [url for url in page.requests if not url.startswith("data:")]
        assert outside == [path.as_uri()]
        assert page.complaints == []
