"""What commands make of the scenarios of a session: what would be changed in the plant, click by click."""

from __future__ import annotations

from dataclasses import replace

from factoryview.app.session import Session
from factoryview.plant.scenario_edits import apart, with_change, with_scenario, without_change
from factoryview.plant.scenario_file import Scenario
from factoryview.plant.words import PlantModel
from factoryview.view.lens import CHANNEL

SCENARIOS = "plant/whatif"
"""What is chosen while front and table of the scenarios are open."""


def open_scenario(session: Session) -> Scenario | None:
    """The scenario that the next change goes to; None: it begins one."""
    return next((each for each in session.scenarios if each.name == session.scenario), None)


def asking_whatif(session: Session) -> Session:
    """The page of what would be, of the machine or belt that was chosen, else of the plant; time stands still."""
    head = replace(session.playhead, playing=False, live=False)
    if session.selection.startswith(("stage/", "belt/")):
        return replace(session, playhead=head, page="whatif")
    return replace(session, playhead=head, selection=SCENARIOS)


def listing_scenarios(session: Session) -> Session:
    """Front and table of the scenarios; time stands still."""
    return replace(session, playhead=replace(session.playhead, playing=False, live=False), selection=SCENARIOS)


def into_future(session: Session) -> Session:
    """From this moment on a simulated future, or back to where one left for it."""
    since, head = session.future_from, session.playhead
    if since is not None:
        return replace(session, future_from=None, playhead=replace(head.sought(since), playing=False))
    head = replace(head, playing=False, live=False, within=None)
    return replace(session, future_from=head.at, filters=(), lens=CHANNEL, followed=-1, playhead=head)


def intervened(session: Session, change: PlantModel) -> Session:
    """One more change in the open scenario."""
    return _become(session, with_change(open_scenario(session), change))


def taken_back(session: Session, change: PlantModel) -> Session:
    """The open scenario without one of its changes."""
    found = open_scenario(session)
    return session if found is None else _become(session, without_change(found, change))


def renamed(session: Session, name: str) -> Session:
    """The open scenario under a name of its own."""
    found = open_scenario(session)
    return session if found is None or not name else _become(session, found.model_copy(update={"name": name[:80]}))


def dropped(session: Session, name: str) -> Session:
    """Without a scenario."""
    still = session.scenario if session.scenario != name else ""
    return replace(session, scenarios=with_scenario(session.scenarios, name, None), scenario=still)


def _become(session: Session, new: Scenario | None) -> Session:
    if new is not None:
        new = apart(session.scenarios, session.scenario, new)
    scenarios = with_scenario(session.scenarios, session.scenario, new)
    if new is not None and new not in scenarios:
        return session
    return replace(session, scenarios=scenarios, scenario="" if new is None else new.name)
