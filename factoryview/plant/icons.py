"""Which icon a stage wears, read from its name in German or English."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import cycle

FALLBACK = "gear"
"""The icon of a stage whose name says nothing to us."""
OF_ANY_KIND = (FALLBACK, "boiler", "piston", "rotor")
"""Icons of such stages where several stand on one floor, so that they can be told apart."""

_DEEDS = {
    "archive": "archiv ablag ablegen _filing aufbewahr zu_den_akten",
    "assembly": "montage montier assembl zusammenbau endmontage einbau einsetz integrat",
    "box": "verpack _packing _pack_ packag kommission einlager auslager _picking _pick_ _lager warehous _stock",
    "bulb": "ideenfind brainstorm konzept concept_ entwurfsplan innovat",
    "calendar": (
        "terminier terminvereinbar termin_vereinbar disposition disponier schedul arbeitsvorbereit _plan_ "
        "planen planung planning einplan vormerk reserv buchung_termin appointment"
    ),
    "camera": "fotograf dokumentier_vor_ort aufmass survey_site besichtig site_visit ortstermin",
    "chart": (
        "analys auswert reporting controlling evaluat kalkul calculat estimat forecast bewert monitor "
        "needs_analys pricing"
    ),
    "chat": (
        "support customer_service kundenservice service_desk kundendienst anfrage_beantwort rueckfrag clarif "
        "klaer_ klaeren klaerung beratung beraten consult helpdesk _ticket _reply beantwort nachfrag follow_up "
        "nachfass discovery"
    ),
    "check": (
        "abschliess abschluss erledig complet_ completed _done _closed_ _close_ bestaetig confirm _won_ "
        "gewonnen closed_won acknowledg _resolve"
    ),
    "checklist": (
        "qualifi qualify vollstaendigkeit completeness vorpruef checklist triage screening vorauswahl prescreen "
        "plausib _test testing abnahme accept_test validat verif eligib"
    ),
    "clock": "frist wiedervorlage deadline remind mahnung mahnen zeiterfass",
    "cross": (
        "ablehn reject absag storn cancel _lost_ verlor closed_lost widerruf kuendig terminat declin refus "
        "abbruch zurueckgewies"
    ),
    "database": "erfass datenaufnahme stammdaten _data_ capture_ einpfleg master_data migrat datenbank",
    "envelope": (
        "versand verschick versend absend _send _sent_ _mail email _brief_ anschreiben postausgang "
        "benachrichtig notif inform mitteil newsletter nurtur"
    ),
    "euro": (
        "zahlungseingang credit_collect debt_collect bezahl zahlung payment _pay_ _paid ueberweis inkasso cash "
        "auszahl gebuehr _fee_ fees kassier refund erstatt payroll lohnabrechn gehaltsabrechn finanzier funding"
    ),
    "flag": (
        "zielerreich go_live golive launch markteinfuehr fertigmeld deploy inbetriebnahme commission_ "
        "handover_to_client"
    ),
    "flame": (
        "haerten haertung nitrier nitrat heat_treat waermebehand schmelz giess casting gluehen anlassen _ofen_ "
        "furnace schmied forging"
    ),
    "flask": (
        "gutacht gutachten stellungnahme expert_opin laborpruef _labor_ _laboratory _lab_ versuch probenahm "
        "sampling prototyp experiment fachstell experten"
    ),
    "funnel": "filter sichtung sichten _sort_ sortier vorsortier lead_qualif prospect",
    "globe": "veroeffentlich publish publizier bekanntmach international zoll_ verzoll customs webshop _online",
    "graduation": (
        "schulung schulen _train_ training weiterbild fortbild unterricht ausbild educat _learn lehrgang einarbeit"
    ),
    "grinder": "schleif grind lapping laeppen poliere polish honen entgrat deburr rundschl flachschl saeg _saw",
    "handshake": (
        "auftragsbestaetig auftragserteil beauftrag vertragsabschluss verhandl negotiat order_confirm "
        "auftragseingang onboard_partner vereinbar abschluss_vertrag uebergab uebergeb handover hand_over deal_"
    ),
    "hourglass": ("wartet warten _wait queue_ _pending on_hold zurueckgestell ruht ruhend backlog liegezeit wait_for"),
    "inbox": (
        "posteingang eingang entgegennahme eingegang receiv _receipt_of intake of_receipt goods_receipt annahme "
        "admission aufnahme_ antragseingang empfang anmeld registr"
    ),
    "key": (
        "onboarding zugang_einricht zugaeng_ schluesseluebergab einzug_ account_setup provision_ einricht "
        "berechtig access_grant freischalt activat"
    ),
    "laser": "laser gravier engrav beschrift _marking",
    "lock": "datenschutz sicherheitspruef security_ sperr_ sperren _block_",
    "machining": (
        "dreherei _drehen fraes _mill turning bohren bohrung drill zerspan zuschnitt cutting machining _cnc "
        "wire_cut drahterod erodier stanzen stanzung _punch _press_ _pressen_ umform blechbearb tapping gewind"
    ),
    "magnifier": (
        "pruef inspec inspekt kontroll _check review begutacht untersuch investig recherch research determin "
        "_suche_ search qualitaetssich audit_ _audit ermittl diagnos _qc_ _q_c_ quality_control eingangspruef "
        "revision"
    ),
    "meeting": (
        "besprech meeting sitzung gremium ausschuss committee anhoer_ anhoerung hearing workshop jour_fixe "
        "kick_off kickoff praesentat presentation demo_ _demo abstimm beteilig demonstr"
    ),
    "megaphone": (
        "marketing werbung werbe campaign kampagne anzeige_ anzeigen _ads_ advert promot pressemitteil "
        "pressearbeit ausschreib stellenanzeig messe_ awareness"
    ),
    "paint": "lackier paint beschicht coating galvan plating oberflaeche surface_treat verzink eloxier faerb",
    "pen": (
        "entwurf draft schreib formulier konstru _design signing unterschr unterzeichn signature _sign_ _edit_ "
        "redaktion korrektur ausfuell fill_in vertragsentwurf copywrit"
    ),
    "person": (
        "bewerb_interview vorstellungsgespr interview personalgespr einstell_ einstellung _hire_ hiring recruit "
        "jobgespr assessment"
    ),
    "phone": (
        "anruf telefon _call_ calls telesales phone erstkontakt erstgespr first_contact first_call "
        "kontaktaufnahm hotline rueckruf contacting outreach kaltakquis"
    ),
    "printer": "druck _print vervielfaelt",
    "receipt": (
        "fakturi rechnungsstell rechnungsleg invoic billing abrechn gutschrift bescheiderstell "
        "gebuehrenbescheid fee_notice _bill_"
    ),
    "rework": (
        "nacharbeit nachbesser rework korrigier wiederhol ueberarbeit retour rueckgab ruecklaeuf _return "
        "nachforder change_version zurueckgeb revise resubmit_"
    ),
    "robot": "automat robot _ki_ _ai_ _bot_ chatbot dunkelverarbeit algorithm machine_learning",
    "scales": (
        "legal_review legal_check rechtspruef entscheid decision decid rechtsbehelf widerspruch einspruch "
        "appeal urteil judg juristisch rechtlich legal beschlussvor abwaeg _recht_ adjudic beschluss_"
    ),
    "scan": "scan digitalisier _ocr_ einlesen barcode",
    "shield": (
        "complian versicher insur datenschutzpruef _kyc_check kyc_pruef risik _risk geldwaesch _kyc_ _aml_ "
        "bonitaet kreditpruef credit_check sicherheit safety brandschutz umweltpruef qualitaetsmanag "
        "gewaehrleist warranty"
    ),
    "split": "verteil zuweis zuordn assign dispatch_case routing allocat weiterleit forward weichenstell aufteil",
    "stamp": (
        "freigab freigeb genehmig approv zustimm bewillig erteil_ erteilung authori beglaubig zertifi certif "
        "sign_off zulass licens permit_issu release_"
    ),
    "star": "_mql_ _sql_ _lead_ leads vip_ priorisi priorit bewertung_lead scoring empfehl referr",
    "truck": (
        "liefer deliver transport versand_ware shipping shipment _ship_ spedit logisti auslief verlad abhol "
        "pick_up freight fracht zustell"
    ),
    "warning": (
        "reklam beschwer complain schaden claim stoerung incident eskal escalat mangel_ maengel beanstand "
        "notfall emergency alarm fehlermeld"
    ),
    "welding": "schweiss welding _weld loeten solder fuegen verbinden_blech",
    "wrench": (
        "reparat repair wartung mainten instandh instandsetz service_ _service ruesten ruestung _setup setup_ "
        "justier kalibr calibr behebung _fix_ umbau"
    ),
}
"""Icon → stems that say what is done. `_` is the edge of a word; other stems are found inside compounds too."""

_THINGS = {
    "box": "artikel produkt_ product_ material inventar inventory",
    "bulb": "_idee ideen _idea need_ beduerf bedarf",
    "calendar": "termin_ _termine kalender calendar",
    "cart": "bestell beschaff einkauf purchas procure _order_entry warenkorb checkout bedarfsanford requisition",
    "chart": "budget statistik kennzahl price preis",
    "chat": "gespraech kundenanfrage feedback dialog conversation request_for_info",
    "document": (
        "angebot offer proposal quot antrag antraeg application_ dokument document vertrag contract unterlag "
        "bescheid kostenvoranschlag formular _form_ akte_ _file_ certificate_ zeugnis bericht report"
    ),
    "envelope": "_post_ letter_ schreiben_",
    "euro": "kredit credit_ loan_ darlehen geld_ money_ kosten cost_ rabatt discount lohn_ gehalt_ salary",
    "factory": "produktion production fertigung manufactur herstell _werk_ factory _plant_",
    "flag": "projekt project meilenstein milestone _end_ _ende_ finish",
    "gear": "getriebe maschine machine_ technik prozess",
    "globe": "website _web_ internet domain_",
    "handshake": ("auftrag order_ orders_ partner kunde_ customer_ engag abschluesse sponsor verkauf vertrieb sales_"),
    "heart": (
        "kundenzufried satisf loyal kundenbindung retention after_sales aftersales betreu pflege health "
        "gesundheit patient treatment behandl therap medic"
    ),
    "house": "bauantrag baugenehm bauvor building_ baustell grundstueck immobil real_estate wohnung denkmal bauamt",
    "inbox": "anfrage inquir enquir request_ requests_ nachfrage _to_do_ offene_ _rfq_ _rfp_",
    "key": "schluessel user_ account_ benutzer zugang zugriff konto_",
    "meeting": "webinar seminar veranstalt event_ team_ buergerbeteil _board_ vorstand amtsleitung",
    "megaphone": "_ad_ messekontakt social_media",
    "person": (
        "mitarbeit kandidat candidat bewerb applicant personal_ employee _hr_ staff_ person_ buerger citizen job_"
    ),
    "receipt": "rechnung beleg_ belege quittung",
    "scales": "gericht court_ _klage gesetz penalty bussgeld strafzettel _fine_ _fines_",
    "star": "interessent opportunit verkaufschance",
    "target": "ziel_ ziele_ target goal_ closing",
    "truck": "ware_ waren lkw_ paket_",
    "warning": "fehler error_ defect defekt bug_ problem",
}
"""Icon → stems of what it is done to; they count only where no deed is named."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@lru_cache(maxsize=4096)
def icon_for(name: str) -> str:
    """The kind of work that suits a stage of this name; `scene/art/motifs.py` has a machine for each.

    What is done says more than what it is done to: "Angebot freigeben" is an approval, "Angebot" a document.
    Among stems of one kind the longest is the most specific and wins; of two equally long ones the later, since
    compounds carry their sense at the end. Case, umlauts (ü or ue), ß and separators do not matter.

    >>> icon_for("Angebotsfreigabe"), icon_for("Send invoice"), icon_for("Xyz 12")
    ('stamp', 'receipt', 'gear')
    """
    return next(iter(_read(name)), FALLBACK)


