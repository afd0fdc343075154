"""Sixty questions that people ask of a flow of work, in words of our own: how the desk answers most of them in at most
three actions, and why it does not answer the others. The kinds of questions are those that analysts were found to ask
(doi 10.1007/s12599-025-00971-1). `python -m tests.kit.questions` writes the pages in `docs/`.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2] / "docs"
PAGES = {"en": ROOT / "questions.md", "de": ROOT / "de" / "fragen.md"}


class Asked(NamedTuple):
    """A question that is answered: on which of the small plants, by which actions, and which node says the answer."""

    en: str
    de: str
    plant: str
    steps: tuple[str, ...]
    node: str


class Open(NamedTuple):
    """A question that is not answered, and why."""

    en: str
    de: str
    why: str
    warum: str


_A, _O, _OFF = "click stage/Approval/hall", "click stage/Offer/hall", "hover stage/Approval/hall"
_HISTORY, _WHY, _ROUTES, _CASES, _ALL = (
    "click panel/page/history", "click panel/page/why", "click panel/page/routes", "click panel/page/cases",
    "click panel/span/all",
)  # fmt: skip
ANSWERED = (
    Asked(
        "How many cases wait at a step now?",
        "Wie viele Fälle warten jetzt vor einem Schritt?",
        "piled",
        (),
        "stage/Approval/count",
    ),
    Asked("Where is the worst jam?", "Wo ist der schlimmste Stau?", "piled", (), "banner/0"),
    Asked("What would help most against it?", "Was hilft am meisten dagegen?", "piled", (), "banner/0"),
    Asked("Since when does the jam last?", "Seit wann dauert der Stau?", "piled", ("press a",), "tray/0"),
    Asked("What else is wrong at the moment?", "Was stimmt sonst gerade nicht?", "piled", ("press a",), "tray"),
    Asked(
        "How long does a case take from end to end?",
        "Wie lange dauert ein Fall insgesamt?",
        "piled",
        (),
        "ladder/rungs",
    ),
    Asked("How much of the lead time is work?", "Wie viel der Durchlaufzeit ist Arbeit?", "piled", (), "ladder/rungs"),
    Asked(
        "How long has the oldest case been waiting here?",
        "Wie lange wartet hier der älteste Fall?",
        "piled",
        (_OFF,),
        "card/oldest",
    ),
    Asked("How long may a case wait here?", "Wie lange darf ein Fall hier warten?", "piled", (_OFF,), "card/target"),
    Asked(
        "When is, or was, the target missed?",
        "Wann wird oder wurde das Ziel verfehlt?",
        "piled",
        (_OFF,),
        "card/breach",
    ),
    Asked(
        "How long does the work itself take here?",
        "Wie lange dauert hier die Arbeit selbst?",
        "piled",
        (_OFF,),
        "card/work",
    ),
    Asked(
        "How long do cases wait here as a rule?",
        "Wie lange warten Fälle hier gewöhnlich?",
        "piled",
        (_OFF,),
        "card/waiting",
    ),
    Asked(
        "At what rate must a case be done to keep up?",
        "In welchem Takt muss gearbeitet werden?",
        "piled",
        (_OFF,),
        "card/takt",
    ),
    Asked("How many people are at work here?", "Wie viele Menschen arbeiten hier?", "piled", (_OFF,), "card/busy"),
    Asked(
        "How much leaves here without coming back?",
        "Wie viel geht hier weiter und kommt nicht zurück?",
        "reworked",
        (_OFF,),
        "card/accurate",
    ),
    Asked(
        "How many cases are in progress here?",
        "Wie viele Fälle sind hier in Arbeit?",
        "piled",
        (_A,),
        "panel/box/in_progress",
    ),
    Asked(
        "On how many does nobody work any more?",
        "An wie vielen arbeitet niemand mehr?",
        "piled",
        (_A,),
        "panel/box/wrecks",
    ),
    Asked(
        "How long did cases stay that left this month?",
        "Wie lange blieben die Fälle, die diesen Monat gingen?",
        "reworked",
        (_O,),
        "panel/waiting",
    ),
    Asked(
        "How were the stays spread over the whole log?",
        "Wie verteilten sich die Aufenthalte im ganzen Log?",
        "reworked",
        (_O, _ALL),
        "panel/waiting",
    ),
    Asked("How old is what stands here now?", "Wie alt ist, was jetzt hier steht?", "piled", (_A,), "panel/ageing"),
    Asked("How did the queue grow?", "Wie ist die Schlange gewachsen?", "piled", (_A, _HISTORY), "panel/queue"),
    Asked("Do more come than go?", "Kommen mehr, als gehen?", "piled", (_A, _HISTORY), "panel/cumulative"),
    Asked(
        "How many a day come and go?", "Wie viele kommen und gehen am Tag?", "piled", (_A, _HISTORY), "panel/passing"
    ),
    Asked(
        "Is today's output unusual, or only noise?",
        "Ist die heutige Leistung ungewöhnlich oder nur Rauschen?",
        "reworked",
        (_O, _HISTORY),
        "panel/behaviour",
    ),
    Asked(
        "How was that over the whole log?",
        "Wie war das über das ganze Log?",
        "reworked",
        (_O, _HISTORY, _ALL),
        "panel/behaviour",
    ),
    Asked(
        "What do those have in common that take longest?",
        "Was haben die gemeinsam, die am längsten brauchen?",
        "piled",
        (_A, _WHY),
        "panel/slower/head",
    ),
    Asked(
        "On which days and hours does the work come?",
        "An welchen Tagen und Stunden kommt die Arbeit?",
        "reworked",
        (_O, _WHY),
        "panel/rhythm",
    ),
    Asked(
        "Which channels did those come by that wait here?",
        "Über welche Kanäle kamen die, die hier warten?",
        "piled",
        (_A, _ROUTES),
        "panel/by/0",
    ),
    Asked(
        "From which step did they come?", "Aus welchem Schritt kamen sie?", "reworked", (_O, _ROUTES), "panel/from/0"
    ),
    Asked("Where do cases go from here?", "Wohin gehen die Fälle von hier?", "reworked", (_A, _ROUTES), "panel/to/0"),
    Asked(
        "How many are sent back from here?",
        "Wie viele werden von hier zurückgeschickt?",
        "reworked",
        (_A, _ROUTES, _ALL),
        "panel/to/1",
    ),
    Asked(
        "How many have come to this end?",
        "Wie viele sind an diesem Ende angekommen?",
        "piled",
        ("hover stage/Paid/hall",),
        "card/ended",
    ),
    Asked("How many end here a day?", "Wie viele enden hier am Tag?", "piled", ("hover stage/Paid/hall",), "card/rate"),
    Asked("Which share ends well?", "Welcher Anteil endet gut?", "piled", ("hover stage/Paid/hall",), "card/share"),
    Asked(
        "Which ways do most cases take?",
        "Welche Wege nehmen die meisten Fälle?",
        "reworked",
        ("press r",),
        "panel/route/0",
    ),
    Asked(
        "How long do the cases of a way take?",
        "Wie lange brauchen die Fälle eines Weges?",
        "reworked",
        ("press r",),
        "panel/route/1",
    ),
    Asked(
        "What does the plant look like for that way alone?",
        "Wie sieht das Werk für diesen Weg allein aus?",
        "reworked",
        ("press r", "click panel/route/0"),
        "filters/count",
    ),
    Asked(
        "Which cases come here more than once?",
        "Welche Fälle kommen mehr als einmal hierher?",
        "reworked",
        (_O, _CASES, "click panel/only/repeated"),
        "filters/count",
    ),
    Asked(
        "Which cases skip this step?",
        "Welche Fälle lassen diesen Schritt aus?",
        "reworked",
        (_O, _CASES, "click panel/only/not_through"),
        "filters/count",
    ),
    Asked(
        "Which cases have got no further than this?",
        "Welche Fälle sind bis hierher gekommen und nicht weiter?",
        "reworked",
        (_O, _CASES, "click panel/only/last"),
        "filters/count",
    ),
    Asked(
        "Which cases went straight from one step to another?",
        "Welche Fälle gingen direkt von einem Schritt zum anderen?",
        "reworked",
        ("click belt/Approval/Offer/0", _CASES, "click panel/only/followed"),
        "filters/count",
    ),
    Asked(
        "How does the plant look for one channel?",
        "Wie sieht das Werk für einen Kanal aus?",
        "reworked",
        ("press /", "type only channel web", "press return"),
        "filters/count",
    ),
    Asked(
        "How many took longer than a week?",
        "Wie viele brauchten länger als eine Woche?",
        "piled",
        ("press /", "type longer than 7", "press return"),
        "filters/count",
    ),
    Asked(
        "Who was in progress at this moment?",
        "Wer war in diesem Moment in Arbeit?",
        "piled",
        ("press /", "type only in progress", "press return"),
        "filters/count",
    ),
    Asked(
        "Are cases overtaken on this way?",
        "Werden Fälle auf diesem Weg überholt?",
        "piled",
        ("click belt/Offer/Approval/0",),
        "panel/spectrum",
    ),
    Asked(
        "How many lie on this belt, and for how long?",
        "Wie viele liegen auf diesem Band, und wie lange?",
        "piled",
        ("click belt/Offer/Approval/0",),
        "panel/box/oldest",
    ),
    Asked("Where do the oldest cases stand?", "Wo stehen die ältesten Fälle?", "piled", ("press c",), "lens/name"),
    Asked(
        "Which cases are near their deadline?",
        "Welche Fälle sind nah an ihrer Frist?",
        "piled",
        ("press c", "press c"),
        "lens/4",
    ),
    Asked(
        "How was it at another time?",
        "Wie war es zu einer anderen Zeit?",
        "reworked",
        ("click timeline/track",),
        "stage/Approval/count",
    ),
    Asked(
        "Where do I find a step by its name?",
        "Wo finde ich einen Schritt mit diesem Namen?",
        "reworked",
        ("press /", "type to delivery", "press return"),
        "panel/title",
    ),
    Asked(
        "What would one more person change?",
        "Was änderte eine Person mehr?",
        "piled",
        (_A, "press b", "click panel/try/person"),
        "panel/verdict/0",
    ),
)
OPEN = (
    Open(
        "Who is the fastest employee?",
        "Wer arbeitet am schnellsten?",
        "nothing is ever shown of one person at work",
        "über eine einzelne Person bei der Arbeit wird nie etwas gezeigt",
    ),
    Open(
        "Who hands work over to whom?",
        "Wer übergibt an wen?",
        "the same: people are told apart by no number",
        "ebenso: keine Zahl unterscheidet Personen",
    ),
    Open(
        "Which rules of the handbook are broken?",
        "Welche Regeln des Handbuchs werden verletzt?",
        "there is no model of what should be to compare with",
        "es gibt kein Sollmodell zum Vergleichen",
    ),
    Open(
        "How well does the log fit a process model?",
        "Wie gut passt das Log zu einem Prozessmodell?",
        "the same; other tools do conformance checking well",
        "ebenso; dafür gibt es andere gute Werkzeuge",
    ),
    Open(
        "Which decision rule explains the next step?",
        "Welche Entscheidungsregel erklärt den nächsten Schritt?",
        "traits are compared one by one, not as rules",
        "Merkmale werden einzeln verglichen, nicht als Regeln",
    ),
    Open(
        "What will this one case do next?",
        "Was tut dieser eine Fall als Nächstes?",
        "forecasts are of the plant, not of single cases",
        "Vorhersagen gelten dem Werk, nicht einzelnen Fällen",
    ),
    Open(
        "How do two periods differ, side by side?",
        "Wie unterscheiden sich zwei Zeiträume nebeneinander?",
        "that is what `compare` is for; the desk shows one moment",
        "dafür ist `compare` da; der Tisch zeigt einen Moment",
    ),
    Open(
        "Which parts of a parallel split are late?",
        "Welcher Teil einer Verzweigung ist zu spät?",
        "a case is at one place at a time",
        "ein Fall ist immer nur an einem Ort",
    ),
    Open(
        "Which objects (order, invoice, parcel) hold each other up?",
        "Welche Objekte (Auftrag, Rechnung, Paket) halten einander auf?",
        "a log has one kind of case",
        "ein Log hat eine Art von Fällen",
    ),
)
_DOI = "doi 10.1007/s12599-025-00971-1"
_WORDS = {
    "en": (
        "Sixty questions",
        "What people ask of a flow of work, and how the desk answers it: no question takes more than three actions. "
        "Each answer is tried by a test. The kinds of questions follow a catalogue of what analysts ask "
        f"({_DOI}); the words are ours.",
        "Question",
        "Actions",
        "look",
        "Not answered at the desk",
        "Why",
    ),
    "de": (
        "Sechzig Fragen",
        "Was man einen Fluss von Arbeit fragt, und wie der Tisch antwortet: keine Frage braucht mehr als drei "
        "Handgriffe. Jede Antwort wird von einem Test versucht. Die Arten der Fragen folgen einem Katalog von Fragen, "
        f"die Analysten stellen ({_DOI}); die Worte sind unsere.",
        "Frage",
        "Handgriffe",
        "hinsehen",
        "Am Tisch nicht beantwortet",
        "Warum",
    ),
}


def page(language: str) -> str:
    """The page in one language."""
    title, lead, question, actions, look, unanswered, why = _WORDS[language]
    lines = [f"# {title}", "", lead, "", f"| | {question} | {actions} |", "|---|---|---|"]
    for k, each in enumerate(ANSWERED, start=1):
        done = " → ".join(f"`{step}`" for step in each.steps) or look
        lines.append(f"| {k} | {each.en if language == 'en' else each.de} | {done} |")
    lines += ["", f"## {unanswered}", "", f"| | {question} | {why} |", "|---|---|---|"]
    for k, other in enumerate(OPEN, start=len(ANSWERED) + 1):
        said = (other.en, other.why) if language == "en" else (other.de, other.warum)
        lines.append(f"| {k} | {said[0]} | {said[1]} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for code, path in PAGES.items():
        path.write_text(page(code), encoding="utf-8")
