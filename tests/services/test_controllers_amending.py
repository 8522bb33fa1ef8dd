"""A controller of the register changed: from a day on or as a correction, with its routes, and undone."""

from dataclasses import replace
from datetime import date

import pytest

from tests.builders import ANN, DUBLIN, a_case, lodged
from tracker import clock
from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer
from tracker.services import cases, cases_controllers, controllers, journal
from tracker.services import controllers_amending as amending
from tracker.services import controllers_finding as finding
from tracker.services import controllers_history as history
from tracker.services.cases import Respondent
from tracker.services.controllers_amending import Said, SaidPlace
from tracker.services.controllers_statement import Place, Representative, Statement

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
DAY = date(2024, 1, 1)


def said(key: int) -> Statement:
    """Return what the register says of a controller now."""
    return amending.said_of(amending.get_register(key))


def change(key: int, *places: SaidPlace, why: str | None = None, seen: str | None = None, **values):
    """Change what the register says of a controller; without places they stay as they are."""
    now = said(key)
    kept = places or tuple(SaidPlace(it) for it in now.establishments)
    statement = replace(now, **values)
    with transaction():
        return amending.amend_controller(key, Said(statement, kept), seen=seen or now.mark(), by=ANN, why=why)


def leads() -> list[str | None]:
    """Return the current lead of each filing of C001."""
    return [route.lead for it in cases.get_case("C001").filings for route in it.routes]


@pytest.fixture
def key(app) -> int:
    """A company that decides in Dublin by the register, and a case of three filings that follows it."""
    with transaction():
        case = a_case(respondents=(Respondent(new=DUBLIN, affected=("EEA",)),))
        key = case.controllers[0].controller_id
        lodged(case, "at-dsb", "fr-cnil", "nl-ap")
    [irish] = said(key).establishments
    change(key, SaidPlace(replace(irish, decides=YES, implements=YES)))
    return key


