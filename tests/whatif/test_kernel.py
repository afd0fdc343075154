from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.kernel import FREE, NEVER, ORDERS, Held, Order, Pool, Run, Steps, simulate, simulate_all
from tests.kit.queues import ALWAYS, jackson, single, steps_of, tandem, wait_md1, wait_mmc

CALENDARS = (
    ALWAYS,
    Calendar.of_days(range(5), 8, 17),
    Calendar.of_days(range(7), 22, 6),
    Calendar.of_hours(np.random.default_rng(1).random((14, 24)) < 0.4),
)


def some_plant(seed: int, n: int = 300) -> tuple[Steps, list[Pool]]:
    """Anything the simulator can be told: trees of steps, nights, changes of servers, every order."""
    random = np.random.default_rng(seed)
    parent = np.array([random.integers(max(0, i - 20), i) if i and random.random() < 0.8 else -1 for i in range(n)])
    steps = Steps(
        case=np.zeros(n, dtype=int),
        pool=random.integers(0, 5, n),
        parent=parent,
        release=np.round(random.random(n) * 300),  # many at the same moment
        delay=random.exponential(3, n) * (random.random(n) < 0.5),
        work=random.exponential(2, n) * (random.random(n) < 0.9),
        queued=random.random(n) < 0.8,
        priority=random.integers(0, 3, n).astype(float),
        patience=np.where(random.random(n) < 0.3, np.round(random.exponential(8, n)), NEVER)
        if seed % 2
        else np.zeros(0),
    )
    pools = [
        Pool(
            int(random.integers(1, 5)),
            CALENDARS[random.integers(0, len(CALENDARS))],
            ((50.0, int(random.integers(0, 4))), (120.0, 3)) if random.random() < 0.5 else (),
            ORDERS[random.integers(0, 3)],
        )
        for _ in range(5)
    ]
    return steps, pools


def held_back(steps: Steps, seed: int) -> tuple[Steps, Held]:
    """The same with batches and rooms: no chain of rooms goes round, and each is of as many as one step can need."""
    random, n = np.random.default_rng((seed, 1)), len(steps)
    held = Held(tuple(random.integers(1, 5, 2).tolist()), tuple(random.integers(1, 5, 3).tolist()))
    of_pool = np.array([-1, 0, 1, 2, -1])  # before these pools only so many may be
    room = of_pool[steps.pool]
    before = np.where(steps.parent >= 0, steps.pool[steps.parent], -1)
    room = np.where((steps.parent < 0) & (random.random(n) < 0.9), -1, room)
    room = np.where((steps.parent >= 0) & (before >= steps.pool), -1, room)  # what goes back need not ask
    asks, one = np.full(n, -1), np.full(n, -1)
    for step in np.flatnonzero(room >= 0).tolist():
        parent = int(steps.parent[step])
        if parent < 0 or one[parent] < 0:
            one[max(parent, 0)] = step if parent >= 0 else one[0]
            if parent >= 0:
                asks[parent] = room[step]
        else:
            room[step] = -1
    gather = np.where((steps.pool == 4) & (random.random(n) < 0.5), random.integers(0, 2, n), -1)
    return replace(steps, gather=gather, room=room, asks=asks), held


def equal(one: Run, other: Run) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("ready", "start", "end"))


@pytest.mark.parametrize("until", [NEVER, 350.0])
def test_both_simulators_say_the_same_to_the_last_bit(until: float) -> None:
    pytest.importorskip("numba")
    for seed in range(25):
        steps, pools = some_plant(seed)
        plain = simulate(steps, pools, seed, until, compiled=False)
        assert np.isfinite(plain.end).sum() > 100
        assert equal(plain, simulate(steps, pools, seed, until, compiled=True)), seed


@pytest.mark.parametrize("until", [NEVER, 350.0])
def test_both_say_the_same_of_batches_and_rooms(until: float) -> None:
    pytest.importorskip("numba")
    waited = 0
    for seed in range(40):
        free, pools = some_plant(seed)
        steps, held = held_back(free, seed)
        plain = simulate(steps, pools, seed, until, held, compiled=False)
        assert equal(plain, simulate(steps, pools, seed, until, held, compiled=True)), seed
        waited += not equal(plain, simulate(free, pools, seed, until, FREE, compiled=False))
    assert waited == 40


