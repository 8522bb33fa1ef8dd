"""A real server process on 127.0.0.1, as the guide for operators runs it, and what it needs of memory."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HERE = "127.0.0.1"
ROOT = Path(__file__).parent.parent
#: How long a server may take to start, to answer and to end, in seconds.
PATIENCE = 30


class Served:
    """A running server with one worker process."""

    def __init__(self, port: int, master: int) -> None:
        self.port, self._master = port, master

    def worker(self) -> int:
        """Return the number of the worker process."""
        children = Path(f"/proc/{self._master}/task/{self._master}/children").read_text().split()
        return int(children[0])


@contextmanager
def served(app: str, environ: Mapping[str, str], *, threads: int = 4, workers: int = 1) -> Iterator[Served]:
    """Serve an app such as "wsgi:public" by gunicorn, give the server, and stop it."""
    # The socket is ours, so nobody else can get the port, and who comes too early waits in its queue.
    with socket.create_server((HERE, 0)) as listening:
        # gunicorn sets this on sockets of its own, and connections take it over: no waiting for full packets.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = listening.fileno()
        told = {name: it for name, it in os.environ.items() if not name.startswith("TRACKER_")}
        command = [sys.executable, "-m", "gunicorn", "--bind", f"fd://{number}", "--worker-class", "gthread"]
        command += ["--workers", str(workers), "--threads", str(threads), "--keep-alive", "60"]
        command += ["--no-control-socket", "--log-level", "error", app]
        process = subprocess.Popen(command, cwd=ROOT, env={**told, **environ}, pass_fds=[number])
        try:
            yield Served(listening.getsockname()[1], process.pid)
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Asking:
    """One connection that asks for the same page again and again, at as little cost as Python allows."""

    def __init__(self, port: int, address: str) -> None:
        self._socket = socket.create_connection((HERE, port), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = self._said(address)
        self._buffer = bytearray(1 << 20)

    def ask(self, address: str | None = None) -> bytes:
        """Return the body of one answer, also of another address. Raises AssertionError if it is not 200."""
        self._socket.sendall(self._request if address is None else self._said(address))
        view, have, whole, begin = memoryview(self._buffer), 0, -1, 0
        while have != whole:
            got = self._socket.recv_into(view[have:])
            assert got, "The server has hung up."
            have += got
            if whole < 0 and (end := self._buffer.find(b"\r\n\r\n", 0, have)) >= 0:
                head, begin = bytes(view[:end]).lower(), end + 4
                assert head.startswith(b"http/1.1 200 "), head.split(b"\r\n", 1)[0]
                whole = begin + int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        return bytes(view[begin:whole])

    @staticmethod
    def _said(address: str) -> bytes:
        return f"GET {address} HTTP/1.1\r\nHost: {HERE}\r\n\r\n".encode()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


class Peak:
    """The most memory that a process needs from now on. Only Linux tells; elsewhere it is not known."""

    def __init__(self, served: Served) -> None:
        self._status: Path | None = None
        try:
            folder = Path(f"/proc/{served.worker()}")
            # Forget the most so far: what starting up has needed is not asked for.
            (folder / "clear_refs").write_text("5")
            self._status = folder / "status"
            self._before = self._told("VmRSS")
        except OSError:
            self._status = None

    def growth(self) -> float | None:
        """Return how many MiB the process held at most above what it held in the beginning, if known."""
        return (self._told("VmHWM") - self._before) / 1024 if self._status else None

    def _told(self, what: str) -> int:
        """Return a line of the status in KiB."""
        assert self._status is not None
        lines = self._status.read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:"))
