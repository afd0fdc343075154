"""A headless Chromium driven through a pipe (Chrome DevTools Protocol), as a phone: for pages that must really run."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 30.0


def chromium() -> str | None:
    """The program, if this machine has it."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One page. `requests` are all addresses it asked for, `complaints` what its console said."""

    def __init__(self, commands: int, answers: int) -> None:
        """commands, answers: file descriptors of the browser's pipe."""
        self._commands, self._answers = commands, answers
        self._buffer = b""
        self._count = 0
        self._session: str | None = None
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def open_phone(self, width: int, height: int, language: str) -> None:
        """A page as large as a phone's, for touch, in a language."""
        target = self.do("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.do(f"{domain}.enable")
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=True)
        self.do("Emulation.setTouchEmulationEnabled", enabled=True)
        self.do("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})

    def do(self, method: str, **parameters: object) -> dict[str, Any]:
        """The answer to a command; events that come before it are kept."""
        self._count += 1
        command: dict[str, object] = {"id": self._count, "method": method, "params": parameters}
        if self._session is not None:
            command["sessionId"] = self._session
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        while True:
            said = self._next()
            if said.get("id") == self._count:
                assert "error" not in said, said
                return said["result"]  # type: ignore[no-any-return]
            self._keep(said)

    def value(self, script: str) -> Any:
        """What a script comes to."""
        found = self.do("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def until(self, script: str) -> None:
        """Wait until a script comes to something true."""
        end = time.monotonic() + SECONDS
        while not self.value(script):
            assert time.monotonic() < end, f"waited in vain for {script}: {self.complaints}"
            time.sleep(0.05)

    def tap(self, selector: str) -> None:
        """Touch the middle of what a selector finds, where it is seen."""
        box = self.value(
            f"(() => {{ const node = document.querySelector({selector!r}); node.scrollIntoView({{block: 'center'}});"
            " const box = node.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind, points in (("touchStart", [{"x": box[0], "y": box[1]}]), ("touchEnd", [])):
            self.do("Input.dispatchTouchEvent", type=kind, touchPoints=points)

    def picture(self, path: Path) -> None:
        """What is seen, as PNG."""
        path.write_bytes(b64decode(self.do("Page.captureScreenshot", format="png")["data"]))

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            piece = os.read(self._answers, 1_000_000)
            assert piece, "the browser has ended"
            self._buffer += piece
        one, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(one)  # type: ignore[no-any-return]

    def _keep(self, said: dict[str, Any]) -> None:
        parameters = said.get("params", {})
        match said.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(parameters["request"]["url"])
            case "Runtime.exceptionThrown":
                self.complaints.append(str(parameters["exceptionDetails"]))
            case "Runtime.consoleAPICalled":
                self.complaints.append(str(parameters["args"]))
            case "Log.entryAdded":
                self.complaints.append(parameters["entry"]["text"])


def _moved(end: int) -> int:
    """The same file under a number from 10 on."""
    moved = fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(end)
    return moved


@contextmanager
def browser(folder: Path, program: str) -> Iterator[Browser]:
    """A browser with a profile of its own in `folder`; ended at the end."""
    (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()

    # out of the way of 3 and 4, whatever numbers are taken
    theirs_in, theirs_out = (_moved(end) for end in (theirs_in, theirs_out))

    def place() -> None:  # the browser reads commands from 3 and answers at 4
        os.dup2(theirs_in, 3)
        os.dup2(theirs_out, 4)

    child = subprocess.Popen(
        [
            program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--remote-debugging-pipe", "--disable-background-networking", "--disable-component-update",
            f"--user-data-dir={folder / 'profile'}",
        ],
        preexec_fn=place, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for end in (theirs_in, theirs_out):
        os.close(end)
    try:
        yield Browser(ours_out, ours_in)
    finally:
        child.kill()
        child.wait()
        for end in (ours_out, ours_in):
            os.close(end)
