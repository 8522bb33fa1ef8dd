"""What a person has to settle before a route can be relied on, as questions in plain words."""

from tracker.rules.routing.facts import Facts
from tracker.rules.routing.result import Route
from tracker.rules.routing.words import Procedure, Reason, RouteWarning
from tracker.rules.territory import GDPR_APPLIES_FROM, state_of
from tracker.rules.vocabulary import Answer

#: A question, and whether it is open.
Asked = tuple[tuple[str, bool], ...]


def open_questions(route: Route, facts: Facts) -> tuple[str, ...]:
    """Return what is open, each as the end of "it is not known ...", the one that weighs most first.

    Nothing where no person has to look; nothing either where the rules have no words for what is open.
    """
    if not route.for_a_person:
        return ()
    asked = (*_of_the_lead(route, facts), *_of_other_law(route, facts), *_of_the_facts(route, facts))
    return tuple(words for words, is_open in asked if is_open)


def _of_the_lead(route: Route, facts: Facts) -> Asked:
    present, reason, warnings = facts.present(), route.reason, route.warnings
    presumed = reason is Reason.UNDETERMINED_PRESUMED_CA
    states = {state_of(it.place) for it in present or ()}
    entity = "processor" if facts.role == "processor" else "controller"
    several = presumed and len(states) > 1
    ended = RouteWarning.W_ENDED_BEFORE_MOVE in warnings
    may_have = facts.infringement_may_have_ended
    outside = reason is Reason.NOLEAD_DECISIONS_OUTSIDE_EEA
    return (
        (f"where the {entity} is established", presumed and present is None),
        ("who decides on this processing", several and entity == "controller"),
        ("where the processor has its head office or main processing", several and entity == "processor"),
        ("whether people in several states are affected", presumed and len(states) == 1),
        ("which of several places is the main establishment", reason is Reason.UNDETERMINED_CONFLICT),
        (
            "whether a single establishment that may not decide is enough for a lead (disputed)",
            RouteWarning.W_SINGLE_ESTABLISHMENT_NO_DECISIONS in warnings,
        ),
        (
            "whether an establishment that may decide, without the power to have it carried out, leads",
            outside and any(it.decides is not Answer.NO for it in present or ()),
        ),
        ("when the infringement ended", ended and may_have),
        ("which authority is competent for an infringement that is over (disputed)", ended and not may_have),
        ("who leads since the state of the lead left", route.lead_until is not None),
    )


def _of_other_law(route: Route, facts: Facts) -> Asked:
    names = [it.name for it in route.steps]
    cookies = route.procedure is Procedure.NATIONAL_EPRIVACY
    public = route.procedure is Procedure.PUBLIC_55_2
    # A step that leaves it open stands before, or instead of, the one that names the authority.
    inside = names.count("Authority of the body") > (1 if route.handling else 0)
    level = facts.public_level is None and (inside or "Level of the body" in names)
    duty = public and facts.subject == "private_6_1_c_e" and facts.obligation_of is None
    return (
        ("where the user lives", cookies and facts.complainant_residence is None),
        ("which authority national law names for cookies", cookies and route.handling is None),
        ("which authority of Germany is meant", RouteWarning.W_DE_LAND_NEEDED in route.warnings),
        ("which state's law imposes the duty or task", duty),
        ("which state the public body belongs to", public and "State concerned" in names and not duty),
        ("which level the public body is of", public and level),
        ("who supervises police and justice under national law", facts.subject == "led"),
        ("whether national law exempts the journalism (Art 85)", RouteWarning.W_ART85 in route.warnings),
        (
            "whether the church has a supervisor of its own (Art 91)",
            RouteWarning.W_ART91 in route.warnings,
        ),
    )


def _of_the_facts(route: Route, facts: Facts) -> Asked:
    names = [it.name for it in route.steps]
    ended = facts.infringement_ended
    early = ended is not None and ended < GDPR_APPLIES_FROM and "End of the infringement" in names
    targets = route.reason is Reason.NOLEAD_NO_EEA_ESTABLISHMENT and facts.targets_eea is Answer.UNKNOWN
    one_state = "local_only" in facts.not_known and route.procedure is Procedure.OSS_60
    return (
        ("whether it targets people in the EEA", targets),
        ("which authority in the EEA would decide", "Authority lodged with" in names),
        ("of what kind the body is", "subject" in facts.not_known),
        ("whether the case concerns one state only", one_state),
        ("on which day it has to be assessed", "Day of assessment" in names),
        ("whether the GDPR applies to what was over before it", early),
        ("whether it provides telecommunications", "Telecommunications" in names),
        ("which authority the local case has to reach", "Local authority" in names),
    )
