"""Small seeded plants for pictures: a few stages simulated for a few weeks, so that queues are real ones."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import count
from random import Random

import duckdb

from factoryview.factory.factory import Factory
from factoryview.language import Code, Language
from factoryview.plant.feeds import FileFeed
from factoryview.plant.models import Department, Mark, Outcome, Plant, Source, Stage, Target, Worker
from factoryview.sources.feeds.follower import FeedState
from factoryview.store.database import Store
from factoryview.view.health import FeedHealth
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from tests.kit.event_logs import Event, event_log

DAY = 86_400_000_000
BEGIN = datetime(2025, 3, 3, tzinfo=UTC)
FIRST = round(BEGIN.timestamp()) * 1_000_000


@dataclass(frozen=True)
class Line:
    """A process to simulate. Times are days."""

    routes: dict[str, tuple[tuple[str, float], ...]]
    """Stage → (where next, weight); names that are no stage are ends."""
    service: dict[str, float]
    """Mean time at work."""
    servers: dict[str, int]
    channels: dict[str, float]
    """Channel → arrivals a day."""
    days: int = 40
    slow: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    """Stage → (since, until, factor) of a spell in which work takes longer."""
    seed: int = 1


def simulate(line: Line) -> list[Event]:
    """Cases through first-come queues, as entry events; the cases still there at the end stay open."""
    random, number = Random(line.seed), count()
    first = next(iter(line.routes))
    agenda: list[tuple[float, int, str, str, str]] = []
    for rate in line.channels.values():
        at = 0.0
        while (at := at + random.expovariate(rate)) < line.days:
            n = next(number)
            heapq.heappush(agenda, (at, n, "arrive", f"case {n}", first))
    of: dict[str, str] = {}
    rows: list[tuple[float, str, str]] = []
    queues = {stage: deque[str]() for stage in line.routes}
    free = dict(line.servers)
    names = list(line.channels)
    while agenda:
        at, _, what, case, stage = heapq.heappop(agenda)
        if at > line.days:
            break
        of.setdefault(case, random.choices(names, list(line.channels.values()))[0])
        if what == "arrive":
            rows.append((at, case, stage))
            if stage not in line.routes:
                continue
            queues[stage].append(case)
        else:
            free[stage] += 1
            targets, weights = zip(*line.routes[stage], strict=True)
            heapq.heappush(agenda, (at, next(number), "arrive", case, random.choices(targets, weights)[0]))
        while free[stage] and queues[stage]:
            free[stage] -= 1
            since, until, factor = line.slow.get(stage, (0, 0, 1))
            mean = line.service[stage] * (factor if since <= at < until else 1)
            done = at + random.uniform(0.6, 1.4) * mean
            heapq.heappush(agenda, (done, next(number), "leave", queues[stage].popleft(), stage))
    return [
        Event(row, case, stage, FIRST + round(at * DAY), channel=of[case]) for row, (at, case, stage) in enumerate(rows)
    ]


@dataclass(frozen=True)
class Small:
    """A plant and the process that fills it."""

    plant: Plant
    line: Line
    ends: tuple[str, ...] = ("Paid", "Lost")


def presentation_of(small: Small, code: Code = "en", aspect: float = 2.1) -> Presentation:
    """The plant with its simulated log, ready to be drawn."""
    log = event_log(duckdb.connect(), "entry", simulate(small.line))
    plant = small.plant.model_copy(update={"language": code})
    factory = Factory(plant, Store.build(log, ends=small.ends), plant.name, (), 0, {}, log.rows)
    return Presentation(Model(factory, aspect=aspect), Language(code, "Europe/Berlin"))


_STAGES = {
    "Inquiry": ("Anfrage", "Marketing"),
    "Qualify": ("Qualifizieren", "Sales"),
    "Offer": ("Angebot", "Sales"),
    "Approval": ("Freigabe", "Sales"),
    "Delivery": ("Lieferung", "Delivery"),
}
_SERVICE = {"Inquiry": 0.05, "Qualify": 0.09, "Offer": 0.12, "Approval": 0.15, "Delivery": 0.2}
_SERVERS = {"Inquiry": 2, "Qualify": 3, "Offer": 3, "Approval": 3, "Delivery": 3}


def _line(**changed: object) -> Line:
    routes: dict[str, tuple[tuple[str, float], ...]] = {
        "Inquiry": (("Qualify", 0.8), ("Lost", 0.2)),
        "Qualify": (("Offer", 0.85), ("Lost", 0.15)),
        "Offer": (("Approval", 1.0),),
        "Approval": (("Delivery", 0.9), ("Offer", 0.06), ("Lost", 0.04)),
        "Delivery": (("Paid", 1.0),),
    }
    line = Line(routes, dict(_SERVICE), dict(_SERVERS), {"web": 12, "partner": 5})
    return replace(line, **changed)  # type: ignore[arg-type]


def sales(line: Line | None = None) -> Small:
    """Five stages in three departments with two channels, losses, people, a robot and a vacancy."""
    day = date(2025, 3, 3)
    plant = Plant(
        name="Schraubenwerk",
        timezone="Europe/Berlin",
        departments=tuple(
            Department(name=en, label={"de": de, "en": en})
            for en, de in (("Marketing", "Marketing"), ("Sales", "Vertrieb"), ("Delivery", "Lieferung"))
        ),
        stages=tuple(
            Stage(name=name, label={"de": german, "en": name}, department=department, posts=_SERVERS[name])
            for name, (german, department) in _STAGES.items()
        ),
        workers=(
            *(Worker(stage=name, count=n - (name == "Approval"), since=day) for name, n in _SERVERS.items()),
            Worker(stage="Offer", kind="robot", since=day),
        ),
        sources=(
            Source(name="web", label={"de": "Webseite", "en": "Website"}),
            Source(name="partner", label={"de": "Partner", "en": "Partners"}),
        ),
        outcomes=(
            Outcome(name="Paid", kind="won", label={"de": "Bezahlt", "en": "Paid"}),
            Outcome(name="Lost", kind="lost", label={"de": "Verloren", "en": "Lost"}),
        ),
        targets=(Target(of="Paid", per_day=10, label={"de": "Aufträge", "en": "Orders"}),),
        marks=(Mark(at=BEGIN + timedelta(days=20), label={"de": "Eine geht", "en": "One leaves"}),),
    )
    return Small(plant, line or _line())


def calm() -> Small:
    """Everything flows."""
    return sales()


def jammed() -> Small:
    """Approval slows down from day 20 on; the queue covers its belt."""
    return sales(_line(slow={"Approval": (20, 40, 2.2)}))


def piled() -> Small:
    """Hundreds wait at approval: the belt is full and the rest stands beside the intake. Five days are its target, for
    it jams before anybody knows what is usual.
    """
    small = sales(_line(slow={"Approval": (8, 40, 12)}, channels={"web": 16, "partner": 7}))
    stages = (
        stage.model_copy(update={"target_wait": timedelta(days=5)}) if stage.name == "Approval" else stage
        for stage in small.plant.stages
    )
    return replace(small, plant=small.plant.model_copy(update={"stages": tuple(stages)}))


def reworked() -> Small:
    """Much goes back, some to itself, some skips a stage."""
    line = _line()
    routes = dict(line.routes)
    routes["Offer"] = (("Approval", 0.7), ("Offer", 0.15), ("Delivery", 0.15))
    routes["Approval"] = (("Delivery", 0.55), ("Offer", 0.3), ("Qualify", 0.15))
    routes["Delivery"] = (("Paid", 0.85), ("Approval", 0.15))
    return sales(replace(line, routes=routes, seed=5))


def tangled(seed: int = 16, stages: int = 9) -> Small:
    """A random process full of rework, skips, self-loops and merges, so that belts dive below each other."""
    random = Random(seed)
    names = [f"Step {i}" for i in range(stages)]
    routes: dict[str, tuple[tuple[str, float], ...]] = {}
    for i, name in enumerate(names):
        ahead = names[i + 1] if i + 1 < stages else "Paid"
        ways = {ahead: 1.0}
        for _ in range(2):
            other = random.choice(names)
            ways[other] = ways.get(other, 0.0) + random.uniform(0.08, 0.2)
        if i % 4 == 1:
            ways[name] = 0.4
        routes[name] = tuple(ways.items())
    servers = {name: random.randint(1, 4) for name in names}
    service = {name: servers[name] * random.uniform(0.02, 0.06) for name in names}
    line = Line(routes, service, servers, {"web": 7, "partner": 4, "post": 2}, 40, seed=seed)
    plant = Plant(
        name="Knäuel",
        departments=(Department(name="A"), Department(name="B")),
        stages=tuple(Stage(name=name, department="AB"[i * 2 // stages]) for i, name in enumerate(names)),
        sources=tuple(Source(name=name) for name in line.channels),
        outcomes=(Outcome(name="Paid", kind="won"),),
    )
    return Small(plant, line, ("Paid",))


@lru_cache(maxsize=8)
def kept(name: str, code: Code = "en") -> Presentation:
    """One of the plants above by its name, made once for all tests."""
    return presentation_of(globals()[name](), code)


@lru_cache(maxsize=8)
def studied(name: str, code: Code = "en") -> Presentation:
    """As `kept`, with what limits the plant found out. It is another one, as a model remembers that it was studied."""
    found = kept.__wrapped__(name, code)
    found.model.study()
    return found


def late_health(since: int, now: int, stages: Mapping[str, frozenset[str]]) -> FeedHealth:
    """A source CRM that is late since a moment (µs), and one that speaks; stages: where their data is shown."""
    states = (
        FeedState("CRM", "retrying", since, heard=since, newest=since, trouble="gone"),
        FeedState("Shop", "live", since, heard=now, newest=now - 3_000_000),
    )
    settings = {name: FileFeed(name=name, kind="file", path="log.csv") for name in ("CRM", "Shop")}
    return FeedHealth(now, states, settings, stages)
