"""Umsatzwerk Köln, 2025: faster offers bring no more orders while two, then one, then three people approve them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from factoryview.demo.arrivals import EVENING, OFFICE, ArrivalChannel, arrivals
from factoryview.demo.plants import (
    Machine,
    calendar,
    departments,
    marks,
    reasons,
    sources,
    stages,
    team,
    workers,
)
from factoryview.demo.simulator import Case, Draw, Employee, NextStep, Workplace, lognormal, normal
from factoryview.demo.worktime import WorkingTime, german_holidays
from factoryview.plant.models import Log, Outcome, Plant, Target, WantedBelt

AI_OFFERS = date(2025, 4, 7)
ONE_LEAVES = date(2025, 6, 8)
SPREADSHEET = date(2025, 9, 8)
REPAIRED = date(2025, 9, 17)
RELIEF = date(2025, 10, 6)
SMALL_OFFER = 5000

CHANNELS = (
    ArrivalChannel("organic", 40.0, weekend=0.10, hours=EVENING),
    ArrivalChannel("ads", 26.5, weekend=0.12, hours=EVENING),
    ArrivalChannel("partner", 12.0, weekend=0.0, hours=OFFICE),
)
SEASON = (0.93, 0.96, 0.98, 0.97, 0.97, 0.99, 1.01, 0.96, 1.03, 1.05, 1.04, 0.88)
NO_NEED = {"organic": 0.40, "ads": 0.46, "partner": 0.15}
WON = {"organic": 0.34, "ads": 0.30, "partner": 0.46}
VALUE = {"organic": 11_000.0, "ads": 8_500.0, "partner": 16_000.0}

STATIONS = (
    Workplace("Inquiry", 0.5),
    Workplace("Qualify", 0.5),
    Workplace("First call", 0.4),
    Workplace("Offer", 0.5, patience=48.0),
    Workplace("Approval", 0.5, patience=90.0),
    Workplace("Decision", 0.6, staffed=False),
    Workplace("Order", 0.4),
    Workplace("Planning", 0.5),
    Workplace("Delivery", 0.5),
)
HOURS = {
    "Inquiry": 0.17,
    "Qualify": 0.40,
    "First call": 0.70,
    "Offer": 1.64,
    "Approval": 0.72,
    "Decision": 18.0,
    "Order": 1.1,
    "Planning": 1.7,
    "Delivery": 3.0,
}
AI_OFFER_HOURS = 0.75
AI_APPROVAL_HOURS = 0.75
"""Offers that a machine wrote take a little longer to check."""


@dataclass(frozen=True)
class Umsatzwerk:
    """The story. `leak` False: the spreadsheet was right from the start."""

    leak: bool = True

    entrance = "Inquiry"
    join = None
    goal = "Order"
    stations: Sequence[Workplace] = STATIONS

    @cached_property
    def time(self) -> WorkingTime:
        return WorkingTime(
            ZoneInfo("Europe/Berlin"),
            date(2025, 1, 1),
            date(2025, 12, 31),
            time(8),
            time(17),
            frozenset(german_holidays([2025, 2026], catholic=True)),
        )

    @cached_property
    def staff(self) -> tuple[Employee, ...]:
        before = AI_OFFERS - timedelta(days=1)
        return team(
            Employee("Inquiry", 38.0),
            Employee("Inquiry", 4.0, robot=True),
            (Employee("Qualify", 42.0), 3),
            (Employee("First call", 52.0), 5),
            (Employee("Offer", 58.0), 2),
            (Employee("Offer", 58.0, until=before), 2),
            (Employee("Offer", 6.0, since=AI_OFFERS, robot=True), 2),
            Employee("Approval", 74.0),
            Employee("Approval", 74.0, until=ONE_LEAVES),
            (Employee("Approval", 74.0, since=RELIEF), 2),
            (Employee("Order", 45.0), 2),
            (Employee("Planning", 55.0), 3),
            (Employee("Delivery", 50.0), 5),
        )

    @cached_property
    def _since(self) -> dict[str, int]:
        moments = {"ai": AI_OFFERS, "spreadsheet": SPREADSHEET, "repaired": REPAIRED, "relief": RELIEF}
        return {name: self.time.moment(day) for name, day in moments.items()}

    def cases(self, seed: int) -> list[Case]:
        found: list[tuple[int, str, int]] = []
        for channel in CHANNELS:
            for moment, uniform in arrivals(seed, self.time, channel, lambda day: SEASON[day.month - 1]):
                value = lognormal(normal(uniform(), uniform()), VALUE[channel.name], 0.85)
                found.append((moment, channel.name, max(300, round(value / 50) * 50)))
        return [Case(f"A-{10001 + n}", *case) for n, case in enumerate(sorted(found))]

    def hours(self, case: Case, station: str, number: int, moment: int) -> float:  # noqa: ARG002
        hours = HOURS[station]
        if moment >= self._since["ai"]:
            hours = {"Offer": AI_OFFER_HOURS, "Approval": AI_APPROVAL_HOURS}.get(station, hours)
        return hours * 0.4 if station == "Offer" and number > 1 else hours

    def route(self, case: Case, station: str, moment: int, draw: Draw) -> NextStep:
        match station:
            case "Inquiry":
                if draw.route < NO_NEED[case.channel]:
                    return _lost("no need")
                wrong = self._since["spreadsheet"] <= moment < self._since["repaired"] and draw.reason < 0.5
                return NextStep(("Qualify",), picked_up=not (self.leak and wrong))
            case "Qualify":
                return _lost("not reached") if draw.route < 0.07 else NextStep(("First call",))
            case "First call":
                if draw.route < 0.35:
                    reasons = ("not reached", "no need", "competitor")
                    return _lost(reasons[(draw.reason > 0.42) + (draw.reason > 0.78)])
                return NextStep(("Offer",))
            case "Offer":
                small = case.value < SMALL_OFFER and moment >= self._since["relief"]
                return NextStep(("Decision",) if small else ("Approval",))
            case "Approval":
                return NextStep(("Offer",)) if draw.route < 0.08 else NextStep(("Decision",))
            case "Decision":
                if draw.route < WON[case.channel]:
                    return NextStep(("Order",))
                if moment - case.arrived > 30 * 86400:
                    return _lost("too late")
                return _lost("competitor" if draw.reason < 0.6 else "no need")
            case "Order":
                return NextStep(("Planning",))
            case "Planning":
                return NextStep(("Delivery",))
            case _:
                return NextStep(("Paid",))

    def give_up(self, case: Case, station: str) -> NextStep:  # noqa: ARG002
        return _lost("competitor")


def _lost(reason: str) -> NextStep:
    return NextStep(("Lost",), reason)


MACHINES: dict[str, Machine] = {
    "Inquiry": ("Anfrage", "Marketing", 2, timedelta(hours=4)),
    "Qualify": ("Qualifizieren", "Sales", 3, timedelta(days=1)),
    "First call": ("Erstgespräch", "Sales", 5, timedelta(days=1)),
    "Offer": ("Angebot", "Sales", 4, timedelta(days=2)),
    "Approval": ("Freigabe", "Sales", 2, timedelta(days=2)),
    "Decision": ("Entscheidung", "Sales", None, None),
    "Order": ("Auftrag", "Delivery", 2, timedelta(days=1)),
    "Planning": ("Planung", "Delivery", 3, timedelta(days=2)),
    "Delivery": ("Lieferung", "Delivery", 5, timedelta(days=3)),
}
BELTS = (*pairwise((*MACHINES, "Paid")), ("Approval", "Offer"), ("Offer", "Decision"))
ROLES = ("case", "stage", "time", "channel", "resource", "value", "reason")


def plant() -> Plant:
    """The plant file of the story."""
    story = Umsatzwerk()
    return Plant(
        name="Umsatzwerk Köln",
        language="de",
        timezone="Europe/Berlin",
        currency="EUR",
        calendar=calendar(story.time),
        departments=departments({"Marketing": "Marketing", "Sales": "Vertrieb", "Delivery": "Leistung"}),
        stages=stages(STATIONS, MACHINES),
        workers=workers(story.staff),
        belts=tuple(WantedBelt(origin=origin, target=target) for origin, target in BELTS),
        sources=sources(
            {"organic": ("Organisch", "Organic"), "ads": ("Anzeigen", "Ads"), "partner": ("Partner", "Partner")}
        ),
        outcomes=(
            Outcome(name="Paid", label={"de": "Bezahlt", "en": "Paid"}, kind="won"),
            Outcome(name="Lost", label={"de": "Verloren", "en": "Lost"}, kind="lost"),
        ),
        reasons=reasons(
            {
                "no need": ("kein Bedarf", "no need"),
                "not reached": ("nicht erreicht", "not reached"),
                "competitor": ("Wettbewerb", "competitor"),
                "too late": ("zu spät", "too late"),
            }
        ),
        targets=(
            Target(of="Order", per_day=8, label={"de": "Aufträge", "en": "Orders"}),
            Target(of="First call", per_day=40, label={"de": "Erstgespräche", "en": "First calls"}),
        ),
        marks=marks(
            story.time,
            {
                AI_OFFERS: ("KI-Angebote eingeführt", "AI offers introduced"),
                date(2025, 6, 10): ("Freigabe: eine von zwei geht", "Approval: one of two leaves"),
                SPREADSHEET: ("Übergabe per Tabelle", "Hand-over by spreadsheet"),
                REPAIRED: ("Tabelle berichtigt", "Spreadsheet repaired"),
                RELIEF: ("Dritte Person, unter 5 T€ ohne Freigabe", "Third person, under 5 T€ no approval"),
            },
        ),
        log=Log(
            path="umsatzwerk.csv.gz",
            columns={role: role for role in ROLES},
            times="entry",
            ends=("Paid", "Lost"),
            timezone="Europe/Berlin",
        ),
    )
