"""Every verb from the command to its end: exit status, what is said, what is written."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pygame
import pytest

from factoryview.plant.files import load_plant
from factoryview.resources import data_file
from tests.kit.command import Said, factoryview, write_log
from tests.sources.test_bad_input import MUTATIONS, _deals, _delimited, _jsonl, _kpi, _xes

ROOT = Path(__file__).parents[1]
DATA = ROOT / ".." / "shared" / "data"
REAL = pytest.mark.skipif(not DATA.is_dir(), reason="the real logs lie in ../shared/data, which is not here")
END = ("--ends", "Won,Lost")


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FACTORYVIEW_DEBUG", raising=False)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write_log(tmp_path / "office.csv")


def snapshot(*arguments: object) -> dict[str, Any]:
    said = factoryview("snapshot", *arguments, "--json")
    assert said.status == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def process(*arguments: object, **changes: str | None) -> subprocess.Popen[str]:
    """`python main.py ARGUMENTS` in its own process; `changes` to the environment, None removes."""
    env = {name: value for name, value in os.environ.items() if name not in changes and name != "PYTHONUNBUFFERED"}
    env |= {name: value for name, value in changes.items() if value is not None}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, env=env,
    )  # fmt: skip


# What it says when asked wrongly: the exit status, and what, where and the cure in one line.

WRONG: list[tuple[tuple[str, ...], int, tuple[str, ...]]] = [
    (("render", "LOG", "-o", "x.jpg"), 2, ("x.jpg", ".png")),
    (("render", "LOG"), 2, ("--output",)),
    (("render", "LOG", "-o", "x.png", "--size", "big"), 2, ("--size big", "1920x1080")),
    (("render", "LOG", "-o", "x.png", "--size", "10x10"), 2, ("10x10", "320x180")),
    (("render", "LOG", "-o", "x.png", "--zoom", "0"), 2, ("--zoom", "0.05")),
    (("render", "LOG", "-o", "x.png", "--theme", "pink"), 2, ("pink", "night", "day")),
    (("render", "LOG", "-o", "x.png", "--at", "someday"), 2, ("someday", "2025-06-18 14:20")),
    (("render", "LOG", "-o", "x.png", "--look-at", "Nowhere"), 2, ("Nowhere", "Enquiry", "Offer")),
    (("render", "LOG", "-o", "x.png", "--lang", "fr"), 2, ("fr", '"de"')),
    (("render", "LOG", "-o", "none/x.png"), 3, ("none/x.png", "Choose a folder that exists")),
    (("render", "none.csv", "-o", "x.png"), 3, ("none.csv", "does not exist", "Check the name")),
    (("render", ".", "-o", "x.png"), 3, ("is a folder", "Name the file")),
    (("snapshot",), 2, ("--schema",)),
    (("snapshot", "LOG", "--at", "7"), 2, ('"7"', "0.54")),
    (("snapshot", "LOG", "--times", "sometimes"), 2, ("sometimes", "completion")),
    (("snapshot", "LOG", "--stages", "-1"), 2, ("-1", "do not fold")),
    (("discover", "LOG", "-o", "x.toml", "--sheet", ""), 2, ("--sheet", "1 for the first")),
    (("snapshot", "LOG", "--map", "stage"), 2, ("stage", "ROLE=COLUMN")),
    (("snapshot", "LOG", "--map", "hat=stage"), 2, ("hat", "case", "stage", "time")),
    (("snapshot", "LOG", "--map", "stage=Phase"), 3, ("office.csv", "Phase", "entered", "channel")),
    (("snapshot", "LOG", "--timezone", "Mars/Base"), 2, ("Mars/Base", "Europe/Berlin")),
    (("snapshot", "LOG", "--plant", "none.toml"), 3, ("none.toml",)),
    (("discover", "LOG", "-o", "plant.txt"), 2, ("plant.txt", ".toml")),
    (("discover", "LOG", "-o", "none/plant.toml"), 3, ("none/plant.toml",)),
    (("kpis", "LOG", "--bucket", "year"), 2, ("year", "week")),
    (("kpis", "LOG", "-o", "kpis.doc"), 2, ("kpis.doc", ".csv")),
    (("explain",), 2, ("--schema",)),
    (("explain", "LOG", "--from", "0.1"), 2, ("--from", "--to")),
    (("play", "LOG", "--seconds-per-day", "0"), 2, ("--seconds-per-day", "0.001")),
    (("play", "LOG", "-s", "fast"), 2, ("--seconds-per-day", "number")),
    (("demo", "moon"), 2, ("moon", "umsatzwerk", "permits")),
    (("dance",), 2, ("dance",)),
    (("render", "LOG", "-o", "x.png", "--fast"), 2, ("--fast",)),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "status", "words"), WRONG, ids=lambda value: " ".join(map(str, value))[:60]
                         if isinstance(value, tuple) else str(value))  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_cure(
    arguments: tuple[str, ...], status: int, words: tuple[str, ...], log: Path
) -> None:
    said = factoryview(*(str(log) if a == "LOG" else a for a in arguments))
    assert (said.status, said.readable) == (status, True), said
    for word in words:
        assert word in said.err, said.err
    assert said.out == ""
    assert len(said.err.strip().splitlines()) <= 5


def test_help_names_every_verb() -> None:
    said = factoryview("--help")
    assert said.status == 0
    for verb in ("demo", "play", "render", "snapshot", "discover", "kpis", "explain"):
        assert f" {verb} " in said.out
        assert factoryview(verb, "--help").status == 0


# Pictures.


def picture(path: Path) -> tuple[tuple[int, int], bytes]:
    surface = pygame.image.load(str(path))
    return surface.get_size(), pygame.image.tobytes(surface, "RGB")


def test_render_draws_the_size_asked_for_in_either_way_of_writing(log: Path) -> None:
    for option in (("--size", "640x360"), ("-640x360",), ("--size=640X360",)):
        said = factoryview("render", log, "-o", "x.png", "--at", "0.5", *option)
        assert said.status == 0, said.err
        assert picture(Path("x.png"))[0] == (640, 360)
        assert said.out.startswith("x.png: ")
    assert factoryview("render", log, "-o", "usual.png").status == 0
    assert picture(Path("usual.png"))[0] == (1920, 1080)


def test_the_same_moment_in_every_way_of_writing_is_the_same_picture(log: Path) -> None:
    drawn = set()
    for at in ("2025-01-03", "2025-01-03 00:00", "2025-01-03T00:00:00Z", "2025-01-03T02:00:00+02:00"):
        assert factoryview("render", log, "-o", "x.png", "--at", at, "-640x360", *END).status == 0
        drawn.add(picture(Path("x.png")))
    assert len(drawn) == 1
    assert factoryview("render", log, "-o", "x.png", "--at", "0.9", "-640x360", *END).status == 0
    assert picture(Path("x.png")) not in drawn


def test_theme_title_zoom_and_place_change_the_picture(log: Path) -> None:
    drawn = set()
    for option in ((), ("--theme", "day"), ("--title", "Ours"), ("--zoom", "2"), ("--look-at", "Offer", "--zoom", "2")):
        assert factoryview("render", log, "-o", "x.png", "--at", "0.5", "-640x360", *option).status == 0
        drawn.add(picture(Path("x.png")))
    assert len(drawn) == 5


def test_render_without_a_moment_says_that_it_shows_the_worst_jam(log: Path) -> None:
    assert "worst" in factoryview("render", log, "-o", "x.png", "-640x360").out
    assert "worst" not in factoryview("render", log, "-o", "x.png", "-640x360", "--at", "end").out


@pytest.mark.parametrize("name", ["umsatzwerk", "permits"])
def test_both_demo_plants_are_drawn(name: str) -> None:
    said = factoryview("render", data_file(f"{name}.toml"), "-o", "x.png", "--at", "0.5")
    assert said.status == 0, said.err
    assert len(set(picture(Path("x.png"))[1])) > 60


# Snapshots.


def valid(value: Any, schema: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Whether a value fits a JSON schema, as far as these documents use the language."""
    if "$ref" in schema:
        return valid(value, whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole)
    kinds = {"object": dict, "string": str, "number": (int, float), "integer": int}
    if not isinstance(value, kinds[schema["type"]]) or isinstance(value, bool):
        return False
    if schema["type"] != "object":
        return True
    known, rest = schema.get("properties", {}), schema.get("additionalProperties", {})
    return set(schema.get("required", ())) <= set(value) and not any(
        not valid(item, known.get(name, rest), whole) for name, item in value.items() if name in known or rest
    )


