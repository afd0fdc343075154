"""What every number means and where its definition comes from, in German and English."""

from __future__ import annotations

from typing import Literal

from factoryview.errors import UsageError

DEFINITIONS: dict[str, tuple[str, str]] = {
    "bottleneck": (
        "Engpass: die Station, deren Tempo die Zahl der fertigen Fälle bestimmt. Das Log wird mit jeder Station "
        "um ein Viertel schneller nachgespielt; am meisten Gewinn macht der Engpass, wenn seine Leute zu mindestens "
        "84 % der Arbeitszeit beschäftigt sind und ein zweites Verfahren ihn auch nennt.",
        "Bottleneck: the stage whose pace sets the number of completed cases. The log is replayed with each stage a "
        "quarter faster; the one that gains most is the bottleneck, if its servers are at work at least 84 % of "
        "their time and a second method names it too.",
    ),
    "gain_per_day": (
        "Gewinn am Tag: fertige Fälle je Arbeitstag mehr, wenn der Engpass so weit gehoben würde, dass der nächste "
        "bremst, im Mittel seit die Station der Engpass und gleich besetzt ist; Verluste durch Ungeduld zählen mit.",
        "Gain per day: more completed cases per working day if the bottleneck were lifted until the next constraint "
        "holds, on average since the stage is the bottleneck with the same staff; losses through impatience count.",
    ),
    "since": (
        "Seit: Beginn der ununterbrochenen Zeit, in der die Station nach dem Nachspielen des Logs der Engpass ist.",
        "Since: when the uninterrupted time began in which the stage is the bottleneck by replaying the log.",
    ),
    "provisional": (
        "Vorläufig: Der Zeitraum läuft noch; nur die verstrichene Zeit ist bekannt.",
        "Provisional: the period is still going on; only elapsed time is known.",
    ),
    "sole": (
        "Alleiniger Engpass: Der Gewinn an der nächstbesten Station ist weniger als halb so groß.",
        "Sole bottleneck: the gain at the next best stage is less than half as large.",
    ),
    "shifting": (
        "Wandernder Engpass: Eine zweite Station gewinnt mehr als halb so viel (Roser u. a. 2002: Überlappung).",
        "Shifting bottleneck: a second stage gains more than half as much (Roser et al. 2002: overlap).",
    ),
    "what_if": (
        "Was wäre, wenn: mehr fertige Fälle bei einem Viertel mehr Tempo, das Log im Übrigen unverändert.",
        "What if: more completed cases at a quarter more speed, the log otherwise unchanged.",
    ),
    "active_period": (
        "Aktive Zeit: die Station, an der alle am längsten ohne Pause arbeiten (Roser, Nakano, Tanaka 2002).",
        "Active period: the stage at which all servers have worked longest without a break (Roser et al. 2002).",
    ),
    "work_waiting": (
        "Wartende Arbeit: Ersatz für die aktive Zeit, wenn Anfangszeiten fehlen: wo am längsten ohne Pause mehr "
        "Arbeit steht, als die Leute zugleich bearbeiten.",
        "Work waiting: stands for the active period when starts are unknown: where more work than the servers can "
        "hold has stood longest without a break.",
    ),
    "utilisation": (
        "Auslastung: beschäftigte ÷ verfügbare Arbeitszeit der Leute oder Maschinen einer Station.",
        "Utilisation: busy ÷ available working time of a stage's servers.",
    ),
    "queue_growth": (
        "Wachstum der Schlange: wartende Fälle am Ende minus am Anfang des Zeitraums.",
        "Queue growth: waiting cases at the end minus at the beginning of the period.",
    ),
    "expected_wait": (
        "Erwartete Wartezeit: mittlere Schlange ÷ Abgänge, die Zeit, die der Stapel zum Abbau braucht.",
        "Expected wait: mean queue ÷ departures, the time the pile takes to clear.",
    ),
    "congestion": (
        "Stau: erwartete Wartezeit ÷ Ziel der Anlage, sonst gegen die eigene Vergangenheit; neutral, gelb, rot.",
        "Congestion: expected wait ÷ the plant's target, else against the stage's own past; neutral, amber, red.",
    ),
    "leak": (
        "Verlust: Fälle, die nach einer Station verloren gingen, nach Grund und Weg, mit Wert und Änderung gegen "
        "den gleich langen Zeitraum davor. Gruppen unter fünf werden nicht gezeigt.",
        "Leak: cases lost after a stage, by reason and channel, with their value and the change against the period "
        "of the same length before. Groups below five are not shown.",
    ),
    "handover": (
        "Übergabe: Fälle, die an eine andere Abteilung gingen und dort nie aufgenommen wurden, gemessen an der "
        "üblichen Zeit bis zur Aufnahme (Kaplan–Meier: offene Fälle zählen als offen, nicht als verloren).",
        "Hand-over: cases that went to another department and were never picked up there, against the usual time "
        "to pick-up (Kaplan–Meier: open cases count as open, not as lost).",
    ),
    "money": (
        "Geld: Gewinn am Tag mal mittlerem Wert der in dieser Zeit fertigen Fälle.",
        "Money: gain per day times the mean value of the cases completed in that time.",
    ),
}


def define(word: str, language: Literal["de", "en"]) -> str:
    """The definition of a word of the verdict. Raises UsageError listing the words there are."""
    key = word.strip().lower().replace("-", "_").replace(" ", "_")
    if key not in DEFINITIONS and key.rstrip("s") in DEFINITIONS:
        key = key.rstrip("s")
    if key not in DEFINITIONS:
        raise UsageError(f"--define {word}: no such word; there are {', '.join(sorted(DEFINITIONS))}.")
    return DEFINITIONS[key][0 if language == "de" else 1]
