import pytest

from golden_comparisons import COMPARISONS, Comparison, read_golden


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda comparison: comparison.name)
def test_our_number_is_that_of_r(comparison: Comparison) -> None:
    difference = comparison.measure_difference()
    assert difference <= comparison.tolerance, f"{comparison.call}: {comparison.compute()} != {comparison.expected}"


def test_every_golden_number_is_compared_once() -> None:
    assert sorted(comparison.name for comparison in COMPARISONS) == sorted(read_golden())


def test_a_wider_tolerance_has_a_reason() -> None:
    assert [comparison.name for comparison in COMPARISONS if comparison.tolerance > 1e-9 and not comparison.why] == []