@pytest.mark.parametrize("seed", range(5))
def test_the_laws_of_a_run(seed: int) -> None:
    """Held against the definitions, step by step and moment by moment."""
    steps, pools = some_plant(seed)
    run = simulate(steps, pools, seed)
    done, left = np.isfinite(run.start), run.gave_up
    parent_left = (steps.parent >= 0) & ~done[steps.parent]
    assert np.array_equal(~done & ~left, parent_left)
    assert done.sum() > 100
    base = np.where(steps.parent < 0, steps.release, np.where(done, run.end, NEVER)[steps.parent])
    assert np.array_equal(run.ready, base + steps.delay)
    assert (run.start >= run.ready).all()
    if not len(steps.patience):
        assert done.all()
    else:
        assert left.sum() > 1
        assert np.array_equal(run.end[left], (run.ready + steps.patience)[left])
        assert (run.start <= run.ready + steps.patience)[done & steps.queued].all()
    for number, pool in enumerate(pools):
        mine = done & (steps.pool == number)
        open_ = pool.calendar.next_open(run.start[mine]) - run.start[mine]
        assert open_.max() < 1e-9
        spent = pool.calendar.worked(run.end[mine]) - pool.calendar.worked(run.start[mine])
        assert spent == pytest.approx(steps.work[mine], abs=1e-9)
        served = mine & steps.queued
        freely = mine & ~steps.queued
        assert run.start[freely] == pytest.approx(pool.calendar.next_open(run.ready[freely]))
        for at in run.start[served]:
            servers = [pool.servers, *(number for hour, number in pool.changes if hour <= at)][-1]
            begun = served & (run.start <= at)
            others = (begun & (run.end > at)).sum()
            before_the_change = (begun & (run.start < at) & (run.end > at)).sum()
            assert others <= max(servers, before_the_change)


def test_who_comes_first_is_served_first_and_priorities_go_before() -> None:
    release = np.array([0.0, 1.0, 2.0, 3.0])
    steps = steps_of(release, [np.zeros(4, dtype=int)], [np.full(4, 5.0)])
    assert simulate(steps, [Pool(1, ALWAYS)]).start.tolist() == [0, 5, 10, 15]
    urgent = replace(steps, priority=np.array([0.0, 2.0, 1.0, 0.0]))
    assert simulate(urgent, [Pool(1, ALWAYS, order="priority")]).start.tolist() == [0, 15, 10, 5]


def test_whoever_comes_at_night_is_taken_in_the_morning_by_priority() -> None:
    day = Calendar.of_days(range(7), 8, 16)
    steps = steps_of(np.array([1.0, 2.0, 3.0]), [np.zeros(3, dtype=int)], [np.full(3, 6.0)])
    steps = replace(steps, priority=np.array([2.0, 1.0, 0.0]))
    run = simulate(steps, [Pool(1, day, order="priority")])
    assert run.start.tolist() == [36, 14, 8]
    assert run.end.tolist() == [58, 36, 14]  # 14 to 16 and 8 to 12 of the next day, and so on


def test_anyone_of_those_who_wait_is_as_likely_as_another() -> None:
    release = (100.0 * np.arange(3000)[:, None] + [0.0, 1.0, 1.0]).ravel()
    steps = steps_of(release, [np.zeros(9000, dtype=int)], [np.full(9000, 2.0)])
    run = simulate(steps, [Pool(1, ALWAYS, order="random")], seed=4)
    first_of_two = run.start.reshape(-1, 3)[:, 1] == 100.0 * np.arange(3000) + 2
    assert first_of_two.mean() == pytest.approx(0.5, abs=0.04)


def test_servers_that_leave_finish_their_work_and_then_nobody_begins() -> None:
    steps = steps_of(np.array([0.0, 1.0, 2.0]), [np.zeros(3, dtype=int)], [np.full(3, 4.0)])
    run = simulate(steps, [Pool(2, ALWAYS, ((1.5, 1),))])
    assert run.end.tolist() == [4, 5, 9]
    stopped = simulate(steps, [Pool(2, ALWAYS, ((1.5, 0),))])
    assert stopped.end.tolist() == [4, 5, NEVER]
    assert stopped.ready[2] == 2


