"""Settings: safe when forgotten, refused when unsafe, named and never repeated."""

import dataclasses
from pathlib import Path

import pytest

from tracker import config
from tracker.app import create_app, create_public_app
from tracker.config import MailServer, Settings
from tracker.errors import UnsafeSetting

SAFE = {
    "TRACKER_ENV": "production",
    "TRACKER_HOSTS": "tracker.example.org,desk.example.org",
    "TRACKER_BASE_URL": "https://tracker.example.org/",
}
KEY = "8f3a1c5e7b9d2046" * 4


def unsafe(**environ: str) -> str:
    """Return why production does not start with these settings."""
    with pytest.raises(UnsafeSetting) as refused:
        config.check(config.read({**SAFE, **environ}))
    return str(refused.value)


class TestProduction:
    def test_starts_with_safe_settings(self):
        config.check(config.read(SAFE))

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("FLASK_DEBUG", "1"),
            ("FLASK_DEBUG", "True"),
            ("TRACKER_HOSTS", ""),
            ("TRACKER_HOSTS", " , ,"),
            ("TRACKER_HOSTS", "*"),
            ("TRACKER_HOSTS", "tracker.example.org,.example.org"),
            ("TRACKER_HOSTS", "*.example.org"),
            ("TRACKER_HOSTS", "https://tracker.example.org"),
            ("TRACKER_HOSTS", "tracker.example.org/desk"),
            ("TRACKER_HOSTS", "tracker.example.org desk.example.org"),
            ("TRACKER_BASE_URL", ""),
            ("TRACKER_BASE_URL", "http://tracker.example.org"),
            ("TRACKER_BASE_URL", "tracker.example.org"),
            ("TRACKER_BASE_URL", "javascript:https://tracker.example.org"),
            ("TRACKER_DESK_URL", "http://desk.example.org"),
        ],
    )
    def test_does_not_start_with_an_unsafe_setting_and_names_it(self, name, value):
        said = unsafe(**{name: value})
        assert name in said
        assert len(value) < 4 or value not in said, "the value is not repeated"

    def test_takes_the_word_of_nobody_for_the_hosts(self):
        assert config.read({k: v for k, v in SAFE.items() if k != "TRACKER_HOSTS"}).hosts == ()

    @pytest.mark.parametrize("value", ["0", "false", "False", "no", "OFF", " 0 ", ""])
    def test_starts_where_debug_is_off(self, value):
        config.check(config.read({**SAFE, "FLASK_DEBUG": value}))

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("TRACKER_ENV", "prod"),
            ("TRACKER_ENV", ""),
            ("TRACKER_MAX_UPLOAD", "2 GB"),
            ("TRACKER_MAX_UPLOAD", "-1"),
            ("TRACKER_PROXY_HOPS", "one"),
            ("TRACKER_PROXY_HOPS", "-2"),
            ("TRACKER_WARN_DAYS", "14, soon"),
            ("TRACKER_WARN_DAYS", "14, -7"),
            ("TRACKER_WARN_DAYS", "400"),
            ("TRACKER_WARN_DAYS", " , "),
            ("TRACKER_INTERNAL_DAYS", "three"),
            ("TRACKER_INTERNAL_DAYS", "61"),
            ("TRACKER_DATABASE_URL", "nonsense"),
            ("TRACKER_DATABASE_URL", "mysql://host/tracker"),
            ("TRACKER_DATABASE_URL", "/srv/private.db"),
            ("TRACKER_DATABASE_URL", "sqlite://"),
            ("TRACKER_DATABASE_URL", "postgresql+psycopg2://host/tracker"),
            ("TRACKER_DATABASE_URL", "postgresql://user:word@host:port/tracker"),
            ("TRACKER_PUBLIC_DATABASE_URL", "nonsense"),
        ],
    )
    def test_does_not_guess_what_a_setting_means(self, name, value):
        assert name in unsafe(**{name: value})

    @pytest.mark.parametrize("place", ["", "public", "public/public.db"])
    @pytest.mark.parametrize("right", [0o020, 0o002])
    def test_does_not_start_where_others_can_change_what_is_public(self, tmp_path, place, right):
        home = tmp_path / "home"
        (home / "public").mkdir(parents=True, mode=0o755)
        (home / "public/public.db").touch(0o644)
        given = {**SAFE, "TRACKER_HOME": str(home)}
        config.check(config.read(given))
        (home / place).chmod((home / place).stat().st_mode | right)
        said = unsafe(TRACKER_HOME=str(home))
        assert said.startswith(f"TRACKER_HOME: {(home / place).name} can be changed by others")
        config.check(config.read({"TRACKER_HOME": str(home)}))  # on a machine of one's own it may

    def test_does_not_start_where_others_can_change_a_public_store_elsewhere(self, tmp_path):
        store = tmp_path / "elsewhere.db"
        store.touch()
        store.chmod(0o666)
        assert "elsewhere.db can be changed" in unsafe(TRACKER_PUBLIC_DATABASE_URL=f"sqlite:///{store}")

    def test_keeps_a_password_in_an_address_out_of_what_it_says(self):
        secret = "postgresql://tracker:hunter2@db/tracker"
        assert "hunter2" not in unsafe(TRACKER_DATABASE_URL=secret, TRACKER_HOSTS="")


