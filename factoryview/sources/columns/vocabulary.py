"""What columns are called in German, in English and in the exports of known tools: the word lists.

It is long, for it is a list.
"""

from __future__ import annotations


def _split(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(","))


NAMES: dict[str, dict[int, tuple[str, ...]]] = {
    "case": {
        10: _split("""
            case id, caseid, case key, case identifier, case concept:name, case_concept:name, trace id, traceid,
            vorgangsid, vorgangs id, vorgangsnummer, fall id, fallnummer, fall nr, aktenzeichen, opportunity id,
            deal id, process instance id, process instance
        """),
        9: _split("""
            case, case number, case nr, case no, trace, fall, ticket id, ticket number, ticket no, ticketnummer,
            incident id, incident number, order id, order number, order no, order nr, auftragsnummer, auftrags nr,
            auftragsid, auftrags id, antragsnummer, antrags id, antrags nr, antragsid, bestellnummer, bestell nr,
            application id, application number, request id, request number, claim id, claim number, lead id,
            record id, patient id, anfrage id, anfragenummer, anfrage nr, angebotsnummer, angebots id, opportunity,
            issue key, issue id, sr number, service request id, instance id, job id, lot id, batch id, loan id,
            invoice id, invoice number, purchase order, purchase order id, shipment id, enquiry id, inquiry id,
            permit id, schadennummer, prozess id, prozessinstanz, rechnungsnummer, projektnummer, project id,
            dossier, dossier id, work order, work order id, po number, parcel id, customer journey id, journey id,
            session id, deal, correlation id, korrelations id, conversation id, business key, workflow id,
            execution id, thread id
        """),
        7: _split("""
            key
        """),
        6: _split("""
            auftrag, antrag, anfrage, ticket, order, application, request, claim, lead, incident, issue, bestellung,
            akte, angebot, kennung, id, vorgang, nummer, number, nr, sendungsnummer, primary key, record key, document
            key, primary key value, primary key field 1 value, primary key field 2 value
        """),
        4: _split("""
            entity id, object id, objekt id, reference, referenz, parent id, what id
        """),
    },
    "stage": {
        10: _split("""
            activity, concept:name, activity name, aktivitat, event name, task name, deal stage, stage name, stage,
            arbeitsschritt, prozessschritt, bearbeitungsschritt, activity label, activity description
        """),
        9: _split("""
            task, step, step name, tatigkeit, schritt, phase, stufe, station, to stage, new stage, stage to,
            new status, to status, arbeitsgang, prozessphase, vertriebsphase, verkaufsphase, pipeline stage,
            process step, operation, event, ereignis, aufgabe, neuer status, nach status, to state,
            statuswechsel nach, milestone
        """),
        8: _split("""
            action, status, state, zustand, aktion, event type, eventtype, ereignistyp, new value,
            bearbeitungsstatus, meilenstein, stage id, deal stage id, neuer wert, work center, arbeitsplatz,
            machine, maschine, abschnitt
        """),
        5: _split("""
            vorgang, transition to, location, ort, bereich, queue
        """),
        3: _split("""
            description, beschreibung, name, type, typ, value, label, message, bezeichnung, code
        """),
    },
    "time": {
        10: _split("""
            time:timestamp, timestamp, complete timestamp, completion timestamp, end timestamp, zeitstempel,
            event time, event timestamp, completed at, endzeitpunkt, endzeit
        """),
        9: _split("""
            end time, endtime, completion time, complete time, completed, time, zeitpunkt, datetime, date time,
            datum uhrzeit, datum zeit, end, ende, end date, enddatum, finish time, finished, finished at, ended at,
            abgeschlossen am, erledigt am, beendet am, fertig am, occurred at, event date, changed at, changed on,
            change date, created at, entered at, entered, eingetreten am, geandert am, complete, stop time,
            completion date, log time, bis, date entered, entered on, entered stage, stage entered at, entry date,
            eintrittsdatum, fertigstellung, abschluss, zeit, seit, since
        """),
        8: _split("""
            date, datum, created date, created on, created, createdate, recorded at, logged at, moved at, updated,
            statusdatum, eventtime, ts, fertig, transition time, when, am, erfasst am, aktivitatsdatum, closed at,
            resolved at, udate, utime, erdat, erzet, aedat, aezet, cpudt, cputm
        """),
        6: _split("""
            angelegt am, erstellt am, start, start time, start date, started at, begin, beginn, from, von
        """),
    },
    "start": {
        10: _split("""
            start timestamp, start time, starttime, started at, startzeitpunkt, startzeit, begin time,
            begin timestamp, beginnzeit
        """),
        9: _split("""
            start, begin, beginn, anfang, start date, startdatum, begonnen am, gestartet am, started, begin date,
            beginndatum, valid from, gultig ab, gultig von, arbeitsbeginn, bearbeitungsbeginn, start datetime
        """),
        7: _split("""
            from, von, ab, entered, entered at, eingetreten am
        """),
    },
    "resource": {
        10: _split("""
            resource, org:resource, ressource, bearbeiter, sachbearbeiter, mitarbeiter, sachbearbeiterin,
            bearbeitet von, resource name
        """),
        9: _split("""
            user, employee, agent, sales agent, owner, assignee, worker, performer, operator, originator, benutzer,
            nutzer, zustandig, verantwortlich, responsible, deal owner, vertriebsmitarbeiter, assigned to, username,
            user name, user id, owner id, handler, person, staff, changed by, created by, bearbeitername,
            handled by, completed by, ausgefuhrt von, geandert von, clerk, rep, sales rep, opportunity owner,
            besitzer, eigentumer, who, author, autor, wer, worker id, operator id, employee id, resource id,
            personalnummer
        """),
        5: _split("""
            org:role, role, rolle, mitarbeiter id, created by id, actor, akteur
        """),
        4: _split("""
            org:group, group, team, gruppe, department, abteilung
        """),
    },
    "value": {
        10: _split("""
            amount, value, betrag, wert, deal value, deal amount, close value, order value, auftragswert,
            angebotswert, dealwert, opportunity amount, order amount, auftragssumme
        """),
        9: _split("""
            net amount, total, total amount, sum, summe, price, preis, umsatz, revenue, volumen, nettobetrag,
            gesamtbetrag, total price, contract value, vertragswert, auftragsvolumen, bestellwert, rechnungsbetrag,
            netto, brutto, amount req, requested amount, loan amount, kreditsumme, claim amount, schadenhohe,
            sales price, estimated value
        """),
        6: _split("""
            cost, costs, kosten, fee, gebuhr, mrr, arr
        """),
    },
    "channel": {
        10: _split("""
            channel, kanal, lead source, eingangskanal, source channel, vertriebskanal, lead quelle, leadquelle,
            case channel, marketing channel, sales channel, eingangsweg, contact channel
        """),
        8: _split("""
            source, quelle, herkunft, origin, original source, case origin, utm source, medium, traffic source,
            lead origin, acquisition channel, submission channel, kontaktkanal
        """),
    },
    "reason": {
        10: _split("""
            reason, grund, loss reason, lost reason, closed lost reason, verlustgrund, ablehnungsgrund, absagegrund,
            stornogrund, reason lost, abbruchgrund, rejection reason, cancellation reason, close reason,
            reason for loss, grund fur verlust
        """),
        7: _split("""
            cause, ursache, status reason, resolution reason
        """),
    },
    "weight": {
        10: _split("""
            weight, gewicht, gewichtung, case weight, number of cases, anzahl falle, case count, cases
        """),
        6: _split("""
            frequency, haufigkeit
        """),
    },
    "lifecycle": {
        10: _split("""
            lifecycle:transition, lifecycle, lifecycle transition, transition, event lifecycle
        """),
        6: _split("""
            event type, eventtype, type, status, ubergang, ereignistyp, ereignisart, art
        """),
    },
    "instance": {
        10: _split("""
            concept:instance, activity instance, activity instance id, instance, task id, aktivitatsinstanz,
            task instance id
        """),
    },
    "from": {
        10: _split("""
            from stage, old stage, stage from, old status, from status, from state, old value, von status,
            alter status, previous stage, previous status, alter wert, vorheriger status
        """),
    },
}
"""Role → how sure a name is (10: known from tools, 3: a mere hint) → names."""

