"""Settings: read from the environment, checked before anything starts.

Two modes. "local" (the default) answers only to the names of this machine, so that a forgotten setting fails
closed; "production" refuses to start on an unsafe setting and names it, never its value.
"""

import ipaddress
import os
import re
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import available_timezones

from tracker.errors import UnsafeSetting

GIB = 1 << 30
#: So many days before a deadline is the earliest at which anything warns of it.
LONGEST_WARNING = 366
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
OFF = ("", "0", "false", "no", "off")
#: The addresses of stores that the program can use: a file of SQLite, or PostgreSQL by the driver that is
#: shipped. Read by hand, because a fault in one has to be told before anything opens it.
STORE = re.compile(
    r"sqlite(\+pysqlite)?:///.+"
    r"|postgresql\+psycopg://([^@]*@)?(\[[0-9a-f:.]*\]|[^/:?@\[]*)(:[0-9]{1,5})?([/?].*)?",
    re.I | re.S,
)
#: A name or number of a host, with or without a port.
HOST = re.compile(r"[a-z0-9*._-]+(:[0-9]{1,5})?|\[?[0-9a-f:.]+\]?(:[0-9]{1,5})?")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
WEB = re.compile(r"https?://[^\s\"<>]+")
#: A server for mail: smtp://user:password@host:587 or smtps://host; what means something in it is escaped.
SMTP = re.compile(
    r"(?P<scheme>smtps?)://(?:(?P<user>[^:@/?#\s]+):(?P<password>[^:@/?#\s]+)@)?"
    r"(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?/?",
    re.I,
)
#: A site without a path: the pages stand where the program puts them.
SITE = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:.]+\](:[0-9]{1,5})?", re.I)
#: Licences for texts that anybody may use: SPDX name -> what people call it, and its address.
LICENCES = {
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
}
DEFAULT_LICENCE = "CC-BY-4.0"
KNOWN_KEYS = frozenset({"dev", "secret", "changeme", "change-me", "test", "0" * 32})


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that takes our mail. `tls` from the first byte; without it, STARTTLS."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def here(self) -> bool:
        """Return whether it runs on this machine, so that nobody can listen on the way."""
        with suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return self.host == "localhost"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation is told. Addresses of stores are SQLAlchemy URLs; sizes are bytes."""

    home: Path
    production: bool
    hosts: tuple[str, ...]
    base_url: str
    private_url: str = field(repr=False)
    public_url: str = field(repr=False)
    max_upload: int
    proxy_hops: int
    contact: str = ""
    #: Where somebody tells of a weakness in the program; empty where nobody said.
    security_contact: str = ""
    #: The licence of the texts that the public site gives away, as SPDX names it.
    data_licence: str = DEFAULT_LICENCE
    debug: bool = False
    #: The address of the desk, for links in mail and calendars; empty where nobody said.
    desk_url: str = ""
    #: None where no mail goes out.
    mail_server: MailServer | None = None
    #: The address from which mail comes.
    mail_from: str = ""
    #: Days left at which the docket warns of ours, the most first; working days back to the internal day.
    warn_days: tuple[int, ...] = (14, 7, 3, 1)
    internal_days: int = 3
    #: Whether one person may both propose and clear; the journal says so each time.
    publish_alone: bool = False
    #: The clock by which times are shown and typed where no place has one of its own.
    zone: str = "UTC"

    @property
    def mail_lacks(self) -> tuple[str, ...]:
        """Return the names of the settings without which no mail goes out: a server, a sender, links."""
        needed = {
            "TRACKER_SMTP_URL": self.mail_server,
            "TRACKER_MAIL_FROM": self.mail_from,
            "TRACKER_DESK_URL": self.desk_url,
        }
        return tuple(name for name, value in needed.items() if not value)

    @property
    def mail_lacks_words(self) -> str:
        """Return these names with their verb: "A is", "A, B and C are"; nothing where none lacks."""
        *before, last = self.mail_lacks or ("",)
        return f"{', '.join(before)} and {last} are" if before else f"{last} is" if last else ""

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


def sqlite(file: Path) -> str:
    """Return the address of a store of SQLite in a file: what means something in an address is escaped."""
    return "sqlite:///" + str(file).replace("%", "%25").replace("?", "%3F").replace("#", "%23")


def sqlite_file(url: str) -> Path | None:
    """Return the file of an address of SQLite, None for another database."""
    if not url.startswith("sqlite"):
        return None
    return Path(unquote(url.partition(":///")[2].partition("?")[0]))


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this process. Raises UnsafeSetting for one that cannot be understood."""
    env = os.environ if environ is None else environ
    home = Path(env.get("TRACKER_HOME") or Path.cwd() / ".tracker-home").expanduser().absolute()
    mode = env.get("TRACKER_ENV", "local")
    if mode not in ("local", "production"):
        raise UnsafeSetting("TRACKER_ENV is neither local nor production.")
    hosts = tuple(name.strip().lower() for name in env.get("TRACKER_HOSTS", "").split(",") if name.strip())
    if not all(HOST.fullmatch(name) for name in hosts):
        raise UnsafeSetting(
            "TRACKER_HOSTS holds something that is no host name: write cases.example.org, without https:// "
            "and without a path, and commas between several."
        )
    base_url = env.get("TRACKER_BASE_URL", "").rstrip("/")
    return Settings(
        home=home,
        production=mode == "production",
        hosts=hosts or (() if mode == "production" else LOCAL_HOSTS),
        base_url=base_url,
        private_url=_store(env, "TRACKER_DATABASE_URL", home / "private" / "private.db"),
        public_url=_store(env, "TRACKER_PUBLIC_DATABASE_URL", home / "public" / "public.db"),
        max_upload=_number(env, "TRACKER_MAX_UPLOAD", 2 * GIB),
        proxy_hops=_number(env, "TRACKER_PROXY_HOPS", 0),
        contact=_contact(env, "TRACKER_CONTACT"),
        security_contact=_contact(env, "TRACKER_SECURITY_CONTACT"),
        data_licence=_licence(env.get("TRACKER_DATA_LICENCE", "").strip()),
        debug=env.get("FLASK_DEBUG", "0").strip().lower() not in OFF,
        desk_url=_site(env.get("TRACKER_DESK_URL", "").strip()) or base_url,
        mail_server=_mail_server(env.get("TRACKER_SMTP_URL", "").strip()),
        mail_from=_mail_from(env.get("TRACKER_MAIL_FROM", "").strip()),
        warn_days=_days(env, "TRACKER_WARN_DAYS", "14, 7, 3, 1"),
        internal_days=_number(env, "TRACKER_INTERNAL_DAYS", 3, most=60),
        publish_alone=_yes(env, "TRACKER_PUBLISH_ALONE"),
        zone=_zone(env.get("TRACKER_ZONE", "").strip() or "UTC"),
    )


