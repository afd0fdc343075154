"""Every mistake in a plant file is told at its place, with its cure."""

from __future__ import annotations

import pytest

from factoryview.errors import PlantError
from factoryview.plant.files import read_plant


def mistakes(text: str) -> list[str]:
    with pytest.raises(PlantError) as caught:
        read_plant(text, "p.toml")
    return [str(problem) for problem in caught.value.problems]


STAGES = '[[stages]]\nname = "Offer"\n[[stages]]\nname = "Approval"\n'


MISTAKES = [
    (
        'name = "x"\nlangauge = "de"',
        'p.toml, line 2, langauge: There is no key "langauge" here. Did you mean "language"?',
    ),
    (
        'name = "x"\ntimezone = "Mars"',
        ('p.toml, line 2, timezone: "Mars" is no time zone. Use a name like "Europe/Berlin" or "UTC".'),
    ),
    (
        'currency = "EUR"',
        'p.toml: "name" is missing. Add name = ….',
    ),
    (
        'name = ""',
        "p.toml, line 1, name: name is empty. Write a text between the quotes, or remove the entry.",
    ),
    (
        "name = 3",
        'p.toml, line 1, name: 3 is no text. Put it in quotes: name = "…".',
    ),
    (
        'name = "x"\n' + STAGES + "posts = -1",
        'p.toml, line 6, stages[2] "Approval", posts: -1 is out of range. It must be at least 0.',
    ),
    (
        'name = "x"\n' + STAGES + 'posts = "two"',
        (
            'p.toml, line 6, stages[2] "Approval", posts: "two" is no whole number. Write it '
            "without quotes and without a fraction: posts = 2."
        ),
    ),
    (
        'name = "x"\n' + STAGES + "posts = true",
        (
            'p.toml, line 6, stages[2] "Approval", posts: true is no whole number. Write it '
            "without quotes and without a fraction: posts = 2."
        ),
    ),
    (
        'name = "x"\n' + STAGES + '[[workers]]\nstage = "Offer"\nuntil = 9999-12-31',
        (
            'p.toml, line 8, workers[1] "Offer", until: 9999-12-31 is outside the years 1900 to 2199. '
            "Check the year; leave out an end that there is not."
        ),
    ),
    (
        'name = "x"\n' + STAGES + 'target_wait = "2 days"',
        (
            'p.toml, line 6, stages[2] "Approval", target_wait: "2 days" is no duration. Write a '
            'number and one of s, min, h, d, w, like "2 d".'
        ),
    ),
    (
        'name = "x"\n' + STAGES + 'target_wait = "0 d"',
        (
            'p.toml, line 6, stages[2] "Approval", target_wait: "0 s" is no span to wait. Leave '
            "the key out, or use one up to a hundred years."
        ),
    ),
    (
        'name = "x"\n' + STAGES + 'target_wait = "999999999999 w"',
        (
            'p.toml, line 6, stages[2] "Approval", target_wait: "999999999999 w" is more than a '
            "hundred years. Check the unit."
        ),
    ),
    (
        'name = "x"\n' + STAGES + 'kind = "que"',
        ('p.toml, line 6, stages[2] "Approval", kind: "que" is not possible for kind. Did you mean "queue"?'),
    ),
    (
        'name = "x"\n' + STAGES + "position = [1]",
        (
            'p.toml, line 6, stages[2] "Approval", position[2]: position has a wrong number of '
            "entries. Write position = [column, row], two whole numbers."
        ),
    ),
    (
        'name = "x"\n[stages]\nname = "y"',
        ("p.toml, line 2, stages: stages is a single table, not a list. Write [[stages]] with double brackets."),
    ),
    (
        'name = "x"\n[[calendar]]',
        ("p.toml, line 2, calendar: calendar is a list, not a table. Write [calendar] with its keys below."),
    ),
    (
        'name = "x"\nstages = ["Offer"]',
        ('p.toml, line 2, stages[1]: stages is "Offer", not a table. Write [[stages]] with its keys below.'),
    ),
    (
        'name = "x"\n[[stages]]\nname = "y"\nlabel = "z"',
        ('p.toml, line 4, stages[1] "y", label: label is "z", not a table. Write label = { … = "…" }, in braces.'),
    ),
    (
        'name = "x"\n[calendar]\nstart = 8',
        ('p.toml, line 3, calendar, start: 8 is no date or time. Write it out, like "2026-03-31" or "08:00".'),
    ),
    (
        'name = "x"\n[calendar]\ndays = ["mon"]\nstart = "08:00Z"',
        (
            'p.toml, line 4, calendar, start: "08:00:00+00:00" has an offset. Working hours are in '
            "the plant's time zone, leave the offset out."
        ),
    ),
    (
        'name = "x"\n[calendar]\nholidays = ["Easter"]',
        ('p.toml, line 3, calendar, holidays[1]: "Easter" is no date. Write it like holidays = 2026-03-31.'),
    ),
    (
        'name = "x"\n[privacy]\nnames = "perhaps"',
        ('p.toml, line 3, privacy, names: "perhaps" is neither true nor false. Write names = true or names = false.'),
    ),
    (
        'name = "x"\n[[targets]]\nof = "y"\nper_day = inf',
        (
            'p.toml, line 4, targets[1] "y", per_day: inf is no number to reckon with. Write an '
            "ordinary number or leave it out."
        ),
    ),
    (
        'name = "x"\n[log]\npath = "l.csv"\nends = "Won"',
        'p.toml, line 4, log, ends: ends is "Won", not a list. Write ends = [ … ], with brackets.',
    ),
    (
        'name = "x"\n[log]\ncolumns.cas = "id"\npath = "l"',
        'p.toml, line 3, log, columns, cas: A column cannot be "cas". Did you mean "case"?',
    ),
    (
        'name = "x"\n' + STAGES + '[[stages]]\nname = "Offer"',
        ('p.toml, line 7, stages[3] "Offer", name: "Offer" is already stages[1]. Remove one of the two, or rename it.'),
    ),
    (
        'name = "x"\n' + STAGES + 'department = "Salse"\n[[departments]]\nname = "Sales"',
        ('p.toml, line 6, stages[2] "Approval", department: There is no department "Salse". Did you mean "Sales"?'),
    ),
    (
        'name = "x"\n' + STAGES + 'department = "Sales"',
        (
            'p.toml, line 6, stages[2] "Approval", department: There is no department "Sales". Add '
            '[[departments]] with name = "Sales".'
        ),
    ),
    (
        'name = "x"\n' + STAGES + '[[workers]]\nstage = "Aproval"',
        ('p.toml, line 7, workers[1] "Aproval", stage: There is no stage "Aproval". Did you mean "Approval"?'),
    ),
    (
        'name = "x"\n' + STAGES + '[[belts]]\norigin = "Web"\ntarget = "Offer"',
        ('p.toml, line 7, belts[1], origin: There is no stage or source "Web". There are: "Offer", "Approval".'),
    ),
    (
        'name = "x"\n' + STAGES + '[[targets]]\nof = "Ofer"\nper_day = 2',
        ('p.toml, line 7, targets[1] "Ofer", of: There is no stage or outcome "Ofer". Did you mean "Offer"?'),
    ),
    (
        'name = "x"\n[[workers]]\nstage = "y"\nsince = 2026-05-01\nuntil = "2026-04-30"',
        (
            'p.toml, line 5, workers[1] "y", until: until 2026-04-30 is before since 2026-05-01. '
            "Swap the two dates, or correct one."
        ),
    ),
    (
        'name = "x"\n[calendar]\ndays = ["mon"]\nstart = "09:00"\nend = 09:00:00',
        (
            "p.toml, line 5, calendar, end: The working day starts and ends at 09:00. Correct one "
            "of the two, or leave both out for the whole day."
        ),
    ),
    (
        'name = "x"\n[calendar]\ndays = ["mon"]\nstart = "17:00"\nend = "09:00"',
        (
            "p.toml, line 5, calendar, end: The working day ends at 09:00, before it starts at "
            "17:00. Swap the two; hours past midnight cannot be given, leave both out for the "
            "whole day."
        ),
    ),
    (
        'name = "x"\n[calendar]\nstart = "08:00"\nend = "16:00"',
        (
            "p.toml, line 3, calendar, start: There are working hours, but no working days, so the "
            'plant would run around the clock. Add days = ["mon", "tue", "wed", "thu", "fri"].'
        ),
    ),
    (
        "name = Umsatz",
        (
            "p.toml, line 1, column 8: This is not TOML: Invalid value in: name = Umsatz. Text "
            'needs quotes: name = "Approval".'
        ),
    ),
    (
        'name = "x"\nname = "y"',
        (
            'p.toml, line 2, column 11: This is not TOML: Cannot overwrite a value in: name = "y". '
            "The same key or table stands there a second time: remove one, or use [[double "
            "brackets]] for a list."
        ),
    ),
    (
        'name = "x"\n[calendar]\nstart = 08:00',
        (
            "p.toml, line 3, column 10: This is not TOML: Expected newline or end of document "
            'after a statement in: start = 08:00. A time needs quotes: start = "08:00".'
        ),
    ),
    (
        'name = "x"\nMüller = 2',
        (
            "p.toml, line 2, column 2: This is not TOML: Expected '=' after a key in a key/value "
            "pair in: Müller = 2. Every line is key = value, like posts = 2; a key with spaces or "
            "umlauts needs quotes."
        ),
    ),
    (
        "name = [",
        (
            "p.toml, line 1, column 9: This is not TOML: Invalid value in: name = [. Look for a "
            "missing quote, bracket or comma here or in the line before."
        ),
    ),
    (
        "x = " + "[" * 5000,
        "p.toml: Lists or tables are nested too deeply. A plant file needs three levels.",
    ),
]