KPI_NAMES: dict[str, tuple[str, ...]] = {
    "stage": _split("""
        stage, stage name, step, phase, status, station, stufe, schritt, prozessschritt, machine, maschine, activity,
        aktivitat, activities, aktivitaten, abteilung, department, etape, etapa, fase, etap, steg, trin, faze, fazis,
        asama, этап, стадия, activite, actividad, attivita, activiteit, atividade, aktivitet, kennzahl, metric, measure,
        indicator, kpi, queue, team, indicateur, indicador, indicatore, wskaznik, ukazatel
    """),
    "bucket": _split("""
        bucket, date, day, week, month, period, hour, datum, tag, woche, monat, zeitraum, stunde, timestamp, start,
        from, von, ab, kw, kalenderwoche, quarter, quartal, year, jahr, bucket start, week start, beginn, periode, zeit,
        time, week starting, week beginning, interval start, interval, semaine, mois, jour, semana, mes, fecha, dia,
        settimana, mese, data, giorno, maand, dag, tydzien, miesiac, dzien, vecka, manad, uge, maned, tyden, mesic,
        неделя, месяц, день, дата
    """),
    "arrivals": _split("""
        arrivals, arrived, in, inflow, entered, new, incoming, received, zugange, eingange, ankunfte, eingang, zugang,
        neu, arrival, input, inputs, anzahl eingange, anzahl zugange, neue, eingegangen, started, opened, offered, calls
        offered, new in, entrees, arrivees, entradas, llegadas, entrate, arrivi, ingressi, instroom, binnengekomen,
        wplyw, przyjete, inkommande, nya, indgaende, nye, prijato, поступило, вход
    """),
    "departures": _split("""
        departures, departed, out, outflow, left, completed, finished, processed, closed, abgange, ausgange, abgang,
        ausgang, erledigt, abgeschlossen, departure, output, outputs, done, throughput, durchsatz, bearbeitet,
        anzahl abgange, erledigte, moved on, sorties, departs, traitees, salidas, completadas, uscite, completati,
        uitstroom, afgehandeld, saidas, concluidas, wyplyw, zakonczone, utgaende, klara, udgaende, vyrizeno,
        завершено, выход, handled, calls handled, answered, served
    """),
    "losses": _split("""
        losses, lost, loss, dropped, verluste, verloren, verlust, ausfalle, abbruche, abbruch, cancelled, storniert,
        dropouts, abandoned, calls abandoned, verlorene, pertes, perdus, perdidas, perdite, uitval, perdas, straty,
        bortfall, tab, ztraty, потери
    """),
    "wip": _split("""
        wip, stock, backlog, queue, inventory, in progress, bestand, offen, in arbeit, work in progress, open,
        lagerbestand, warteschlange, rest, encours, en cours, stock final, pendientes, en curso, in corso, giacenza,
        voorraad, openstaand, pendentes, w toku, pagaende, igangvarende, остаток, в работе
    """),
    "count": _split("""
        count, counts, number, n, anzahl, menge, stuck, stuckzahl, quantity, qty, amount, volume, total, cases, items,
        nombre, quantite, cantidad, numero, quantita, aantal, liczba, ilosc, antal, pocet, quantidade, количество,
        anzahl falle, number of cases, falle, value, wert, valeur, valor, valore, waarde, wartosc, hodnota, varde,
        vaerdi
    """),
}
"""Columns of a KPI table, the likelier names first."""

