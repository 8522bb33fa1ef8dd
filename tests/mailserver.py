"""Mail servers on this machine: a real one whose answers a test chooses, and ones that misbehave."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

#: The key and the certificate of a server named localhost, signed by itself, for tests only.
CERTIFICATE = Path(__file__).parent / "localhost.pem"


def free_port() -> int:
    """Return a port that nobody has."""
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        port: int = it.getsockname()[1]
        return port


@dataclass
class Mailbox:
    """What a server was handed, and what it answers: an answer of None takes what is offered."""

    port: int = 0
    received: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    on_mail: str | None = None
    on_recipient: Callable[[str], str | None] = lambda address: None
    on_data: Callable[[bytes], str | None] = lambda content: None
    on_quit: str | None = None

    @property
    def url(self) -> str:
        """Return the address as the setting has it."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def mails(self) -> list[EmailMessage]:
        """Return what arrived, read as mail programs read it."""
        found: list[EmailMessage] = [message_from_bytes(it, policy=policy.default) for it in self.received]  # type: ignore[misc]
        return found

    @property
    def ids(self) -> list[str]:
        """Return the Message-ID of everything that arrived."""
        return [str(it["Message-ID"]) for it in self.mails]

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Take a sender, or answer as the test says."""
        if self.on_mail:
            return self.on_mail
        envelope.mail_from = address
        return "250 2.1.0 fine"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Take a recipient, or answer as the test says."""
        answer = self.on_recipient(address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a message, or answer as the test says."""
        answer = self.on_data(envelope.content)
        if answer is None or answer.startswith("250"):
            self.received.append(envelope.content)
            self.recipients += envelope.rcpt_tos
        return answer or "250 2.0.0 taken"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        """Say good-bye, or something else."""
        return self.on_quit or "221 bye"


@contextmanager
def mailbox(**values: Any) -> Iterator[Mailbox]:
    """Run a mail server and give its mailbox; `values` are those of aiosmtpd (TLS, a password)."""
    box = Mailbox(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **values)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@contextmanager
def scripted(*lines: str | None) -> Iterator[int]:
    """Run a server that says one line after another, whatever it hears, then hangs up; give its port.

    None is silence for ever. Every connection hears the same.
    """
    ended = threading.Event()

    def talk(client: socket.socket) -> None:
        with client, suppress(OSError):
            for line in lines:
                if line is None:
                    ended.wait(30)
                    return
                client.sendall(line.encode() + b"\r\n")
                client.recv(65536)

    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    threading.Thread(target=talk, args=(client,), daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
    thread.join()


def talking(*answers: str) -> Sequence[str]:
    """Return what a server says that is well until then: a greeting and its extensions, then `answers`."""
    return ("220 localhost", "250 localhost", *answers)
