"""One log written as different programs and offices would write it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from hypothesis import strategies as st

Row = tuple[str, str, datetime]
"""Case, stage, moment of entering it."""

HEADERS = {
    "en": ("Ticket", "Status", "Changed at", "Amount", "Remark"),
    "de": ("Vorgangsnummer", "Status", "Geändert am", "Betrag", "Bemerkung"),
    "fr": ("N° dossier", "Étape", "Date de modification", "Montant", "Remarque"),
    "es": ("Número de pedido", "Estado", "Fecha de cambio", "Importe", "Observación"),
    "it": ("Numero pratica", "Stato", "Data modifica", "Importo", "Nota"),
    "nl": ("Zaaknummer", "Status", "Gewijzigd op", "Bedrag", "Opmerking"),
}
STAGES = {
    "en": ("New", "In review", "Approved", "Paid"),
    "de": ("Eingang", "Prüfung", "Freigabe", "Bezahlt"),
    "fr": ("Reçu", "À vérifier", "Validé", "Payé"),
    "es": ("Recibido", "Revisión", "Aprobado", "Pagado"),
    "it": ("Ricevuto", "Verifica", "Approvato", "Pagato"),
    "nl": ("Ontvangen", "Beoordeling", "Akkoord", "Betaald"),
}
DATES: dict[str, Callable[[datetime], str]] = {
    "iso": lambda at: at.strftime("%Y-%m-%d %H:%M:%S"),
    "iso T": lambda at: at.strftime("%Y-%m-%dT%H:%M:%S"),
    "iso Z": lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "iso ms": lambda at: at.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
    "dots": lambda at: at.strftime("%d.%m.%Y %H:%M"),
    "dots, short year": lambda at: at.strftime("%d.%m.%y %H:%M"),
    "day first": lambda at: at.strftime("%d/%m/%Y %H:%M"),
    "month first": lambda at: at.strftime("%m/%d/%Y %I:%M %p"),
    "words": lambda at: f"{at.day} {at:%b} {at.year} {at:%H:%M}",
    "words, month first": lambda at: f"{at:%B} {at.day}, {at.year}, {at:%H:%M}",
    "compact": lambda at: at.strftime("%Y%m%d%H%M%S"),
    "slashes": lambda at: at.strftime("%Y/%m/%d %H:%M"),
    "seconds": lambda at: str(int(at.replace(tzinfo=UTC).timestamp())),
    "milliseconds": lambda at: str(int(at.replace(tzinfo=UTC).timestamp()) * 1000),
    "excel": lambda at: f"{(at - datetime(1899, 12, 30)).total_seconds() / 86_400:.8f}",
}
AMOUNTS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "plain": str,
    "euro": lambda n: f"{n},50 €",
    "dollar": lambda n: f"${n}.50",
    "franken": lambda n: f"{n}.50 CHF",
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")


@dataclass(frozen=True)
class Dialect:
    """How a log is written."""

    language: str = "en"
    encoding: str = "utf-8"
    delimiter: str = ","
    quoting: int = csv.QUOTE_MINIMAL
    dates: str = "iso"
    order: str = "time"
    """`time`, `newest` first, or by `case`."""
    duplicates: int = 0
    """So many rows come twice."""
    blanks: bool = False
    """Around names, and lines of nothing."""
    short: bool = False
    """Rows end with their last cell that is filled."""
    amounts: str = "none"
    line_end: str = "\n"

    def rows(self, seed: int, cases: int = 24) -> list[Row]:
        """A seeded log in the stages of the language: rework, cases that are open, no two moments of a case alike."""
        rng, stages = Random(seed), STAGES[self.language]
        rows = []
        for case in range(cases):
            minute = case * 420 + rng.randrange(300)
            path = [*stages[:3], *((stages[1], stages[2]) if rng.random() < 0.2 else ()), stages[3]]
            for stage in path[: len(path) - (rng.random() < 0.2)]:
                at = datetime.fromtimestamp(1_740_000_000 // 60 * 60 + minute * 60, UTC).replace(tzinfo=None)
                rows.append((f"A-{1000 + case}", stage, at))
                minute += rng.randrange(30, 4_000)
        return rows

    def written(self, rows: list[Row], seed: int = 0) -> bytes:
        """The file."""
        rng = Random(seed)
        if self.order != "case":
            rows = sorted(rows, key=lambda row: row[2], reverse=self.order == "newest")
        twice = rng.sample(range(len(rows)), min(self.duplicates, len(rows)))
        rows = [row for place, row in enumerate(rows) for _ in range(1 + (place in twice))]
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.delimiter, quoting=self.quoting, lineterminator=self.line_end)  # type: ignore[arg-type]
        case, stage, changed, amount, note = HEADERS[self.language]
        writer.writerow((case, stage, changed, amount, note))
        for number, (one, where, at) in enumerate(rows):
            pad = " " * (self.blanks and rng.random() < 0.3)
            remark = "ok" if self.short and number % 5 == 0 else ""
            price = AMOUNTS[self.amounts](100 + int(one[2:]))
            cells = [pad + one, where + pad, DATES[self.dates](at), price, remark]
            while self.short and not cells[-1]:
                cells.pop()
            writer.writerow(cells)
            if self.blanks and rng.random() < 0.05:
                out.write(self.line_end)
        return out.getvalue().encode(self.encoding)


dialects = st.builds(
    Dialect,
    language=st.sampled_from(sorted(HEADERS)),
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    dates=st.sampled_from(sorted(DATES)),
    order=st.sampled_from(("time", "newest", "case")),
    duplicates=st.sampled_from((0, 0, 3)),
    blanks=st.booleans(),
    short=st.booleans(),
    amounts=st.sampled_from(sorted(AMOUNTS)),
    line_end=st.sampled_from(("\n", "\r\n")),
)
