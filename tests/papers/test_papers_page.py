"""docs/papers.md: every setting that it quotes is in the study's template, and every planned analysis stands there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.design import parse_study
from mimicrylab.protocol.templates import read_template

PAGE = Path(__file__).parents[2] / "docs" / "papers.md"
TEMPLATES = {"Study 1": "empathy", "Study 2": "oxytocin"}
SPEAKS_OF_TEMPLATE = re.compile(r"^(- )?[a-z_0-9# H]+: ?|^- \{")
NOT_IN_TEMPLATE = re.compile(r"^(mimicrylab |stimuli/|texts/|study\.yaml$)")
ALTERNATIVES = {"draw: spread"}
"""Settings that the page names as another possibility, not as what the template says."""


def list_rows() -> Iterator[tuple[str, str, str]]:
    """Yield each row of the page: the study, the article's sentence, what the study file says."""
    study = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            study = line[3:].split(":")[0]
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if study and line.startswith("| ") and len(cells) == 2 and not cells[0].startswith("what the article"):
            yield study, cells[0], cells[1].rstrip(" |")


ROWS = list(list_rows())


def squeeze(text: str) -> str:
    return " ".join(text.split())


def test_every_row_says_a_setting_or_a_limit() -> None:
    assert len(ROWS) > 100
    for _, sentence, answer in ROWS:
        assert len(answer) > 10, sentence


@pytest.mark.parametrize(("study", "name"), TEMPLATES.items())
def test_quoted_settings_stand_in_the_template(study: str, name: str) -> None:
    text = squeeze(read_template(name)["study.yaml"])
    quoted = [snippet for of, _, answer in ROWS if of == study for snippet in re.findall(r"`([^`]+)`", answer)]
    settings = [s for s in quoted if SPEAKS_OF_TEMPLATE.match(s) and not NOT_IN_TEMPLATE.match(s)]
    assert len(settings) > 45
    assert [s for s in settings if squeeze(s) not in text and s not in ALTERNATIVES] == []


@pytest.mark.parametrize(("study", "name"), TEMPLATES.items())
def test_quoted_files_are_in_the_template(study: str, name: str) -> None:
    files = read_template(name)
    quoted = [snippet for of, _, answer in ROWS if of == study for snippet in re.findall(r"`([^`]+)`", answer)]
    named = {snippet for snippet in quoted if snippet.startswith(("stimuli/", "texts/"))}
    assert named
    assert named <= set(files)


def list_result_rows() -> Iterator[tuple[str, str, str, str]]:
    """Yield each row of the results: the study, the article's sentence, the sound analyses, those as published."""
    study = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            study = line[3:].split(":")[0]
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) == 3 and not cells[0].startswith("what the article"):
            yield study, cells[0], cells[1], cells[2].rstrip("| ")


RESULTS = list(list_result_rows())


def list_analyses(name: str) -> dict[str, Analysis]:
    study = parse_study(read_template(name)["study.yaml"]).study
    assert study is not None
    return {analysis.id: analysis for analysis in study.analyses}


def list_ids(text: str, known: dict[str, Analysis]) -> list[str]:
    """Return the analyses that a cell names; whatever else looks like one is returned too."""
    quoted = re.findall(r"`([a-z][a-z0-9_]+)`", text)
    return [name for name in quoted if name in known or name.endswith("_as_published")]


@pytest.mark.parametrize(("study", "name"), TEMPLATES.items())
def test_every_planned_analysis_has_its_sentence_and_every_named_one_is_planned(study: str, name: str) -> None:
    planned = list_analyses(name)
    cells = [cell for of, _, sound, published in RESULTS if of == study for cell in (sound, published)]
    named = [found for cell in cells for found in list_ids(cell, planned)]
    assert set(named) == set(planned)


@pytest.mark.parametrize(("study", "name"), TEMPLATES.items())
def test_the_last_column_names_what_is_done_as_published(study: str, name: str) -> None:
    planned = list_analyses(name)
    rows = [row for row in RESULTS if row[0] == study]
    assert len(rows) > 20
    for _, sentence, sound, published in rows:
        assert list_ids(sound, planned) or "`" in sound or sound.startswith(("the ", "both")), sentence
        wrong = [found for found in list_ids(published, planned) if not planned[found].as_published]
        assert wrong == [], sentence


@pytest.mark.parametrize("name", TEMPLATES.values())
def test_every_choice_of_a_paper_has_a_sound_one_beside_it(name: str) -> None:
    planned = list_analyses(name)
    for row in RESULTS:
        published = [found for found in list_ids(row[3], planned) if found in planned]
        if published and not list_ids(row[2], planned):
            assert row[2].startswith(("the same", "both")), row[1]


@pytest.mark.parametrize("name", TEMPLATES.values())
def test_every_analysis_says_in_words_what_it_asks_and_nothing_published_decides(name: str) -> None:
    for analysis in list_analyses(name).values():
        assert analysis.note is not None
        assert len(analysis.note.split()) >= 4, analysis.id
        assert not (analysis.as_published and analysis.standing == "confirmatory"), analysis.id
