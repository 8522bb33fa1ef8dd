"""What a person has to look at: for every way in which a route can be open, in words."""

from datetime import date

import pytest

from tracker.reference.authorities import directory
from tracker.rules.routing import Establishment, Facts, route
from tracker.rules.routing.open import open_questions
from tracker.rules.vocabulary import Answer

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
DUBLIN = Establishment("IE", ca=YES, decides=YES, implements=YES)
LATE = Establishment("IE", ca=YES, decides=YES, implements=YES, since=date(2022, 1, 1))
HAGUE = Establishment("NL", decides=YES, implements=YES)
UNSURE = (Establishment("IE"), Establishment("FR"))


def questions(**facts: object) -> tuple[str, ...]:
    known = {"as_of": date(2024, 6, 6), "lodged_with": "at-dsb", "complainant_residence": "AT"}
    told = Facts(**{**known, "affected": ("EEA",), "establishments": (DUBLIN,), **facts})  # type: ignore[arg-type]
    return open_questions(route(told, directory()), told)


class TestARoute:
    def test_on_which_nobody_has_to_look_asks_nothing(self):
        assert questions() == ()

    @pytest.mark.parametrize(
        ("facts", "question"),
        [
            ({"establishments": None}, "where the controller is established"),
            ({"establishments": None, "role": "processor"}, "where the processor is established"),
            ({"establishments": UNSURE}, "who decides on this processing"),
            (
                {"establishments": UNSURE, "role": "processor"},
                "where the processor has its head office or main processing",
            ),
            ({"affected": None}, "whether people in several states are affected"),
            ({"establishments": (DUBLIN, HAGUE)}, "which of several places is the main establishment"),
            (
                {"establishments": (Establishment("IE", decides=NO),)},
                "whether a single establishment that may not decide is enough for a lead (disputed)",
            ),
            (
                {
                    "establishments": (
                        Establishment("IE", decides=YES, implements=NO),
                        Establishment("FR", decides=NO, implements=NO),
                    ),
                    "decided_outside_eea": YES,
                },
                "whether an establishment that may decide, without the power to have it carried out, leads",
            ),
            (
                {"establishments": (LATE,), "infringement_may_have_ended": True},
                "when the infringement ended",
            ),
            (
                {"establishments": (LATE,), "infringement_ended": date(2021, 1, 1)},
                "which authority is competent for an infringement that is over (disputed)",
            ),
            (
                {
                    "as_of": date(2019, 6, 6),
                    "establishments": (Establishment("GB", ca=YES, decides=YES, implements=YES),),
                },
                "who leads since the state of the lead left",
            ),
            ({"issue": "eprivacy", "complainant_residence": None}, "where the user lives"),
            (
                {"issue": "eprivacy", "complainant_residence": "US"},
                "which authority national law names for cookies",
            ),
            (
                {"establishments": (Establishment("DE", ca=YES, decides=YES, implements=YES),)},
                "which authority of Germany is meant",
            ),
            ({"subject": "private_6_1_c_e"}, "which state's law imposes the duty or task"),
            (
                {"subject": "public_authority", "establishments": None},
                "which state the public body belongs to",
            ),
            (
                {"subject": "public_authority", "establishments": (Establishment("DE-BY"),)},
                "which level the public body is of",
            ),
            (
                {"subject": "public_authority", "establishments": (Establishment("BE"),)},
                "which level the public body is of",
            ),
            ({"subject": "led"}, "who supervises police and justice under national law"),
            ({"media_art85": UNKNOWN}, "whether national law exempts the journalism (Art 85)"),
            ({"church_art91": UNKNOWN}, "whether the church has a supervisor of its own (Art 91)"),
            ({"establishments": ()}, "whether it targets people in the EEA"),
            (
                {"establishments": (), "targets_eea": YES, "lodged_with": None}
                | {"complainant_residence": None},
                "which authority in the EEA would decide",
            ),
            ({"not_known": ("subject",)}, "of what kind the body is"),
            ({"not_known": ("local_only",)}, "whether the case concerns one state only"),
            (
                {"as_of_earliest": date(2021, 6, 6), "establishments": (LATE,)},
                "on which day it has to be assessed",
            ),
            (
                {"infringement_ended": date(2018, 1, 1)},
                "whether the GDPR applies to what was over before it",
            ),
            (
                {"establishments": (Establishment("DE-BY", ca=YES, decides=YES, implements=YES),)}
                | {"de_telecom": UNKNOWN},
                "whether it provides telecommunications",
            ),
            ({"local_only": "FR"}, "which authority the local case has to reach"),
        ],
    )
    def test_that_is_open_names_what_a_person_has_to_settle(self, facts, question):
        assert question in questions(**facts)

    def test_asks_for_no_level_where_only_the_church_is_in_doubt(self):
        vienna = (Establishment("AT", ca=YES),)
        asked = questions(subject="public_authority", establishments=vienna, church_art91=YES)
        assert asked == ("whether the church has a supervisor of its own (Art 91)",)
