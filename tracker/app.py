"""The wiring: the only place that knows every part. Two apps from one code base, and both in one process."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import URL
from sqlalchemy.exc import OperationalError
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker import config
from tracker.config import Settings
from tracker.db import PUBLIC, address, db, prepare, transaction
from tracker.errors import CopyBehind, RuleBroken, UnsafeSetting
from tracker.services import publication
from tracker.storage import schema
from tracker.web import (
    account,
    calendar,
    desk,
    errors,
    guard,
    headers,
    jinja,
    languages,
    preview,
    public,
    public_files,
)
from tracker.web.uploads import DeskRequest

MIB = 1 << 20
#: What a statement was about stays out of the log: it is what people wrote in confidence.
QUIET = {"hide_parameters": True}
#: A store that is gone with the process.
MEMORY = "sqlite:///:memory:"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def _site(name: str, settings: Settings) -> Flask:
    """Return an app with what both sites share."""
    config.check(settings)
    app = Flask(
        name,
        template_folder=str(jinja.folder("templates")),
        static_folder=str(jinja.folder("static")),
        static_url_path="/static",
    )
    app.debug = settings.debug  # as it was checked: Flask reads the word "off" as on
    app.config.update(
        TRACKER=settings,
        TRUSTED_HOSTS=list(settings.hosts),
        PREFERRED_URL_SCHEME="https" if settings.production else "http",
        MAX_CONTENT_LENGTH=MIB,
        MAX_FORM_MEMORY_SIZE=MIB,
        MAX_FORM_PARTS=1000,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_port=0, x_prefix=0
        )
    jinja.install(app)
    return app


def _check_schema(app: Flask, *stores: str | None) -> None:
    """Raise UnsafeSetting for a store that cannot be opened, or that another program wrote."""
    with app.app_context():
        for store in stores:
            name = store or schema.PRIVATE
            try:
                behind = schema.behind(db.engines[store], name)
            except OperationalError as fault:
                reason = str(fault.orig).strip().split("\n")[0]
                raise UnsafeSetting(
                    f"The {name} store cannot be opened ({reason}): run 'tracker init', or mend its address."
                ) from fault
            except RuleBroken as refusal:
                raise UnsafeSetting(str(refusal)) from refusal
            if behind:
                raise UnsafeSetting(
                    f"The {name} store has an older form than this program: run 'tracker init'."
                )


def _catch_up(app: Flask) -> None:
    """Copy to the public store what was decided before a crash came between, and what is due by now."""
    with app.app_context():
        # Who holds a store now is no reason not to start: the pages of publication try again.
        with suppress(OperationalError):
            if publication.is_due():
                with transaction():
                    publication.end_due()
        with suppress(CopyBehind), publication.copying(""):
            if publication.behind():
                with transaction(PUBLIC):
                    publication.refresh()


def create_app(settings: Settings | None = None, *, argon2: dict[str, int] | None = None) -> Flask:
    """Return the desk. Raises UnsafeSetting, naming the setting, instead of starting unsafely.

    `argon2` makes hashing cheap in tests.
    """
    settings = settings or config.read()
    app = _site("tracker.desk", settings)
    app.request_class = DeskRequest
    app.config.update(
        SECRET_KEY=config.session_key(settings),
        SQLALCHEMY_BINDS={
            None: {"url": settings.private_url, **QUIET},
            PUBLIC: {"url": settings.public_url, **QUIET},
        },
    )
    app.jinja_env.globals["public_site"] = settings.base_url
    db.init_app(app)
    with app.app_context():
        prepare(db.engines[None], public=False)
        prepare(db.engines[PUBLIC], public=True)
    # First who may do what: it also raises the limit of a request with files, before the token is read.
    guard.install(app)
    CSRFProtect(app)
    account.install(app, settings, argon2=argon2)
    desk.install(app)
    calendar.install(app)
    preview.install(app, lambda: _preview_app(settings))
    errors.install(app, template="errors/desk.html")
    headers.install(app, public=False, https=settings.production)
    guard.check(app)
    _check_schema(app, None, PUBLIC)
    _catch_up(app)
    return app


def create_public_app(settings: Settings | None = None) -> Flask:
    """Return the public site: one read-only store, no session, no key, no way to the private store."""
    settings = settings or config.read()
    app = _public_site(settings, address(settings.public_url, read_only=True))
    _check_schema(app, PUBLIC)
    return app


def _preview_app(settings: Settings) -> Flask:
    """Return the public site over an empty store in memory, which only the desk asks, for a preview."""
    settings = replace(settings, public_url=MEMORY)
    app = _public_site(settings, address(MEMORY))
    with app.app_context():
        schema.upgrade(db.engines[PUBLIC], schema.PUBLIC)
    return app


def _public_site(settings: Settings, url: URL) -> Flask:
    app = _site("tracker.public", settings)
    app.config.update(SQLALCHEMY_BINDS={PUBLIC: {"url": url, **QUIET}})
    db.init_app(app)
    with app.app_context():
        prepare(db.engines[PUBLIC], public=True)
    public.install(app)
    public_files.install(app)
    languages.install(app)
    errors.install(app, template="errors/public.html", render=languages.render)
    headers.install(app, public=True, https=settings.production)
    return app


def both(settings: Settings | None = None, *, argon2: dict[str, int] | None = None) -> Wsgi:
    """Return one callable with both sites: the desk under /desk and /calendar, everything else public."""
    settings = settings or config.read()
    inside, outside = create_app(settings, argon2=argon2), create_public_app(settings)

    def site(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        chosen = inside if path == "/desk" or path.startswith(("/desk/", "/calendar/")) else outside
        return chosen.wsgi_app(environ, start)

    return site
