"""docs/papers.md: every setting that it quotes is in the study's template, word for word."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

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
