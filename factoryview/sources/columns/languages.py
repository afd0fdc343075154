"""What columns are called in the larger languages of Europe besides German and English, without accents.

Names of roles are given by language; a case is also known by one of its nouns beside a word for number, in any order:
`Numéro de dossier`, `zaaknummer`, `číslo žádosti`.
"""

from __future__ import annotations


def _split(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(","))


CASE_NOUNS = _split("""
    case, ticket, order, request, claim, application, permit, incident, issue, lead, deal, opportunity, enquiry,
    inquiry, complaint, invoice, shipment, parcel, project, patient, visit, journey, process, trace, dossier, contract,
    quote, offer, job, loan, purchase, sales, task, problem, record, file,
    fall, vorgang, vorgangs, antrag, antrags, auftrag, auftrags, akte, anfrage, angebot, bestellung, bestell,
    rechnung, rechnungs, projekt, beschwerde, schaden, meldung, meldungs, sendung, sendungs, reklamation, prozess,
    demande, commande, affaire, reclamation, sinistre, facture, projet, colis,
    caso, expediente, solicitud, pedido, incidencia, reclamo, factura, proyecto, siniestro, tramite, orden,
    pratica, richiesta, ordine, reclamo, fattura, progetto, segnalazione,
    zaak, aanvraag, bestelling, bestel, melding, meldings, klacht, factuur, verzoek, opdracht,
    zgloszenia, zgloszenie, sprawy, sprawa, zamowienia, zamowienie, wniosku, wniosek, zlecenia, reklamacji, faktury,
    processo, solicitacao, chamado, ocorrencia, encomenda, fatura, ordem,
    arende, bestallning, felanmalan, ansokan, sag, sags, sak, saks, ordre, bestilling, bestillings, ansogning, soknad,
    zadosti, zadost, pripadu, pripad, objednavky, objednavka, spisu, spis, zakazky, zakazka, pozadavku, pozadavek,
    asia, tapaus, tapauksen, tilaus, tilauksen, hakemus, hakemuksen, pyynto,
    ugy, rendeles, kerelem, igeny, bejelentes,
    basvuru, talep, siparis, dosya, vaka,
    cerere, cererii, comanda, comenzii, dosar, dosarului,
    заявка, заявки, обращение, обращения, дело, дела, заказ, заказа, сделка, сделки, задача, задачи, запрос, запроса,
    αιτηση, αιτησης, υποθεση, υποθεσης, παραγγελια, παραγγελιας, αιτημα, αιτηματος,
    call, booking, sejour, hospitalisation, candidature, bewerbung, bewerbungs, buchung, buchungs, prozedur, einsatz,
    طلب, الطلب, معاملة, المعاملة, قضية, القضية, شكوى, الشكوى, تذكرة, التذكرة, ملف, الملف, فاتورة, الفاتورة, امر, الامر,
    بلاغ, البلاغ, مريض, المريض, عقد, العقد,
    bestallnings, ugy, rendeles, spisova
""")
"""What a case can be."""
ID_WORDS = _split("""
    id, ids, number, num, no, nr, n, key, ref, reference, identifier, nummer, kennung, referenz, kennzeichen,
    numero, identifiant, identificador, identificativo, codigo, codice, cislo, numer, numar, numaro, номер, код, ид,
    αριθμος, κωδικος, numero, tunnus, azonosito, szam, szama, numarasi, kodu, kenmerk, sygnatura, protocollo,
    guid, uuid, referencia, riferimento, referentie, znak, رقم, معرف, المعرف, كود, رمز,
    azonositoja, znacka
""")
"""What makes a noun an identifier."""
CONNECTORS = _split("""
    de, du, des, la, le, les, l, d, del, della, dello, dei, di, do, da, dos, das, van, het, of, the, der, die, den, el,
    i, et, y, e, und, and, en
""")

