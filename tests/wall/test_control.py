"""Orders, health and pictures between the wall's loop and its remote."""

from __future__ import annotations

import threading

import pytest

from factoryview.wall.control import (
    DARKEST,
    MOST_ORDERS,
    AlarmReport,
    Brightness,
    Health,
    Next,
    Pause,
    Picture,
    Pin,
    Pixels,
    Steering,
)

FRAME = Pixels(2, 1, b"\x01\x02\x03\x04\x05\x06")


def test_orders_come_once_and_in_their_turn_from_many_threads() -> None:
    steering = Steering()
    steering.put(Pin("goals"))
    steering.put(Pause())
    assert steering.take() == [Pin("goals"), Pause()]
    assert steering.take() == []
    threads = [threading.Thread(target=lambda: [steering.put(Next()) for _ in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(steering.take()) == 40
    assert steering.dropped == 0


def test_a_loop_that_stands_leaves_no_heap_of_orders_and_the_newest_stay() -> None:
    steering = Steering()
    for n in range(MOST_ORDERS + 5):
        steering.put(Pin(str(n)))
    assert steering.dropped == 5
    taken = steering.take()
    assert (len(taken), taken[0], taken[-1]) == (MOST_ORDERS, Pin("5"), Pin(str(MOST_ORDERS + 4)))


@pytest.mark.parametrize("value", [0.0, DARKEST - 0.01, 1.01, float("nan")])
def test_nothing_makes_a_wall_black(value: float) -> None:
    with pytest.raises(ValueError, match="brightness"):
        Brightness(value)
    assert Brightness(DARKEST).value == DARKEST


def test_health_is_that_of_the_last_finished_frame_and_knows_no_age_before() -> None:
    health = Health()
    assert (health.snapshot().age(), health.snapshot().frames) == (None, 0)
    events = {"crm": 5}
    alarm = AlarmReport("Works", "Approval", "jam", "new", 3, "Approval: 9 wait")
    for n in (7, 8):
        health.beat(
            frame_at=n, view="goals", views=("whole", "goals"), events=events, memory_mb=200.0, version="1",
            alarms=(alarm,), paused=True,
        )  # fmt: skip
    events["crm"] = 6
    report = health.snapshot()
    assert (report.frame_at, report.frames, report.view, report.events) == (8, 2, "goals", {"crm": 5})
    assert (report.alarms[0].id, report.paused, report.pinned) == ("Works/Approval/jam", True, "")
    age = report.age()
    assert age is not None
    assert age >= 0.0


def test_a_frame_is_copied_only_when_asked_for() -> None:
    picture = Picture(seconds=3600.0)
    assert not picture.wanted()
    assert picture.newest(0.0) is None
    assert picture.wanted()
    picture.keep(FRAME)
    assert not picture.wanted()
    assert picture.newest(0.0) == FRAME
    assert not picture.wanted(), "one copy serves all who ask within the pause"


def test_who_asks_is_given_the_frame_that_the_loop_finishes_next() -> None:
    picture = Picture(seconds=0.0)
    done = threading.Event()

    def loop() -> None:
        while not done.wait(0.001):
            if picture.wanted():
                picture.keep(FRAME)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        assert picture.newest(30.0) == FRAME
    finally:
        done.set()
        thread.join()
