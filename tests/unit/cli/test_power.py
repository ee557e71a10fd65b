import json
from pathlib import Path

import polars as pl
from typer.testing import CliRunner, Result

from mimicrylab.cli.main import app
from unit.power.small_plan import write_small_plan

OXYTOCIN = ("repeated", "--tested", "between", "--groups", "2", "--measurements", "5", "--correlation", "0")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["power", *arguments])


def test_the_papers_sample_sizes() -> None:
    assert run("groups", "--effect", ".5", "--power", ".8").output.startswith("128 participants")
    assert run(*OXYTOCIN, "--effect", ".2", "--power", ".95").output.startswith("68 participants")


def test_every_test_answers_in_numbers_for_a_script() -> None:
    for arguments, name in (
        (("groups", "--people", "100"), "d"),
        (("within", "--people", "40"), "d_z"),
        (("correlation", "--people", "50"), "r"),
        (("regression", "--predictors", "3", "--people", "60"), "f2"),
        (("repeated", "--tested", "within", "--measurements", "4", "--people", "30"), "f"),
    ):
        facts = json.loads(run(*arguments, "--json").output)
        assert (facts["asked"], facts["effect_name"], facts["power"]) == ("effect", name, 0.8)
        assert facts["sentence"].startswith("With ")


def test_a_curve_is_a_picture_with_its_table(tmp_path: Path) -> None:
    result = run("within", "--effect", ".3", "--curve", str(tmp_path / "curve.svg"))
    assert result.exit_code == 0
    svg = (tmp_path / "curve.svg").read_text()
    assert "<title>Power: two-sided paired or one-sample t test</title>" in svg
    assert "A sample of 90 participants" in svg
    table = pl.read_csv(tmp_path / "curve.csv")
    assert table.columns == ["people", "effect", "power"]
    run("within", "--people", "30", "--curve", str(tmp_path / "curve.png"))
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_curve_has_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        run("correlation", "--effect", ".3", "--curve", str(tmp_path / f"{name}.svg"))
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()


def test_a_studys_plan_is_simulated_and_told_in_lines_and_numbers(tmp_path: Path) -> None:
    study = write_small_plan(tmp_path / "study")
    asked = ("study", str(study), "--people", "8,12", "--runs", "1", "-j", "1", "--effect", "mimicry.happiness=30%")
    lines = run(*asked).output
    assert "happiness: mimicry 30 % of a full movement" in lines
    assert "8 people take part" in lines
    facts = json.loads(run(*asked, "--json").output)
    assert facts["people"] == [8, 12]
    assert facts["planted"]["given"] == ["mimicry.happiness=30%"]
    assert {row["analysis"] for row in facts["power"] if row["analysis"]} == {"mimicry", "treatment"}
    assert sorted(path.name for path in (study / "power").iterdir()) == ["power.csv", "power.json", "power.svg", "runs"]
