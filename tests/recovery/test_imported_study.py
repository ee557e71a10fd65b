"""The two studies with their own engines: exports of AFFDEX run the whole plan of study 1, OpenFace's of study 2.

docs/import.md lists what changes in the template's study.yaml of study 1; the test takes that list from there.
"""

import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from contract.pages import DOCS
from made_exports import format_affdex, make_affdex_row, make_slide_row, write_text
from mimicrylab.pipeline.import_blocks import read_blocks
from mimicrylab.pipeline.import_events import EventsSource
from mimicrylab.pipeline.import_frames import import_frames
from mimicrylab.pipeline.import_recordings import WhoIsWho
from mimicrylab.pipeline.import_trials import ShownNames
from mimicrylab.pipeline.new import create_study
from mimicrylab.pipeline.run import run_study
from mimicrylab.pipeline.simulate import simulate_study
from mimicrylab.readers.affdex import EXPRESSIONS
from mimicrylab.schemas import ANSWERS, EVENTS, FRAMES, MEASURES, PARTICIPANTS
from mimicrylab.stats.plan.storage import read_results
from mimicrylab.tables import Provenance, read_table, write_table

PEOPLE = 8
STRONGEST = 0.3
FEW = re.compile(r"too few|at least \d+|needs|nobody is in the level|determine each other")
STAND_INS = {"AU06": "AU12", "AU09": "AU10", "AU43": "AU45"}
"""Action units that our coder does not measure -> one that moves in their place, so that no column is constant."""

EMOTIONS = {
    **{"Anger": "AU04", "Contempt": "AU14", "Disgust": "AU10", "Fear": "AU05", "Joy": "AU12", "Sadness": "AU15"},
    **{"Surprise": "AU02"},
}
BLOCKS = "faces_1=7:before,faces_2=7:before,faces_3=7:after,faces_4=7:after"


def read_replacements() -> list[tuple[str, str]]:
    section = (DOCS / "import.md").read_text(encoding="utf-8").partition("## Study 1 with its own engine")[2]
    block = re.search(r"^```text\n(.*?)^```", section, flags=re.DOTALL | re.MULTILINE)
    assert block is not None
    return [tuple(part.strip() for part in line.split("->")) for line in block[1].splitlines()]  # type: ignore[misc]


def write_export(path: Path, frames: pl.DataFrame, events: pl.DataFrame) -> None:
    """Write frames as AFFDEX's samples, with a start and an end of each picture."""
    named = {word: STAND_INS.get(unit, unit) for word, unit in EXPRESSIONS.items() if unit}
    columns = {word: unit for word, unit in {**named, **EMOTIONS}.items() if unit in frames.columns}
    rows: list[tuple[float, dict[str, object]]] = []
    for row in frames.iter_rows(named=True):
        time_ms = round(row["time"] * 1000)
        levels = {
            word: f"{min(max((row[unit] or 0.0) / STRONGEST * 100, 0), 100):.2f}" for word, unit in columns.items()
        }
        values = levels if row["success"] else {}
        rows.append((time_ms, make_affdex_row(time_ms, stimulus="", face=row["success"], **values)))
    shown = events.filter(trial_type="stimulus")
    blanks = events.filter(trial_type="blank")
    for onset, duration, name in [
        *shown.select("onset", "duration", "stimulus").iter_rows(),
        *((onset, duration, "Blank") for onset, duration in blanks.select("onset", "duration").iter_rows()),
    ]:
        rows.append((onset * 1000 - 0.5, make_slide_row(round(onset * 1000), "StartMedia", f"{name}.jpg")))
        rows.append((onset * 1000 + 0.2, make_slide_row(round((onset + duration) * 1000), "EndMedia", f"{name}.jpg")))
    write_text(path, format_affdex([row for _, row in sorted(rows, key=lambda pair: pair[0])]))


