import csv
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from made_open_set import make_open_set
from mimicrylab.errors import ConflictError, InputError, MimicryLabError
from mimicrylab.pipeline.check import check_study
from mimicrylab.pipeline.new import create_study
from mimicrylab.pipeline.stimuli import ImportChoice, describe_set, import_stimuli, show_set, survey_sets
from mimicrylab.protocol.open_stimuli import LABEL
from mimicrylab.tables import hash_file


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return create_study(tmp_path / "study", template="empathy").folder.root


def read_rows(study: Path) -> list[dict[str, str]]:
    text = (study / "stimuli" / "stimuli.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def make_pictures(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for place, name in enumerate(names):
        Image.new("RGB", (20, 24), (place, 0, 0)).save(folder / name)
    return folder


def test_a_set_that_ships_is_copied_with_checksums(study: Path, tmp_path: Path) -> None:
    folder = make_open_set(tmp_path / "open")
    choice = ImportChoice(emotions=("joy", "anger"), people=("F01",), replace=True)
    done = import_stimuli("open_stills", None, study=study, choice=choice, folder=folder)
    rows = read_rows(study)
    assert (done.set_name, done.stimuli, done.copied) == ("faces", 2, 2)
    assert [(row["stimulus"], row["emotion"], row["set"]) for row in rows] == [
        ("F01_anger", "anger", "faces"),
        ("F01_happiness", "happiness", "faces"),
    ]
    for row in rows:
        assert hash_file(study / row["file"]) == row["sha256"] == hash_file(folder / "stills" / Path(row["file"]).name)
    assert any(LABEL in note for note in done.notes)


def test_placeholders_stay_without_replace_and_nothing_comes_twice(study: Path, tmp_path: Path) -> None:
    folder = make_open_set(tmp_path / "open")
    done = import_stimuli("open_stills", None, study=study, folder=folder)
    assert len(read_rows(study)) == 28 + 14
    assert any("28 other stimuli" in note for note in done.notes)
    with pytest.raises(InputError, match="in the study already"):
        import_stimuli("open_stills", None, study=study, folder=folder)
    assert len(read_rows(study)) == 28 + 14


def test_the_kind_of_the_set_must_fit(study: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is of kind image, and these are of kind clip"):
        import_stimuli("open_clips", None, study=study, folder=make_open_set(tmp_path / "open"))


def test_kdef_within_the_study_is_read_where_it_lies(study: Path) -> None:
    make_pictures(study / "stimuli" / "KDEF" / "AF01", "AF01HAS.JPG", "AF01HAHL.JPG", "AF01NES.JPG", "logo.png")
    done = import_stimuli("kdef", study / "stimuli" / "KDEF", study=study, choice=ImportChoice(replace=True))
    rows = read_rows(study)
    assert [(row["stimulus"], row["emotion"], row["model_id"], row["action_units"]) for row in rows] == [
        ("AF01HAS", "happiness", "F01", "AU06 AU12 AU25"),
        ("AF01NES", "neutral", "F01", "none"),
    ]
    assert [row["file"] for row in rows] == ["stimuli/KDEF/AF01/AF01HAS.JPG", "stimuli/KDEF/AF01/AF01NES.JPG"]
    assert done.copied == 0
    assert [note for note in done.notes if "left out" in note] == [
        "left out: 1 file that shows another angle than S",
        "left out: 1 file that is not named like AF01HAS.JPG",
    ]


def test_licensed_files_elsewhere_are_copied_only_when_asked(study: Path, tmp_path: Path) -> None:
    elsewhere = make_pictures(tmp_path / "KDEF", "AF01HAS.JPG")
    before = read_rows(study)
    with pytest.raises(InputError, match="outside the study folder"):
        import_stimuli("kdef", elsewhere, study=study)
    assert read_rows(study) == before
    done = import_stimuli("kdef", elsewhere, study=study, choice=ImportChoice(copy=True))
    assert done.copied == 1
    assert (study / "stimuli" / "faces" / "AF01HAS.JPG").read_bytes() == (elsewhere / "AF01HAS.JPG").read_bytes()
    logged = json.loads((study / "log" / "steps.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (logged["step"], logged["copied"]) == ("stimuli import", 1)


def test_another_file_of_the_name_is_not_overwritten(study: Path, tmp_path: Path) -> None:
    elsewhere = make_pictures(tmp_path / "KDEF", "AF01ANS.JPG", "AF01HAS.JPG")
    (study / "stimuli" / "faces").mkdir()
    (study / "stimuli" / "faces" / "AF01HAS.JPG").write_bytes(b"mine")
    with pytest.raises(ConflictError, match="another file of this name"):
        import_stimuli("kdef", elsewhere, study=study, choice=ImportChoice(copy=True))
    assert (study / "stimuli" / "faces" / "AF01HAS.JPG").read_bytes() == b"mine"
    assert not (study / "stimuli" / "faces" / "AF01ANS.JPG").exists()


def test_adfes_stills_and_clips_and_emotions_without_a_word(study: Path) -> None:
    folder = make_pictures(study / "ADFES", "F02-Joy-Apex.jpg", "F02-Pride-Apex.jpg")
    (folder / "F02-Joy-Face Forward.mpeg").write_bytes(b"clip")
    with pytest.raises(InputError, match="pictures and clips"):
        import_stimuli("adfes", folder, study=study)
    done = import_stimuli("adfes", folder, study=study, choice=ImportChoice(kind="image", replace=True))
    assert [row["stimulus"] for row in read_rows(study)] == ["F02-Joy-Apex"]
    assert any("shows pride, for which MimicryLab has no word" in note for note in done.notes)


def test_a_table_of_ones_own_files(study: Path, tmp_path: Path) -> None:
    folder = make_pictures(tmp_path / "own", "smile.png")
    table = folder / "own.csv"
    table.write_text("stimulus,emotion,model_id,action_units,file\nS1,joy,A,6+12,smile.png\n", encoding="utf-8")
    done = import_stimuli("table", table, study=study, choice=ImportChoice(copy=True, replace=True))
    (row,) = read_rows(study)
    assert (done.stimuli, row["emotion"], row["action_units"]) == (1, "happiness", "AU06 AU12")
    assert row["file"] == "stimuli/faces/smile.png"
    table.write_text("stimulus,file\nS2,frown.png\n", encoding="utf-8")
    with pytest.raises(InputError, match="without a file"):
        import_stimuli("table", table, study=study)


@pytest.mark.parametrize(
    ("what", "choice"),
    [
        ("open_still", ImportChoice()),
        ("kdef", ImportChoice()),
        ("open_stills", ImportChoice(angles=("S",))),
        ("open_stills", ImportChoice(people=("F09",))),
        ("open_stills", ImportChoice(emotions=("contempt",))),
        ("open_stills", ImportChoice(set_name="others")),
    ],
)
def test_what_cannot_be_done_changes_nothing(what: str, choice: ImportChoice, study: Path, tmp_path: Path) -> None:
    before = read_rows(study)
    with pytest.raises(MimicryLabError):
        import_stimuli(what, None, study=study, choice=choice, folder=make_open_set(tmp_path / "open"))
    assert read_rows(study) == before
    assert not (study / "stimuli" / "faces").exists()


def test_the_gallery_is_one_page_with_every_stimulus(tmp_path: Path) -> None:
    folder = make_open_set(tmp_path / "open")
    for one in survey_sets(folder):
        page = tmp_path / f"{one.name}.html"
        show_set(one.name, gallery=page, folder=folder)
        text = page.read_text(encoding="utf-8")
        assert LABEL in text
        assert "CC0-1.0" in text
        assert text.count("data:image/webp" if one.kind == "image" else "data:video/mp4") == one.stimuli.height
        assert "http" not in text
        assert describe_set(one)["shows"]["happiness"] == ["AU06", "AU12", "AU25"]


def test_new_studies_take_the_set_and_are_sound(tmp_path: Path) -> None:
    folder = make_open_set(tmp_path / "open", people=[f"{sex}0{number}" for sex in "FM" for number in range(1, 5)])
    for template, count in {"minimal": 6, "classic": 24}.items():
        made = create_study(tmp_path / template, template=template, sets=survey_sets(folder))
        checked = check_study(made.folder.root)
        assert (made.stimuli, checked.sound) == (count, True)
        assert not [line for line in checked.missing if "stimul" in line]
