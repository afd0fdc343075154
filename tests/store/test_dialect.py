"""The named queries in other dialects: all can be said there, nothing approximates, nothing is lost on the way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from factoryview import store
from factoryview.store.engine.dialect import ALLOWED, UntranslatableError, functions, translated

FOLDER = Path(store.__file__).parent / "sql"
ELSEWHERE = ("journal/", "counts/crates", "counts/curves", "selection/views", "stays/of_span",
             "stays/fingerprint", "stays/window_of_spans", "stays/kept", "stays/happened", "stays/touched",
             "stays/grown", "laid/")  # fmt: skip
"""Queries of SQLite, of counts and of files that are in DuckDB anyhow, and pieces of queries."""
GAPS = {"{events}": "events", "{dated}": "events where time is not null",
        "{table} {prefix}": "temp table ", "{prefix}": "", "{order}": "time",
        "{attribute}": 'select "case", text, number from said', "{touching}": "select * from sorted",
        "{whole}": "int", "{also}": ", coalesce(epoch_us(started), $unknown) as started, weight"}  # fmt: skip
NOT_RUN = ("snowflake", "bigquery", "databricks", "tsql", "trino", "clickhouse")
"""Dialects in which nothing was ever run: the queries are written in them and read again, and that is all."""


def queries() -> dict[str, str]:
    found = {}
    for path in sorted(FOLDER.rglob("*.sql")):
        name = path.relative_to(FOLDER).with_suffix("").as_posix()
        if not name.startswith(ELSEWHERE):
            text = path.read_text(encoding="utf-8")
            for gap, said in GAPS.items():
                text = text.replace(gap, said)
            found[name] = text
    return found


QUERIES = queries()


def test_the_queries_use_allowed_functions_alone() -> None:
    used = {name: functions(text) - ALLOWED for name, text in QUERIES.items()}
    assert len(used) > 60
    assert {name: strange for name, strange in used.items() if strange} == {}
    assert not [name for name in ALLOWED if "approx" in name]


@pytest.mark.parametrize(
    "function", ["median(x)", "approx_quantile(x, 0.5)", "mode(x)", "date_trunc('day', x)", "f(x)"]
)
def test_another_function_is_refused(function: str) -> None:
    with pytest.raises(UntranslatableError, match="not every engine"):
        translated(f"select {function} from stays", "postgres")


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_is_said_in_postgresql(name: str) -> None:
    text = QUERIES[name]
    statements = translated(text, "postgres")
    assert statements
    written = ";".join(statement.text for statement in statements)
    for statement in statements:
        if statement.does == "drop":
            continue
        tree = sqlglot.parse_one(re.sub(r"%\((\w+)\)s", "1", statement.text).replace("%%", "%"), read="postgres")
        own = {node.name for node in tree.find_all(exp.Anonymous)}
        assert not own & {"epoch_us", "hash", "make_timestamp", "list_position"}, "those are not PostgreSQL's own"
    assert set(re.findall(r"\$([a-z_]+)", re.sub("--.*", "", text))) == set(re.findall(r"%\((\w+)\)s", written))
    assert written.count("FIRST_OF") + written.count("LAST_OF") == len(re.findall("ignore nulls|arg_min", text))
    assert "GROUP BY ALL" not in written.upper()
    assert "TO_TIMESTAMP" not in written.upper(), "that goes through floating point"


def test_no_query_casts_to_a_number_without_a_sign_or_of_sixteen_bytes() -> None:
    """PostgreSQL has none."""
    text = "\n".join(queries().values())
    assert re.search(r"::\w+", text)
    assert not re.findall(r"\b(?:u(?:tiny|small|big|huge)?int(?:eger)?|hugeint)\b", text, re.IGNORECASE)


def test_a_set_of_cases_is_seen_alone() -> None:
    [statement] = translated('select count(*) from stays as s join outcomes using ("case")', "postgres", "chosen_7")
    assert statement.text.count('IN (SELECT "case" FROM "chosen_7")') == 2
    assert ') AS "s"' in statement.text


def test_what_a_query_makes_is_said_apart_so_that_each_engine_makes_it_for_its_session_alone() -> None:
    made = translated("create or replace table stays as select 1 as id; drop table if exists steps", "postgres")
    assert [(each.does, each.table) for each in made] == [("make", "stays"), ("drop", "steps")]
    assert made[0].text == 'SELECT 1 AS "id"'


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_is_said_in_spark(name: str) -> None:
    text = QUERIES[name]
    statements = translated(text, "spark")
    written = ";".join(statement.text for statement in statements)
    for statement in statements:
        if statement.does != "drop":
            tree = sqlglot.parse_one(re.sub(":[a-z_]+", "1", statement.text), read="spark")
            own = {node.name.lower() for node in tree.find_all(exp.Anonymous)}
            assert not own & {"epoch_us", "hash", "make_timestamp", "list_position"}, "those are not Spark's own"
    assert set(re.findall(r"\$([a-z_]+)", re.sub("--.*", "", text))) == set(re.findall(r":([a-z_]+)", written))
    assert "APPROX" not in written
    assert "infinity" not in written
    assert not re.search(r"OVER \(`\w+`", written), "a window that is named has no frame besides"
    assert "INSERT" not in written, "views do not grow"
    unfolded = len(re.findall("unnest", text))
    assert written.count("EXPLODE(") <= unfolded, "one list is unfolded for each row, at most"


@pytest.mark.parametrize("dialect", NOT_RUN)
def test_other_dialects_are_written_and_read_again_but_not_run(dialect: str) -> None:
    said = 0
    for name in ("stays/span", "stays/stages", "stays/window", "stays/number", "counts/kpis", "counts/beginnings"):
        for statement in translated(QUERIES[name], dialect):
            said += 1
            sqlglot.parse_one(re.sub(r"%\((\w+)\)s", "1", statement.text).replace("%%", "%"), read=dialect)
    assert said == 6


def test_what_a_list_does_not_have_is_unknown_in_spark_too() -> None:
    """Spark's own array_position says 0 there."""
    [said] = translated("select list_position($names::varchar[], stage) as place from stays", "spark")
    assert "NULLIF(ARRAY_POSITION(" in said.text.upper()


def test_a_logarithm_to_a_base_is_one_of_exact_numbers_in_postgresql() -> None:
    """It knows no other: windows of three hundred thousand stays and more are sorted by one."""
    [statement] = translated("select ceil(log2(x / 3.6e9)) as span from stays", "postgres")
    assert re.search(r"LOG\(2, CAST\(.* AS (DECIMAL|NUMERIC)\)\)", statement.text)