class TestThisMachine:
    def test_is_the_only_one_that_is_answered_when_nothing_is_set(self):
        settings = config.read({})
        assert settings.hosts == ("127.0.0.1", "localhost", "[::1]")
        assert not settings.production and not settings.debug
        config.check(settings)

    def test_is_called_by_its_names_in_any_letters(self):
        assert config.read({"TRACKER_HOSTS": "Desk.Example.ORG"}).hosts == ("desk.example.org",)

    def test_can_be_called_by_other_names(self):
        assert config.read({"TRACKER_HOSTS": " desk.test , ::1 ,"}).hosts == ("desk.test", "::1")

    def test_keeps_everything_in_a_folder_of_the_present_one(self, monkeypatch, tmp_path):
        monkeypatch.chdir(tmp_path)
        settings = config.read({})
        assert settings.home == tmp_path / ".tracker-home"
        assert settings.evidence == tmp_path / ".tracker-home/private/evidence"
        assert settings.private_url == f"sqlite:///{tmp_path}/.tracker-home/private/private.db"
        assert settings.public_url == f"sqlite:///{tmp_path}/.tracker-home/public/public.db"

    def test_reads_what_the_process_was_given(self, monkeypatch):
        monkeypatch.setenv("TRACKER_HOME", "~/tracker")
        monkeypatch.setenv("TRACKER_MAX_UPLOAD", "1000")
        monkeypatch.setenv("TRACKER_PROXY_HOPS", "1")
        settings = config.read()
        assert settings.home == Path.home() / "tracker"
        assert (settings.max_upload, settings.proxy_hops) == (1000, 1)

    def test_takes_two_gibibytes_of_a_file_by_default(self):
        assert config.read({}).max_upload == 2 * 1024**3

    @pytest.mark.parametrize(
        ("given", "used"),
        [
            ("postgres://u:p@db/t", "postgresql+psycopg://u:p@db/t"),
            ("postgresql://db/t?sslmode=require", "postgresql+psycopg://db/t?sslmode=require"),
            ("postgresql+psycopg://db/t", "postgresql+psycopg://db/t"),
            ("postgresql://u:p%40@[::1]:5432/t", "postgresql+psycopg://u:p%40@[::1]:5432/t"),
            ("postgresql://u@/t?host=/run/postgresql", "postgresql+psycopg://u@/t?host=/run/postgresql"),
            ("postgresql:///t", "postgresql+psycopg:///t"),
            ("sqlite:////srv/private.db", "sqlite:////srv/private.db"),
        ],
    )
    def test_reaches_postgresql_by_the_driver_that_is_shipped(self, given, used):
        settings = config.read({"TRACKER_DATABASE_URL": given, "TRACKER_PUBLIC_DATABASE_URL": given})
        assert settings.private_url == settings.public_url == used


class TestWarnings:
    def test_come_at_14_7_3_and_1_days_with_three_working_days_to_be_ready(self):
        settings = config.read({})
        assert (settings.warn_days, settings.internal_days) == ((14, 7, 3, 1), 3)

    def test_come_when_the_installation_says_so_each_once_and_the_longest_first(self):
        settings = config.read({"TRACKER_WARN_DAYS": "3 21,21", "TRACKER_INTERNAL_DAYS": "0"})
        assert (settings.warn_days, settings.internal_days) == ((21, 3), 0)


class TestBothSites:
    @pytest.mark.parametrize("make", [create_app, create_public_app])
    @pytest.mark.parametrize(("word", "on"), [("off", False), (" 0 ", False), ("True", True)])
    def test_are_debugged_only_where_the_setting_was_read_as_on(self, settings, monkeypatch, make, word, on):
        monkeypatch.setenv("FLASK_DEBUG", word)
        monkeypatch.setenv("TRACKER_HOME", str(settings.home))
        assert make(config.read()).debug is on


