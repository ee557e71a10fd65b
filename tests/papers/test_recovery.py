"""What is planted in the samples of both papers comes back: means of many cohorts, and how often intervals cover it.

Study 2 at the level of a block's shares, which its simulated frames have exactly; study 1's empathy from its answers.
Some cohorts in the default suite, 200 in the long one.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

from mimicrylab.measures.congruence import measure_congruence
from mimicrylab.measures.measure import Conditions
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.design import Study, parse_study
from mimicrylab.protocol.scales import find_scale
from mimicrylab.protocol.scoring import score_answers
from mimicrylab.protocol.templates import read_template
from mimicrylab.simulate.people import draw_people
from mimicrylab.simulate.presence import draw_shares
from mimicrylab.simulate.published import find_sample
from mimicrylab.simulate.published_oxytocin import make_presence
from mimicrylab.simulate.questionnaires import answer_scale
from mimicrylab.simulate.truth_of_enrolment import describe_enrolment
from mimicrylab.simulate.truth_of_presence import describe_presence
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.run import run_plan
from papers.exact_samples import ARMS, make_plan_data, read_openface_study
from recovery.coverage import check_share, gather

FEW, MANY = 12, 200
PRESENCE = make_presence()
TRUTH = describe_presence(PRESENCE, ["oxytocin", "placebo"])
OF_PRESENCE = ("oxytocin_composites_as_published", "oxytocin_congruence", "mimicry_composites", "mimicry_action_units",
               "moderation")  # fmt: skip
OF_EMPATHY = ("eq_by_gender", "eq_by_age", "eq_by_ethnicity_british")

Key = tuple[str, str]
"""An analysis and a term."""


def take_analyses(study: Study, names: tuple[str, ...]) -> list[Analysis]:
    return [analysis for analysis in study.analyses if analysis.id in names]


def add_congruence(data: PlanData) -> PlanData:
    """Return the data with the congruence indices of the measure presence, with and without neutral."""
    request = next(each for each in data.requests if each.label == "congruence")
    rows = data.values.filter(pl.col("measure") == "presence").drop("block_position")
    emotions = tuple(rows["stimulus_emotion"].unique(maintain_order=True))
    indices = measure_congruence(rows, request, Conditions(data.congruent, data.cells, emotions))
    values = pl.concat([data.values, indices.with_columns(pl.lit(None, pl.Int32).alias("block_position"))])
    return replace(data, values=values)


def draw_cells(seed: int) -> pl.DataFrame:
    rows = []
    for name, (arm, people) in ARMS.items():
        for number in range(people):
            shares = draw_shares(PRESENCE, np.random.default_rng([seed, arm, number]), arm=arm)
            rows += [
                (f"{name}-{number:03d}", name, emotion, unit, share)
                for emotion, of_units in shares.items()
                for unit, share in of_units.items()
            ]
    return pl.DataFrame(rows, schema=["participant_id", "arm", "stimulus_emotion", "signal", "value"], orient="row")


def find_truth_of_presence() -> dict[Key, float]:
    truth: dict[Key, float] = {}
    for row in TRUTH["treatment"]["effects"]:
        if row["signal"] == "composite":
            emotion = row["emotion"]
            truth["oxytocin_composites_as_published", f"{emotion}: treatment[oxytocin]"] = row["raw"]
            truth["oxytocin_congruence", f"{emotion}, with: oxytocin - placebo"] = row["congruence"]
    for row in TRUTH["mimicry_without_treatment"]:
        version = "with" if row["neutral_among_the_others"] else "without"
        if row["signal"] == "composite":
            truth["mimicry_composites", f"{row['emotion']}, {version}: congruent - incongruent"] = row["difference"]
        else:
            term = f"{row['emotion']}, {row['signal']}, {version}: congruent - incongruent"
            truth["mimicry_action_units", term] = row["difference"]
    for row in TRUTH["moderation_by_neutral"]:
        truth["moderation", f"{row['emotion']}: treatment[oxytocin]:presence_neutral"] = row["interaction"]
    return truth


@cache
def run_presence(seed: int) -> dict[Key, Estimate]:
    study = read_openface_study()
    data = add_congruence(make_plan_data(draw_cells(seed), study))
    results = run_plan(data, take_analyses(study, OF_PRESENCE))
    assert [result.reason for result in results if result.state != "done"] == []
    return {(each.analysis.id, estimate.term): estimate for each in results for estimate in each.estimates}


def find_truth_of_empathy() -> dict[Key, float]:
    described = describe_enrolment(find_sample("empathy").population, {"EQ-60": find_scale("EQ-60").scale})
    assert described is not None

    def average(field: str, answers: set[str], *, among: bool = True) -> float:
        rows = [r for r in described["scores"] if r["field"] == field and (r["answer"] in answers) == among]
        return sum(row["people"] * row["mean"] for row in rows) / sum(row["people"] for row in rows)

    younger, british = {"18-24", "25-34"}, {"White British"}
    return {
        ("eq_by_gender", "male - female"): average("gender", {"male"}) - average("gender", {"female"}),
        ("eq_by_age", "younger - older"): average("age_band", younger) - average("age_band", younger, among=False),
        ("eq_by_ethnicity_british", "White_British - other"): average("ethnicity", british)
        - average("ethnicity", british, among=False),
    }


@cache
def read_empathy_study() -> Study:
    study = parse_study(read_template("empathy")["study.yaml"]).study
    assert study is not None
    return study


@cache
def run_empathy(seed: int) -> dict[Key, Estimate]:
    study = read_empathy_study()
    scale = find_scale("EQ-60").scale
    people = draw_people(find_sample("empathy").population, 87, seed=seed)
    answers = pl.DataFrame(
        [
            (person.participant_id, "s", None, "EQ-60", item, response)
            for person in people
            if not person.questionnaire_lost
            for item, response in answer_scale(scale, person.trait, person.open_stream("answers")).items()
        ],
        schema=["participant_id", "session_id", "occasion", "scale", "item", "response"],
        orient="row",
    ).with_columns(pl.col("occasion").cast(pl.String))
    scores = (
        score_answers(answers, scale)
        .filter(score="total")
        .select("participant_id", pl.col("value").alias("EQ-60.total"))
    )
    table = pl.DataFrame([{"participant_id": person.participant_id, **person.given} for person in people])
    table = table.join(scores, on="participant_id", how="left").with_columns(pl.lit(True).alias("analysed"))
    nothing = make_plan_data(draw_cells(0), read_openface_study()).values.clear()
    results = run_plan(PlanData(people=table, values=nothing), take_analyses(study, OF_EMPATHY))
    assert [result.reason for result in results if result.state != "done"] == []
    return {(each.analysis.id, estimate.term): estimate for each in results for estimate in each.estimates}


SUITES = {"presence": (run_presence, find_truth_of_presence), "empathy": (run_empathy, find_truth_of_empathy)}


@pytest.mark.parametrize("suite", SUITES)
def test_planted_effects_come_back_in_some_cohorts(suite: str) -> None:
    run, find_truth = SUITES[suite]
    cohorts = [run(seed) for seed in range(FEW)]
    covered = total = 0
    for key, truth in find_truth().items():
        recovered = gather([cohort[key] for cohort in cohorts], truth)
        covered, total = covered + int(recovered.covered.sum()), total + FEW
        error = recovered.estimates.std(ddof=1) / np.sqrt(FEW)
        assert abs(recovered.estimates.mean() - truth) < 6 * error, key
    assert covered / total == pytest.approx(0.95, abs=0.06)


@pytest.mark.long
@pytest.mark.parametrize("suite", SUITES)
def test_planted_effects_come_back_in_200_cohorts(suite: str) -> None:
    run, find_truth = SUITES[suite]
    cohorts = [run(seed) for seed in range(MANY)]
    for key, truth in find_truth().items():
        found = [cohort[key] for cohort in cohorts]
        gather(found, truth).check(level=found[0].ci_level)


@pytest.mark.long
def test_an_emotion_that_nobody_mimics_is_found_as_seldom_as_the_level_says() -> None:
    """Oxytocin does next to nothing to fear: .003, a thirtieth of the spread between people."""
    key = ("oxytocin_composites_as_published", "fear: treatment[oxytocin]")
    found = sum((run_presence(seed)[key].p or 1.0) < 0.05 for seed in range(MANY))
    check_share(found, MANY, 0.054, what="false alarms")
