import pytest

from unit.protocol.study_texts import SMALL, list_mistakes


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("{arms: [{name: a}], kits_per_stratum: 4}", "assignment.arms: expected at least 2 entries"),
        ("{arms: [{name: a}, {name: a}], kits_per_stratum: 4}", "assignment: two arms have the same name"),
        ("{arms: [{name: a, share: 2}, {name: b}], kits_per_stratum: 4}", "a block of 4 cannot hold the shares evenly"),
        ("{arms: [{name: a}, {name: b}], kits_per_stratum: 4, block_sizes: [2, 3]}", "a block of 3 cannot hold"),
        ("{arms: [{name: a}, {name: b}], kits_per_stratum: 1}", "expected a number of at least 2"),
    ],
)
def test_arms_that_cannot_be_randomised(assignment: str, message: str) -> None:
    found = list_mistakes(SMALL + f"assignment: {assignment}\n")
    assert any(message in mistake for mistake in found)
