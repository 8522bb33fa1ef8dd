"""Settings: read from the environment, checked before anything starts.

Two modes. "local" (the default) answers only to the names of this machine, so that a forgotten setting fails
closed; "production" refuses to start on an unsafe setting and names it, never its value.
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import UnsafeSetting

GIB = 1 << 30
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
KNOWN_KEYS = frozenset({"dev", "secret", "changeme", "change-me", "test", "0" * 32})


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation is told. Addresses of stores are SQLAlchemy URLs; sizes are bytes."""

    home: Path
    production: bool
    hosts: tuple[str, ...]
    base_url: str
    private_url: str
    public_url: str
    max_upload: int
    proxy_hops: int
    debug: bool = False

    @property
    def private(self) -> Path:
        """Return the folder that only the desk may read."""
        return self.home / "private"

    @property
    def public(self) -> Path:
        """Return the folder that the public site reads."""
        return self.home / "public"

    @property
    def evidence(self) -> Path:
        """Return the folder of the kept files."""
        return self.private / "evidence"

    @property
    def secrets(self) -> Path:
        """Return the folder of the keys."""
        return self.private / "secrets"

    @property
    def key_file(self) -> Path:
        """Return the file that signs sessions."""
        return self.secrets / "session.key"


def postgres(url: str) -> str:
    """Return the URL with the driver that this program ships (psycopg 3) where it names PostgreSQL."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this process. Raises UnsafeSetting for one that cannot be understood."""
    env = os.environ if environ is None else environ
    home = Path(env.get("TRACKER_HOME") or Path.cwd() / ".tracker-home").expanduser().absolute()
    mode = env.get("TRACKER_ENV", "local")
    if mode not in ("local", "production"):
        raise UnsafeSetting("TRACKER_ENV is neither local nor production.")
    hosts = tuple(name.strip() for name in env.get("TRACKER_HOSTS", "").split(",") if name.strip())
    return Settings(
        home=home,
        production=mode == "production",
        hosts=hosts or (() if mode == "production" else LOCAL_HOSTS),
        base_url=env.get("TRACKER_BASE_URL", "").rstrip("/"),
        private_url=postgres(env.get("TRACKER_DATABASE_URL") or f"sqlite:///{home}/private/private.db"),
        public_url=postgres(env.get("TRACKER_PUBLIC_DATABASE_URL") or f"sqlite:///{home}/public/public.db"),
        max_upload=_number(env, "TRACKER_MAX_UPLOAD", 2 * GIB),
        proxy_hops=_number(env, "TRACKER_PROXY_HOPS", 0),
        debug=env.get("FLASK_DEBUG", "0") not in ("", "0", "false"),
    )


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    try:
        value = int(env.get(name) or default)
    except ValueError:
        raise UnsafeSetting(f"{name} is not a whole number.") from None
    if value < 0:
        raise UnsafeSetting(f"{name} is below zero.")
    return value


def check(settings: Settings) -> None:
    """Raise UnsafeSetting for the first setting that production must not have (both sites)."""
    if not settings.production:
        return
    if settings.debug:
        raise UnsafeSetting("FLASK_DEBUG is on.")
    if not settings.hosts:
        raise UnsafeSetting("TRACKER_HOSTS is empty: name the hosts that this site answers to.")
    if any(name.startswith(".") or "*" in name for name in settings.hosts):
        raise UnsafeSetting("TRACKER_HOSTS holds a wildcard: name every host in full.")
    if not settings.base_url.startswith("https://"):
        raise UnsafeSetting("TRACKER_BASE_URL must be the https:// address of the site.")


def session_key(settings: Settings) -> str:
    """Return the key that signs sessions. Raises UnsafeSetting when it is missing, weak or open to others."""
    file = settings.key_file
    try:
        key = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise UnsafeSetting(f"{file.name} cannot be read: run 'tracker init' first.") from None
    if len(key) < 32 or key.lower() in KNOWN_KEYS or len(set(key)) < 8:
        raise UnsafeSetting(f"{file.name} is too weak: at least 32 random bytes.")
    for path in (file, settings.secrets, settings.private):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise UnsafeSetting(
                f"{path.name} can be read by others: set mode 0700 for folders, 0600 for the file."
            )
    return key
