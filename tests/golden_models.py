"""The models beside R: entries of tests/data/golden/models.json, see ``golden_comparisons``."""

from __future__ import annotations

from functools import cache

import polars as pl

from golden_comparisons import GOLDEN, Comparison, read_pairs, read_people, read_trials
from mimicrylab.stats.ancova import Ancova, compare_adjusted
from mimicrylab.stats.bayes_factors import weigh_correlation, weigh_groups, weigh_pairs, weigh_value
from mimicrylab.stats.bounded import regress_share, regress_two_parts
from mimicrylab.stats.diagnostics import check_regression
from mimicrylab.stats.effect_sizes import explain_share
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.hazards import regress_hazard
from mimicrylab.stats.mixed import MixedModel, fit_mixed
from mimicrylab.stats.moderation import Moderation, probe_moderation
from mimicrylab.stats.multivariate import compare_outcomes, regress_outcomes
from mimicrylab.stats.power import estimate_power, find_detectable_effect
from mimicrylab.stats.power_designs import (
    CorrelationDesign,
    Design,
    GroupsDesign,
    RegressionDesign,
    RepeatedDesign,
    WithinDesign,
)
from mimicrylab.stats.prediction import fit_elastic_net
from mimicrylab.stats.regression import regress
from mimicrylab.stats.repeated import check_sphericity, compare_repeated
from mimicrylab.stats.survival import compare_latencies, estimate_medians, estimate_responders, tabulate_onsets

UNITS = ["AU6", "AU12", "AU25"]


def share(f: float, df: float, df_residual: float) -> list[float | None]:
    effect = explain_share(f, df, df_residual)
    return [effect.value, effect.ci_low, effect.ci_high]


def manova(predictors: list[str], tested: str) -> list[float | None]:
    lines = compare_outcomes(read_people(), UNITS, predictors=predictors)
    return [
        number
        for line in lines
        if line.term == tested
        for number in (line.estimate, line.statistic.value, *line.df, line.p)
    ]


@cache
def diagnose(place: int) -> Estimate:
    return check_regression(read_people(), "eq", UNITS)[place]


@cache
def probe(outcome: str = "mim", errors: str = "classic") -> Moderation:
    people = read_people()
    centred = pl.col("neutral") - pl.col("neutral").mean()
    table = people.with_columns(strong=pl.col("mim") + pl.col("treat") * centred)
    return probe_moderation(table, outcome, predictor="treat", moderator="neutral", errors=errors)


def line_of(line: Estimate, *, limits: bool = False) -> list[float | None]:
    between = [line.ci_low, line.ci_high] if limits else []
    return [line.estimate, line.se, *between, line.statistic.value, line.p]


def last_of_line() -> list[float]:
    line = probe().line_band.filter(pl.col("predictor") == 0).tail(1)
    other = probe().line_band.filter(pl.col("predictor") == 1).tail(1)
    return [value for name in ("fitted", "ci_low", "ci_high") for value in (line[name][0], other[name][0])]


@cache
def read_kept() -> pl.DataFrame:
    trials = read_trials().with_row_index("row", offset=1)
    dropped = [3, *range(40, 53), 100, *range(700, 731)]
    return trials.filter(~pl.col("row").is_in(dropped)).with_columns(
        happy=(pl.col("emotion") == "happiness").cast(pl.Int8)
    )


@cache
def cluster(errors: str) -> list[Estimate]:
    predictors = ["happy", "group", "happy:group"]
    return regress(read_kept(), "y", predictors=predictors, cluster="participant_id", errors=errors)[1:]


@cache
def mixed(name: str) -> MixedModel:
    """Return one of the models of make_models.R by its name there."""
    trials = read_trials().with_columns(happy=(pl.col("emotion") == "happiness").cast(pl.Int8))
    emotions = ["emotion", "group", "emotion:group"]
    happy = ["happy", "group", "happy:group"]
    neutral = {"emotion": "neutral"}
    if name == "person":
        return fit_mixed(trials, "y", predictors=emotions, references=neutral, slopes={"participant_id": []})
    if name == "crossed":
        return fit_mixed(
            trials,
            "y",
            predictors=emotions,
            references=neutral,
            stimulus="model_id",
            slopes={"participant_id": []},
        )
    if name == "slope":
        return fit_mixed(trials, "y", predictors=happy)
    if name == "both":
        return fit_mixed(read_kept(), "y", predictors=happy, stimulus="model_id", slopes={"model_id": ["group"]})
    return fit_mixed(read_kept(), "y", predictors=happy, stimulus="model_id", correlated=False)


