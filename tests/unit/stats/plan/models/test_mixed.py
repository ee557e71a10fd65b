import polars as pl
import pytest

from golden_comparisons import read_trials
from made_plans import find_line, make_analysis, make_data, make_question
from mimicrylab.stats.mixed import fit_mixed
from mimicrylab.stats.plan.models.catalogue import run_analysis
from mimicrylab.stats.plan.models.mixed import fit_trials

TRIALS = read_trials().with_columns(
    pl.col("participant_id").cast(pl.String),
    happy=(pl.col("emotion") == "happiness").cast(pl.Float64),
    value=pl.col("y"),
)
BOTH = [{"name": "happy", "kind": "within", "interacts_with": ["group"]}, {"name": "group", "kind": "trait"}]


def test_a_slope_for_every_within_factor_and_models_crossed() -> None:
    result = fit_trials(make_question(TRIALS, "mixed", predictors=BOTH))
    models = TRIALS["model_id"].n_unique()
    assert models >= 5
    assert result.tests == ("happy:group",)
    line = find_line(result, "happy:group")
    assert "random intercept, happy over" in line.method
    assert f"random intercept over {models} model_id" in line.method
    centred = TRIALS.with_columns(happy=pl.col("happy") - pl.col("happy").mean())
    expected = fit_mixed(
        centred.with_columns(group=pl.col("group").cast(pl.Float64) - pl.col("group").mean())
        if TRIALS["group"].dtype.is_numeric()
        else centred,
        "value",
        predictors=["happy", "group", "happy:group"],
        stimulus="model_id",
    )
    assert line.p == pytest.approx(expected.coefficients[-1].p, rel=1e-4)
    assert "converged" in find_line(result, "deviance").method


def test_few_models_are_fixed_and_told() -> None:
    few = TRIALS.filter(pl.col("model_id").is_in(TRIALS["model_id"].unique().sort()[:4].implode()))
    result = fit_trials(make_question(few, "mixed", predictors={"happy": "within"}))
    assert any("do not generalise over stimuli" in note for note in result.notes)
    assert "model_id" not in result.estimates[0].method


def test_as_published_has_intercepts_only_and_says_what_that_does() -> None:
    result = fit_trials(make_question(TRIALS, "mixed", predictors={"happy": "within"}, as_published=True))
    assert "19 % false positives" in str(result.published)
    assert any("takes rows for people" in warning for warning in result.estimates[0].warnings)


def test_fewer_slopes_can_be_named_and_the_rest_is_told() -> None:
    table = TRIALS.with_columns(late=(pl.int_range(pl.len()) % 2).cast(pl.Float64))
    predictors = {"happy": "within", "late": "within"}
    result = fit_trials(make_question(table, "mixed", predictors=predictors, slopes=["happy"]))
    assert "no slope of late" in " ".join(result.estimates[0].warnings)


def test_a_factor_of_several_levels_is_tested_by_its_f() -> None:
    result = fit_trials(make_question(TRIALS, "mixed", predictors={"emotion": "within"}, slopes=[]))
    assert result.tests == ("F of emotion",)


def test_congruence_by_treatment_on_trials_finds_what_was_planted() -> None:
    """Oxytocin adds .3 to the congruent value of AU12 in happiness."""
    plan = make_analysis(
        "mixed",
        outcome={"measure": "mean", "signals": ["AU12"], "emotions": ["happiness"]},
        predictors=[
            {"name": "congruence", "kind": "within", "interacts_with": ["treatment"]},
            {"name": "treatment", "kind": "treatment"},
        ],
    )
    result = run_analysis(make_data(40), plan, 1)
    assert result.state == "done", result.reason
    line = find_line(result, "congruence[congruent]:treatment[oxytocin]")
    assert line.estimate == pytest.approx(0.3, abs=0.2)
    assert result.tests == (line.term,)
    assert any("4 models" in note for note in result.notes)