@pytest.mark.long
def test_a_folder_of_exports_runs_the_whole_plan(tmp_path: Path) -> None:
    simulated = tmp_path / "simulated"
    simulate_study(simulated, template="empathy", participants=PEOPLE, seed=3)
    people = read_table(simulated / "participants.parquet", PARTICIPANTS)
    events = read_table(simulated / "events.parquet", EVENTS)
    for path in sorted((simulated / "frames/landmarker").glob("*.parquet")):
        frames = read_table(path, FRAMES)
        write_export(tmp_path / f"exports/{path.stem}.csv", frames, events.filter(recording_id=path.stem))
    study = tmp_path / "study"
    create_study(study, template="empathy")
    text = (study / "study.yaml").read_text()
    for old, new in read_replacements():
        assert old in text, old
        text = text.replace(old, new)
    (study / "study.yaml").write_text(text)
    who = WhoIsWho(pattern="(?P<participant>P[0-9]+)-(?P<session>online)")
    summary = import_frames(
        "affdex",
        [tmp_path / "exports"],
        study,
        shown=ShownNames({"Blank": "blank"}),
        blocks=read_blocks(BLOCKS),
        who=who,
    )
    assert summary.counts["recordings"] == PEOPLE
    shutil.copy(simulated / "answers.parquet", study / "answers.parquet")

    stored = read_table(study / "participants.parquet", PARTICIPANTS)
    assert stored["participant_id"].to_list() == people["participant_id"].to_list()
    shutil.copy(simulated / "participants.parquet", study / "participants.parquet")
    done = run_study(study)
    assert not done.failed, done.steps
    measures = read_table(study / "measures.parquet", MEASURES)
    assert measures["coder"].unique().to_list() == ["affdex"]
    assert {"happiness", "AU12", "AU06", "AU43"} <= set(measures["signal"])
    assert set(measures["block"].drop_nulls()) == {"faces_1", "faces_2", "faces_3", "faces_4"}
    stored_results = read_results(study / "analyses")
    assert stored_results is not None
    reasons = {one.analysis.id: one.reason or "" for one in stored_results.results if one.state != "done"}
    assert not {
        name: why for name, why in reasons.items() if not FEW.search(why)
    }  # eight people are few, and stand-ins are copies
    assert len(reasons) < len(stored_results.results)


def write_openface(path: Path, frames: pl.DataFrame) -> None:
    """Write frames as OpenFace's CSV: failed frames hold zeros."""
    signals = [name for name in frames.columns if name.startswith("AU")]
    rows = frames.sort("frame").select(
        (pl.col("frame") + 1).alias("frame"),
        pl.col("time").alias("timestamp"),
        pl.col("confidence").fill_null(0.02),
        pl.col("success").cast(pl.Int8),
        (pl.col("pitch").fill_null(0.0).radians()).alias("pose_Rx"),
        (-pl.col("yaw").fill_null(0.0).radians()).alias("pose_Ry"),
        (pl.col("roll").fill_null(0.0).radians()).alias("pose_Rz"),
        *(pl.col(name).fill_null(0.0) for name in signals),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.write_csv(path)


@pytest.mark.long
def test_a_folder_of_openface_files_runs_the_whole_plan(tmp_path: Path) -> None:
    """Measured from the CSV, every presence rate is that of the simulated frames themselves."""
    simulated, study = tmp_path / "simulated", tmp_path / "study"
    simulate_study(simulated, template="oxytocin", participants=PEOPLE, seed=3)
    for path in sorted((simulated / "frames/openface").glob("*.parquet")):
        write_openface(tmp_path / f"openface/{path.stem}.csv", read_table(path, FRAMES))
    events = read_table(simulated / "events.parquet", EVENTS).filter(pl.col("recording_id").is_not_null())
    names = ["onset", "duration", "trial_type", "stimulus", "block", "block_role", "phase", "trial"]
    events.select(pl.col("recording_id").alias("recording"), *names).write_csv(tmp_path / "events.csv")
    create_study(study, template="oxytocin")
    import_frames(
        "openface",
        [tmp_path / "openface"],
        study,
        events=EventsSource(tmp_path / "events.csv"),
        who=WhoIsWho(pattern="(?P<participant>P[0-9]+)-(?P<session>visit)"),
    )
    shutil.copy(simulated / "participants.parquet", study / "participants.parquet")
    answers = read_table(simulated / "answers.parquet", ANSWERS)
    visits = answers.with_columns(pl.col("session_id").str.replace("-visit", "/visit", literal=True))
    write_table(visits, study / "answers.parquet", ANSWERS, Provenance("test"))
    shutil.copytree(simulated / "assignment", study / "assignment", dirs_exist_ok=True)
    done = run_study(study)
    assert not done.failed, done.steps
    run_study(simulated)
    key = ["participant_id", "block", "stimulus_emotion", "signal", "measure"]
    rates = [
        read_table(folder / "measures.parquet", MEASURES)
        .filter(pl.col("measure") == "presence", pl.col("trial").is_null(), pl.col("value").is_not_null())
        .select(*key, "value")
        for folder in (study, simulated)
    ]
    both = rates[0].join(rates[1], on=key, nulls_equal=True, suffix="_simulated")
    assert both.height >= 0.9 * rates[0].height > 0  # a CSV has no sharpness: what was blurred there counts here
    same = (both["value"] - both["value_simulated"]).abs() < 1e-6
    assert same.mean() > 0.9, same.mean()
    results = read_results(study / "analyses")
    assert results is not None
    reasons = {one.analysis.id: one.reason or "" for one in results.results if one.state != "done"}
    assert not {name: why for name, why in reasons.items() if not FEW.search(why)}
