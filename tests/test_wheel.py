"""The program as people get it: a wheel in an environment of its own, away from the checkout."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from factoryview import __version__
from tests.kit.screen import end, missing, screen, until

ROOT = Path(__file__).parents[1]
pytestmark = [
    pytest.mark.parts,
    pytest.mark.skipif(bool(missing()), reason=f"{' and '.join(missing())} missing: apt-get install xvfb xdotool"),
]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the console script. Only the wheel is installed there; what it depends on is that of the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip"]
    subprocess.run([*pip, "wheel", "-q", "--no-deps", "-w", str(folder), str(ROOT)], check=True, timeout=300)
    [wheel] = folder.glob("*.whl")
    home = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True, timeout=60)
    into = [*pip, "--python", str(home / "bin" / "python"), "install", "-q", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(into, check=True, timeout=120)
    [site] = home.glob("lib/python*/site-packages")
    kept = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "dependencies.pth").write_text("\n".join(sorted(kept)) + "\n", encoding="utf-8")
    return home / "bin"


def environment(installed: Path, folder: Path, **more: str) -> dict[str, str]:
    """As on a machine that has nothing else of the program's."""
    bare = {name: os.environ[name] for name in ("LANG", "TZ") if name in os.environ}
    return bare | {"PATH": f"{installed}:/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8", **more}


def run(installed: Path, folder: Path, *words: str) -> str:
    done = subprocess.run(
        [installed / words[0], *words[1:]],
        cwd=folder, env=environment(installed, folder), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_draws_explains_and_tells_its_version(installed: Path, tmp_path: Path) -> None:
    where = "import factoryview, factoryview.resources as r; print(factoryview.__file__, r.data_file('permits.toml'))"
    module, data = map(Path, run(installed, tmp_path, "python", "-c", where).split())
    assert module.is_relative_to(installed.parent)
    assert data.is_relative_to(module.parent)
    assert run(installed, tmp_path, "factoryview", "--version") == f"factoryview {__version__}\n"
    run(installed, tmp_path, "factoryview", "render", "demo", "-o", "demo.png", "--size", "640x360")
    assert (tmp_path / "demo.png").read_bytes().startswith(b"\x89PNG")
    assert "Approval" in run(installed, tmp_path, "factoryview", "explain", "demo", "--lang", "en", "--json")


def test_the_demo_opens_its_window(installed: Path, tmp_path: Path) -> None:
    with screen() as shown:
        around = environment(installed, tmp_path, DISPLAY=shown.display)
        child = subprocess.Popen(
            [installed / "factoryview", "demo"], cwd=tmp_path, env=around,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            until(lambda: shown.do("search", "--onlyvisible", "--class", "^factoryview$"), "a window of its class")
            assert child.poll() is None, child.communicate()
        finally:
            end(child)


class Shell:
    """A bash in which somebody types."""

    def __init__(self, installed: Path, folder: Path) -> None:
        self._end, other = pty.openpty()
        self._child = subprocess.Popen(
            ["bash", "--norc", "-i"], cwd=folder, env=environment(installed, folder, TERM="dumb"),
            stdin=other, stdout=other, stderr=other, start_new_session=True,
        )  # fmt: skip
        os.close(other)
        self._seen = ""

    def type(self, text: str, expected: str) -> None:
        """Type it, and wait until the screen says what is expected after it."""
        begin = len(self._seen)
        os.write(self._end, text.encode())
        limit = time.monotonic() + 60
        while expected not in self._seen[begin:]:
            assert time.monotonic() < limit, self._seen
            if select.select([self._end], [], [], 0.2)[0]:
                self._seen += os.read(self._end, 4096).decode()

    def close(self) -> None:
        self._child.kill()
        end(self._child)
        os.close(self._end)


@pytest.fixture
def shell(installed: Path, tmp_path: Path) -> Iterator[Shell]:
    found = Shell(installed, tmp_path)
    yield found
    found.close()


def test_bash_completes_verbs_and_options(shell: Shell) -> None:
    shell.type("factoryview --install-completion\n", "completion installed in")
    shell.type(". ~/.bashrc; echo don\\e\n", "done")
    shell.type("factoryview ren\t", "render ")
    shell.type("--the\t", "--theme ")
