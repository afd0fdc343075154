"""What columns are called, in German, English and in the exports of known tools."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NAMES: dict[str, dict[int, str]] = {
    "case": {
        10: "case id|caseid|case key|case identifier|case concept:name|case_concept:name|trace id|traceid|vorgangsid|vorgangs id|"
        "vorgangsnummer|fall id|fallnummer|fall nr|aktenzeichen|opportunity id|deal id|process instance id|process instance",
        9: "case|case number|case nr|case no|trace|fall|ticket id|ticket number|ticket no|ticketnummer|incident id|incident number|order id|order number|order no|"
        "order nr|auftragsnummer|auftrags nr|auftragsid|auftrags id|antragsnummer|antrags id|antrags nr|antragsid|bestellnummer|bestell nr|application id|"
        "application number|request id|request number|claim id|claim number|lead id|record id|patient id|anfrage id|anfragenummer|anfrage nr|"
        "angebotsnummer|angebots id|opportunity|issue key|issue id|sr number|service request id|instance id|job id|lot id|"
        "batch id|loan id|invoice id|invoice number|purchase order|purchase order id|shipment id|enquiry id|inquiry id|permit id|"
        "schadennummer|prozess id|prozessinstanz|rechnungsnummer|projektnummer|project id|dossier|dossier id|work order|work order id|po number|parcel id|"
        "customer journey id|journey id|session id|deal",
        6: "auftrag|antrag|anfrage|ticket|order|application|request|claim|lead|incident|issue|bestellung|akte|angebot|kennung|key|id|vorgang|"
        "nummer|number|nr|sendungsnummer",
        4: "entity id|object id|objekt id|reference|referenz|parent id|what id",
    },
    "stage": {
        10: "activity|concept:name|activity name|aktivitat|event name|task name|deal stage|stage name|stage|arbeitsschritt|prozessschritt|"
        "bearbeitungsschritt|activity label|activity description",
        9: "task|step|step name|tatigkeit|schritt|phase|stufe|station|to stage|new stage|stage to|new status|to status|arbeitsgang|"
        "prozessphase|vertriebsphase|verkaufsphase|pipeline stage|process step|operation|event|ereignis|aufgabe|neuer status|nach status|to state|statuswechsel nach|milestone",
        8: "action|status|state|zustand|aktion|event type|eventtype|ereignistyp|new value|bearbeitungsstatus|meilenstein|stage id|deal stage id|neuer wert|work center|arbeitsplatz|machine|maschine|abschnitt",
        5: "vorgang|transition to|location|ort|bereich|queue",
        3: "description|beschreibung|name|type|typ|value|label|message|bezeichnung|code",
    },
    "time": {
        10: "time:timestamp|timestamp|complete timestamp|completion timestamp|end timestamp|zeitstempel|event time|event timestamp|completed at|endzeitpunkt|endzeit",
        9: "end time|endtime|completion time|complete time|completed|time|zeitpunkt|datetime|date time|datum uhrzeit|datum zeit|end|ende|end date|enddatum|finish time|"
        "finished|finished at|ended at|abgeschlossen am|erledigt am|beendet am|fertig am|occurred at|event date|"
        "changed at|changed on|change date|created at|entered at|entered|eingetreten am|geandert am|complete|stop time|completion date|log time|bis|"
        "date entered|entered on|entered stage|stage entered at|entry date|eintrittsdatum|fertigstellung|abschluss|zeit|seit|since",
        8: "date|datum|created date|created on|created|createdate|recorded at|logged at|moved at|updated|statusdatum|eventtime|ts|fertig|transition time|when|am|erfasst am|aktivitatsdatum|closed at|resolved at",
        6: "angelegt am|erstellt am|start|start time|start date|started at|begin|beginn|from|von",
    },
    "start": {
        10: "start timestamp|start time|starttime|started at|startzeitpunkt|startzeit|begin time|begin timestamp|beginnzeit",
        9: "start|begin|beginn|anfang|start date|startdatum|begonnen am|gestartet am|started|begin date|beginndatum|valid from|gultig ab|gultig von|arbeitsbeginn|bearbeitungsbeginn|start datetime",
        7: "from|von|ab|entered|entered at|eingetreten am",
    },
    "resource": {
        10: "resource|org:resource|ressource|bearbeiter|sachbearbeiter|mitarbeiter|sachbearbeiterin|bearbeitet von|resource name",
        9: "user|employee|agent|sales agent|owner|assignee|worker|performer|operator|originator|benutzer|nutzer|zustandig|verantwortlich|"
        "responsible|deal owner|vertriebsmitarbeiter|assigned to|username|user name|user id|owner id|handler|person|staff|changed by|created by|bearbeitername|handled by|completed by|ausgefuhrt von|geandert von|clerk|rep|sales rep|opportunity owner|besitzer|eigentumer|worker id|operator id|employee id|resource id|personalnummer",
        5: "org:role|role|rolle|mitarbeiter id|created by id|actor|akteur",
        4: "org:group|group|team|gruppe|department|abteilung",
    },
    "value": {
        10: "amount|value|betrag|wert|deal value|deal amount|close value|order value|auftragswert|angebotswert|dealwert|opportunity amount|order amount|auftragssumme",
        9: "net amount|total|total amount|sum|summe|price|preis|umsatz|revenue|volumen|nettobetrag|gesamtbetrag|total price|contract value|vertragswert|auftragsvolumen|bestellwert|rechnungsbetrag|netto|brutto|amount req|requested amount|loan amount|kreditsumme|claim amount|schadenhohe|sales price|estimated value",
        6: "cost|costs|kosten|fee|gebuhr|mrr|arr",
    },
    "channel": {
        10: "channel|kanal|lead source|eingangskanal|source channel|vertriebskanal|lead quelle|leadquelle|case channel|marketing channel|sales channel|eingangsweg|contact channel",
        8: "source|quelle|herkunft|origin|original source|case origin|utm source|medium|traffic source|lead origin|acquisition channel|submission channel|kontaktkanal",
    },
    "reason": {
        10: "reason|grund|loss reason|lost reason|closed lost reason|verlustgrund|ablehnungsgrund|absagegrund|stornogrund|reason lost|abbruchgrund|rejection reason|cancellation reason|close reason|reason for loss|grund fur verlust",
        7: "cause|ursache|status reason|resolution reason",
    },
    "weight": {10: "weight|gewicht|gewichtung|case weight|number of cases|anzahl falle|case count|cases", 6: "frequency|haufigkeit"},
    "lifecycle": {
        10: "lifecycle:transition|lifecycle|lifecycle transition|transition|event lifecycle",
        6: "event type|eventtype|type|status|ubergang|ereignistyp|ereignisart|art",
    },
    "instance": {10: "concept:instance|activity instance|activity instance id|instance|task id|aktivitatsinstanz|task instance id"},
    "from": {10: "from stage|old stage|stage from|old status|from status|from state|old value|von status|alter status|previous stage|previous status|alter wert|vorheriger status"},
}  # fmt: skip
_TAILS: dict[str, dict[str, int]] = {
    "case": {"id": 4, "nummer": 4, "number": 3, "nr": 3, "no": 3, "key": 3},
    "stage": {"activity": 6, "stage": 6, "status": 5, "state": 4, "phase": 6, "step": 5, "schritt": 5, "task": 4},
    "time": {"timestamp": 6, "date": 4, "time": 5, "datum": 4, "zeit": 4, "at": 4, "zeitpunkt": 5, "am": 3, "on": 2, "uhrzeit": 2},
    "start": {"start": 5, "begin": 5, "beginn": 5},
    "resource": {"user": 5, "agent": 5, "owner": 5, "resource": 6, "bearbeiter": 6, "mitarbeiter": 5, "by": 3},
    "value": {"amount": 5, "value": 4, "betrag": 5, "wert": 5, "price": 4, "preis": 4, "summe": 4, "volume": 3},
    "channel": {"channel": 5, "kanal": 5, "source": 3, "quelle": 3},
    "reason": {"reason": 5, "grund": 5},
}  # fmt: skip


def fold(text: str) -> str:
    """Lower case words without accents, camelCase split, umlauts and their two-letter forms alike.

    >>> fold("Deal_stageName"), fold("Tätigkeit") == fold("Taetigkeit")
    ('deal stage name', True)
    """
    text = re.sub(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ])", " ", text)
    text = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    text = "".join(char for char in text if not unicodedata.combining(char)).lower()
    text = re.sub(r"([aou])e(?=[a-z])", r"\1", text)
    return " ".join(re.sub(r"[^\w:€$£]+|_", " ", text).split())


def _folded(names: set[str]) -> frozenset[str]:
    return frozenset(map(fold, names))


_PREFIXES = _folded({"case", "event", "deal", "property", "properties", "vorgangs", "fall"})
_CURRENCY = _folded(
    {"eur", "usd", "chf", "gbp", "euro", "euros", "dollar", "dollars", "€", "$", "£", "in", "inr", "aud", "cad"}
)
_PLANS = _folded({
    "planned", "plan", "due", "estimated", "expected", "synced", "modified", "deadline", "target", "forecast", "scheduled", "geplant",
    "geplante", "geplanter", "geplantes", "fallig", "falligkeit", "frist", "soll", "erwartet", "erwartete", "erwartetes", "modstamp",
    "aktualisiert", "viewed", "referenced", "birth", "geburtsdatum", "prognose", "zieldatum", "falligkeitsdatum",
})  # fmt: skip
_NOT_IDENTIFIERS = _folded(
    {
        "variant",
        "instance",
        "sequence",
        "variante",
        "index",
        "position",
        "sequenz",
        "reihenfolge",
        "line",
        "row",
        "zeile",
    }
)
_OTHERS = _folded({
    "account", "customer", "kunde", "kunden", "kundennummer", "owner", "campaign", "product", "produkt", "user", "contact", "company", "pipeline",
    "portal", "type", "employee", "mitarbeiter", "resource", "event", "artikel", "vendor", "lieferant", "parent", "record type", "pricebook",
    "territory", "quote", "merged", "activity", "task", "stage", "status",
})  # fmt: skip
_ENTRY_STAGES = _folded(
    {
        "stage",
        "status",
        "state",
        "phase",
        "stufe",
        "zustand",
        "value",
        "wert",
        "station",
        "queue",
        "milestone",
        "meilenstein",
    }
)
_ENTRY_TIMES = _folded({"entered", "entry", "since", "changed", "change", "moved", "eingetreten", "eintrittsdatum", "geandert", "seit", "start", "begin", "beginn", "started", "begonnen", "gestartet", "from", "von", "starttime", "startzeit"})  # fmt: skip
_COMPLETION_TIMES = _folded({"complete", "completed", "completion", "end", "ended", "finish", "finished", "ende", "erledigt", "abgeschlossen", "beendet", "fertig", "endzeit", "endzeitpunkt", "endtime", "stop", "done", "abschluss", "fertigstellung"})  # fmt: skip
_VALIDITY = re.compile(
    r"(valid|gultig|effective|fivetran|active|aktiv|gilt) (from|to|until|start|end|ab|von|bis|date|since|seit|time).*|date entered|date exited|entered|exited|entered at|exited at|left at|verlassen am|eingetreten am"
)
_OWN_STAGE_SINCE = re.compile(r"(last stage change|stage change(d)?|status (since|seit|geandert|change(d)?)|entered current stage|letzte(r)? (status|phasen)\w*|statusdatum)")  # fmt: skip

_CLOSINGS = _folded({
    "close", "closed", "closing", "closedate", "won", "lost", "end", "completed", "resolved", "abschluss", "abgeschlossen", "geschlossen",
    "erledigt", "gewonnen", "verloren", "ende", "enddatum", "abschlussdatum",
})  # fmt: skip
ENDING_WORDS = _folded({
    "won", "lost", "closed", "gewonnen", "verloren", "abgeschlossen", "geschlossen", "done", "completed", "cancelled", "canceled",
    "rejected", "abgelehnt", "storniert", "erledigt", "resolved", "delivered", "paid", "bezahlt", "withdrawn", "zuruckgezogen", "disqualified",
})  # fmt: skip


@lru_cache
def _exact(role: str) -> dict[str, int]:
    return {fold(name): score for score, names in _NAMES[role].items() for name in names.split("|")}


def of_case(name: str) -> bool:
    """Whether a column holds an attribute of the whole case (`case:…`), so never one of an event."""
    return name.strip().lower().startswith("case:")


def plain(name: str) -> list[str]:
    """The ways a header is looked up: as it is, without its prefix, without a currency."""
    folded = fold(name.strip().removeprefix("case:") if of_case(name) else name)
    words = folded.split()
    ways = [folded]
    while len(words) > 1 and words[-1] in _CURRENCY:
        words = words[:-1]
        ways.append(" ".join(words))
    while len(words) > 1 and words[0] in _PREFIXES:
        words = words[1:]
        ways.append(" ".join(words))
    return ways


def score(name: str, role: str) -> float:
    """How much a header sounds like a role: 10 a known name, 3 a mere ending, below 0 a trap."""
    if of_case(name) and role not in ("case", "value", "channel", "reason", "weight"):
        return -9.0
    if of_case(name) and role == "case":
        return 10.0 if fold(name) in ("case:concept:name", "case: concept:name") else -9.0
    ways = plain(name)
    exact = _exact(role)
    best: float = max((exact.get(way, 0) for way in ways), default=0)
    words = ways[0].replace(":", " ").split()
    if not best and words:
        best = _TAILS.get(role, {}).get(words[-1], 0)
        for known, points in exact.items():
            begins = role != "case" and ways[0].startswith(known + " ")
            if points >= 9 and (begins or ways[0].endswith(" " + known)):
                best = max(best, 6)
    if role == "case" and best < 9 and _OTHERS & set(words):
        best = min(best, 4) - 8
    if role in ("time", "start") and is_plan(name):
        best -= 8
    if role in ("case", "stage") and _NOT_IDENTIFIERS & set(words):
        best -= 8
    return best


def is_plan(name: str) -> bool:
    """Whether a date is a plan, a deadline or a trace of the software, not something that happened."""
    return bool(_PLANS & set(fold(name).replace(":", " ").split()))


def sounds_like_entry(stage: str, time: str) -> bool:
    """Whether headers speak of being in a stage rather than of having finished an activity."""
    return bool(_ENTRY_STAGES & set(fold(stage).split()) or _ENTRY_TIMES & set(fold(time).split()))


def sounds_like_completion(time: str) -> bool:
    """Whether a header of times says that something was finished."""
    return bool(_COMPLETION_TIMES & set(fold(time).split()))


def is_validity(start: str, end: str) -> bool:
    """Whether two headers give the span in which a row was true (a history), not a piece of work."""
    return bool(_VALIDITY.fullmatch(fold(start)) and _VALIDITY.fullmatch(fold(end)))


def is_history(names: list[str]) -> bool:
    """Whether headers have such a span: every row is then a stay of its own, not a whole case."""
    return sum(bool(_VALIDITY.fullmatch(fold(name))) for name in names) >= 2


def sounds_like_closing(name: str) -> bool:
    """Whether the header of a date says that the case was closed then."""
    return bool(_CLOSINGS & set(fold(name).split()))


def is_own_stage_since(name: str) -> bool:
    """Whether a date says since when the present stage holds."""
    return bool(_OWN_STAGE_SINCE.search(fold(name)))


def sounds_like_end(status: str) -> bool:
    """Whether a status says that a case is over."""
    return bool(ENDING_WORDS & set(fold(status).split()))
