"""The display's power: when it should be on, what is run for it, and what happens when that fails."""

from __future__ import annotations

import sys
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from factoryview.plant.wall_file import DisplayRule
from factoryview.wall.keeping.power import AGAIN_AFTER, Command, DisplayPower, commands, is_on, run_command

MONDAY = datetime(2026, 3, 2)
OFFICE = DisplayRule(on=time(7), off=time(19), weekdays=("mon", "tue", "wed", "thu", "fri"), power="xset")
NIGHT = DisplayRule(on=time(20), off=time(6), weekdays=("fri",), power="xset")


def plainly(rule: DisplayRule, moment: datetime) -> bool:
    """The same, by walking through every span of a fortnight."""
    assert rule.on is not None
    assert rule.off is not None
    for day in (MONDAY + timedelta(days=n) for n in range(-8, 8)):
        begin = datetime.combine(day, rule.on)
        end = datetime.combine(day if rule.on < rule.off else day + timedelta(days=1), rule.off)
        if ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()] in rule.weekdays and begin <= moment < end:
            return True
    return False


@pytest.mark.parametrize("rule", [OFFICE, NIGHT])
def test_it_is_on_when_the_schedule_says_so(rule: DisplayRule) -> None:
    moments = [MONDAY + timedelta(minutes=30 * n) for n in range(7 * 48)]
    found = [is_on(rule, moment) for moment in moments]
    assert found == [plainly(rule, moment) for moment in moments]
    assert set(found) == {True, False}
    assert is_on(DisplayRule(), MONDAY)
    assert [is_on(DisplayRule(weekdays=("mon",)), MONDAY + timedelta(days=n)) for n in (0, 1)] == [True, False]


def test_the_presets_and_a_command_of_ones_own() -> None:
    def outputs(command: Command) -> str:
        assert command == Command(("wlr-randr",))
        return 'HDMI-A-1 "Some display"\n  Enabled: yes\n  Modes:\n    1920x1080\nDP-2 "Other"\n  Enabled: no\n'

    assert commands("none", True, outputs) == []
    assert commands("cec", False, outputs) == [Command(("cec-client", "-s", "-d", "1"), "standby 0\n")]
    assert commands("xset", True, outputs) == [Command(("xset", "dpms", "force", "on"))]
    assert commands("wlr-randr", False, outputs) == [
        Command(("wlr-randr", "--output", "HDMI-A-1", "--off")), Command(("wlr-randr", "--output", "DP-2", "--off")),
    ]  # fmt: skip
    assert commands(("switch", "tv={state}"), True, outputs) == [Command(("switch", "tv=on"))]


def day(power: DisplayPower, first: int, last: int) -> None:
    """Every minute of some hours."""
    for minute in range(60 * first, 60 * last):
        power.look(MONDAY + timedelta(minutes=minute))
        power.settled(10)


def test_it_is_switched_at_the_start_and_when_the_schedule_changes_and_not_in_between() -> None:
    ran: list[Command] = []

    def run(command: Command) -> str:
        ran.append(command)
        return ""

    day(DisplayPower(lambda: OFFICE, run), 6, 24)
    assert [command.words[-1] for command in ran] == ["off", "on", "off"]
    ran.clear()
    day(DisplayPower(lambda: DisplayRule(on=time(7), off=time(19)), run), 6, 24)
    assert ran == [], "power is none"


def test_what_fails_is_said_and_tried_again_and_the_wall_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    now, tries = [0.0], []

    def run(command: Command) -> str:
        tries.append(command)
        if len(tries) < 3:
            raise OSError("no such device")
        return ""

    power = DisplayPower(lambda: OFFICE, run, lambda: now[0])
    for seconds, count in ((0.0, 1), (1.0, 1), (AGAIN_AFTER, 2), (2 * AGAIN_AFTER, 3), (9 * AGAIN_AFTER, 3)):
        now[0] = seconds
        power.look(MONDAY)
        power.settled(10)
        assert len(tries) == count
    assert caplog.text.count("no such device") == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a script of Unix")
def test_a_real_command_is_run_with_what_it_reads(tmp_path: Path) -> None:
    script = tmp_path / "cec-client"
    script.write_text('#!/bin/sh\necho "$@" >> "$0.log"\ncat >> "$0.log"\necho done\n', encoding="utf-8")
    script.chmod(0o755)
    for command in commands("cec", True, run_command):
        assert run_command(Command((str(script), *command.words[1:]), command.reads)) == "done\n"
    assert (tmp_path / "cec-client.log").read_text(encoding="utf-8") == "-s -d 1\non 0\n"
    with pytest.raises(OSError, match="gone"):
        run_command(Command((str(tmp_path / "gone"),)))
