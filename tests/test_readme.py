"""The README's commands are what CI runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from factoryview.cli.words import VERBS
from factoryview.plant.feeds import KINDS, FeedSettings, HttpFeed
from factoryview.plant.files import read_plant
from factoryview.sources.feeds.feed import messages_of
from factoryview.sources.feeds.records import Interpreter
from tests.kit.command import factoryview, write_log

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```", README, re.M | re.S)
_LATER = 1_800_000_000_000_000
"""µs UTC, after everything that the README tells of."""
FENCED = [line for block in re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S) for line in block.splitlines()]


def test_the_two_commands_are_single_lines_that_need_python_and_pip_alone() -> None:
    commands = [line for line in FENCED if line.startswith("python3 -m venv")]
    assert len(commands) == 2
    demo, tests = commands
    assert demo == "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/python main.py"
    assert tests.startswith("python3 -m venv .venv && .venv/bin/pip install -q '.[test]' && ")
    assert tests.split(" && ")[2].startswith(".venv/bin/python -m pytest")


@pytest.mark.skipif(os.name == "nt", reason="bash runs CI")
def test_ci_runs_the_very_test_command_of_the_readme() -> None:
    said = subprocess.run(["bash", str(ROOT / ".ci" / "run"), "--say"], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == [line for line in FENCED if "pytest" in line]
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert 'bash -c "$tests"' in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_verb_is_in_the_readme_and_every_verb_of_the_readme_exists() -> None:
    named = {words[1] for line in FENCED if (words := line.split()) and words[0] == "factoryview"}
    assert named == set(VERBS)


def test_every_picture_of_the_readme_is_there() -> None:
    for picture in re.findall(r"!\[[^]]*]\(([^)]+)\)", README):
        assert (ROOT / picture).is_file(), picture


def test_every_file_named_in_a_link_is_there() -> None:
    for target in re.findall(r"(?<!!)\[[^]]*]\(([^):]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_plant_file_of_the_readme_can_be_played(tmp_path: Path) -> None:
    example, _, _ = EXAMPLES
    (tmp_path / "plant.toml").write_text(example, encoding="utf-8")
    write_log(tmp_path / "deals.csv")
    said = factoryview("snapshot", tmp_path / "plant.toml")
    assert said.status == 0, said.err
    assert "Angebot" in said.out, "it says that its language is German"


def test_the_warehouse_of_the_readme_is_a_plant() -> None:
    _, warehouse, _ = EXAMPLES
    found = read_plant(warehouse).warehouse
    assert found is not None
    assert (found.table, found.columns["case"]) == ("stage_changes", "deal")


def test_the_live_plant_of_the_readme_can_be_used_and_its_table_has_every_kind() -> None:
    _, _, live = EXAMPLES
    assert [feed.kind for feed in read_plant(live).feeds] == ["postgres", "webhook"]
    for kind, settings in KINDS.items():
        [row] = re.findall(rf"^\| `{kind}` \|.*\|(.*)\|$", README, re.M)
        own = set(settings.model_fields) - set(FeedSettings.model_fields) - {"kind"}
        assert set(re.findall(r"`(\w+)`", row)) == own


def test_what_the_readme_sends_and_answers_is_understood() -> None:
    _, _, live = EXAMPLES
    webhook = read_plant(live).feeds[1]
    [body] = re.findall(r"^  -d '(.*)'$", README, re.M)
    [event] = Interpreter(webhook, "entry", "Europe/Berlin")(messages_of(body, ""), _LATER).events
    assert (event.case, event.stage) == ("A-17", "Paid")
    [answer] = re.findall(r"^```json\n(.*?)^```", README, re.M | re.S)
    asked = HttpFeed(name="KPI", kind="http", url="http://127.0.0.1")
    messages = [message for row in json.loads(answer) for message in messages_of(json.dumps(row), "")]
    counts = Interpreter(asked, "entry", "Europe/Berlin")(messages, _LATER).counts
    assert [(count.stage, count.arrivals, count.wip) for count in counts] == [("Offer", 12, 31), ("Approval", 9, 58)]
