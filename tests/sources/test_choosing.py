"""Which column is what."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from factoryview.errors import InputError, UsageError
from factoryview.sources import EventLog
from factoryview.sources.columns.headers import is_plan, is_trace
from factoryview.sources.columns.roles import _are_clocks, with_signs
from tests.sources.conftest import events, findings

STEPS = ["Open", "Check", "Decide", "Send", "Close", "Fix"]


def make(header: str, kinds: str, cases: int = 120) -> str:
    """A log sorted by time whose columns hold, by letter: Case, Activity, Time, Start, Resource, Value, cHannel,
    Ø row number, Plan, Note, Birth date, cUstomer."""
    rng = random.Random(7)
    rows = []
    for case in range(cases):
        moment = datetime(2024, 1, 1) + timedelta(hours=5 * case)
        for step in range(rng.randint(3, 6)):
            start = moment + timedelta(minutes=rng.randint(1, 300))
            moment = start + timedelta(minutes=rng.randint(1, 300))
            cells = {
                "C": f"K{case:04}", "A": STEPS[step], "T": f"{moment}", "S": f"{start}",
                "R": rng.choice(["Ann", "Bob", "Cleo"]), "V": f"{rng.randrange(900)}.5", "H": ["Web", "Post"][case % 2],
                "O": str(len(rows)), "P": "2025-05-01", "N": f"note {rng.random()}", "B": f"1948-03-{1 + case % 28:02}",
                "U": f"cust{case % 20}",
            }  # fmt: skip
            rows.append((moment, ",".join(cells[kind] for kind in kinds)))
    return "\n".join([header, *(text for _, text in sorted(rows))]) + "\n"


@pytest.mark.parametrize(
    ("header", "kinds", "expected"),
    [
        ("Case ID,Activity,Complete Timestamp,Resource", "CATR", {"case": 0, "stage": 1, "time": 2, "resource": 3}),
        ("Aktenzeichen,Vorgang,Datum,Bearbeiter,Frist", "CATRP", {"case": 0, "stage": 1, "time": 2, "resource": 3}),
        ("Vorgang,Schritt,Zeitpunkt,Kanal", "CATH", {"case": 0, "stage": 1, "time": 2, "channel": 3}),
        (
            "eventID,ticket,event,time,user,amount",
            "OCATRV",
            {"case": 1, "stage": 2, "time": 3, "resource": 4, "value": 5},
        ),
        ("Auftrag,Arbeitsgang,Beginn,Ende", "CAST", {"case": 0, "stage": 1, "start": 2, "time": 3}),
        ("id,order,step,ts", "OCAT", {"case": 1, "stage": 2, "time": 3}),
        ("A,B,C", "CAT", {"case": 0, "stage": 1, "time": 2}),
        ("text,when,who,what,which", "NTRAC", {"case": 4, "stage": 3, "time": 1, "resource": 2}),
        ("customer,order_no,step,von,bis", "UCAST", {"case": 1, "stage": 2, "start": 3, "time": 4}),
        ("patient id,examination,time,birthdate", "CATB", {"case": 0, "stage": 1, "time": 2}),
    ],
)
def test_found(header: str, kinds: str, expected: dict[str, int], log_of: Callable[..., EventLog]) -> None:
    log = log_of(make(header, kinds))
    names = header.split(",")
    assert log.columns == {role: names[index] for role, index in expected.items()}
    assert log.rejected == 0


def test_guesses_are_asked_about(log_of: Callable[..., EventLog]) -> None:
    asked = findings(log_of(make("A,B,C", "CAT")), "ask")
    assert all(f"--map {role}=" in asked for role in ("case", "stage", "time"))


def test_the_user_overrides(log_of: Callable[..., EventLog]) -> None:
    content = make("case,activity,time,who,kind", "CATRH")
    log = log_of(content, columns={"stage": "Kind", "resource": "activity"})
    assert (log.columns["stage"], log.columns["resource"]) == ("kind", "activity")
    assert {row[1] for row in events(log)} == {"Web", "Post"}


def test_unknown_roles_and_columns(log_of: Callable[..., EventLog]) -> None:
    content = make("case,activity,time", "CAT")
    with pytest.raises(UsageError, match=r"colour.*case, stage, time"):
        log_of(content, columns={"colour": "case"})
    with pytest.raises(InputError, match=r'no column "zeit".*case, activity, time'):
        log_of(content, columns={"time": "zeit"})
    with pytest.raises(InputError, match="no times"):
        log_of(content, columns={"time": "activity"})


def test_date_and_clock_in_two_columns(log_of: Callable[..., EventLog]) -> None:
    log = log_of("Vorgangsnummer;Schritt;Datum;Uhrzeit\n1;A;31.12.2025;14:05\n1;B;1.1.2026;9:30\n")
    assert [row[2] for row in events(log)] == [datetime(2025, 12, 31, 14, 5), datetime(2026, 1, 1, 9, 30)]


@pytest.mark.parametrize("day", ["%d.%m.%Y", "%Y-%m-%d", "%m/%d/%Y", "%Y%m%d"])
@pytest.mark.parametrize("is_short", [False, True])
def test_clocks_in_bare_figures_join_a_date_however_it_is_written(
    day: str, is_short: bool, log_of: Callable[..., EventLog]
) -> None:
    begun = datetime(2025, 1, 13, 0, 0, 5)
    moments = [begun + timedelta(hours=7 * case, minutes=97 * step) for case in range(20) for step in range(3)]
    clocks = [f"{at:%H%M%S}".lstrip("0" if is_short else "") for at in moments]
    rows = [f"T{n // 3},{'ABC'[n % 3]},{at.strftime(day)},{clocks[n]}" for n, at in enumerate(moments)]
    log = log_of("\n".join(["Case,Stage,UDATE,UTIME", *rows]))
    assert [row[2] for row in events(log)] == moments


def test_four_figures_are_no_clock_without_its_zeros() -> None:
    assert with_signs("0") == "00:00:00"
    assert [_are_clocks("Time", texts) for texts in (["830", "1415"], ["83000", "141500"], ["83000", "146100"])] == [
        False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "step", ["Contract modification signed", "Modified design", "Entwurf geändert", "Offer updated price"]
)
def test_a_change_of_a_thing_is_a_step_and_no_trace_of_an_edit(step: str, log_of: Callable[..., EventLog]) -> None:
    begun = datetime(2025, 1, 1)
    rows = [
        ",".join([f"P-{n}", *(f"{begun + timedelta(days=n + 2 * k + (n * k) % 3):%Y-%m-%d}" for k in range(4))])
        for n in range(40)
    ]
    log = log_of("\n".join([f"Project,Requested,Approved,{step},Handed over", *rows]))
    assert [row[1] for row in events(log)].count(step) == 40


@pytest.mark.parametrize("name", [
    "Last modified", "last modified by", "updated_at", "sys_updated_on", "SystemModstamp", "Record last updated",
    "zuletzt geändert am", "Datum der letzten Änderung", "Geändert von Benutzer", "Date de dernière modification",
    "Fecha de última modificación", "Laatst gewijzigd door", "_fivetran_synced", "Ticket updated", "Update date",
    "Datum poslední aktualizacji", "дата изменения", "CRM last synced to warehouse",
])  # fmt: skip
def test_edits_of_the_row_are_traces(name: str) -> None:
    assert is_trace(name)


@pytest.mark.parametrize(
    "name", ["Contract modification signed", "Modified design", "Adresse geändert", "Price update"]
)
def test_edits_of_a_thing_are_neither_traces_nor_plans(name: str) -> None:
    assert (is_trace(name), is_plan(name)) == (False, False)


def test_columns_of_the_same_name(log_of: Callable[..., EventLog]) -> None:
    log = log_of(
        "case,activity,time,time\n1,A,2024-01-01,2025-01-01\n1,B,2024-01-02,2025-01-02\n", columns={"time": "time"}
    )
    assert "same name" in findings(log, "warning")
    assert events(log)[0][2] == datetime(2024, 1, 1)


CASES = {
    "fr": ("N° dossier;Étape;Date de modification;Montant;Agent", "entry"),
    "es": ("Nº de expediente;Estado;Fecha de cambio;Importe;Responsable", "entry"),
    "it": ("ID pratica;Stato;Data modifica;Importo;Operatore", "entry"),
    "nl": ("Zaaknummer;Status;Gewijzigd op;Bedrag;Behandelaar", "entry"),
    "pl": ("Numer zgłoszenia;Stan;Data zmiany;Kwota;Pracownik", "entry"),
    "pt": ("Número do processo;Situação;Data de alteração;Valor;Responsável", "entry"),
    "sv": ("Ärendenummer;Tillstånd;Ändrad;Belopp;Handläggare", "entry"),
    "da": ("Sagsnummer;Status;Ændret;Beløb;Sagsbehandler", "entry"),
    "nb": ("Saksnummer;Status;Endret;Beløp;Saksbehandler", "entry"),
    "cs": ("Číslo žádosti;Stav;Datum změny;Částka;Řešitel", "entry"),
    "fi": ("Asianumero;Tila;Muutettu;Summa;Käsittelijä", "entry"),
    "hu": ("Ügyszám;Állapot;Módosítva;Összeg;Ügyintéző", "entry"),
    "tr": ("Başvuru no;Durum;Değişiklik tarihi;Tutar;Sorumlu", "entry"),
    "ru": ("Номер заявки;Статус;Дата изменения;Сумма;Исполнитель", "entry"),
    "fr, finished": ("Numéro de commande;Activité;Date de fin;Prix;Responsable", "completion"),
    "es, finished": ("Pedido;Actividad;Fecha de fin;Precio;Usuario", "completion"),
    "nl, finished": ("Bestelnummer;Activiteit;Einddatum;Prijs;Medewerker", "completion"),
    "ru, finished": ("Заказ;Действие;Дата завершения;Стоимость;Сотрудник", "completion"),
    "glued": ("ticketnum;currentstatus;statuschangeddate;netamount;caseowner", "entry"),
}


@pytest.mark.parametrize("language", list(CASES))
def test_headers_in_the_languages_of_europe(language: str, log_of: Callable[..., EventLog]) -> None:
    header, meaning = CASES[language]
    log = log_of(make(header.replace(";", ","), "CATVR"))
    names = header.split(";")
    assert log.columns == dict(zip(("case", "stage", "time", "value", "resource"), names, strict=True))
    assert log.meaning == meaning


def test_a_date_of_the_whole_case_is_not_the_events(log_of: Callable[..., EventLog]) -> None:
    content = make("ticket,status,created_at,x", "CATT")
    rows = [line.split(",") for line in content.splitlines()]
    first: dict[str, str] = {}
    for row in rows[1:]:
        row[2] = first.setdefault(row[0], row[2])
    log = log_of("\n".join(map(",".join, rows)) + "\n")
    assert log.columns["time"] == "x"
    assert "do not change within a case" in findings(log, "info")


@pytest.mark.parametrize(
    ("header", "kinds", "case"),
    [
        ("id,subject,type,time", "OCAT", "subject"),
        ("event_id,thing,step,time", "OCAT", "thing"),
        ("record id,amount,nature,step,time", "OVCAT", "nature"),
        ("uuid,remark,code,step,when", "ONCAT", "code"),
        ("price,area,code,step,when", "VHCAT", "code"),
    ],
)
def test_what_is_no_case(header: str, kinds: str, case: str, log_of: Callable[..., EventLog]) -> None:
    """Ids of events, money, free text and quarters of the town."""
    assert log_of(make(header, kinds)).columns["case"] == case


def test_a_change_has_two_sides(log_of: Callable[..., EventLog]) -> None:
    rows = [f"K{i},{a},{b},2024-01-{d + i % 20:02} 10:00" for i in range(40)
            for d, (a, b) in enumerate([("", "New"), ("New", "Doing"), ("Doing", "Done")], 1)]  # fmt: skip
    log = log_of("\n".join(["Key,From,To,Created", *rows]) + "\n")
    assert (log.columns["stage"], log.meaning, log.rejected) == ("To", "entry", 0)
    assert "--times" not in findings(log, "ask")


@pytest.mark.parametrize("changing", ["modified", "last modified", "aktualisiert am", "expected"])
def test_of_moments_that_hardly_change_and_one_that_sounds_like_a_plan_the_changing_one_is_meant(
    changing: str, log_of: Callable[..., EventLog]
) -> None:
    rows = [f"K{case},{step},2025-01-{1 + case:02} 08:00,2025-02-{1 + case:02} 1{place}:00"
            for case in range(20) for place, step in enumerate(("In", "Check", "Out"))]  # fmt: skip
    log = log_of("\n".join([f"number,state,registered,{changing}", *rows]))
    assert log.columns["time"] == changing