def _read(name: str) -> list[str]:
    """All icons that a name may bring, best first."""
    words = folded(name)
    for stems in (_STEMS_OF_DEEDS, _STEMS_OF_THINGS):
        found = sorted(((len(stem), words.rfind(stem), icon) for stem, icon in stems if stem in words), reverse=True)
        if found:
            return list(dict.fromkeys(icon for _, _, icon in found))
    return []


def icons_for(names: Iterable[str]) -> dict[str, str]:
    """Name → icon for all stages of a floor, so that they can be told apart: of those that a name brings the one that
    the fewest before it wear; those whose names say nothing to us wear different ones in turn.

    >>> icons_for(["Abc", "Check invoice", "Xyz 12", "Send invoice"])
    {'Abc': 'gear', 'Check invoice': 'receipt', 'Xyz 12': 'boiler', 'Send invoice': 'envelope'}
    """
    turn, found, worn = cycle(OF_ANY_KIND), dict[str, str](), Counter[str]()
    for name in names:
        icon = min(_read(name), key=worn.__getitem__, default="")
        worn[icon] += 1
        found[name] = icon or next(turn)
    return found


def icons() -> frozenset[str]:
    """Every icon that a name may bring."""
    return frozenset({*OF_ANY_KIND, *_DEEDS, *_THINGS})


def stems() -> tuple[tuple[str, str], ...]:
    """Every stem with its icon; `_` is the edge of a word."""
    return _STEMS_OF_DEEDS + _STEMS_OF_THINGS


def folded(name: str) -> str:
    """The name as stems see it; a capital inside a word begins a new one.

    >>> folded("TÜV-Prüfung (2.)")
    '_tuev_pruefung_2_'
    """
    spaced = re.sub(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])", " ", unicodedata.normalize("NFC", name))
    plain = unicodedata.normalize("NFKD", spaced.casefold().translate(_UMLAUTS))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "_".join(("", *re.findall(r"[^\W_]+", bare), ""))


def _pairs(table: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((stem, icon) for icon, stems in table.items() for stem in stems.split())


_STEMS_OF_DEEDS = _pairs(_DEEDS)
_STEMS_OF_THINGS = _pairs(_THINGS)