MORE_NAMES: dict[str, dict[int, tuple[str, ...]]] = {
    "case": {
        9: _split("""
            expediente, caso, folio, pratica, protocollo, zaak, sprawa, zgloszenie, processo, chamado, protocolo,
            arende, diarienummer, sag, sak, zadost, pripad, spis, tapaus, ugy, ugyszam, basvuru, dosar, заявка,
            обращение, дело, αιτηση, υποθεση,
            案件番号, 申請番号, 注文番号, 受付番号, 订单号, 订单编号, 工单号, 案件编号, 申请编号,
            rendelesszam, spisova znacka, ugyiratszam, igenyszam
        """),
        6: _split("""
            demande, commande, affaire, solicitud, pedido, incidencia, richiesta, ordine, aanvraag, bestelling, melding,
            zamowienie, wniosek, solicitacao, encomenda, bestallning, ordre, bestilling, objednavka, zakazka, tilaus,
            hakemus, rendeles, kerelem, talep, siparis, dosya, cerere, comanda, заказ, сделка, задача, παραγγελια,
            ключ, clave, chiave, klucz, klic, cle
        """),
    },
    "stage": {
        9: _split("""
            etape, nouvel etat, nouveau statut, activite, tache,
            etapa, actividad, nuevo estado, tarea, paso, attivita, nuovo stato, passaggio,
            processtap, stap, activiteit, nieuwe status, etap, krok, czynnosc, aktywnosc, nowy status,
            atividade, passo, tarefa, novo estado, novo status, steg, aktivitet, ny status, trin, opgave,
            cinnost, novy stav, ukol, vaihe, tehtava, lepes, tevekenyseg, asama, adim, faaliyet, etapa, activitate,
            этап, стадия, шаг, действие, новый статус, σταδιο,
            المرحلة, مرحلة, النشاط, نشاط, الخطوة, خطوة, الاجراء, المهمة, 工程, 阶段, 步骤, 环节, 活动,
            ενεργεια, δραστηριοτητα, βημα, εργασια
        """),
        8: _split("""
            statut, etat, estado, estatus, fase, stato, toestand, stan, faza, situacao, situacion, tillstand, fas,
            tilstand, stav, faze, tila, allapot, statusz, fazis, durum, stare, stadiu, статус, состояние, κατασταση,
            φαση,
            الحالة, حالة, الوضع, 状態, ステータス, 状态
        """),
    },
    "time": {
        9: _split("""
            horodatage, date et heure, date heure, marca de tiempo, fecha y hora, fecha hora, data e ora, data ora,
            tijdstip, datum tijd, znacznik czasu, data i czas, data e hora, data hora, tidpunkt, tidsstampel,
            tidspunkt, tidsstempel, casove razitko, datum a cas, aikaleima, idopont, idobelyeg, zaman, дата и время,
            когда,
            الطابع الزمني, التاريخ والوقت, 更新日時, 変更日時, 日時, 时间, 更新时间, 变更时间,
            χρονοσφραγιδα, ημερομηνια και ωρα, carimbo de data hora, carimbo de data, zaman damgasi, tarih ve saat
        """),
        8: _split("""
            fecha, data, dato, paivamaara, paiva, datum, tarih, дата, ημερομηνια, heure, hora, ora, tijd, czas, tid,
            cas, aika, ido, saat, время, ωρα,
            تاريخ, التاريخ, وقت, الوقت, 日付, 日期
        """),
    },
    "resource": {
        9: _split("""
            responsable, utilisateur, traite par, proprietaire, assigne a, intervenant, gestionnaire, employe, usuario,
            agente, propietario, asignado a, empleado, gestor, responsabile, utente, operatore, assegnatario, addetto,
            assegnato a, medewerker, behandelaar, gebruiker, toegewezen aan, eigenaar, verantwoordelijke, pracownik,
            uzytkownik, osoba, przypisany do, wykonawca, odpowiedzialny, opiekun, responsavel, utilizador, atribuido a,
            funcionario, atendente, handlaggare, anvandare, ansvarig, medarbetare, tilldelad, sagsbehandler, bruger,
            ansvarlig, medarbejder, tildelt, saksbehandler, resitel, uzivatel, zpracovatel, odpovedny, pracovnik,
            kasittelija, kayttaja, vastuuhenkilo, ugyintezo, felhasznalo, felelos, kullanici, sorumlu, calisan, atanan,
            исполнитель, ответственный, сотрудник, пользователь, менеджер, автор, χρηστης, υπευθυνος, utilizator,
            الموظف, موظف, المسؤول, مسؤول, المستخدم, المعالج, المنفذ,
            担当者, 处理人, 负责人, 操作人, referent, prowadzacy,
            υπαλληλος, χειριστης
        """),
    },
    "value": {
        9: _split("""
            montant, montant ht, montant ttc, valeur, prix, importe, monto, valor, precio, importo, valore, prezzo,
            totale, bedrag, waarde, prijs, totaal, kwota, wartosc, cena, suma, montante, preco, belopp, varde, pris,
            summa, belob, vardi, belop, verdi, castka, hodnota, celkem, arvo, hinta, osszeg, ertek, tutar, deger, fiyat,
            сумма, стоимость, цена, бюджет, ποσο, αξια, pret, valoare,
            المبلغ, مبلغ, القيمة, قيمة, السعر, التكلفة, الاجمالي, 金額, 金额,
            ar, τιμη, κοστος
        """),
    },
    "channel": {
        8: _split("""
            canal, origine, provenance, origen, fuente, canale, fonte, provenienza, kanaal, bron, herkomst, zrodlo,
            pochodzenie, origem, kalla, ursprung, kilde, oprindelse, zdroj, puvod, kanava, lahde, csatorna, forras,
            kaynak, канал, источник, καναλι,
            القناة, قناة, المصدر
        """),
    },
    "reason": {
        9: _split("""
            motif, raison, motif de refus, motif de perte, motivo, razon, motivo de perdida, ragione, causa, reden,
            verliesreden, powod, przyczyna, razao, orsak, anledning, arsag, duvod, syy, indok, neden, sebep, причина,
            причина отказа, λογος, motivul,
            السبب, سبب, سبب الرفض
        """),
    },
}
"""Role → how sure → names."""