def check_law(document: dict[str, Any]) -> None:
    for name, stage in document["stages"].items():
        assert stage["wip"] == stage["on_belt"] + stage["in_pile"] + stage["in_machine"] + stage["wrecks"], name
        assert stage["wip"] == pytest.approx(stage["crates"] * stage["weight"]), name


def test_a_snapshot_fits_its_schema_and_the_law(log: Path) -> None:
    schema = json.loads(factoryview("snapshot", "--schema").out)
    for at in ("start", "0.2", "0.5", "0.8", "end"):
        document = snapshot(log, "--at", at, *END)
        assert valid(document, schema, schema)
        check_law(document)
        broken = document | {"in_progress": "many"}
        assert not valid(broken, schema, schema)
        assert not valid({k: v for k, v in document.items() if k != "stages"}, schema, schema)


def test_a_snapshot_counts_what_stands_there(log: Path) -> None:
    at = "2025-01-20T12:00:00Z"
    where: dict[str, tuple[str, str]] = {}
    for line in log.read_text(encoding="utf-8").splitlines()[1:]:
        case, stage, moment, _ = line.split(",")
        if moment <= at:
            where[case] = max(where.get(case, ("", "")), (moment, stage))
    counts = [stage for _, stage in where.values()]
    document = snapshot(log, "--at", at, *END)
    assert document["at"] == at
    assert {name: stage["wip"] for name, stage in document["stages"].items()} == {
        name: counts.count(name) for name in ("Enquiry", "Offer", "Decision")
    }
    assert document["outcomes"] == {name: counts.count(name) for name in ("Won", "Lost")}
    assert document["in_progress"] == len(counts) - counts.count("Won") - counts.count("Lost") > 0


