"""Our own results against themselves: every model's estimates are sound, and a changed number is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import polars as pl
import pytest

from mimicrylab.protocol.analyses import Analysis, Outcome
from mimicrylab.stats.adjustment import adjust_family
from mimicrylab.stats.ancova import compare_adjusted
from mimicrylab.stats.assumptions import check_equal_variances, check_normality
from mimicrylab.stats.correlation import correlate
from mimicrylab.stats.diagnostics import check_regression
from mimicrylab.stats.equivalence import check_group_equivalence
from mimicrylab.stats.estimates import Estimate, decode_estimates, encode_estimates
from mimicrylab.stats.frequencies import compare_frequencies
from mimicrylab.stats.group_tests import compare_groups
from mimicrylab.stats.mixed import fit_mixed
from mimicrylab.stats.moderation import probe_moderation
from mimicrylab.stats.multivariate import regress_outcomes
from mimicrylab.stats.paired_tests import compare_pairs, compare_with_value
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.recheck.own_results import compare_results, recheck_estimates, recheck_results
from mimicrylab.stats.regression import regress
from mimicrylab.stats.repeated import check_sphericity, compare_repeated

PEOPLE = 40


def make_people(seed: int) -> pl.DataFrame:
    """Return one row a person: two groups, a trait, three outcomes and a two-level answer."""
    rng = np.random.default_rng(seed)
    arm = np.where(np.arange(PEOPLE) < 18, "oxytocin", "placebo")
    trait = rng.normal(50, 10, PEOPLE)
    outcomes = {f"AU{place}": rng.normal(0.3, 0.1, PEOPLE) + 0.05 * (arm == "oxytocin") for place in (6, 12, 25)}
    answer = np.where(rng.random(PEOPLE) < 0.5, "yes", "no")
    codes = [f"P{place:02d}" for place in range(PEOPLE)]
    return pl.DataFrame({"participant_id": codes, "arm": arm, "trait": trait, "glasses": answer, **outcomes})


def make_trials(seed: int) -> pl.DataFrame:
    """Return a row a person and emotion."""
    rng = np.random.default_rng(seed)
    level = np.repeat(rng.normal(0, 1, PEOPLE), 3)
    emotion = np.tile(["anger", "happiness", "neutral"], PEOPLE)
    value = level + 0.4 * (emotion == "happiness") + rng.normal(0, 1, 3 * PEOPLE)
    codes = np.repeat([f"P{place:02d}" for place in range(PEOPLE)], 3)
    return pl.DataFrame({"participant_id": codes, "emotion": emotion, "value": value})


def estimate_everything(seed: int) -> list[Estimate]:
    """Return the estimates of every model, with the families that they are corrected in."""
    people, trials = make_people(seed), make_trials(seed)
    two = trials.filter(pl.col("emotion") != "neutral")
    moderated = probe_moderation(people, "AU12", predictor="arm", moderator="AU6")
    adjusted = compare_adjusted(people, "AU12", factors=["arm"], covariates=["AU6"])
    groups = [compare_groups(people, "AU12", group="arm", method=method)
              for method in ("welch", "student", "mann_whitney")]  # fmt: skip
    return [
        *adjust_family(groups, family="H1"),
        compare_groups(people, "AU12", group="arm", method="permutation", draws=200),
        compare_pairs(two, "value", condition="emotion"),
        compare_pairs(two, "value", condition="emotion", method="wilcoxon"),
        compare_with_value(people, "AU12"),
        compare_with_value(people, "AU12", value=0.25),
        correlate(people, "AU12", second="trait"),
        correlate(people, "AU12", second="trait", method="spearman"),
        *regress(people, "AU12", predictors=["trait", "arm"]),
        *regress(people, "AU12", predictors=["trait", "arm"], errors="classic"),
        *regress_outcomes(people, ["AU6", "AU12", "AU25"], predictors=["arm"]),
        *compare_repeated(trials, "value", within=["emotion"]),
        *check_sphericity(trials, "value", within=["emotion"]),
        *gather(fit_mixed(trials, "value", predictors=["emotion"], slopes={"participant_id": []})),
        *gather(adjusted),
        *gather(moderated),
        check_group_equivalence(people, "AU12", group="arm", low=-0.1, high=0.1),
        compare_frequencies(people, "glasses", columns="arm"),
        compare_frequencies(people, "glasses", columns="arm", method="chi_square"),
        *check_normality(people, "AU12", group="arm"),
        check_equal_variances(people, "AU12", group="arm"),
        *check_regression(people, "AU12", ["trait", "arm"]),
    ]


def gather(model: object) -> list[Estimate]:
    """Return every estimate that a model's result holds."""
    held = list(vars(model).values())
    listed = chain.from_iterable(value if isinstance(value, tuple | list) else (value,) for value in held)
    return [each for each in listed if isinstance(each, Estimate)]


