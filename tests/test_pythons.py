"""The wheel with all that it needs, in a fresh environment of every other Python that this machine has."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from factoryview import __version__

ROOT = Path(__file__).parents[1]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
pytestmark = pytest.mark.pythons


def interpreter(version: str) -> str:
    """The Python of a version, for which a name on the path is not enough; skips where there is none."""
    found = shutil.which(f"python{version}")
    said = None if found is None else subprocess.run([found, "-c", "import venv, ensurepip"], check=False, timeout=60)
    if found is None or said is None or said.returncode:
        pytest.skip(f"needs Python {version} with venv")
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(ROOT)]
    subprocess.run(build, check=True, timeout=300)
    [found] = folder.glob("*.whl")
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_the_wheel_draws_and_explains_and_nothing_warns(version: str, wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "environment"
    subprocess.run([interpreter(version), "-m", "venv", home], check=True, timeout=120)
    subprocess.run([home / "bin" / "pip", "install", "-q", wheel], check=True, timeout=600)
    bare = {"PATH": f"{home / 'bin'}:/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}

    def run(*words: str) -> str:
        done = subprocess.run(
            [home / "bin" / "python", "-W", "error", home / "bin" / "factoryview", *words],
            cwd=tmp_path, env=bare, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    done = subprocess.run([home / "bin" / "python", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"Python {version}.")
    assert run("--version") == f"factoryview {__version__}\n"
    run("render", "demo", "-o", "demo.png", "--size", "640x360")
    assert (tmp_path / "demo.png").read_bytes().startswith(b"\x89PNG")
    assert "Approval" in run("explain", "demo", "--lang", "en", "--json")