class TestAPlaceThatDecidesNoMore:
    def irish(self, key: int) -> Place:
        return said(key).establishments[0]

    def test_reroutes_the_open_filings_and_says_which(self, key):
        assert leads() == ["ie-dpc"] * 3
        done = change(key, SaidPlace(replace(self.irish(key), decides=NO)))
        assert done.differing == ("C001-01", "C001-02", "C001-03")
        assert [(it.number, it.routes, it.differs) for it in done.rerouted] == [("C001", 3, 3)]
        reasons = {route.reason for it in cases.get_case("C001").filings for route in it.routes}
        assert reasons != {"LEAD_MAIN_ESTABLISHMENT_CA"}
        assert journal.history_of(cases.get_case("C001").id)[0].act == "case.reroute"

    def test_can_be_undone_by_a_new_fact(self, key):
        before = [it.routes[0].reason for it in cases.get_case("C001").filings]
        change(key, SaidPlace(replace(self.irish(key), decides=NO)))
        done = change(key, SaidPlace(replace(self.irish(key), decides=YES)))
        assert len(done.differing) == 3 and leads() == ["ie-dpc"] * 3
        assert [it.routes[0].reason for it in cases.get_case("C001").filings] == before

    def test_can_be_undone_by_saving_the_earlier_statement_again(self, key):
        before = said(key)
        change(key, SaidPlace(replace(self.irish(key), decides=NO), begins=DAY))
        kept, later = said(key).establishments
        earlier = history.history_of(key)[1].said
        assert earlier == before
        change(key, SaidPlace(earlier.establishments[0]), SaidPlace(later, mistake=True))
        now = said(key)
        assert [it.said() for it in now.establishments] == [it.said() for it in before.establishments]
        assert [it.number for it in history.history_of(key)] == [4, 3, 2, 1], "nothing is taken back"

    def test_from_a_day_on_leaves_what_was_so_before(self, key):
        change(key, SaidPlace(replace(self.irish(key), decides=NO), begins=DAY))
        first, then = said(key).establishments
        assert (first.decides, first.since, first.until) == (YES, None, date(2023, 12, 31))
        assert (then.decides, then.since, then.until) == (NO, DAY, None)
        assert then.central is YES, "one head office after the other is none too many"
        assert [it.decides for it in said(key).as_of(date(2023, 12, 31)).establishments] == [YES]
        assert [it.decides for it in said(key).as_of(DAY).establishments] == [NO]

    def test_from_a_day_on_keeps_a_first_day_that_was_typed_with_it(self, key):
        opened = date(2015, 1, 1)
        change(key, SaidPlace(replace(self.irish(key), since=opened, decides=NO), begins=DAY))
        first, then = said(key).establishments
        assert (first.decides, first.since, first.until) == (YES, opened, date(2023, 12, 31))
        assert (then.decides, then.since, then.until) == (NO, DAY, None)

    def test_from_a_day_on_does_not_begin_before_the_first_day_that_was_typed_with_it(self, key):
        with pytest.raises(RuleBroken, match="since 2 January 2024"):
            change(key, SaidPlace(replace(self.irish(key), since=date(2024, 1, 2), decides=NO), begins=DAY))

    def test_as_a_correction_never_decided(self, key):
        change(key, SaidPlace(replace(self.irish(key), decides=NO)))
        assert [(it.decides, it.since, it.until) for it in said(key).establishments] == [(NO, None, None)]

    def test_leaves_a_case_alone_that_says_otherwise_itself(self, key):
        with transaction():
            cases.get_case("C001").controllers[0].processing = Processing({"IE": YES}).to_json()
        done = change(key, SaidPlace(replace(self.irish(key), decides=NO)))
        assert not done.differing and leads() == ["ie-dpc"] * 3
        [own] = finding.cases_against(key)
        assert (own.number, own.about.decides) == ("C001", {"IE": YES})

    def test_leaves_its_case_without_an_answer_of_its_own(self, key):
        """The page of controllers of the case shows both spells, and saving it says nothing new."""
        change(key, SaidPlace(replace(self.irish(key), decides=NO), begins=DAY))
        with transaction():
            case = cases.get_case("C001")
            now = [cases_controllers.said_of(it) for it in case.controllers]
            seen = cases_controllers.seen_in(case)
            cases_controllers.amend_controllers(case, now, seen=seen, by=ANN)
        assert cases.get_case("C001").controllers[0].processing is None

    @pytest.mark.parametrize(
        ("values", "begins", "field", "words"),
        [
            ({"decides": NO}, date(2999, 1, 1), "begins", "has not come yet"),
            ({"evidence": {"place": "x"}}, DAY, "begins", "None of the answers above"),
            ({"decides": NO, "until": date(2023, 6, 1)}, DAY, "begins", "until 1 June 2023 only"),
            ({"decides": NO, "since": DAY, "until": date(2023, 6, 1)}, None, "until", "before the first"),
            ({"place": "US"}, None, "place", "not in the EEA"),
            ({"since": date(2999, 1, 1)}, None, "since", "has not come yet"),
        ],
    )
    def test_is_refused_beside_the_field_where_it_cannot_be(self, key, values, begins, field, words):
        before = said(key)
        with pytest.raises(RuleBroken, match=words) as refused:
            change(key, SaidPlace(replace(self.irish(key), **values), begins=begins))
        assert refused.value.field == f"establishments-0-{field}"
        assert said(key) == before

    def test_cannot_change_before_it_was_there(self, key):
        change(key, SaidPlace(replace(self.irish(key), since=DAY)))
        with pytest.raises(RuleBroken, match="since 1 January 2024"):
            change(key, SaidPlace(replace(self.irish(key), decides=NO), begins=DAY))

    def test_needs_a_row_of_the_register_to_change_from_a_day_on(self, key):
        kept = SaidPlace(self.irish(key))
        with pytest.raises(RuleBroken, match="first day instead") as refused:
            change(key, kept, SaidPlace(Place("FR"), begins=DAY))
        assert refused.value.field == "establishments-1-begins"

    def test_is_refused_where_another_is_the_head_office(self, key):
        with pytest.raises(RuleBroken, match="head office") as refused:
            change(key, SaidPlace(self.irish(key)), SaidPlace(Place("FR", central=YES)))
        assert refused.value.field == "establishments-1-central"

    def test_is_refused_where_somebody_took_it_out_meanwhile(self, key):
        with pytest.raises(RuleBroken, match="not in the register any more"):
            change(key, SaidPlace(Place("IE", key=17)))


