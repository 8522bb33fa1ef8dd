"""Sign-in by Flask-Security: Argon2id, tries counted, one page of our own."""

import re
from datetime import timedelta
from typing import Any

from flask import Flask, current_app, request
from flask_security import LoginForm, MailUtil, Security, SQLAlchemyUserDatastore, verify_password
from flask_security import hash_password as security_hash
from flask_security.core import RoleMixin
from flask_security.mail_util import EmailValidateException
from werkzeug.datastructures import ImmutableMultiDict

from tracker.config import Settings
from tracker.db import db, transaction
from tracker.errors import RuleBroken
from tracker.services import accounts
from tracker.web import session

#: A page of the desk, as it may be asked for after the sign-in: no other site, nothing that browsers bend.
AFTERWARDS = re.compile(r"/desk(?:[/?][!-\[\]-~]*)?")


FAILED = "No account with that address and password. Check both; an admin can give you another password."


class NoRole(RoleMixin):
    """The sign-in library wants a role model; ours are in rules/access.py, so this one is never stored."""

    name = ""


class NoMail(MailUtil):
    """The sign-in library sends no mail: what the program sends goes through the outbox."""

    def send_mail(self, *args: Any, **values: Any) -> None:
        """Send nothing."""

    def normalize(self, email: str) -> str:
        """Return an address as accounts have it, so that whoever could be added can sign in."""
        try:
            return accounts.normal_email(email)
        except RuleBroken as refusal:
            raise EmailValidateException(str(refusal)) from None


class SignInForm(LoginForm):
    """The sign-in form of the library, with the tries counted before a password is looked at."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.email.label.text = "E-mail address"
        del self.remember  # a session ends; nothing is remembered beyond it

    def validate(self, **values: Any) -> bool:
        """Return whether the person may come in; says why not beside the form.

        Raises TooManyTries after too many of them.
        """
        address, key = request.remote_addr or "unknown", str(current_app.secret_key)
        with transaction():
            accounts.count_try(self.email.data or "", address, key=key)
        try:
            self.password.data = accounts.normal_password(self.password.data or "")
        except RuleBroken:
            # No account has one like it, and hashing it would cost or fail.
            self.form_errors.append(FAILED)
            return False
        if not super().validate(**values):
            return False
        with transaction():
            accounts.signed_in(accounts.get_user_by_id(self.user.id), address, key=key)  # type: ignore[union-attr]
        return True


def forget_other_places() -> None:
    """Take from a request to sign in a `next` that is no page of the desk: it is ignored, never an error."""
    if request.endpoint != "security.login":
        return
    for part in ("args", "form"):
        sent = getattr(request, part)
        if not all(AFTERWARDS.fullmatch(it) for it in sent.getlist("next")):
            rest = [(name, value) for name, value in sent.items(multi=True) if name != "next"]
            setattr(request, part, ImmutableMultiDict(rest))


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password that was checked. Needs an app context of the desk."""
    password = accounts.check_password(password)
    # In the form in which the sign-in compares: ä is one character on one keyboard and two on another.
    hashed: str = security_hash(current_app.extensions["security"].password_util.normalize(password))
    return hashed


def is_password(typed: str, hashed: str) -> bool:
    """Say whether a hash is that of the password, as the sign-in would. Needs an app context of the desk."""
    good: bool = verify_password(current_app.extensions["security"].password_util.normalize(typed), hashed)
    return good


def install(app: Flask, settings: Settings, *, argon2: dict[str, int] | None = None) -> None:
    """Give the desk its sign-in at /desk/sign-in."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a scheme
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        # No pepper from the session key: a restored home gets a new key and must keep its passwords.
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={
            f"argon2__{name}": value
            for name, value in (argon2 or {"memory_cost": 65536, "rounds": 3, "parallelism": 2}).items()
        },
        SECURITY_URL_PREFIX="/desk",
        SECURITY_LOGIN_URL="/sign-in",
        # Theirs would leave a copy of the cookie good; ours is in desk/people.py.
        SECURITY_LOGOUT_METHODS=None,
        SECURITY_POST_LOGIN_VIEW="/desk/",
        SECURITY_LOGIN_USER_TEMPLATE="account/sign_in.html",
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False, "test_environment": True},
        SECURITY_STATIC_FOLDER=None,
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_FRESHNESS=timedelta(seconds=-1),  # no page of theirs that asks for the password again
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_MSG_GENERIC_AUTHN_FAILED=(FAILED, "error"),
        PERMANENT_SESSION_LIFETIME=timedelta(hours=session.HOURS),
        WTF_CSRF_TIME_LIMIT=None,  # the token of a form is good for as long as its session
        SESSION_REFRESH_EACH_REQUEST=False,
        SESSION_COOKIE_NAME="__Host-sid" if settings.production else "sid",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_PATH="/",
    )
    from tracker.models import User  # noqa: PLC0415 - wiring of the library, not a view that queries

    store = SQLAlchemyUserDatastore(db, User, NoRole)
    app.before_request(forget_other_places)
    session.install(app)
    Security(app, store, login_form=SignInForm, mail_util_cls=NoMail)
