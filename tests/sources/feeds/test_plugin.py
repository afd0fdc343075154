"""A feed of another package, the one that docs/writing-a-feed.md shows, becomes events of a plant."""

from __future__ import annotations

import json
import re
import sys
from contextlib import closing
from pathlib import Path

import pytest

from factoryview.errors import InputError
from factoryview.plant.feeds import PluginFeed
from factoryview.plant.files import read_plant
from factoryview.sources.feeds import open_feed
from factoryview.store.journal.journal import Journal
from tests.kit.command import factoryview

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "writing-a-feed.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "tests" / "kit" / "example_feed" / "queue_folder.py"


def _block(kind: str) -> str:
    [found] = re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.M | re.S)
    return str(found)


@pytest.fixture
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example as a package that is installed: its module and what its metadata say, on the path."""
    site = tmp_path / "site"
    metadata = site / "queue_folder-1.dist-info"
    metadata.mkdir(parents=True)
    (site / "queue_folder.py").write_text(_block("python"), encoding="utf-8")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: queue-folder\nVersion: 1\n", encoding="utf-8")
    said = re.sub(r'^\[project\.entry-points\."(.*)"]', r"[\1]", _block("ini")).replace('"', "")
    (metadata / "entry_points.txt").write_text(said, encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "queue_folder", raising=False)


def test_the_page_shows_the_example_and_it_has_forty_lines_at_most() -> None:
    assert _block("python") == EXAMPLE.read_text(encoding="utf-8")
    assert len(_block("python").splitlines()) <= 40


@pytest.mark.usefixtures("_installed")
def test_what_it_reads_is_recorded_once_and_goes_on_where_it_stood(tmp_path: Path) -> None:
    plant = tmp_path / "plant.toml"
    plant.write_text(_block("toml"), encoding="utf-8")
    spool = tmp_path / "spool"
    spool.mkdir()

    def record(*numbers: int) -> int:
        for number in numbers:
            event = {"order": f"A-{number}", "state": "Offer", "at": f"2026-03-{number + 1:02}T10:00:00Z"}
            (spool / f"{number:06}.json").write_text(json.dumps(event), encoding="utf-8")
        said = factoryview("record", plant, "--seconds", "1.5")
        assert said.status == 0, said.err
        with closing(Journal.read(tmp_path / "plant.store")) as journal:
            return sum(state.accepted for state in journal.states())

    assert record(*range(5)) == 5
    assert record(7, 9) == 7
    assert record() == 7


@pytest.mark.usefixtures("_installed")
def test_what_is_not_installed_or_does_not_come_up_is_said(tmp_path: Path) -> None:
    missing = PluginFeed(name="Spool", kind="plugin", plugin="no-such")
    with pytest.raises(InputError, match=r"nothing that is installed offers .*no-such.*queue-folder") as caught:
        open_feed(missing, tmp_path)
    assert caught.value.cure
    without = PluginFeed(name="Spool", kind="plugin", plugin="queue-folder")
    with pytest.raises(InputError, match=r"did not come up \(KeyError: 'folder'\)"):
        open_feed(without, tmp_path)


def test_a_plant_file_names_the_plugin_and_its_options_are_secret() -> None:
    feed = read_plant(_block("toml")).feeds[0]
    assert isinstance(feed, PluginFeed)
    assert feed.options == {"folder": "spool"}
    assert "spool" not in repr(feed)
