import pytest

from unit.protocol.study_texts import SMALL, list_mistakes


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("{block: first, text: a}", "a step is exactly one of text, consent,"),
        ("{name: nothing}", "a step is exactly one of text, consent,"),
        ("{block: first, after: x}", "after and at_minutes belong together"),
        ("{block: first, tolerance_minutes: 1}", "tolerance_minutes needs after and at_minutes"),
        ("{block: first, order: random}", "order, first and last belong to blocks"),
        ("{blocks: [first, first]}", "a block is named twice"),
        ("{blocks: [first], order: random, last: [second]}", "first and last must be among blocks; 'second' is not"),
        ("{blocks: [first], last: [first]}", "first and last need order: random or latin_square"),
        ("{camera: mirror}", "expected one of preview, no_preview"),
    ],
)
def test_a_step_does_one_thing(step: str, message: str) -> None:
    (found,) = list_mistakes(SMALL + f"sessions: [{{name: v, steps: [{step}]}}]\n")
    assert f"sessions.0.steps.0{'.camera' if 'mirror' in step else ''}: {message}" in found


def test_a_step_is_named_after_what_it_shows() -> None:
    from mimicrylab.protocol.visits import Step

    assert Step(block="faces").label == "faces"
    assert Step(blocks=("a", "b")).label == "a+b"
    assert Step(camera="preview").label == "camera"
    assert Step(rest_s=5.0).label == "rest"
    assert Step(scale="EQ-60", name="eq").label == "eq"
