import pytest

from golden_comparisons import COMPARISONS, Comparison, read_golden
from golden_models import MODEL_COMPARISONS

ALL = [*COMPARISONS, *MODEL_COMPARISONS]


@pytest.mark.parametrize("comparison", ALL, ids=lambda comparison: comparison.name)
def test_our_number_is_that_of_r(comparison: Comparison) -> None:
    difference = comparison.measure_difference()
    assert difference <= comparison.tolerance, f"{comparison.call}: {comparison.compute()} != {comparison.expected}"


def test_every_golden_number_is_compared_once() -> None:
    assert sorted(comparison.name for comparison in ALL) == sorted(read_golden())


def test_a_wider_tolerance_has_a_reason() -> None:
    assert [comparison.name for comparison in ALL if comparison.tolerance > 1e-9 and not comparison.why] == []
