"""What becomes of the history of deadlines, and of what people were told of them, by a newer form."""

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.storage import KINDS, new_engine
from tests.storage.rows import DAY, ROWS
from tracker import models as m
from tracker.rules.telling import DOUBT, OVER
from tracker.storage import schema

BEFORE = "private_0011"


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest) -> Engine:
    """A store as private_0011 has it, with rows."""
    made = new_engine(request, request.param, schema.PRIVATE)
    schema.upgrade(made, schema.PRIVATE, BEFORE)
    with Session(made) as session, session.begin():
        ROWS[BEFORE](session)
    return made


class TestAnEarlierDayFromBefore:
    def test_knows_the_legal_day_alone_and_keeps_it_on_the_way_up_and_down(self, engine: Engine) -> None:
        days = ("due_before", "due_after", "safe_before", "certain_after", "started_before")
        schema.upgrade(engine, schema.PRIVATE)
        with Session(engine) as session:
            (it,) = session.scalars(sa.select(m.DeadlineChange)).all()
            assert [getattr(it, name) for name in days] == [DAY, DAY, None, None, None]
        schema.downgrade(engine, schema.PRIVATE, BEFORE)
        with engine.connect() as connection:
            query = sa.text("SELECT actor, why FROM deadline_changes WHERE due_before = due_after")
            assert tuple(connection.execute(query).one()) == ("shell", "é")


class TestWhatWasToldBefore:
    def test_is_not_told_again_because_steps_have_other_numbers(self, engine: Engine) -> None:
        def steps() -> list[int]:
            with engine.connect() as connection:
                return list(
                    connection.execute(sa.text("SELECT step FROM mail_marks ORDER BY step")).scalars()
                )

        assert steps() == [-2], "over, as it was written before"
        schema.upgrade(engine, schema.PRIVATE)
        assert steps() == [OVER]
        with Session(engine) as session, session.begin():
            told = {"user_id": 1, "day": DAY, "message_id": 1}
            session.add(m.MailMark(subject="deadline:2", step=DOUBT + 7, **told))
            session.add(m.MailMark(subject="deadline:3", step=3, **told))
        schema.downgrade(engine, schema.PRIVATE, BEFORE)
        assert steps() == [-2, -1, 3]
