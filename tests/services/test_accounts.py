import sqlalchemy as sa
from tracker.db import db
from tracker.models import SignInAttempt
from tests.conftest import PASSWORD
import pytest
@pytest.mark.parametrize("email", ["READER@example.org", " reader@example.org ", "reader@ｅxample.org", "reader@example\u3002org", "ｒeader@example.org", "reader@exam\u00adple.org", "reader@EXAMPLE.org.","\"reader\"@example.org", "reader@exam\u200bple.org", "r\u00adeader@example.org", "reader@ⓔxample.org","ReadeR@example.org", "reader\x00@example.org"])
def test_x(app, email):
    c = app.test_client()
    import re
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', c.get("/desk/sign-in").text)[1]
    a = c.post("/desk/sign-in", data={"email": email, "password": PASSWORD, "csrf_token": token})
    print("RES", repr(email), a.status_code, a.headers.get("location"), db.session.execute(sa.select(SignInAttempt.email)).all())