@pytest.mark.parametrize(("text", "told"), MISTAKES, ids=range(len(MISTAKES)))
def test_each_mistake_has_its_place_and_its_cure(text: str, told: str) -> None:
    assert mistakes(text) == [told]


def test_all_mistakes_come_at_once_in_the_order_of_the_file() -> None:
    text = 'name = 3\nlangauge = "de"\n' + STAGES + 'posts = -1\n[[workers]]\nstage = "Ofer"\ncount = 0\n'
    places = [mistake.split(":")[0] for mistake in mistakes(text)]
    assert places == [
        "p.toml, line 1, name",
        "p.toml, line 2, langauge",
        'p.toml, line 7, stages[2] "Approval", posts',
        'p.toml, line 9, workers[1] "Ofer", stage',
        'p.toml, line 10, workers[1] "Ofer", count',
    ]


@pytest.mark.parametrize(
    "text",
    [
        'name = "x"\n[[workers]]\nstage = "from the log"',
        'name = "x"\n' + STAGES + '[[belts]]\norigin = "Offer"\ntarget = "Won"\n[[outcomes]]\nname = "Won"',
        'name = "x"\n' + STAGES + '[[targets]]\nof = "Won"\nper_day = 1\n[log]\npath = "l"\nends = ["Won"]',
        'name = "x"\n[calendar]\ndays = ["mon"]\nstart = "18:00"\nend = "00:00"',
        'name = "x"\n[[workers]]\nstage = "y"\nsince = 2026-05-01\nuntil = 2026-05-01',
        '\r\nname = "x"\r\n',
    ],
)
def test_no_mistake_is_seen_where_there_is_none(text: str) -> None:
    assert read_plant(text).name == "x"
