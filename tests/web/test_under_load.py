"""Two hundred readers at once while another process publishes: no error, and no page that was replaced."""

from concurrent.futures import ThreadPoolExecutor

from benchmarks import load
from tests.builders import a_case, lodged
from tests.publishing import clear
from tracker.db import transaction


def test_many_readers_get_whole_pages_that_are_never_older_than_the_store(app, settings):
    with transaction():
        lodged(a_case(title="No 0. of a case"), "nl-ap", "ie-dpc")
    clear("C001")
    # A thread of its own, because the browser of other tests leaves an event loop running in this one.
    with ThreadPoolExecutor(1) as own:
        figures = own.submit(
            load.measure, settings, "C001", readers=200, times=4, every=0.5, pause=0.4
        ).result()
    assert figures.faults == []
    assert figures.answers > 200 and figures.unchanged > 0
    assert figures.publications == 4
    assert figures.oldest == 0
