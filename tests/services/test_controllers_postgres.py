"""The register on PostgreSQL: a whole file taken in, found, changed, and its history kept by the store."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests.builders import ANN
from tests.campaigns import take_in_facts
from tests.services.test_controllers_import import take_in
from tests.services.test_imports_postgres import on_postgres as on_postgres
from tracker.db import db, transaction
from tracker.models import ControllerRevision
from tracker.reference import controllers_file
from tracker.rules.vocabulary import Answer
from tracker.services import controllers
from tracker.services import controllers_amending as amending
from tracker.services import controllers_finding as finding
from tracker.services import controllers_history as history
from tracker.services.controllers_amending import Said, SaidPlace
from tracker.services.controllers_statement import Place


@pytest.mark.usefixtures("on_postgres")
class TestTheRegisterOnPostgreSQL:
    def test_takes_the_packaged_file_in_once_and_the_real_cases_after_it(self):
        taken = take_in(controllers_file.packaged())
        assert len(taken.new) + taken.further == 3069
        assert not take_in(controllers_file.packaged()).brings
        assert take_in_facts().filings == 52
        assert finding.find_controllers("YOUTUBE google")[0][0].name == "Google LLC"
        assert finding.find_controllers(only="cases")[1] == 33
        irish = controllers.named("Meta Platforms Ireland Limited", "IE")
        assert [it.place for it in irish.establishments] == ["IE"], "the cases say so, the file does not"

    def test_keeps_the_history_of_a_change_and_reroutes(self):
        take_in_facts()
        key = controllers.named("Meta Platforms Ireland Limited", "IE").id
        now = amending.said_of(amending.get_register(key))
        [irish] = now.establishments
        places = (
            SaidPlace(replace(irish, decides=Answer.NO, evidence={"decides": "é"})),
            SaidPlace(Place("FR")),
        )
        with transaction():
            done = amending.amend_controller(key, Said(now, places), seen=now.mark(), by=ANN, why="a letter")
        assert len(done.differing) == 11
        newest, first = history.history_of(key)
        assert (newest.number, newest.why, first.said) == (2, "a letter", now)
        assert finding.filings_against(key)[1] == 11
        with pytest.raises(sa.exc.DBAPIError, match="never changed"), transaction():
            db.session.execute(sa.update(ControllerRevision).values(why="another"))