def _site(url: str) -> str:
    url = url.rstrip("/")
    if url and not SITE.fullmatch(url):
        raise UnsafeSetting(
            "TRACKER_DESK_URL is no address of a site: write https://desk.example.org, without a path."
        )
    return url


def _mail_server(url: str) -> MailServer | None:
    """Return the server of an address, None for an empty one. A fault is told without the address."""
    if not url:
        return None
    found = SMTP.fullmatch(url)
    user, password = (unquote((found and found[it]) or "") for it in ("user", "password"))
    port = int(found["port"] or 0) if found else 0
    if found is None or port > 65535 or not (user + password).isprintable():
        raise UnsafeSetting(
            "TRACKER_SMTP_URL is no address of a mail server: write smtp://user:password@mail.example.org, "
            "or smtps:// for TLS from the start, and %40 for an @ in user or password."
        )
    tls = found["scheme"].lower() == "smtps"
    host = found["host"].strip("[]").lower()
    return MailServer(host, port or (465 if tls else 587), tls, user, password)


def _mail_from(address: str) -> str:
    if address and not (MAIL.fullmatch(address) and address.isascii()):
        raise UnsafeSetting("TRACKER_MAIL_FROM is no mail address: write tracker@example.org.")
    return address


def _store(env: Mapping[str, str], name: str, default: Path) -> str:
    url = postgres(env.get(name) or sqlite(default))
    if not STORE.fullmatch(url):
        raise UnsafeSetting(
            f"{name} is no address of a store: write sqlite:////folder/file.db or "
            "postgresql://user@host/database."
        )
    return url


def _contact(env: Mapping[str, str], name: str) -> str:
    """Return where something is told, as an address that a page can link; a mail address becomes mailto:."""
    words = env.get(name, "").strip()
    if not words or WEB.fullmatch(words):
        return words
    if MAIL.fullmatch(words):
        return f"mailto:{words}"
    raise UnsafeSetting(f"{name} is neither a mail address nor an https:// address.")


