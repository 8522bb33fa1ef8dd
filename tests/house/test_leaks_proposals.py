"""What a proposal holds follows from a list of columns: a change of any other shows in none."""

from typing import Any

from tests.leaks.changes import FOLLOWED, each_undone, unfollowed
from tests.leaks.marks import Marks
from tests.leaks.office import CHOSEN, a_whole_case
from tracker.db import db, transaction
from tracker.services import cases, publication


class TestAProposal:
    def test_follows_from_columns_that_are_there(self, app):
        for table, columns in FOLLOWED.items():
            assert set(columns.split()) <= {it.name for it in db.metadatas[None].tables[table].columns}

    def test_follows_from_no_other_column(self, app):
        with transaction():
            a_whole_case("One")

        def content() -> Any:
            return publication.content_of(cases.get_case("C001"), **CHOSEN)

        with transaction():
            before, tried = content(), 0
            for column in unfollowed():
                answers = each_undone(column, Marks(), content)
                tried += len(answers)
                assert all(it == before for it in answers), f"{column.table.name}.{column.name} shows"
            assert tried > 150
