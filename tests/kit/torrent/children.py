"""The other ends of a file, a webhook and an endpoint, as programs that can be killed: they go on where they were."""

from __future__ import annotations

import json
import random
import sys
import time
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path


def write_on(outbox: Path, log: Path) -> None:
    """Bring the log to what is in the outbox, in pieces that end anywhere."""
    rng = random.Random(1)
    with outbox.open("rb") as source, log.open("ab", buffering=0) as target:
        source.seek(target.tell())
        while True:
            piece = source.read(rng.randrange(1, 30_000))
            target.write(piece)
            time.sleep(0.0005 if piece else 0.02)


def send(outbox: Path, progress: Path, port: int, token: str, batch: int = 400) -> None:
    """Post the lines of the outbox, many in one body; again and again what was not answered with "accepted"."""
    sent = int(progress.read_text() or 0) if progress.exists() else 0
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with outbox.open("rb") as source:
        source.seek(sent)
        while True:
            lines = [line for line in islice(source, batch) if line.endswith(b"\n")]
            if not lines:
                source.seek(sent)
                time.sleep(0.02)
                continue
            while not _posted(b"[" + b",".join(lines) + b"]", port, headers):
                time.sleep(0.1)
            sent += sum(map(len, lines))
            source.seek(sent)
            beside = progress.with_suffix(".new")
            beside.write_text(str(sent))
            beside.replace(progress)


def _posted(body: bytes, port: int, headers: dict[str, str]) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("POST", "/", body, headers)
        return 200 <= connection.getresponse().status < 300
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def serve(outbox: Path, progress: Path, port: int, window: int) -> None:
    """Answer with the newest lines of the outbox as a JSON list, and note how many there were in all."""

    class Endpoint(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            lines = outbox.read_bytes().splitlines()
            body = b"[" + b",".join(lines[-window:]) + b"]"
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            progress.write_text(json.dumps(len(lines)))

        def log_message(self, *_: object) -> None:
            pass

    ThreadingHTTPServer(("127.0.0.1", port), Endpoint).serve_forever()


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    if what == "write":
        write_on(*map(Path, given))
    elif what == "send":
        send(Path(given[0]), Path(given[1]), int(given[2]), given[3])
    elif what == "serve":
        serve(Path(given[0]), Path(given[1]), int(given[2]), int(given[3]))
