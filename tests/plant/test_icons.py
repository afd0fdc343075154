from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factoryview.plant.icons import FALLBACK, folded, icon_for, icons, icons_for, stems

STAGES = {
    # sales
    "Anfrage": "inbox",
    "Inquiry": "inbox",
    "Lead": "star",
    "Prospecting": "funnel",
    "Lead-Qualifizierung": "funnel",
    "Qualifizieren": "checklist",
    "Qualified To Buy": "checklist",
    "Erstgespräch": "phone",
    "First call": "phone",
    "Needs Analysis": "chart",
    "Nachfassen": "chat",
    "Angebot": "document",
    "Angebot erstellen": "document",
    "Proposal/Price Quote": "document",
    "KI-Angebot": "robot",
    "Angebotsfreigabe": "stamp",
    "Approval": "stamp",
    "Negotiation/Review": "handshake",
    "Vertragsunterzeichnung": "pen",
    "Contract Sent": "envelope",
    "Presentation Scheduled": "meeting",
    "Auftrag": "handshake",
    "Auftragsbestätigung": "handshake",
    "Closed Won": "check",
    "Closed Lost": "cross",
    # delivery and money
    "Planung": "calendar",
    "Lieferung": "truck",
    "Ship order": "truck",
    "Rechnungsstellung": "receipt",
    "Clear Invoice": "receipt",
    "Bezahlt": "euro",
    "Zahlungseingang": "euro",
    "Mahnung": "clock",
    "Create Purchase Requisition": "cart",
    "Approve Purchase Order": "stamp",
    # marketing
    "Campaign": "megaphone",
    "Messekontakt": "megaphone",
    "Newsletter versenden": "envelope",
    "Veröffentlichung": "globe",
    # a public office
    "Posteingang": "inbox",
    "Vollständigkeitsprüfung": "checklist",
    "Formale Prüfung": "magnifier",
    "Ortstermin": "camera",
    "Gutachten": "flask",
    "Stellungnahme Fachbehörde": "flask",
    "Anhörung": "meeting",
    "Nachforderung Unterlagen": "rework",
    "Bauantrag": "house",
    "Entscheidung": "scales",
    "Widerspruch": "scales",
    "Gebührenbescheid": "receipt",
    "Archivierung": "archive",
    # production
    "Arbeitsvorbereitung": "calendar",
    "Turning & Milling - Machine 4": "machining",
    "CNC-Fräsen": "machining",
    "Flat Grinding": "grinder",
    "Laser Marking": "laser",
    "Schweißen": "welding",
    "Heat treatment": "flame",
    "Lackieren": "paint",
    "Montage": "assembly",
    "Wareneingangskontrolle": "magnifier",
    "Final Inspection Q.C.": "magnifier",
    "Nacharbeit": "rework",
    "Kommissionierung": "box",
    "Packing": "box",
    "Produktion": "factory",
    "Wartung": "wrench",
    # support
    "Ticket eröffnet": "chat",
    "Customer Service": "chat",
    "Reklamation": "warning",
    "Eskalation": "warning",
    "Repair": "wrench",
    "Wait for customer": "hourglass",
    # people
    "Bewerbungseingang": "inbox",
    "Vorstellungsgespräch": "person",
    "Second Interview": "person",
    "Onboarding": "key",
    "Schulung": "graduation",
    "KYC check": "shield",
    "Legal review": "scales",
    # nothing we know
    "Zwischenschritt 7": FALLBACK,
    "": FALLBACK,
    "№ 12 — §": FALLBACK,
}


@pytest.mark.parametrize(("name", "icon"), STAGES.items())
def test_real_stage_names_find_their_icon(name: str, icon: str) -> None:
    assert icon_for(name) == icon


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Prüfung", "pruefung"),
        ("SCHWEISSEN", "schweißen"),
        ("approve_order", "Approve Order"),
        ("ProcessInvoice", "process invoice"),
        ("u\u0308bergabe", "Übergabe"),
        ("Séance d'interview", "seance interview"),
    ],
)
def test_case_umlauts_and_separators_do_not_matter(one: str, other: str) -> None:
    assert icon_for(one) == icon_for(other) != FALLBACK


def test_what_is_done_says_more_than_what_it_is_done_to() -> None:
    assert [icon_for(name) for name in ("Angebot", "Angebot freigeben", "Angebot versenden", "Angebot prüfen")] == [
        "document",
        "stamp",
        "envelope",
        "magnifier",
    ]


def test_a_short_word_is_not_found_inside_another() -> None:
    assert icon_for("Express") == FALLBACK, "no press"
    assert icon_for("Sprint") == FALLBACK, "no print"
    assert icon_for("Latest") == FALLBACK, "no test"


def test_the_table_is_large_and_says_nothing_twice() -> None:
    listed = [stem for stem, _ in stems()]
    assert len(listed) == len(set(listed)) >= 150


def test_every_stem_is_written_as_names_are_folded() -> None:
    """A stem with an umlaut, a capital or a blank could never be found."""
    for stem, _ in stems():
        assert stem.strip("_") in folded(stem)
        assert icon_for(stem) != FALLBACK or (stem, FALLBACK) in stems()


@given(st.text(max_size=40))
def test_every_name_gets_an_icon_that_exists(name: str) -> None:
    assert icon_for(name) in icons()


def test_stages_of_one_kind_are_told_apart_by_what_else_their_names_say() -> None:
    names = ["Confirmation of receipt", "Check confirmation of receipt", "Print confirmation of receipt"]
    assert [icon_for(name) for name in names] == ["inbox"] * 3
    assert len(set(icons_for(names).values())) == 3
    assert icons_for([*names, "Xyz"]) == {**icons_for(names), "Xyz": FALLBACK}, "those before it keep theirs"
    assert icons_for(["Approve offer", "Approve loan"]) == {"Approve offer": "stamp", "Approve loan": "stamp"}