def spread(name: str) -> list[float | None]:
    """Return deviance, then R's VarCorr: for each term its SDs and correlations, last that of the residuals."""
    model = mixed(name)
    return [model.deviance, *[component.estimate for component in model.components]]


def compare_mixed(name: str, what: str) -> list[Comparison]:
    return [
        Comparison(f"mixed_{name}_b", f"{what}: b", lambda: [r.estimate for r in mixed(name).coefficients], 1e-6, BOTH),
        Comparison(f"mixed_{name}_se", "SE", lambda: [r.se for r in mixed(name).coefficients], 1e-6, BOTH),
        Comparison(
            f"mixed_{name}_df", "Satterthwaite's df", lambda: [r.df[0] for r in mixed(name).coefficients], 1e-5, NUMERIC
        ),
        Comparison(f"mixed_{name}_p", "p", lambda: [r.p for r in mixed(name).coefficients], 1e-5, NUMERIC),
        Comparison(f"mixed_{name}_deviance", "deviance; SDs and correlations", lambda: spread(name), 1e-5, BOTH),
    ]


@cache
def read_cells() -> pl.DataFrame:
    trials = read_trials().with_columns(
        half=pl.when(pl.col("model_id").str.slice(1).cast(pl.Int64) < 4)
        .then(pl.lit("first"))
        .otherwise(pl.lit("second")),
        other=pl.when(pl.col("participant_id").str.slice(1).cast(pl.Int64) % 3 == 0)
        .then(pl.lit("x"))
        .otherwise(pl.lit("y")),
    )
    return trials.group_by("participant_id", "emotion", "half", "group", "other").agg(pl.col("y").mean())


def anova(order: list[str], **options: object) -> list[float | None]:
    """Return df, F, generalised and partial eta squared, p of each effect in R's order."""
    lines = {line.term: line for line in compare_repeated(read_cells(), "y", **options)}
    chosen = [lines.pop(name) for name in order]
    assert not lines
    return [
        n
        for line in chosen
        for n in (*line.df, line.statistic.value, line.effect_sizes[1].value, line.effect_sizes[0].value, line.p)
    ]


def one_way() -> list[float | None]:
    means = read_trials().group_by("participant_id", "emotion").agg(pl.col("y").mean())
    line = compare_repeated(means, "y", within=["emotion"])[0]
    return [*line.df, line.statistic.value, line.effect_sizes[1].value, line.effect_sizes[0].value, line.p]


def sphericity() -> list[Estimate]:
    return check_sphericity(read_cells(), "y", within=["emotion", "half"], between=["group"])


def mauchly() -> list[float | None]:
    """Return W and p as R lists them: each effect once alone and once by group."""
    first, second = ([line.estimate, line.p] for line in sphericity())
    return [*first, *first, *second, *second]


@cache
def adjust(errors: str = "classic") -> Ancova:
    table = read_people().with_columns(
        side=pl.when(pl.col("participant_id") % 3 == 0).then(pl.lit("left")).otherwise(pl.lit("right"))
    )
    return compare_adjusted(table, "mim", factors=["treatment", "side"], covariates=["neutral", "eq"], errors=errors)


def rated() -> list[float | None]:
    found = compare_adjusted(read_people(), "mim", factors=["liking"], covariates=["neutral"], errors="classic")
    return sorted(line.p_adjusted for line in found.differences)


def power(design: Design, people: int, effect: float, alpha: float = 0.05) -> float | None:
    return estimate_power(design, people=people, effect=effect, alpha=alpha).estimate


@cache
def read_latencies() -> pl.DataFrame:
    """Return people with a latency, censored at 6 s."""
    time = (8 - 10 * pl.col("AU12")).round(1)
    return read_people().with_columns(
        censored=time >= 6, latency=pl.when(time < 6).then(pl.max_horizontal(time, 0.1)).otherwise(None)
    )


@cache
def read_trial_latencies() -> pl.DataFrame:
    time = (2 - pl.col("y")).round(1)
    return read_kept().with_columns(
        censored=time >= 3, latency=pl.when(time < 3).then(pl.max_horizontal(time, 0.1)).otherwise(None)
    )


def curve() -> list[float | None]:
    """Return numbers waiting, shares and limits after 4, 5 and 5.5 s, one arm after the other."""
    table = tabulate_onsets(read_latencies(), "latency", until_s=6.0, group="treatment")
    places = [(arm, time) for arm in ("oxytocin", "placebo") for time in (4.0, 5.0, 5.5)]
    waiting = [table.filter(group=arm).filter(pl.col("time_s") >= time)["at_risk"][0] for arm, time in places]
    rest = [
        table.filter(group=arm).filter(pl.col("time_s") <= time)[column][-1]
        for column in ("waiting", "ci_low", "ci_high")
        for arm, time in places
    ]
    return [*waiting, *rest]


