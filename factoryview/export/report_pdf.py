"""The page for the meeting as a PDF: A4, with its own face, printed as it is. Needs the extra `pdf` (fpdf2)."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

from factoryview.errors import UsageError
from factoryview.export.report import Contents, Rows, unbroken
from factoryview.export.report_pictures import PictureOf
from factoryview.language.said import said
from factoryview.scene.faces import path_for
from factoryview.time import utc

_EDGE, _WIDE = 14.0, 182.0
"""mm: margin, and what is left of A4 between the margins."""
_FOOT = 283.0
"""mm from the top where the last line of a page ends."""
_INK, _QUIET, _RED, _RULE = (28, 34, 48), (85, 102, 102), (213, 68, 47), (216, 221, 230)
_WAITING, _WORK = (139, 147, 163), (47, 127, 196)
_BODY, _LINE = 10.5, 5.0
"""Size of the text in points, height of a line in mm."""


def pdf_of(contents: Contents, made: int) -> bytes:
    """The document. made: what it is dated, µs UTC. Raises UsageError if fpdf2 is not installed."""
    try:
        from fpdf import FPDF
    except ImportError as error:
        raise UsageError(said("error.install_pdf")) from error
    pdf = FPDF(format="A4")
    pdf.set_creation_date(utc(made))
    pdf.set_title(f"{contents.title} · {contents.span}")
    pdf.set_lang(contents.language)
    pdf.set_margins(_EDGE, _EDGE, _EDGE)
    pdf.c_margin = 0.0  # text begins where rules and pictures do
    pdf.set_auto_page_break(True, 297.0 - _FOOT)
    words = " ".join(_texts(contents))
    for style, weight in (("", "Regular"), ("B", "SemiBold")):
        path = path_for(words, weight)
        own = path_for("", weight)
        pdf.add_font("text", style, path if path.lower().endswith((".ttf", ".otf")) else own)
    pdf.add_page()
    page = _Page(pdf)
    page.head(contents.title, contents.span)
    page.picture(contents.end)
    page.picture(contents.ribbon)
    say = contents.words
    for key, told in (("verdict", contents.verdict), ("changes", contents.changes), ("compared", contents.compared),
                      ("forecast", contents.forecast)):  # fmt: skip
        if told:
            page.title(say[key])
            page.bullets(told)
    if contents.moments:
        page.title(say["moments"], 60)
        page.pictures(contents.moments)
    if contents.ladder:
        page.title(f"{say['ladder']} · {contents.lead_time}", page.room_of(len(contents.ladder)))
        page.ladder(contents)
    page.title(say["leaks"], page.room_of(len(contents.leak_rows)))
    page.table([say[f"leak_{key}"] for key in ("where", "why", "cases", "value")], contents.leak_rows, (2, 3),
               say["no_leak"])  # fmt: skip
    if contents.kpi_rows:
        page.title(say["kpis"], page.room_of(len(contents.kpi_rows)))
        page.table(contents.kpi_heads, contents.kpi_rows, range(1, len(contents.kpi_heads)), "")
    page.title(say["alarms"], page.room_of(len(contents.alarm_rows)))
    page.table([say[f"alarm_{key}"] for key in ("stage", "state", "since", "who", "what")], contents.alarm_rows, (),
               say["no_alarm"])  # fmt: skip
    if contents.items:
        page.title(say["items"])
        page.bullets(contents.items)
    if contents.notes:
        page.title(say["notes"])
        page.bullets(contents.notes)
    return bytes(pdf.output())


class _Page:
    """Draws one thing below the other."""

    def __init__(self, pdf: Any) -> None:
        self._pdf = pdf

    def head(self, title: str, span: str) -> None:
        self._write(title, 22, bold=True, height=10)
        self._write(span, 12, _QUIET, height=6)
        self._rule(_RED, 1.0)

    def title(self, words: str, room: float = 14.0) -> None:
        """room: mm that have to follow on the same page."""
        if self._pdf.get_y() + 12 + room > _FOOT:
            self._pdf.add_page()
        self._pdf.ln(4)
        self._write(words, 14, bold=True, height=7)

    @staticmethod
    def room_of(rows: int) -> float:
        """mm that a heading wants below it: the whole of a table that fits on half a page, else its beginning."""
        whole = (rows + 1) * (_LINE + 1)
        return whole if whole <= (_FOOT - _EDGE) / 2 else 20.0

    def bullets(self, told: Iterable[str]) -> None:
        for words in told:
            self._pdf.set_x(_EDGE)
            self._font(_BODY)
            self._pdf.cell(4, _LINE, "•")
            self._pdf.multi_cell(_WIDE - 4, _LINE, unbroken(words), align="L", new_x="LMARGIN", new_y="NEXT")
            self._pdf.ln(0.8)

    def picture(self, picture: PictureOf) -> None:
        if picture.png:
            self._pdf.image(io.BytesIO(picture.png), x=_EDGE, w=_WIDE)
        self._caption(picture, _EDGE, _WIDE)

    def pictures(self, pictures: Sequence[PictureOf]) -> None:
        """Two in a row."""
        gap = 6.0
        wide = (_WIDE - gap) / 2
        high = wide * 9 / 16 + 3 * _LINE + 4
        for left in range(0, len(pictures), 2):
            if self._pdf.get_y() + high > _FOOT:
                self._pdf.add_page()
            top = self._pdf.get_y()
            bottom = top
            for k, picture in enumerate(pictures[left : left + 2]):
                x = _EDGE + k * (wide + gap)
                self._pdf.set_y(top)
                if picture.png:
                    self._pdf.image(io.BytesIO(picture.png), x=x, y=top, w=wide)
                self._pdf.set_y(top + wide * 9 / 16)
                self._caption(picture, x, wide)
                bottom = max(bottom, self._pdf.get_y())
            self._pdf.set_y(bottom + 2)

    def ladder(self, contents: Contents) -> None:
        self._font(_BODY)
        widest = max(float(self._pdf.get_string_width(rung.label)) for rung in contents.ladder) + 3
        wide = min(_WIDE / 2, max(46.0, widest))
        left, bar = _EDGE + wide + 24, _WIDE - wide - 24
        for rung in contents.ladder:
            if self._pdf.get_y() + _LINE + 1 > _FOOT:
                self._pdf.add_page()
            top = self._pdf.get_y()
            self._font(_BODY)
            self._pdf.set_x(_EDGE)
            self._pdf.cell(wide, _LINE + 1, self._cut(rung.label, wide))
            self._pdf.cell(22, _LINE + 1, rung.text, align="R")
            x = left
            for share, colour in ((rung.waiting, _WAITING), (rung.work, _WORK)):
                self._pdf.set_fill_color(*colour)
                self._pdf.rect(x, top + 1, max(share, 0.0) * bar, _LINE - 1, style="F")
                x += max(share, 0.0) * bar
            self._pdf.set_y(top + _LINE + 1)
        top = self._pdf.get_y() + 1
        x = left
        for name, colour in (("waiting", _WAITING), ("work", _WORK)):
            self._pdf.set_fill_color(*colour)
            self._pdf.rect(x, top + 1, 4, _LINE - 2, style="F")
            self._pdf.set_xy(x + 5, top)
            self._pdf.cell(24, _LINE, contents.words[name])
            x += 32
        self._pdf.set_y(top + _LINE)

    def table(self, heads: Sequence[str], rows: Rows, numbers: Iterable[int], without: str) -> None:
        """numbers: columns that are set flush right. without: what is said where there are no rows."""
        if not rows:
            self._write(without, _BODY)
            return
        right = set(numbers)
        widths = self._widths([heads, *rows])
        self._row(heads, widths, right, head=True)
        for row in rows:
            if self._pdf.get_y() + _LINE + 1 > _FOOT:
                self._pdf.add_page()
                self._row(heads, widths, right, head=True)
            self._row(row, widths, right)

    def _widths(self, rows: Rows) -> list[float]:
        """Of each column in mm: as wide as its widest text where that fits, else a share of the page."""
        self._font(_BODY, bold=True)
        wanted = [max(float(self._pdf.get_string_width(row[k])) for row in rows) + 4 for k in range(len(rows[0]))]
        scale = _WIDE / sum(wanted)
        return [width * scale for width in wanted]

    def _row(self, row: Sequence[str], widths: Sequence[float], right: set[int], *, head: bool = False) -> None:
        self._font(_BODY, _QUIET if head else _INK, bold=head)
        self._pdf.set_x(_EDGE)
        for k, (words, width) in enumerate(zip(row, widths, strict=True)):
            self._pdf.cell(width, _LINE + 1, self._cut(words, width - 2), align="R" if k in right else "L")
        self._pdf.ln(_LINE + 1)
        self._rule(_RULE, 0.2)

    def _cut(self, words: str, width: float) -> str:
        """The words, with an ellipsis where they are too long for so many mm."""
        if self._pdf.get_string_width(words) <= width:
            return words
        fits = bisect_right(range(1, len(words)), width, key=lambda n: self._pdf.get_string_width(words[:n] + "…"))
        return words[:fits] + "…"

    def _caption(self, picture: PictureOf, x: float, width: float) -> None:
        for words, bold in ((picture.title, True), (picture.detail, False)):
            if words:
                self._font(_BODY - 1, _INK if bold else _QUIET, bold=bold)
                self._pdf.set_x(x)
                self._pdf.multi_cell(width, _LINE, words, align="L", new_x="LMARGIN", new_y="NEXT")

    def _write(
        self, words: str, size: float, colour: tuple[int, int, int] = _INK, *, bold: bool = False, height: float = _LINE
    ) -> None:
        self._font(size, colour, bold=bold)
        self._pdf.multi_cell(_WIDE, height, words, align="L", new_x="LMARGIN", new_y="NEXT")

    def _rule(self, colour: tuple[int, int, int], thick: float) -> None:
        self._pdf.set_draw_color(*colour)
        self._pdf.set_line_width(thick)
        y = self._pdf.get_y()
        self._pdf.line(_EDGE, y, _EDGE + _WIDE, y)
        self._pdf.ln(thick + (2 if thick >= 1 else 0))

    def _font(self, size: float, colour: tuple[int, int, int] = _INK, *, bold: bool = False) -> None:
        self._pdf.set_font("text", "B" if bold else "", size)
        self._pdf.set_text_color(*colour)


def _texts(contents: Contents) -> Iterable[str]:
    """All that it says."""
    yield from (contents.title, contents.span, contents.lead_time, *contents.words.values(), *contents.kpi_heads)
    for told in (
        contents.verdict,
        contents.changes,
        contents.compared,
        contents.forecast,
        contents.items,
        contents.notes,
    ):
        yield from told
    for picture in (contents.end, contents.ribbon, *contents.moments):
        yield from (picture.title, picture.detail)
    for rung in contents.ladder:
        yield from (rung.label, rung.text)
    for rows in (contents.kpi_rows, contents.leak_rows, contents.alarm_rows):
        for row in rows:
            yield from row
