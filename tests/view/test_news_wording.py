"""What is said of news, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factoryview.flow.moment.levels import AMBER, RED
from factoryview.flow.verdict.costs import Cost
from factoryview.flow.verdict.demand import Demand
from factoryview.flow.verdict.heldback import Held
from factoryview.language import Language
from factoryview.time import DAY, HOUR, MINUTE
from factoryview.view.news import (
    Calm,
    Constraint,
    Elsewhere,
    Jam,
    Late,
    LeftLying,
    Longest,
    News,
    Standstill,
    Working,
    told_of,
)
from factoryview.view.news_wording import NewsWording

NOON = 1_774_958_400_000_000
GERMAN = NewsWording(Language("de", "Europe/Berlin"), {"Offer": "Angebot", "": ""}.__getitem__)
ENGLISH = NewsWording(Language("en", "Europe/Berlin"), str)
HELD = Held("Offer", 0.0, (0.0, 480.0), 20.0, "sure", 1.5, 0.42, 2.58, 0.0, 62.0, 11.0, None, 0.0, None)
COST = Cost(HELD, 4700.0, 294_000.0)
BEGUN = NOON - 35 * DAY
JAM = Jam("Offer", RED, 189, BEGUN, 9.7 * DAY)

SAID: tuple[tuple[News, tuple[str, str], tuple[str, str]], ...] = (
    (Calm(1234), ("Kein Stau", "1.234 in Arbeit"), ("No jam", "1,234 in progress")),
    (
        Calm(70, "Offer", 9, lying=50, lying_at="Offer", at_exit=4),
        (
            "50 liegen bei Angebot, niemand arbeitet daran",
            "aufnehmen oder abschließen · sonst kein Stau · 70 in Arbeit · "
            "am meisten bei Angebot: 9 · 4 ohne nächsten Schritt",
        ),
        (
            "50 left lying at Offer, nobody works on them",
            "take them up or close them · otherwise no jam · 70 in progress · most at Offer: 9 · 4 with no next step",
        ),
    ),
    (
        Calm(70, "Offer", 9, lying=50, lying_at="Offer", lying_among=59),
        (
            "50 von 59 liegen bei Angebot, niemand arbeitet daran",
            "aufnehmen oder abschließen · sonst kein Stau · 70 in Arbeit · am meisten bei Angebot: 9",
        ),
        (
            "50 of 59 left lying at Offer, nobody works on them",
            "take them up or close them · otherwise no jam · 70 in progress · most at Offer: 9",
        ),
    ),
    (
        Calm(70, lying=6, lying_at="Offer"),
        ("Kein Stau", "70 in Arbeit · 6 liegen bei Angebot"),
        ("No jam", "70 in progress · 6 left lying at Offer"),
    ),
    (
        Constraint("Offer", AMBER, 39, BEGUN, replace(COST, held=replace(HELD, lost=0.5)), 0),
        (
            "ENGPASS Angebot",
            "39 warten · 2.400 € je Arbeitstag verloren · hält 0,4 bis 2,6 Fälle je Arbeitstag zurück · seit 24. Feb.",
        ),
        (
            "BOTTLENECK Offer",
            "39 waiting · loses 2,400 € a working day · holds back 0.4 to 2.6 cases a working day · since 24 Feb",
        ),
    ),
    (
        JAM,
        ("STAU Angebot", "189 warten · Abbau in 9,7 d · seit 24. Feb."),
        ("JAM Offer", "189 waiting · clears in 9.7 d · since 24 Feb"),
    ),
    (
        Jam("Offer", AMBER, 7, BEGUN, None, replace(COST, held=replace(HELD, case="time"))),
        (
            "Langsam: Angebot",
            "7 warten · Klären, warum Fälle länger warten · nichts geht ab · seit 24. Feb.",
        ),
        (
            "Slow: Offer",
            "7 waiting · find out why cases wait longer · nothing leaves · since 24 Feb",
        ),
    ),
    (
        Constraint("Offer", RED, 82, BEGUN, COST, 1),
        (
            "ENGPASS Angebot",
            "82 warten · 1 freie Stelle besetzen · 290.000 € stecken fest · "
            "hält 0,4 bis 2,6 Fälle je Arbeitstag zurück · seit 24. Feb.",
        ),
        (
            "BOTTLENECK Offer",
            "82 waiting · fill 1 vacant post · 290,000 € tied up · "
            "holds back 0.4 to 2.6 cases a working day · since 24 Feb",
        ),
    ),
    (
        Constraint("Offer", AMBER, 39, BEGUN, COST, 0, demand=Demand(0.0, 31.0, 31.0, 30.0, 31.0)),
        (
            "ENGPASS Angebot",
            "39 warten · Angebot entlasten · 290.000 € stecken fest · "
            "hält 0,4 bis 2,6 Fälle je Arbeitstag zurück · seit 24. Feb.",
        ),
        (
            "BOTTLENECK Offer",
            "39 waiting · take work off Offer · 290,000 € tied up · "
            "holds back 0.4 to 2.6 cases a working day · since 24 Feb",
        ),
    ),
    (
        Constraint("Offer", AMBER, 39, BEGUN, COST, 0),
        (
            "ENGPASS Angebot",
            "39 warten · 290.000 € stecken fest · hält 0,4 bis 2,6 Fälle je Arbeitstag zurück · seit 24. Feb.",
        ),
        (
            "BOTTLENECK Offer",
            "39 waiting · 290,000 € tied up · holds back 0.4 to 2.6 cases a working day · since 24 Feb",
        ),
    ),
    (
        Jam("Offer", RED, 189, BEGUN, DAY, demand=Demand(0.0, 34.0, 31.0, 23.0, 23.0)),
        ("STAU Angebot", "189 warten · Klären, warum 48 % mehr ankommt · Abbau in 1 d · seit 24. Feb."),
        ("JAM Offer", "189 waiting · find out why 48% more arrives · clears in 1 d · since 24 Feb"),
    ),
    (
        Jam("Offer", RED, 189, BEGUN, DAY, demand=Demand(0.0, 23.0, 18.0, 23.0, 24.0)),
        ("STAU Angebot", "189 warten · Klären, warum 25 % weniger erledigt wird · Abbau in 1 d · seit 24. Feb."),
        ("JAM Offer", "189 waiting · find out why 25% less gets done · clears in 1 d · since 24 Feb"),
    ),
    (
        Jam("Offer", AMBER, 7, BEGUN, DAY, None, Elsewhere("Offer", 90)),
        ("Langsam: Angebot", "7 warten · Abbau in 1 d · 90 bei Angebot sind üblich · seit 24. Feb."),
        ("Slow: Offer", "7 waiting · clears in 1 d · 90 at Offer are usual · since 24 Feb"),
    ),
    (
        Jam("Offer", AMBER, 7, BEGUN, DAY, None, Elsewhere("Offer", 90, usual=False)),
        ("Langsam: Angebot", "7 warten · Abbau in 1 d · am meisten bei Angebot: 90 · seit 24. Feb."),
        ("Slow: Offer", "7 waiting · clears in 1 d · most at Offer: 90 · since 24 Feb"),
    ),
    (
        Constraint("Offer", AMBER, 82, BEGUN, replace(COST, held=replace(HELD, case="unseen")), 0),
        ("ENGPASS Angebot", "82 warten · Kosten unbekannt · seit 24. Feb."),
        ("BOTTLENECK Offer", "82 waiting · cost unknown · since 24 Feb"),
    ),
    (
        LeftLying("Offer", 16, BEGUN, 1200.4),
        ("LIEGEN GEBLIEBEN Angebot", "an 16 Fällen arbeitet niemand · 1.200 € wert · seit 24. Feb."),
        ("LEFT LYING Offer", "nobody works on 16 cases · worth 1,200 € · since 24 Feb"),
    ),
    (
        Late(("CRM",), NOON - 20 * MINUTE),
        ("KEINE DATEN CRM", "Stand 13:40 · seit 20 Min."),
        ("NO DATA CRM", "as of 13:40 · for 20 min"),
    ),
    (Late(("CRM", "Shop"), 0), ("KEINE DATEN 2 Quellen", "noch keine Daten"), ("NO DATA 2 sources", "no data yet")),
    (
        Standstill(False, "the disk is full.", NOON - 5 * MINUTE),
        ("NICHTS WIRD GESPEICHERT", "Stand 13:55 · the disk is full."),
        ("NOTHING IS RECORDED", "as of 13:55 · the disk is full."),
    ),
    (
        Calm(1234, judged=False),
        ("1.234 in Arbeit", "noch nicht zu beurteilen"),
        ("1,234 in progress", "not judged yet"),
    ),
    (
        Calm(1234, judged=False, queues=False),
        ("1.234 in Arbeit", "jeder braucht seine Zeit"),
        ("1,234 in progress", "each takes its time"),
    ),
    (
        Calm(60, longest=Longest("Offer", 8.7 * DAY, 19 * DAY)),
        ("8,7 d von 19 d vergehen bei Angebot", "Kein Stau · 60 in Arbeit"),
        ("8.7 d of 19 d are spent at Offer", "No jam · 60 in progress"),
    ),
    (
        Calm(60, longest=Working(9 * HOUR, 10 * HOUR)),
        ("Kein Stau, 9 h von 10 h sind Arbeit", "60 in Arbeit"),
        ("Nothing jams, 9 h of 10 h are work", "60 in progress"),
    ),
)


@pytest.mark.parametrize(("news", "german", "english"), SAID)
def test_news_are_said_in_both_languages(news: News, german: tuple[str, str], english: tuple[str, str]) -> None:
    for wording, said in ((GERMAN, german), (ENGLISH, english)):
        headline = wording.headline(news, NOON)
        assert (headline.title, headline.detail) == said
        assert (headline.level, headline.stage) == (news.level, news.stage)


def test_the_headline_of_a_stage_says_of_when_its_data_is() -> None:
    assert ENGLISH.headline(JAM, NOON, NOON - 20 * MINUTE).detail == "as of 13:40 · 189 waiting"
    assert GERMAN.headline(SAID[7][0], NOON, NOON - 20 * MINUTE).detail == "Stand 13:40 · 82 warten"


def test_data_of_another_day_is_written_with_its_date() -> None:
    assert ENGLISH.as_of(NOON - 26 * 60 * MINUTE, NOON) == "as of 30 Mar 12:00"
    assert GERMAN.as_of(NOON - 26 * 60 * MINUTE, NOON) == "Stand 30.03. 12:00"


def test_the_first_headline_speaks_of_what_lies_abandoned_only_where_that_is_much() -> None:
    few, many = (Calm(70, lying=lying, lying_at="Offer") for lying in (6, 50))
    assert (told_of((few,)), told_of((many, JAM)), told_of((JAM, many)), told_of(())) == ("", "Offer", "Offer", "")
    assert (ENGLISH.action(few), ENGLISH.action(many)) == ("", "take them up or close them")