def medians() -> list[float | None]:
    found = estimate_medians(read_latencies(), "latency", until_s=6.0, group="treatment")
    return [getattr(line, name) for name in ("estimate", "ci_low", "ci_high") for line in found]


def log_rank(group: str) -> list[float | None]:
    line = compare_latencies(read_latencies(), "latency", until_s=6.0, group=group)
    return [line.statistic.value, line.p]


def cox() -> list[Estimate]:
    return regress_hazard(read_latencies(), "latency", until_s=6.0, predictors=["eq", "treatment", "neutral"])


def cox_cluster() -> list[Estimate]:
    return regress_hazard(
        read_trial_latencies(), "latency", until_s=3.0, predictors=["happy", "group"], cluster="participant_id"
    )


@cache
def share_lines() -> list[Estimate]:
    table = read_people().with_columns(rate=(pl.col("AU12") - 0.2).clip(0, 1))
    return regress_share(table, "rate", predictors=["neutral", "treatment"])


@cache
def part_lines() -> list[Estimate]:
    table = read_people().with_columns(floored=pl.max_horizontal("AU12", 0.3))
    return regress_two_parts(table, "floored", predictors=["neutral", "treatment"], floor=0.3)


def columns_of(lines: list[Estimate], *names: str) -> list[float | None]:
    return [getattr(line, name) for name in names for line in lines]


def elastic_net() -> list[float]:
    """Return glmnet's coefficients: it scales y by its standard deviation."""
    table = pl.read_csv(GOLDEN / "prediction.csv")
    x, y = table.drop("y").to_numpy(), table["y"].to_numpy()
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    sd = y.std()
    path = fit_elastic_net(z, (y - y.mean()) / sd, mix=0.5, strengths=[0.5 / sd], tolerance=1e-14)
    return [y.mean(), *(path[:, 0] * sd)]


ONE = ["group", "emotion", "group:emotion", "half", "group:half", "emotion:half", "group:emotion:half"]
TWO = [
    "group",
    "other",
    "group:other",
    "emotion",
    "group:emotion",
    "other:emotion",
    "group:other:emotion",
    "half",
    "group:half",
    "other:half",
    "group:other:half",
    "emotion:half",
    "group:emotion:half",
    "other:emotion:half",
    "group:other:emotion:half",
]
CELLS = "R puts the number of cells where that of contrasts belongs (3p in Box's second term)"
ROOT = "R finds a root with tolerance 1e-4"
BOTH = "both search numerically"
NUMERIC = "lmerTest differentiates numerically"
SEARCHED = "R searches it numerically"
SUMMED = "R sums the noncentral F to 1e-9"

