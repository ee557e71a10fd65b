"""The randomisation as declared, and every opening of the list as logged."""

from __future__ import annotations

from pathlib import Path

from mimicrylab.pipeline.new import create_study
from mimicrylab.protocol.arms import Assignment
from mimicrylab.report.blinding import Opening, describe_assignment, describe_openings, read_openings
from mimicrylab.study import StudyFolder, append_log

ARMS = Assignment.model_validate(
    {"arms": ({"name": "oxytocin"}, {"name": "placebo", "share": 2}), "kits_per_stratum": 12, "block_sizes": (3, 6)}
)


def test_openings_come_from_the_log_and_damaged_lines_hide_none(tmp_path: Path) -> None:
    folder = create_study(tmp_path / "study", template="minimal").folder
    append_log(folder, "unblind --emergency", {"kit": "K0001", "by": "physician on duty", "reason": "rash"})
    with (folder.log / "steps.jsonl").open("a", encoding="utf-8") as stream:
        stream.write("not json\n")
    append_log(folder, "unblind", {"by": "the statistician", "kits": 12})
    broken, opened = read_openings(folder)
    assert (broken.emergency, opened.emergency) == (True, False)
    assert opened.by == "the statistician"
    assert len(opened.day) == len("2026-11-22")


def test_folder_without_a_log_has_no_openings(tmp_path: Path) -> None:
    assert read_openings(StudyFolder(tmp_path)) == ()


def test_sentences_name_arms_ratio_blocks_and_blinding() -> None:
    text = " ".join(describe_assignment(ARMS, []))
    assert "randomised to oxytocin and placebo (1:2), in blocks of 3 and 6" in text
    assert "double blind" in text
    assert "has not been opened" in text


def test_openings_and_broken_codes_are_told_apart() -> None:
    openings = [
        Opening("2026-05-01", "physician", emergency=True),
        Opening("2026-09-01", "statistician", emergency=False),
    ]
    text = str(describe_openings(openings))
    assert "opened on 2026-09-01 by statistician" in text
    assert "1 code was broken in an emergency (2026-05-01)" in text


def test_a_name_in_the_log_cannot_bring_markup_into_the_page() -> None:
    text = str(describe_openings([Opening("2026-09-01", "<script>alert(1)</script>", emergency=False)]))
    assert "<script>" not in text


def test_study_without_arms_says_nothing() -> None:
    assert list(describe_assignment(None, [])) == []
