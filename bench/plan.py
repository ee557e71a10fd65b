"""The whole plan of a published study: 145 people x 5 blocks x 11 action units, from 0.8 million frame rows.

The oxytocin template with its article's population (OpenFace's frames, 30 a second) and its complete plan, arms known.
Only the clips are recorded, one after the other: 5 blocks of 8 clips of 5 s. Then the real commands run, each in a
process of its own: quality, measure, analyse. What is repeated thousands of times is timed apart: a permutation test
and a sign-flip test of 100,000 draws each, and a multiverse with its joint permutation test.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import polars as pl

from bench.runner import Result, Usage, run_process
from mimicrylab.pipeline.new import create_study
from mimicrylab.protocol.design import read_study
from mimicrylab.protocol.scales import find_scale
from mimicrylab.protocol.stimuli import read_manifest
from mimicrylab.schemas import ARMS, EVENTS, FACES, FRAMES, STIMULI, TABLES
from mimicrylab.simulate.cohort import Cohort, RecordingPlan, simulate_cohort
from mimicrylab.simulate.published import find_sample
from mimicrylab.study import StudyFolder
from mimicrylab.tables import Provenance, write_table

MADE = Provenance("bench")
TEMPLATE = "oxytocin"
CLIP_S = 5.0
GOAL_S = 30.0

REPEATED = """
  - id: permuted
    hypothesis: checks
    standing: exploratory
    model: two_groups
    method: permutation
    draws: 100000
    outcome: {measure: congruence, signals: [congruent:happiness], emotions: [happiness]}
    predictors: [{name: treatment, kind: treatment}]
  - id: flipped
    hypothesis: checks
    standing: exploratory
    model: one_sample
    method: sign_flip
    draws: 100000
    outcome: {measure: congruence, signals: [congruent:happiness], emotions: [happiness]}
multiverse:
  - analysis: oxytocin_happiness
    draws: 999
    minimum_valid: [0.6, 0.7, 0.9]
    maximum_grades: [0, 1]
"""


def run(quick: bool) -> list[Result]:
    """Measure; ``quick``: 30 people."""
    people = 30 if quick else 145
    with tempfile.TemporaryDirectory() as place:
        folder = StudyFolder(Path(place) / "study")
        rows = write_study(folder, people=people)
        steps = {name: _run(name, folder) for name in ("quality", "measure", "analyse")}
        file = folder.study_file
        file.write_text(file.read_text(encoding="utf-8").rstrip() + REPEATED, encoding="utf-8")
        permuted, flipped = (_run("analyse", folder, "--only", name) for name in ("permuted", "flipped"))
        multiverse = _run("analyse", folder, "--multiverse")
        analyses = len(read_study(file).analyses) - 2
    what = f"{people} people x 5 blocks, {rows / 1e6:.2g} million frames"
    whole = sum(each.wall_s for each in steps.values())
    named = ", ".join(f"{name} {each.wall_s:.1f} s" for name, each in steps.items())
    return [
        Result(
            f"whole plan, {what}",
            whole,
            "s",
            at_most=None if quick else GOAL_S,
            note=f"{named}; {analyses} analyses of the oxytocin template on 11 action units (OpenFace)",
        ),
        Result("peak memory of the whole plan", max(each.peak_mb for each in steps.values()), "MB"),
        Result("permutation of people, 100,000 draws, alone", permuted.wall_s, "s", note="start and reading included"),
        Result("sign flips of people, 100,000 draws, alone", flipped.wall_s, "s", note="start and reading included"),
        Result("plan again, with a multiverse and its joint permutation test", multiverse.wall_s, "s"),
    ]


def _run(verb: str, folder: StudyFolder, *options: str) -> Usage:
    return run_process([sys.executable, "-m", "mimicrylab", verb, str(folder.root), *options])


def write_study(folder: StudyFolder, *, people: int) -> int:
    """Write a study folder with its frames; return how many there are."""
    sample = find_sample(TEMPLATE)
    create_study(folder.root, template=TEMPLATE)
    text = folder.study_file.read_text(encoding="utf-8")
    for old, new in sample.edits:
        text = text.replace(old, new)
    folder.study_file.write_text(text, encoding="utf-8")
    study = read_study(folder.study_file)
    manifest = folder.root / study.stimuli.manifest
    stimuli = read_manifest(manifest, root=folder.root, sets=study.stimuli.sets).table
    cohort = simulate_cohort(
        study,
        stimuli,
        participants=people,
        seed=1,
        scales={use.name: find_scale(use.name, root=folder.root).scale for use in study.scales},
        study_sha256="",
        population=sample.population,
    )
    tables = {**cohort.tables, EVENTS.name: _draw_together(cohort), STIMULI.name: stimuli}
    rows = 0
    for plan in (_shorten(plan) for plan in cohort.recordings):
        frames = plan.make_frames()
        rows += frames.height
        write_table(frames, folder.frames_path(sample.coder, plan.recording_id), FRAMES, MADE)
    tables["recordings"] = tables["recordings"].with_columns(duration_s=CLIP_S * 40)
    for name in ("participants", "sessions", "answers", "events", "recordings", FACES.name, STIMULI.name):
        write_table(tables[name], folder.table_path(name), TABLES[name], MADE)
    arms = pl.DataFrame(
        [(kit.kit, kit.stratum, kit.arm) for kit in cohort.kits],
        schema={column.name: column.dtype for column in ARMS.columns},
        orient="row",
    )
    write_table(arms, folder.table_path("arms"), ARMS, MADE)
    return rows


def _shorten(plan: RecordingPlan) -> RecordingPlan:
    """Return the recording with its clips one after the other, those of the washout left out."""
    kept = [each for each in plan.shown if each.block != "washout"]
    shown = tuple(replace(each, onset_s=CLIP_S * place) for place, each in enumerate(kept))
    return replace(plan, shown=shown, duration_s=CLIP_S * max(len(kept), 1))


def _draw_together(cohort: Cohort) -> pl.DataFrame:
    """Return the events that fit ``_shorten``: nothing else was recorded."""
    events = cohort.tables["events"]
    clip = (pl.col("trial_type") == "stimulus") & (pl.col("block_role") != "washout")
    shown = clip & pl.col("recording_id").is_not_null()
    place = (shown.cum_sum().over("recording_id") - 1) * CLIP_S
    return events.sort("session_id", "onset", maintain_order=True).with_columns(
        pl.when(shown).then(place).otherwise("onset").alias("onset"),
        pl.when(shown).then("recording_id").alias("recording_id"),
    )
