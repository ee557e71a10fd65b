import polars as pl
import pytest

from made_plans import find_line, make_question
from mimicrylab.stats.plan.models.description import describe_outcome

TABLE = pl.DataFrame(
    {
        "participant_id": [f"P{i}" for i in range(6)],
        "value": [1.0, 2.0, 3.0, 4.0, 10.0, None],
        "answer": ["yes", "yes", "yes", "no", None, "no"],
        "arm": ["a", "a", "b", "b", "b", "a"],
    }
)


def test_numbers() -> None:
    result = describe_outcome(make_question(TABLE, "description"))
    line = find_line(result, "mean")
    assert (line.estimate, line.n, line.groups[0].median) == (4.0, 5, 3.0)
    assert line.groups[0].sd == pytest.approx(12.5**0.5)
    assert {effect.name: effect.value for effect in line.effect_sizes} == {
        "lowest": 1.0,
        "first quartile": 2.0,
        "median": 3.0,
        "third quartile": 4.0,
        "highest": 10.0,
    }
    assert line.warnings == ("1 without a value",)
    assert result.tests == ()
    assert [check.term for check in result.checks] == ["normality"]


def test_groups_and_answers() -> None:
    result = describe_outcome(make_question(TABLE, "description", predictors={"arm": "treatment"}))
    assert [(line.term, line.estimate) for line in result.estimates] == [("a, mean", 1.5), ("b, mean", 17 / 3)]
    answers = describe_outcome(make_question(TABLE, "description", outcome="answer"))
    assert [(line.term, line.estimate) for line in answers.estimates] == [("no", 0.4), ("yes", 0.6)]
    assert answers.estimates[1].ci_low == pytest.approx(0.2307, abs=1e-4)


def test_nobody_has_a_value() -> None:
    empty = TABLE.with_columns(value=pl.lit(None, pl.Float64))
    assert describe_outcome(make_question(empty, "description")).estimates[0].warnings == ("nobody has a value",)