@pytest.mark.parametrize("seed", range(4))
def test_the_results_of_every_model_are_sound(seed: int) -> None:
    estimates = decode_estimates(encode_estimates(estimate_everything(seed)))
    assert len(estimates) > 40
    assert recheck_estimates(estimates) == ()


def change_statistic(one: Estimate) -> Estimate:
    assert one.statistic is not None
    assert one.statistic.value is not None
    return replace(one, statistic=replace(one.statistic, value=one.statistic.value * 1.01))


def change_effect(one: Estimate) -> Estimate:
    first, *rest = one.effect_sizes
    assert first.value is not None
    return replace(one, effect_sizes=(replace(first, value=first.value * 1.01), *rest))


def change_group(one: Estimate) -> Estimate:
    first, *rest = one.groups
    assert first.mean is not None
    return replace(one, groups=(replace(first, mean=first.mean + 0.01), *rest))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda one: replace(one, p=(one.p or 0) * 1.01), "p from its statistic"),
        (change_statistic, "t = b / SE"),
        (lambda one: replace(one, se=(one.se or 0) * 1.01), "t = b / SE"),
        (lambda one: replace(one, ci_high=(one.ci_high or 0) + 0.001), "interval"),
        (lambda one: replace(one, df=(one.df[0] + 2,)), "degrees of freedom"),
        (lambda one: replace(one, n=one.n + 2), "people in the groups"),
        (change_effect, "effect size"),
        (change_group, "difference of means"),
        (lambda one: replace(one, p_adjusted=(one.p or 0) / 2), "corrected p"),
        (lambda one: replace(one, p_adjusted=min(1.0, (one.p_adjusted or 0) * 1.1)), "corrected p"),
    ],
)  # fmt: skip
def test_a_changed_number_is_told(change: Callable[[Estimate], Estimate], rule: str) -> None:
    people = make_people(1)
    tests = adjust_family(
        [compare_groups(people, unit, group="arm", method="student") for unit in ("AU6", "AU12")], family="H1"
    )
    assert recheck_estimates(tests) == ()
    changed = [change(tests[0]), tests[1]]
    assert rule in {finding.rule for finding in recheck_estimates(changed)}


def make_result(estimates: Sequence[Estimate], table: pl.DataFrame) -> AnalysisResult:
    analysis = Analysis(id="one", hypothesis="H1", model="two_groups", outcome=Outcome(measure="mean"))
    return AnalysisResult(
        analysis, estimates=tuple(estimates), data=table, roles={"participant_id": "person", "AU12": "outcome"}
    )


def test_n_traces_to_the_table_and_the_table_to_the_study() -> None:
    people = make_people(1)
    test = compare_groups(people, "AU12", group="arm", method="student")
    codes = people["participant_id"].to_list()
    assert recheck_results([make_result([test], people)], people=codes) == ()
    (finding,) = recheck_results([make_result([test], people)], people=codes[1:])
    assert finding.rule == "people of the study"
    assert "1 of them" in finding.follows
    rows = recheck_results([make_result([test], people.head(30))], people=codes)
    assert [finding.means for finding in rows] == ["rows of one person were counted as people"]


def test_a_report_older_than_the_analyses_is_told() -> None:
    people = make_people(1)
    test = replace(compare_groups(people, "AU12", group="arm"), analysis="one", term="oxytocin - placebo")
    assert compare_results([test], [test]) == ()
    (finding,) = compare_results([test], [replace(test, estimate=0.5)])
    assert finding.rule == "report and analyses"