DATE_WORDS = _split("""
    date, time, timestamp, datetime, day, at, on, datum, zeit, zeitpunkt, zeitstempel, uhrzeit, tag, am, um, dt, ts,
    heure, jour, le, fecha, hora, el, data, ora, giorno, il, tijd, tijdstip, op, czas, dnia, em, tid, tidpunkt, dato,
    tidspunkt, cas, dne, paivamaara, aika, paiva, ido, idopont, datuma, tarih, tarihi, zaman, saat, дата, время,
    ημερομηνια, ωρα,
    تاريخ, التاريخ, وقت, الوقت, الساعة
""")
"""What makes a word for an event a moment."""
CHANGE_WORDS = _split("""
    change, changed, changes, moved, move, transition, transitioned, entered, entry, enter, since, geandert, anderung,
    anderungs, wechsel, gewechselt, eingetreten, eintritt, eintritts, seit, modification, modifie, modifiee,
    changement, change, depuis, entree, modificacion, cambio, modificado, modificada, desde, entrada, modifica,
    modificato, variazione, ingresso, gewijzigd, wijziging, wijzigings, sinds, zmiany, zmiana, zmieniono, modyfikacji,
    alteracao, alterado, alterada, modificacao, mudanca, andrad, andring, andrings, andret, endret, endring, zmeny,
    zmena, zmeneno, muutettu, muutos, muutospaiva, modositva, modositas, degisiklik, degistirme, modificarii,
    modificare, изменения, изменено, изменение, αλλαγης, τροποποιησης,
    التغيير, تغيير, التعديل, تعديل, التحديث, تحديث, الدخول,
    zdarzenia, evenement, evento, gebeurtenis, handelse, haendelse, udalosti, esemeny, olay, события, συμβαντος, الحدث
""")
"""A case is in another state since then."""
COMPLETION_WORDS = _split("""
    fin, termine, terminee, cloture, cloturee, acheve, achevement, finalizacion, finalizado, terminado, completado,
    cierre, cerrado, fine, completato, completamento, chiusura, terminato, einde, einddatum, eindtijd, afgerond,
    voltooid, gereed, afgesloten, koniec, zakonczenia, zakonczono, ukonczono, zakonczenie, fim, conclusao, concluido,
    termino, encerramento, slut, slutdatum, sluttid, avslutad, klar, fardig, slutdato, afsluttet, sluttdato, avsluttet,
    ferdig, konec, ukonceni, dokonceno, ukonceno, dokonceni, loppu, paattyi, valmis, paattynyt, vege, befejezve,
    befejezes, bitis, tamamlanma, tamamlandi, окончания, окончание, завершено, завершения, завершение, конец,
    sortie, abgang, salida, uscita, saida, cikis, wyjscia, wyjscie, udgang, utgang, vystup, entlassung, verlassen,
    الانتهاء, انتهاء, النهاية, نهاية, الاغلاق, الانجاز, الاكمال,
    eind, ληξης, ληξη, ολοκληρωση, ολοκληρωσης
""")
"""Something was finished then."""
ENTERING_WORDS = _split("""
    entered, entry, enter, arrival, arrived, admission, admitted, in, eingetreten, eintritt, eintritts, zugang, zugangs,
    ankunft, aufnahme, entree, arrivee, entrada, ingreso, llegada, ingresso, entrata, arrivo,
    chegada, binnenkomst, wejscia, wejscie, przyjecia, ankomst, inkomst, vstup, prijem, belepes, giris, intrare,
    поступления, поступление, εισοδου, الدخول
""")
LEAVING_WORDS = _split("""
    left, leave, leaving, exit, exited, departure, departed, discharge, discharged, out, verlassen, austritt, austritts,
    abgang, abgangs, entlassung, ausgang, ausgangs, sortie, depart, salida, alta, uscita, dimissione, partenza, saida,
    vertrek, wyjscia, wyjscie, wypisu, udgang, utgang, avgang, vystup, propusteni, kilepes, cikis, iesire, выбытия,
    выписки, выписка, εξοδου, الخروج
""")
"""A pair of columns of which one says that a place was entered and the other that it was left is an interval."""
START_WORDS = _split("""
    debut, commence, inicio, comienzo, iniciado, inizio, iniziato, begin, begindatum, startdatum, starttijd, begintijd,
    gestart, poczatek, rozpoczecia, rozpoczeto, rozpoczecie, borjan, startade, starttid, startdato, begyndt, zacatek,
    zahajeni, zahajeno, alku, alkuaika, aloitettu, kezdes, kezdete, kezdet, baslangic, baslama, начало, начала, начат,
    البداية, بداية, البدء, بدء,
    baslama, εναρξης, εναρξη
""")
"""Something was begun then."""
CREATION_WORDS = _split("""
    created, create, creation, opened, open, registered, received, submitted, applied, reported, requested, erstellt,
    angelegt, eroffnet, eingegangen, erfasst, creation, cree, creee, ouverture, ouvert, creacion, creado, apertura,
    creazione, creato, aangemaakt, aanmaak, utworzenia, utworzono, criacao, criado, abertura, skapad, oprettet,
    opprettet, vytvoreni, vytvoreno, luotu, letrehozva, olusturma, создания, создано, создан,
    الانشاء, انشاء, التقديم, الاستلام
""")
"""The case came into being then."""
PLAN_WORDS = _split("""
    prevu, prevue, echeance, previsionnel, estime, previsto, prevista, vencimiento, plazo, estimado, estimada, limite,
    scadenza, stimata, gepland, geplande, verwacht, streefdatum, vervaldatum, planowany, planowana, oczekiwany, prazo,
    vencimento, planerad, forfallodatum, beraknad, forvantad, planlagt, forfaldsdato, forventet, planovany, planovane,
    splatnost, ocekavane, срок, план, плановая, плановый, naissance, nacimiento, nascita, geboortedatum, urodzenia,
    nascimento, fodelsedatum, fodselsdato, narozeni, рождения,
    المتوقع, المخطط, الاستحقاق
""")
"""Plans, deadlines, dates of birth."""
CLOSING_WORDS = _split("""
    clos, close, ferme, fermee, gagne, gagnee, perdu, perdue, annule, annulee, refuse, refusee, cerrada, ganado,
    perdido, cancelado, rechazado, completado, chiuso, chiusa, vinto, perso, annullato, rifiutato, gesloten, gewonnen,
    verloren, geannuleerd, afgewezen, zamkniete, zakonczone, wygrane, przegrane, anulowane, odrzucone, fechado,
    fechamento, ganho, rejeitado, stangd, vunnen, forlorad, avbruten, avslagen, lukket, vundet, tabt, annulleret,
    afvist,
    uzavreno, vyhrano, prohrano, zruseno, zamitnuto, hotovo, suljettu, lezart, lezarva, elutasitva, kesz, kapali,
    kazanildi, kaybedildi, iptal, reddedildi, закрыто, закрыта, выиграно, проиграно, отменено, отклонено, выполнено,
    завершено
""")
"""A case is over, as dates and states say."""
GLUED = _split("""
    num, current, applied, issued, completed, created, opened, closed, submitted, approved, received, started,
    finished, changed, updated, resolved, assigned, requested, ordered, shipped, delivered, paid, entered, left,
    planned, estimated, est, project, cost, name, type, class, permit, case, order, ticket, customer, work, value,
    amount, total, price, status, stage, state, phase, step, activity, event, date, time, stamp, start, end, user,
    owner, agent, number, code, reason, channel, source, group, team, department, last, first, new, old, from, to,
    id, no, nr, by, at, on, description, community, location, district, area, net, gross, process, request, account,
    datum, zeit, nummer, vorgang, vorgangs, fall, antrag, antrags, auftrag, auftrags, schritt, bearbeiter, beginn,
    ende, betrag, wert, kanal, grund, geandert, erstellt, abgeschlossen, melding, zaak, bestel, dato
""")
"""Words of which headers are made that are written in one, like `permitnum`."""
