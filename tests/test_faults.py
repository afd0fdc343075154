"""The inputs of strangers that once went wrong (../shared/faults), each with the right answer.

Small inputs of our own of the same kinds are tested where each kind is read, counted, said or refused.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from factoryview.factory.factory import Factory
from factoryview.factory.opening import open_factory
from tests.kit.command import factoryview

SHARED = Path(__file__).parents[1] / ".." / "shared" / "faults"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/faults, which is not here")

AS_BASE = (
    "apache.csv", "backslash_quote.csv", "case_space.csv", "ddmmyyyy_colon_dot.csv", "e_html.xls", "fullwidth.csv",
    "h_field_history.csv", "hash_comments.csv", "j_cloudevents.json", "j_jq_pretty.json", "j_two_lists.json",
    "jira_dmy.csv", "m_iso_plus_us.csv", "nbsp.csv", "r_rownames.csv", "ragged.csv", "stage_variants.csv",
    "weekday_us.csv", "x_prefix.xes",
)  # fmt: skip
"""Those that tell the same events as base.csv, to the second."""


def opened(name: str, tmp_path: Path) -> Factory:
    """A file of the folder, read from where rejected rows may be written beside it."""
    path = SHARED / name
    if path.suffix == ".toml":
        shutil.copytree(path.parent, tmp_path / "in")
        return open_factory(tmp_path / "in" / path.name)
    shutil.copyfile(path, tmp_path / path.name)
    return open_factory(tmp_path / path.name)


def asked(factory: Factory, query: str) -> list[tuple[Any, ...]]:
    return factory.store.engine.rows(query, {})


def told(factory: Factory, *severities: str) -> str:
    return " ".join(each.text for each in factory.findings if each.severity in severities)


def entries(factory: Factory) -> dict[str, int]:
    """Into stages and outcomes."""
    found = Counter(dict(asked(factory, "select stage, count(*) from stays group by 1")))
    if factory.store.meaning == "entry":
        found.update(dict(asked(factory, "select outcome, count(*) from outcomes group by 1")))
    return dict(found)


def mean_stays(factory: Factory) -> dict[str, float]:
    """Hours, of those that have left."""
    query = (
        'select stage, avg(epoch_us("left") - epoch_us(entered)) / 3.6e9 from stays where "left" is not null group by 1'
    )
    return {stage: round(hours, 3) for stage, hours in asked(factory, query)}


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SHARED / "reading" / "expected.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", ["base.csv", *AS_BASE])
def test_the_same_events_however_they_are_written(name: str, expected: dict[str, Any], tmp_path: Path) -> None:
    factory, truth = opened(f"reading/{name}", tmp_path), expected["base"]
    assert entries(factory) == truth["entries"]
    ended = dict(asked(factory, "select outcome, count(*) from outcomes where until is null group by 1"))
    assert ended == truth["last"]
    assert factory.rejected == 0
    if factory.store.meaning == "entry":
        assert mean_stays(factory) == truth["mean_stay_h"]
        plain = datetime(2025, 3, 3, 18, 9)
        assert (plain,) in asked(factory, "select min(entered) from stays where stage = 'New'")
    else:
        assert told(factory, "ask"), "what its times mean is a guess"


@pytest.mark.parametrize(("name", "truth"), [
    ("n_case_dates.csv", "n_case_dates.csv"), ("n_case_created.csv", "n_case_created.csv"),
    ("m_newest_first_day.csv", "m_newest_first_day.csv"), ("m_newest_first_day_asc.csv", "m_newest_first_day.csv"),
])  # fmt: skip
def test_dates_of_the_case_and_files_written_newest_first(
    name: str, truth: str, expected: dict[str, Any], tmp_path: Path
) -> None:
    factory = opened(f"reading/{name}", tmp_path)
    assert entries(factory) == expected[truth]["entries"]
    assert mean_stays(factory) == expected[truth]["mean_stay_h"]


def test_a_zone_by_name(tmp_path: Path) -> None:
    factory = opened("reading/zone_cet.csv", tmp_path)
    assert asked(factory, "select min(entered) from stays") == [(datetime(2025, 3, 3, 17, 9),)]
    assert sum(entries(factory).values()) == 163


def test_traces_of_one_name(expected: dict[str, Any], tmp_path: Path) -> None:
    factory = opened("reading/x_same_name.xes", tmp_path)
    assert asked(factory, 'select count(distinct "case") from stays') == [(expected["base"]["cases"],)]
    assert "40 traces share" in told(factory, "warning")


@pytest.mark.parametrize(("name", "stages"), [
    ("cp1251.csv", {"Новая", "Проверка", "Выполнено", "Отклонено"}), ("u_cyr.csv", {"Новая", "Проверка", "Выполнено"}),
    ("u_emoji.csv", {"📥 Inbox", "👀 Review", "✅ Done"}),
])  # fmt: skip
def test_letters(name: str, stages: set[str], tmp_path: Path) -> None:
    factory = opened(f"reading/{name}", tmp_path)
    assert stages <= set(entries(factory))
    if name == "cp1251.csv":
        assert "Windows-1251" in told(factory, "ask")
    if name == "u_emoji.csv":
        said = factoryview("check", tmp_path / name)
        assert "illegible" in said.out or "no typeface" in said.out or "can write" not in said.out


def test_money_of_two_countries_is_never_one_sum(tmp_path: Path) -> None:
    factory = opened("reading/c_hubspot_currency.csv", tmp_path)
    assert "JPY, USD" in told(factory, "warning")
    assert asked(factory, "select count(value) from stays") == [(0,)]


def test_typing_errors_of_a_year_are_named_and_stretch_nothing(tmp_path: Path) -> None:
    for name, year, rows in (("reading/o_outlier_year.csv", 2025, ("line 5",)),
                             ("words/gemischt.csv", 2025, ("line 302", "line 303"))):  # fmt: skip
        factory = opened(name, tmp_path)
        first, last = (datetime.fromtimestamp(at / 1e6) for at in factory.store.span())
        assert (first.year, last.year) == (year, year)
        assert all(row in told(factory, "warning") for row in rows)
        assert factory.rejected == len(rows)


def test_the_sheet_with_the_log(tmp_path: Path) -> None:
    factory = opened("reading/e_two_sheets.xlsx", tmp_path)
    assert sum(entries(factory).values()) == 163
    assert 'The sheet "Sheet" is read' in told(factory, "info")


@pytest.mark.parametrize(("name", "stages", "buckets"), [
    ("reading/k_wide_iso.csv", 3, 26), ("reading/kl_monname.csv", 3, 20), ("words/g_aktivitaet.csv", 3, 0),
    ("words/g_kpi_woche.csv", 3, 30),
])  # fmt: skip
def test_tables_of_counts(name: str, stages: int, buckets: int, tmp_path: Path) -> None:
    factory = opened(name, tmp_path)
    assert factory.store.meaning == "kpi"
    assert len(factory.store.stages()) == stages
    if buckets:
        assert factory.log_rows == stages * buckets


def test_a_year_of_growing_work_is_red(tmp_path: Path) -> None:
    opened("words/g_kpi_woche.csv", tmp_path)
    said = json.loads(factoryview("explain", tmp_path / "g_kpi_woche.csv", "--json").out)
    assert said["stages"]["Angebot"]["level"] == "red"
    assert said["headline"]["stage"] == "Angebot"


def test_an_end_that_something_follows_at_once(tmp_path: Path) -> None:
    factory = opened("logs/r1_soon_end.csv", tmp_path)
    announced = {
        finding.text.split('"')[1]: int(finding.text.split(": ")[1].split()[0].replace(",", ""))
        for finding in factory.findings
        if finding.place == "ends" and " of " in finding.text
    }
    counted = dict(
        asked(factory, 'select outcome, count(distinct "case") from outcomes where until is null group by 1')
    )
    assert announced
    assert sum(counted.values()) == asked(factory, 'select count(distinct "case") from stays')[0][0]


def test_the_same_losses_whatever_the_times_mean(tmp_path: Path) -> None:
    lost = []
    for form in ("completion", "entry"):
        opened(f"logs/r2_leaks_{form}.csv", tmp_path)
        said = json.loads(factoryview("explain", tmp_path / f"r2_leaks_{form}.csv", "--json").out)
        lost.append([(each["stage"], each["outcome"], each["cases"]) for each in said["leaks"]])
    assert lost[0] == lost[1] == [("Checked", "Rejected", 73.0)]


def test_headers_without_blanks(tmp_path: Path) -> None:
    factory = opened("logs/r3_glued_headers.csv", tmp_path)
    assert (factory.columns["case"], factory.columns["stage"]) == ("permitnum", "statuscurrent")
    kinds = {outcome.name: outcome.kind for outcome in factory.plant.outcomes}
    assert kinds["Cancelled"] == kinds["Expired"] == "lost"
    assert told(factory, "ask")


def test_tables_that_are_joined_count(tmp_path: Path) -> None:
    factory = opened("logs/r5_joined_tables/plant.toml", tmp_path)
    assert entries(factory) == {"Lead": 4, "Won": 2, "Delivered": 1}


def test_six_channels_are_drawn(tmp_path: Path) -> None:
    opened("logs/r6_six_channels.csv", tmp_path)
    said = factoryview("render", tmp_path / "r6_six_channels.csv", "-o", tmp_path / "six.png", "--size", "640x360")
    assert said.status == 0, said.err
    assert (tmp_path / "six.png").stat().st_size > 10_000


def test_kilograms_are_no_cases(tmp_path: Path) -> None:
    factory = opened("logs/r8_weight_is_kilograms.csv", tmp_path)
    assert asked(factory, 'select count(distinct "case"), max(weight) from stays') == [(60, 1.0)]


def test_many_that_wait_for_one_day_are_named(tmp_path: Path) -> None:
    """Nothing has left yet, so that nobody knows what is usual: no level, but the largest pile in words, and that it is
    so. What its one release will be is later than the moment.
    """
    opened("logs/r9_rare_batch_never_red.csv", tmp_path)
    said = factoryview("--lang", "en", "explain", tmp_path / "r9_rare_batch_never_red.csv", "--at", "2022-12-01")
    assert "Collect: 900 cases; none has left yet." in said.out, said.out


def test_the_true_bottleneck_of_a_workshop(tmp_path: Path) -> None:
    """By simulation: a second post there gives 1.5 finished orders a working day in March and loses none."""
    opened("words/werk.toml", tmp_path)
    said = json.loads(
        factoryview(
            "explain", tmp_path / "in" / "werk.toml", "--from", "2025-03-01", "--to", "2025-04-01", "--json"
        ).out
    )
    assert said["headline"]["stage"] == "Arbeitsvorbereitung"
    assert said["largest_loss"] is None or said["largest_loss"]["cases"] >= 2
    assert said["demand"]["before_come"] is None or said["demand"]["before_come"] > 0
    text = factoryview("--lang", "de", "explain", tmp_path / "in" / "werk.toml").out
    assert "Klärung technisch verloren: 3 Fälle" in text
    assert "davor" not in text, "nothing is compared with a time before the log"


def test_french_headers_name_the_study(tmp_path: Path) -> None:
    opened("words/i_francais.csv", tmp_path)
    said = factoryview("--lang", "en", "explain", tmp_path / "i_francais.csv").out
    assert "Étude" in said.splitlines()[0]


def test_jira_and_serial_numbers(tmp_path: Path) -> None:
    factory = opened("words/d_jira.csv", tmp_path)
    assert asked(factory, "select min(entered) from stays") == [(datetime(2025, 1, 6, 8, 47),)]
    assert asked(factory, "select min(entered) from stays where stage = 'In Progress'") == [
        (datetime(2025, 1, 6, 13, 5),)
    ]
    factory = opened("words/excel_serial.csv", tmp_path)
    assert asked(factory, "select min(entered)::date::varchar from stays") == [("2025-01-02",)]


def robust(name: str, tmp_path: Path) -> Path:
    for file in (SHARED / "robustness").iterdir():
        if file.is_file() and file.stat().st_size < 500_000:
            shutil.copyfile(file, tmp_path / file.name)
    return tmp_path / name


def test_a_path_is_no_pattern(tmp_path: Path) -> None:
    shutil.copytree(SHARED / "robustness" / "glob", tmp_path / "glob")
    found = [open_factory(tmp_path / "glob" / name) for name in ("data1.csv", "data[1].csv")]
    rows = [asked(factory, 'select "case", stage, entered from stays order by all') for factory in found]
    plain = [(tmp_path / "glob" / name).read_text(encoding="utf-8") for name in ("data1.csv", "data[1].csv")]
    assert rows[0] != rows[1]
    for text, cases in zip(plain, rows, strict=True):
        assert all(case in text for case, _, _ in cases)


@pytest.mark.parametrize("name", [
    "zero_width_stage.csv", "kpi_1e30.csv", "row_99999999.xlsx", "damaged_2.store", "ocel_blob_id.sqlite", ".deals.csv",
    "xes_gb2312.xes", "xes_unknown_encoding.xes", "position_10000.toml", "people.toml", "posts.toml",
])  # fmt: skip
def test_it_is_drawn_or_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    said = factoryview("render", robust(name, tmp_path), "-o", tmp_path / "x.png", "--size", "640x360")
    assert said.readable, said.err
    assert (tmp_path / "x.png").exists() == (said.status == 0)
    if said.status:
        assert len(said.err.strip().splitlines()[-1]) > 20


def test_no_output_replaces_the_log(tmp_path: Path) -> None:
    log = robust("kpi_overwrites_input.csv", tmp_path)
    before = log.read_bytes()
    said = factoryview("kpis", log, "-o", log)
    assert (said.status, log.read_bytes()) == (2, before)


def test_what_a_store_holds_is_drawn(tmp_path: Path) -> None:
    plant = robust("poison.toml", tmp_path)
    assert factoryview("record", plant, "--seconds", "1.5").status == 0
    said = factoryview("render", tmp_path / "poison.store", "-o", tmp_path / "x.png", "--size", "640x360")
    assert said.status == 0, said.err
    recorded = open_factory(tmp_path / "poison.store")
    assert asked(recorded, 'select count(distinct "case"), max(weight) from stays') == [(31, 1.0)]


def test_a_folder_that_holds_its_own_store(tmp_path: Path) -> None:
    folder = tmp_path / "feed"
    folder.mkdir()
    shutil.copyfile(SHARED / "robustness" / "feed_reads_its_own_store.toml", folder / "plant.toml")
    shutil.copyfile(SHARED / "robustness" / "people.csv", folder / "people.csv")
    assert factoryview("record", folder / "plant.toml", "--seconds", "1.5").status == 0
    rows = len((folder / "people.csv").read_text(encoding="utf-8").splitlines()) - 1
    factory = open_factory(folder / "plant.toml")
    assert sum(entries(factory).values()) <= rows


@pytest.mark.parametrize("name", ["semi_formula.csv", "escape_stage.csv"])
def test_nothing_that_a_table_or_a_terminal_would_obey(name: str, tmp_path: Path) -> None:
    log = robust(name, tmp_path)
    assert factoryview("kpis", log, "-o", tmp_path / "k.csv").status == 0
    table = (tmp_path / "k.csv").read_text(encoding="utf-8-sig")
    assert not any(cell.lstrip(' "')[:1] in "=+@" for line in table.splitlines() for cell in line.split(";") if cell)
    said = factoryview("snapshot", log)
    assert not {"\x1b", "\x07"} & {*said.out, *said.err, *table}
