"""Events in files of columns: a folder of Parquet, one such file, a DuckDB file; the numbers are those of a log."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from factoryview.errors import InputError, PlantError
from factoryview.factory.factory import Factory
from factoryview.factory.opening import open_factory
from factoryview.flow.kpis import kpis
from factoryview.plant.files import load_plant
from factoryview.resources import data_file
from factoryview.store.engine.duckdb import DuckDB
from tests.kit.command import factoryview, write_log

PLANT = 'name = "Office"\n[warehouse]\nends = ["Won", "Lost"]\ncolumns = { time = "entered" }\n'


def plant(folder: Path, words: str) -> Path:
    file = folder / "plant.toml"
    file.write_text(PLANT + words + "\n", encoding="utf-8")
    return file


def stays(factory: Factory) -> list[tuple[object, ...]]:
    return factory.store.engine.rows('select "case", stage, entered, "left", next, channel from stays order by all', {})


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write_log(tmp_path / "office.csv")


@pytest.fixture
def written(log: Path, tmp_path: Path) -> Path:
    """The events of the log in two Parquet files of a folder of folders, and in a DuckDB file."""
    (tmp_path / "events" / "more").mkdir(parents=True)
    with duckdb.connect(str(tmp_path / "events.duckdb")) as connection:
        connection.execute(f"create table moves as select * from read_csv('{log}', nullstr = '')")
        for number, file in enumerate(("one.parquet", "more/two.parquet")):
            place = tmp_path / "events" / file
            connection.execute(
                f"copy (select * from moves where hash(\"case\") % 2 = {number}) to '{place}' (format parquet)"
            )
    return tmp_path


@pytest.mark.parametrize(
    "words", ['path = "events"', 'path = "events.duckdb"\ntable = "moves"'], ids=["folder of Parquet", "DuckDB file"]
)
def test_the_numbers_are_those_of_the_log(written: Path, log: Path, words: str) -> None:
    from_files, from_log = open_factory(plant(written, words)), open_factory(log)
    assert isinstance(from_files.store.engine, DuckDB)
    assert stays(from_files) == stays(from_log)
    assert len(stays(from_files)) > 150
    counted = [kpis(each.store, bucket="month", timezone="UTC") for each in (from_files, from_log)]
    both = [each.sort_values(["kind", "stage", "bucket"], ignore_index=True) for each in counted]
    pd.testing.assert_frame_equal(*both, check_like=True)


def test_a_discovered_plant_names_the_same_events(written: Path) -> None:
    (written / "plants").mkdir()
    found = written / "plants" / "found.toml"
    said = factoryview("discover", plant(written, 'path = "events"'), "-o", found)
    assert said.status == 0, said.err
    assert load_plant(found).warehouse.path == "../events"  # type: ignore[union-attr]
    assert stays(open_factory(found)) == stays(open_factory(written / "plant.toml"))


def test_a_delta_table_has_the_rows_that_it_has_now(log: Path, tmp_path: Path) -> None:
    """After deletes, overwriting and a checkpoint: files of before lie there still, and are not read."""
    deltalake = pytest.importorskip("deltalake", reason="needs deltalake (pip install 'factoryview[delta]')")
    pytest.importorskip("pyarrow", reason="needs pyarrow (pip install 'factoryview[delta]')")
    folder = tmp_path / "events"
    with duckdb.connect() as connection:
        read = f"select * from read_csv('{log}', nullstr = '')"
        rows = connection.sql(f"{read} order by entered").to_arrow_table()
        cases = connection.execute(f'select distinct "case" from ({read}) order by 1 limit 9').fetchall()
    deltalake.write_deltalake(folder, rows.slice(0, 40), partition_by=["stage"])
    deltalake.write_deltalake(folder, rows, mode="overwrite")
    deltalake.write_deltalake(folder, rows.slice(0, 25), mode="append")
    deltalake.DeltaTable(folder).restore(1)
    table = deltalake.DeltaTable(folder)
    table.create_checkpoint()
    for (case,) in cases[:3]:
        deltalake.DeltaTable(folder).delete(f"\"case\" = '{case}'")
    with duckdb.connect() as connection:
        every = f"select count(*) from read_parquet('{folder}/**/*.parquet')"
        [(written,)] = connection.execute(every).fetchall()
    gone = {case for (case,) in cases[:3]}
    expected = sorted(
        [row[1:] for row in open_factory(log).store.engine.rows(
            'select id, "case", stage, entered, "left", next, channel from stays', {}
        ) if row[1] not in gone],
        key=repr,
    )  # fmt: skip
    found = stays(open_factory(plant(tmp_path, 'path = "events"')))
    assert sorted(found, key=repr) == expected
    assert written > len(rows), "what was deleted or written over lies there still"


def test_times_without_an_offset_are_those_of_the_plant(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        rows = "('a', 'S', timestamp '2025-07-01 12:00'), ('a', 'T', timestamp '2025-07-01 13:00'), (null, 'S', null)"
        query = f'select * from (values {rows}) as t("case", stage, entered)'
        connection.execute(f"copy ({query}) to '{tmp_path / 'one.parquet'}' (format parquet)")
    file = plant(tmp_path, 'path = "one.parquet"\ntimezone = "Europe/Berlin"')
    factory = open_factory(file)
    assert [str(row[2]) for row in stays(factory)] == ["2025-07-01 10:00:00", "2025-07-01 11:00:00"]
    assert factory.rejected == 1
    assert any("rows: 1." in str(finding.text) for finding in factory.findings)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('path = "nowhere"', "does not exist"),
        ('path = "events.duckdb"\ntable = "nothing"', "cannot be used"),
        ('path = "events.duckdb"', "cannot be used"),
        ('path = "office.csv"', "cannot be used"),
        ('path = "events"\ntable = "x"\nurl = "postgresql://h/d"', "said twice"),
        ('table = "x"', "not said where"),
        ('url = "postgresql://h/d"', "in which table"),
    ],
)
def test_what_is_not_there_is_said(written: Path, words: str, said: str) -> None:
    with pytest.raises((InputError, PlantError), match=said):
        open_factory(plant(written, words))


def test_a_column_that_is_not_there_is_named_with_those_that_are(written: Path) -> None:
    file = plant(written, 'path = "events"')
    file.write_text(file.read_text(encoding="utf-8").replace('"entered"', '"when"'), encoding="utf-8")
    with pytest.raises(InputError, match='no column "when"; there are case, channel, entered, stage'):
        open_factory(file)


def test_the_data_are_said_once(tmp_path: Path) -> None:
    file = plant(tmp_path, f'path = "events"\n[log]\npath = "{data_file("permits.csv.gz").name}"')
    with pytest.raises(PlantError, match="said twice"):
        open_factory(file)


def test_amounts_in_several_currencies_are_not_added_up(tmp_path: Path) -> None:
    for second, expected in (("USD", None), ("CHF", 300.0)):
        file = plant(tmp_path, f'path = "{second}.duckdb"\ntable = "moves"')
        file.write_text(file.read_text().replace('time = "entered"', 'time = "entered", value = "sum"'))
        with duckdb.connect(str(tmp_path / f"{second}.duckdb")) as connection:
            connection.execute(
                "create table moves as select * from (values ('a', 'New', timestamp '2025-01-02', 100.0, 'CHF'), "
                f"('b', 'New', timestamp '2025-01-03', 200.0, '{second}')) "
                'as t("case", stage, entered, sum, currency)'
            )
        factory = open_factory(file)
        assert factory.store.engine.rows("select sum(value) from stays", {}) == [(expected,)]
        told = " ".join(finding.text for finding in factory.findings if finding.severity == "warning")
        assert ("several currencies (CHF, USD)" in told) == (expected is None)
        assert factory.plant.currency == ("EUR" if expected is None else "CHF")


def test_a_currency_that_is_an_enumeration_is_seen(tmp_path: Path) -> None:
    file = plant(tmp_path, 'path = "enum.duckdb"\ntable = "moves"')
    file.write_text(file.read_text().replace('time = "entered"', 'time = "entered", value = "sum"'))
    with duckdb.connect(str(tmp_path / "enum.duckdb")) as connection:
        connection.execute("create type code as enum ('EUR', 'USD')")
        connection.execute(
            "create table moves as select * replace (currency::code as currency) from (values "
            "('a', 'New', timestamp '2025-01-02', 100.0, 'EUR'), ('b', 'New', timestamp '2025-01-03', 200.0, 'USD')) "
            'as t("case", stage, entered, sum, currency)'
        )
    factory = open_factory(file)
    assert factory.store.engine.rows("select sum(value) from stays", {}) == [(None,)]
    assert any("several currencies (EUR, USD)" in finding.text for finding in factory.findings)


def test_times_in_text_are_those_of_the_zone_that_they_say(tmp_path: Path) -> None:
    """Without one, those of the plant; each row for itself."""
    expected = {
        "2025-01-01T12:00:00+05:00": "2025-01-01 07:00:00",
        "2025-01-01 12:00:00.5-0330": "2025-01-01 15:30:00.500000",
        "2025-01-01 12:00:00+02": "2025-01-01 10:00:00",
        "2025-01-01T12:00:01Z": "2025-01-01 12:00:01",
        "2025-01-01 12:00:00 America/New_York": "2025-01-01 17:00:00",
        "2025-01-01 12:00:00": "2025-01-01 11:00:00",
        "2025-01-01": "2024-12-31 23:00:00",
    }
    with duckdb.connect(str(tmp_path / "texts.duckdb")) as connection:
        connection.execute('create table moves ("case" text, stage text, entered text)')
        connection.executemany("insert into moves values (?, 'S', ?)", [(text, text) for text in expected])
    factory = open_factory(plant(tmp_path, 'path = "texts.duckdb"\ntable = "moves"\ntimezone = "Europe/Berlin"'))
    assert {row[0]: str(row[2]) for row in stays(factory)} == expected