MODEL_COMPARISONS = [
    Comparison(
        "manova_two_groups",
        "MANOVA of two groups: Wilks, Pillai, Hotelling, Roy, each with F, df, p",
        lambda: manova(["treatment"], "treatment"),
    ),
    Comparison(
        "manova_factor", "MANOVA, factor of five levels beside a covariate", lambda: manova(["eq", "liking"], "liking")
    ),
    Comparison("manova_covariate", "MANOVA, covariate beside a factor", lambda: manova(["liking", "eq"], "eq")),
    Comparison(
        "manova_outcomes",
        "b, SE, t, p of each outcome",
        lambda: [
            number
            for column in zip(
                *[
                    line_of(line)
                    for line in regress_outcomes(read_people(), UNITS, predictors=["treatment"], errors="classic")
                ],
                strict=True,
            )
            for number in column
        ],
    ),
    Comparison("partial_eta_limits", "partial eta squared of F(3, 141) = 5", lambda: share(5, 3, 141), 1e-7, SUMMED),
    Comparison("partial_eta_limits_searched", "the same by a package", lambda: share(5, 3, 141), 1e-6, SEARCHED),
    Comparison(
        "partial_eta_limits_large", "partial eta squared of F(2, 100) = 20", lambda: share(20, 2, 100), 1e-7, SUMMED
    ),
    Comparison(
        "diagnostics_residuals",
        "diagnostics: W and p of residuals",
        lambda: [diagnose(0).estimate, diagnose(0).p],
        1e-6,
        "AS R94 in single precision constants",
    ),
    Comparison(
        "diagnostics_spread",
        "Breusch-Pagan, studentised",
        lambda: [diagnose(1).statistic.value, *diagnose(1).df, diagnose(1).p],
    ),
    Comparison("diagnostics_influence", "largest Cook's distance", lambda: [diagnose(2).estimate]),
    Comparison("moderation_product", "moderation: product, SE, t, p", lambda: line_of(probe().interaction)),
    Comparison(
        "moderation_slopes",
        "simple slopes at -1 SD, mean, +1 SD: SE, interval, t, p",
        lambda: [number for line in probe().slopes for number in line_of(line, limits=True)],
    ),
    Comparison(
        "moderation_slopes_hc3",
        "simple slopes with HC3 errors",
        lambda: [number for line in probe(errors="hc3").slopes for number in line_of(line)],
    ),
    Comparison("johnson_neyman", "Johnson-Neyman bounds", lambda: list(probe("strong").bounds)),
    Comparison("moderation_line", "fitted lines and their bands", last_of_line),
    Comparison("cr1_se", "CR1 cluster-robust SE", lambda: [line.se for line in cluster("cr1")]),
    Comparison("cr2_se", "CR2 cluster-robust SE", lambda: [line.se for line in cluster("cr2")]),
    Comparison("cr2_df", "Bell-McCaffrey df", lambda: [line.df[0] for line in cluster("cr2")]),
    *compare_mixed("person", "mixed model, random intercept of people"),
    *compare_mixed("crossed", "crossed random intercepts of people and models"),
    Comparison(
        "mixed_crossed_anova",
        "type III F tests: df, F, p",
        lambda: [n for r in mixed("crossed").tests for n in (*r.df, r.statistic.value, r.p)],
        1e-5,
        NUMERIC,
    ),
    *compare_mixed("slope", "random slope of people"),
    *compare_mixed("both", "random slopes of people and models, unequal numbers of trials"),
    Comparison(
        "mixed_uncorrelated_se",
        "uncorrelated slopes: SE",
        lambda: [r.se for r in mixed("uncorrelated").coefficients],
        1e-6,
        BOTH,
    ),
    Comparison(
        "mixed_uncorrelated_df",
        "Satterthwaite's df",
        lambda: [r.df[0] for r in mixed("uncorrelated").coefficients],
        1e-5,
        NUMERIC,
    ),
    Comparison("mixed_uncorrelated_deviance", "deviance; SDs", lambda: spread("uncorrelated"), 1e-5, BOTH),
    Comparison("repeated_one", "repeated measures: corrected df, F, eta squared, p", one_way),
    Comparison(
        "repeated_mixed",
        "two within, two between factors, unequal groups",
        lambda: anova(TWO, within=["emotion", "half"], between=["group", "other"]),
    ),
    Comparison(
        "repeated_uncorrected",
        "uncorrected",
        lambda: anova(ONE, within=["emotion", "half"], between=["group"], correction="none"),
    ),
    Comparison(
        "repeated_huynh_feldt",
        "Huynh-Feldt",
        lambda: anova(ONE, within=["emotion", "half"], between=["group"], correction="huynh_feldt"),
    ),
    Comparison("sphericity", "Mauchly's W and p", mauchly, 1e-4, CELLS),
    Comparison(
        "sphericity_epsilon",
        "epsilons",
        lambda: [n for i in (0, 1) for line in sphericity() for n in [line.effect_sizes[i].value] * 2],
    ),
    Comparison(
        "ancova_classic",
        "ANCOVA: F, p, partial eta squared",
        lambda: [n for r in adjust().tests for n in (r.statistic.value, r.p, r.effect_sizes[0].value)],
    ),
    Comparison(
        "ancova_hc3", "F, p with HC3", lambda: [n for r in adjust("hc3").tests for n in (r.statistic.value, r.p)]
    ),
    Comparison(
        "ancova_means",
        "adjusted means: SE, interval",
        lambda: [n for r in adjust().means[:2] for n in (r.estimate, r.se, r.ci_low, r.ci_high)],
    ),
    Comparison(
        "ancova_differences",
        "adjusted difference: SE, interval, t, p",
        lambda: line_of(adjust().differences[1], limits=True),
    ),
    Comparison("ancova_holm", "all differences, Holm's p", rated),
    Comparison("power_t", "power, t", lambda: [power(GroupsDesign(), 128, 0.5), power(GroupsDesign(), 40, 0.9, 0.01)]),
    Comparison("power_t_unequal", "unequal groups", lambda: [power(GroupsDesign(ratio=59 / 22), 81, 0.8)]),
    Comparison("power_paired", "paired t", lambda: [power(WithinDesign(), 34, 0.5)]),
    Comparison(
        "power_detectable",
        "smallest detectable d",
        lambda: [find_detectable_effect(GroupsDesign(), people=128, power=0.9).estimate],
        1e-5,
        ROOT,
    ),
    Comparison("power_regression", "f2", lambda: [power(RegressionDesign(3, 3), 77, 0.15)]),
    Comparison("power_correlation", "r, exact", lambda: [power(CorrelationDesign(), 84, 0.3)]),
    Comparison(
        "power_correlation_approximate",
        "smallest detectable r",
        lambda: [find_detectable_effect(CorrelationDesign(), people=50).estimate],
        1e-2,
        "R's is an approximation by Fisher's z",
    ),
    Comparison(
        "power_repeated",
        "repeated measures: between, within with epsilon, multivariate interaction",
        lambda: [
            power(RepeatedDesign(5, 2, "between", 0.0), 68, 0.2),
            power(RepeatedDesign(5, 2, "within", 0.5, epsilon=0.7), 40, 0.2),
            power(RepeatedDesign(5, 2, "interaction", 0.5, multivariate=True), 40, 0.2),
        ],
    ),
    Comparison(
        "responders",
        "share of responders, Wilson interval",
        lambda: [(r := estimate_responders(read_latencies(), "latency", until_s=6.0)).estimate, r.ci_low, r.ci_high],
    ),
    Comparison("kaplan_meier", "Kaplan-Meier: waiting, share, log-log interval", curve),
    Comparison("median_latency", "median latency, interval", medians),
    Comparison("log_rank", "log-rank chi-squared, p", lambda: log_rank("treatment")),
    Comparison("log_rank_five", "log-rank test of five groups", lambda: log_rank("liking")),
    Comparison(
        "cox",
        "Cox regression: b, hazard ratio, SE, z, p",
        lambda: [n for r in cox()[1:] for n in (r.estimate, r.effect_size.value, r.se, r.statistic.value, r.p)],
    ),
    Comparison("cox_whole", "likelihood-ratio test", lambda: [(r := cox()[0]).statistic.value, *r.df, r.p]),
    Comparison(
        "cox_cluster",
        "robust errors over people",
        lambda: [n for r in cox_cluster()[1:] for n in line_of(r)],
    ),
    Comparison(
        "cox_cluster_whole",
        "Wald test",
        lambda: [(r := cox_cluster()[0]).statistic.value, *r.df, r.p],
    ),
    Comparison(
        "fractional_logit",
        "fractional logit: b, HC3 SE, p",
        lambda: columns_of(share_lines()[:3], "estimate", "se", "p"),
        1e-8,
        "R stops by its deviance",
    ),
    Comparison(
        "fractional_effects",
        "average marginal effects, SE",
        lambda: columns_of(share_lines()[3:], "estimate", "se"),
        1e-6,
        "ours differentiates numerically",
    ),
    Comparison(
        "two_parts_any", "two-part model, any: b, SE, p", lambda: columns_of(part_lines()[:3], "estimate", "se", "p")
    ),
    Comparison("two_parts_amount", "amount: b, SE, p", lambda: columns_of(part_lines()[3:6], "estimate", "se", "p")),
    Comparison("two_parts_overall", "difference of both parts together", lambda: [part_lines()[-1].estimate]),
    Comparison(
        "bf_groups",
        "JZS Bayes factor of two groups, widths .707 and 1",
        lambda: [weigh_groups(read_people(), "mim", group="treatment", scale=s).estimate for s in (0.5**0.5, 1.0)],
        1e-7,
        SEARCHED,
    ),
    Comparison(
        "bf_pairs", "of pairs", lambda: [weigh_pairs(read_pairs(), "mim", condition="group").estimate], 1e-7, SEARCHED
    ),
    Comparison("bf_value", "of a mean", lambda: [weigh_value(read_people(), "eq", value=45).estimate], 1e-7, SEARCHED),
    Comparison(
        "bf_correlation",
        "of a correlation, width 1/3",
        lambda: [weigh_correlation(read_people(), "mim", second="eq").estimate],
        1e-7,
        SEARCHED,
    ),
    Comparison(
        "bf_correlation_uniform",
        "width 1",
        lambda: [weigh_correlation(read_people(), "mim", second="eq", width=1.0).estimate],
        1e-7,
        SEARCHED,
    ),
    Comparison(
        "bf_correlation_strong",
        "of a strong correlation",
        lambda: [weigh_correlation(read_people(), "mim", second="AU6").estimate],
        1e-7,
        SEARCHED,
    ),
    Comparison("elastic_net", "elastic net of 27 measures: intercept, b", elastic_net, 1e-8, "both search numerically"),
]
