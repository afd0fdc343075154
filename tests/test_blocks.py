"""Every block of code and every command that README and docs show is run by a test; which runs which is told here."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from factoryview.cli.words import VERBS
from factoryview.factory.opening import open_factory
from factoryview.plant.feeds import WebhookFeed
from factoryview.plant.files import read_plant
from tests.kit.command import factoryview
from tests.kit.servers.webhook_sender import opened

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")))
_INSTALLED = "python3 -m venv .venv && .venv/bin/pip install "
"""How the two commands begin that `.ci/run` runs, see `test_readme`."""


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> Iterator[tuple[str, str]]:
    """The language of every fenced block ("" where none is named), and what stands in it."""
    inside, kind, lines = False, "", list[str]()
    for line in text_of(page).splitlines(keepends=True):
        if not line.lstrip().startswith("```"):
            lines.append(line)
        elif inside:
            yield kind, "".join(lines)
            inside = False
        else:
            inside, kind, lines = True, line.strip()[3:], []
    assert not inside, f"{page}: a block has no end"


def is_run(page: str, kind: str, block: str) -> bool:
    """Whether a test runs, reads or sends a block."""
    if kind == "sh":  # tests/cli/test_examples.py; tests/test_readme.py with .ci/run
        return all(line.startswith(("factoryview ", _INSTALLED)) for line in block.splitlines())
    if page == "docs/writing-a-feed.md":  # tests/sources/feeds/test_plugin.py
        return kind in ("python", "ini", "toml")
    if (
        kind == "toml"
    ):  # tests/test_readme.py; read and, where the page names a file, written in tests/cli/test_examples.py
        return block.startswith("name") or "[[view]]" in block
    if page == "README.md" and kind == "json":  # tests/test_readme.py
        return block.startswith('[{"stage"')
    return page == "README.md" and kind == "" and block.startswith(("[log]", "curl"))  # here


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_run_by_a_test(page: str) -> None:
    for kind, block in blocks(page):
        assert is_run(page, kind, block), f"{page}: no test runs\n{block}"


def test_there_are_blocks_of_every_kind() -> None:
    assert {kind for page in PAGES for kind, _ in blocks(page)} == {"sh", "toml", "json", "python", "ini", ""}


def shown(begin: str) -> str:
    """The block of the README that begins so."""
    [found] = [block for _, block in blocks("README.md") if block.startswith(begin)]
    return found


def test_the_command_of_the_readme_reaches_the_webhook_of_the_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    token = "token-of-the-shop-which-is-long-enough"
    monkeypatch.setenv("SHOP_TOKEN", token)
    [live] = [block for kind, block in blocks("README.md") if kind == "toml" and "[[feeds]]" in block]
    [webhook] = [feed for feed in read_plant(live).feeds if isinstance(feed, WebhookFeed)]
    program, *words = shlex.split(shown("curl").replace("\\\n", " ").replace("$SHOP_TOKEN", token))
    assert program == "curl"
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    address = urlsplit(next(word for word in words if word.startswith("http://")))
    assert (address.hostname, address.port) == (webhook.host, webhook.port)
    body = words[words.index("-d") + 1].encode()
    assert len(words) == 2 * len(headers) + 1 + 2, "all of it is sent"
    with opened(**webhook.model_dump(exclude={"port", "token"}), token=token) as door:
        assert door.send(body, headers["Content-Type"], headers, path=address.path) == (200, {"accepted": 1})
        assert door.send(body, headers["Content-Type"], headers | {"Authorization": "Bearer no"})[0] == 401
    assert len(door.recorded) == 1


def test_the_log_of_several_files_of_the_readme_is_read(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    for name, text in {
        "leads.csv": "lead,contacted_on,origin\nL1,2025-03-03,web\nL2,2025-03-04,phone\n",
        "deals.csv": "customer,lead\nC1,L1\nC2,L2\n",
        "orders.csv": "customer,delivered_on,status\nC1,2025-03-10,shipped\nC2,2025-03-11,open\n",
    }.items():
        (exports / name).write_text(text, encoding="utf-8")
    file = tmp_path / "plant.toml"
    file.write_text(f'name = "Our office"\ntimezone = "UTC"\n{shown("[log]")}', encoding="utf-8")
    factory = open_factory(file)
    query = 'select "case", stage, entered::date::varchar, next, "left"::date::varchar, channel from stays order by all'
    assert factory.store.engine.rows(query, {}) == [
        ("L1", "Lead", "2025-03-03", "Delivered", "2025-03-10", "web"),
        ("L2", "Lead", "2025-03-04", None, None, "phone"),
    ], "the second order is not shipped"


@pytest.mark.parametrize("page", PAGES)
def test_every_command_in_a_sentence_exists_with_its_options(page: str) -> None:
    prose = re.sub(r"^\s*```.*?^\s*```", "", text_of(page), flags=re.M | re.S)
    for command in re.findall(r"`factoryview ([^`]+)`", prose):
        verb, *words = command.split()
        help_ = factoryview("--help") if verb.startswith("-") else factoryview(verb, "--help")
        assert verb.startswith("-") or verb in VERBS, command
        assert help_.status == 0, command
        for option in [word for word in (verb, *words) if word.startswith("--")]:
            assert re.search(rf"{re.escape(option)}\b", help_.out), f"{page}: {command}: there is no {option}"


def test_every_extra_that_a_page_names_exists() -> None:
    known = tomllib.loads(text_of("pyproject.toml"))["project"]["optional-dependencies"]
    named = [
        name
        for page in PAGES
        for names in re.findall(r"factoryview\[([\w,]+)\]", text_of(page))
        for name in names.split(",")
    ]
    assert len(set(named)) > 5
    assert set(named) <= set(known)