class TestTheKeyOfSessions:
    @pytest.fixture
    def home(self, tmp_path) -> Settings:
        """A home with a good key, closed to others."""
        settings = config.read({"TRACKER_HOME": str(tmp_path / "home")})
        settings.secrets.mkdir(parents=True)
        for folder in (settings.private, settings.secrets):
            folder.chmod(0o700)
        settings.key_file.write_text(KEY + "\n")
        settings.key_file.chmod(0o600)
        return settings

    def refused(self, settings: Settings) -> str:
        """Return why the key is refused."""
        with pytest.raises(UnsafeSetting) as refused:
            config.session_key(settings)
        assert "session.key" in str(refused.value) or "can be read by others" in str(refused.value)
        return str(refused.value)

    def test_is_read_without_the_end_of_its_line(self, home):
        assert config.session_key(home) == KEY

    @pytest.mark.parametrize(
        "weak",
        ["", "short", "dev", "0" * 64, "abcabcabc" * 8, "\x00" * 64],
        ids=["empty", "short", "a known one", "zeros", "three letters", "zero bytes"],
    )
    def test_is_refused_when_it_is_weak_and_not_repeated(self, home, weak):
        home.key_file.write_text(weak)
        said = self.refused(home)
        assert "too weak" in said and (not weak or weak not in said)

    @pytest.mark.parametrize("raw", [b"\xff\xfe" * 32, "ключ".encode() * 8])
    def test_is_refused_when_it_is_no_text(self, home, raw):
        home.key_file.write_bytes(raw)
        assert "cannot be read" in self.refused(home)

    def test_is_refused_when_it_is_missing_and_says_what_to_do(self, home):
        home.key_file.unlink()
        assert "tracker init" in self.refused(home)

    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o666, 0o660])
    def test_is_refused_when_others_can_read_it(self, home, mode):
        home.key_file.chmod(mode)
        assert "session.key can be read by others" in self.refused(home)

    @pytest.mark.parametrize("folder", ["secrets", "private"])
    @pytest.mark.parametrize("mode", [0o755, 0o750, 0o701])
    def test_is_refused_when_others_can_enter_its_folder(self, home, folder, mode):
        getattr(home, folder).chmod(mode)
        assert f"{folder} can be read by others" in self.refused(home)

    def test_is_not_looked_for_by_the_public_site(self, home):
        home.key_file.unlink()
        config.check(dataclasses.replace(home, production=False))


class TestWhereErrorsAreTold:
    @pytest.mark.parametrize(
        ("typed", "address"),
        [
            ("", ""),
            ("errors@example.org", "mailto:errors@example.org"),
            ("https://example.org/corrections", "https://example.org/corrections"),
        ],
    )
    def test_is_an_address_that_a_page_can_link(self, typed, address):
        assert config.read({"TRACKER_CONTACT": typed}).contact == address
        assert config.read({"TRACKER_SECURITY_CONTACT": typed}).security_contact == address

    @pytest.mark.parametrize("name", ["TRACKER_CONTACT", "TRACKER_SECURITY_CONTACT"])
    @pytest.mark.parametrize("typed", ["ask us", "javascript:alert(1)", 'https://a"b', "a@b"])
    def test_is_refused_where_it_is_neither_mail_nor_web(self, typed, name):
        with pytest.raises(UnsafeSetting, match=name):
            config.read({name: typed})


class TestTheLicenceOfTheTexts:
    def test_is_one_that_lets_everybody_use_them(self):
        assert config.read({}).data_licence == "CC-BY-4.0"
        assert config.read({"TRACKER_DATA_LICENCE": "CC0-1.0"}).data_licence == "CC0-1.0"
        with pytest.raises(UnsafeSetting, match="TRACKER_DATA_LICENCE"):
            config.read({"TRACKER_DATA_LICENCE": "mine"})


ON = {"TRACKER_MAIL_FROM": "tracker@example.org", "TRACKER_DESK_URL": "https://desk.example.org"}


