"""Answers to forms, ratings and measurements: plausible, within what the study file allows, and eligible."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from mimicrylab.protocol.blocks import Rating
from mimicrylab.protocol.design import Study
from mimicrylab.protocol.forms import EligibilityRule, FormField
from mimicrylab.simulate.people import SHARE_OF_WOMEN, Person

Usual = tuple[float, float]
"""Mean and spread."""

AGE: Usual = (26.0, 6.0)
GLASSES = 0.3
TEXT_ANSWER = "simulated answer"
MAIN_CHOICE = 0.6
"""Share of the first choice of a question without a better rule; the others share the rest evenly."""

RATING_SD = 0.18
"""Spread of a rating as a share of the scale's length, from person to person and from trial to trial."""

EMOTION_RATINGS: Mapping[str | None, float] = {"neutral": 0.25, "fear": 0.7, "sadness": 0.62, None: 0.5}
RATING_OTHERWISE = 0.68
RECOGNISED = 0.72
"""Chance that the emotion shown is chosen: about the hit rate of the Karolinska pictures (Goeleven et al., 2008)."""

FULL_DOSE = ("dose", "puffs")
"""Fields that are given in full: a number field whose name begins so takes its maximum."""
TYPICAL: Mapping[str, tuple[float, float]] = {"systolic": (118.0, 10.0), "diastolic": (72.0, 8.0)}
"""Mean and spread of fields whose range says nothing of what is usual: blood pressure at rest in mmHg."""


def find_share_of_women(study: Study) -> float:
    """Return the share of women among those whom the study takes: 0 or 1 where one sex is not eligible."""
    for form in study.forms:
        for field in form.fields:
            if field.column == "sex":
                allowed = _list_eligible(field, study.eligibility)
                if "female" not in allowed or "male" not in allowed:
                    return float("female" in allowed)
    return SHARE_OF_WOMEN


def answer_forms(study: Study, person: Person, *, age: Usual = AGE) -> dict[str, dict[str, str | None]]:
    """Return a person's answers to every form of the study: form -> field -> answer as text.

    ``age`` is the mean and spread of ages where they are asked for in years.
    """
    generator = person.open_stream("forms")
    return {
        form.name: answer_fields(form.fields, person, generator, eligibility=study.eligibility, age=age)
        for form in study.forms
    }


def answer_fields(
    fields: Sequence[FormField],
    person: Person,
    generator: np.random.Generator,
    *,
    eligibility: Sequence[EligibilityRule] = (),
    age: Usual = AGE,
) -> dict[str, str | None]:
    """Return field -> answer as text. Answers that decide on taking part are eligible ones; given ones are given."""
    return {field.name: _answer_field(field, person, generator, eligibility, age) for field in fields}


def _answer_field(
    field: FormField,
    person: Person,
    generator: np.random.Generator,
    eligibility: Sequence[EligibilityRule],
    age: Usual,
) -> str | None:
    chance, normal = float(generator.random()), float(generator.normal())
    if field.name in person.given:
        return person.given[field.name]
    if field.kind == "yes_no":
        return "yes" if chance < GLASSES else "no"
    if field.kind == "number":
        return f"{_draw_number(field, normal, eligibility, age):g}"
    if field.kind == "text":
        return TEXT_ANSWER
    choices = _list_eligible(field, eligibility)
    if field.column == "sex" and {"female", "male"} & set(choices):
        word = "female" if person.female else "male"
        return word if word in choices else choices[0]
    if chance < MAIN_CHOICE:
        return choices[0]
    return choices[int((chance - MAIN_CHOICE) / (1 - MAIN_CHOICE) * len(choices))]


def _list_eligible(field: FormField, eligibility: Sequence[EligibilityRule]) -> tuple[str, ...]:
    for rule in eligibility:
        if rule.field == field.name and rule.one_of:
            return tuple(choice for choice in field.choices if choice in rule.one_of)
    return field.choices


def _draw_number(field: FormField, normal: float, eligibility: Sequence[EligibilityRule], age: Usual) -> float:
    low = field.minimum if field.minimum is not None else 0.0
    high = field.maximum if field.maximum is not None else 100.0
    for rule in eligibility:
        if rule.field == field.name:
            low = max(low, rule.minimum) if rule.minimum is not None else low
            high = min(high, rule.maximum) if rule.maximum is not None else high
    if field.name.startswith(FULL_DOSE):
        return high
    usual = age if field.column == "age" else ((low + high) / 2, (high - low) / 12)
    middle, spread = TYPICAL.get(field.name, usual)
    return float(np.clip(round(middle + spread * normal), low, high))


def fill_columns(study: Study, answers: Mapping[str, Mapping[str, str | None]]) -> dict[str, object]:
    """Return the participants table's columns that forms fill; ``answers`` is form -> field -> answer."""
    columns: dict[str, object] = {}
    for form in study.forms:
        for field in form.fields:
            answer = answers.get(form.name, {}).get(field.name)
            if field.column is None or answer is None:
                continue
            columns[field.column] = answer
            if field.kind == "yes_no":
                columns[field.column] = answer == "yes"
            elif field.kind == "number":
                columns[field.column] = float(answer)
            if field.column == "age_band":
                columns["age"] = find_middle(answer)
    return columns


def find_middle(band: str) -> float | None:
    """Return the middle of an age band, None where it is open.

    Examples
    --------
    >>> find_middle("18-24"), find_middle("65 or over")
    (21.0, None)
    """
    numbers = [float(number) for number in re.findall(r"\d+", band)]
    return sum(numbers) / 2 if len(numbers) == 2 else None


def answer_rating(rating: Rating, emotion: str | None, *, lean: float, generator: np.random.Generator) -> str:
    """Return a rating as text: 1 to ``points`` (0 to 100 for a slider).

    ``lean`` is how far above or below others this person rates, in standard deviations.
    """
    if rating.choices:
        return _choose_answer(rating.choices, emotion, generator)
    middle = EMOTION_RATINGS.get(emotion, RATING_OTHERWISE)
    place = float(np.clip(middle + RATING_SD * (0.6 * lean + 0.8 * generator.normal()), 0.0, 1.0))
    slider = rating.points == 101
    return str(round(100 * place)) if slider else str(1 + round((rating.points - 1) * place))


def _choose_answer(choices: Sequence[str], emotion: str | None, generator: np.random.Generator) -> str:
    """Return the emotion shown with the chance ``RECOGNISED``, else any other answer."""
    others = [choice for choice in choices if choice != emotion]
    if len(others) < len(choices) and generator.random() < RECOGNISED:
        return str(emotion)
    return str(others[int(generator.integers(len(others)))])
