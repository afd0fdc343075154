"""Whether the name of a stage says that a case was won or lost there, in the larger languages of Europe and Asia.

Stems stand for all their endings. What is said of a state that passes (a payment, an expiry soon) is not among them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Kind = Literal["won", "lost", "neutral"]

_WON = """
    won(?!\\st\\b) closedwon paid approved granted accepted successful\\w*
    gewonnen\\w* bezahlt\\w* genehmigt\\w* bewilligt\\w* angenommen\\w* erfolgreich\\w*
    gagnee?s? payee?s? acceptee?s? approuvee?s? accordee?s? valide\\sdefinitivement
    ganad[oa]s? pagad[oa]s? aprobad[oa]s? aceptad[oa]s? concedid[oa]s?
    vint[oaie] pagat[oaie] approvat[oaie] accettat[oaie]
    betaald\\w* goedgekeurd\\w* toegekend\\w* geaccepteerd\\w*
    wygran\\w* opłacon\\w* zapłacon\\w* zatwierdzon\\w* zaakceptowan\\w*
    ganh[oa]s? aprovad[oa]s? deferid[oa]s? aceit[oa]s?
    vundet vunnet vunnen betald betalt godkaend\\w* godkendt godkjent
    vyhran\\w* zaplacen\\w* schvalen\\w*
    выигран\\w* оплачен\\w* утвержден\\w* одобрен\\w* согласован[оаы]?
    kazanildi odendi oedendi onaylandi
"""
_LOST = """
    lost closedlost reject\\w* declined? denied refused withdrawn? withdrawal cancel cancell?ed cancellation aborted
    abandoned disqualified unqualified churned unsuccessful\\w* failed expired lapsed voided void dropped no\\sshow
    revoked terminated
    verlor\\w+ verlust abgelehnt\\w* ablehnung zurueckgezogen\\w* zurueckgenommen\\w* zurueckgewiesen\\w* storniert\\w*
    stornierung storno abgebrochen\\w* abbruch verworfen\\w* gekuendigt\\w* gescheitert\\w* absage abgesagt\\w*
    verfallen\\w* abgelaufen\\w* hinfaellig widerrufen\\w* nicht\\sbestanden nicht\\szustande\\sgekommen
    annulee?s? refusee?s? rejetee?s? expiree?s? perdue?s? abandonnee?s? resiliee?s? declinee?s? desistement retiree?s?
    sans\\ssuite caduque?s?
    cancelad[oa]s? rechazad[oa]s? denegad[oa]s? caducad[oa]s? perdid[oa]s? anulad[oa]s? desestimad[oa]s? abandonad[oa]s?
    expirad[oa]s? retirad[oa]s?
    annullat[oaie] rifiutat[oaie] respint[oaie] scadut[oaie] pers[oi] abbandonat[oaie] rigettat[oaie] ritirat[oaie]
    geannuleerd\\w* afgewezen\\w* geweigerd\\w* verlopen verloren ingetrokken vervallen afgebroken
    anulowan\\w* odrzucon\\w* wygasł\\w* utracon\\w* stracon\\w* przegran\\w* wycofan\\w*
    recusad[oa]s? rejeitad[oa]s? indeferid[oa]s? desistid[oa]s?
    avbruten avbrutet avslagen avslaget avslag avvist avvisad afvist annulleret kansellert makulerad foerlorad tapt tabt
    peruttu hylaetty
    zrusen\\w* zamitnut\\w* odmitnut\\w* prohran\\w*
    отменен\\w* отклонен\\w* отказано? отказ просрочен\\w* проигран\\w* аннулирован\\w* отозван\\w*
    iptal reddedildi kaybedildi
"""
_UNSPACED: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (
        "lost",
        (
            "已取消",
            "已拒绝",
            "已拒絕",
            "拒绝",
            "驳回",
            "作废",
            "キャンセル",
            "却下",
            "失注",
            "取消",
            "취소",
            "거절",
            "반려",
        ),
    ),
    ("won", ("已付款", "已批准", "成交", "受注", "承認済", "支払済", "승인", "결제완료")),
)
"""Of scripts that write no blanks between words."""
_NOT = re.compile(
    r"\b(not|no|non|never|nicht|nie|kein\w*|ohne|pas|sans|sin|senza|niet|geen|bez|sem|nao|inte|ikke|ej|не|без)"
    r"\s+(\w+\s+)?$"
)


def kind_of(label: str) -> Kind:
    """Whether a label says in so many words that the case was won or lost; anything else is neutral.

    >>> kind_of("Closed Won"), kind_of("Antrag zurückgezogen"), kind_of("Resolved"), kind_of("not paid")
    ('won', 'lost', 'neutral', 'neutral')
    """
    for kind, unspaced in _UNSPACED:
        if any(word in label for word in unspaced):
            return kind
    words = _plain(label)
    won, lost = (_says(pattern, words) for pattern in (_PATTERN_WON, _PATTERN_LOST))
    return "neutral" if won == lost else "won" if won else "lost"


def _pattern(stems: str) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(stems.split())})\b")


_PATTERN_WON, _PATTERN_LOST = _pattern(_WON), _pattern(_LOST)


def _says(pattern: re.Pattern[str], words: str) -> bool:
    return any(not _NOT.search(words[: found.start()]) for found in pattern.finditer(words))


def _plain(label: str) -> str:
    """Small letters, umlauts spelled out, accents gone, words apart: `ClosedWon_2` → `closed won 2`."""
    text = re.sub(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])", " ", label).casefold()
    for umlaut, spelled in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ı", "i")):
        text = unicodedata.normalize("NFC", text).replace(umlaut, spelled)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", text).strip()
