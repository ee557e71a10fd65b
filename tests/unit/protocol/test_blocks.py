import pytest

from unit.protocol.study_texts import SMALL, list_mistakes


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ("    fixation_s: 1\n    fixation_jitter_s: 1.5\n", "fixation_jitter_s is greater than fixation_s"),
        ("    first: [anger]\n    last: [anger]\n", "'anger' cannot be both first and last"),
        ("    order: fixed\n    constraints: [{same: emotion}]\n", "constraints belong to order: random"),
    ],
)
def test_a_block_does_not_contradict_itself(extra: str, message: str) -> None:
    (found,) = list_mistakes(SMALL + extra)
    assert f"study.yaml:7: blocks.0: {message}" in found