TOTALS = _split("""
    total, totals, sum, summe, gesamt, insgesamt, somme, totaal, totale, suma, celkem, razem, всего, итого
""")
"""Columns that add up others."""
PREFIXES = _split("""
    case, event, deal, property, properties, vorgangs, fall
""")
"""Words before a name that say nothing."""
CURRENCY = _split("""
    eur, usd, chf, gbp, euro, euros, dollar, dollars, €, $, £, in, inr, aud, cad
""")
"""Words after an amount's name that say nothing."""
PLANS = _split("""
    planned, plan, due, estimated, expected, synced, modified, deadline, target, forecast, scheduled, geplant,
    geplante, geplanter, geplantes, fallig, falligkeit, frist, soll, erwartet, erwartete, erwartetes, modstamp,
    aktualisiert, viewed, referenced, birth, birthday, geburtsdatum, geburtstag, prognose, zieldatum, falligkeitsdatum
""")
"""Dates that are plans, deadlines or traces of the software."""
NOT_IDENTIFIERS = _split("""
    variant, instance, sequence, variante, index, position, sequenz, reihenfolge, line, row, zeile, lfd, laufende, pos,
    sorting, ordinal
""")
"""What makes an id not that of a case."""
POSITIONS = _split("""
    position, pos, item, line, posten, zeile, poste, ligne, posicion, linea, partida, posizione, riga, regel, pozycja,
    polozka, radek, posicao, item line, rad, linje, позиция, строка
""")
"""Parts of a case with rows of their own."""
OTHERS = _split("""
    account, customer, kunde, kunden, kundennummer, owner, campaign, product, produkt, user, contact, company,
    pipeline, portal, type, employee, mitarbeiter, resource, event, artikel, vendor, lieferant, parent, record type,
    pricebook, territory, quote, merged, activity, task, stage, status
""")
"""Whose id it is if not the case's."""
ENTRY_STAGES = _split("""
    stage, status, state, phase, stufe, zustand, value, wert, station, queue, milestone, meilenstein
""")
"""What a case is in, rather than what was done."""
ACTIVITIES = _split("""
    activity, concept:name, concept name, event, task, action, operation, aktivitat, tatigkeit, arbeitsgang,
    arbeitsschritt, aufgabe, aktion, ereignis, activite, tache, actividad, tarea, attivita, activiteit, taak,
    czynnosc, aktywnosc, zadanie, atividade, tarefa, aktivitet, opgave, oppgave, cinnost, ukol, tehtava, toiminto,
    tevekenyseg, faaliyet, activitate, действие, операция
""")
"""What is done, rather than what a case is in."""
PERIODS = _split("""
    week, month, year, quarter, weekday, hour, period, woche, kw, kalenderwoche, monat, jahr, quartal, wochentag,
    stunde, semaine, mois, annee, trimestre, semana, mes, ano, settimana, mese, anno, maand, jaar, kwartaal, tydzien,
    miesiac, rok, kwartal, vecka, manad, ar, uge, maned, tyden, mesic, неделя, месяц, год
""")
"""Spans of the calendar."""
OLD = _split("""
    from, von, from string, from value, from stage, from status, from state, before, previous, vorher, bisher, alt,
    de, avant, ancien, ancien etat, ancien statut, desde, anterior, estado anterior, antes, da, prima, stato precedente,
    van, vorige, z, ze, od, poprzedni, przed, fra, fran, tidigare, tidligere, puvodni, predchozi, было, из, от, removed,
    entfernt
""")
"""What a change leaves,"""
NEW = _split("""
    to, nach, to string, to value, after, next, nachher, neu, vers, apres, nouveau, hacia, a, nuevo, despues, dopo,
    nuovo, naar, nieuw, do, na, nowy, po, til, till, ny, novy, para, novo, depois, стало, в, новый, added, hinzugefugt
""")
"""and what it leads to; believed only beside the other."""
OLDER = _split("""
    old, before, from, previous, prior, prev, alt, alter, alte, altes, vorher, vorherige, vorheriger, bisher, von,
    ancien, ancienne, avant, anterior, antes, precedente, prima, vorige, oude, oud, poprzedni, poprzednia, stary, stara,
    stare, puvodni, predchozi, gammal, gammel, tidligere, eski, onceki, старое, старый, прежнее, было, source, initial
""")
"""Words that tell the header of what a case left"""
NEWER = _split("""
    new, after, to, next, current, neu, neuer, neue, neues, nachher, nach, nouveau, nouvelle, apres, nuevo, nueva,
    despues, posterior, nuovo, nuova, dopo, novo, nova, depois, actual, nieuwe, nieuw, nowy, nowa, nowe, novy, ny, nytt,
    yeni, sonraki, новое, новый, стало, target, final
""")
"""from that of what it came to."""
FIELDS = _split("""
    field, fields, fieldname, column, attribute, property, feld, feldname, spalte, attribut, eigenschaft, merkmal,
    champ, propriete, campo, propiedad, proprieta, propriedade, veld, veldnaam, eigenschap, pole, atrybut, wlasciwosc,
    falt, felt, kentta, mezo, alan, поле, реквизит, fname
""")
"""Columns that say which field of a case was changed."""
STATES = _split("""
    status, state, stage, phase, zustand, stufe, dealstage, stagename, workflowstatus, step, list, column,
    lifecyclestage, statu, stat, istat
""")
"""Fields that are what a case is in."""
ENTERED = _split("""
    entered, exited, reached, eintritt, eintritts, eingetreten, erreicht, entree, atteint, entrada, ingresso, wejscia
""")
"""Beside these a word for plans is part of a stage's name."""
EDITS = _split("""
    updated, update, modified, edited, modstamp, synced, aktualisiert, bearbeitet, geandert, anderung, modifie,
    modification, modificado, modificada, modificacion, actualizado, actualizacion, modificato, modifica, aggiornato,
    gewijzigd, bijgewerkt, zmodyfikowano, modyfikacji, aktualizacji, uppdaterad, opdateret, oppdatert, upraveno,
    guncelleme, обновлено, изменено, изменения
""")
"""Dates of the last edit of a row,"""
SYNCS = _split("synced, modstamp")
"""dates of what only software does, whatever to,"""
LAST = _split("""
    last, latest, recent, recently, zuletzt, letzte, letzter, letztes, letzten, dernier, derniere, ultimo, ultima,
    laatst, laatste, ostatnia, ostatniej, ostatnio, senast, senaste, sidst, sist, siste, posledni, naposledy, viimeksi,
    последнее, последнего, последняя
""")
"""with these of whatever it is,"""
BESIDE_EDITS = (
    *LAST,
    *_split("""
    row, entry, entity, item, object, data, details, info, system, sys, db, source,
    hs, hubspot, fivetran, by, user, users, was, is, s, utc, gmt, status,
    zeile, datensatz, eintrag, objekt, stand, daten, von, durch, vom,
    ligne, par, ultimos, fila, registro, riga, por, da, a, rij,
    door, przez, rad, av, af, son
"""),
)
"""and words beside those of an edit; with any other they say that a thing was changed, which is a step of the work."""
MOVES = _split("""
    moved, move, movement, transition, transitioned, stage, verschoben, verschiebung, bewegt, bewegung, ubergang,
    statuswechsel, phasenwechsel, stufenwechsel, deplace, deplacement, movido, movimiento, spostato, spostamento,
    verplaatst, przeniesiono, flyttad, flyttet, presunuto, перемещено
""")
"""Words for a case that comes to its next stage."""
STAGES_ELSEWHERE = _split("""
    etape, etapa, etap, steg, trin, stadiu, vaihe, asama, этап, стадия, σταδιο
""")
"""The same in other languages, whose words for status are among the names of the role."""
STARTS = _split("""
    start, begin, beginn, started, begonnen, gestartet, starttime, startzeit, anfang, beginndatum, startdatum
""")
"""Times of beginning."""
ENTRY_TIMES = _split("""
    entered, entry, since, changed, change, moved, eingetreten, eintrittsdatum, geandert, seit, start, begin,
    beginn, started, begonnen, gestartet, from, von, starttime, startzeit
""")
"""Times of entering."""
COMPLETION_TIMES = _split("""
    complete, completed, completion, end, ended, finish, finished, ende, erledigt, abgeschlossen, beendet, fertig,
    endzeit, endzeitpunkt, endtime, stop, done, abschluss, fertigstellung
""")
"""Times of finishing."""
CLOSINGS = _split("""
    close, closed, closing, closedate, won, lost, end, completed, resolved, abschluss, abgeschlossen, geschlossen,
    erledigt, gewonnen, verloren, ende, enddatum, abschlussdatum
""")
"""Dates of closing a case."""
ENDING_WORDS = _split("""
    won, lost, closed, gewonnen, verloren, abgeschlossen, geschlossen, done, completed, cancelled, canceled,
    rejected, abgelehnt, storniert, erledigt, resolved, delivered, paid, bezahlt, withdrawn, zuruckgezogen,
    disqualified, expired, refused, declined, denied, void, voided, abandoned, revoked, finaled, archived, terminated,
    abgelaufen, verweigert, verworfen, archiviert
""")
"""A status that says that the case is over."""
TRANSITIONS = _split("""
    schedule, assign, reassign, start, resume, suspend, autoskip, manualskip, withdraw, complete, ate_abort, pi_abort,
    started, completed, begin, end, ended, finish, finished, beginn, ende, gestartet, beendet, unknown
""")
"""Values of a column with the transitions of an activity, as logs of events write them,"""
BREAKS = _split("""
    assigned, zugewiesen, unterbrochen, unterbrechung, fortgesetzt, fortsetzung, wiederaufnahme, wieder aufgenommen,
    angehalten, pausiert,
    pause, paused, resumed, continued, continue, suspended, interrupted, interruption, hold, on hold, held, break,
    en pause, repris, reprise, suspendu, pausa, pausado, reanudado, reanudación, sospeso, ripreso, ripresa, retomado,
    gepauzeerd, hervat, wstrzymano, wznowiono, přerušeno, obnoveno, pausad, återupptagen, genoptaget, пауза,
    возобновлено
""")
"""words for breaks between them, those for"""
BEGUN = _split("""
    start, started, begin, begun, beginn, begonnen, gestartet, anfang, anmelden, anmeldung, angemeldet, clock in, check
    in, début, debut, inicio, início, iniciado, inizio, iniziato, avvio, gestart, rozpoczęcie, rozpoczęto, początek,
    zahájení, zahájeno, začátek, startet, startad, påbörjad, påbegynt, aloitus, aloitettu, kezdés, kezdet, început,
    başlangıç, начало, начат, начато
""")
"""beginning it"""
ENDED = _split("""
    complete, completed, done, end, ended, finish, finished, ende, beendet, erledigt, fertig, abmelden, abmeldung,
    abgemeldet, stop, stopp, stopped, clock out, check out, fin, terminé, final, finalizado, fine, finito, terminato,
    fim, concluído, einde,
    beëindigd, koniec, zakończenie, zakończono, konec, ukončení, ukončeno, slut, avslutad, afsluttet, avsluttet,
    lopetus, valmis, vége, befejezés, sfârșit, bitiş, конец, окончание, завершено, завершение
""")
"""and for ending it."""

