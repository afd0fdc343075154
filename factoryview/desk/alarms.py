"""The alarms of a moment in words: what waits, since when, and what is done about it."""

from __future__ import annotations

from factoryview.flow.moment.life import AlarmState
from factoryview.scene.chrome.tray import AlarmRow
from factoryview.scene.floor.camera import Camera
from factoryview.scene.ui.node import Action
from factoryview.view.presentation import Presentation
from factoryview.view.state import State


def alarm_rows(state: State, shown: Presentation, camera: Camera) -> list[AlarmRow]:
    """Loud ones first, then by age; a press flies there, wherever that is."""
    going = [alarm for alarm in state.alarms if alarm.state != "ended"]
    going.sort(key=lambda alarm: (not alarm.loud, alarm.since, alarm.stage))
    rows = [_row(alarm, state, shown, camera) for alarm in going]
    text = shown.language.text
    return rows or [AlarmRow("", text("tray.none"), text("tray.calm"), False, Action("tray"))]


def _row(alarm: AlarmState, state: State, shown: Presentation, camera: Camera) -> AlarmRow:
    text, language = shown.language.text, shown.language
    stage = next((each for each in state.stages if each.id[1] == alarm.stage), None)
    jam = alarm.kind == "jam"
    count = 0.0 if stage is None else stage.here.wip if jam else stage.here.wrecks
    title = text("tray.waiting" if jam else "tray.lying", stage=shown.wording.label(alarm.stage),
                 n=language.number(count))  # fmt: skip
    until = "" if alarm.until is None else language.day(alarm.until)
    said = text(f"alarm.{alarm.state.replace(' ', '_')}", date=until)
    since = text("alarm.since", date=language.date(alarm.since, "date.long"))
    detail = " · ".join(part for part in (since, said, alarm.role, alarm.measure) if part)
    block = shown.facts.floor.plan.blocks.get(alarm.stage)
    rect = None if block is None else camera.rect(block.hall)
    action = Action("tray") if rect is None else Action("fly", (f"stage/{alarm.stage}", rect.center, rect.w))
    return AlarmRow(alarm.stage, title, detail, alarm.loud, action)
