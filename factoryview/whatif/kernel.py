"""The simulator: steps that wait for servers, as plain arrays in, and when each was ready, began and ended out.

There are two implementations with the same results to the last bit: `plain`, and `compiled` where numba is installed
(`pip install 'factoryview[whatif]'`). All times are hours since a Monday 00:00 of the plant's own time.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.util import find_spec
from os import cpu_count
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from factoryview.whatif.calendar import Calendar, Floats

Ints = NDArray[np.int64]
Order = Literal["first come", "priority", "random"]
ORDERS: tuple[Order, ...] = ("first come", "priority", "random")
NEVER = np.inf
"""The moment of what does not happen, as where a pool has no server any more."""


@dataclass(frozen=True, eq=False)
class Steps:
    """What is to be done: one entry a step, in any order. Several steps may have the same parent (concurrency)."""

    case: Ints
    """To which case it belongs; the simulator does not look at it."""
    pool: Ints
    """Index of the pool that does it."""
    parent: Ints
    """Index of the step whose end releases it; −1: it is released at `release`."""
    release: Floats
    """h; used only where there is no parent."""
    delay: Floats
    """h of wall clock between the parent's end (or the release) and ready: what nobody of the pool works on."""
    work: Floats
    """h in the pool's working clock."""
    queued: NDArray[np.bool_]
    """False: it needs no server and begins as soon as it is ready and the pool's calendar is open."""
    priority: Floats
    """Lower first, in pools with that order."""
    patience: Floats = field(default_factory=lambda: np.zeros(0))
    """h of wall clock after it has come (of one that gathers: after it has come to the others) at which a queued step
    that is not begun leaves for good (∞: never); no entries at all: nobody ever does."""
    gather: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """The place of `Held.batches` at which it waits until so many are together; −1 or no entries: it waits for none."""
    room: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """The place of `Held.rooms` that it takes from the begin of its parent (of one without: from the first) to its
    own, or until it leaves; −1 or no entries: none."""
    asks: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """The place of `Held.rooms` in which there must be room before it begins; −1 or no entries: it need not ask."""
    in_hand: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    """Whether work on it had begun before the simulation does, so that nothing but servers may hold it; no entries: of
    none. The simulator does not look at it."""

    def __post_init__(self) -> None:
        lengths = {column.name: len(getattr(self, column.name)) for column in fields(self)}
        if len({length for name, length in lengths.items() if name not in OPTIONAL or length}) > 1:
            raise ValueError(f"steps of different lengths: {lengths}")

    def __len__(self) -> int:
        return len(self.case)


OPTIONAL = ("patience", "gather", "room", "asks", "in_hand")
"""Columns of steps that need no entries."""


@dataclass(frozen=True)
class Held:
    """What holds steps back beside servers."""

    batches: tuple[int, ...] = ()
    """So many come together before any of them is ready."""
    rooms: tuple[int, ...] = ()
    """So many may be between the begin of the step before and their own: nobody begins what would find no room. Where
    a place is free again, the one who was refused first of those who have a server takes it."""


FREE = Held()


@dataclass(frozen=True)
class Pool:
    """Servers that are alike, with one queue before them."""

    servers: int
    calendar: Calendar
    """When they begin and go on with work; what is begun goes on after the night."""
    changes: tuple[tuple[float, int], ...] = ()
    """(hour, servers from then on), ascending. Who leaves finishes what is begun."""
    order: Order = "first come"
    """Who is next: by ready time, by priority (then ready time), or anyone of those who wait."""


@dataclass(frozen=True, eq=False)
class Run:
    """What happened, one entry a step, in hours; `NEVER` (∞) for what did not."""

    ready: Floats
    start: Floats
    end: Floats
    """Of a step that was never begun: when it left."""

    @property
    def gave_up(self) -> NDArray[np.bool_]:
        """Per step, whether it left unserved; its children never become ready."""
        return np.isinf(self.start) & np.isfinite(self.end)


