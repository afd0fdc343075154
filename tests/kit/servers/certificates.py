"""A certificate of this computer, for servers with TLS."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def own_certificate(folder: Path) -> tuple[Path, Path]:
    """Certificate, which is its own authority, and key. The test is skipped where the program openssl is missing."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("needs the program openssl")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    about = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        [
            program,
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            str(key),
            "-out",
            str(certificate),
            *about,
        ],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    return certificate, key
