from tests.builders import a_case, lodged, ANN
from tracker.db import transaction


def test_x(app, statements):
    with transaction():
        c = a_case()
        lodged(c, "at-dsb", "fr-cnil")
    for s in statements:
        print(s[:150])
