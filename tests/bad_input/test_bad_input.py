from collections.abc import Callable

import pytest

from bad_input.case import Case, gather_cases
from bad_input.page import PAGE, render_page
from bad_input.run import Outcome, matches

TABLES = gather_cases()


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=f"{verb}-{case.name}") for verb, cases in TABLES.items() for case in cases],
)
def test_the_command_says_what_is_wrong_and_changes_nothing(
    case: Case, run_selected: Callable[[Case], Outcome]
) -> None:
    outcome = run_selected(case)
    assert "Traceback" not in outcome.printed, outcome.printed
    assert matches(outcome.printed, case.expected), f"the command printed:\n\n{outcome.printed}\n"
    assert outcome.exit_code == case.exit_code
    assert outcome.damaged == ()


@pytest.mark.parametrize(("verb", "cases"), TABLES.items(), ids=list(TABLES))
def test_names_are_unique_within_a_verb(verb: str, cases: tuple[Case, ...]) -> None:
    names = [case.name for case in cases]
    assert len(set(names)) == len(names), verb


def test_the_page_is_current() -> None:
    assert PAGE.is_file(), "write it: cd tests && python -m bad_input"
    assert PAGE.read_bytes().decode() == render_page(TABLES), "write it anew: cd tests && python -m bad_input"
