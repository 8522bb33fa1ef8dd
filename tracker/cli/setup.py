"""`tracker init` and `tracker serve`."""

from collections.abc import Sequence

import click
from werkzeug.serving import WSGIRequestHandler, make_server

from tracker import config
from tracker.app import both, create_app, create_public_app
from tracker.cli.context import desk_context
from tracker.config import Settings
from tracker.db import PUBLIC, transaction
from tracker.errors import UnsafeSetting
from tracker.rules.access import SHELL
from tracker.services import authorities, installation, publication


class Handler(WSGIRequestHandler):
    """Answers without telling versions, and writes no line per request: addresses are nobody's business."""

    server_version = "tracker"
    sys_version = ""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


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


def run(
    settings: Settings,
    *,
    host: str,
    port: int,
    public_only: bool = False,
    desk_only: bool = False,
    told: Sequence[str] = (),
) -> None:
    """Serve until interrupted, after printing the lines `told` once there is something to reach.

    Refuses in production: this server is for one machine and its people.
    """
    if settings.production:
        raise UnsafeSetting(
            "TRACKER_ENV is production: serve wsgi:app, wsgi:desk or wsgi:public by gunicorn instead."
        )
    site = (
        create_public_app(settings) if public_only else create_app(settings) if desk_only else both(settings)
    )
    server = make_server(host, port, site, threaded=True, request_handler=Handler)
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
@click.option("--port", default=5000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--public", "public_only", is_flag=True, help="Only the public site; needs nothing but public/."
)
@click.option("--desk", "desk_only", is_flag=True, help="Only the desk.")
def serve(host: str, port: int, public_only: bool, desk_only: bool) -> None:
    """Serve both sites on this machine (in production: gunicorn, see docs/operators.md)."""
    told = [] if desk_only else [f"public site  http://{host}:{port}/"]
    told += [] if public_only else [f"desk         http://{host}:{port}/desk/"]
    run(config.read(), host=host, port=port, public_only=public_only, desk_only=desk_only, told=told)
