import csv
import io
import re

import pytest

from mimicrylab.errors import UnknownNameError
from mimicrylab.protocol.design import parse_study
from mimicrylab.protocol.study_check import list_texts
from mimicrylab.protocol.templates import TEMPLATES, read_template

every_template = pytest.mark.parametrize("name", TEMPLATES)


@every_template
def test_a_template_is_a_study_without_mistakes(name: str) -> None:
    document = parse_study(read_template(name)["study.yaml"])
    assert document.mistakes == ()


@every_template
def test_all_texts_of_a_template_are_in_it_and_none_is_left_over(name: str) -> None:
    found = read_template(name)
    study = parse_study(found["study.yaml"]).study
    assert study is not None
    wanted = {f"texts/{text}.en.md" for text in list_texts(study)}
    assert wanted == {path for path in found if path.startswith("texts/")}


@every_template
def test_comments_teach_every_part(name: str) -> None:
    text = read_template(name)["study.yaml"]
    assert text.startswith("# ")
    comments = len(re.findall(r"^\s*#|\s#\s", text, flags=re.MULTILINE))
    assert comments >= text.count("\n") // 12
    assert "\t" not in text
    assert max(map(len, text.splitlines())) <= 120


@every_template
def test_placeholders_are_described_and_no_picture_is_shipped(name: str) -> None:
    found = read_template(name)
    rows = list(csv.DictReader(io.StringIO(found["stimuli/stimuli.csv"])))
    assert rows
    assert {path.rpartition(".")[2] for path in found} <= {"yaml", "md", "csv"}
    assert "README.md" in found


def test_the_two_studies_show_what_they_showed() -> None:
    rows = {
        name: list(csv.DictReader(io.StringIO(read_template(name)["stimuli/stimuli.csv"])))
        for name in ("empathy", "oxytocin")
    }
    assert len(rows["empathy"]) == 28
    assert len({row["model_id"] for row in rows["empathy"]}) == 4
    assert len({row["emotion"] for row in rows["empathy"]}) == 7
    assert len(rows["oxytocin"]) == 40
    assert {row["model_id"][0] for row in rows["oxytocin"]} == {"F", "M"}
    assert {row["duration_s"] for row in rows["oxytocin"]} == {"5"}


def test_an_unknown_template_proposes_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'oxytocin'"):
        read_template("oxytocine")
