import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.adjustment import adjust_family, adjust_p
from mimicrylab.stats.estimates import Estimate


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_lies_between_raw_and_bonferroni_and_above_bh(values: list[float]) -> None:
    for raw, holm, bh in zip(values, adjust_p(values), adjust_p(values, method="bh"), strict=True):
        assert raw - 1e-12 <= bh <= holm + 1e-12
        assert holm <= min(1.0, raw * len(values)) + 1e-12


def test_family_counts_only_what_was_tested() -> None:
    members = [Estimate("a", "x", 1.0, p=0.02), Estimate("a", "y", None), Estimate("a", "z", 1.0, p=0.04)]
    adjusted = adjust_family(members, family="H1")
    assert [member.p_adjusted for member in adjusted] == [0.04, None, 0.04]
    assert adjusted[0].family == "H1 (Holm, 2 tests)"
    assert adjusted[1].family is None


def test_empty_family_stays_empty() -> None:
    assert adjust_family([], family="H1") == []


def test_values_outside_zero_to_one_are_refused() -> None:
    with pytest.raises(InputError, match="outside 0 to 1"):
        adjust_p([0.5, 1.5])


def test_unknown_method_lists_the_choices() -> None:
    with pytest.raises(UnknownNameError, match="bh, holm"):
        adjust_p([0.5], method="bonferoni")
