"""Freezing a plan: what is written, what is refused, what is kept, what deviates."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from mimicrylab.errors import DamagedFileError, InputError, RefusedError
from mimicrylab.pipeline.plan import describe_plan, freeze_plan, show_plan
from mimicrylab.pipeline.plan_deviations import find_study_deviations, warn_of_deviations
from mimicrylab.protocol.design import read_study
from mimicrylab.protocol.frozen_plan import hash_plan, list_frozen, read_frozen
from mimicrylab.protocol.templates import TEMPLATES, read_template
from mimicrylab.schemas import ANSWERS
from mimicrylab.study import open_study
from mimicrylab.tables import Provenance, write_table
from unit.protocol.study_texts import write_study
from unit.protocol.test_deviations import MANIFEST, PLAN

JANUARY = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
POWER = "{planned: 40, planned_because: enough, power: [{test: correlation, effect: 0.4}]}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study", PLAN.replace("{planned: 40}", POWER), MANIFEST)


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "study.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def answer(folder: Path) -> None:
    """Put two answers of one participant into the folder."""
    rows = [
        {"participant_id": "P1", "session_id": "P1", "scale": "EQ-60", "item": str(item), "response": "1"}
        for item in (1, 2)
    ]
    frame = pl.DataFrame(rows, schema={column.name: column.dtype for column in ANSWERS.columns})
    write_table(frame, folder / "answers.parquet", ANSWERS, Provenance("test"))


def test_a_preregistration_is_written_with_its_hash(folder: Path) -> None:
    result = freeze_plan(folder, now=JANUARY)
    page, text, record = (path.read_text(encoding="utf-8") for path in result.paths)
    assert [path.name for path in result.paths] == ["preregistration.html", "preregistration.md", "frozen.json"]
    sha256 = hash_plan(json.loads(record)["plan"])
    assert result.frozen.sha256 == sha256
    for document in (page, text):
        assert sha256 in document
        assert "2026-01-05 10:00 UTC, first version" in document
        assert "Smiles are mimicked." in document
        assert "congruence ~ EQ-60.total" in document
    assert "40 participants are planned.** enough." in text
    assert "data collection had begun" not in page
    assert read_frozen(folder) == result.frozen
    assert result.gaps == ()


def test_the_power_of_the_planned_number_is_that_of_gpower(folder: Path) -> None:
    text = freeze_plan(folder).paths[1].read_text(encoding="utf-8")
    # G*Power 3.1 (exact, bivariate normal model, rho .4, alpha .05): 46 people for .80; Fisher's z gives .73 for 40
    assert re.search(r"\| r = 0\.4 \| .* \| \.05 \| \.80 \| 46 \| \.74 \|", text)


def test_the_page_needs_nothing_else_and_the_same_plan_gives_the_same_bytes(folder: Path) -> None:
    page = freeze_plan(folder, now=JANUARY).paths[0].read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href)=[\"'](?!#)", page)
    assert "<script" not in page
    assert "default-src 'none'" in html.unescape(page)
    assert freeze_plan(folder, now=JANUARY).written is False
    assert (folder / "plan" / "preregistration.html").read_text(encoding="utf-8") == page


def test_data_that_exist_are_told(folder: Path) -> None:
    answer(folder)
    result = freeze_plan(folder)
    assert result.frozen.collected == ("2 answers of 1 participant",)
    for path in result.paths[:2]:
        assert "Frozen after data collection had begun: the folder held 2 answers" in path.read_text(encoding="utf-8")


def test_freezing_again_keeps_the_older_version_and_says_what_changed(folder: Path) -> None:
    first = freeze_plan(folder, now=JANUARY)
    old_page = first.paths[0].read_bytes()
    edit(folder, "planned: 40", "planned: 60")
    second = freeze_plan(folder)
    assert second.frozen.version == 2
    assert second.changes == ("participants.planned (number of participants planned): was 40, is 60",)
    assert (folder / "plan" / "preregistration-1.html").read_bytes() == old_page
    assert [plan.version for plan in list_frozen(folder)] == [1, 2]
    assert list_frozen(folder)[0] == first.frozen
    assert "was 40, is 60" in second.paths[0].read_text(encoding="utf-8")


def test_a_comment_changes_nothing(folder: Path) -> None:
    freeze_plan(folder)
    edit(folder, "title: Small study", "title: Small study  # of faces")
    assert freeze_plan(folder).written is False
    assert [path.name for path in (folder / "plan").iterdir() if "-1" in path.name] == []


def test_deviations_are_found_after_freezing(folder: Path) -> None:
    assert find_study_deviations(open_study(folder), read_study(folder)) == ()
    freeze_plan(folder)
    assert find_study_deviations(open_study(folder), read_study(folder)) == ()
    edit(folder, "id: mimicry,", "id: mimicry, alpha: 0.01,")
    (found,) = find_study_deviations(open_study(folder), read_study(folder))
    assert found.place == "analyses.mimicry.alpha"
    (warning,) = warn_of_deviations(open_study(folder), read_study(folder))
    assert warning.startswith("deviates from the plan frozen on ")
    assert warning.endswith("analyses.mimicry.alpha (level of significance): was 0.05, is 0.01")
    shown = show_plan(folder)
    assert shown.deviations == (found,)
    assert describe_plan(shown)["deviations"] == [
        {"part": "analysis plan", "setting": "analyses.mimicry.alpha", "was": "0.05", "is": "0.01"}
    ]


def test_a_shown_plan_says_that_it_was_frozen_and_when_the_data_came(folder: Path) -> None:
    assert "Status: not frozen" in show_plan(folder).text
    freeze_plan(folder, now=JANUARY)
    answer(folder)
    text = show_plan(folder).text
    assert "not frozen" not in text
    assert "first version" in text
    assert "after data collection had begun" not in text
    edit(folder, "planned: 40", "planned: 60")
    text = show_plan(folder).text
    assert "Status: changed since it was frozen on " in text
    assert "(version 1): 1 deviation" in text
    assert "after data collection had begun" in text


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("hypothesis: H1, model", "hypothesis: H1, standing: exploratory, model", None),
        (PLAN[PLAN.index("analyses:"):], "", "no analysis is planned"),
        ("hypothesis: H1, model: one_sample", "hypothesis: H1, family: all, alpha: 0.01, model: one_sample", None),
        ("hypothesis: H1, model: one_sample,", "hypothesis: H1, model: description,", "no test, only descriptions"),
    ],
)  # fmt: skip
def test_a_plan_that_does_not_say_what_decides_is_refused(folder: Path, old: str, new: str, reason: str | None) -> None:
    edit(folder, old, new)
    if reason is None:
        assert freeze_plan(folder).written
        return
    with pytest.raises(RefusedError, match=reason):
        freeze_plan(folder)
    assert not (folder / "plan").exists()


def test_a_plan_without_anything_confirmatory_has_no_family(folder: Path) -> None:
    edit(folder, "hypothesis: H1, model", "hypothesis: H1, standing: exploratory, model")
    edit(folder, "    hypothesis: H2\n", "    hypothesis: H2\n    standing: exploratory\n")
    with pytest.raises(RefusedError, match="there is no family"):
        freeze_plan(folder)


def test_a_family_with_two_levels_is_refused(folder: Path) -> None:
    edit(folder, "hypothesis: H1, model", "hypothesis: H1, family: both, alpha: 0.01, model")
    edit(folder, "    hypothesis: H2\n", "    hypothesis: H2\n    family: both\n")
    with pytest.raises(RefusedError, match=r"several levels of significance: mimicry 0\.01, empathy 0\.05"):
        freeze_plan(folder)


def test_mistakes_in_the_study_file_are_listed_and_nothing_is_frozen(folder: Path) -> None:
    edit(folder, "hypothesis: H2", "hypothesis: H9")
    with pytest.raises(InputError, match=r"analyses.1.hypothesis"):
        freeze_plan(folder)
    with pytest.raises(InputError, match="mistake"):
        show_plan(folder)


def test_a_changed_frozen_plan_is_not_built_upon(folder: Path) -> None:
    path = freeze_plan(folder).paths[2]
    path.write_text(path.read_text(encoding="utf-8").replace('"planned": 40', '"planned": 60'), encoding="utf-8")
    with pytest.raises(DamagedFileError, match="changed after it was frozen"):
        freeze_plan(folder)


def test_what_a_reader_will_miss_is_told(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "study", PLAN.replace("participants: {planned: 40}\n", ""), MANIFEST)
    gaps = freeze_plan(folder).gaps
    assert [gap.partition(":")[0] for gap in gaps] == ["participants.planned", "participants.power"]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_the_plan_of_every_template_is_shown_whole(tmp_path: Path, name: str) -> None:
    for path, text in read_template(name).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    shown = show_plan(tmp_path)
    study = read_study(tmp_path)
    for analysis in study.analyses:
        assert f"#### {analysis.id}" in shown.text
    for text in study.hypotheses.values():
        assert text in shown.text
    if any(analysis.standing == "confirmatory" for analysis in study.analyses):
        assert freeze_plan(tmp_path).written
