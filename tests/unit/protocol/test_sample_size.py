"""The number of participants, and the effects that it rests on."""

import pytest

from unit.protocol.study_texts import add, list_mistakes, read


def test_an_effect_is_read_with_its_defaults() -> None:
    study = read(add("participants: {planned: 128, power: [{test: groups, effect: 0.5}]}\n"))
    (assumed,) = study.participants.power
    assert (assumed.power, assumed.alpha, assumed.ratio, assumed.losses) == (0.8, 0.05, 1.0, 0.0)


@pytest.mark.parametrize(
    ("power", "message"),
    [
        ("{test: correlation, effect: 1.2}", "a correlation is below 1"),
        ("{test: regression, effect: 0.1}", "test: regression needs predictors"),
        ("{test: regression, effect: 0.1, predictors: 1, tested_predictors: 2}", "more predictors are tested"),
        ("{test: repeated, effect: 0.2, tested: between}", "test: repeated needs tested"),
        ("{test: repeated, effect: 0.2, tested: between, measurements: 5}", "tested: between needs groups: 2 or more"),
        ("{test: anova, effect: 0.2}", "expected one of groups, within, correlation, regression"),
        ("{test: groups, effect: 0.5, analysis: none}", "none"),
    ],
)
def test_what_does_not_fit_is_told(power: str, message: str) -> None:
    mistakes = list_mistakes(add(f"participants: {{planned: 128, power: [{power}]}}\n"))
    assert len(mistakes) == 1
    assert message in mistakes[0]
    assert "participants.power.0" in mistakes[0]
