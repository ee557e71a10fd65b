import pytest

from unit.protocol.study_texts import SMALL, list_mistakes


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("{name: a, label: a}", "a field of kind 'choice' needs at least two choices"),
        ("{name: a, label: a, choices: [x]}", "a field of kind 'choice' needs at least two choices"),
        ("{name: a, label: a, choices: [x, x]}", "a choice is given twice"),
        ("{name: a, label: a, kind: text, choices: [x, y]}", "choices belong to the kinds choice and several"),
        ("{name: a, label: a, kind: yes_no, minimum: 1}", "minimum and maximum belong to the kind number"),
        ("{name: a, label: a, kind: number, minimum: 2, maximum: 1}", "minimum (2) is greater than maximum (1)"),
    ],
)
def test_a_field_is_what_its_kind_needs(field: str, message: str) -> None:
    (found,) = list_mistakes(SMALL + f"forms: [{{name: f, fields: [{field}]}}]\n")
    assert f"forms.0.fields.0: {message}" in found


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{id: a, text: t, checked_by: form}", "checked_by: form needs field, and minimum, maximum or one_of"),
        ("{id: a, text: t, minimum: 3}", "field, minimum, maximum and one_of belong to checked_by: form"),
    ],
)
def test_an_eligibility_rule_says_what_decides(rule: str, message: str) -> None:
    (found,) = list_mistakes(SMALL + f"eligibility: [{rule}]\n")
    assert f"eligibility.0: {message}" in found


@pytest.mark.parametrize(
    ("consent", "message"),
    [
        ("{tiers: [{name: video}]}", "consent.tiers: the tier 'movements' is missing"),
        ("{tiers: [{name: movements}, {name: video}, {name: movements}]}", "consent: a tier is given twice"),
        ("{tiers: [{name: movements, keep_months: 0}]}", "keep_months: expected a number greater than 0"),
    ],
)
def test_consent_has_the_tier_that_makes_a_study(consent: str, message: str) -> None:
    found = list_mistakes(SMALL + f"consent: {consent}\n")
    assert any(message in mistake for mistake in found)
