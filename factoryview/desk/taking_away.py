"""What is taken away from the desk: the panel's table by the clipboard, and key figures as a file. Both say what became
of it."""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path

import pygame

from factoryview.app.session import Session
from factoryview.app.taking_away import file_written
from factoryview.desk.table import rows_of, tsv
from factoryview.desk.whatif.futures import ALL, DAYS
from factoryview.factory.factory import Factory
from factoryview.language import Language
from factoryview.plant.scenario_edits import save_scenarios
from factoryview.plant.scenario_file import Scenarios
from factoryview.scene.ui.node import Node


def copied(panel: Node | None, language: Language) -> str:
    """Copy the panel's table, as text that a spreadsheet takes apart."""
    if panel is None:
        return language.text("notice.nothing_to_copy")
    rows = rows_of(panel)
    try:
        pygame.scrap.put_text(tsv(rows))
    except pygame.error as error:
        return language.text("notice.not_copied", why=str(error))
    return language.text("notice.copied", n=language.number(len(rows)))


def exported(factory: Factory, at: int, language: Language) -> str:
    """Write the key figures of the cases of a factory, week by week, into a file of the present folder.

    at: the moment that is seen, µs UTC, for the file's name.
    """

    from factoryview.export.tables import write_table  # here, for tables are made by pandas, which takes long to come
    from factoryview.flow.kpis import kpis

    def write(path: Path) -> None:
        write_table(kpis(factory.store, bucket="week", timezone=factory.plant.timezone, gate=factory.gate), path)

    return file_written(f"factoryview-{at // 1_000_000}.csv", write, "notice.table_saved", language)


def scenarios_saved(session: Session, language: Language) -> str:
    """Write the scenarios into a file of the present folder that the verb `whatif` reads."""

    def write(path: Path) -> None:
        save_scenarios(Scenarios(days=DAYS, replications=ALL, scenario=session.scenarios), path)

    name = f"factoryview-scenarios-{session.playhead.at // 1_000_000}"
    names = chain((f"{name}.toml",), (f"{name}-{n}.toml" for n in count(2)))
    free = next(name for name in names if not Path(name).exists())  # what was saved before is kept
    return file_written(free, write, "notice.scenarios_saved", language)
