"""Results of planned analyses, each computed by the real model from a small table made by formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl

from mimicrylab.protocol.analyses import Analysis, Outcome, Predictor
from mimicrylab.stats.adjustment import adjust_family
from mimicrylab.stats.ancova import compare_adjusted
from mimicrylab.stats.assumptions import check_equal_variances, check_normality
from mimicrylab.stats.bayes_factors import weigh_correlation, weigh_groups
from mimicrylab.stats.bounded import regress_share, regress_two_parts
from mimicrylab.stats.correlation import correlate, correlate_many
from mimicrylab.stats.equivalence import check_group_equivalence
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.frequencies import compare_frequencies
from mimicrylab.stats.group_tests import GroupMethod, compare_groups
from mimicrylab.stats.hazards import regress_hazard
from mimicrylab.stats.mixed import fit_mixed
from mimicrylab.stats.moderation import probe_moderation
from mimicrylab.stats.multivariate import compare_outcomes, regress_outcomes
from mimicrylab.stats.paired_tests import PairedMethod, compare_pairs, compare_with_value
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.prediction import Validation, predict_outcome
from mimicrylab.stats.regression import regress
from mimicrylab.stats.repeated import compare_repeated
from mimicrylab.stats.survival import compare_latencies, estimate_medians

UNIT = "share of frames"
GENDER = Predictor(name="gender", kind="trait")
ARM = Predictor(name="treatment", kind="treatment")
EQ = Predictor(name="EQ-60.total", kind="trait")


def spread(n: int, mean: float, sd: float) -> np.ndarray:
    """Return n values, evenly spread as normal quantiles, with exactly this mean and standard deviation."""
    quantiles = np.array([(index + 0.5) / n for index in range(n)])
    values = np.log(quantiles / (1 - quantiles))
    return np.asarray(mean + sd * (values - values.mean()) / values.std(ddof=1))


@cache
def make_people() -> pl.DataFrame:
    """Return 81 people with the sizes, means and spreads of study 1: 59 women, 22 men."""
    scores = np.concatenate([spread(59, 50.28, 9.39), spread(22, 41.77, 11.90)])
    wave = np.sin(np.arange(81) * 2.3)
    return pl.DataFrame(
        {
            "participant_id": [f"P{number:03d}" for number in range(1, 82)],
            "gender": ["female"] * 59 + ["male"] * 22,
            "treatment": ["oxytocin" if number % 2 else "placebo" for number in range(81)],
            "glasses": ["yes" if number % 3 == 0 else "no" for number in range(81)],
            "EQ-60.total": scores,
            "AU12": 0.3 + 0.1 * wave + 0.002 * (scores - scores.mean()),
            "AU25": 0.5 + 0.1 * np.cos(np.arange(81) * 1.7),
            "AU04": 0.2 + 0.05 * np.sin(np.arange(81) * 0.9),
            "presence": 0.15 + 0.08 * np.cos(np.arange(81) * 1.1),
        }
    )


def declare(identity: str, model: str, **others: object) -> Analysis:
    settings = {"hypothesis": "H1", "outcome": Outcome(score="EQ-60.total"), "predictors": (GENDER,), **others}
    return Analysis.model_validate({"id": identity, "model": model, **settings})


def make_result(analysis: Analysis, estimates: Sequence[Estimate], **others: object) -> AnalysisResult:
    named = tuple(replace(one, analysis=analysis.id) for one in estimates)
    return replace(AnalysisResult(analysis, estimates=named, data=make_people()), **others)  # type: ignore[arg-type]


def compare_gender(method: GroupMethod = "welch", **others: object) -> AnalysisResult:
    people = make_people()
    found = compare_groups(people, "EQ-60.total", group="gender", order=("female", "male"), method=method)
    (corrected, *_) = adjust_family(
        [found, *(replace(found, term=f"other {number}", p=0.5) for number in range(3))], family="H1"
    )
    checks = [
        *check_normality(people, "EQ-60.total", group="gender"),
        check_equal_variances(people, "EQ-60.total", group="gender"),
        weigh_groups(people, "EQ-60.total", group="gender", order=("female", "male")),
    ]
    model = "rank_groups" if method == "mann_whitney" else "two_groups"
    analysis = declare("eq_by_gender", model, **others)
    return make_result(analysis, [corrected], checks=tuple(checks), tests=(corrected.term,))


def compare_glasses() -> AnalysisResult:
    people = make_people()
    found = compare_groups(people, "presence", group="glasses", order=("yes", "no"), unit=UNIT)
    checks = (weigh_groups(people, "presence", group="glasses", order=("yes", "no")),)
    glasses = Predictor(name="glasses", kind="trait")
    analysis = declare(
        "glasses", "two_groups", outcome=Outcome(measure="presence"), predictors=(glasses,), standing="exploratory"
    )
    return make_result(analysis, [found], checks=checks)


def compare_equivalence() -> AnalysisResult:
    found = check_group_equivalence(
        make_people(), "presence", group="treatment", low=-0.05, high=0.05, order=("oxytocin", "placebo"), unit=UNIT
    )
    analysis = declare(
        "same_presence",
        "two_groups",
        method="equivalence",
        smallest_effect=0.5,
        outcome=Outcome(measure="presence"),
        predictors=(ARM,),
    )
    return make_result(analysis, [found])


def correlate_one(method: str = "pearson") -> AnalysisResult:
    people = make_people()
    found = correlate(people, "AU12", second="EQ-60.total", method=method)  # type: ignore[arg-type]
    checks = (weigh_correlation(people, "AU12", second="EQ-60.total"),)
    analysis = declare("mimicry_and_eq", "correlation", outcome=Outcome(measure="congruence"), predictors=(EQ,))
    return make_result(analysis, [replace(found, term="congruence")], checks=checks, tests=("congruence",))


def correlate_all() -> AnalysisResult:
    """27 measures of 50 people with the EQ, one of them below .05 before the correction and none after."""
    random = np.random.default_rng(5)
    table = pl.DataFrame({f"signal_{number}": random.normal(size=50) for number in range(27)})
    table = table.with_columns(pl.Series("EQ", random.normal(50, 10, size=50)))
    found = correlate_many(table, [f"signal_{number}" for number in range(27)], trait="EQ")
    outcome = Outcome(measure="peak", for_each=("signal",))
    analysis = declare("maxima_and_eq", "correlation", outcome=outcome, predictors=(EQ,), standing="exploratory")
    return make_result(analysis, found, data=table, tests=tuple(one.term for one in found))


def regress_arm(errors: str = "hc3") -> AnalysisResult:
    found = regress(
        make_people(),
        "presence",
        predictors=["treatment", "EQ-60.total"],
        references={"treatment": "placebo"},
        unit=UNIT,
        errors=errors,  # type: ignore[arg-type]
    )
    analysis = declare("presence_by_arm", "regression", outcome=Outcome(measure="presence"), predictors=(ARM, EQ))
    return make_result(analysis, found, tests=("treatment[oxytocin]",))


def compare_units() -> AnalysisResult:
    people, units = make_people(), ["AU04", "AU12", "AU25"]
    references = {"treatment": "placebo"}
    found = compare_outcomes(people, units, predictors=["treatment"], references=references)
    found += regress_outcomes(people, units, predictors=["treatment"], references=references, unit=UNIT)
    analysis = declare(
        "expressivity",
        "multivariate_regression",
        outcome=Outcome(measure="presence", signals=("AU04", "AU12", "AU25"), emotions=("neutral",)),
        predictors=(ARM,),
    )
    return make_result(analysis, found, tests=("treatment",))


def compare_at_neutral() -> AnalysisResult:
    people = make_people()
    found = compare_adjusted(people, "AU12", factors=["treatment"], covariates=["presence"], unit=UNIT)
    analysis = declare(
        "oxytocin_happiness",
        "ancova",
        outcome=Outcome(measure="presence", signals=("congruent:happiness",), emotions=("happiness",)),
        predictors=(ARM, Predictor(name="presence", kind="covariate", block="neutral")),
    )
    flipped = [*found.differences, *found.tests, *found.means]
    return make_result(analysis, flipped, checks=found.parallel, tests=(found.differences[0].term,))


def moderate() -> AnalysisResult:
    people = make_people().with_columns(
        happy=0.3
        + pl.when(pl.col("treatment") == "oxytocin").then(0.1 - 0.9 * (pl.col("presence") - 0.15)).otherwise(0)
        + 0.03 * pl.col("AU25")
    )
    probe = probe_moderation(
        people, "happy", predictor="treatment", moderator="presence", references={"treatment": "placebo"}, unit=UNIT
    )
    analysis = declare(
        "moderation_happiness",
        "moderation",
        outcome=Outcome(measure="presence", signals=("congruent:happiness",), emotions=("happiness",)),
        predictors=(ARM, Predictor(name="presence", kind="moderator", block="neutral")),
    )
    return make_result(
        analysis,
        [*probe.coefficients, *probe.slopes],
        data=people,
        tests=(probe.interaction.term,),
        curves={"johnson_neyman": probe.slope_band, "simple_slopes": probe.line_band},
    )


def make_conditions() -> pl.DataFrame:
    """Return 30 people in three emotions: happiness raises the value, anger does not."""
    rows = []
    for person in range(30):
        for place, emotion in enumerate(("anger", "happiness", "neutral")):
            value = (
                0.2 + 0.1 * (emotion == "happiness") + 0.05 * np.sin(person * 1.3) + 0.04 * np.cos(person * 3 + place)
            )
            rows.append((f"P{person:02d}", emotion, value, "oxytocin" if person % 2 else "placebo"))
    return pl.DataFrame(rows, schema=["participant_id", "emotion", "AU12", "treatment"], orient="row")


def repeat() -> AnalysisResult:
    table = make_conditions()
    found = compare_repeated(table, "AU12", within=["emotion"], between=["treatment"])
    within = Predictor(name="emotion", kind="within")
    analysis = declare(
        "by_emotion",
        "repeated",
        outcome=Outcome(measure="presence", signals=("AU12",)),
        predictors=(ARM, within),
    )
    return make_result(analysis, found, data=table, tests=tuple(one.term for one in found))


def pair(method: PairedMethod = "t", outcome: str = "AU12") -> AnalysisResult:
    table = make_conditions().filter(pl.col("emotion") != "neutral")
    found = compare_pairs(table, outcome, condition="emotion", order=("happiness", "anger"), method=method, unit=UNIT)
    within = Predictor(name="emotion", kind="within")
    analysis = declare(
        "happy_against_angry", "paired", outcome=Outcome(measure="presence", signals=("AU12",)), predictors=(within,)
    )
    return make_result(analysis, [found], data=table)


def compare_zero(method: PairedMethod = "t") -> AnalysisResult:
    people = make_people().with_columns(index=pl.col("AU12") - 0.25)
    found = compare_with_value(people, "index", method=method, unit=UNIT)
    other = compare_with_value(people.with_columns(index=pl.col("AU04") - 0.2), "index", unit=UNIT)
    outcome = Outcome(measure="congruence", for_each=("emotion", "signal"))
    analysis = declare("mimicry", "one_sample", outcome=outcome, predictors=())
    named = [replace(found, term="happiness, AU12"), replace(other, term="anger, AU04")]
    return make_result(analysis, named, tests=("happiness, AU12", "anger, AU04"))


def mix() -> AnalysisResult:
    table = pl.concat([make_conditions().with_columns(trial=pl.lit(trial)) for trial in range(3)])
    table = table.with_columns(
        pl.col("AU12") + 0.02 * ((pl.int_range(pl.len()) * 37 % 11) - 5) + 0.1 * (pl.col("trial") - 1)
    )
    model = fit_mixed(table, "AU12", predictors=["emotion"], unit=UNIT)
    within = Predictor(name="emotion", kind="within")
    analysis = declare("trials", "mixed", outcome=Outcome(measure="presence", signals=("AU12",)), predictors=(within,))
    found = [*model.tests, *model.coefficients, *model.components]
    return make_result(analysis, found, data=table, tests=("emotion",))


def predict() -> AnalysisResult:
    found = predict_outcome(
        make_people(),
        "EQ-60.total",
        predictors=["AU12", "AU25", "AU04"],
        model="linear",
        validation=Validation(repeats=2, permutations=19),
    )
    features = Predictor(name="peak", kind="features")
    analysis = declare("eq_from_reactions", "prediction", method="linear", predictors=(features,))
    return make_result(analysis, found, tests=("R squared out of sample",))


def cross() -> AnalysisResult:
    found = compare_frequencies(make_people(), "glasses", columns="gender")
    analysis = declare("glasses_by_gender", "frequencies", outcome=Outcome(score="glasses"))
    return make_result(analysis, [found])


def wait(model: str = "log-rank") -> AnalysisResult:
    table = make_people().with_columns(
        latency=pl.when(pl.int_range(pl.len()) % 4 > 0).then(0.3 + pl.col("AU25") + pl.col("presence")),
        censored=pl.int_range(pl.len()) % 4 == 0,
    )
    if model == "cox":
        references = {"treatment": "placebo"}
        found = regress_hazard(table, "latency", predictors=["treatment"], until_s=4, references=references)
    else:
        compared = compare_latencies(table, "latency", group="treatment", until_s=4)
        found = [compared, *estimate_medians(table, "latency", group="treatment", until_s=4)]
    analysis = declare("onsets", "survival", outcome=Outcome(measure="latency"), predictors=(ARM,))
    return make_result(analysis, found, data=table)


def share(parts: int = 1) -> AnalysisResult:
    table = make_people()
    references = {"treatment": "placebo"}
    if parts == 1:
        found = regress_share(table, "presence", predictors=["treatment"], references=references)
    else:
        table = table.with_columns(presence=pl.col("presence").clip(0.1) - 0.1)
        found = regress_two_parts(table, "presence", predictors=["treatment"], references=references, unit=UNIT)
    analysis = declare(
        "presence_as_share",
        "regression",
        method="fractional_logit" if parts == 1 else "two_part",
        outcome=Outcome(measure="presence"),
        predictors=(ARM,),
    )
    return make_result(analysis, found, data=table)
