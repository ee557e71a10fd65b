"""Cases run two at a time while earlier ones are being judged: a case is mostly the start of a process."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bad_input.case import Case
from bad_input.run import Outcome, run_case

AT_ONCE = 2


@pytest.fixture(scope="session")
def run_selected(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Case], Outcome]]:
    """Start the cases of all selected tests, and return a function that waits for one's outcome."""
    calls = (getattr(item, "callspec", None) for item in request.session.items)
    selected = [call.params["case"] for call in calls if call is not None and "case" in call.params]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = {id(case): pool.submit(run_case, case, tmp_path_factory.mktemp(case.name)) for case in selected}
        yield lambda case: running[id(case)].result()
        pool.shutdown(cancel_futures=True)
