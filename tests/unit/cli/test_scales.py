import json
from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from mimicrylab.cli.main import app
from mimicrylab.errors import MissingError, UnknownNameError

OWN = """\
version: 1
name: MINE
title: My own
measures: something
citation: none
licence: mine
items: 2
answers: [{code: 0, text: no}, {code: 1, text: yes}]
keys: [{name: forward, points: [0, 1], items: [1, 2]}]
scores: [{name: total, combine: sum}]
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["scales", *arguments])


def test_the_list_names_scales_scores_and_ranges() -> None:
    output = run("list").output
    assert "EQ-60          Empathy Quotient, 60 items (40 scored, 20 fillers)" in output
    assert "scores: close 1-5, depend 1-5, anxiety 1-5, avoidance 1-5; from mimicrylab" in output


def test_one_scale_shows_key_missing_rule_citation_and_licence() -> None:
    output = run("show", "EQ-60").output
    assert "key        agree (2/1/0/0): 1 6 19 22 25 26 35" in output
    assert "not scored 2 3 5 7 9" in output
    assert "score      total: sum of 40 items, 0 to 80" in output
    assert "missing    any scored item missing: no score" in output
    assert "Not a diagnostic instrument" in output
    assert "licence    The wording belongs to the Autism Research Centre" in output


def test_json_has_the_items_of_every_score() -> None:
    scale = json.loads(run("show", "AQ-50", "--json").output)
    assert {score["name"]: len(score["items"]) for score in scale["scores"]}["social_skill"] == 10
    assert scale["scores"][0]["highest"] == 50
    assert len(json.loads(run("list", "--json").output)) >= 6


def test_a_studys_own_scales_count_with_its_folder(tmp_path: Path) -> None:
    (tmp_path / "scales").mkdir()
    (tmp_path / "study.yaml").touch()
    (tmp_path / "scales" / "MINE.yaml").write_text(OWN)
    assert "from scales/MINE.yaml" in run("list", "--study", str(tmp_path)).output
    assert "My own" in run("show", "MINE", "--study", str(tmp_path)).output
    assert isinstance(run("show", "MINE").exception, UnknownNameError)
    assert isinstance(run("list", "--study", str(tmp_path / "none")).exception, MissingError)
