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
    "batching": (
        "Stapelbildung: Warten, bis der letzte Fall desselben Stapels da ist (Lashkevich u. a. 2023).",
        "Batching: waiting until the last case of the same batch is there (Lashkevich et al. 2023).",
    ),
    "contention": (
        "Beschäftigt: Warten, während dieselbe Person oder Maschine früher Gekommenes bearbeitet.",
        "Contention: waiting while the same person or machine works on what had come earlier.",
    ),
    "prioritisation": (
        "Vorrang: Warten, während dieselbe Person oder Maschine später Gekommenes bearbeitet.",
        "Prioritisation: waiting while the same person or machine works on what had come later.",
    ),
    "unavailability": (
        "Nicht da: Warten außerhalb der Arbeitszeit, wie sie der Kalender oder die Tätigkeit zeigt.",
        "Unavailability: waiting outside working time, as the calendar or the activity shows it.",
    ),
    "rest": (
        "Rest: Warten, das keine der Ursachen erklärt; bei einer reinen Verzögerung alles.",
        "Rest: waiting that none of the causes explains; all of it at a pure delay.",
    ),
    "efficiency": (
        "Effizienz der Durchlaufzeit: Bearbeitung ÷ (Bearbeitung + Warten), jetzt und ohne die jeweilige Ursache.",
        "Cycle-time efficiency: processing ÷ (processing + waiting), now and without each cause.",
    ),
    "forecast": (
        "Aussicht: Alter der offenen Fälle gegen die Perzentile der Station, in Arbeitszeit; offene zählen als offen "
        "(Kaplan–Meier). Abgearbeitet ist der Stapel nach offenen Fällen ÷ Abgängen der letzten 14 Tage.",
        "Forecast: age of the open cases against the stage's percentiles, in working time; open ones count as open "
        "(Kaplan–Meier). The pile is done after open cases ÷ departures of the last 14 days.",
    ),
    "on_time": (
        "Rechtzeitig: Anteil der offenen Fälle, die das Ziel der Station voraussichtlich einhalten, nach dem, wie "
        "lange gleich alte noch blieben.",
        "On time: share of the open cases expected to leave within the stage's target, by how long others of the "
        "same age still stayed.",
    ),
    "customer": (
        "Kundensicht: Durchlaufzeit vom ersten Ereignis bis zum Ausgang und der Anteil, den der Fall bei uns wartet.",
        "Customer: time from the first event to the outcome, and the share of it spent waiting for us.",
    ),
    "employee": (
        "Mitarbeitersicht: offene und erledigte Fälle je Kopf und freie Stellen einer Abteilung, nie einer Person; "
        "Abteilungen unter fünf Köpfen sind zusammengefasst.",
        "Employee: open and finished cases per head and vacancies of a department, never of a person; departments "
        "below five heads are merged.",
    ),
    "partner": (
        "Partnersicht: was ein Weg bringt, was daraus wird und wie lange es dauert; unter fünf zusammengefasst.",
        "Partner: what a channel brings, what becomes of it and how long it takes; below five merged.",
    ),
    "cost_per_case": (
        "Kosten je Fall: Arbeitszeit an jeder besuchten Station mal Stundenkosten der Leute und Maschinen dort.",
        "Cost per case: working time at every stage visited times the hourly cost of its people and robots.",
    ),
    "not_worth": (
        "Lohnt nicht: Fälle, deren Kosten ihren Wert übersteigen.",
        "Not worth it: cases that cost more than their value.",
    ),
    "forgotten": (
        "Vergessen: offene Fälle, die mehr als dreimal so lange stehen wie 99 % aller Aufenthalte, während später "
        "Gekommenes längst weiter ist.",
        "Forgotten: open cases that have stood for more than three times as long as 99 % of all stays while what "
        "came later has long moved on.",
    ),
    "unbalanced": (
        "Aus dem Gleichgewicht: Stationen, an denen Littles Gesetz L = λW um mehr als 2 % verfehlt wird; Mittelwerte "
        "sind dort mit Vorsicht zu lesen.",
        "Unbalanced: stages where Little's law L = λW fails by more than 2 %; read averages there with care.",
    ),
    "ribbon": (
        "Band: der Engpass entlang der ganzen Zeit; jeder Wechsel ist auf den Tag gelegt, an dem sich die Gewinne "
        "der beiden Stationen ändern.",
        "Ribbon: the bottleneck along the whole time; each change is put on the day on which the gains of the two "
        "stages change.",
    ),
    "money": (
        "Geld: Gewinn am Tag mal mittlerem Wert der in dieser Zeit fertigen Fälle.",
        "Money: gain per day times the mean value of the cases completed in that time.",
    ),
}


def define(word: str, language: Literal["de", "en"]) -> str:
    """The definition of a word of the verdict. Raises UsageError listing the words there are."""
    key = word.strip().lower().replace("-", "_").replace(" ", "_")
    key = next((known for known in DEFINITIONS if known.replace("_", "") == key.replace("_", "")), key)
    if key not in DEFINITIONS and key.rstrip("s") in DEFINITIONS:
        key = key.rstrip("s")
    if key not in DEFINITIONS:
        raise UsageError(f"--define {word}: no such word; there are {', '.join(sorted(DEFINITIONS))}.")
    return DEFINITIONS[key][0 if language == "de" else 1]
