"""What the command line itself says, in German and English. English helps are their own keys."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from factoryview.factory.remark import Remark

VERBS: dict[str, tuple[str, str]] = {
    "demo": ("Das Beispielwerk, fertig zum Erkunden.", "The story plant, ready to explore."),
    "play": (
        "Spielt ein Log ab oder folgt einem laufenden Werk, in einem Fenster.",
        "Replay a log, or follow a live plant, in a window.",
    ),
    "wall": (
        "Der Bildschirm an der Wand: Werke und Ansichten im Wechsel, ganzer Bildschirm, monatelang.",
        "The screen on the wall: plants and views in turn, full screen, for months.",
    ),
    "record": (
        "Folgt den Live-Quellen eines Werks in seinen Speicher, ohne Fenster, bis Strg-C.",
        "Follow the live sources of a plant into its store, without a window, until Ctrl-C.",
    ),
    "render": (
        "Zeichnet das Werk zu einem Zeitpunkt als PNG, oder einen Film davon; braucht keinen Bildschirm.",
        "Draw the plant at a moment as a PNG, or a film of it; needs no display.",
    ),
    "snapshot": (
        "Was zu einem Zeitpunkt wo steht (sonst am Ende des Logs).",
        "What stands where at a moment (by default the end of the log).",
    ),
    "kpis": (
        "Die Kennzahlen jeder Station: Zugänge, Abgänge, Verluste, Bestand, Verweildauern.",
        "The key figures of every stage: arrivals, departures, losses, work in progress, stays.",
    ),
    "explain": (
        "Das Urteil in klaren Worten: wo es sich staut, warum, was es kostet.",
        "The verdict in plain words: where it jams, why, what it costs.",
    ),
    "compare": (
        "Zwei Zeitspannen oder zwei Werke nebeneinander, oder was sich wann geändert hat: nur, was kein Zufall ist.",
        "Two spans or two plants beside each other, or what changed when: only what is no chance.",
    ),
    "forecast": (
        "Wie viele bis Monatsende, und wann die in Arbeit fertig sind: mit Chancen, an der Vergangenheit geprüft.",
        "How many by the end of the month, and when those in progress are done: with chances, tested on past days.",
    ),
    "whatif": (
        "Was wäre, wenn: Änderungen simuliert, mit Bandbreiten, und wohin der Engpass dann wandert.",
        "What would be if: changes simulated, with bands, and where the constraint goes then.",
    ),
    "report": (
        "Eine Seite für die Besprechung, eine Datei (HTML, PDF): Bilder, Urteil, Änderungen, Prognose, Kennzahlen.",
        "A page for the meeting in one file (HTML, PDF): pictures, verdict, changes, forecast, key figures.",
    ),
    "answer": (
        "Was gegen einen Alarm getan wird: gesehen, in Arbeit bis, behoben; sonst die Alarme des Zeitpunkts.",
        "What is done about an alarm: seen, worked on until, mended; else the alarms of the moment.",
    ),
    "notes": (
        "Notizen und Vereinbarungen: was daraus wurde, neue, Stand, als Markdown, CSV, Kalender und zurück.",
        "Notes and action items: what became of them, new ones, their state, as Markdown, CSV, calendar, and back.",
    ),
    "meeting": (
        "Ein Treffen: was aus dem Vereinbarten wurde, die Momente, verdeckte Notizen, Stimmen, neue Vereinbarungen.",
        "A meeting: what became of what was agreed, the moments that matter, hidden notes, votes, new action items.",
    ),
    "workshop": (
        "Ein Workshop: Gruppen ändern das Werk Runde um Runde, vergleichen, stimmen ab, vereinbaren.",
        "A workshop: groups change the plant round by round, compare, vote and agree.",
    ),
    "discover": (
        "Schreibt das Werk, das ein Log zeigt, zum Weiterbearbeiten.",
        "Write the plant that a log shows, to be edited by hand.",
    ),
    "check": (
        "Alles, was an einem Log oder Werk falsch ist; mit --screen und --distance auch, was dort niemand lesen kann.",
        "All that is wrong in a log or a plant file; with --screen and --distance also what nobody can read there.",
    ),
}
"""Verb → what it does."""

PROGRAM = (
    "Der Prozess eines Unternehmens von oben, wie eine Fabrik: wo Arbeit wartet, was es kostet, was zu ändern ist.",
    "See a company's process from above, like a factory: where work waits, what it costs, what to change.",
)

_HELPS: dict[str, str] = {
    "A file with what is to be tried (TOML).": "Eine Datei mit dem, was versucht werden soll (TOML).",
    'What is to be changed, like "Approval.people+=1"; several make one scenario.': "Was sich ändern soll, etwa "
    '"Freigabe.people+=1"; mehrere sind ein Szenario.',
    "How far ahead; 90.": "Wie weit voraus, in Tagen; 90.",
    "How many futures are drawn; 100.": "Wie viele Zukünfte gezogen werden; 100.",
    "A log, a KPI table, a plant file that names its log, a store, or demo.": "Ein Log, eine Kennzahlentabelle, eine "
    "Werksdatei mit Log, ein Speicher, oder demo.",
    "de or en.": "de oder en.",
    'A moment: "2025-06-18 14:20", "end", or a share like 0.54.': 'Ein Zeitpunkt: "2025-06-18 14:20", "end", oder ein '
    "Anteil wie 0.54.",
    "The document, checkable.": "Das Dokument, nachprüfbar.",
    "The JSON schema of the document.": "Das JSON-Schema des Dokuments.",
    "A plant file for this log.": "Eine Werksdatei zu diesem Log.",
    "Columns: case=…,stage=…,time=…,start=…,resource=…,channel=…": "Spalten: case=…,stage=…,time=…,start=…,"
    "resource=…,channel=…",
    "What the times mean: entry, completion or interval.": "Was die Zeiten bedeuten: entry (Eintritt), completion "
    "(Ende) oder interval (beides).",
    "Stages at which cases are done, separated by commas.": "Stationen, an denen Fälle fertig sind, durch Kommas "
    "getrennt.",
    'Of times without an offset, like "Europe/Berlin".': 'Für Zeiten ohne Zeitverschiebung, etwa "Europe/Berlin".',
    "What comes first in 03/04/2025: dmy, mdy or ymd.": "Was in 03/04/2025 zuerst kommt: dmy (Tag), mdy (Monat) oder "
    "ymd (Jahr).",
    "Of text that is not UTF-8, like cp1250 or iso8859-2.": "Kodierung eines Textes, der nicht UTF-8 ist, etwa cp1250.",
    "Of a workbook: its name, or 1 for the first.": "Blatt einer Arbeitsmappe: sein Name, oder 1 für das erste.",
    "Fold a log into at most so many machines, 12 if not said; 0: do not fold.": "Faltet ein Log in höchstens so viele "
    "Maschinen, 12 ohne Angabe; 0: nicht falten.",
    "WIDTHxHEIGHT in pixels (also as -1920x1080).": "BREITExHÖHE in Pixeln (auch als -1920x1080).",
    "night, day or contrast.": "night (Nacht), day (Tag) oder contrast (hoher Kontrast).",
    "Diagonal of the screen in inches, like 55.": "Diagonale des Bildschirms in Zoll, etwa 55.",
    "Metres from the screen to its viewers.": "Meter vom Bildschirm zu den Betrachtern.",
    "Full screen, fit for a wall.": "Ganzer Bildschirm, für die Wand.",
    "Instead of the plant's name.": "Anstelle des Werksnamens.",
    "Display seconds for a day of data.": "Sekunden der Wiedergabe für einen Tag der Daten.",
    "A moment or a share, 0 to 1.": "Ein Zeitpunkt oder ein Anteil, 0 bis 1.",
    "Begin anew at the end.": "Beginnt am Ende von vorn.",
    "Only crates move.": "Nur Kisten bewegen sich.",
    "A file of scenarios to be at hand (S).": "Eine Datei mit Szenarien, die zur Hand sein sollen (S).",
    "umsatzwerk or permits.": "umsatzwerk oder permits.",
    "A plant file with [[feeds]].": "Eine Werksdatei mit [[feeds]].",
    "A wall file, .toml, or demo; with --status: HOST[:PORT]…": "Eine Wanddatei, .toml, oder demo; mit --status: "
    "HOST[:PORT]…",
    "How these walls are; status 1: one is not well.": "Wie es diesen Wänden geht; Status 1: einer geht es nicht gut.",
    "Start this wall with the desktop.": "Startet diese Wand mit der Anmeldung.",
    "Undo --install.": "Nimmt --install zurück.",
    "A page on what this wall shows, cannot show, and who may change it.": "Eine Seite darüber, was diese Wand zeigt, "
    "was sie nicht zeigen kann, und wer das ändern kann.",
    "In a window instead of the full screen.": "In einem Fenster statt auf dem ganzen Bildschirm.",
    "Edges, sizes at their distances, colours and motion, instead of a wall.": "Ränder, Größen auf ihre Entfernung, "
    "Farben und Bewegung statt einer Wand.",
    "The view to begin with, by its name.": "Die erste Ansicht, bei ihrem Namen.",
    "End after so long.": "Endet nach so vielen Sekunden.",
    "A picture, .png; a film, .mp4 or .gif; or pictures, plant-%04d.png.": "Ein Bild, .png; ein Film, .mp4 oder .gif; "
    "oder Bilder, werk-%04d.png.",
    "As it is, and below it with the scenario: .png of the end, .mp4 or .gif.": "Wie es ist, und darunter mit dem "
    "Szenario: .png vom Ende, .mp4 oder .gif.",
    "The plant with the scenario, and what is different on each machine.": "Das Werk mit dem Szenario, und was an "
    "jeder Maschine anders ist.",
    "How long the film is; 60.": "Wie lang der Film ist; 60.",
    "Frames a second; 30, of a .gif 12.5.": "Bilder je Sekunde; 30, einer .gif 12,5.",
    "Captions, on each line one: moment|text.": "Untertitel, auf jeder Zeile einer: Zeitpunkt|Text.",
    "A picture for the header: .svg, .png or .jpg.": "Ein Bild für die Kopfzeile: .svg, .png oder .jpg.",
    "Only the moments that matter, with captions.": "Nur die Momente, auf die es ankommt, mit Untertiteln.",
    "A moment, a share of the log, or worst (the default).": "Ein Zeitpunkt, ein Anteil des Logs, oder worst (sonst).",
    "1 sees the whole floor.": "1 zeigt die ganze Fläche.",
    "The stage in the middle of the picture.": "Die Station in der Mitte des Bildes.",
    "hour, day, week or month.": "hour (Stunde), day (Tag), week (Woche) oder month (Monat).",
    "A file: .csv, .parquet or .json.": "Eine Datei: .csv, .parquet oder .json.",
    "Begin of a span.": "Beginn einer Zeitspanne.",
    "End of a span.": "Ende einer Zeitspanne.",
    "Both in one picture, .png, or in one film, .mp4 or .gif.": "Beide in einem Bild, .png, oder in einem Film, .mp4 "
    "oder .gif.",
    "The second span, with what is different on each machine.": "Die zweite Zeitspanne, an "
    "jeder Maschine mit dem, was anders ist.",
    "Another plant, beside the first.": "Ein anderes Werk, neben dem ersten.",
    'Two spans, like 2025-03 2025-09 or "2025-03-01..2025-03-31".': "Zwei Zeitspannen, etwa 2025-03 2025-09 oder "
    '"2025-03-01..2025-03-31".',
    "What a word or number means.": "Was ein Wort oder eine Zahl bedeutet.",
    "The stage whose alarm is answered.": "Die Station, auf deren Alarm geantwortet wird.",
    "Somebody knows of it.": "Jemand weiß davon.",
    "It is worked on until that day, 2026-07-31.": "Es ist in Arbeit bis zu diesem Tag, 2026-07-31.",
    "What was to be done is done.": "Was zu tun war, ist getan.",
    "Who works on it: a role, no name.": "Wer daran arbeitet: eine Rolle, kein Name.",
    "What is done about it.": "Was getan wird.",
    "Note something, or what is to be done.": "Etwas notieren, oder was zu tun ist.",
    "The stage to which it is pinned.": "Die Station, an der es hängt.",
    "Who does it: a role or a name.": "Wer es tut: eine Rolle oder ein Name.",
    "Until when, 2026-07-31.": "Bis wann, 2026-07-31.",
    "What is to come of it.": "Was daraus werden soll.",
    "By what it is judged: waiting, work, throughput or losses.": "Woran es gemessen wird: waiting (Warten), work "
    "(Arbeit), throughput (Durchsatz) oder losses (Verluste).",
    "A note and how far it is: open, begun, done or dropped.": "Eine Notiz und wie weit sie ist: open (offen), begun "
    "(begonnen), done (erledigt) oder dropped (verworfen).",
    "Take in the notes of a .csv or .ics.": "Übernimmt die Notizen einer .csv oder .ics.",
    "A file: .md, .csv or .ics.": "Eine Datei: .md, .csv oder .ics.",
    "Who imports the .csv: gitlab, github or jira.": "Wer die .csv importiert: gitlab, github oder jira.",
    "For writing, for grouping and for voting.": "Zum Schreiben, zum Ordnen und zum Abstimmen.",
    "The workshop file, .toml; a new one is begun with --groups.": "Die Workshop-Datei, .toml; eine neue beginnt mit "
    "--groups.",
    "Who plays, separated by commas.": "Wer spielt, durch Kommas getrennt.",
    "How many rounds; 3.": "Wie viele Runden; 3.",
    "How long a round is; 30.": "Wie lang eine Runde ist, in Tagen; 30.",
    "For writing, for each turn and for voting.": "Zum Schreiben, für jeden Zug und zum Abstimmen.",
    "No window: what was played and agreed, .md.": "Ohne Fenster: was gespielt und vereinbart wurde, .md.",
    "Where phones find the page: 0.0.0.0 is this computer in its network.": "Wo Handys die Seite finden: 0.0.0.0 ist "
    "dieser Rechner in seinem Netz.",
    "At which port; 0: any that is free.": "An welchem Port; 0: irgendein freier.",
    "The page, .html or .pdf.": "Die Seite, .html oder .pdf.",
    "The plant file, .toml.": "Die Werksdatei, .toml.",
    "Logs, KPI tables, plant files, stores, wall files.": "Logs, Kennzahlentabellen, Werksdateien, Speicher, "
    "Wanddateien.",
    "Show the version and exit.": "Zeigt die Version und endet.",
    "Into the menu of the desktop, with an icon.": "Ins Menü des Desktops, mit Symbol.",
    "Undo --install-desktop.": "Nimmt --install-desktop zurück.",
    "Install completion for the current shell.": "Richtet für diese Shell ein, dass Tab Befehle ergänzt.",
    "Show completion for the current shell, to copy it or customize the installation.": "Zeigt, was dafür "
    "eingerichtet wird.",
}

_TEXTS: dict[str, tuple[str, str]] = {
    "filming": ("Film", "film"),
    "reporting": ("Bericht", "report"),
    "filmed": ("{frames} Bilder, {begin} bis {end}", "{frames} frames, {begin} to {end}"),
    "worst": (
        "als am meisten in Arbeit war, während der schlimmste Stau neu war, falls es einen gab; anders mit --at",
        "when most was in progress while the worst jam was news, if there was one; choose another with --at",
    ),
    "where": (
        "Band {belt:g}, Haufen {pile:g}, Maschine {machine:g}, liegen geblieben {wrecks:g}",
        "belt {belt:g}, pile {pile:g}, machine {machine:g}, left lying {wrecks:g}",
    ),
    "in_progress": ("in Arbeit", "in progress"),
    "rows": ("{n} Zeilen", "{n} rows"),
    "discovered": (
        "{n} Stationen. Abspielen: factoryview play {plant}",
        "{n} stages. Play it: factoryview play {plant}",
    ),
    "usable": ("verwendbar", "usable"),
    "not_usable": ("nicht verwendbar", "cannot be used"),
    "nothing": ("nichts zu bemängeln", "nothing to complain of"),
}

_COUNTS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "error": (("Fehler", "Fehler"), ("error", "errors")),
    "warning": (("Warnung", "Warnungen"), ("warning", "warnings")),
    "ask": (("Frage", "Fragen"), ("question", "questions")),
    "illegible": (("unleserlich", "unleserlich"), ("illegible", "illegible")),
}


_OF_THE_PARSER = (
    ("^Usage:", "Aufruf:"),
    ("^Arguments:", "Argumente:"),
    ("^Options:", "Optionen:"),
    ("^Commands:", "Befehle:"),
    (r"\[required\]", "[nötig]"),
    (r"Show this message and exit\.", "Zeigt diese Hilfe und endet."),
)


def text(code: str, key: str, **values: object) -> str:
    """The text of that key in a language, its gaps filled."""
    return _TEXTS[key][code != "de"].format(**values)


def help_in(code: str, english: str) -> str:
    """A help in a language."""
    return _HELPS[english] if code == "de" else english


def help_page(code: str, english: str) -> str:
    """The parser's page of help in a language: what we say stands there already, this is what it says itself."""
    if code != "de":
        return english
    for known, german in _OF_THE_PARSER:
        english = re.sub(known, german, english, flags=re.MULTILINE)
    return english


def summary(code: str, remarks: Iterable[Remark], usable: bool) -> str:
    """`usable; 2 warnings, 1 question.`"""
    count = Counter(remark.severity for remark in remarks)
    forms = {kind: words[code != "de"] for kind, words in _COUNTS.items()}
    said = [f"{count[kind]} {forms[kind][count[kind] != 1]}" for kind in forms if count[kind]]  # type: ignore[index]
    state = text(code, "usable" if usable else "not_usable")
    return f"{state}; {', '.join(said) or text(code, 'nothing')}."
