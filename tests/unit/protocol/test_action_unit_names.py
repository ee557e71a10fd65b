import pytest

from mimicrylab.errors import InputError
from mimicrylab.protocol.action_unit_names import name_action_unit, split_action_units


@pytest.mark.parametrize(
    ("text", "name"),
    [("1", "AU01"), ("au1", "AU01"), ("AU 04", "AU04"), (" AU12R ", "AU12R"), ("14l", "AU14L"), ("45", "AU45")],
)
def test_spellings_of_one_unit(text: str, name: str) -> None:
    assert name_action_unit(text) == name


@pytest.mark.parametrize("text", ["", "AU", "0", "AU65", "AU100", "12X", "smile", "AU-1", "1.5"])
def test_other_texts_are_no_action_units(text: str) -> None:
    with pytest.raises(InputError, match="is no action unit"):
        name_action_unit(text, where="manifest")


def test_a_list_is_sorted_and_each_unit_stands_once() -> None:
    assert split_action_units("25, AU12;6 + 12") == ("AU06", "AU12", "AU25")
    assert split_action_units("None") == split_action_units("-") == ()
