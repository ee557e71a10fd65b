import json
from pathlib import Path

import pytest

from mimicrylab.errors import ConflictError, InputError, UnknownNameError
from mimicrylab.pipeline.simulate import PASSPHRASE, simulate_study
from mimicrylab.pipeline.unblind import unblind_study
from mimicrylab.protocol.design import read_study
from mimicrylab.protocol.sealed_kits import SEALED_PATH
from mimicrylab.protocol.templates import TEMPLATES
from mimicrylab.schemas import ARMS, FRAMES, TABLES
from mimicrylab.simulate.population import Coding, Population
from mimicrylab.simulate.published import find_sample
from mimicrylab.tables import read_provenance, read_table

WRITTEN = ("participants", "sessions", "answers", "events", "recordings", "faces", "stimuli")


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_every_template_becomes_a_study_folder(template: str, tmp_path: Path) -> None:
    made = simulate_study(tmp_path / "study", template=template, participants=2, seed=1)
    folder = made.folder
    filmed = read_study(folder.study_file).camera.record != "nothing"
    for name in WRITTEN:
        empty = name == "answers" or (name in {"recordings", "faces"} and not filmed)
        assert read_table(folder.table_path(name), TABLES[name]).height > 0 or empty
    recordings = read_table(folder.table_path("recordings"), TABLES["recordings"])
    coder = read_study(folder.study_file).coding.coder
    assert coder == ("openface" if template == "oxytocin" else "landmarker")
    for row in recordings.iter_rows(named=True):
        frames = read_table(folder.frames_path(coder, row["recording_id"]), FRAMES)
        assert frames.height == row["n_frames"]
        assert row["mean_fps"] == pytest.approx(frames.height / row["duration_s"])
    assert "Simulated" in str(read_study(folder.study_file).notice)
    truth = json.loads((folder.root / "truth.json").read_text(encoding="utf-8"))
    assert truth["presence" if coder == "openface" else "mimicry"]
    assert not [path for path in tmp_path.iterdir() if path.name != "study"]


def test_frames_say_that_they_are_simulated(tmp_path: Path) -> None:
    folder = simulate_study(tmp_path / "study", template="minimal", participants=1, seed=1).folder
    provenance = read_provenance(next(folder.frames.rglob("*.parquet")))
    assert provenance is not None
    assert provenance.step == "simulate"
    assert provenance.notes["simulated"] is True
    assert provenance.arguments["seed"] == 1


def test_same_seed_same_bytes_another_seed_other_bytes(tmp_path: Path) -> None:
    one, two, three = (
        simulate_study(tmp_path / str(place), template="classic", participants=2, seed=seed).folder.root
        for place, seed in enumerate((5, 5, 6))
    )
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file() and path.parent.name != "log")
    assert files == sorted(
        path.relative_to(two) for path in two.rglob("*") if path.is_file() and path.parent.name != "log"
    )
    assert all((one / path).read_bytes() == (two / path).read_bytes() for path in files)
    frames = next(path for path in files if path.parts[0] == "frames")
    assert (one / frames).read_bytes() != (three / frames).read_bytes()


def test_a_blinded_study_is_sealed_and_opens_with_the_stated_passphrase(tmp_path: Path) -> None:
    made = simulate_study(tmp_path / "study", template="oxytocin", participants=4, seed=2)
    assert made.passphrase == PASSPHRASE
    assert (made.folder.root / SEALED_PATH).is_file()
    assert not made.folder.table_path("arms").exists()
    for path in made.folder.root.rglob("*"):
        if path.is_file() and path.suffix in {".json", ".jsonl", ".yaml"}:
            assert PASSPHRASE not in path.read_text(encoding="utf-8"), path.name
    unblind_study(made.folder.root, passphrase=PASSPHRASE, by="a test")
    arms = read_table(made.folder.table_path("arms"), ARMS)
    people = read_table(made.folder.table_path("participants"), TABLES["participants"])
    assert sorted(people.join(arms, on="kit")["arm"]) == ["oxytocin", "oxytocin", "placebo", "placebo"]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"template": "empaty", "participants": 2, "seed": 1}, UnknownNameError),
        ({"template": "minimal", "participants": 0, "seed": 1}, InputError),
        ({"template": "minimal", "participants": 2, "seed": -1}, InputError),
    ],
)
def test_impossible_requests_are_refused_and_leave_nothing(
    options: dict[str, object], error: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(error):
        simulate_study(tmp_path / "study", **options)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.txt").write_text("mine")
    with pytest.raises(ConflictError, match="something at this place"):
        simulate_study(tmp_path / "study", template="minimal", participants=1, seed=1)
    assert [path.name for path in tmp_path.rglob("*")] == ["study", "mine.txt"]


def test_as_many_people_as_in_the_article_if_no_number_is_given(tmp_path: Path) -> None:
    people = Population(coding=Coding(fps_mean=10.0, fps_sd=0.0))
    made = simulate_study(tmp_path / "study", template="minimal", seed=1, population=people)
    assert made.participants == 50
    assert [find_sample(name).participants for name in ("empathy", "oxytocin", "classic")] == [87, 147, 50]


def test_a_study_coded_by_openface_says_so_and_takes_the_unit_that_only_openface_sees(tmp_path: Path) -> None:
    folder = simulate_study(tmp_path / "study", template="oxytocin", participants=1, seed=1).folder
    study = read_study(folder.study_file)
    assert study.coding.coder == "openface"
    assert study.stimuli.sets["clips"].congruence.action_units == {}
    listed = [analysis.outcome.signals for analysis in study.analyses if "AU02" in analysis.outcome.signals]
    assert listed
    assert all("AU06" in signals for signals in listed)
