"""A client of the desk that is signed in."""

import re

from flask import Flask
from flask.testing import FlaskClient

from tracker.db import transaction
from tracker.rules.access import SHELL
from tracker.rules.vocabulary import Role
from tracker.services import accounts
from tracker.web.account import hash_password

PASSWORD = "a long enough pass phrase"  # noqa: S105 - of a home that is removed in the end


def token(client: FlaskClient, address: str) -> str:
    """Return the token against foreign posts that the form at the address holds."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(address).text)
    assert found, f"no form at {address}"
    return found[1]


def sign_in(app: Flask, role: Role) -> FlaskClient:
    """Add a person of this role and return a client that is signed in."""
    email = f"{role.value}@example.org"
    with transaction():
        accounts.add_user(
            email, name=role.value.capitalize(), role=role, password_hash=hash_password(PASSWORD), by=SHELL
        )
    client = app.test_client()
    typed = {"email": email, "password": PASSWORD, "csrf_token": token(client, "/desk/sign-in")}
    assert client.post("/desk/sign-in", data=typed).status_code in (302, 303)
    return client