def test_whoever_has_waited_long_enough_leaves_and_the_next_one_is_served() -> None:
    release = np.array([0.0, 1.0, 2.0])
    patience = np.array([NEVER, 3.0, NEVER])
    zeros = np.zeros(3, dtype=int)
    steps = replace(steps_of(release, [zeros, zeros + 1], [np.full(3, 5.0)] * 2), patience=np.repeat(patience, 2))
    for order in ORDERS:
        run = simulate(steps, [Pool(1, ALWAYS, order=order)] * 2)
        assert run.start[::2].tolist() == [0, NEVER, 5]
        assert run.end[2] == 4
        assert run.ready[1::2].tolist() == [5, NEVER, 10]


def test_two_steps_of_a_parent_run_beside_each_other() -> None:
    none = np.zeros(3)
    steps = Steps(
        case=np.zeros(3, dtype=int), pool=np.array([0, 1, 2]), parent=np.array([-1, 0, 0]), release=none + 1.0,
        delay=np.array([0.0, 2.0, 0.0]), work=np.array([1.0, 3.0, 1.0]), queued=none == 0, priority=none,
    )  # fmt: skip
    run = simulate(steps, [Pool(1, ALWAYS)] * 3)
    assert run.start.tolist() == [1, 4, 2]


def test_nothing_is_simulated_beyond_the_end() -> None:
    steps, pools = some_plant(3)
    whole, part = simulate(steps, pools), simulate(steps, pools, until=200.0)
    for name in ("ready", "start", "end"):
        all_, some = getattr(whole, name), getattr(part, name)
        assert np.array_equal(some, np.where(all_ <= 200, all_, NEVER))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"work": np.array([-1.0, 0.0])}, "negative"),
        ({"delay": np.array([np.nan, 0.0])}, "unknown work or delay"),
        ({"patience": np.array([-1.0, 0.0])}, "patience"),
        ({"pool": np.array([0, 1])}, "pools"),
        ({"parent": np.array([-1, 2])}, "parents"),
        ({"release": np.array([np.inf, 0.0])}, "release"),
    ],
)
def test_steps_that_cannot_be_are_refused(change: dict[str, np.ndarray], said: str) -> None:
    steps = steps_of(np.zeros(2), [np.zeros(2, dtype=int)], [np.ones(2)])
    with pytest.raises(ValueError, match=said):
        simulate(replace(steps, **change), [Pool(1, ALWAYS)])


def test_several_simulations_at_once_are_those_one_by_one() -> None:
    jobs = [(*some_plant(seed, 80), seed) for seed in range(4)]
    for (steps, pools, seed), run in zip(jobs, simulate_all(jobs), strict=True):
        assert equal(run, simulate(steps, pools, seed))


@pytest.mark.parametrize(
    ("plant", "theory"),
    [
        (single(1, 0.6, 100_000, 1), wait_mmc(1, 0.6)),
        (single(3, 0.7, 150_000, 2), wait_mmc(3, 0.7)),
        (single(1, 0.7, 100_000, 3, constant=True), wait_md1(0.7)),
        (tandem(0.6, 100_000, 4), wait_mmc(1, 0.6)),
        (jackson(0.7, 100_000, 5), None),
    ],
    ids=["M/M/1", "M/M/3", "M/D/1", "tandem", "Jackson"],
)
def test_means_are_those_of_theory(plant: tuple[Steps, list[Pool]], theory: float | None) -> None:
    """Roughly, for the sample is small; `python -m tests.bench theory` holds it within 1 %."""
    pytest.importorskip("numba")
    steps, pools = plant
    run = simulate(steps, pools)
    waits = run.start - run.ready
    for pool in range(len(pools)):
        expected = theory or wait_mmc(pools[pool].servers, 0.7, (1.0, 1.5)[pool])
        assert waits[steps.pool == pool].mean() == pytest.approx(expected, rel=0.06)


@pytest.mark.parametrize("most", [1, 3, 8])
def test_a_limit_between_two_servers_is_a_queue_that_turns_away(most: int) -> None:
    """The first server never lacks work; with room for `most` the second is an M/M/1 that holds most + 1 at once, and
    it works as often as that is not empty: (most + 1) / (most + 2).
    """
    n, random = 40_000, np.random.default_rng(most)
    zeros = np.zeros(n, dtype=int)
    steps = steps_of(np.arange(n) * 1e-9, [zeros, zeros + 1], [random.exponential(1.0, n) for _ in range(2)])
    second = steps.parent >= 0
    steps = replace(steps, room=np.where(second, 0, -1), asks=np.where(second, -1, 0))
    run = simulate(steps, [Pool(1, ALWAYS)] * 2, held=Held(rooms=(most,)))
    assert n / run.end.max() == pytest.approx((most + 1) / (most + 2), rel=0.01)
    moments = np.sort(run.start[~second])
    begun, left = (
        np.searchsorted(moments, moments, "right"),
        np.searchsorted(np.sort(run.start[second]), moments, "right"),
    )
    assert (begun - left).max() == most


