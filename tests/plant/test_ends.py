"""Where cases end, and whether that is good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factoryview.plant.ends import find_ends
from factoryview.plant.outcome_words import kind_of
from tests.kit.profiles import Event, count, traces

KINDS = {
    "won": ["Won", "CLOSED WON", "closedwon", "ClosedWon", "Rechnung bezahlt", "paid", "Auftrag gewonnen", "Genehmigt"],
    "lost": [
        "Lost",
        "Closed-Lost",
        "closedlost",
        "Verloren",
        "Application rejected",
        "Antrag abgelehnt",
        "Withdrawn by applicant",
        "Antrag zurückgezogen",
        "zuru\u0308ckgezogen",
        "Cancelled",
        "canceled",
        "A_CANCELLED",
        "Storniert",
        "Declined",
        "Auftrag verloren",
    ],
    "neutral": [
        "Closed",
        "Resolved",
        "Released",
        "not paid",
        "Nicht bezahlt",
        "unpaid",
        "Won't fix",
        "Won / Lost",
        "Wonder",
        "Blossom",
        "Payment reminder",
        "",
        "T15 Print document",
        "not yet rejected",
    ],
}


@pytest.mark.parametrize(("label", "kind"), [(label, kind) for kind, labels in KINDS.items() for label in labels])
def test_only_a_label_that_says_so_is_won_or_lost(label: str, kind: str) -> None:
    assert kind_of(label) == kind


WON = """Gagné Payée Approuvé Ganado Pagado Aprobado Vinto Pagato Goedgekeurd Betaald Wygrane Opłacone Ganho Vundet
    Betalt Godkänd Vyhráno Zaplaceno Выиграно Оплачено Onaylandı 已批准 受注"""
LOST = """Expired Voided Abgesagt Verfallen Abgelaufen Zurückgewiesen Annulée Refusé Expiré Perdu Résilié Cancelado
    Anulada Rechazado Caducado Annullato Rifiutata Scaduto Respinto Geannuleerd Afgewezen Vervallen Anulowane Odrzucone
    Wygasłe Recusado Indeferido Avbruten Avvist Annulleret Hylätty Zrušeno Zamítnuto Отменено Отклонён Просрочено İptal
    Reddedildi 已取消 キャンセル 취소"""


@pytest.mark.parametrize("label", WON.split())
def test_a_case_is_won_in_many_languages(label: str) -> None:
    assert (kind_of(label), kind_of(label.upper())) == ("won", "won")


@pytest.mark.parametrize("label", [*LOST.split(), "No-show", "Sans suite", "Nicht bestanden"])
def test_a_case_is_lost_in_many_languages(label: str) -> None:
    assert (kind_of(label), kind_of(f"2 - {label}")) == ("lost", "lost")


@pytest.mark.parametrize("label", ["Pas accepté", "No aprobado", "Niet betaald", "Не оплачено", "Pago", "Vencimiento"])
def test_what_is_not_said_is_no_outcome(label: str) -> None:
    assert kind_of(label) == "neutral"


def test_stages_that_cases_reach_and_stay_at_are_ends() -> None:
    found = find_ends(count(traces(*["A B Done"] * 30, *["A B Rejected"] * 10)), "completion")
    assert [(end.name, end.kind) for end in found.ends] == [("Done", "neutral"), ("Rejected", "lost")]
    assert found.ends[0].reason == "30 of 30 cases that reach it stop there"
    assert (found.covered, found.findings, found.explicit) == (1.0, (), False)


@pytest.mark.parametrize(("reopened", "is_end"), [(9, True), (11, False)])
def test_nine_in_ten_must_stop(reopened: int, is_end: bool) -> None:
    walks = ["A Done"] * (100 - reopened) + ["A Done B A"] * reopened
    assert ("Done" in find_ends(count(traces(*walks)), "entry").names) == is_end


def after(seconds: float, days: float, share: float) -> list[Event]:
    """Cases of `days` that all reach End; in a share of them a mail goes out `seconds` later."""
    events = traces(*["A B End"] * 100, gap=timedelta(days=days / 2))
    lasts = [event for event in events if event.stage == "End"][: round(share * 100)]
    return events + [Event(e.case, "Mail", e.time + timedelta(seconds=seconds)) for e in lasts if e.time]


@pytest.mark.parametrize(
    ("seconds", "days", "is_end"),
    [
        (3500, 4, True),  # within the hour
        (3700, 4, False),  # neither the hour nor 1 % of four days
        (7000, 10, True),  # within 1 % of ten days
        (600, 0.02, False),  # a case of half an hour: the hour would make an end of everything
    ],
)
def test_what_ends_shortly_after_is_an_end(seconds: float, days: float, is_end: bool) -> None:
    found = find_ends(count(after(seconds, days, 0.4)), "entry")
    assert ("End" in found.names) == is_end
    assert found.covered == (1.0 if is_end else 0.4)


def test_of_two_last_steps_that_always_come_together_the_last_is_the_end() -> None:
    assert find_ends(count(after(60, 4, 1.0)), "completion").names == ("Mail",)


def test_a_stage_that_cases_begin_with_is_no_end() -> None:
    walks = ["Enquiry"] * 60 + ["Rejected"] * 40
    assert find_ends(count(traces(*walks)), "entry").names == ("Rejected",)


def test_a_single_stray_case_shows_nothing() -> None:
    walks = ["A B C A B"] * 25 + ["A B C A"] * 25 + ["A B Odd"]
    assert find_ends(count(traces(*walks)), "completion").ends == ()
    assert find_ends(count(traces("A B Odd")), "completion").names == ("Odd",)


def test_too_few_ends_are_told_with_what_to_say() -> None:
    walks = ["A B Won"] * 30 + ["A B C B"] * 35 + ["A C B C"] * 35
    [finding] = find_ends(count(traces(*walks)), "completion").findings
    assert finding.found == (
        'The stages held to be ends ("Won") cover 30% of the cases; other cases count as in progress at the exit of '
        "their last stage."
    )
    assert finding.cure == 'Say where cases are done: --ends "Won,B,C".'


def test_a_comma_in_a_name_is_thought_of() -> None:
    events = [event._replace(stage="B, C") if event.stage == "B" else event for event in traces(*["A B", "A B A"] * 9)]
    [finding] = find_ends(count(events), "entry").findings
    assert finding.found.startswith("No stage is clearly an end; ")
    assert finding.cure.endswith("Names with a comma go into the plant file, under [log], ends.")


def test_what_was_said_is_taken_and_misspellings_are_told() -> None:
    profile = count(traces("A Done B", "A B"))
    found = find_ends(profile, "entry", ("Done", "lost", "b"))
    assert found.names == ("Done", "lost", "b")
    assert [end.kind for end in found.ends] == ["neutral", "lost", "neutral"]
    assert found.explicit
    assert [problem.found for problem in found.findings] == [
        'No case ever reaches "lost".',
        'No case ever reaches "b".',
    ]
    assert found.findings[1].cure == 'Did you mean "B"?'
    assert find_ends(profile, "entry", ()).ends == ()


def test_undated_stays_stop_nowhere() -> None:
    events = traces(*["A Won"] * 9) + [Event(f"open {number}", "Prospect", None) for number in range(9)]
    assert find_ends(count(events), "snapshot").names == ("Won",)


def test_an_empty_log_has_no_ends_and_nothing_to_say() -> None:
    found = find_ends(count([]), "entry")
    assert (found.ends, found.covered, found.findings) == ((), 0.0, ())
