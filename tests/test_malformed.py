"""Damaged inputs of every kind end in one sentence, within the memory and the time they may take."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from factoryview.sources.limits import MEMORY as READING_MEMORY
from tests.kit.command import write_log
from tests.kit.malformed import KINDS, MEMORY, MUTATIONS, End, malformed

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks and limits of memory are those of Linux")
def test_damaged_inputs_end_in_a_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.kit.malformed", "30", "1", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == [], done.stdout
    assert "exit 3" in done.stdout


_RESERVED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
from factoryview.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code
peak = next(line for line in open("/proc/self/status") if line.startswith("VmPeak"))
print(int(peak.split()[1]) << 10)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs the limits of Linux")
def test_a_verdict_reserves_no_more_than_it_may_where_that_is_bounded(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_bytes(KINDS["jsonl"](Random(1)))
    done = subprocess.run(
        [sys.executable, "-c", _RESERVED, "explain", str(log)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout.splitlines()[-1]) < MEMORY


def test_every_kind_can_be_written_and_damaged() -> None:
    assert all(len(write(Random(1))) > 200 for write in KINDS.values())
    damaged = [mutation(b"case;stage\nA;B\n" * 9, Random(4)) for mutation in MUTATIONS]
    assert len(set(damaged)) > len(MUTATIONS) / 2
    assert malformed(5) == malformed(5) != malformed(6)


def test_a_fault_is_seen() -> None:
    assert End("x", 0, "").fault == End("x", 3, "factoryview: no.").fault == ""
    faults = [End("x", 1, "no"), End("x", -9, ""), End("x", 3, ""), End("x", 3, "Traceback (most"), End("x", -14, "")]
    assert all(end.fault for end in faults)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks and limits of memory are those of Linux")
def test_a_small_log_is_explained_within_a_gigabyte_of_addresses(tmp_path: Path) -> None:
    """Heaps that many threads reserve and hardly use are no reason to say that an input is too large."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9))"
    limited = f"{limit}; from factoryview.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", limited, "explain", str(write_log(tmp_path / "log.csv"))],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.count("\n") > 1) == (0, True), done.stderr


_TAKEN = """
import sys
from factoryview.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code
taken = next(line for line in open("/proc/self/status") if line.startswith("VmData"))
print(int(taken.split()[1]) << 10)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what is taken")
def test_what_reading_may_take_is_not_reserved_by_libraries(tmp_path: Path) -> None:
    page = tmp_path / "page.xls"
    page.write_bytes(KINDS["xls"](Random(1)))
    done = subprocess.run(
        [sys.executable, "-c", _TAKEN, "check", str(page)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout.splitlines()[-1]) < 800_000_000 < READING_MEMORY