def _licence(name: str) -> str:
    """Return the licence of the public texts, by its name at SPDX."""
    if name and name not in LICENCES:
        raise UnsafeSetting(f"TRACKER_DATA_LICENCE is none of {', '.join(LICENCES)}.")
    return name or DEFAULT_LICENCE


def _number(env: Mapping[str, str], name: str, default: int, *, most: int | None = None) -> int:
    try:
        value = int(env.get(name) or default)
    except ValueError:
        raise UnsafeSetting(f"{name} is not a whole number.") from None
    if value < 0:
        raise UnsafeSetting(f"{name} is below zero.")
    if most is not None and value > most:
        raise UnsafeSetting(f"{name} is more than {most}.")
    return value


def _yes(env: Mapping[str, str], name: str) -> bool:
    word = env.get(name, "").strip().lower()
    if word not in ("", "yes", "no"):
        raise UnsafeSetting(f"{name} is neither yes nor no.")
    return word == "yes"


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise UnsafeSetting("TRACKER_ZONE is no clock: write it as Europe/Vienna.")
    return name


def _days(env: Mapping[str, str], name: str, default: str) -> tuple[int, ...]:
    """Return numbers of days, each once and the largest first."""
    typed = (env.get(name) or default).replace(",", " ").split()
    found = {int(it) for it in typed if it.isascii() and it.isdigit() and len(it) < 5}
    if len(found) < len(set(typed)) or not found or max(found) > LONGEST_WARNING:
        raise UnsafeSetting(
            f"{name} holds something that is no number of days up to {LONGEST_WARNING}: write 14, 7, 3, 1."
        )
    return tuple(sorted(found, reverse=True))


def check(settings: Settings) -> None:
    """Raise UnsafeSetting for the first setting that production must not have (both sites)."""
    check_apart(settings)
    if not settings.production:
        return
    if settings.debug:
        raise UnsafeSetting("FLASK_DEBUG is on.")
    if not settings.hosts:
        raise UnsafeSetting("TRACKER_HOSTS is empty: name the hosts that this site answers to.")
    if any(name.startswith(".") or "*" in name for name in settings.hosts):
        raise UnsafeSetting("TRACKER_HOSTS holds a wildcard: name every host in full.")
    if not settings.base_url.startswith("https://"):
        raise UnsafeSetting("TRACKER_BASE_URL must be the https:// address of the public site.")
    if not settings.desk_url.startswith("https://"):
        raise UnsafeSetting("TRACKER_DESK_URL must be the https:// address of the desk.")
    _check_closed(settings)


def check_apart(settings: Settings) -> None:
    """Raise UnsafeSetting where both addresses lead to one store: what is private would be public."""
    private, public = (sqlite_file(it) for it in (settings.private_url, settings.public_url))
    same = os.path.realpath(private) == os.path.realpath(public) if private and public else False
    if same or settings.private_url == settings.public_url:
        raise UnsafeSetting(
            "TRACKER_PUBLIC_DATABASE_URL leads to the private store: the two stores must be two databases."
        )


def _check_closed(settings: Settings) -> None:
    """Raise UnsafeSetting for a home or a public store in which somebody else could put something.

    What is not there yet is refused elsewhere; where this process may not look, nothing of ours lies.
    """
    places = [settings.home, settings.public]
    if store := sqlite_file(settings.public_url):
        places.append(store)
    for place in places:
        try:
            mode = place.stat().st_mode
        except OSError:
            continue
        if stat.S_IMODE(mode) & 0o022:
            raise UnsafeSetting(
                f"TRACKER_HOME: {place.name} can be changed by others: set mode 0755, or 0644 for a file."
            )


def session_key(settings: Settings) -> str:
    """Return the key that signs sessions. Raises UnsafeSetting when it is missing, weak or open to others."""
    file = settings.key_file
    try:
        key = file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise UnsafeSetting(
            f"{file} is not there: run 'tracker init' first, or set TRACKER_HOME to a home that is prepared."
        ) from None
    except OSError as fault:
        raise UnsafeSetting(
            f"{file} cannot be read ({fault.strerror}): run this as the user who owns the home."
        ) from None
    except UnicodeDecodeError:
        raise UnsafeSetting(f"{file} cannot be read as a key: it holds bytes that are no text.") from None
    if len(key) < 32 or key.lower() in KNOWN_KEYS or len(set(key)) < 8:
        raise UnsafeSetting(f"{file.name} is too weak: at least 32 random bytes.")
    for path in (file, settings.secrets, settings.private):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise UnsafeSetting(
                f"{path.name} can be read by others: set mode 0700 for folders, 0600 for the file."
            )
    return key
