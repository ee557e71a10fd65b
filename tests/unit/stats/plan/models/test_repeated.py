import numpy as np
import polars as pl
import pytest

from golden_comparisons import read_trials
from made_plans import find_line, make_question
from mimicrylab.stats.plan.models.repeated import compare_conditions
from mimicrylab.stats.repeated import compare_repeated

MEANS = (
    read_trials()
    .group_by("participant_id", "emotion", "group")
    .agg(value=pl.col("y").mean())
    .with_columns(pl.col("participant_id").cast(pl.String), pl.col("group").cast(pl.String))
    .sort("participant_id", "emotion")
)
BOTH = [{"name": "emotion", "kind": "within", "interacts_with": ["group"]}, {"name": "group", "kind": "trait"}]


def test_the_declared_interaction_answers() -> None:
    result = compare_conditions(make_question(MEANS, "repeated", predictors=BOTH))
    expected = {line.term: line for line in compare_repeated(MEANS, "value", within=["emotion"], between=["group"])}
    assert result.tests == ("group:emotion",)
    assert find_line(result, "group:emotion").p == expected["group:emotion"].p
    assert "Greenhouse-Geisser" in find_line(result, "emotion").method
    assert [check.term for check in result.checks] == ["sphericity, emotion"]
    assert result.curves["means"].columns == ["group", "emotion", "n", "mean", "sd"]


def test_without_interaction_main_effects_answer() -> None:
    result = compare_conditions(make_question(MEANS, "repeated", predictors={"emotion": "within"}))
    assert result.tests == ("emotion",)


def test_planned_contrasts_come_first_and_are_compared_between_groups() -> None:
    weights = {"happiness": 1, "neutral": -1}
    plan = {"predictors": BOTH, "contrasts": [{"name": "happy", "weights": weights}]}
    result = compare_conditions(make_question(MEANS, "repeated", **plan))
    groups = sorted(MEANS["group"].unique())
    assert result.tests == ("happy", f"happy, {groups[0]} - {groups[1]}")
    wide = MEANS.pivot("emotion", index=["participant_id", "group"], values="value")
    scores = wide.with_columns(score=pl.col("happiness") - pl.col("neutral"))
    assert find_line(result, "happy").estimate == pytest.approx(scores["score"].mean())
    first, second = (scores.filter(group=name)["score"].mean() for name in groups)
    assert find_line(result, result.tests[1]).estimate == pytest.approx(first - second)


def test_as_published_takes_sphericity_for_granted() -> None:
    result = compare_conditions(make_question(MEANS, "repeated", predictors={"emotion": "within"}, as_published=True))
    line = find_line(result, "emotion")
    assert np.allclose(line.df, np.round(line.df))
    assert "Sphericity is taken for granted" in str(result.published)
