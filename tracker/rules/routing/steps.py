"""The order in which the questions are asked. A further situation is a function more in this row."""

from tracker.rules.routing import leading, outside, scope
from tracker.rules.routing.finding import Step

#: Asked in this order until one settles the matter; the last one always does. Step 17 stands before step 16,
#: since two that are known to decide are a conflict whatever is not known of a third.
DECIDING: tuple[Step, ...] = (
    outside.institution_of_the_union,
    outside.police_or_justice,
    outside.court,
    outside.eprivacy,
    scope.before_the_gdpr,
    scope.outside_the_gdpr,
    outside.media_or_church,
    outside.public_body,
    scope.establishments_not_known,
    scope.no_establishment,
    scope.cross_border_by_establishments,
    scope.cross_border_by_effects,
    scope.not_cross_border,
    leading.processor_itself,
    leading.single_state,
    leading.one_decides,
    leading.decided_outside,
    leading.several_decide,
    leading.decisions_not_known,
)
