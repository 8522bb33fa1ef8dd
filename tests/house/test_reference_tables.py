"""The packaged tables are whole, and a bad one stops the program with file and line."""

import pytest

from tracker.errors import BadFile
from tracker.reference import tables

STAGE = "code,label,plain,sentence,phase,mark,next,next_here,resumes,final,evidence"
STEP = "code,label,sentence,stage,actors,basis,outcome,needs_outcome,only_oss,group,offered"
RESUMED = "resumed,Taken up again,by {actor},,any,,,no,no,running,yes"
DRAFTED = "drafted,Draft,Draft,In preparation,action_needed,open,,,no,no,X"


@pytest.fixture
def table(tmp_path):
    """Return a function that writes a table and reads its lines."""

    def write(*lines, name="table.csv", needs=()):
        path = tmp_path / name
        path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
        return tables.read(path, needs)

    return write


def faults(call, *given):
    """Return the faults for which a table is refused."""
    with pytest.raises(BadFile) as refusal:
        call(*given)
    return list(refusal.value.faults)


class TestThePackagedTables:
    def test_name_every_article_of_the_gdpr_with_a_title(self):
        assert list(tables.provisions()) == list(range(1, 100))
        assert all(article.title for article in tables.provisions().values())

    def test_know_every_kind_of_event_in_the_files_that_are_imported(self):
        used = """
            binding_decision cease_and_desist complaint_filed compliance_report consultation
            controller_announcement controller_statement court_action court_hearing court_judgment decision
            dismissal draft_decision formal_notice inquiry_opened opinion_art64 planned_start
            processing_starts publication referral_art65 statement status_report submission task_force
            task_force_report transfer_to_lead undertaking urgency_measure_art66 urgency_not_opened
            urgent_binding_decision withdrawal
        """
        assert set(used.split()) <= set(tables.event_kinds())

    def test_give_every_stage_a_phase_that_fits_its_end(self):
        for stage in tables.stages().values():
            assert stage.phase != "complete" or stage.final, stage.code
            assert stage.mark != "open" or not stage.final, stage.code

    def test_give_every_step_that_ends_a_complaint_an_outcome(self):
        keeps_the_one_before = {"decision_confirmed", "closed"}
        for step in tables.steps().values():
            if step.group == "finished" and step.code not in keeps_the_one_before:
                assert step.outcome or step.needs_outcome, step.code

    def test_group_the_steps_as_the_stages_that_they_enter(self):
        for step in tables.steps().values():
            if step.stage is None:
                assert step.group in ("other", "deadline") or step.code == "resumed", step.code
            else:
                complete = tables.stages()[step.stage].phase == "complete"
                assert step.group == ("finished" if complete else "running"), step.code

    def test_are_read_once(self):
        assert tables.procedure() is tables.procedure()
        assert tables.rows("stages.csv") is tables.rows("stages.csv")


class TestATableOutOfShape:
    def test_names_the_line_with_too_few_or_too_many_cells(self, table):
        assert faults(table, "a,b", "1,2", "", "3", "4,5,6") == [
            "table.csv: line 4: row: has 1 cells, not 2",
            "table.csv: line 5: row: has 3 cells, not 2",
        ]

    def test_counts_lines_as_an_editor_does(self, table):
        assert faults(table, "a,b", '"1', 'more",2', '"3', 'more"') == [
            "table.csv: line 4: row: has 1 cells, not 2"
        ]

    @pytest.mark.parametrize("header", ["", "a", "a,b,b"])
    def test_names_a_header_that_lacks_a_column_or_has_one_twice(self, table, header):
        with pytest.raises(BadFile, match="table.csv: line 1: header: needs each once: a, b"):
            table(header, "1,2", needs=("a", "b"))

    @pytest.mark.parametrize(
        ("lines", "where"),
        [
            pytest.param(("a,b", "1,x\x00y"), "table.csv: line 2", id="NUL"),
            pytest.param(("a,b", "1,\ud800"), "table.csv: line 2", id="not UTF-8"),
            pytest.param(("a,b", "1,x\x1by"), "table.csv: line 2: b: ", id="control character"),
            pytest.param(("a,b", "1," + "x" * 200_000), "table.csv: line 2", id="huge cell"),
            pytest.param(("a,b", '1,"open'), "table.csv: line 2", id="open quote"),
        ],
    )
    def test_is_refused_for_what_cannot_be_read(self, table, lines, where):
        assert [it.startswith(where) for it in faults(table, *lines)] == [True]


