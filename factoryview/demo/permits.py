"""Bauamt Neustadt, 2019–2024: people retire, posts stay vacant, and a 30 € decision costs 1,000 €."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from factoryview.demo.arrivals import EVENING, OFFICE, ArrivalChannel, arrivals, pick
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

PER_DAY = 4.0
YEARS = {2019: 0.97, 2020: 0.96, 2021: 1.05, 2022: 1.00, 2023: 0.94, 2024: 0.98}
MONTHS = (0.85, 0.95, 1.15, 1.20, 1.15, 1.05, 0.95, 0.85, 1.00, 1.05, 1.00, 0.80)
ONLINE = {2019: 0.10, 2020: 0.22, 2021: 0.34, 2022: 0.44, 2023: 0.54, 2024: 0.62}
POST = 0.6
"""Share of post in what does not come online; the rest comes to the desk."""
DESK_CLOSED = (date(2020, 3, 23), date(2020, 6, 1))

KINDS = ("minor", "house", "commercial")
MIX = (0.25, 0.55, 0.20)
FEE = {"minor": (30.0, 0.0), "house": (1_100.0, 0.6), "commercial": (6_500.0, 0.9)}
"""Mean and spread of the fee in EUR. Signs, fences and carports cost 30 € and pass every expert all the same."""

STATIONS = (
    Workplace("Intake", 0.4),
    Workplace("Completeness check", 0.5),
    Workplace("Applicant", 0.7, staffed=False),
    Workplace("Fire safety", 0.5),
    Workplace("Environment", 0.5),
    Workplace("Neighbours", 0.5),
    Workplace("Decision", 0.5),
    Workplace("Fee notice", 0.4),
)
EXPERTS = ("Fire safety", "Environment", "Neighbours")
INTAKE_HOURS = {"desk": 0.6, "post": 0.9, "online": 0.2}
HOURS = {
    "Completeness check": (1.8, 3.0, 5.0),
    "Applicant": (70.0, 100.0, 130.0),
    "Fire safety": (2.8, 4.0, 8.0),
    "Environment": (2.8, 4.0, 10.0),
    "Neighbours": (3.6, 4.0, 6.0),
    "Decision": (4.5, 8.0, 14.0),
    "Fee notice": (1.2, 1.2, 1.2),
}
"""Mean working hours for a minor, a house and a commercial application."""


@dataclass(frozen=True)
class Bauamt:
    """The story."""

    entrance = "Intake"
    join = "Decision"
    goal = "Fee notice"
    stations: Sequence[Workplace] = STATIONS

    @cached_property
    def time(self) -> WorkingTime:
        return WorkingTime(
            ZoneInfo("Europe/Berlin"),
            date(2019, 1, 1),
            date(2024, 12, 31),
            time(8),
            time(16),
            frozenset(german_holidays(range(2019, 2026))),
        )

    @cached_property
    def staff(self) -> tuple[Employee, ...]:
        return team(
            Employee("Intake", 44.0),
            Employee("Intake", 3.0, since=date(2021, 10, 4), robot=True),
            (Employee("Completeness check", 52.0), 3),
            (Employee("Fire safety", 62.0), 3),
            Employee("Environment", 62.0),
            Employee("Environment", 62.0, until=date(2020, 8, 30)),
            Employee("Environment", 62.0, until=date(2021, 2, 28)),
            Employee("Environment", 62.0, since=date(2022, 1, 3)),
            Employee("Environment", 62.0, since=date(2022, 5, 2)),
            (Employee("Neighbours", 56.0), 3),
            (Employee("Decision", 68.0), 3),
            Employee("Decision", 68.0, until=date(2023, 6, 25)),
            Employee("Decision", 68.0, until=date(2023, 12, 31)),
            Employee("Decision", 68.0, until=date(2024, 2, 25)),
            Employee("Fee notice", 46.0),
        )

    def cases(self, seed: int) -> list[Case]:
        found: list[tuple[int, str, int, str]] = []
        for channel in (
            ArrivalChannel("desk", PER_DAY, hours=OFFICE),
            ArrivalChannel("post", PER_DAY, hours=(0,) * 9 + (3, 5, 2)),
            ArrivalChannel("online", PER_DAY, weekend=0.25, hours=EVENING),
        ):

            def factor(day: date, name: str = channel.name) -> float:
                return YEARS[day.year] * MONTHS[day.month - 1] * channel_share(name, day)

            for moment, uniform in arrivals(seed, self.time, channel, factor):
                kind = KINDS[pick(MIX, uniform())]
                fee = lognormal(normal(uniform(), uniform()), *FEE[kind])
                found.append((moment, channel.name, max(30, round(fee / 10) * 10), kind))
        return [Case(f"N-{100001 + n}", *case) for n, case in enumerate(sorted(found))]

    def hours(self, case: Case, station: str, number: int, moment: int) -> float:  # noqa: ARG002
        if station == "Intake":
            return INTAKE_HOURS[case.channel]
        hours = HOURS[station][KINDS.index(case.kind)]
        return hours * 0.5 if station == "Completeness check" and number > 1 else hours

    def route(self, case: Case, station: str, moment: int, draw: Draw) -> NextStep:  # noqa: ARG002
        match station:
            case "Intake":
                return NextStep(("Completeness check",))
            case "Completeness check":
                if draw.route < 0.30:
                    return NextStep(("Applicant",), "documents missing")
                far_from_water = case.kind == "house" and draw.reason < 0.4
                return NextStep(tuple(name for name in EXPERTS if not (far_from_water and name == "Environment")))
            case "Applicant":
                if draw.route < 0.12:
                    return NextStep(("Withdrawn",), "documents never came" if draw.reason < 0.7 else "no need")
                return NextStep(("Completeness check",))
            case "Decision":
                return NextStep(("Fee notice",))
            case "Fee notice":
                if draw.route < 0.08:
                    return NextStep(("Refused",), "against the plan" if draw.reason < 0.6 else "fire safety")
                return NextStep(("Granted",))
            case _:
                return NextStep(("Decision",))

    def give_up(self, case: Case, station: str) -> NextStep:
        raise ValueError(f"{case.id} cannot give up at {station}: applicants of a public office wait")


def channel_share(name: str, day: date) -> float:
    """Share of the applications that come by that channel; the desk was closed in spring 2020."""
    online = ONLINE[day.year]
    if name == "online":
        return online
    by_post = 1.0 if DESK_CLOSED[0] <= day < DESK_CLOSED[1] else POST
    return (1.0 - online) * (by_post if name == "post" else 1.0 - by_post)


MACHINES: dict[str, Machine] = {
    "Intake": ("Eingang", "Front office", 1, timedelta(days=2)),
    "Completeness check": ("Vollständigkeit", "Front office", 3, timedelta(days=5)),
    "Applicant": ("Antragsteller", "Front office", None, None),
    "Fire safety": ("Brandschutz", "Experts", 3, timedelta(days=10)),
    "Environment": ("Umwelt", "Experts", 3, timedelta(days=10)),
    "Neighbours": ("Nachbarn", "Experts", 3, timedelta(days=10)),
    "Decision": ("Bescheid", "Permits", 6, timedelta(days=10)),
    "Fee notice": ("Gebühr", "Permits", 1, timedelta(days=3)),
}
BELTS = (
    ("Intake", "Completeness check"),
    ("Completeness check", "Applicant"),
    ("Applicant", "Completeness check"),
    ("Applicant", "Withdrawn"),
    *(("Completeness check", name) for name in EXPERTS),
    *((name, "Decision") for name in EXPERTS),
    ("Decision", "Fee notice"),
    ("Fee notice", "Granted"),
    ("Fee notice", "Refused"),
)
COLUMNS = {"case": "case", "stage": "stage", "start": "start", "time": "end"} | {
    role: role for role in ("channel", "resource", "value", "reason")
}


def plant() -> Plant:
    """The plant file of the story."""
    story = Bauamt()
    return Plant(
        name="Bauamt Neustadt",
        language="de",
        timezone="Europe/Berlin",
        currency="EUR",
        calendar=calendar(story.time),
        departments=departments({"Front office": "Annahme", "Experts": "Fachstellen", "Permits": "Genehmigung"}),
        stages=stages(STATIONS, MACHINES),
        workers=workers(story.staff),
        belts=tuple(WantedBelt(origin=origin, target=target) for origin, target in BELTS),
        sources=sources({"desk": ("Schalter", "Desk"), "post": ("Post", "Post"), "online": ("Online", "Online")}),
        outcomes=(
            Outcome(name="Granted", label={"de": "Genehmigt", "en": "Granted"}, kind="won"),
            Outcome(name="Refused", label={"de": "Abgelehnt", "en": "Refused"}, kind="neutral"),
            Outcome(name="Withdrawn", label={"de": "Zurückgezogen", "en": "Withdrawn"}, kind="lost"),
        ),
        reasons=reasons(
            {
                "documents never came": ("Unterlagen fehlen", "documents never came"),
                "no need": ("kein Bedarf", "no need"),
                "against the plan": ("gegen den Bebauungsplan", "against the plan"),
                "fire safety": ("Brandschutz", "fire safety"),
            }
        ),
        targets=(Target(of="Fee notice", per_day=4, label={"de": "Bescheide", "en": "Decisions"}),),
        marks=marks(
            story.time,
            {
                DESK_CLOSED[0]: ("Schalter geschlossen", "Desk closed"),
                DESK_CLOSED[1]: ("Schalter wieder offen", "Desk open again"),
                date(2020, 8, 31): ("Umwelt: erste Pensionierung", "Environment: first retirement"),
                date(2021, 3, 1): ("Umwelt: zweite Pensionierung", "Environment: second retirement"),
                date(2022, 1, 3): ("Umwelt: Stelle besetzt", "Environment: post filled"),
                date(2022, 5, 2): ("Umwelt: wieder vollzählig", "Environment: complete again"),
                date(2023, 6, 26): ("Bescheid: erste Pensionierung", "Decision: first retirement"),
                date(2024, 1, 2): ("Bescheid: zweite Pensionierung", "Decision: second retirement"),
                date(2024, 2, 26): ("Bescheid: dritte Pensionierung", "Decision: third retirement"),
            },
        ),
        log=Log(
            path="permits.csv.gz",
            columns=COLUMNS,
            times="interval",
            ends=("Granted", "Refused", "Withdrawn"),
            timezone="Europe/Berlin",
        ),
    )
