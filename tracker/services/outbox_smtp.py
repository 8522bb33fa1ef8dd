"""How a message reaches the mail server. No other place of the program calls another machine."""

import smtplib
import ssl
from contextlib import suppress
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from tracker import clock
from tracker.config import MailServer
from tracker.errors import RuleBroken
from tracker.services.outbox import Answer, Letter

#: Seconds that the server may be silent at any point of the exchange.
SILENCE = 20.0
#: Every header that a message of ours has, those among them that the library adds.
HEADERS = frozenset(
    it.lower()
    for it in (
        "From To Subject Date Message-ID Auto-Submitted X-Auto-Response-Suppress MIME-Version Content-Type "
        "Content-Transfer-Encoding"
    ).split()
)


def as_mail(letter: Letter, *, sender: str) -> EmailMessage:
    """Return the message with its headers. Raises RuleBroken where one of them would be more than itself.

    Headers are set by the typed interface of the library. Older versions of it let a line end through that
    was encoded, so the result is read again: it has these headers and no other, each once.
    """
    mail = EmailMessage(policy=policy.SMTP)
    try:
        mail["From"] = _address(sender)
        mail["To"] = _address(letter.address)
        mail["Subject"] = letter.subject
        mail["Date"] = format_datetime(clock.now())
        mail["Message-ID"] = letter.message_id
        # Nobody answers for a person who is away, and no list does.
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(letter.body, cte="quoted-printable")
        # A name with letters beyond ASCII goes out as it is, to a server that says it takes such names.
        written = mail.as_bytes(policy=policy.SMTPUTF8)
    except (ValueError, IndexError, LookupError) as fault:
        raise RuleBroken("The message cannot be written: an address or the subject is no header.") from fault
    names = [it.lower() for it in message_from_bytes(written, policy=policy.SMTPUTF8).keys()]
    if len(names) != len(set(names)) or not set(names) <= HEADERS:
        raise RuleBroken("The message cannot be written: a header brings another one.")
    return mail


def _address(email: str) -> Address:
    """Return an address for a header. A domain in letters is written as name servers have it."""
    name, _, domain = email.rpartition("@")
    return Address(username=name, domain=".".join(map(_label, domain.split("."))))


def _label(part: str) -> str:
    return part if part.isascii() else "xn--" + part.encode("punycode").decode("ascii")


def send(server: MailServer, letter: Letter, *, sender: str) -> Answer:
    """Hand one message to the server and return what came of it. Never raises for what a server does."""
    try:
        mail = as_mail(letter, sender=sender)
    except RuleBroken as refusal:
        return Answer(str(refusal), again=False)
    try:
        smtp = _connection(server)
        try:
            smtp.send_message(mail)
        finally:
            # What goes wrong now changes nothing: it was taken, or was not.
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
    except smtplib.SMTPRecipientsRefused as fault:
        code, said = next(iter(fault.recipients.values()))
        return _refused("the recipient was refused", code, said)
    except smtplib.SMTPDataError as fault:
        return _refused("the message was refused", fault.smtp_code, fault.smtp_error)
    except smtplib.SMTPNotSupportedError as fault:
        # Of this message alone where its address needs what the server lacks, else of the settings.
        alone = not letter.address.isascii()
        return Answer(_words("the server lacks what is needed", fault), again=not alone, everything=not alone)
    except smtplib.SMTPResponseException as fault:
        what = {
            smtplib.SMTPAuthenticationError: "user and password were refused",
            smtplib.SMTPSenderRefused: "the sender was refused",
        }.get(type(fault), "the server refused the conversation")
        return Answer(_numbered(what, fault.smtp_code, fault.smtp_error), everything=True)
    except (OSError, smtplib.SMTPException) as fault:
        return Answer(_words("the server cannot be reached", fault), everything=True)
    return Answer()


def _connection(server: MailServer) -> smtplib.SMTP:
    """Return a connection on which nobody can listen. Raises what smtplib and sockets raise."""
    context = ssl.create_default_context()
    if server.tls:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SILENCE, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=SILENCE)
    try:
        smtp.ehlo_or_helo_if_needed()
        # On this machine nobody listens, and a certificate for localhost is one that nobody signed.
        if not server.tls and not server.here:
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _refused(what: str, code: int, said: bytes | str) -> Answer:
    """Return the answer to one message: 4xx is for now, anything else for good."""
    return Answer(_numbered(what, code, said), again=400 <= code < 500)


def _numbered(what: str, code: int, said: bytes | str) -> str:
    """Return our words with the numbers of the server. Its own words stay out: they can name anybody."""
    first = (said.decode("ascii", "replace") if isinstance(said, bytes) else said).split(maxsplit=1)[:1]
    enhanced = [it for it in first if it.replace(".", "").isdigit() and it.count(".") == 2 and len(it) < 10]
    return f"{what} ({' '.join([str(code), *enhanced])})"


def _words(what: str, fault: Exception) -> str:
    """Return our words with what the system says of the fault, which names no address of mail."""
    if isinstance(fault, TimeoutError) or "timed out" in str(fault):
        why = f"silent for {SILENCE:g} seconds"
    elif isinstance(fault, ssl.SSLCertVerificationError):
        why = f"certificate: {fault.verify_message}"
    elif isinstance(fault, smtplib.SMTPServerDisconnected):
        why = "it hung up"
    elif isinstance(fault, smtplib.SMTPNotSupportedError):
        why = "STARTTLS, a way to sign in, or letters in addresses"
    else:
        why = getattr(fault, "strerror", None) or type(fault).__name__
    return f"{what}: {why}"
