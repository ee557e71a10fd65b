from pathlib import Path

import polars as pl
import pytest

from mimicrylab.pipeline.new import create_study
from mimicrylab.protocol.design import Study, read_study
from mimicrylab.protocol.scales import Scale, find_scale
from mimicrylab.protocol.stimuli import read_manifest
from mimicrylab.simulate.cohort import Cohort, draw_strengths, simulate_cohort
from mimicrylab.simulate.population import Attrition, Population
from mimicrylab.simulate.truth import describe_truth

COMPLETE = Population(attrition=Attrition(aborted=0.0, questionnaire_lost=0.0, item_missing=0.0, no_recording=0.0))


def open_template(root: Path, name: str) -> tuple[Study, pl.DataFrame, dict[str, Scale]]:
    folder = create_study(root / name, template=name).folder
    study = read_study(folder.study_file)
    manifest = folder.root / study.stimuli.manifest
    stimuli = read_manifest(manifest, root=folder.root, sets=study.stimuli.sets).table
    return study, stimuli, {use.name: find_scale(use.name).scale for use in study.scales}


def make_cohort(root: Path, name: str, count: int, *, population: Population = COMPLETE, seed: int = 1) -> Cohort:
    study, stimuli, scales = open_template(root, name)
    return simulate_cohort(
        study, stimuli, participants=count, seed=seed, scales=scales, study_sha256="0" * 64, population=population
    )


def test_every_person_sees_the_whole_design_once(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path, "empathy", 3)
    shown = cohort.tables["events"].filter(trial_type="stimulus")
    counts = shown.group_by("session_id").agg(pl.len(), pl.col("stimulus").n_unique().alias("stimuli"))
    assert counts["len"].to_list() == [28, 28, 28]
    assert counts["stimuli"].to_list() == [28, 28, 28]
    assert shown["recording_id"].null_count() == 0


def test_steps_follow_each_other_and_trials_lie_within_their_recording(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path, "oxytocin", 2)
    events = cohort.tables["events"].sort("session_id", "page_onset_s")
    overlap = (pl.col("page_onset_s").shift(-1).over("session_id") - pl.col("page_onset_s") - pl.col("duration")).min()
    assert events.select(overlap).item() > -1e-3
    lengths = {plan.recording_id: plan.duration_s for plan in cohort.recordings}
    recorded = events.filter(pl.col("recording_id").is_not_null() & (pl.col("trial_type") == "stimulus"))
    for row in recorded.iter_rows(named=True):
        assert 0 <= row["onset"] <= lengths[row["recording_id"]] - row["duration"]


def test_what_is_planned_for_a_minute_waits_for_it(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path, "oxytocin", 1)
    answers = cohort.tables["answers"].filter(scale="blood_pressure")
    times = dict(zip(answers["occasion"], answers["time"], strict=True))
    dose = cohort.tables["answers"].filter(scale="dose")["time"][0]
    assert times["+35 min"] - dose > 25 * 60
    assert cohort.tables["answers"].filter(scale="dose", item="dose")["response"].to_list() == ["24"]


def test_answers_to_forms_are_eligible_and_fill_the_participants_table(tmp_path: Path) -> None:
    people = make_cohort(tmp_path, "oxytocin", 20).tables["participants"]
    assert set(people["sex"]) == {"male"}
    assert people["age"].min() >= 18
    assert people["kit"].n_unique() == 20


def test_blood_pressures_are_those_of_healthy_people(tmp_path: Path) -> None:
    answers = make_cohort(tmp_path, "oxytocin", 10).tables["answers"].filter(scale="blood_pressure")
    mean = dict(answers.group_by("item").agg(pl.col("response").cast(pl.Float64).mean()).iter_rows())
    assert 105 < mean["systolic"] < 130
    assert 60 < mean["diastolic"] < 85


def test_pictures_and_ratings_of_a_trial_belong_together(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path, "oxytocin", 2)
    ratings = cohort.tables["answers"].filter(pl.col("scale").is_in(["liking", "positivity", "intensity"]))
    events = cohort.tables["events"].filter(trial_type="stimulus").select("session_id", "trial", "stimulus_emotion")
    joined = ratings.join(events, on=["session_id", "trial"])
    assert joined.height == 2 * (8 * 2 + 32)
    assert set(joined.filter(scale="liking")["stimulus_emotion"]) == {"neutral"}
    assert ratings["response"].cast(pl.Int64).is_between(1, 5).all()


def test_what_goes_missing_is_marked_not_hidden(tmp_path: Path) -> None:
    losing = Population(attrition=Attrition(aborted=0.4, questionnaire_lost=0.4, no_recording=0.3))
    tables = make_cohort(tmp_path, "empathy", 30, population=losing, seed=2).tables
    people = tables["participants"]
    aborted = set(people.filter(state="aborted")["participant_id"])
    assert 3 < len(aborted) < 25
    assert set(tables["sessions"].filter(state="aborted")["participant_id"]) == aborted
    assert set(tables["recordings"].filter(~pl.col("complete"))["participant_id"]) <= aborted
    assert tables["recordings"].height < 30
    assert tables["answers"].filter(scale="EQ-60")["participant_id"].n_unique() < 25


def test_no_table_names_an_arm_beside_a_person(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path, "oxytocin", 8)
    for name, table in cohort.tables.items():
        assert "arm" not in table.columns, name
        told = table.filter(pl.col("item") != "treatment_guess") if name == "answers" else table
        words = told.select(pl.selectors.string()).unpivot()["value"].drop_nulls()
        assert not words.is_in(["oxytocin", "placebo"]).any(), name


def test_strengths_of_stimuli_have_a_mean_of_one_in_each_emotion(tmp_path: Path) -> None:
    _, stimuli, _ = open_template(tmp_path, "oxytocin")
    strengths = draw_strengths(stimuli, Population(), seed=1)
    for _, rows in stimuli.group_by("emotion"):
        values = [strengths[name] for name in rows["stimulus"]]
        assert sum(values) / len(values) == pytest.approx(1.0)
        assert len(set(values)) == len(values)


def test_truth_says_what_was_planted_in_the_signals_unit(tmp_path: Path) -> None:
    study, stimuli, scales = open_template(tmp_path, "oxytocin")
    truth = describe_truth(study, stimuli, Population(), scales=scales, participants=4, seed=1)
    smile = next(row for row in truth["mimicry"] if (row["emotion"], row["signal"]) == ("happiness", "AU12"))
    assert smile["peak"]["mean"] == pytest.approx(0.15 * 0.19)
    assert 0.5 < smile["windows"]["response"]["mean"] / smile["peak"]["mean"] < 0.8
    assert truth["treatment"]["difference"] == "oxytocin - placebo"
    sadness = {row["signal"]: row["peak"] for row in truth["treatment"]["effects"] if row["emotion"] == "sadness"}
    assert sadness["AU17"] == pytest.approx(0.05 * 0.40)
    assert not [row for row in truth["mimicry"] if row["signal"] == "AU06"]


def test_truth_of_a_study_without_arms_has_no_treatment(tmp_path: Path) -> None:
    study, stimuli, scales = open_template(tmp_path, "empathy")
    truth = describe_truth(study, stimuli, Population(), scales=scales, participants=4, seed=1)
    assert truth["treatment"] is None
    total = next(score for score in truth["trait"]["scores"] if score["scale"] == "EQ-60")
    assert total["correlation_with_amplitude"] == pytest.approx(0.3 * total["correlation_with_trait"])
