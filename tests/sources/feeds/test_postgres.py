"""Rows of a PostgreSQL table: every committed one once, whoever commits when and whatever is killed."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, date, datetime
from decimal import Decimal

import psycopg
import pytest
from psycopg import sql

from factoryview.errors import InputError
from factoryview.sources.feeds.feed import LARGEST_BATCH, FeedError
from factoryview.sources.feeds.postgres_session import identifier
from tests.kit.postgres_rows import NEVER, TX, add, feed_of, full, ids, read
from tests.kit.servers.gathering import EVENTUALLY, silent_server
from tests.kit.servers.postgres_server import PostgresServer

HUSHED = [
    "u:hush@h:port:3",
    "u:hush@h/d?x=hush",
    "u:hush@hush@h",
    "u:hush/hush@h",
    "u:12/hush@h",
    "u:%zzhush@h",
]


class TestWithoutAServer:
    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            ("events", ("events",)),
            ("crm.Events", ("crm", "Events")),
            ('"a.b"."say ""hi"""', ("a.b", 'say "hi"')),
            ("x; drop table y", ("x; drop table y",)),
            ('a"b"', ('a"b"',)),
        ],
    )
    def test_names(self, name: str, parts: tuple[str, ...]) -> None:
        assert identifier(name) == sql.Identifier(*parts)

    @pytest.mark.parametrize("name", [".", "a.", ".a", "a..b", '"a', '""'])
    def test_no_names(self, name: str) -> None:
        with pytest.raises(InputError, match="is no name of a table"):
            feed_of("postgresql://h/d", name)

    @pytest.mark.parametrize("url", ["hush hush", *map("postgresql://{}/d".format, HUSHED)])
    def test_no_address(self, url: str) -> None:
        with pytest.raises(InputError, match=r'feed "crm", url: this is no address') as error:
            feed_of(url)
        assert "hush" not in str(error.value)

    @pytest.mark.parametrize("position", ["nonsense", "[1]", '{"tx": 3}', '{"tx": "x", "id": "1"}'])
    def test_a_position_of_something_else(self, position: str) -> None:
        feed = feed_of("postgresql://127.0.0.1:1/d")
        with pytest.raises(FeedError, match="cannot be understood"):
            feed.start(position)
        feed.close()

    def test_nobody_is_there(self) -> None:
        feed = feed_of("postgresql://u:hush@127.0.0.1:1/d")
        with pytest.raises(FeedError, match=r"PostgreSQL at 127\.0\.0\.1:1/d, table events: .*refused") as error:
            feed.start(None)
        assert "hush" not in str(error.value)
        feed.close()

    def test_a_server_that_says_nothing_is_left(self) -> None:
        with silent_server() as port:
            feed = feed_of(f"postgresql://u:hush@127.0.0.1:{port}/d?connect_timeout=2")
            begin = time.monotonic()
            with pytest.raises(FeedError, match=r"127\.0\.0\.1.*timeout"):
                feed.start(None)
            assert time.monotonic() - begin < EVENTUALLY
            feed.close()

    def test_closed_before_it_began(self) -> None:
        feed = feed_of("postgresql://127.0.0.1:1/d")
        feed.close()
        feed.start(None)
        assert list(feed.batches()) == []


