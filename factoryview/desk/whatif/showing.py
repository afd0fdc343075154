"""When scenarios are asked for, and what of the answers is shown."""

from __future__ import annotations

from factoryview.app.intervening import SCENARIOS, open_scenario
from factoryview.app.session import Session
from factoryview.desk.whatif.futures import Futures, Known
from factoryview.factory.factory import Factory


def asks(session: Session) -> bool:
    """Whether anybody looks at what would be."""
    return session.selection == SCENARIOS or (
        session.page == "whatif" and session.selection.startswith(("stage/", "belt/"))
    )


def asked_of(futures: Futures, session: Session, factory: Factory) -> Known | None:
    """What is known of the session's scenarios from the moment of the playhead on; None: nothing.

    While it plays nothing new is begun, and what was found out from an earlier moment on stays.
    """
    head = session.playhead
    if not asks(session):
        futures.leave()
        return None
    if head.playing or head.live:
        known = futures.known
        return known if known is not None and known.at <= head.at and known.factory.store is factory.store else None
    opened = open_scenario(session)
    others = [each for each in session.scenarios if each is not opened]
    return futures.ask(factory, head.at, [*((opened,) if opened is not None else ()), *others])