class TestMail:
    def test_is_off_when_nobody_said_otherwise(self):
        settings = config.read({})
        assert settings.mail_server is None
        config.check(settings)

    @pytest.mark.parametrize(
        ("url", "server"),
        [
            ("smtp://mail.example.org", MailServer("mail.example.org", 587, False)),
            ("smtp://mail.example.org:25/", MailServer("mail.example.org", 25, False)),
            ("smtps://mail.example.org", MailServer("mail.example.org", 465, True)),
            ("SMTPS://Mail.Example.ORG:2465", MailServer("mail.example.org", 2465, True)),
            ("smtp://[::1]:25", MailServer("::1", 25, False)),
            (
                "smtp://ann%40example.org:p%3A%2F%40%25@mail.example.org",
                MailServer("mail.example.org", 587, False, "ann@example.org", "p:/@%"),
            ),
        ],
    )
    def test_goes_to_the_server_of_an_address(self, url, server):
        settings = config.read({**SAFE, **ON, "TRACKER_SMTP_URL": url})
        config.check(settings)
        assert settings.mail_server == server
        assert (settings.mail_from, settings.desk_url) == (ON["TRACKER_MAIL_FROM"], ON["TRACKER_DESK_URL"])

    @pytest.mark.parametrize(
        "url",
        [
            "mail.example.org",
            "mail.example.org:587",
            "http://hunter2.example.org",
            "smtp://",
            "smtp://:hunter2@mail.example.org",
            "smtp://ann@mail.example.org",
            "smtp://ann:hunter2@",
            "smtp://ann:hunter2@mail.example.org:99999",
            "smtp://ann:hunter2@mail.example.org/path",
            "smtp://ann:hunter2@mail.example.org?tls=no",
            "smtp://ann:hun/ter2@mail.example.org",
            "smtp://ann:hunter2%0D%0ADATA@mail.example.org",
            "smtp://ann:hunter2@-mail.example.org",
            "smtp://ann:hunter2@mail.example.org smtp://b",
            "smtp+starttls://ann:hunter2@mail.example.org",
        ],
    )
    def test_does_not_guess_and_repeats_no_password(self, url):
        said = unsafe(**ON, TRACKER_SMTP_URL=url)
        assert said.startswith("TRACKER_SMTP_URL") and "hunter2" not in said and "hun/ter2" not in said

    def test_shows_no_password_where_the_settings_are_printed(self):
        settings = config.read({**ON, "TRACKER_SMTP_URL": "smtp://ann:hunter2@mail.example.org"})
        assert settings.mail_server and settings.mail_server.password == "hunter2"
        assert "hunter2" not in f"{settings} {settings!r} {settings.mail_server}"

    @pytest.mark.parametrize("name", ["TRACKER_SMTP_URL", "TRACKER_MAIL_FROM", "TRACKER_DESK_URL"])
    def test_needs_a_server_a_sender_and_an_address_to_which_it_links(self, name):
        whole = {**ON, "TRACKER_SMTP_URL": "smtp://mail.example.org"}
        assert config.read(whole).mail_lacks == ()
        assert config.read({**whole, name: ""}).mail_lacks == (name,)

    def test_that_is_set_up_by_half_stops_nothing_else(self):
        settings = config.read({"TRACKER_SMTP_URL": "smtp://mail.example.org"})
        assert settings.mail_lacks == ("TRACKER_MAIL_FROM", "TRACKER_DESK_URL")
        config.check(settings)

    @pytest.mark.parametrize(
        "address",
        [
            "Ann",
            "ann@",
            "Ann <ann@example.org>",
            "a@b.c\r\nBcc: eve@example.org",
            "a@b.c,d@e.f",
            "jürgen@example.org",
        ],
    )
    def test_comes_from_one_plain_address(self, address):
        with pytest.raises(UnsafeSetting, match="TRACKER_MAIL_FROM is no mail address"):
            config.read({**ON, "TRACKER_MAIL_FROM": address})


class TestTheAddressOfTheDesk:
    def test_is_that_of_the_public_site_where_nobody_said_otherwise(self):
        assert config.read(SAFE).desk_url == "https://tracker.example.org"

    @pytest.mark.parametrize("given", ["https://desk.example.org", "https://desk.example.org/"])
    def test_is_a_site_without_a_path(self, given):
        assert config.read({**SAFE, "TRACKER_DESK_URL": given}).desk_url == "https://desk.example.org"

    @pytest.mark.parametrize(
        "given",
        ["desk.example.org", "https://desk.example.org/desk", "https://a b", "javascript:1", "https://a@b"],
    )
    def test_is_refused_where_it_is_more_or_less_than_that(self, given):
        with pytest.raises(UnsafeSetting, match="TRACKER_DESK_URL"):
            config.read({"TRACKER_DESK_URL": given})


class TestPublishingAlone:
    def test_is_off_unless_somebody_says_yes(self):
        assert [config.read(env).publish_alone for env in ({}, {"TRACKER_PUBLISH_ALONE": "no"})] == [
            False
        ] * 2
        assert config.read({"TRACKER_PUBLISH_ALONE": " Yes "}).publish_alone is True

    def test_is_yes_or_no_and_nothing_else(self):
        with pytest.raises(UnsafeSetting, match="TRACKER_PUBLISH_ALONE is neither yes nor no"):
            config.read({"TRACKER_PUBLISH_ALONE": "1"})


class TestTheClock:
    def test_is_utc_unless_somebody_names_one(self):
        assert config.read({}).zone == "UTC"
        assert config.read({"TRACKER_ZONE": "Europe/Vienna"}).zone == "Europe/Vienna"

    @pytest.mark.parametrize("name", ["Vienna", "CET+1", "../etc/passwd", "europe/vienna"])
    def test_is_one_that_is_known(self, name: str):
        with pytest.raises(UnsafeSetting, match="TRACKER_ZONE is no clock"):
            config.read({"TRACKER_ZONE": name})
