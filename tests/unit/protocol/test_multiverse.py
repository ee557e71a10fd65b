"""A multiverse names what is varied; what it names must exist."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from mimicrylab.protocol.design import parse_study
from mimicrylab.protocol.multiverse import Multiverse
from unit.protocol.study_texts import SMALL, list_mistakes

PLAN = """\
hypotheses: {H1: it moves}
scales: [{name: EQ-60}]
windows: {early: {stop_s: 2}}
measures:
  - {measure: mean}
  - {measure: presence}
analyses:
  - {id: one, hypothesis: H1, model: correlation, outcome: {measure: mean}, predictors: [{name: EQ-60, kind: trait}]}
  - {id: two, hypothesis: H1, model: description, outcome: {score: EQ-60.total}}
multiverse:
  - analysis: one
    measures: [presence]
    windows: [early]
    baselines: [{method: none}]
    thresholds: [0.1, 0.2]
    direction: positive
"""


def test_a_multiverse_is_read_with_its_alternatives() -> None:
    assert list_mistakes(SMALL + PLAN) == []
    study = parse_study(SMALL + PLAN).study
    assert study is not None
    assert study.multiverse[0].thresholds == (0.1, 0.2)
    assert study.multiverse[0].baselines[0].method == "none"


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("analysis: one", "analysis: on", "multiverse.0.analysis", "no analysis is called 'on' (did you mean 'one'?)"),
        ("analysis: one", "analysis: two", "multiverse.0.analysis", "the outcome of 'two' is a score"),
        ("measures: [presence]", "measures: [peak]", "multiverse.0.measures.0", "no measure is called 'peak'"),
        ("windows: [early]", "windows: [erly]", "multiverse.0.windows.0", "no window is called 'erly'"),
    ],
)
def test_names_must_lead_somewhere(old: str, new: str, place: str, words: str) -> None:
    assert old in PLAN
    found = [mistake for mistake in list_mistakes(SMALL + PLAN.replace(old, new)) if f": {place}: " in mistake]
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"analysis": "one"}, "no alternative is named"),
        ({"analysis": "one", "windows": ("early", "early")}, "windows names a choice twice"),
        ({"analysis": "one", "maximum_grades": (4,)}, "less than or equal to 3"),
    ],
)
def test_alternatives_are_named_once(settings: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Multiverse.model_validate(settings)
