"""Questionnaires of one's own: data files, tables of items, wordings."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from mimicrylab.errors import ConflictError, InputError, UnknownNameError
from mimicrylab.pipeline.import_scale import ScaleSettings, import_scale
from mimicrylab.pipeline.scales import show_scale
from mimicrylab.protocol.scale_text import write_scale
from mimicrylab.protocol.scales import find_scale, list_scales, parse_scale
from mimicrylab.protocol.scoring import score_answers
from mimicrylab.protocol.wording import read_wording
from mimicrylab.schemas import ANSWERS
from unit.protocol.study_texts import SMALL, write_study

TABLE = """\
item,text,key,subscale
1,I laugh easily,forward,joy
2,I rarely smile,reversed,joy
3,I cry easily,,grief; joy
4,I like tea,filler,
"""
MINE = ScaleSettings(name="MINE", answers=("0=no", "1=somewhat", "2=yes"), citation="none", licence="free")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own scales, in a folder of the test."""
    monkeypatch.setenv("MIMICRYLAB_SCALES", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study", SMALL, "stimulus,emotion\na,happiness\n")


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_of_items_becomes_a_scale_and_its_wording(tmp_path: Path, study: Path) -> None:
    done = import_scale(write(tmp_path / "mine.csv", TABLE), study=study, settings=MINE)
    assert [path.name for path in done.paths] == ["MINE.yaml", "MINE.en.txt"]
    scale = find_scale("MINE", root=study).scale
    assert {key.name: (key.items, key.points) for key in scale.keys} == {
        "forward": ((1, 3), (0, 1, 2)),
        "reversed": ((2,), (2, 1, 0)),
    }
    assert scale.fillers == (4,)
    assert {score.name: score.items for score in scale.scores} == {"joy": (1, 2, 3), "grief": (3,)}
    assert read_wording(study / "texts" / "MINE.en.txt", scale) == (
        "I laugh easily",
        "I rarely smile",
        "I cry easily",
        "I like tea",
    )
    rows = [{"participant_id": "P1", "session_id": "P1", "scale": "MINE", "item": item, "response": answer}
            for item, answer in (("1", "yes"), ("2", "no"), ("3", "1"), ("4", "yes"))]  # fmt: skip
    answers = pl.DataFrame(rows, schema={column.name: column.dtype for column in ANSWERS.columns})
    assert dict(score_answers(answers, scale).select("score", "value").rows()) == {"joy": 5.0, "grief": 1.0}


def test_a_data_file_is_copied_as_it_is(tmp_path: Path, study: Path, own_folder: Path) -> None:
    text = "# mine\n" + write_scale(find_scale("IRI").scale).replace("name: IRI", "name: IRI-own", 1)
    file = write(tmp_path / "anything.yaml", text)
    assert import_scale(file, study=study).paths == (study / "scales" / "IRI-own.yaml",)
    assert (study / "scales" / "IRI-own.yaml").read_text(encoding="utf-8") == text
    done = import_scale(file)
    assert done.paths == (own_folder / "IRI-own.yaml",)
    assert any("--study" in note for note in done.notes)
    assert "IRI-own" in [found.scale.name for found in list_scales()]
    assert find_scale("IRI-own").origin == "your own scales"
    assert find_scale("IRI-own", root=study).origin == "scales/IRI-own.yaml"


def test_every_shipped_scale_is_written_and_read_back() -> None:
    for found in list_scales():
        assert parse_scale(write_scale(found.scale), where="x") == found.scale


def test_keys_turned_round_are_asked_about(tmp_path: Path, study: Path) -> None:
    scale = find_scale("EQ-60").scale
    agree, disagree = scale.keys
    swapped = scale.model_copy(
        update={
            "name": "EQ-mine",
            "keys": (
                agree.model_copy(update={"items": disagree.items}),
                disagree.model_copy(update={"items": agree.items}),
            ),
        }
    )
    done = import_scale(write(tmp_path / "eq.yaml", write_scale(swapped)), study=study)
    assert any("those of EQ-60 turned round" in note for note in done.notes)
    same = scale.model_copy(update={"name": "EQ-same"})
    assert not import_scale(write(tmp_path / "same.yaml", write_scale(same)), study=study).notes


def test_a_wording_is_checked_against_its_scale(tmp_path: Path, study: Path) -> None:
    file = write(tmp_path / "iri.txt", "".join(f"{item}. Item {item}\n" for item in range(1, 29)))
    done = import_scale(file, study=study, settings=ScaleSettings(name="iri", language="de"))
    assert done.paths == (study / "texts" / "IRI.de.txt",)
    short = write(tmp_path / "short.txt", "1. One\n2. Two\n")
    with pytest.raises(InputError, match="does not fit IRI"):
        import_scale(short, study=study, settings=ScaleSettings(name="IRI"))
    with pytest.raises(InputError, match="belongs to a scale and a study"):
        import_scale(file)
    with pytest.raises(UnknownNameError):
        import_scale(file, study=study, settings=ScaleSettings(name="none"))


def test_another_scale_of_the_same_name_is_a_conflict(tmp_path: Path, study: Path) -> None:
    import_scale(write(tmp_path / "mine.csv", TABLE), study=study, settings=MINE)
    import_scale(write(tmp_path / "mine.csv", TABLE), study=study, settings=MINE)
    other = write(tmp_path / "other.csv", TABLE.replace("1,I laugh easily,forward", "1,I laugh easily,reversed"))
    with pytest.raises(ConflictError, match="another scale called MINE"):
        import_scale(other, study=study, settings=MINE)
    import_scale(other, study=study, settings=MINE, replace=True)
    assert find_scale("MINE", root=study).scale.keys[1].items == (1, 2)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (TABLE.replace("reversed", "backwards"), "'backwards' is no key of an item"),
        (TABLE.replace("3,I cry", "2,I cry"), "the item 2 stands twice"),
        (TABLE.replace("3,I cry", "5,I cry"), "the item 3 is missing"),
        (TABLE.replace("3,I cry", "x,I cry"), "'x' is no number of an item"),
        (TABLE.replace("I cry easily", ""), "an item has no wording"),
        ("item,key\n1,filler\n2,filler\n", "no item is scored"),
    ],
)
def test_mistakes_in_a_table_of_items_are_told(tmp_path: Path, study: Path, table: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        import_scale(write(tmp_path / "mine.csv", table), study=study, settings=MINE)
    assert not (study / "scales").exists()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (ScaleSettings(name="MINE"), "does not say what may be answered"),
        (ScaleSettings(name="MINE", answers=("0=no",)), "at least two answers"),
        (ScaleSettings(name="MINE", answers=("a=no", "b=yes")), "'a' is no whole number"),
        (ScaleSettings(name="MINE", answers=("0=no", "0=yes")), "two answers have the same code"),
        (ScaleSettings(name="../MINE", answers=("0=no", "1=yes")), "makes no questionnaire"),
        (ScaleSettings(name="MINE", answers=("0=no", "1=yes"), points=(1.0,)), "1 points for 2 answers"),
        (ScaleSettings(name="MINE", answers=("0=no", "1=yes"), language="../x"), "no language code"),
    ],
)
def test_what_a_table_does_not_say_must_be_said(
    tmp_path: Path, study: Path, settings: ScaleSettings, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        import_scale(write(tmp_path / "mine.csv", TABLE), study=study, settings=settings)
    assert not (study / "scales").exists()


def test_a_scale_is_shown_in_whatever_case_it_is_typed() -> None:
    assert show_scale("eq-60").scale.name == "EQ-60"
    with pytest.raises(UnknownNameError, match="did you mean 'EQ-60'"):
        show_scale("eq60")
