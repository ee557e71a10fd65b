"""Our numbers beside R's: one entry a number in tests/data/golden/golden.json and models.json, with the digits.

The models' entries stand in ``golden_models``.

The tests and docs/validation.md are both made from this list, so the page cannot say what the tests do not check.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from mimicrylab.stats.adjustment import adjust_p
from mimicrylab.stats.agreement import estimate_consistency, estimate_kappa
from mimicrylab.stats.assumptions import check_equal_variances, check_normality
from mimicrylab.stats.contrasts import contrast_conditions
from mimicrylab.stats.correlation import correlate
from mimicrylab.stats.equivalence import check_group_equivalence
from mimicrylab.stats.estimates import EffectSize, Estimate
from mimicrylab.stats.frequencies import compare_frequencies
from mimicrylab.stats.group_tests import compare_groups
from mimicrylab.stats.model_matrix import build_model_matrix
from mimicrylab.stats.paired_tests import compare_pairs, compare_with_value
from mimicrylab.stats.regression import compute_inflation, regress
from mimicrylab.stats.reliability import estimate_alpha, estimate_omega, estimate_split_half
from mimicrylab.stats.resampling import bootstrap_interval

GOLDEN = Path(__file__).parent / "data" / "golden"
ARMS = ("oxytocin", "placebo")
P_VALUES = [0.001, 0.012, 0.013, 0.04, 0.045, 0.2, 0.7]


@cache
def read_golden() -> dict[str, dict[str, object]]:
    files = [json.loads((GOLDEN / name).read_text(encoding="utf-8")) for name in ("golden.json", "models.json")]
    return {name: number for file in files for name, number in file["numbers"].items()}


@cache
def read_people() -> pl.DataFrame:
    people = pl.read_csv(GOLDEN / "people.csv").rename({"id": "participant_id"})
    return people.with_columns(
        high=pl.when(pl.col("eq") > 46).then(pl.lit("yes")).otherwise(pl.lit("no")),
        liking=pl.col("lik").cast(pl.String),
        rater=((pl.col("AU6") > 0.1).cast(pl.Int8) + (pl.col("AU6") > 0.2).cast(pl.Int8)),
        other=((pl.col("AU12") > 0.1).cast(pl.Int8) + (pl.col("AU12") > 0.2).cast(pl.Int8)),
    )


@cache
def read_pairs() -> pl.DataFrame:
    people = read_people()
    first = people.filter(treat=1)["mim"].head(20)
    second = people.filter(treat=0)["mim"].head(20)
    return pl.DataFrame(
        {"participant_id": [*range(20)] * 2, "group": ["x"] * 20 + ["y"] * 20, "mim": [*first, *second]}
    )


@cache
def read_trials() -> pl.DataFrame:
    return pl.read_csv(GOLDEN / "trials.csv").rename({"subject": "participant_id", "model": "model_id"})


def list_test(result: Estimate, *, estimate: bool = False, error: bool = True) -> list[float | None]:
    """Return statistic, df, p, limits and standard error, as the R lines print them."""
    numbers = [result.estimate] if estimate else []
    assert result.statistic
    numbers += [result.statistic.value, *result.df, result.p, result.ci_low, result.ci_high]
    return [*numbers, result.se] if error else numbers


def limits(effect: EffectSize) -> list[float | None]:
    return [effect.ci_low, effect.ci_high]


def compare(outcome: str, **options: object) -> Estimate:
    return compare_groups(read_people(), outcome, group="treatment", order=ARMS, **options)


def compare_few(**options: object) -> Estimate:
    table = read_pairs().with_columns(participant_id=pl.int_range(40))
    return compare_groups(table, "mim", group="group", **options)


def pair(**options: object) -> Estimate:
    return compare_pairs(read_pairs(), "mim", condition="group", **options)


def fit(**options: object) -> list[Estimate]:
    return regress(read_people(), "eq", predictors=["AU6", "AU12", "AU25"], **options)


def rate_models() -> tuple[Estimate, Estimate]:
    return estimate_consistency(read_trials().filter(emotion="happiness"), "y", rater="model_id")


def split_models() -> Estimate:
    return estimate_split_half(read_trials().filter(emotion="happiness"), "y")


def contrast() -> Estimate:
    means = read_trials().group_by("participant_id", "emotion").agg(pl.col("y").mean())
    codes = {"happiness": 1.0, "anger": -1 / 3, "fear": -1 / 3, "neutral": -1 / 3}
    return contrast_conditions(means, "y", condition="emotion", codes=codes)


def bound_mean() -> tuple[float | None, float | None]:
    values = read_people()["lik"].cast(pl.Float64).to_numpy()
    return bootstrap_interval(values, lambda v, axis: v.mean(axis=axis), seed=1, draws=20_000)


def bound_pearson() -> tuple[float | None, float | None]:
    def compute(x, y, axis):
        x = x - x.mean(axis=axis, keepdims=True)
        y = y - y.mean(axis=axis, keepdims=True)
        return (x * y).sum(axis=axis) / ((x**2).sum(axis=axis) * (y**2).sum(axis=axis)) ** 0.5

    return bootstrap_interval(read_people().select("mim", "eq").to_numpy(), compute, seed=1, draws=20_000)


def list_frequencies(columns: str, **options: object) -> Estimate:
    return compare_frequencies(read_people(), "treatment", columns=columns, **options)


def fisher() -> list[float | None]:
    result = list_frequencies("high", method="fisher")
    return [result.estimate, result.ci_low, result.ci_high, result.p]


@dataclass(frozen=True)
class Comparison:
    """One golden number: what it is, how we compute it, and the relative difference that is allowed and why."""

    name: str
    what: str
    compute: Callable[[], list[float | None]]
    tolerance: float = 1e-9
    why: str = ""

    @property
    def call(self) -> str:
        return str(read_golden()[self.name]["call"])

    @property
    def expected(self) -> list[float]:
        return [float(value) for value in read_golden()[self.name]["value"]]

    def measure_difference(self) -> float:
        """Return the largest difference, relative to the expected number."""
        found = self.compute()
        assert len(found) == len(self.expected), self.name
        return max(
            abs(ours - theirs) / max(abs(theirs), 1e-300) if ours is not None else math.inf
            for ours, theirs in zip(found, self.expected, strict=True)
        )


SEARCHED = "R searches it numerically"
ROOT = "R finds a root with tolerance 1e-4; ours is an order statistic"
RANDOM = "random draws on both sides"

COMPARISONS = [
    Comparison("student", "Student's t, df, p, interval, SE", lambda: list_test(compare("mim", method="student"))),
    Comparison("welch", "Welch's t, df, p, interval, SE", lambda: list_test(compare("mim"))),
    Comparison("d_pooled", "Cohen's d, pooled SD", lambda: [compare("mim", method="student").effect_sizes[0].value]),
    Comparison(
        "d_pooled_limits",
        "its noncentral-t interval",
        lambda: limits(compare("mim", method="student").effect_sizes[0]),
    ),
    Comparison("d_average", "Cohen's d, average SD", lambda: [compare("mim").effect_sizes[0].value]),
    Comparison("d_average_limits", "its interval", lambda: limits(compare("mim").effect_sizes[0]), 1e-5, SEARCHED),
    Comparison("g_pooled", "Hedges' exact g", lambda: [compare("mim", method="student").effect_sizes[1].value]),
    Comparison("g_average", "Hedges' exact g, average SD", lambda: [compare("mim").effect_sizes[1].value]),
    Comparison(
        "mann_whitney_ties",
        "Mann-Whitney U and p with ties",
        lambda: [(r := compare("lik", method="mann_whitney")).statistic.value, r.p],
    ),
    Comparison(
        "mann_whitney_exact",
        "Mann-Whitney U and p, exact",
        lambda: [(r := compare_few(method="mann_whitney")).statistic.value, r.p],
    ),
    Comparison(
        "mann_whitney_exact_shift",
        "Hodges-Lehmann shift and exact interval",
        lambda: [(r := compare_few(method="mann_whitney")).estimate, r.ci_low, r.ci_high],
    ),
    Comparison("mann_whitney_normal", "Mann-Whitney p, normal", lambda: [compare("mim", method="mann_whitney").p]),
    Comparison(
        "mann_whitney_normal_shift",
        "Hodges-Lehmann shift and normal interval",
        lambda: [(r := compare("mim", method="mann_whitney")).estimate, r.ci_low, r.ci_high],
        0.01,
        ROOT,
    ),
    Comparison(
        "rank_biserial",
        "rank-biserial correlation and interval",
        lambda: [(e := compare("lik", method="mann_whitney").effect_sizes[0]).value, *limits(e)],
    ),
    Comparison("paired", "paired t: mean, t, df, p, interval, SE", lambda: list_test(pair(), estimate=True)),
    Comparison("d_z", "d_z", lambda: [pair().effect_sizes[0].value]),
    Comparison("d_z_limits", "its noncentral-t interval", lambda: limits(pair().effect_sizes[0])),
    Comparison("g_z", "g_z", lambda: [pair().effect_sizes[1].value]),
    Comparison(
        "one_sample",
        "one-sample t, df, p, interval of the mean, SE",
        lambda: [
            (r := compare_with_value(read_people(), "eq", value=45)).statistic.value,
            *r.df,
            r.p,
            r.ci_low + 45,
            r.ci_high + 45,
            r.se,
        ],
    ),
    Comparison(
        "wilcoxon_exact", "Wilcoxon W+ and p, exact", lambda: [(r := pair(method="wilcoxon")).statistic.value, r.p]
    ),
    Comparison(
        "wilcoxon_exact_shift",
        "pseudo-median and exact interval",
        lambda: [(r := pair(method="wilcoxon")).estimate, r.ci_low, r.ci_high],
    ),
    Comparison(
        "wilcoxon_normal",
        "Wilcoxon W+ and p with ties and zeros",
        lambda: [
            (r := compare_with_value(read_people(), "lik", value=3, method="wilcoxon")).statistic.value,
            r.p,
        ],
    ),
    Comparison(
        "signed_rank_biserial",
        "matched rank-biserial correlation and interval",
        lambda: [(e := pair(method="wilcoxon").effect_sizes[0]).value, *limits(e)],
    ),
    Comparison(
        "shapiro",
        "Shapiro-Wilk W and p",
        lambda: [(r := check_normality(read_people(), "mim", group="treatment")[0]).estimate, r.p],
        1e-6,
        "AS R94 in single precision constants",
    ),
    Comparison(
        "shapiro_floor",
        "Shapiro-Wilk W and p, five-point ratings",
        lambda: [(r := check_normality(read_people(), "lik", group="treatment")[0]).estimate, r.p],
        1e-6,
        "AS R94 in single precision constants",
    ),
    Comparison(
        "levene_median",
        "Levene's F and p, median",
        lambda: [(r := check_equal_variances(read_people(), "mim", group="treatment")).statistic.value, r.p],
    ),
    Comparison(
        "levene_mean",
        "Levene's F and p, mean",
        lambda: [
            (r := check_equal_variances(read_people(), "mim", group="treatment", center="mean")).statistic.value,
            r.p,
        ],
    ),
    Comparison(
        "chi_square",
        "chi-square, df, p",
        lambda: [(r := list_frequencies("liking")).statistic.value, *r.df, r.p],
    ),
    Comparison("cramers_v", "Cramer's V", lambda: [list_frequencies("liking").estimate]),
    Comparison("chi_square_yates", "p with Yates' correction", lambda: [list_frequencies("high", continuity=True).p]),
    Comparison("fisher", "Fisher: odds ratio, interval, p", fisher, 1e-3, "R finds the odds ratio with tolerance 1e-4"),
    Comparison(
        "tost_student",
        "TOST p, Student",
        lambda: [
            check_group_equivalence(
                read_people(), "mim", group="treatment", order=ARMS, low=-0.05, high=0.05, pooled=True
            ).p
        ],
    ),
    Comparison(
        "tost_welch",
        "TOST p, Welch",
        lambda: [check_group_equivalence(read_people(), "mim", group="treatment", order=ARMS, low=-0.05, high=0.05).p],
    ),
    Comparison(
        "pearson",
        "Pearson's r, t, df, p, interval",
        lambda: list_test(correlate(read_people(), "mim", second="eq"), estimate=True, error=False),
    ),
    Comparison(
        "spearman",
        "Spearman's rho and p",
        lambda: [(r := correlate(read_people(), "mim", second="lik", method="spearman")).estimate, r.p],
    ),
    Comparison(
        "kendall",
        "Kendall's tau-b and p with ties",
        lambda: [(r := correlate(read_people(), "mim", second="lik", method="kendall")).estimate, r.p],
    ),
    Comparison("holm", "Holm's adjusted p", lambda: adjust_p(P_VALUES)),
    Comparison("bh", "Benjamini-Hochberg's adjusted p", lambda: adjust_p(P_VALUES, method="bh")),
    Comparison("alpha", "Cronbach's alpha", lambda: [estimate_alpha(read_people(), ["AU6", "AU12", "AU25"]).estimate]),
    Comparison(
        "alpha_feldt",
        "Feldt's interval of alpha",
        lambda: [(r := estimate_alpha(read_people(), ["AU6", "AU12", "AU25"])).ci_low, r.ci_high],
    ),
    Comparison(
        "omega",
        "McDonald's omega",
        lambda: [estimate_omega(read_people(), ["AU6", "AU12", "AU25"]).estimate],
        1e-4,
        SEARCHED,
    ),
    Comparison(
        "icc_3_1",
        "ICC(3,1), F, df, p, interval",
        lambda: [(r := rate_models()[0]).estimate, r.statistic.value, *r.df, r.p, r.ci_low, r.ci_high],
    ),
    Comparison("icc_3_k", "ICC(3,8) and interval", lambda: [(r := rate_models()[1]).estimate, r.ci_low, r.ci_high]),
    Comparison("split_half", "mean correlation of all halves", lambda: [split_models().effect_sizes[0].value]),
    Comparison(
        "kappa",
        "Cohen's kappa, SE, interval",
        lambda: [(r := estimate_kappa(read_people(), "rater", second="other")).estimate, r.se, r.ci_low, r.ci_high],
    ),
    Comparison("ols", "OLS coefficients", lambda: [line.estimate for line in fit()[1:]]),
    Comparison("ols_se", "classic SE", lambda: [line.se for line in fit(errors="classic")[1:]]),
    Comparison("ols_p", "classic p", lambda: [line.p for line in fit(errors="classic")[1:]]),
    Comparison("ols_hc3_se", "HC3 SE", lambda: [line.se for line in fit()[1:]]),
    Comparison("ols_hc3_p", "HC3 p", lambda: [line.p for line in fit()[1:]]),
    Comparison(
        "ols_fit",
        "R squared, adjusted, F, df, p",
        lambda: [
            (r := fit(errors="classic")[0]).estimate,
            r.effect_sizes[1].value,
            r.statistic.value,
            *r.df,
            r.p,
        ],
    ),
    Comparison("ols_hc3_wald", "Wald F and p, HC3", lambda: [(r := fit()[0]).statistic.value, r.p]),
    Comparison(
        "vif",
        "variance inflation",
        lambda: list(compute_inflation(build_model_matrix(read_people(), ["AU6", "AU12", "AU25"])).values()),
    ),
    Comparison(
        "interaction",
        "product of two predictors: b, SE, p",
        lambda: [
            (
                r := regress(read_people(), "mim", predictors=["treat", "neutral", "treat:neutral"], errors="classic")[
                    -1
                ]
            ).estimate,
            r.se,
            r.p,
        ],
    ),
    Comparison(
        "factors",
        "treatment-coded factor: b",
        lambda: [line.estimate for line in regress(read_people(), "mim", predictors=["liking", "eq"])[1:]],
    ),
    Comparison(
        "contrast",
        "within-person contrast: mean, t, df, p, interval",
        lambda: list_test(contrast(), estimate=True, error=False),
    ),
    Comparison("bca_mean", "BCa interval of a mean", lambda: list(bound_mean()), 0.01, RANDOM),
    Comparison("bca_correlation", "BCa interval of a correlation", lambda: list(bound_pearson()), 0.15, RANDOM),
]
