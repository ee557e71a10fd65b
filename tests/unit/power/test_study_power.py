"""A study's plan simulated: what is planted is found, nothing is found where nothing is, and nothing is lost."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from mimicrylab.errors import InputError, RefusedError, UnknownNameError
from mimicrylab.power.draws import draw_data, simulate_run
from mimicrylab.power.run_store import open_store
from mimicrylab.power.setting import read_setting
from mimicrylab.power.study_power import list_lines, simulate_power, word_power
from unit.power.small_plan import write_small_plan

STRONG = ["mimicry.happiness=100%", "treatment.happiness=400%", "trait=0"]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_plan(tmp_path_factory.mktemp("power") / "study")


def test_strong_effects_are_found_in_every_study(study: Path) -> None:
    setting = read_setting(study, effects=STRONG)
    for run in range(3):
        tests = {test.analysis: test for test in simulate_run(setting, people=24, run=run).tests}
        assert set(tests) == {"mimicry", "treatment"}
        assert all(test.p is not None and test.p < 0.05 for test in tests.values())
        assert tests["treatment"].estimate is not None
        assert tests["treatment"].estimate > 0


def test_the_same_run_gives_the_same_study_and_another_another(study: Path) -> None:
    setting = read_setting(study)
    first = simulate_run(setting, people=12, run=1)
    assert first == simulate_run(setting, people=12, run=1)
    assert first.tests != simulate_run(setting, people=12, run=2).tests
    assert setting.identity == read_setting(study).identity
    assert setting.identity != read_setting(study, effects=["trait=.1"]).identity


def test_only_measures_that_the_plan_needs_are_made_and_whole_families_are_run(study: Path) -> None:
    setting = read_setting(study, analyses=["mimicry"])
    assert [request.label for request in setting.study.measures] == ["mean", "congruence"]
    assert [one.id for one in setting.analyses] == ["mimicry"]
    everything = read_setting(study, analyses=["empathy", "treatment"])
    assert set(everything.asked) == {"empathy", "treatment"}


def test_a_plan_of_scores_needs_no_faces(tmp_path: Path) -> None:
    study = write_small_plan(tmp_path / "study")
    file = study / "study.yaml"
    scores = "  - id: scores\n    hypothesis: H3\n    model: one_sample\n    outcome: {score: EQ-40.total}\n"
    file.write_text(file.read_text().rstrip() + "\n" + scores)
    setting = read_setting(study, analyses=["scores"])
    assert not setting.needs_faces
    (test,) = simulate_run(setting, people=30, run=0).tests
    assert test.n > 20
    assert read_setting(study, analyses=["mimicry"]).needs_faces


def test_people_are_lost_as_in_life(study: Path) -> None:
    data = draw_data(read_setting(study), people=60, run=0)
    assert data.people.height == 60
    assert 45 <= data.people["analysed"].sum() < 60
    assert data.people["EQ-40.total"].null_count() > 0
    assert set(data.people["arm"].unique()) == {"training", "control"}
    assert data.labels == "open"


@pytest.mark.parametrize("measure", ["congruence", "presence"])
def test_coarse_frames_measure_what_full_frames_do(measure: str, tmp_path: Path) -> None:
    """The same people: their scores agree, and so do the means and spreads over people."""
    edit = (
        "congruence, signals: [AU12], emotions: [happiness]}\n    predictors: [{name: EQ",
        f"{measure}, signals: [AU12], emotions: [happiness]}}\n    predictors: [{{name: EQ",
    )
    study = write_small_plan(tmp_path / "study", edit=edit)
    scores = []
    for full in (False, True):
        setting = read_setting(study, analyses=["empathy"], effects=["mimicry.happiness=30%"], full_frames=full)
        assert setting.coarse is not full
        values = draw_data(setting, people=50, run=0).values
        of_people = values.filter(pl.col("trial").is_null(), measure=measure, signal="AU12")
        own = of_people.filter(stimulus_emotion="happiness").drop_nulls("value")
        scores.append(own.select("participant_id", "value"))
    both = scores[0].join(scores[1], on="participant_id", suffix="_full")
    assert both.height > 40
    assert both["value"].mean() == pytest.approx(both["value_full"].mean(), rel=0.1)
    assert both["value"].std() == pytest.approx(both["value_full"].std(), rel=0.15)
    assert both.select(pl.corr("value", "value_full")).item() > 0.6


def test_peaks_are_measured_from_full_frames(tmp_path: Path) -> None:
    edit = (
        "{measure: congruence, signals: [AU12], emotions: [happiness]}\n    predictors: [{name: EQ",
        "{measure: peak, signals: [AU12], emotions: [happiness]}\n    predictors: [{name: EQ",
    )
    study = write_small_plan(tmp_path / "study", edit=edit)
    assert not read_setting(study, analyses=["empathy"]).coarse
    assert read_setting(study, analyses=["mimicry"]).coarse


def test_results_are_kept_and_added_to(study: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    options = {"people": [12], "effects": STRONG, "processes": 1, "out": tmp_path}
    first = simulate_power(study, runs=2, **options)
    again = simulate_power(study, runs=3, watch=lambda done, total: seen.append((done, total)), **options)
    assert seen == [(2, 3), (3, 3)]
    assert (first.rows[0].runs, again.rows[0].runs) == (2, 3)
    assert pl.read_csv(tmp_path / "power.csv").height == len(again.rows)
    facts = json.loads((tmp_path / "power.json").read_text())
    assert facts["planted"]["treatment"] == "training - control"
    assert facts["power"][0]["analysis"] == "mimicry"
    assert (tmp_path / "power.svg").read_text().startswith("<?xml")
    assert any("treatment, training - control: power 1.00" in line for line in list_lines(again))
    assert word_power(again)[0].startswith("In 3 simulated studies of 12 participants, mimicry")


def test_processes_find_what_one_finds(study: Path, tmp_path: Path) -> None:
    one = simulate_power(study, people=[8, 12], runs=2, processes=1, out=tmp_path / "one")
    two = simulate_power(study, people=[8, 12], runs=2, processes=2, out=tmp_path / "two")
    assert one.rows == two.rows


def test_half_a_line_of_a_killed_process_is_left_out_and_nothing_after_it_is_lost(study: Path, tmp_path: Path) -> None:
    setting = read_setting(study)
    store = open_store(tmp_path, setting.identity)
    with store.append() as writer:
        writer.write(simulate_run(setting, people=8, run=0))
    with store.path.open("a") as stream:
        stream.write('{"people": 8, "ru')
    broken = open_store(tmp_path, setting.identity)
    assert set(broken.runs) == {(8, 0)}
    with broken.append() as writer:
        writer.write(simulate_run(setting, people=8, run=1))
    assert set(open_store(tmp_path, setting.identity).runs) == {(8, 0), (8, 1)}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT")
def test_an_interrupted_simulation_keeps_what_is_done(study: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mimicrylab", "power", "study", str(study), "--out", str(tmp_path)]
    process = subprocess.Popen([*command, "--people", "8", "--runs", "2000", "-j", "2"], stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not any(path.read_text().count("\n") >= 2 for path in tmp_path.glob("runs/*")):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"the same command goes on from there" in errors
    (path,) = tmp_path.glob("runs/*")
    kept = [json.loads(line) for line in path.read_text().splitlines()]
    assert 2 <= len(kept) < 2000


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"analyses": ["mimikry"]}, UnknownNameError, "did you mean 'mimicry'"),
        ({"people": [2]}, InputError, "cannot be simulated"),
        ({"runs": 0}, InputError, "no studies"),
    ],
)
def test_what_cannot_be_simulated_is_named(
    study: Path, tmp_path: Path, options: dict[str, object], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        simulate_power(study, out=tmp_path, **options)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_signals_of_another_coder_and_a_missing_plan_are_refused(tmp_path: Path) -> None:
    edit = (
        "congruence, signals: [AU12], emotions: [happiness]}\n    predictors: [{name: treat",
        "congruence, signals: [AU12_r], emotions: [happiness]}\n    predictors: [{name: treat",
    )
    foreign = write_small_plan(tmp_path / "foreign", edit=edit)
    with pytest.raises(RefusedError, match="AU12_r is a signal of another coder"):
        simulate_power(foreign, out=tmp_path / "out")
    bare = write_small_plan(tmp_path / "bare")
    text = (bare / "study.yaml").read_text()
    (bare / "study.yaml").write_text(text[: text.index("analyses:")])
    with pytest.raises(InputError, match="no analysis plan"):
        simulate_power(bare, out=tmp_path / "out")


def test_without_a_planned_number_people_must_be_given(tmp_path: Path) -> None:
    study = write_small_plan(tmp_path / "study", edit=("participants: {planned: 20}\n", ""))
    with pytest.raises(InputError, match="how many people are planned"):
        simulate_power(study, out=tmp_path / "out")
