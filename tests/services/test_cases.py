"""Cases: opened once and completely, amended by one person at a time, drafted by their owner alone."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import ANN, DUBLIN, a_case, lodged
from tracker.db import db, transaction
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.models import Case, CaseDraft, Controller, Project
from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision
from tracker.services import cases, cases_drafts, cases_list, controllers_finding, filings, journal, routing
from tracker.services.accounts import get_user
from tracker.services.cases import NewClaim, NewComplainant, Respondent
from tracker.services.cases_amending import Amended, amend_case
from tracker.services.controllers import NewController, NewEstablishment
from tracker.services.routing import Anew


def company(name: str) -> tuple[Respondent, ...]:
    """Return a company as the only respondent."""
    return (Respondent(new=NewController(name=name)),)


def refusal(**values: object) -> RuleBroken:
    """Return the refusal of opening a case; no case and no controller came of it."""
    before = [db.session.scalar(sa.select(sa.func.count()).select_from(it)) for it in (Case, Controller)]
    with pytest.raises(RuleBroken) as refused, transaction():
        a_case(**values)
    after = [db.session.scalar(sa.select(sa.func.count()).select_from(it)) for it in (Case, Controller)]
    assert before == after
    return refused.value


@pytest.fixture
def case(app) -> Case:
    """The first case."""
    with transaction():
        return a_case(summary="In short.", project="Artificial intelligence", facts=Day.parse("2024-05"))


class TestTheNumberOfACase:
    def test_is_given_in_order_from_c001(self, app):
        with transaction():
            numbers = [a_case(respondents=company(f"Example {it} Ltd")).number for it in range(3)]
        assert numbers == ["C001", "C002", "C003"]

    @pytest.mark.parametrize("typed", ["C081", "c81", " C-081 "])
    def test_is_taken_over_where_the_organisation_has_its_own(self, app, typed):
        with transaction():
            assert a_case(number=typed).number == "C081"
            assert a_case(respondents=company("Another Ltd")).number == "C082"

    def test_goes_on_after_three_digits(self, app):
        with transaction():
            a_case(number="C999")
            assert a_case(respondents=company("Another Ltd")).number == "C1000"
            assert a_case(respondents=company("Yet Another Ltd")).number == "C1001"

    def test_that_is_taken_is_refused_and_named(self, case):
        refused = refusal(number="c1", respondents=company("Another Ltd"))
        assert refused.field == "number" and "C001 is taken" in str(refused)

    @pytest.mark.parametrize("typed", ["81", "C", "C0", "C" + "1" * 20, "C081-07", "C%"])
    def test_that_is_none_is_refused(self, app, typed):
        assert refusal(number=typed).field == "number"


class TestANewCase:
    def test_is_found_again_with_everything_that_was_typed(self, case):
        found = cases.get_case("C001")
        assert (found.title, found.ngo, found.summary) == (
            "Example: personal data to train AI", "noyb", "In short.",
        )  # fmt: skip
        assert found.project.name == "Artificial intelligence"
        assert found.facts == Day(date(2024, 5, 1), Precision.MONTH)
        assert [(it.pseudonym, it.residence) for it in found.complainants] == [("A", "AT"), ("B", "FR")]
        [respondent] = found.controllers
        assert (respondent.controller.name, respondent.affected) == (DUBLIN.name, ["EEA"])
        assert respondent.affected_presumed is False
        assert [it.act for it in journal.history_of(found.id)] == ["case.open"]

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("6(1)(f)", "6(1)(f)"),
            ("Art. 6 Abs. 1 lit. f DSGVO", "6(1)(f)"),
            ("article 6 1 f GDPR", "6(1)(f)"),
            ("12", "12"),
        ],
    )
    def test_keeps_a_provision_in_one_form_however_it_is_typed(self, app, typed, kept):
        with transaction():
            made = a_case(claims=(NewClaim(typed, "what", "stop"),))
        assert [(it.provision, it.conduct, it.measure) for it in made.claims] == [(kept, "what", "stop")]

    @pytest.mark.parametrize("typed", ["Art. 120", "6(9)", "six", "5, 6", "", "6(1)(z)"])
    def test_refuses_a_provision_that_does_not_exist_and_names_it(self, app, typed):
        refused = refusal(claims=(NewClaim("12"), NewClaim(typed)))
        assert refused.field == "claims-1-provision" and typed in str(refused)

    def test_keeps_claims_and_controllers_in_the_order_typed(self, app):
        with transaction():
            made = a_case(
                claims=tuple(map(NewClaim, ("9(1)", "12", "5(1)(a)"))),
                respondents=company("Zeta Ltd") + company("Alpha Ltd"),
            )
        assert [it.provision for it in made.claims] == ["9(1)", "12", "5(1)(a)"]
        assert [it.controller.name for it in made.controllers] == ["Zeta Ltd", "Alpha Ltd"]

    def test_needs_a_controller(self, app):
        assert refusal(respondents=()).field == "controllers"

    def test_does_not_have_two_people_under_one_pseudonym(self, app):
        refused = refusal(complainants=(NewComplainant("A"), NewComplainant("A", "FR")))
        assert refused.field == "complainants-1-pseudonym" and "A" in str(refused)

    def test_groups_cases_under_one_project_however_its_name_is_typed(self, case):
        with transaction():
            other = a_case(respondents=company("Another Ltd"), project="  artificial   INTELLIGENCE ")
        assert other.project.id == cases.get_case("C001").project.id
        assert [it.slug for it in cases.projects()] == ["artificial-intelligence"]

    @pytest.mark.parametrize(("name", "slug"), [("Überwachung & Co", "uberwachung-co"), ("!!!", "project")])
    def test_gives_a_new_project_an_address(self, app, name, slug):
        with transaction():
            assert a_case(project=name).project.slug == slug
        assert db.session.scalars(sa.select(Project.name)).all() == [name]

    def test_keeps_projects_apart_whose_names_differ_by_signs_alone(self, app):
        with transaction():
            first, second = cases.project_named("C++"), cases.project_named("C#")
            assert first is not None and second is not None and first is not second
            assert cases.project_named("c++") is first and cases.project_named("C#") is second
        assert sorted(it.slug for it in cases.projects()) == ["c", "c-2"]

    def test_belongs_to_no_project_where_none_is_named(self, app):
        with transaction():
            assert a_case(project="  ").project is None


class TestAControllerOfACase:
    def test_can_be_one_of_the_register(self, case):
        [respondent] = case.controllers
        with transaction():
            other = a_case(respondents=(Respondent(known=respondent.controller_id, affected=("FR",)),))
        assert other.controllers[0].controller_id == respondent.controller_id
        assert other.controllers[0].affected == ["FR"]
        assert case.controllers[0].affected == ["EEA"], "whom it affects is told per case"

    @pytest.mark.parametrize("name", [DUBLIN.name, "éXAMPLE   platforms ireland LIMITED"])
    def test_is_not_doubled_but_named_when_it_is_in_the_register_already(self, case, name):
        refused = refusal(respondents=(Respondent(new=NewController(name, country="IE")),))
        assert refused.field == "controllers-0-name"
        assert f"{DUBLIN.name} is in the register already" in str(refused)

    def test_is_refused_when_it_is_named_twice(self, case):
        key = case.controllers[0].controller_id
        assert refusal(respondents=(Respondent(known=key),) * 2).field == "controllers-1-name"

    def test_that_is_not_in_the_register_is_not_found(self, app):
        with pytest.raises(NotFound), transaction():
            a_case(respondents=(Respondent(known=17),))
        with pytest.raises(NotFound), transaction():
            a_case(respondents=(Respondent(),))


class TestWhatIsNotKnown:
    """A controller without establishments in the EEA is not one whose establishments nobody knows."""

    @pytest.mark.parametrize(
        ("establishments", "known"),
        [pytest.param((), (), id="none in the EEA"), pytest.param(None, None, id="not known")],
    )
    def test_stays_apart_from_none_all_the_way_into_the_route(self, app, establishments, known):
        new = NewController("Example Data Inc.", country="US", establishments=establishments)
        with transaction():
            lodged(a_case(respondents=(Respondent(new=new, affected=("EEA",)),)), "at-dsb")
        facts, route = routing.read(filings.get_filing("C001-01").routes[0])
        assert facts.establishments == known
        assert (route.reason.value == "NOLEAD_NO_EEA_ESTABLISHMENT") is (known == ())

    @pytest.mark.parametrize("affected", [None, (), ("FR", "DE-BY")])
    def test_about_the_people_affected_stays_so_too(self, app, affected):
        with transaction():
            lodged(a_case(respondents=(Respondent(new=DUBLIN, affected=affected),)), "at-dsb")
        facts, _ = routing.read(filings.get_filing("C001-01").routes[0])
        assert facts.affected == affected

    def test_about_an_establishment_stays_so_too(self, app):
        new = NewController("X", establishments=(NewEstablishment("IE", since=date(2019, 1, 1)),))
        with transaction():
            lodged(a_case(respondents=(Respondent(new=new),)), "at-dsb")
        facts, _ = routing.read(filings.get_filing("C001-01").routes[0])
        [it] = facts.establishments
        assert {it.ca.value, it.decides.value, it.implements.value} == {"unknown"}
        assert (it.place, it.since, it.until) == ("IE", date(2019, 1, 1), None)


class TestAmendingACase:
    def amended(self, case: Case, *, seen: int, title: str = "New title") -> list[Anew]:
        """Amend a case as the form does."""
        with transaction():
            said = Amended(title=title, summary="S", project="Scoring", facts=Day.parse("2024-05-06"))
            return amend_case(cases.get_case(case.number), said, seen=seen, by=ANN)

    def test_changes_what_it_says_and_tells_the_journal(self, case):
        self.amended(case, seen=case.version)
        found = cases.get_case("C001")
        assert (found.title, found.summary, found.project.name) == ("New title", "S", "Scoring")
        assert found.facts.iso == "2024-05-06"
        assert journal.history_of(found.id)[0].act == "case.amend"
        assert cases_list.find_cases("new TITLE")[1] == 1 and cases_list.find_cases("to train")[1] == 0

    def test_is_refused_for_the_second_writer_who_is_shown_the_text_of_the_first(self, case):
        seen = case.version
        self.amended(case, seen=seen, title="Ann was first")
        with pytest.raises(Stale) as refused:
            self.amended(case, seen=seen, title="Ben was second")
        assert [it.title for it in refused.value.theirs] == ["Ann was first"]
        assert cases.get_case("C001").title == "Ann was first"

    def test_can_be_done_again_with_the_new_version(self, case):
        self.amended(case, seen=case.version)
        self.amended(case, seen=cases.get_case("C001").version, title="Newer title")
        assert cases.get_case("C001").title == "Newer title"


class TestACase:
    def test_that_does_not_exist_is_not_found(self, case):
        for number in ("C002", "c001", "C001 ", "%"):
            with pytest.raises(NotFound):
                cases.get_case(number)

    def test_is_named_by_its_key(self, case):
        assert cases.number_of(case.id) == "C001"
        with pytest.raises(NotFound):
            cases.number_of(case.id + 1)

    def test_is_shown_with_as_many_statements_when_it_is_large_as_when_it_is_small(self, case, statements):
        def cost() -> int:
            db.session.expunge_all()
            statements.clear()
            found = cases.get_case("C001")
            for it in found.filings:
                assert it.authority and it.routes and it.controllers[0].establishments
                assert list(it.references) == [] and it.complainant is None
            return len(statements)

        with transaction():
            lodged(case, "at-dsb")
        small = cost()
        with transaction():
            lodged(cases.get_case("C001"), "fr-cnil", "ie-dpc", "nl-ap", "pl-uodo", "es-aepd")
        assert cost() == small <= 12


class TestADraft:
    TYPED = {"title": [" Half a case\r\n "], "claims-0-provision": ["not yet", "<b>"], "empty": [""]}

    @pytest.fixture
    def ann(self, app) -> int:
        """The key of the advocate."""
        return get_user("advocate@example.org").id

    @pytest.fixture
    def ben(self, app) -> int:
        """The key of the lawyer."""
        return get_user("lawyer@example.org").id

    def saved(self, owner: int, title: str = "Half", draft: int | None = None) -> int:
        """Save a draft and return its key."""
        with transaction():
            kept = cases_drafts.save_draft(owner, self.TYPED, title=title, draft=draft)
            return kept.id

    def test_is_kept_exactly_as_it_was_typed(self, ann):
        assert cases_drafts.get_draft(ann, self.saved(ann)).typed == self.TYPED

    def test_is_there_for_its_owner_alone(self, ann, ben):
        key = self.saved(ann)
        self.saved(ben, "Mine")
        with pytest.raises(NotFound):
            cases_drafts.get_draft(ben, key)
        with transaction():
            cases_drafts.drop_draft(ben, key)
        assert self.saved(ben, "Mine too", draft=key) != key
        assert [it.title for it in cases_drafts.drafts_of(ben)] == ["Mine too", "Mine"]
        assert [it.title for it in cases_drafts.drafts_of(ann)] == ["Half"]

    def test_is_kept_as_a_new_one_where_it_was_thrown_away_meanwhile(self, ann):
        key = self.saved(ann)
        with transaction():
            cases_drafts.drop_draft(ann, key)
        self.saved(ann, "Still here", draft=key)
        assert [it.title for it in cases_drafts.drafts_of(ann)] == ["Still here"]

    def test_is_saved_over_itself(self, ann):
        key = self.saved(ann)
        assert self.saved(ann, "Three quarters", draft=key) == key
        assert [it.title for it in cases_drafts.drafts_of(ann)] == ["Three quarters"]

    def test_stands_before_those_that_were_saved_earlier(self, ann):
        first = self.saved(ann, "First")
        self.saved(ann, "Second")
        self.saved(ann, "First again", draft=first)
        assert [it.title for it in cases_drafts.drafts_of(ann)] == ["First again", "Second"]

    def test_has_words_to_be_called_by(self, ann):
        assert cases_drafts.get_draft(ann, self.saved(ann, "")).title == "Untitled"

    @pytest.mark.parametrize("typed", [{}, {"title": [" "], "controllers-0-presence": ["unknown"]}])
    def test_is_not_made_of_an_empty_form(self, ann, typed):
        with pytest.raises(RuleBroken, match="nothing to keep"), transaction():
            cases_drafts.save_draft(ann, typed, title="")
        assert cases_drafts.drafts_of(ann) == []

    def test_is_gone_when_it_is_dropped(self, ann):
        key = self.saved(ann)
        with transaction():
            cases_drafts.drop_draft(ann, key)
        assert db.session.scalars(sa.select(CaseDraft)).all() == []

    def test_is_no_case(self, ann):
        self.saved(ann)
        assert cases_list.find_cases()[1] == 0 and controllers_finding.how_many() == 0
