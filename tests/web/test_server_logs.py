"""What servers write while people read: nothing about who asked, and nothing of what they typed."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tracker.config import Settings

ROOT = Path(__file__).resolve().parents[2]
HERE = "127.0.0.1"
TYPED = "wordsthatsomebodytyped"
#: Before the program answers: what a server itself says of bytes that are no request.
BROKEN = (
    f"GET /cases?text={TYPED} HTTP/9.9.9\r\n\r\n",
    f"{TYPED}\r\n\r\n",
    f"GET /cases?text={TYPED} HTTP/1.1\r\nHost: {HERE}\r\nBad Header {TYPED}: x\r\n\r\n",
)
SERVERS = {
    "tracker serve": ["-m", "tracker.cli", "serve", "--public", "--port", "{port}"],
    "gunicorn": ["-m", "gunicorn", "--bind", f"{HERE}:{{port}}", "--no-control-socket", "wsgi:public"],
    "gunicorn that is told to write an access log": [
        *("-m", "gunicorn", "--bind", f"{HERE}:{{port}}", "--no-control-socket", "--access-logfile", "-"),
        "wsgi:public",
    ],
    "gunicorn with an app that fails": [
        *("-m", "gunicorn", "--bind", f"{HERE}:{{port}}", "--no-control-socket"),
        "tests.web.test_server_logs:fails",
    ],
}


def fails(environ: dict[str, object], start: object) -> None:
    """Raise, as no app should: then the server itself writes about the request."""
    raise RuntimeError("a fault of the program")


@contextmanager
def served(command: list[str], settings: Settings, written: Path) -> Iterator[int]:
    """Run a server as a process of its own, all that it writes in one file, and give its port."""
    with socket.create_server((HERE, 0)) as free:
        port = free.getsockname()[1]
    environ = {**os.environ, "TRACKER_HOME": str(settings.home), "PYTHONUNBUFFERED": "1"}
    with written.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *(it.format(port=port) for it in command)],
            cwd=ROOT,
            env=environ,
            stdout=output,
            stderr=output,
        )
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection((HERE, port), timeout=5).close()
            except ConnectionRefusedError:
                assert process.poll() is None and time.monotonic() < deadline, written.read_text()
                time.sleep(0.05)
            else:
                break
        yield port
    finally:
        process.terminate()
        process.wait(30)


def say(port: int, text: str) -> bytes:
    """Send bytes and return what comes back until the server hangs up."""
    with socket.create_connection((HERE, port), timeout=30) as line:
        line.sendall(text.encode())
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b""))


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_writes_neither_who_asked_nor_what_they_typed(name, settings, tmp_path: Path):
    written = tmp_path / "written"
    with served(SERVERS[name], settings, written) as port:
        for path in (f"/cases?text={TYPED}", f"/route?person={TYPED}", "/static/favicon.svg", "/nowhere"):
            answer = say(
                port,
                f"GET {path} HTTP/1.1\r\nHost: {HERE}\r\nX-Forwarded-For: 192.0.2.77\r\n"
                "Connection: close\r\n\r\n",
            )
            assert answer.startswith(b"HTTP/1."), path
        for text in BROKEN:
            say(port, text)
    text = written.read_text()
    if name != "tracker serve":
        assert "Listening at" in text, "nothing at all was written, so this shows nothing"
    assert TYPED not in text
    told = text.replace(f"http://{HERE}:{port}", "")
    assert HERE not in told and "192.0.2.77" not in told, told
