"""The report speaks of the coder that was measured, and of no other."""

from pathlib import Path

import pytest

from made_emg import make_muscle, write_brainvision
from made_exports import format_facet, make_facet_row, write_text
from made_openface import make_row, write_rows
from mimicrylab.pipeline.import_frames import import_frames
from mimicrylab.pipeline.import_trials import read_rule
from mimicrylab.pipeline.new import create_study
from mimicrylab.pipeline.quality import judge_study
from mimicrylab.pipeline.run import run_study
from mimicrylab.protocol.design import read_study
from mimicrylab.report.methods import write_methods
from mimicrylab.report.sections.limits import build_limits
from mimicrylab.report.source import read_source
from mimicrylab.study import open_study

RULE = read_rule("first=2 every=3 duration=1 emotions=happiness,anger")


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of ten seconds of FACET."""
    folder = tmp_path_factory.mktemp("facet")
    create_study(folder / "study")
    write_text(folder / "P01.txt", format_facet([make_facet_row(k) for k in range(250)]))
    import_frames("facet", [folder / "P01.txt"], folder / "study", rule=RULE)
    run_study(folder / "study")
    return folder / "study"


def test_an_imported_coder_is_named_and_not_vouched_for(measured: Path) -> None:
    source = read_source(open_study(measured), read_study(measured / "study.yaml"))
    methods, limits = str(write_methods(source)), str(build_limits(source))
    assert "Movements come from the files of iMotions with Emotient FACET" in methods
    assert "landmarker" not in methods + limits
    assert "is not known here: see its own validation" in limits
    assert source.coder is not None
    assert {signal.name: signal.unit for signal in source.coder.signals}["AU12"] == "evidence (log odds)"


def test_what_a_program_does_not_write_is_not_judged(measured: Path) -> None:
    """FACET writes no confidence: no limit of confidence is claimed."""
    assert "confidence" in judge_study(measured).unjudged
    source = read_source(open_study(measured), read_study(measured / "study.yaml"))
    assert "confidence" not in str(write_methods(source))


def test_other_coders_are_named_and_not_pooled(measured: Path, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "P01.csv", [make_row(k) for k in range(1, 301)])
    study = measured / "study.yaml"
    study.write_text(study.read_text().replace("version: 1\n", "version: 1\ncoding: {coder: facet}\n", 1))
    import_frames("openface", [path], measured)
    assert not run_study(measured).failed
    source = read_source(open_study(measured), read_study(study))
    assert source.tables.measures["coder"].unique().to_list() == ["facet"]
    assert "frames of openface" in str(build_limits(source))


def test_muscles_have_no_face(tmp_path: Path) -> None:
    create_study(tmp_path / "study")
    path = write_brainvision(tmp_path / "P01.vhdr", {"Zyg": make_muscle(10, [])})
    import_frames("emg", [path], tmp_path / "study", rule=RULE)
    run_study(tmp_path / "study")
    methods = str(write_methods(read_source(open_study(tmp_path / "study"), read_study(tmp_path / "study/study.yaml"))))
    assert "Muscles were measured at a median of 50.0" in methods
    assert "a muscle had a value" in methods
    assert "face was found" not in methods
    assert "Presence has no value" in methods
