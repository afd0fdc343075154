"""Headers of fourteen languages: each sounds like its role, and like no other more than like that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from factoryview.sources import EventLog
from factoryview.sources.columns import headers

HEADERS: dict[str, dict[str, list[str]]] = {
    "pl": {
        "case": ["Numer sprawy", "Nr zlecenia", "Numer zamówienia", "ID zgłoszenia"],
        "stage": ["Etap", "Status", "Stan", "Czynność", "Aktywność", "Faza"],
        "time": ["Data zmiany", "Data zdarzenia", "Znacznik czasu", "Data i czas", "Data zakończenia"],
        "start": ["Data rozpoczęcia", "Początek"],
        "end": ["Data zakończenia", "Koniec"],
        "resource": ["Pracownik", "Użytkownik", "Przypisany do", "Opiekun", "Wykonawca", "Referent"],
        "value": ["Kwota", "Wartość", "Cena"],
    },
    "nl": {
        "case": ["Zaaknummer", "Ordernummer", "Dossiernummer", "Meldingsnummer", "Aanvraag-ID"],
        "stage": ["Status", "Stap", "Fase", "Activiteit", "Processtap"],
        "time": ["Tijdstip", "Datum wijziging", "Gewijzigd op", "Datum/tijd", "Einddatum"],
        "start": ["Startdatum", "Begindatum", "Begin"],
        "end": ["Einddatum", "Einde", "Afgerond op"],
        "resource": ["Medewerker", "Behandelaar", "Toegewezen aan", "Gebruiker"],
        "value": ["Bedrag", "Waarde", "Prijs"],
    },
    "fr": {
        "case": [
            "N° dossier",
            "Numéro de commande",
            "Référence dossier",
            "ID ticket",
            "N° de sinistre",
            "Numéro de demande",
        ],
        "stage": ["Étape", "Statut", "État", "Activité", "Phase"],
        "time": ["Horodatage", "Date de modification", "Modifié le", "Date et heure", "Date de fin"],
        "start": ["Date de début", "Début", "Heure de début"],
        "end": ["Date de fin", "Fin", "Terminé le", "Date de clôture"],
        "resource": ["Responsable", "Utilisateur", "Traité par", "Gestionnaire", "Agent"],
        "value": ["Montant", "Montant HT", "Valeur", "Prix"],
    },
    "es": {
        "case": ["Número de expediente", "Nº de pedido", "ID de caso", "Número de solicitud", "Referencia pedido"],
        "stage": ["Estado", "Etapa", "Actividad", "Fase", "Paso"],
        "time": ["Fecha y hora", "Marca de tiempo", "Fecha de cambio", "Fecha de modificación", "Fecha fin"],
        "start": ["Fecha de inicio", "Inicio", "Hora de inicio"],
        "end": ["Fecha de fin", "Fin", "Fecha de finalización", "Fecha de cierre"],
        "resource": ["Responsable", "Usuario", "Agente", "Asignado a"],
        "value": ["Importe", "Monto", "Valor", "Precio"],
    },
    "it": {
        "case": ["Numero pratica", "N. ordine", "ID caso", "Codice richiesta", "Numero protocollo"],
        "stage": ["Stato", "Fase", "Attività", "Passaggio"],
        "time": ["Data modifica", "Data e ora", "Data variazione", "Data fine"],
        "start": ["Data inizio", "Inizio", "Ora inizio"],
        "end": ["Data fine", "Fine", "Data chiusura", "Completato il"],
        "resource": ["Responsabile", "Utente", "Operatore", "Assegnato a"],
        "value": ["Importo", "Valore", "Prezzo"],
    },
    "pt": {
        "case": ["Número do processo", "ID do chamado", "Nº do pedido", "Código da solicitação"],
        "stage": ["Etapa", "Estado", "Situação", "Atividade", "Fase"],
        "time": ["Data e hora", "Data de alteração", "Carimbo de data/hora", "Alterado em", "Data de conclusão"],
        "start": ["Data de início", "Início"],
        "end": ["Data de fim", "Fim", "Data de conclusão", "Concluído em"],
        "resource": ["Responsável", "Usuário", "Atendente", "Utilizador"],
        "value": ["Valor", "Montante", "Preço"],
    },
    "tr": {
        "case": ["Sipariş No", "Başvuru numarası", "Talep No", "Dosya numarası", "Vaka ID"],
        "stage": ["Durum", "Aşama", "Adım", "Faaliyet"],
        "time": ["Tarih", "Değişiklik Tarihi", "Zaman damgası", "Tarih ve saat", "Bitiş tarihi"],
        "start": ["Başlangıç tarihi", "Başlangıç", "Başlama zamanı"],
        "end": ["Bitiş tarihi", "Bitiş", "Tamamlanma tarihi"],
        "resource": ["Sorumlu", "Kullanıcı", "Çalışan", "Atanan"],
        "value": ["Tutar", "Değer", "Fiyat"],
    },
    "ru": {
        "case": ["Номер заявки", "Номер заказа", "ID обращения", "Номер дела", "Код сделки"],
        "stage": ["Статус", "Этап", "Стадия", "Действие", "Состояние"],
        "time": ["Дата изменения", "Дата и время", "Время", "Дата окончания"],
        "start": ["Дата начала", "Начало", "Время начала"],
        "end": ["Дата окончания", "Окончание", "Дата завершения"],
        "resource": ["Исполнитель", "Ответственный", "Сотрудник", "Пользователь"],
        "value": ["Сумма", "Стоимость", "Цена"],
    },
    "cs": {
        "case": ["Číslo žádosti", "Číslo objednávky", "ID případu", "Číslo zakázky", "Spisová značka"],
        "stage": ["Stav", "Fáze", "Krok", "Činnost"],
        "time": ["Datum změny", "Datum a čas", "Časové razítko", "Čas", "Datum ukončení"],
        "start": ["Datum zahájení", "Začátek"],
        "end": ["Datum ukončení", "Konec", "Dokončeno"],
        "resource": ["Řešitel", "Uživatel", "Zpracovatel", "Pracovník"],
        "value": ["Částka", "Hodnota", "Cena"],
    },
    "hu": {
        "case": ["Ügyszám", "Rendelésszám", "Igény azonosító", "Rendelés száma", "Ügy azonosítója"],
        "stage": ["Állapot", "Lépés", "Fázis", "Tevékenység", "Státusz"],
        "time": ["Időpont", "Időbélyeg", "Módosítás dátuma", "Dátum", "Befejezés dátuma"],
        "start": ["Kezdés", "Kezdés dátuma", "Kezdete"],
        "end": ["Befejezés", "Befejezés dátuma", "Vége"],
        "resource": ["Ügyintéző", "Felhasználó", "Felelős"],
        "value": ["Összeg", "Érték", "Ár"],
    },
    "el": {
        "case": ["Αριθμός αίτησης", "Κωδικός υπόθεσης", "Αριθμός παραγγελίας"],
        "stage": ["Κατάσταση", "Στάδιο", "Φάση", "Ενέργεια", "Δραστηριότητα"],
        "time": ["Ημερομηνία αλλαγής", "Ημερομηνία", "Ημερομηνία και ώρα", "Χρονοσφραγίδα"],
        "start": ["Ημερομηνία έναρξης", "Έναρξη"],
        "end": ["Ημερομηνία λήξης", "Λήξη", "Ολοκλήρωση"],
        "resource": ["Υπεύθυνος", "Χρήστης", "Υπάλληλος"],
        "value": ["Ποσό", "Αξία", "Τιμή"],
    },
    "ar": {
        "case": ["رقم الطلب", "رقم المعاملة", "رقم القضية", "معرف التذكرة"],
        "stage": ["الحالة", "المرحلة", "النشاط", "الخطوة", "الإجراء"],
        "time": ["تاريخ التغيير", "التاريخ والوقت", "التاريخ", "وقت التحديث", "تاريخ الانتهاء"],
        "start": ["تاريخ البدء", "البداية", "وقت البدء"],
        "end": ["تاريخ الانتهاء", "النهاية"],
        "resource": ["الموظف", "المسؤول", "المستخدم"],
        "value": ["المبلغ", "القيمة", "السعر"],
    },
    "sv": {
        "case": ["Ärendenummer", "Beställningsnummer", "Diarienummer"],
        "stage": ["Status", "Steg", "Aktivitet", "Fas", "Tillstånd"],
        "time": ["Tidpunkt", "Ändringsdatum", "Ändrad", "Datum", "Slutdatum"],
        "start": ["Startdatum", "Starttid"],
        "end": ["Slutdatum", "Sluttid", "Avslutad"],
        "resource": ["Handläggare", "Användare", "Ansvarig"],
        "value": ["Belopp", "Värde", "Pris"],
    },
    "da": {
        "case": ["Sagsnummer", "Ordrenummer", "Bestillingsnummer"],
        "stage": ["Status", "Trin", "Aktivitet", "Fase", "Tilstand"],
        "time": ["Tidspunkt", "Ændringsdato", "Ændret", "Dato", "Slutdato"],
        "start": ["Startdato", "Begyndt"],
        "end": ["Slutdato", "Afsluttet"],
        "resource": ["Sagsbehandler", "Bruger", "Ansvarlig"],
        "value": ["Beløb", "Værdi", "Pris"],
    },
}
LEAST = {"case": 6, "stage": 8, "time": 8, "start": 5, "resource": 9, "value": 9}
"""Points from which on a header is known for its role."""


@pytest.mark.parametrize("language", HEADERS)
def test_headers_are_known_for_their_roles(language: str) -> None:
    missed = []
    for role, names in HEADERS[language].items():
        for name in names:
            if role == "end":
                known = headers.sounds_like_completion(name) and headers.score(name, "time") >= 6
            else:
                points = headers.score(name, role)
                others = [headers.score(name, other) for other in LEAST if other not in (role, "start")]
                known = points >= LEAST[role] and (role == "start" or points >= max(others))
            if not known:
                missed.append((role, name))
    assert missed == []


PAIRS = (
    ("Date entrée", "Date sortie"), ("Zugang", "Abgang"), ("Aufnahme am", "Entlassung am"),
    ("Data wejścia", "Data wyjścia"),
    ("Fecha de ingreso", "Fecha de salida"), ("Data ingresso", "Data uscita"), ("Admitted", "Discharged"),
)  # fmt: skip


@pytest.mark.parametrize(("entered", "left"), PAIRS)
@pytest.mark.parametrize("turned", [False, True])
def test_a_place_that_is_entered_and_left_is_an_interval(
    entered: str, left: str, turned: bool, log_of: Callable[..., EventLog]
) -> None:
    """Whichever of the two columns stands first."""
    lines, begun = [], datetime(2025, 3, 3, 8)
    for case in range(40):
        at = begun + timedelta(hours=7 * case)
        for number, ward in enumerate(("Triage", "Ward A", "Ward B")[: 2 + case % 2]):
            until = at + timedelta(hours=3 + number * 20 + case % 5)
            moments = [at.strftime("%d.%m.%Y %H:%M"), until.strftime("%d.%m.%Y %H:%M")]
            lines.append(";".join((f"70{case:04}", ward, *(moments[::-1] if turned else moments))))
            at = until + timedelta(minutes=10)
    names = [left, entered] if turned else [entered, left]
    log = log_of("\n".join((";".join(("Case ID", "Station", *names)), *lines)))
    assert (log.meaning, log.columns["start"], log.columns["time"]) == ("interval", entered, left)