@dataclass(frozen=True, eq=False)
class Plan:
    """Pools as flat arrays; entry i of `first_…` to entry i + 1 are those of pool i."""

    servers: Ints
    order: Ints
    period: Floats
    first_span: Ints
    begins: Floats
    ends: Floats
    before: Floats
    """Working hours before each span, and one more of the whole period: pool i begins at `first_span[i] + i`."""
    first_change: Ints
    change_at: Floats
    change_to: Ints

    @classmethod
    def of(cls, pools: Sequence[Pool]) -> Plan:
        spans = [len(pool.calendar.spans) for pool in pools]
        changes = [(float(at), number) for pool in pools for at, number in pool.changes]
        return cls(
            servers=np.array([pool.servers for pool in pools], dtype=np.int64),
            order=np.array([ORDERS.index(pool.order) for pool in pools], dtype=np.int64),
            period=np.array([pool.calendar.period_h for pool in pools], dtype=np.float64),
            first_span=np.concatenate([[0], np.cumsum(spans)]).astype(np.int64),
            begins=np.concatenate([pool.calendar.begins for pool in pools]),
            ends=np.concatenate([pool.calendar.ends for pool in pools]),
            before=np.concatenate([pool.calendar.before for pool in pools]),
            first_change=np.concatenate([[0], np.cumsum([len(pool.changes) for pool in pools])]).astype(np.int64),
            change_at=np.array([at for at, _ in changes], dtype=np.float64),
            change_to=np.array([number for _, number in changes], dtype=np.int64),
        )


class Implementation(Protocol):
    """Takes what is to be done, the pools and a seed, and fills ready, start and end (n each, filled with NEVER)."""

    def __call__(
        self,
        steps: Steps,
        plan: Plan,
        held: Held,
        seed: int,
        until: float,
        ready: Floats,
        start: Floats,
        end: Floats,
        /,
    ) -> None: ...


@cache
def implementation(compiled: bool | None = None) -> Implementation:
    """The compiled simulator where numba is installed, else the plain one; or the one that is asked for."""
    if compiled is None:
        compiled = find_spec("numba") is not None
    if compiled:
        from factoryview.whatif.compiled import simulate as compiled_simulate

        return compiled_simulate
    from factoryview.whatif.plain import simulate as plain_simulate

    return plain_simulate


def simulate(
    steps: Steps,
    pools: Sequence[Pool],
    seed: int = 0,
    until: float = NEVER,
    held: Held = FREE,
    *,
    compiled: bool | None = None,
) -> Run:
    """Let the steps be done by the pools.

    seed: for pools that take anyone of those who wait. until: h; what would happen after it is not simulated and is
    NEVER. At the same moment ends come before changes of servers, and those before arrivals; who is taken is decided
    when all of them are known, and whoever leaves at that moment has left. Raises ValueError for steps that cannot be.
    """
    _check(steps, len(pools), held)
    ready, start, end = (np.full(len(steps), NEVER) for _ in range(3))
    implementation(compiled)(steps, Plan.of(pools), held, seed, float(until), ready, start, end)
    return Run(ready, start, end)


def simulate_all(
    jobs: Sequence[tuple[Steps, Sequence[Pool], int]], until: float = NEVER, *, workers: int | None = None
) -> list[Run]:
    """Several simulations (steps, pools, seed) at once, on all cores where the simulator is compiled."""

    def one(job: tuple[Steps, Sequence[Pool], int]) -> Run:
        steps, pools, seed = job
        return simulate(steps, pools, seed, until)

    if find_spec("numba") is None or len(jobs) < 2:
        return [one(job) for job in jobs]
    with ThreadPoolExecutor(workers or cpu_count()) as threads:
        return list(threads.map(one, jobs))


def prepare() -> None:
    """Compile ahead, or load what was compiled before: seconds the first time on a machine, then an instant."""
    none, some = np.zeros(0, dtype=np.int64), np.zeros(0)
    simulate(Steps(none, none, none, some, some, some, some > 0, some), [Pool(1, Calendar.always())])


def _check(steps: Steps, pools: int, held: Held) -> None:
    n = len(steps)
    if n == 0:
        return
    for column, places in ((steps.gather, held.batches), (steps.room, held.rooms), (steps.asks, held.rooms)):
        if len(column) and not -1 <= column.min() <= column.max() < len(places):
            raise ValueError(f"steps that wait at places that are not among the {len(places)}")
    if min(held.batches + held.rooms, default=1) < 1:
        raise ValueError("batches of nothing, or no room at all")
    if steps.pool.min() < 0 or steps.pool.max() >= pools:
        raise ValueError(f"steps of pools that are not among the {pools}")
    if steps.parent.min() < -1 or steps.parent.max() >= n:
        raise ValueError("steps with parents that are not among them")
    if not (steps.work.min() >= 0 and steps.delay.min() >= 0 and np.isfinite(steps.work + steps.delay).all()):
        raise ValueError("steps with negative or unknown work or delay")
    if len(steps.patience) and not steps.patience.min() >= 0:
        raise ValueError("steps with negative or unknown patience")
    if not (np.isfinite(steps.release[steps.parent < 0]).all() and np.isfinite(steps.priority).all()):
        raise ValueError("steps with unknown release or priority")
