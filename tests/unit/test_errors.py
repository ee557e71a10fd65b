"""The exception tree and its messages."""

import pytest

from mimicrylab import errors
from mimicrylab.errors import InputError, MimicryLabError, UnknownNameError, suggest_nearest

SPECIALISED = {
    errors.InputError: ValueError,
    errors.StudyFileError: ValueError,
    errors.UnknownNameError: LookupError,
    errors.DamagedFileError: ValueError,
    errors.MissingError: FileNotFoundError,
    errors.ConflictError: FileExistsError,
    errors.AssetError: RuntimeError,
    errors.DependencyError: ImportError,
    errors.RefusedError: RuntimeError,
}


def test_every_error_is_in_this_test() -> None:
    defined = {
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, MimicryLabError) and value is not MimicryLabError
    }
    assert defined == set(SPECIALISED)


@pytest.mark.parametrize(("ours", "builtin"), SPECIALISED.items(), ids=lambda kind: kind.__name__)
def test_an_error_is_ours_and_the_built_in_it_specialises(ours: type, builtin: type) -> None:
    assert issubclass(ours, MimicryLabError)
    assert issubclass(ours, builtin)


def test_the_message_says_where_what_was_expected_what_was_found_and_what_to_do() -> None:
    error = InputError(
        "onset is not a number", where="events.csv:3", expected="seconds", found="'soon'", do="correct it"
    )
    assert str(error).splitlines() == [
        "events.csv:3: onset is not a number",
        "  expected: seconds",
        "  found: 'soon'",
        "  do: correct it",
    ]


def test_the_message_leaves_out_what_is_not_known() -> None:
    assert str(InputError("the table is empty")) == "the table is empty"


def test_an_operating_systems_error_keeps_our_message() -> None:
    error = errors.MissingError("there is no table 'events'", where="study/events.parquet")
    assert str(error) == "study/events.parquet: there is no table 'events'"


def test_an_unknown_name_lists_the_choices_in_order_and_proposes_the_nearest() -> None:
    error = UnknownNameError("coder", "landmarke", ["openface", "landmarker"])
    assert str(error).splitlines() == [
        "unknown coder 'landmarke' (did you mean 'landmarker'?)",
        "  expected: one of landmarker, openface",
    ]
    assert error.choices == ["landmarker", "openface"]


def test_an_unknown_name_among_no_choices_says_that_there_is_none() -> None:
    assert "there is none yet" in str(UnknownNameError("scale", "eq", []))


def test_nothing_is_proposed_where_nothing_is_near() -> None:
    assert suggest_nearest("zzz", ["onset", "duration"]) == ""
