"""Handing a message to a mail server, and to ones that are away, in the way, or up to something."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import AuthResult

from tests.mailserver import CERTIFICATE, Mailbox, free_port, mailbox, scripted, talking
from tracker.config import MailServer
from tracker.errors import RuleBroken
from tracker.services import outbox_smtp
from tracker.services.outbox import Answer, Letter

SENDER = "tracker@example.org"
LETTER = Letter(
    key=1,
    message_id="<0123456789@desk.example.org>",
    address="ann@example.org",
    subject="3 deadlines: 1 of ours within 7 days",
    body="C081-07: § 24 DSG: 4 December 2026\n.\n.. and dots at the begin of lines\n",
    attempt=1,
)


#: What a server makes of a password that is wrong.
NO = AuthResult(success=False, handled=False)


def letter(**values: object) -> Letter:
    return Letter(**{**{it: getattr(LETTER, it) for it in LETTER.__slots__}, **values})  # type: ignore[arg-type]


def send(port: int, it: Letter = LETTER, **values: object) -> Answer:
    server = MailServer("127.0.0.1", port, **{"tls": False, **values})  # type: ignore[arg-type]
    return outbox_smtp.send(server, it, sender=SENDER)


def words(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A real mail server on this machine."""
    with mailbox() as it:
        yield it


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for half a second only."""
    monkeypatch.setattr(outbox_smtp, "SILENCE", 0.5)


class TestAMessage:
    def test_arrives_as_it_was_written(self, box: Mailbox) -> None:
        assert send(box.port) == Answer()
        [mail] = box.mails
        assert mail["From"] == SENDER and mail["To"] == "ann@example.org"
        assert mail["Subject"] == LETTER.subject and mail["Message-ID"] == LETTER.message_id
        assert mail.get_content_type() == "text/plain" and words(mail) == LETTER.body
        assert box.recipients == ["ann@example.org"]

    def test_says_that_no_person_wrote_it(self, box: Mailbox) -> None:
        send(box.port)
        assert box.mails[0]["Auto-Submitted"] == "auto-generated"

    def test_says_when_it_was_sent(self, box: Mailbox) -> None:
        send(box.port)
        told = box.mails[0]["Date"].datetime
        assert abs((datetime.now(UTC) - told).total_seconds()) < 60

    def test_reaches_a_domain_with_letters_of_its_own(self, box: Mailbox) -> None:
        assert send(box.port, letter(address="ann@straße.bücher.example")) == Answer()
        assert box.recipients == ["ann@xn--strae-oqa.xn--bcher-kva.example"]

    def test_to_a_name_in_letters_that_the_server_does_not_take_is_given_up_alone(self, box: Mailbox) -> None:
        with mailbox(enable_SMTPUTF8=False) as plain:
            answer = send(plain.port, letter(address="jürgen@example.org"))
        assert answer.error and not answer.again and not answer.everything
        assert send(box.port, letter(address="jürgen@example.org")) == Answer()
        assert box.recipients == ["jürgen@example.org"]

    def test_goes_to_a_name_that_looks_like_several(self, box: Mailbox) -> None:
        assert send(box.port, letter(address="a,b<c>@example.org")) == Answer()
        assert box.recipients == ['"a,b<c>"@example.org']


INJECTIONS = [
    "a\r\nBcc: eve@example.org",
    "a\nBcc: eve@example.org",
    "a\rBcc: eve@example.org",
    "=?utf-8?q?a=0D=0ABcc:_eve@example.org?=",
    "=?utf-8?q?a=0ABcc:_eve@example.org?=",
    "=?utf-8?b?YQ0KQmNjOiBldmVAZXhhbXBsZS5vcmc=?=",
    "a (" + "(" * 500 + "=?utf-8?q?=0ABcc:_eve@example.org?=",
    "a\r\n\r\nA body of its own",
    "=?utf-8?q?a=0D=0A=0D=0AA_body?=",
]


class TestNoHeader:
    """Whatever reaches it: the outbox refuses such subjects before, and this is the second door."""

    @pytest.mark.parametrize("text", INJECTIONS)
    @pytest.mark.parametrize("place", ["subject", "message_id", "address", "sender"])
    def test_can_bring_another_one(self, box: Mailbox, text: str, place: str) -> None:
        sender = f"{text}@example.org" if place == "sender" else SENDER
        values = {place: f"{text}@example.org" if place == "address" else text} if place != "sender" else {}
        it = letter(**values)
        try:
            written = outbox_smtp.as_mail(it, sender=sender).as_bytes()
        except RuleBroken:
            answer = outbox_smtp.send(MailServer("127.0.0.1", box.port, tls=False), it, sender=sender)
            assert answer.error and not answer.again
            assert box.received == []
            return
        head = written.split(b"\r\n\r\n")[0].lower()
        assert b"\nbcc" not in head and b"\rbcc" not in head
        assert b"a body of" not in written.split(b"\r\n\r\n", 1)[1].lower()


class TestAServerThatPutsItOff:
    @pytest.mark.parametrize("code", [421, 450, 451, 452])
    def test_is_asked_again(self, box: Mailbox, code: int) -> None:
        box.on_recipient = lambda address: f"{code} 4.2.0 <ann@example.org> is greylisted"
        assert send(box.port) == Answer(f"the recipient was refused ({code} 4.2.0)", again=True)
        box.on_recipient = lambda address: None
        box.on_data = lambda content: f"{code} later"
        assert send(box.port) == Answer(f"the message was refused ({code})", again=True)


class TestAServerThatRefusesIt:
    @pytest.mark.parametrize("code", [550, 552, 554])
    def test_is_not_asked_again(self, box: Mailbox, code: int) -> None:
        box.on_recipient = lambda address: f"{code} 5.1.1 <{address}>: no such person"
        answer = send(box.port)
        assert answer == Answer(f"the recipient was refused ({code} 5.1.1)", again=False)
        box.on_recipient = lambda address: None
        box.on_data = lambda content: f"{code} spam"
        assert send(box.port) == Answer(f"the message was refused ({code})", again=False)

    def test_is_not_quoted(self, box: Mailbox) -> None:
        box.on_recipient = lambda address: "550 Ann Example <ann@example.org> left"
        assert "nn" not in (send(box.port).error or "").replace("cannot", "")


class TestAServerThatRefusesUs:
    """No other message would fare better, and none is lost by it."""

    def test_for_the_sender_is_told(self, box: Mailbox) -> None:
        box.on_mail = "550 5.7.1 we do not know you"
        answer = send(box.port)
        assert answer == Answer("the sender was refused (550 5.7.1)", again=True, everything=True)

    def test_at_the_door_is_told(self) -> None:
        with scripted("554 not today") as port:
            assert send(port) == Answer("the server refused the conversation (554)", everything=True)

    def test_for_the_password_is_told_without_it(self) -> None:
        with mailbox(auth_require_tls=False, authenticator=lambda *_: NO) as box:
            answer = send(box.port, user="ann", password="hunter2hunter2")
        assert answer.everything and answer.again
        assert (answer.error or "").startswith("user and password were refused (535")

    def test_because_it_takes_no_password_is_told(self, box: Mailbox) -> None:
        answer = send(box.port, user="ann", password="hunter2hunter2")
        assert answer.everything and answer.again and "hunter2" not in (answer.error or "")


@pytest.mark.usefixtures("impatient")
class TestAServer:
    def test_that_is_away_is_told(self) -> None:
        answer = send(free_port())
        assert answer == Answer("the server cannot be reached: Connection refused", everything=True)

    def test_whose_name_nobody_knows_is_told(self) -> None:
        server = MailServer("nobody.invalid", 25, tls=False)
        answer = outbox_smtp.send(server, LETTER, sender=SENDER)
        assert answer.everything and (answer.error or "").startswith("the server cannot be reached")

    @pytest.mark.parametrize(
        "said",
        [
            (None,),
            ("220 localhost", None),
            (*talking("250 fine"), None),
            (*talking("250 fine", "250 fine", "354 go on"), None),
        ],
        ids=["at the greeting", "at hello", "at the recipient", "after the message"],
    )
    def test_that_falls_silent_is_left_after_a_while(self, said: tuple[str | None, ...]) -> None:
        with scripted(*said) as port:
            answer = send(port)
        assert answer == Answer("the server cannot be reached: silent for 0.5 seconds", everything=True)

    def test_that_hangs_up_is_told(self) -> None:
        with scripted(*talking("250 fine", "250 fine", "354 go on")) as port:
            assert send(port) == Answer("the server cannot be reached: it hung up", everything=True)

    def test_that_talks_nonsense_is_told(self) -> None:
        with scripted("HTTP/1.1 400 Bad Request") as port:
            answer = send(port)
        assert answer.everything and answer.error

    @pytest.mark.parametrize("farewell", ["421 too busy", None])
    def test_that_takes_it_and_then_has_no_good_bye_has_it(self, farewell: str | None) -> None:
        said = talking("250 fine", "250 fine", "354 go on", "250 taken")
        with scripted(*said, farewell) as port:
            assert send(port) == Answer()


class TestTheWayToAServerElsewhere:
    @pytest.fixture(autouse=True)
    def elsewhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take this machine for another one."""
        monkeypatch.setattr(MailServer, "here", property(lambda self: False))

    @pytest.fixture
    def tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE)
        return context

    @pytest.fixture
    def trusted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))

    def test_is_never_one_on_which_others_listen(self, box: Mailbox) -> None:
        answer = send(box.port, user="ann", password="hunter2hunter2")
        assert answer.everything and (answer.error or "").startswith("the server lacks what is needed")
        assert box.received == []

    @pytest.mark.usefixtures("trusted")
    def test_is_closed_before_the_password_is_said(self, tls: ssl.SSLContext) -> None:
        said = []

        def check(server: object, session: object, envelope: object, kind: str, data: object) -> AuthResult:
            said.append((data.login, data.password))  # type: ignore[attr-defined]
            return AuthResult(success=True)

        with mailbox(tls_context=tls, require_starttls=True, auth_required=True, authenticator=check) as box:
            assert send(box.port, user="ann", password="hunter2hunter2") == Answer()
        assert said == [(b"ann", b"hunter2hunter2")] and len(box.received) == 1

    @pytest.mark.usefixtures("trusted")
    def test_can_be_closed_from_the_first_byte(self, tls: ssl.SSLContext) -> None:
        with mailbox(ssl_context=tls) as box:
            assert send(box.port, tls=True) == Answer()
        assert len(box.received) == 1

    @pytest.mark.parametrize("how", ["starttls", "tls"])
    def test_leads_to_nobody_whose_certificate_nobody_signed(self, tls: ssl.SSLContext, how: str) -> None:
        values = {"ssl_context": tls} if how == "tls" else {"tls_context": tls}
        with mailbox(**values) as box:
            answer = send(box.port, tls=how == "tls")
        assert answer.everything and (answer.error or "").startswith(
            "the server cannot be reached: certificate: self-signed certificate"
        )
        assert box.received == []


class TestAServerOnThisMachine:
    def test_needs_no_certificate(self) -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE)
        with mailbox(tls_context=context) as box:
            assert send(box.port) == Answer()
        assert len(box.received) == 1

    @pytest.mark.parametrize(
        ("host", "here"),
        [("127.0.0.1", True), ("127.0.1.1", True), ("localhost", True), ("::1", True)]
        + [("mail.example.org", False), ("10.0.0.1", False), ("127.example.org", False)],
    )
    def test_is_known_by_its_name(self, host: str, here: bool) -> None:
        assert MailServer(host, 25, tls=False).here is here
