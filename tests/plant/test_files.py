"""Plant files: what goes out comes back, and every mistake is told at its place."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factoryview.errors import InputError, PlantError
from factoryview.plant.files import dump_plant, load_plant, read_plant, save_plant
from factoryview.plant.models import (
    Calendar,
    Department,
    Log,
    Mark,
    Outcome,
    Plant,
    Privacy,
    Reason,
    Source,
    Stage,
    Target,
    WantedBelt,
    Worker,
)
from factoryview.plant.words import parse_duration, write_duration

texts = st.text(max_size=12) | st.sampled_from(
    ["Prüfung, Stufe 2", '"', "'''", '"""', "a\nb", "\r\n", "\\", "#[x]", "𝄞\x00"]
)


named = texts.filter(bool)


labels = st.dictionaries(texts, texts, max_size=2)


FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
days = st.dates(FIRST, LAST)


spans = st.timedeltas(timedelta(microseconds=1), timedelta(days=36500))


offsets = st.sampled_from(
    [UTC, timezone(timedelta(hours=-3, minutes=-30)), timezone(timedelta(minutes=53, seconds=28))]
)


moments = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.none() | offsets)


numbers = st.floats(min_value=0, exclude_min=True, allow_infinity=False)


def maybe(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | strategy


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    hours = st.times().filter(bool)
    worked = draw(st.lists(st.sampled_from(["mon", "tue", "sun"]), max_size=3))
    start, end = draw(st.sampled_from([(time(0), time(0)), *[sorted((draw(hours), draw(hours)))]]))
    free = draw(st.lists(days, max_size=2))
    if not worked or start == end:
        return Calendar(days=worked, holidays=free)
    return Calendar(days=worked, start=start, end=end, holidays=free)


@st.composite
def plants(draw: st.DrawFn) -> Plant:
    departments = draw(st.lists(named, unique=True, max_size=3))
    stages = draw(st.lists(named, unique=True, max_size=4))
    outcomes = draw(st.lists(named, unique=True, max_size=3))
    pairs = (
        draw(st.lists(st.tuples(st.sampled_from(stages), st.sampled_from(stages)), unique=True, max_size=4))
        if stages
        else []
    )
    since = draw(maybe(days))
    return Plant(
        name=draw(named),
        language=draw(st.sampled_from([None, "de", "en"])),
        timezone=draw(st.sampled_from(["UTC", "Europe/Berlin"])),
        currency=draw(texts),
        calendar=draw(calendars()),
        departments=[Department(name=name, label=draw(labels)) for name in departments],
        stages=[
            Stage(
                name=name,
                label=draw(labels),
                department=draw(st.sampled_from([None, *departments])),
                icon=draw(maybe(texts)),
                posts=draw(maybe(st.integers(0, 10**6))),
                target_wait=draw(maybe(spans)),
                kind=draw(st.sampled_from([None, "queue", "batch"])),
                position=draw(maybe(st.tuples(st.integers(0, 500), st.integers(0, 500)))),
            )
            for name in stages
        ],
        workers=[
            Worker(
                stage=name,
                kind="robot",
                count=draw(st.integers(1, 9)),
                cost_per_hour=draw(maybe(numbers)),
                since=since,
                until=draw(maybe(st.dates(since, LAST))) if since else None,
            )
            for name in stages[:2]
        ],
        belts=[WantedBelt(origin=origin, target=target) for origin, target in pairs],
        sources=[Source(name=name) for name in draw(st.lists(named, unique=True, max_size=2))],
        outcomes=[Outcome(name=name, kind=draw(st.sampled_from(["won", "neutral"]))) for name in outcomes],
        reasons=[Reason(name=name, label=draw(labels)) for name in draw(st.lists(named, unique=True, max_size=2))],
        targets=[Target(of=name, per_day=draw(numbers), label=draw(labels)) for name in stages[:1]],
        marks=[Mark(at=at, label=draw(labels)) for at in draw(st.lists(moments, max_size=2))],
        privacy=Privacy(case_ids=draw(st.booleans()), smallest_group=draw(st.integers(1, 9))),
        log=draw(
            maybe(
                st.builds(
                    Log,
                    path=named,
                    columns=st.dictionaries(st.sampled_from(["case", "time"]), texts),
                    times=st.sampled_from([None, "entry"]),
                    ends=maybe(st.lists(texts, max_size=3)),
                    timezone=st.sampled_from([None, "UTC"]),
                )
            )
        ),
    )


@given(plants())
@settings(max_examples=80, deadline=None)
def test_what_is_written_is_read(plant: Plant) -> None:
    assert read_plant(dump_plant(plant)) == plant


@given(plants(), texts)
@settings(max_examples=15, deadline=None)
def test_what_is_saved_is_loaded(tmp_path_factory: pytest.TempPathFactory, plant: Plant, header: str) -> None:
    folder = tmp_path_factory.mktemp("plant")
    save_plant(plant, folder / "ü plant.toml", header)
    assert load_plant(folder / "ü plant.toml") == plant
    assert [file.name for file in folder.iterdir()] == ["ü plant.toml"]


@given(spans)
def test_a_duration_survives_writing(span: timedelta) -> None:
    assert parse_duration(write_duration(span)) == span


def test_a_written_plant_is_pleasant_to_edit() -> None:
    plant = Plant(
        name="Umsatzwerk",
        calendar=Calendar(days=["mon", "fri"], start=time(8), end=time(17)),
        stages=[Stage(name="Angebot", label={"en": "Offer"}, target_wait=timedelta(days=2), position=(3, 4))],
    )
    assert dump_plant(plant) == (
        'name = "Umsatzwerk"\n\n[calendar]\ndays = ["mon", "fri"]\nstart = 08:00:00\nend = 17:00:00\n\n'
        '[[stages]]\nname = "Angebot"\nlabel.en = "Offer"\ntarget_wait = "2 d"\nposition = [3, 4]\n'
    )


def test_the_header_is_a_comment(tmp_path: Path) -> None:
    save_plant(Plant(name="x"), tmp_path / "p.toml", "Found in log.csv\n\nEdit\x07 freely")
    assert (tmp_path / "p.toml").read_text() == '# Found in log.csv\n#\n# Edit  freely\n\nname = "x"\n'


def failure(path: Path) -> str:
    with pytest.raises(PlantError) as caught:
        load_plant(path)
    [problem] = caught.value.problems
    return str(problem).replace(str(path.parent) + os.sep, "")


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "plant.toml").write_text('name = "x"')
    assert failure(tmp_path / "plnt.toml") == 'plnt.toml: There is no such file. Did you mean "plant.toml"?'
    assert failure(tmp_path / "a" / "b").endswith("There is no such file. Check the name and the folder.")
    assert failure(tmp_path).endswith("This is a folder, not a plant file. Name a file in it: plant.toml.")
    (tmp_path / "latin.toml").write_bytes(b'name = "x"\n# Gr\xfcn')
    assert failure(tmp_path / "latin.toml") == (
        "latin.toml, line 2: Byte 16 of the file is 0xfc, which is not UTF-8. Save the file with the encoding UTF-8."
    )


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_bytes(b'\xef\xbb\xbfname = "x"')
    assert load_plant(tmp_path / "p.toml").name == "x"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        save_plant(Plant(name="x"), tmp_path / "none" / "p.toml")


def test_worker_dates_are_days() -> None:
    plant = read_plant('name = "x"\n[[workers]]\nstage = "y"\nsince = 2026-05-01')
    assert plant.workers[0].since == date(2026, 5, 1)
