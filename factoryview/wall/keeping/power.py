"""The display's power by schedule, through a command from outside: a picture that is only black still burns.

Presets: `cec` (a television over HDMI, with cec-client), `wlr-randr` (Wayland), `xset` (X11); or one's own command.
"""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from factoryview.plant.wall_file import DisplayRule
from factoryview.plant.words import WEEKDAYS

AGAIN_AFTER = 60.0
"""Seconds until a command that failed is tried again."""
LONGEST = 20.0
"""Seconds that a command may take."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Command:
    """A program with its arguments, and what it reads."""

    words: tuple[str, ...]
    reads: str = ""


Run = Callable[[Command], str]
"""Runs a command and gives what it said. Raises OSError and subprocess.SubprocessError."""


def is_on(rule: DisplayRule, local: datetime) -> bool:
    """Whether the display should be on at a local moment. Off before on: it is on past midnight, and belongs to the day
    on which it was switched on.
    """
    day, now = local, local.time().replace(tzinfo=None)
    if rule.on is None or rule.off is None:
        begun = True
    elif rule.on < rule.off:
        begun = rule.on <= now < rule.off
    else:
        begun = now >= rule.on or now < rule.off
        if now < rule.off:
            day = local - timedelta(days=1)
    return begun and (not rule.weekdays or WEEKDAYS[day.weekday()] in rule.weekdays)


def commands(power: str | tuple[str, ...], on: bool, run: Run) -> list[Command]:
    """What is to be run to switch the display. run: asks a preset's own program which displays there are."""
    state = "on" if on else "off"
    if isinstance(power, tuple):
        return [Command(tuple(word.replace("{state}", state) for word in power))]
    if power == "cec":
        return [Command(("cec-client", "-s", "-d", "1"), "on 0\n" if on else "standby 0\n")]
    if power == "xset":
        return [Command(("xset", "dpms", "force", state))]
    if power == "wlr-randr":
        said = run(Command(("wlr-randr",)))
        names = [line.split()[0] for line in said.splitlines() if line and not line[0].isspace()]
        return [Command(("wlr-randr", "--output", name, f"--{state}")) for name in names]
    return []


def run_command(command: Command) -> str:
    """Run it, at most `LONGEST` seconds."""
    done = subprocess.run(
        command.words,
        input=command.reads,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=True,
        errors="replace",
    )
    return done.stdout


class DisplayPower:
    """Switches when the schedule changes, on a thread of its own, so that no frame waits for a television.

    What people switch themselves in between is left alone until the next change.
    """

    def __init__(
        self, rule: Callable[[], DisplayRule], run: Run = run_command, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """rule: as the wall file has it now."""
        self._rule, self._run, self._clock = rule, run, clock
        self._is: bool | None = None
        self._failed_at = float("-inf")
        self._thread: threading.Thread | None = None

    def look(self, local: datetime) -> None:
        """Switch if it is time to. To be called often, by one thread."""
        rule = self._rule()
        if rule.power == "none" or (rule.on is None and not rule.weekdays):
            return
        wanted = is_on(rule, local)
        busy = self._thread is not None and self._thread.is_alive()
        if busy or wanted == self._is or self._clock() - self._failed_at < AGAIN_AFTER:
            return
        # a command that hangs is not waited for: what is switched is outside of this program
        switch = threading.Thread(target=self._switch, args=(rule.power, wanted), name="display power", daemon=True)
        self._thread = switch
        switch.start()

    def settled(self, seconds: float) -> None:
        """Wait for a switch that is being made."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _switch(self, power: str | tuple[str, ...], on: bool) -> None:
        words: Sequence[str] = ()
        try:
            for command in commands(power, on, self._run):
                words = command.words
                self._run(command)
        except (OSError, subprocess.SubprocessError) as error:
            self._failed_at = self._clock()
            _log.warning("wall: the display could not be switched (%s): %s", " ".join(words), error)
            return
        self._is = on
        _log.info("wall: the display is switched %s", "on" if on else "off")