class TestABadRow:
    @pytest.mark.parametrize(
        ("row", "fault"),
        [
            ("x,X,X,X,in_progress,open,nowhere,,no,no,X", "next: no such stage: nowhere"),
            ("x,X,X,X,in_progress,open,,nowhere,no,no,X", "next_here: no such stage: nowhere"),
            ("x,X,X,X,soon,open,,,no,no,X", "phase: “soon” is none of action_needed, complete, in_progress"),
            ("x,,X,X,complete,open,,,no,no,X", "label: must not be empty"),
            ("x,X,X,X,complete,open,,,perhaps,no,X", "resumes: “perhaps” is none of no, yes"),
            ("x,X,X,With {who},complete,open,,,no,no,X", "sentence: has a slot that does not exist: 'who'"),
            ("x,X,X,With {,complete,open,,,no,no,X", "sentence: has a slot that does not exist"),
            (",X,X,X,complete,open,,,no,no,X", "code: must not be empty"),
        ],
    )
    def test_of_a_stage_names_line_and_field(self, table, row, fault):
        lines = table(STAGE, DRAFTED, row, name="stages.csv")
        assert [
            it.startswith(f"stages.csv: line 3: {fault}") for it in faults(tables.stages_from, lines)
        ] == [True]

    @pytest.mark.parametrize(
        ("row", "fault"),
        [
            ("x,X,X,nowhere,any,,,no,no,other,yes", "stage: “nowhere” is none of"),
            ("x,X,X,,someone,,,no,no,other,yes", "actors: “someone” is none of"),
            ("x,X,X,,any,,victory,no,no,other,yes", "outcome: “victory” is none of"),
            ("x,X,by {whom},,any,,,no,no,other,yes", "sentence: has a slot that does not exist: 'whom'"),
            (
                "lodged,X,X,,any,,,no,no,other,yes",
                "stage: the step named like the stage lodged must enter it",
            ),
            ("resumed,X,X,,any,,,no,no,other,yes", "code: “resumed” stands there twice"),
        ],
    )
    def test_of_a_step_names_line_and_field(self, table, row, fault):
        lines = table(STEP, RESUMED, row, name="steps.csv")
        found = faults(tables.steps_from, lines, tables.stages())
        assert [it.startswith(f"steps.csv: line 3: {fault}") for it in found] == [True]

    @pytest.mark.parametrize(
        ("row", "fault"),
        [
            (
                "x,forbidden,always,note,,Art 1,W.",
                "effect: “forbidden” is none of impossible, refused, remark",
            ),
            ("x,refused,sometimes,note,,Art 1,W.", "when: “sometimes” is none of"),
            ("x,refused,always,dance,,Art 1,W.", "steps: “dance” is none of"),
            ("x,refused,always,,,Art 1,W.", "steps: “” is none of"),
            ("x,refused,always,note,nowhere,Art 1,W.", "stages: “nowhere” is none of"),
            ("x,refused,always,note,,Art 1,", "words: must not be empty"),
            ("x,refused,always,note,,Art 1,For {whom}.", "words: has a slot that does not exist: 'whom'"),
        ],
    )
    def test_of_a_guard_names_line_and_field(self, table, row, fault):
        lines = table("code,effect,when,steps,stages,basis,words", row, name="guards.csv")
        found = faults(tables.guards_from, lines, tables.steps(), tables.stages())
        assert [it.startswith(f"guards.csv: line 2: {fault}") for it in found] == [True]

    @pytest.mark.parametrize(
        ("row", "fault"),
        [
            ("x,X,dance,note,,,,Art 1,", "begins: “dance” is none of"),
            ("x,X,note,,,,,Art 1,", "ends: “” is none of"),
            ("x,X,note,note,soon,,,Art 1,", "lapses: “soon” is no length"),
            ("x,X,note,note,,y,,Art 1,", "beside: “y” is none of"),
            ("x,X,note,note,,,,,", "basis: must not be empty"),
        ],
    )
    def test_of_a_flag_names_line_and_field(self, table, row, fault):
        lines = table("code,label,begins,ends,lapses,beside,alone,basis,words", row, name="flags.csv")
        found = faults(tables.flags_from, lines, tables.steps())
        assert [it.startswith(f"flags.csv: line 2: {fault}") for it in found] == [True]

    @pytest.mark.parametrize(
        ("row", "fault"),
        [
            ("100,1,,Title", "article: must be a number from 0 to 99"),
            ("6,four,,Title", "paragraphs: must be a number"),
            ("6,4,f1,Title", "points: “f1” is not a paragraph with its last letter"),
            ("6,4,5a,Title", "points: there is no paragraph 5"),
            ("6,4,1f,", "title: must not be empty"),
        ],
    )
    def test_of_an_article_names_line_and_field(self, table, row, fault):
        lines = table("article,paragraphs,points,title", row, name="provisions.csv")
        found = faults(tables.provisions_from, lines)
        assert [it.startswith(f"provisions.csv: line 2: {fault}") for it in found] == [True]

    def test_of_an_event_names_a_step_that_does_not_exist(self, table):
        lines = table("kind,label,step,outcome", "gala,Gala,dance,", name="event_kinds.csv")
        found = faults(tables.event_kinds_from, lines, tables.steps())
        assert found[0].startswith("event_kinds.csv: line 2: step: “dance” is none of")

    def test_does_not_hide_the_next_one(self, table):
        bad = "x,,X,X,complete,open,,,no,no,X", "y,Y,,X,complete,open,,,no,no,X"
        assert len(faults(tables.stages_from, table(STAGE, DRAFTED, *bad))) == 2
