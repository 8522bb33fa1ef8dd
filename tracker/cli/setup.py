"""`tracker init` and `tracker serve`."""

import errno
import socket
from collections.abc import Sequence

import click
from werkzeug.serving import WSGIRequestHandler, make_server

from tracker import config
from tracker.app import both, create_app, create_public_app
from tracker.cli.context import desk_context
from tracker.config import Settings
from tracker.db import PUBLIC, transaction
from tracker.errors import RuleBroken, UnsafeSetting
from tracker.rules.access import SHELL
from tracker.services import authorities, installation, publication


class Handler(WSGIRequestHandler):
    """Answers without telling versions, and writes no line per request: addresses are nobody's business."""

    server_version = "tracker"
    sys_version = ""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Write that a request could not be read, and neither who sent it nor what it said."""
        self.server.log(type, "A request could not be read and was refused.\n")


def prepare(settings: Settings) -> bool:
    """Make or complete the home: folders, key, both stores, directory. Return whether anything was new."""
    done = installation.prepare(settings)
    with desk_context():
        with transaction():
            report = authorities.sync(by=SHELL)
        with transaction(PUBLIC):
            if PUBLIC in done.upgraded:
                # A newer form may hold more of what the private store knows.
                publication.rebuild()
            listed = publication.publish_directory()
    return bool(done.made or done.upgraded or report.added or report.changed or report.retired or listed)


@click.command()
def init() -> None:
    """Prepare TRACKER_HOME: folders, keys, both stores, the directory of authorities. Safe to run again."""
    settings = config.read()
    new = prepare(settings)
    click.echo(f"{settings.home} is {'ready' if new else 'ready already; nothing was changed'}.")


PORT = click.IntRange(1, 65535)


def listen(host: str, port: int, *, other: str) -> socket.socket:
    """Return a socket that holds the address, so that nobody is told of one that is taken.

    `other` is what to type for another port. Raises RuleBroken for an address that cannot be had.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        held = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError):  # a name too long to be one is no name of a host either
        raise RuleBroken(f"there is no host {host}: name this machine, for example 127.0.0.1") from None
    try:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(place)
        held.listen()
    except OSError as fault:
        held.close()
        if fault.errno == errno.EADDRINUSE:
            raise RuleBroken(f"port {port} is taken: {other}{port + 1 if port < 65535 else 5000}") from None
        raise RuleBroken(f"{host} port {port} cannot be had: {fault.strerror}") from None
    return held


def run(
    settings: Settings,
    *,
    held: socket.socket,
    public_only: bool = False,
    desk_only: bool = False,
    told: Sequence[str] = (),
) -> None:
    """Serve on a socket of listen() until interrupted, after printing the lines `told`.

    This server is for one machine and its people: whoever calls refuses in production.
    """
    with held:
        make = create_public_app if public_only else create_app if desk_only else both
        host, port = held.getsockname()[:2]
        server = make_server(
            host, port, make(settings), threaded=True, request_handler=Handler, fd=held.fileno()
        )
        for line in told:
            click.echo(line)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("Stopped.")
        finally:
            server.server_close()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=PORT)
@click.option(
    "--public", "public_only", is_flag=True, help="Only the public site; needs nothing but public/."
)
@click.option("--desk", "desk_only", is_flag=True, help="Only the desk.")
def serve(host: str, port: int, public_only: bool, desk_only: bool) -> None:
    """Serve both sites on this machine, to try things out (in production: gunicorn, docs/operators.md)."""
    if public_only and desk_only:
        raise click.UsageError("Say --public or --desk; without either both are served.")
    told = [] if desk_only else [f"public site  http://{host}:{port}/"]
    told += [] if public_only else [f"desk         http://{host}:{port}/desk/"]
    settings = config.read()
    if settings.production:
        raise UnsafeSetting(
            "TRACKER_ENV is production: serve wsgi:app, wsgi:desk or wsgi:public by gunicorn instead."
        )
    held = listen(host, port, other="tracker serve --port ")
    run(settings, held=held, public_only=public_only, desk_only=desk_only, told=told)