class TestWhatIsSaidOfAController:
    ALL = Statement(
        name="Société Générale d'Exemple",
        country="FR",
        group="Exemple",
        parent_name="Example Holding, Inc.",
        brands=("Exemple", "Zélé"),
        website="https://www.exemple.fr",
        address="1 rue\n75001 Paris",
        categories=("finance",),
        targets_eea=YES,
        decided_outside_eea=NO,
        note="n",
        representatives=(Representative("DE-BE", name="Rep GmbH", since=DAY, evidence="its policy"),),
    )

    def add(self, statement: Statement = ALL, *places: Place, none: Answer = UNKNOWN) -> int:
        with transaction():
            stated = Said(statement, tuple(SaidPlace(it) for it in places), none)
            return amending.add_to_register(stated, by=ANN, why="the commercial register").id

    def test_is_all_kept(self, app):
        place = Place(
            "FR", central=YES, main_processing=NO, since=DAY, evidence={"central": "register, p. 2"}
        )
        now = said(self.add(self.ALL, place))
        [kept], [representative] = now.establishments, now.representatives
        assert (kept.said(), kept.origin) == (place.said(), "stated by Ann")
        assert representative.said() == self.ALL.representatives[0].said()
        assert replace(now, establishments=(), representatives=()) == replace(
            self.ALL, establishments_known=YES, representatives=()
        )

    def test_may_be_that_there_is_no_establishment(self, app):
        assert said(self.add(none=NO)).establishments_known is NO
        assert said(self.add(replace(self.ALL, name="Y"))).establishments_known is UNKNOWN

    def test_is_the_first_entry_of_its_history(self, app):
        key = self.add()
        [first] = history.history_of(key)
        assert (first.number, first.actor, first.why) == (1, "user:1", "the commercial register")
        assert first.before is None and first.said == said(key)
        assert journal.about(self.ALL.name)[0].act == "controller.add"

    def test_is_refused_where_the_register_has_that_name_and_seat(self, app):
        key = self.add()
        with pytest.raises(RuleBroken, match="in the register already") as refused:
            self.add(replace(self.ALL, name="SOCIETE generale d'exemple"))
        assert refused.value.field == "name"
        other = self.add(replace(self.ALL, country="BE"))
        with pytest.raises(RuleBroken, match="in the register already"):
            change(other, country="FR")
        change(key, name="SOCIÉTÉ Générale d'Exemple")

    def test_names_a_parent_of_the_register_or_one_in_words(self, app):
        parent = self.add(replace(self.ALL, name="Holding", country="US"))
        assert amending.parent_named("holding") == (parent, "Holding")
        assert amending.parent_named("Another Inc.") == (None, "Another Inc.")
        key = self.add(replace(self.ALL, parent=parent, parent_name="Holding"))
        assert (said(key).parent, said(key).parent_name) == (parent, "Holding")
        assert finding.subsidiaries(parent) == [(key, self.ALL.name)]

    def test_asks_for_the_seat_where_several_could_be_the_parent(self, app):
        american, irish = (self.add(replace(self.ALL, name="Twin", country=it)) for it in ("US", "IE"))
        with pytest.raises(RuleBroken, match=r"seats in Ireland, United States.*Twin \(") as refused:
            amending.parent_named("twin")
        assert refused.value.field == "parent"
        assert amending.parent_named("Twin (Ireland)") == (irish, "Twin")
        assert amending.parent_named("twin (US)") == (american, "Twin")

    def test_makes_no_circle_of_parents(self, app):
        first = self.add()
        second = self.add(replace(self.ALL, name="Y", parent=first, parent_name=self.ALL.name))
        for parent in (first, second):
            with pytest.raises(RuleBroken, match="does not belong to itself") as refused:
                change(first, parent=parent)
            assert refused.value.field == "parent"

    @pytest.mark.parametrize(
        ("values", "field", "words"),
        [
            ({"place": "US"}, "place", "United States is not in the EEA: Art 27"),
            ({"place": "DE", "since": date(2999, 1, 1)}, "since", "has not come yet"),
            ({"place": "DE", "since": DAY, "until": date(2023, 1, 1)}, "until", "before the first"),
        ],
    )
    def test_has_no_representative_that_cannot_be(self, app, values, field, words):
        with pytest.raises(RuleBroken, match=words) as refused:
            self.add(replace(self.ALL, representatives=(Representative("DE"), Representative(**values))))
        assert refused.value.field == f"representatives-1-{field}"

    def test_that_is_not_there_is_not_found(self, app):
        with pytest.raises(NotFound):
            amending.get_register(17)
        with pytest.raises(NotFound):
            history.said_at(17, 1)


