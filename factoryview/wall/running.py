"""A wall as a program: its window with its log, its remote and whoever looks after it."""

from __future__ import annotations

from collections.abc import MutableMapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from factoryview.app.settings import settings_file
from factoryview.language import Code, Language
from factoryview.plant.wall_file import Wall
from factoryview.wall.clock import WallClock
from factoryview.wall.code import PhoneCode
from factoryview.wall.control import Health, Picture, Steering
from factoryview.wall.keeping.caretaker import Caretaker
from factoryview.wall.keeping.logfile import begin_log, end_log, log_path
from factoryview.wall.keeping.power import DisplayPower
from factoryview.wall.keeping.pulse import pulse_from
from factoryview.wall.loop import LoopOptions, show_wall
from factoryview.wall.memory import give_back
from factoryview.wall.remote.page import PhonePage
from factoryview.wall.remote.server import RemoteKeeper, RemoteServer
from factoryview.wall.remote.token import token_from

if TYPE_CHECKING:
    from factoryview.scene.ui.node import Node
    from factoryview.wall.kiosk import Kiosk
    from factoryview.wall.layout import WallLayout

CODE_AT_START = 30.0
"""Seconds for which the code of the phone page is shown at first."""


@dataclass(frozen=True)
class WallProgram:
    """What is run."""

    path: Path
    """The wall file."""
    wall: Wall
    code: Code
    """The language where nobody says one."""
    view: str
    """To begin with, by its name; empty: the first."""
    lang: Code | None = None
    """Which holds whatever the wall file says."""


def run_wall(program: WallProgram, options: LoopOptions, environment: MutableMapping[str, str]) -> int:
    """Show the wall until it is closed; the exit status. Raises InputError for what cannot be used at all."""
    give_back()
    wall, path = program.wall, program.path
    pulse = pulse_from(environment)
    with ExitStack() as closing:
        log = begin_log(log_path(path, wall), wall.log.keep)
        closing.callback(end_log, log)
        steering, health, picture = Steering(), Health(), Picture()
        remote = _remote(program, steering, health, picture, environment)
        closing.callback(remote.close)
        kiosks: list[Kiosk] = []
        clock = WallClock(ZoneInfo(wall.timezone) if wall.timezone else None)

        def now() -> Wall:
            """The wall file as it has been read last."""
            return kiosks[0].wall if kiosks else wall

        care = Caretaker(
            health,
            pulse=pulse,
            power=DisplayPower(lambda: now().display),
            ceiling_mb=lambda: now().memory.ceiling_mb,
            local=clock.local,
            also=remote.look,
        )

        def make() -> Kiosk:
            from factoryview.wall.kiosk import Kiosk
            from factoryview.wall.telling import Meeting

            meeting = Meeting(steering, health, picture, lambda layout, language: _code(remote, layout, language))
            kiosk = Kiosk(path, wall, program.code, clock=clock, remote=meeting, view=program.view, lang=program.lang)
            kiosk.show_code(CODE_AT_START)
            kiosks.append(kiosk)
            return kiosk

        show_wall(make, options, care)
        return care.exit_status


def _remote(
    program: WallProgram, steering: Steering, health: Health, picture: Picture, environment: MutableMapping[str, str]
) -> RemoteKeeper:
    """The remote, if the wall file wants one; else one that never opens."""
    settings = program.wall.remote
    if not settings.enabled:
        return RemoteKeeper(None)
    token = token_from(settings.token_env, environment, settings_file().with_name("wall.token"))
    page = PhonePage(program.code)
    return RemoteKeeper(lambda: RemoteServer(settings, token, steering, health, picture, page))


def _code(remote: RemoteKeeper, layout: WallLayout, language: Language) -> tuple[Node, ...]:
    server = remote.server
    if server is None:
        return ()
    return PhoneCode(server.url, server.address, server.is_local).nodes(layout.body, layout.em, language)