def test_a_snapshot_in_words_says_the_same(log: Path) -> None:
    document = snapshot(log, *END)
    lines = factoryview("snapshot", log, *END).out.splitlines()
    assert [line.split()[:2] for line in lines[1:4]] == [
        [f"{stage['wip']:g}", name] for name, stage in document["stages"].items()
    ]


def test_columns_may_be_named(tmp_path: Path, log: Path) -> None:
    text = log.read_text(encoding="utf-8").replace("case,stage,entered,channel", "a,b,c,d", 1)
    other = tmp_path / "other.csv"
    other.write_text(text, encoding="utf-8")
    named = snapshot(other, "--map", "case=a,stage=b,time=c", "--times", "entry", "--at", "0.5", *END)
    assert named == snapshot(log, "--times", "entry", "--at", "0.5", *END)


def test_rows_that_cannot_be_used_are_set_aside_and_said(tmp_path: Path, log: Path) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write("c1,Offer,never,web\n,Offer,2025-01-05T10:00:00Z,web\n")
    said = factoryview("snapshot", log, *END)
    assert said.status == 0
    assert "2 rows cannot be used" in said.err
    assert (tmp_path / "office.rejected.csv").is_file()


def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
    return found


def standing(document: dict[str, Any]) -> dict[str, float]:
    return {name: stage["wip"] for name, stage in document["stages"].items() if stage["wip"]}


@REAL
@pytest.mark.parametrize("file", ["receipt.csv.gz", "receipt.xes.gz"])
def test_the_permits_as_completions(file: str) -> None:
    for at, counts in expected()["permits"]["completion_meaning"]["open"].items():
        document = snapshot(DATA / "permits" / file, "--times", "completion", "--stages", 0, "--at", at)
        assert standing(document) == counts["per_stage"]
        check_law(document)


@REAL
def test_the_deals_of_a_crm() -> None:
    for at, counts in expected()["crm"]["open"].items():
        document = snapshot(DATA / "crm" / "sales_pipeline.csv", "--stages", 0, "--at", at)
        assert standing(document) == {"Engaging": counts["Engaging"]}
        assert document["outcomes"] == counts["arrived_by_then"]
        check_law(document)


@REAL
def test_the_job_shop_with_its_duplicates() -> None:
    for at, counts in expected()["production"]["duplicates_kept"]["open"].items():
        document = snapshot(DATA / "production" / "Production.csv.gz", "--stages", 0, "--at", at)
        both = [counts[kind]["per_stage"] for kind in ("working", "waiting")]
        assert standing(document) == {name: sum(kind.get(name, 0) for kind in both) for name in both[0] | both[1]}
        check_law(document)


# Plants.


@pytest.mark.parametrize("options", [(), END, ("--timezone", "Europe/Berlin"), ("--stages", "2", *END)])
def test_a_discovered_plant_plays_as_its_log_did(options: tuple[str, ...], log: Path) -> None:
    Path("plants").mkdir()
    said = factoryview("discover", log, "-o", "plants/office.toml", *options)
    assert said.status == 0, said.err
    assert "factoryview play plants/office.toml" in said.out
    for at in ("0.3", "0.7"):
        assert snapshot("plants/office.toml", "--at", at) == snapshot(log, "--at", at, *options)
    assert factoryview("render", "plants/office.toml", "-o", "x.png", "-640x360").status == 0
    assert factoryview("discover", "plants/office.toml", "-o", "again.toml").status == 0
    first, again = load_plant(Path("plants/office.toml")), load_plant(Path("again.toml"))
    assert first.log is not None
    assert again.log is not None
    assert (Path("plants") / first.log.path).resolve() == Path(again.log.path).resolve() == log.resolve()
    assert first.model_copy(update={"log": None}) == again.model_copy(update={"log": None})


def test_mistakes_in_a_plant_file_are_said_all_at_once(tmp_path: Path) -> None:
    plant = tmp_path / "plant.toml"
    plant.write_text('name = 7\ntimezone = "Mars"\n[[stages]]\nicon = "phone"\n', encoding="utf-8")
    said = factoryview("snapshot", plant)
    assert (said.status, said.readable) == (3, True)
    assert len(said.err.splitlines()) >= 3
    assert all("plant.toml" in line for line in said.err.splitlines())