class TestARowThatAFileBroughtAndNobodyCouldType:
    """A file may say that an establishment or a representative is still to come."""

    LATER = date(2999, 1, 1)

    @pytest.fixture(autouse=True)
    def to_come(self, key):
        with transaction():
            it = amending.get_register(key)
            it.establishments[0].since = self.LATER
            it.representatives = [Representative("DE", key=1, since=self.LATER).to_json()]

    def test_leaves_all_else_to_be_changed(self, key):
        change(key, website="https://acme.example")
        now = said(key)
        assert now.website == "https://acme.example"
        assert now.establishments[0].since == now.representatives[0].since == self.LATER

    def test_is_checked_once_it_is_another_itself(self, key):
        now = said(key)
        with pytest.raises(RuleBroken, match="has not come yet") as refused:
            change(key, SaidPlace(replace(now.establishments[0], decides=NO)))
        assert refused.value.field == "establishments-0-since"
        with pytest.raises(RuleBroken, match="has not come yet") as refused:
            change(key, representatives=(replace(now.representatives[0], name="Rep GmbH"),))
        assert refused.value.field == "representatives-0-since"


class TestTheHistoryOfAController:
    def test_tells_who_changed_what_and_why(self, key):
        change(key, website="https://example.org", why="its imprint")
        newest, *_ = history.history_of(key)
        assert (newest.actor, newest.why, newest.said.website) == (
            "user:1", "its imprint", "https://example.org",
        )  # fmt: skip
        assert newest.before is not None and newest.before.website is None
        assert replace(newest.said, website=None) == newest.before
        assert journal.about(DUBLIN.name)[0].act == "controller.amend"

    def test_tells_what_the_register_said_at_each_moment(self, key):
        change(key, group="One")
        change(key, group="Two")
        told = [Statement.from_json(history.said_at(key, it).said).group for it in (1, 2, 3, 4)]
        assert told == [None, None, "One", "Two"]

    def test_has_no_entry_where_nothing_was_changed(self, key):
        done = change(key, why="no reason")
        assert not done.changed and len(history.history_of(key)) == 2

    def test_is_written_by_the_page_of_a_case_too(self, key):
        with transaction():
            case = cases.get_case("C001")
            [now] = [cases_controllers.said_of(it) for it in case.controllers]
            places = tuple(replace(it, since=DAY) for it in now.places)
            cases_controllers.amend_controllers(
                case, [replace(now, places=places)], seen=cases_controllers.seen_in(case), by=ANN
            )
        newest = history.history_of(key)[0]
        assert newest.said.establishments[0].since == DAY and newest.why == "Corrected in C001."

    def test_is_written_where_a_new_case_teaches_the_register(self, key):
        new = controllers.NewController(DUBLIN.name, "IE", (controllers.NewEstablishment("FR"),))
        with transaction():
            a_case(title="Another", respondents=(Respondent(known=key, new=new),))
        assert [it.place for it in history.history_of(key)[0].said.establishments] == ["FR", "IE"]

    def test_shows_the_newest_and_knows_what_each_changed(self, key):
        for number in range(5):
            change(key, note=str(number))
        told = history.history_of(key, limit=2)
        assert [(it.number, it.before.note, it.said.note) for it in told] == [(7, "3", "4"), (6, "2", "3")]


class TestTwoPeopleAtOneController:
    def test_the_second_is_told_and_changes_nothing(self, key):
        seen = said(key).mark()
        change(key, group="Theirs")
        with pytest.raises(Stale) as refused:
            change(key, group="Mine", seen=seen)
        assert refused.value.theirs[0].group == "Theirs" and said(key).group == "Theirs"


class TestTheRoutesOfAController:
    def facts(self):
        return [route.facts for it in cases.get_case("C001").filings for route in it.routes][0]

    def test_know_its_representative_on_the_day_of_lodging(self, key):
        gone = Representative("FR", until=date(2024, 6, 5))
        change(key, representatives=(gone, Representative("DE-BE", since=date(2024, 6, 6))))
        assert self.facts()["art27_rep"] == "DE-BE"
        change(key, representatives=(gone,))
        assert self.facts()["art27_rep"] is None

    def test_know_its_main_processing_and_the_evidence(self, key):
        [irish] = said(key).establishments
        evidence = {"place": "Companies House", "decides": "its policy, p. 3"}
        change(key, SaidPlace(replace(irish, main_processing=YES, evidence=evidence)))
        [told] = self.facts()["establishments"]
        assert told["main_processing"] is True
        assert told["evidence"] == "establishment: Companies House; decides: its policy, p. 3"

    def test_are_worked_out_with_as_many_statements_for_many_filings(self, key, statements):
        def cost() -> int:
            statements.clear()
            [irish] = said(key).establishments
            change(key, SaidPlace(replace(irish, decides=NO if irish.decides is YES else YES)))
            return len(statements)

        few = cost()
        with transaction():
            lodged(cases.get_case("C001"), "de-be-blnbdi", "es-aepd", "it-garante", "pl-uodo", "se-imy")
        assert cost() == few
        assert clock.today() > DAY