def through(
    pools: list[int], release: list[float], parent: list[int], work: float, room: list[int], asks: list[int]
) -> Steps:
    """Steps that queue, with the rooms that they take and ask for."""
    n = len(pools)
    return Steps(
        case=np.arange(n), pool=np.array(pools), parent=np.array(parent), release=np.array(release),
        delay=np.zeros(n), work=np.full(n, work), queued=np.ones(n, dtype=bool), priority=np.zeros(n),
        room=np.array(room), asks=np.array(asks),
    )  # fmt: skip


@pytest.mark.parametrize("compiled", [False, True])
def test_who_was_held_back_first_begins_first_though_the_room_was_too_full_at_first(compiled: bool) -> None:
    """Three stand in a room for one from the beginning: that one of them goes makes no room yet."""
    if compiled:
        pytest.importorskip("numba")
    steps = through(
        [1, 1, 1, 0, 0, 0, 1, 1, 1], [0.0, 0.0, 0.0, 0.1, 0.2, 0.3, 0.0, 0.0, 0.0], [-1, -1, -1, -1, -1, -1, 3, 4, 5],
        1.0, [0, 0, 0, -1, -1, -1, 0, 0, 0], [-1, -1, -1, 0, 0, 0, -1, -1, -1],
    )  # fmt: skip
    run = simulate(steps, [Pool(1, ALWAYS)] * 2, held=Held(rooms=(1,)), compiled=compiled)
    assert run.start.tolist() == [0, 1, 2, 2, 3, 4, 3, 4, 5]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("compiled", [False, True])
def test_who_is_refused_again_keeps_its_turn(compiled: bool, order: Order) -> None:
    """When the room is free at 1, who comes just then to another pool takes it; two wait for it longer."""
    if compiled:
        pytest.importorskip("numba")
    steps = through(
        [2, 2, 0, 0, 1, 2, 2, 2], [0.0, 0.0, 0.1, 0.2, 1.0, 0.0, 0.0, 0.0], [-1, -1, -1, -1, -1, 2, 3, 4],
        1.0, [-1, 0, -1, -1, -1, 0, 0, 0], [-1, -1, 0, 0, 0, -1, -1, -1],
    )  # fmt: skip
    pools = [Pool(1, ALWAYS, order=order), Pool(1, ALWAYS), Pool(1, ALWAYS)]
    run = simulate(steps, pools, held=Held(rooms=(1,)), compiled=compiled)
    assert run.start.tolist() == [0, 1, 2, 3, 1, 3, 4, 2]


@pytest.mark.parametrize("size", [2, 5])
def test_a_batch_waits_until_so_many_are_together(size: int) -> None:
    """Those who come at random wait (size − 1) / 2 gaps on average; and none is begun without the others."""
    n, random = 20_000, np.random.default_rng(size)
    steps = steps_of(np.cumsum(random.exponential(1.0, n)), [np.zeros(n, dtype=int)], [np.full(n, 0.1)])
    run = simulate(replace(steps, gather=np.zeros(n, dtype=int)), [Pool(1, ALWAYS)], held=Held(batches=(size,)))
    assert (run.ready - steps.release).mean() == pytest.approx((size - 1) / 2, rel=0.03)
    assert np.array_equal(run.ready, np.repeat(steps.release[size - 1 :: size], size))
    one_by_one = simulate(replace(steps, gather=np.zeros(n, dtype=int)), [Pool(1, ALWAYS)], held=Held(batches=(1,)))
    assert equal(one_by_one, simulate(steps, [Pool(1, ALWAYS)]))


def test_what_could_never_be_held_is_refused() -> None:
    steps, pools = some_plant(0)
    with pytest.raises(ValueError, match="places"):
        simulate(replace(steps, gather=np.zeros(len(steps), dtype=int)), pools)
    with pytest.raises(ValueError, match="no room"):
        simulate(steps, pools, held=Held(rooms=(0,)))