@pytest.mark.parts
class TestRows:
    def test_are_given_as_they_are(self, server: PostgresServer) -> None:
        url = server.new_database("kinds")
        with psycopg.connect(url) as connection:
            connection.execute("set timezone = 'Asia/Kolkata'")
            connection.execute(
                f"create table crm (n int primary key, {TX}, s text, t timestamptz, d date, m numeric, j jsonb,"
                " no text)"
            )
            connection.execute(
                "insert into crm (n, s, t, d, m, j) values"
                " (7, 'Ü', '2025-01-02 03:04:05.6+02', '2025-01-02', 1.50, '{\"a\": {\"b\": [1]}}')"
            )
        (message,), position = read(feed_of(url, "crm", cursor="n"))
        assert message.fields == {
            "n": 7,
            "s": "Ü",
            "t": datetime(2025, 1, 2, 1, 4, 5, 600_000, tzinfo=UTC),
            "d": date(2025, 1, 2),
            "m": Decimal("1.50"),
            "j": {"a": {"b": [1]}},
            "no": None,
        }
        said = json.loads(position)
        assert message.key == f"{said['tx']}/7"
        assert json.loads(message.raw)["t"] == "2025-01-02 01:04:05.600000+00:00"

    def test_what_python_has_no_value_for_stays_text(self, server: PostgresServer) -> None:
        url = server.new_database("odd values")
        with psycopg.connect(url) as connection:
            connection.execute(
                f"create table events (id int primary key, {TX}, a timestamptz, b date, c time, d interval,"
                " e timestamp, f json, g numeric)"
            )
            connection.execute(
                "insert into events values (1, default, 'infinity', '10000-01-01', '24:00', '9999999 years',"
                f" '-infinity', '{'9' * 5000}', '{'9' * 5000}')"
            )
        (message,), _ = read(feed_of(url))
        values = [str(value) for value in message.fields.values()]
        assert values[:6] == ["1", "infinity", "10000-01-01", "24:00:00", "9999999 years", "-infinity"]
        assert values[6:] == ["9" * 5000] * 2

    def test_what_identifies_is_exact_and_has_one_form(self, server: PostgresServer) -> None:
        url = server.new_database("ids")
        with psycopg.connect(url) as connection:
            connection.execute(f"create table events (id numeric(30) primary key, {TX}, u uuid, n numeric, m numeric)")
            connection.execute(
                "insert into events values (123456789012345678901234567890, default,"
                " 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', -7, 0.5), (2, default, null, 'NaN', 1.00)"
            )
        found, _ = read(feed_of(url))
        two, one = (list(message.fields.values()) for message in found)
        assert one == [123456789012345678901234567890, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", -7, Decimal("0.5")]
        assert [type(value) for value in one] == [int, str, int, Decimal]
        assert str(two) == "[2, None, Decimal('NaN'), Decimal('1.00')]"

    def test_go_on_after_the_position_and_in_bounded_batches(self, url: str) -> None:
        add(url, *range(12_345))
        feed = feed_of(url)
        feed.start(None)
        batches = full(feed.batches(), 2)
        feed.close()
        assert [len(batch.messages) for batch in batches] == [LARGEST_BATCH, LARGEST_BATCH]
        rest, position = read(feed_of(url), batches[1].position)
        assert [*ids([*batches[0].messages, *batches[1].messages]), *ids(rest)] == list(range(12_345))
        assert read(feed_of(url), position)[0] == []

    def test_large_ones_come_few_at_once(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("insert into events select i, repeat('x', 1000000) from generate_series(1, 40) i")
        feed = feed_of(url, every=NEVER)
        feed.start(None)
        batches = full(feed.batches(), 5)
        feed.close()
        assert all(len(batch.messages) <= 9 for batch in batches)
        assert ids([message for batch in batches for message in batch.messages]) == list(range(1, 41))
        assert all(len(message.raw) < 5_000 for message in batches[0].messages)

    @pytest.mark.parametrize(
        ("schema", "table"), [('we"ird', "a.b"), ("x'; drop table events; --", '100%s "of" %')]
    )  # fmt: skip
    def test_names_are_never_taken_for_words(self, url: str, schema: str, table: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
            connection.execute(
                sql.SQL("create table {} ({} text primary key, {} xid8 default pg_current_xact_id())").format(
                    sql.Identifier(schema, table), sql.Identifier('i"d %s'), sql.Identifier("t'x;")
                )
            )
            connection.execute(sql.SQL("insert into {} values ('it''s')").format(sql.Identifier(schema, table)))
        add(url, 1)
        written = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, table))
        words = {"cursor": 'i"d %s', "transaction": "t'x;", "notify": 'a"; drop table events; --'}
        (message,), position = read(feed_of(url, written, **words))
        assert message.fields == {'i"d %s': "it's"}
        assert read(feed_of(url, written, **words), position)[0] == []
        assert ids(read(feed_of(url))[0]) == [1]

    def test_of_a_view(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("create view few as select id, tx from events where id > 2")
        add(url, 1, 2, 3, 4)
        assert ids(read(feed_of(url, "few"))[0]) == [3, 4]


@pytest.mark.parts
class TestViews:
    """Nobody knows whether what numbers the rows of a view does: rows may share a place, or have none."""

    @pytest.fixture
    def view(self, url: str) -> str:
        with psycopg.connect(url) as connection:
            connection.execute(f"create table moves (n numeric, said text, {TX})")
            connection.execute("create view seen as select n as id, said, tx from moves")
        return url

    def move(self, view: str, *numbers: str | int | None) -> None:
        with psycopg.connect(view) as connection, connection.cursor() as cursor:
            rows = [(number, f"row {place}") for place, number in enumerate(numbers)]
            cursor.executemany("insert into moves values (%s, %s)", rows)

    def test_what_shares_a_place_is_never_cut(self, view: str) -> None:
        self.move(view, *range(LARGEST_BATCH - 1), *[LARGEST_BATCH] * 3, LARGEST_BATCH + 1)
        self.move(view, "7.0", "7", "7.00")
        feed = feed_of(view, "seen")
        feed.start(None)
        batches = full(feed.batches(), 2)
        feed.close()
        assert [len(batch.messages) for batch in batches] == [LARGEST_BATCH - 1, 7]
        keys = [message.key for batch in batches for message in batch.messages]
        assert len(set(keys)) == LARGEST_BATCH + 6
        assert [key.partition("/")[2] for key in keys[-7:-3]] == ["5000", "5000#1", "5000#2", "5001"]
        for batch, rest in zip(batches, (7, 0), strict=True):
            again, _ = read(feed_of(view, "seen"), batch.position)
            assert [message.key for message in again] == keys[len(keys) - rest :]
        assert ids(list(batches[1].messages))[:4] == [5000, 5000, 5000, 5001]

    def test_large_ones_that_share_a_place_come_together(self, view: str) -> None:
        with psycopg.connect(view) as connection:
            connection.execute("insert into moves select i / 12, repeat('x', 1000000) from generate_series(0, 35) i")
        feed = feed_of(view, "seen", every=NEVER)
        feed.start(None)
        batches = full(feed.batches(), 3)
        feed.close()
        assert [len(batch.messages) for batch in batches] == [12, 12, 12]

    def test_more_than_a_batch_with_one_place_is_told(self, view: str) -> None:
        self.move(view, 1, *[2] * LARGEST_BATCH)
        assert len(read(feed_of(view, "seen"))[0]) == LARGEST_BATCH + 1
        self.move(view, 1, *[2] * (LARGEST_BATCH + 1))
        feed = feed_of(view, "seen")
        feed.start(None)
        batches = feed.batches()
        assert [len(batch.messages) for batch in full(batches, 3)] == [1, LARGEST_BATCH, 1]
        with pytest.raises(InputError, match=r'more than 5,000 rows of a transaction have the same "id" \(2\)'):
            full(batches, 1)
        feed.close()

    def test_what_has_no_number_is_set_aside(self, view: str) -> None:
        self.move(view, 1, None, 2, None)
        self.move(view, 3, None)
        self.move(view, None)
        feed = feed_of(view, "seen")
        found, position = read(feed)
        assert [message.fields.get("id", message.trouble) for message in found] == [
            1, 2, *['no "id", which numbers the rows'] * 2, 3, *['no "id", which numbers the rows'] * 2
        ]  # fmt: skip
        assert len({message.key for message in found}) == 7
        assert "row 1" in found[2].raw
        assert read(feed_of(view, "seen"), position)[0] == []
        place = found[1].key.split("/")
        rest, _ = read(feed_of(view, "seen"), json.dumps({"tx": int(place[0]), "id": place[1]}))
        assert [message.key for message in rest] == [message.key for message in found[2:]]
        self.move(view, 4)
        assert ids(read(feed_of(view, "seen"), position)[0]) == [4]

    def test_a_table_in_parts_is_read_alike(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(f"create table parts (id int, day date not null, {TX}) partition by range (day)")
            connection.execute("create table one partition of parts for values from ('2025-01-01') to ('2026-01-01')")
            connection.execute("insert into parts values (1, '2025-01-01'), (1, '2025-02-01'), (null, '2025-03-01')")
        found, _ = read(feed_of(url, "parts"))
        assert [message.fields.get("id") for message in found] == [1, 1, None]


@pytest.mark.parts
class TestRefusals:
    @pytest.mark.parametrize(
        ("make", "kind", "words"),
        [
            ("create table t (id int)", InputError, r'has no column "tx".*ALTER TABLE "t" ADD COLUMN "tx" xid8'),
            ("create table t (id int, tx bigint)", InputError, r'has a column "tx" that is no xid8'),
            (f"create table t (n int, {TX})", InputError, r'no column "id".*cursor = …; its columns are n, tx'),
            (f"create table t (id int unique, {TX})", InputError, r'"id" does not number the rows of the table t'),
            (f"create table t (id int not null, {TX})", InputError, "does not number the rows"),
            (
                f"create table t (id int not null, n int, {TX}); create unique index on t (id) where n > 1",
                InputError,
                "does not number the rows",
            ),
            (
                f"create table t (id int not null, n int, {TX}); create unique index on t (tx, id, n)",
                InputError,
                r'CREATE UNIQUE INDEX ON "t" \("tx", "id"\)',
            ),
            ("create table u (id int)", FeedError, r'"t" does not exist'),
            (
                f"create table t (id int, {TX}); create role poor login password 'poor'",
                FeedError,
                "permission denied for table t",
            ),
        ],
    )
    def test_a_table_that_cannot_be_followed(self, url: str, make: str, kind: type[Exception], words: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(make)
        if "poor" in make:
            url = re.sub(r"owner:[^@]*@", "poor:poor@", url)
        feed = feed_of(url, "t")
        with pytest.raises(kind, match=words):
            feed.start(None)
        feed.close()

    def test_a_wrong_password_is_not_repeated(self, server: PostgresServer) -> None:
        for wrong in ("wrong secret", "wröng/#@"):
            feed = feed_of(server.url_of("postgres", wrong))
            with pytest.raises(FeedError, match="password authentication failed") as error:
                feed.start(None)
            assert "wrong" not in str(error.value)
            assert "wr" not in str(error.value).replace("wrote", "")
            feed.close()

    @pytest.mark.parametrize(
        "make",
        [
            "(id int primary key, {tx})",
            "(id int not null, {tx}, unique (id) deferrable)",
            "(id int not null, n int, {tx}); create unique index on t (tx, id) include (n)",
            "(id int not null, n int default 1, {tx}, primary key (id, n)) partition by range (id);"
            " create table u partition of t for values from (0) to (9); create unique index on t (tx, id)",
        ],
    )
    def test_a_table_that_can_be_followed(self, url: str, make: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(f"create table t {make.format(tx=TX)}; insert into t (id) values (1), (2)".encode())
        assert ids(read(feed_of(url, "t"))[0]) == [1, 2]

    def test_the_cure_for_numbers_that_are_none_cures(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(f"create table old (id int, {TX}); insert into old values (1), (2)")
        with pytest.raises(InputError) as error:
            read(feed_of(url, "old"))
        with psycopg.connect(url) as connection:
            connection.execute(error.value.cure.partition("run: ")[2].partition("where that")[0].encode())
        assert ids(read(feed_of(url, "old"))[0]) == [1, 2]

    def test_the_cure_for_a_missing_column_cures(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("create table old (id int primary key); insert into old values (1), (2)")
        with pytest.raises(InputError) as error:
            read(feed_of(url, "old"))
        with psycopg.connect(url) as connection:
            connection.execute(error.value.cure.partition("run: ")[2].encode())
            connection.execute("insert into old values (3)")
        assert ids(read(feed_of(url, "old"))[0]) == [1, 2, 3]
