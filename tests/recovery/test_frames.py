"""Simulate faces frame by frame, run them through quality, epochs and measures, get the planted mimicry back.

The faces have drift, blinks, own movements, lost frames, uneven rates and autocorrelated noise; the analysis is that of
the template ``classic`` (difference to the last second before onset, mean over a window). One large cohort of each
kind stands in the default suite; 200 of them take minutes and are marked long.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from scipy import stats

from mimicrylab.pipeline.measure import measure_study
from mimicrylab.pipeline.simulate import simulate_study
from mimicrylab.protocol.design import read_study
from mimicrylab.protocol.stimuli import read_manifest
from mimicrylab.schemas import MEASURES
from mimicrylab.simulate.population import NO_MIMICRY, Attrition, Population
from mimicrylab.simulate.truth import list_mimicry
from mimicrylab.stats.contrasts import contrast_congruence
from mimicrylab.stats.estimates import Estimate
from mimicrylab.tables import read_table
from recovery.coverage import ALPHA, gather

SEEDS = 200
FEW_PEOPLE, MANY_PEOPLE = 14, 60
WINDOW = "response"
TYPICAL = {"happiness": ("AU12",), "anger": ("AU04",)}
STAYING = Attrition(aborted=0.0, questionnaire_lost=0.0, item_missing=0.0, no_recording=0.0)
PLANTED = replace(Population(), attrition=STAYING)
NOTHING = replace(NO_MIMICRY, attrition=STAYING)


@cache
def run_cohort(name: str, seed: int, people: int) -> tuple[dict[str, Estimate], dict[str, float], float]:
    """Return the contrasts by emotion, the true ones, and the share of trials that counted."""
    population = {"planted": PLANTED, "nothing": NOTHING}[name]
    with TemporaryDirectory() as place:
        folder = simulate_study(
            Path(place) / "study", template="classic", participants=people, seed=seed, population=population
        ).folder
        measure_study(folder.root)
        rows = read_table(folder.table_path("measures"), MEASURES)
        study = read_study(folder.study_file)
        manifest = folder.root / study.stimuli.manifest
        stimuli = read_manifest(manifest, root=folder.root, sets=study.stimuli.sets).table
    window = study.windows[WINDOW]
    trials = rows.filter(
        (pl.col("measure") == "mean") & pl.col("trial").is_not_null(),
        (pl.col("window_start_s") == window.start_s) & (pl.col("window_stop_s") == window.stop_s),
        pl.col("signal").is_in(["AU12", "AU04"]),
    )
    cells = trials.group_by("participant_id", "stimulus_emotion", "signal").agg(pl.col("value").mean())
    results = contrast_congruence(cells, typical=TYPICAL)
    truth = {
        (row["emotion"], row["signal"]): row["windows"][WINDOW]["mean"]
        for row in list_mimicry(study, stimuli, population)
    }
    found = {result.term.split(",")[0]: result for result in results}
    return (
        found,
        {"happiness": truth["happiness", "AU12"], "anger": truth["anger", "AU04"]},
        1 - float(trials["value"].is_null().mean()),
    )


def check_one(name: str, emotion: str) -> None:
    """Fail where the estimate of one large cohort is further from the truth than chance allows."""
    found, truth, _ = run_cohort(name, 1, MANY_PEOPLE)
    result = found[emotion]
    reach = stats.t.ppf(1 - ALPHA / 2, result.df[0]) * result.se
    assert abs(result.estimate - truth[emotion]) <= reach
    planted = run_cohort("planted", 1, MANY_PEOPLE)[1][emotion]
    assert reach < 0.5 * planted  # else an estimate of nothing would pass, and the test could not fail


@pytest.mark.parametrize("emotion", ["happiness", "anger"])
def test_planted_mimicry_comes_back_from_frames(emotion: str) -> None:
    check_one("planted", emotion)


def test_planted_mimicry_is_found_at_all() -> None:
    found, _, _ = run_cohort("planted", 1, MANY_PEOPLE)
    assert found["happiness"].p < 1e-4


@pytest.mark.parametrize("emotion", ["happiness", "anger"])
def test_no_mimicry_is_found_where_none_was_planted(emotion: str) -> None:
    check_one("nothing", emotion)


def test_poor_recordings_lose_trials_and_bias_nothing() -> None:
    assert 0.8 < run_cohort("planted", 1, MANY_PEOPLE)[2] < 0.999


@pytest.mark.long
@pytest.mark.parametrize("emotion", ["happiness", "anger"])
def test_planted_mimicry_comes_back_from_frames_of_200_cohorts(emotion: str) -> None:
    cohorts = [run_cohort("planted", seed, FEW_PEOPLE) for seed in range(SEEDS)]
    gather([found[emotion] for found, _, _ in cohorts], cohorts[0][1][emotion]).check()


@pytest.mark.long
@pytest.mark.parametrize("emotion", ["happiness", "anger"])
def test_false_alarms_from_frames_of_200_cohorts_are_nominal(emotion: str) -> None:
    cohorts = [run_cohort("nothing", seed, FEW_PEOPLE) for seed in range(SEEDS)]
    recovered = gather([found[emotion] for found, _, _ in cohorts], 0.0)
    recovered.check()
    recovered.check_false_alarms()
