"""The register of controllers: each entity once, found by its name however it is typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ANN, a_case
from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken
from tracker.models import Controller
from tracker.rules.vocabulary import Answer
from tracker.services import controllers, controllers_finding, journal
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController, NewEstablishment, fold

BOTH = NewController(
    "Société Générale d'Exemple",
    country="FR",
    establishments=(
        NewEstablishment("IE", date(2019, 1, 1), central=Answer.YES),
        NewEstablishment("DE-BY"),
    ),
)


def add(*those: NewController) -> list[Controller]:
    """Add controllers and return them as the register has them."""
    with transaction():
        keys = [controllers.add_controller(it, by=ANN).id for it in those]
    return [controllers.get_controller(it) for it in keys]


class TestAControllerAdded:
    def test_is_found_with_its_establishments_and_who_stated_them(self, app):
        [found] = add(BOTH)
        assert (found.name, found.country) == (BOTH.name, "FR")
        german, irish = found.establishments
        assert (german.place, german.since, german.central, german.decides) == (
            "DE-BY", None, Answer.UNKNOWN, Answer.UNKNOWN,
        )  # fmt: skip
        assert (irish.place, irish.since, irish.central) == ("IE", date(2019, 1, 1), Answer.YES)
        assert irish.decides is irish.implements is Answer.UNKNOWN, "that is a question about one processing"
        assert {it.origin for it in found.establishments} == {"stated by Ann"}

    @pytest.mark.parametrize(
        ("establishments", "known"),
        [(None, Answer.UNKNOWN), ((), Answer.NO), ((NewEstablishment("IE"),), Answer.YES)],
    )
    def test_keeps_whether_anything_is_known_of_its_establishments(self, app, establishments, known):
        assert add(NewController("X", establishments=establishments))[0].establishments_known is known

    def test_says_nothing_that_was_not_said(self, app):
        [found] = add(NewController("X"))
        assert (found.country, found.verified, found.main_establishment_said) == (None, None, None)
        assert found.targets_eea is found.decided_outside_eea is Answer.UNKNOWN

    @pytest.mark.parametrize("place", ["IE", "NO", "DE-HH", "GB"])
    def test_may_be_established_where_the_gdpr_is_or_was_in_force(self, app, place):
        assert add(NewController("X", establishments=(NewEstablishment(place),)))

    @pytest.mark.parametrize(("place", "name"), [("US", "United States"), ("CH", "Switzerland"), ("", "")])
    def test_cannot_name_an_establishment_outside_the_eea(self, app, place, name):
        """Alone it would be taken for "none in the EEA", and nobody said that."""
        with pytest.raises(RuleBroken) as refused:
            add(NewController("X", establishments=(NewEstablishment("IE"), NewEstablishment(place))))
        assert refused.value.field == "establishments-1-place"
        assert f"{name} is not in the EEA" in str(refused.value)
        assert controllers_finding.find_controllers() == ([], 0)

    def test_is_noted_in_the_journal(self, app):
        add(BOTH)
        assert [(it.act, it.actor) for it in journal.about(BOTH.name)] == [("controller.add", "user:1")]


class TestTheHeadOfficeInTheEEA:
    """Who leads hangs on it, so there is one at a time."""

    def test_cannot_be_in_two_places_of_a_new_controller(self, app):
        two = tuple(NewEstablishment(it, central=Answer.YES) for it in ("IE", "FR"))
        with pytest.raises(RuleBroken, match="Ireland is the head office") as refused:
            add(NewController("X", establishments=two))
        assert refused.value.field == "establishments-1-central"

    @pytest.mark.parametrize(
        ("until", "since", "fits"),
        [
            (date(2019, 12, 31), date(2020, 1, 1), True),
            (date(2020, 1, 1), date(2020, 1, 1), False),
            (date(2019, 12, 31), None, True),
            (None, None, False),
            (None, date(2020, 1, 1), False),
        ],
    )
    def test_may_move_where_the_days_do_not_overlap(self, app, until, since, fits):
        first, second = (
            controllers.stated(NewEstablishment(it, central=Answer.YES), by=ANN) for it in ("IE", "FR")
        )
        first.until, second.since = until, since
        if fits:
            controllers.check_head_office([first, second], second)
        else:
            with pytest.raises(RuleBroken, match="one head office in the EEA at a time"):
                controllers.check_head_office([first, second], second)


class TestTheSameController:
    @pytest.mark.parametrize(
        "name", [BOTH.name, "SOCIETE  generale D'EXEMPLE ", "Société Générale d'Exemple"]
    )
    def test_is_not_added_again(self, app, name):
        add(BOTH)
        with pytest.raises(RuleBroken) as refused:
            add(NewController(name, country="FR"))
        assert refused.value.field == "name" and BOTH.name in str(refused.value)

    def test_is_not_added_again_where_no_seat_is_known(self, app):
        add(NewController("X"))
        with pytest.raises(RuleBroken):
            add(NewController("x"))

    def test_is_another_one_in_another_country(self, app):
        assert len(add(BOTH, NewController(BOTH.name, country="LU"))) == 2

    def test_that_is_not_there_is_not_found(self, app):
        with pytest.raises(NotFound):
            controllers.get_controller(17)


class TestWhatIsSaidOfAKnownController:
    def learned(self, *said: NewEstablishment, none: bool = False) -> tuple[str, ...]:
        """Say something of BOTH, and return what the register learned."""
        with transaction():
            known = controllers.named(BOTH.name, None)
            new = NewController(BOTH.name, establishments=said if said or none else None)
            return controllers.learn(known, new, by=ANN)

    @pytest.fixture(autouse=True)
    def register(self, app):
        """One company in Ireland and Bavaria."""
        add(BOTH)

    def test_adds_a_place_and_fills_in_what_is_not_known(self):
        assert self.learned(
            NewEstablishment("NL"), NewEstablishment("DE-BY", date(2020, 1, 1), central=Answer.NO)
        ) == ("Netherlands", "Germany, Bayern, since 1 January 2020, not the head office")
        found = {it.place: it for it in controllers.named(BOTH.name, None).establishments}
        assert sorted(found) == ["DE-BY", "IE", "NL"]
        assert (found["DE-BY"].since, found["DE-BY"].central) == (date(2020, 1, 1), Answer.NO)
        assert journal.about(BOTH.name)[0].act == "controller.amend"

    def test_changes_nothing_where_it_is_known_or_where_nothing_is_said(self):
        assert not self.learned()
        assert not self.learned(NewEstablishment("DE-BY"), NewEstablishment("IE", date(2019, 1, 1)))
        assert journal.about(BOTH.name)[0].act == "controller.add"

    @pytest.mark.parametrize(
        ("said", "field", "words"),
        [
            (
                (NewEstablishment("IE", date(2018, 1, 1)),),
                "establishments-0-since",
                "in Ireland: since 1 January 2019",
            ),
            (
                (NewEstablishment("IE", central=Answer.NO),),
                "establishments-0-central",
                "in Ireland that it is the head office",
            ),
            (
                (NewEstablishment("NL"), NewEstablishment("US")),
                "establishments-1-place",
                "United States is not in the EEA",
            ),
            (
                (NewEstablishment("NL"), NewEstablishment("FR", central=Answer.YES)),
                "establishments-1-central",
                "Ireland is the head office",
            ),
            ((), "presence", "has establishments of Société Générale"),
        ],
    )
    def test_is_refused_beside_it_where_the_register_says_otherwise(self, said, field, words):
        with pytest.raises(RuleBroken, match=words) as refused:
            self.learned(*said, none=True)
        assert refused.value.field == field
        assert [it.place for it in controllers.named(BOTH.name, None).establishments] == ["DE-BY", "IE"]

    def test_does_not_begin_after_its_last_day(self):
        with transaction():
            for it in controllers.named(BOTH.name, None).establishments:
                it.since, it.until = None, date(2019, 12, 31)
        with pytest.raises(RuleBroken, match="until 31 December 2019. Leave this") as refused:
            self.learned(NewEstablishment("IE", since=date(2020, 1, 1)))
        assert refused.value.field == "establishments-0-since"

    def test_is_refused_where_the_register_says_that_there_is_none(self):
        with transaction():
            none = controllers.add_controller(NewController("Y", establishments=()), by=ANN)
        with pytest.raises(RuleBroken, match="has no establishment in the EEA"), transaction():
            controllers.learn(none, NewController("Y", establishments=(NewEstablishment("IE"),)), by=ANN)

    def test_may_be_that_there_is_none_where_nobody_knew(self):
        add(NewController("Z"))
        with transaction():
            known = controllers.named("z", None)
            assert controllers.learn(known, NewController("Z", establishments=()), by=ANN)
        assert controllers.named("z", None).establishments_known is Answer.NO


class TestFindingAControllerByItsName:
    def test_takes_the_name_however_it_is_typed(self, app):
        add(BOTH)
        for country in ("FR", None):
            assert controllers.named("societe  GENERALE d'exemple", country).name == BOTH.name
        assert controllers.named(BOTH.name, "LU") is None and controllers.named("Société", None) is None

    def test_asks_for_the_seat_where_several_have_the_name(self, app):
        add(BOTH, NewController(BOTH.name, country="LU"), NewController(BOTH.name))
        with pytest.raises(RuleBroken, match="seats in .*France, Luxembourg") as refused:
            controllers.named(BOTH.name, None)
        assert "choose the seat" in str(refused.value)
        assert controllers.named(BOTH.name, "LU").country == "LU"


class TestTheNamesThatAFieldOffers:
    def test_are_those_of_controllers_with_a_case_each_once_and_in_order(self, app):
        add(NewController("A company that nobody complains about"))
        those = [*add(BOTH, NewController("Alphabet"), NewController("Alphabet", country="IE"))]
        with transaction():
            a_case(respondents=tuple(Respondent(known=it.id) for it in those))
            a_case(title="Another", respondents=(Respondent(known=those[0].id),))
        assert controllers.names_offered() == ["Alphabet", BOTH.name]

    def test_are_few_enough_for_a_page_the_newest_first(self, app, monkeypatch):
        monkeypatch.setattr(controllers, "OFFERED", 2)
        those = add(*(NewController(f"Z{it}") for it in range(4)))
        with transaction():
            a_case(respondents=tuple(Respondent(known=it.id) for it in those))
        assert controllers.names_offered() == ["Z2", "Z3"]

    def test_cost_one_statement(self, app, statements):
        add(BOTH)
        statements.clear()
        controllers.names_offered()
        assert len(statements) == 1


class TestTheFormInWhichNamesAreCompared:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("Straße  GROß", "strasse gross"),
            ("Æther Œuvre Þór", "aether oeuvre thor"),
            ("İstanbul ısı", "istanbul isi"),
            ("ﬁrm™ №1", "firmtm no1"),
            ("Δοκιμή", "δοκιμη"),
            ("\t a\n b\u00a0c ", "a b c"),
        ],
    )
    def test_has_no_case_no_accents_and_single_spaces(self, text, folded):
        assert fold(text) == folded

    @given(st.text())
    def test_stays_as_it_is_when_it_is_made_twice(self, text):
        assert fold(fold(text)) == fold(text)

    @given(st.text(alphabet=st.characters(max_codepoint=0x24F)))
    def test_is_the_same_in_capitals(self, text):
        assert fold(text.upper()) == fold(text)