# Tables and verdicts.


def test_kpis_are_printed_and_written(log: Path) -> None:
    assert "Decision" in factoryview("kpis", log, "--bucket", "week", *END).out
    for name in ("kpis.csv", "kpis.parquet", "kpis.json"):
        said = factoryview("kpis", log, "-o", name, *END)
        assert said.status == 0, said.err
        assert Path(name).stat().st_size > 100


def test_explain_says_it_in_words_and_as_a_document(log: Path) -> None:
    for options in ((), ("--at", "0.5"), ("--from", "0.2", "--to", "0.8"), ("--lang", "de")):
        said = factoryview("explain", log, *END, *options)
        assert said.status == 0, said.err
        assert said.out.strip()
    document = json.loads(factoryview("explain", log, *END, "--json").out)
    assert set(json.loads(factoryview("explain", "--schema").out)["required"]) <= set(document)


# Windows, pipes and whatever else a shell does.


def end(child: subprocess.Popen[str]) -> Said:
    out, err = child.communicate(timeout=60)
    return Said(child.returncode, out, err)


NO_DISPLAY = {"DISPLAY": None, "WAYLAND_DISPLAY": None, "SDL_VIDEODRIVER": None}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there a display can be missing")
@pytest.mark.parametrize("arguments", [(), ("demo",), ("play", "office.csv")])
def test_without_a_display_one_sentence_offers_render(arguments: tuple[str, ...], log: Path) -> None:
    assert log.is_file()
    said = end(process(*arguments, **NO_DISPLAY))
    assert said.status == 3
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "no display" in said.err
    assert "factoryview render" in said.err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there a display can be missing")
@pytest.mark.parametrize("driver", ["x11", None])
def test_a_display_that_does_not_answer_offers_render_too(driver: str | None, log: Path) -> None:
    said = end(process("play", log, DISPLAY=":9973", WAYLAND_DISPLAY=None, SDL_VIDEODRIVER=driver))
    assert said.status == 3
    assert "factoryview render" in said.err.splitlines()[-1]
    assert "Traceback" not in said.err


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise there")
@pytest.mark.parametrize("arguments", [("snapshot", "--schema"), ("snapshot", "office.csv"), ("--help",)])
def test_a_reader_that_goes_away_is_no_mistake(arguments: tuple[str, ...], log: Path) -> None:
    assert log.is_file()
    child = process(*arguments)
    assert child.stdout is not None
    child.stdout.close()
    assert child.stderr is not None
    err = child.stderr.read()
    child.stderr.close()
    assert child.wait(timeout=60) == 0, err
    assert "Error" not in err


def test_the_module_and_the_script_are_the_same_program(log: Path) -> None:
    said = end(process("snapshot", log, "--json", *END))
    assert said.status == 0
    assert json.loads(said.out) == snapshot(log, *END)


def test_a_mistake_of_the_program_is_one_sentence(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("factoryview.cli.snapshot.open_input", broken)
    said = factoryview("snapshot", log)
    assert said.status == 3
    assert len(said.err.splitlines()) == 1
    assert "by nothing" in said.err
    assert "FACTORYVIEW_DEBUG" in said.err
    monkeypatch.setenv("FACTORYVIEW_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        factoryview("snapshot", log)


# Two hundred broken files, each through one verb.


@pytest.mark.parametrize("block", range(4))
def test_broken_files_end_in_an_answer_or_one_line(block: int, tmp_path: Path) -> None:
    ends = {0: 0, 3: 0}
    for number in range(block * 50, block * 50 + 50):
        rng = random.Random(9_000 + number)
        data = rng.choice([_delimited, _delimited, _jsonl, _xes, _deals, _kpi])(rng)
        for mutate in rng.choices(MUTATIONS, k=rng.choice([1, 1, 2])):
            data = mutate(data, rng)
        path = tmp_path / f"broken{rng.choice(['.csv', '.xes', '.jsonl', '.csv.gz', '.parquet', '', '.toml'])}"
        path.write_bytes(data)
        verb = [
            ("snapshot", "--json"),
            ("kpis",),
            ("explain",),
            ("discover", "-o", f"found{number}.toml"),
            ("render", "-o", "x.png", "-320x180"),
        ][number % 5]
        said = factoryview(verb[0], path, *verb[1:])
        assert said.readable, (number, verb, said.err)
        assert said.status in ends, (number, said)
        ends[said.status] += 1
        if said.status == 3:
            assert said.out == "", number
            mistakes = said.err.strip().splitlines()
            assert mistakes, number
            assert len(mistakes) == 1 or path.suffix == ".toml", (number, said.err)
            assert len(said.err) < 2_000, number
    assert min(ends.values()) > 5, ends
