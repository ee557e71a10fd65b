from pathlib import Path

import polars as pl
import pytest

from made_open_set import make_open_set
from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.protocol.congruence import collect_congruent
from mimicrylab.protocol.design import parse_study
from mimicrylab.protocol.open_stimuli import KINDS, find_open_folder, find_open_set, list_open_sets
from mimicrylab.protocol.open_templates import TAKES, fill_template
from mimicrylab.protocol.stimuli import read_manifest
from mimicrylab.protocol.templates import TEMPLATES, read_template
from mimicrylab.tables import write_text

EIGHT = [f"{sex}{number:02d}" for sex in "FM" for number in range(1, 5)]


def test_sets_say_what_is_in_them(tmp_path: Path) -> None:
    stills, clips = list_open_sets(make_open_set(tmp_path))
    assert (stills.name, stills.kind, stills.stimuli.height) == ("open_stills", "image", 14)
    assert (clips.name, clips.kind, clips.emotions) == ("open_clips", "clip", ("anger", "happiness", "neutral"))
    assert sorted(clips.people["model_id"]) == ["F01", "M01"]
    assert clips.size_bytes == sum(path.stat().st_size for path in (tmp_path / "clips").iterdir())


def test_a_set_without_files_is_not_offered(tmp_path: Path) -> None:
    folder = make_open_set(tmp_path, clips=False)
    assert [one.name for one in list_open_sets(folder)] == ["open_stills"]
    assert list_open_sets(tmp_path / "nowhere") == ()
    with pytest.raises(InputError, match="not part of this installation"):
        find_open_set("open_clips", folder)
    with pytest.raises(UnknownNameError, match="did you mean 'open_clips'"):
        find_open_set("open_clip", folder)


def test_a_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    make_open_set(tmp_path)
    (tmp_path / "clips" / "F01_anger.mp4").write_bytes(b"another")
    with pytest.raises(InputError, match="another content than the manifest says"):
        list_open_sets(tmp_path)


@pytest.mark.parametrize("name", TAKES)
def test_templates_are_filled_and_their_congruence_comes_from_the_manifest(name: str, tmp_path: Path) -> None:
    folder = make_open_set(tmp_path / "open", people=EIGHT)
    texts = read_template(name)
    if name == "stimulus-rating":  # it shows twelve people
        kept = ["stimulus,", *[f"{one}_{emotion}" for one in ("F01", "M01") for emotion in ("anger", "neutral")]]
        lines = [line for line in texts["stimuli/stimuli.csv"].splitlines() if line.startswith(tuple(kept))]
        texts = {**texts, "stimuli/stimuli.csv": "\n".join(lines) + "\n"}
    filled = fill_template(name, texts, list_open_sets(folder))
    study = parse_study(filled.texts["study.yaml"]).study
    assert study is not None
    for path, source in filled.files.items():
        write_text(tmp_path / "study" / path, source.read_bytes().decode("latin-1"))
        (tmp_path / "study" / path).write_bytes(source.read_bytes())
    write_text(tmp_path / "study" / "stimuli.csv", filled.texts["stimuli/stimuli.csv"])
    root = tmp_path / "study"
    manifest = read_manifest(root / "stimuli.csv", root=root, sets=study.stimuli.sets)
    assert not manifest.missing
    assert not manifest.unnamed
    before = [line.split(",")[0] for line in texts["stimuli/stimuli.csv"].splitlines()[1:]]
    assert manifest.table["stimulus"].to_list() == before
    assert {one.action_units_from for one in study.stimuli.sets.values()} == {"published"}
    congruent = collect_congruent(study.stimuli.sets, manifest.table)
    if name != "classic":  # declares one muscle an emotion
        assert congruent["anger"] == ("AU04", "AU05", "AU07", "AU23")
    same_sex = manifest.table.select((pl.col("model_id").str.head(1) == pl.col("stimulus").str.extract("([FM])")).all())
    assert same_sex.item()


def test_templates_without_their_set_stay_as_they_are(tmp_path: Path) -> None:
    few = list_open_sets(make_open_set(tmp_path, people=("F01", "M01")))
    for name, sets in {"minimal": (), "classic": few, "empathy": few}.items():
        texts = read_template(name)
        filled = fill_template(name, texts, sets)
        assert (filled.texts, filled.files) == (texts, {})


def test_every_template_that_takes_a_set_exists() -> None:
    assert set(TAKES) <= set(TEMPLATES)
    assert {one for sets in TAKES.values() for one in sets.values()} <= set(KINDS)
    assert find_open_folder().parent.name == "protocol"