WORKERS = _split("""
    creator, inserter, blocker, remover, approver, reviewer, editor, sender, planner, inspector, driver,
    technician, engineer, manager, supervisor, dispatcher, caller, consultant, advisor, signatory, ersteller,
    erstellerin, verfasser, verfasserin, erfasser, genehmiger, genehmigerin, prufer, pruferin, freigeber,
    planer, planerin, disponent, disponentin, techniker, technikerin, berater, beraterin, leiter, leiterin,
    betreuer, betreuerin, unterzeichner
""")
"""Words for those who work: a column that ends with one tells who did."""
PERSONS = _split("""
    customer, kunde, kundin, kunden, client, klient, klientin, mandant, mandantin, patient, patientin,
    applicant, antragsteller, antragstellerin, bewerber, bewerberin, candidate, contact, kontakt,
    ansprechpartner, person, citizen, burger, burgerin, tenant, mieter, mieterin, member, mitglied, student,
    buyer, kaufer, seller, verkaufer, guest, gast, company, firma, unternehmen, debtor, debitor, creditor,
    kreditor, supplier, lieferant, vendor, prospect, interessent, account, organisation, organization, household,
    haushalt, policyholder, versicherungsnehmer, insured, claimant, subscriber, abonnent, recipient, empfanger, payee,
    borrower, kreditnehmer, geschaftspartner
""")
"""Words for those whom a case is about: a column that ends with one holds their names."""
PERSONAL = _split("""
    email, e mail, mail, phone, telefon, mobile, mobil, handy, fax, address, adresse, anschrift, street,
    strasse, birthday, birthdate, birth, geburtsdatum, geburtstag, iban, bic, kontonummer, passport, ssn,
    surname, vorname, nachname, firstname, lastname, forename
""")
"""Words that make any column one of personal data."""
