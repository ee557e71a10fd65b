from pathlib import Path

import pytest

from mimicrylab.errors import InputError, MissingError
from mimicrylab.protocol.stimuli import Manifest, read_manifest
from mimicrylab.tables import hash_file

HEADER = "stimulus,set,emotion,model_id,action_units,movement_onset_s,apex_s,duration_s,file,sha256,licence\n"


def read(root: Path, text: str | bytes, *, sets: tuple[str, ...] = ("faces",)) -> Manifest:
    path = root / "stimuli.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_manifest(path, root=root, sets=sets)


def test_a_full_row_becomes_a_stimulus(tmp_path: Path) -> None:
    (tmp_path / "happy.mp4").write_bytes(b"a clip")
    found = read(tmp_path, HEADER + "happy,faces,Happy,F1,6+12 AU25,0.2,1,5,happy.mp4,,CC0\n")
    assert found.table.to_dicts() == [
        {
            "stimulus": "happy",
            "set": "faces",
            "emotion": "happiness",
            "model_id": "F1",
            "action_units": ["AU06", "AU12", "AU25"],
            "movement_onset_s": 0.2,
            "apex_s": 1.0,
            "duration_s": 5.0,
            "path": "happy.mp4",
            "sha256": hash_file(tmp_path / "happy.mp4"),
            "licence": "CC0",
        }
    ]
    assert (dict(found.missing), found.unnamed) == ({}, ())


def test_what_is_not_known_is_null_and_none_shown_is_empty(tmp_path: Path) -> None:
    found = read(tmp_path, "stimulus,emotion,action_units\nunknown,anger,\nneutral,neutral,none\n")
    assert found.table["action_units"].to_list() == [None, []]
    assert found.table["set"].to_list() == ["faces", "faces"]
    assert found.table["duration_s"].null_count() == 2
    assert found.unnamed == ("unknown", "neutral")


def test_a_declared_file_that_is_not_there_is_missing_and_no_error(tmp_path: Path) -> None:
    found = read(tmp_path, "stimulus,file\na,stimuli/a.jpg\n")
    assert dict(found.missing) == {"a": "stimuli/a.jpg"}
    assert found.table["path"].to_list() == [None]


@pytest.mark.parametrize(
    "text",
    [
        "stimulus;emotion;duration_s\na;anger;1.5\n",
        "stimulus\temotion\tduration_s\na\tanger\t1.5\n",
        "\ufeffstimulus,emotion,duration_s\r\na,anger,1.5\r\n\r\n",
        'stimulus,emotion,duration_s\n"a","anger","1.5"\n',
    ],
)
def test_spreadsheet_dialects_are_read_alike(tmp_path: Path, text: str) -> None:
    (row,) = read(tmp_path, text).table.select("stimulus", "emotion", "duration_s").rows()
    assert row == ("a", "anger", 1.5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the list of stimuli is empty"),
        ("\n\n", "the list of stimuli is empty"),
        ("name,emotion\na,anger\n", "unknown column 'name'"),
        ("stimulus,emotoin\na,anger\n", "unknown column 'emotoin' (did you mean 'emotion'?)"),
        ("emotion\nanger\n", "the column 'stimulus' is missing"),
        ("stimulus,stimulus\na,b\n", "a column stands here twice"),
        ("stimulus,emotion\na,anger,AU04\n", "a line has more cells than the first line"),
        ("stimulus,emotion\n,anger\n", "stimuli.csv:2: the stimulus has no name"),
        ("stimulus,emotion\na,angst\n", "stimuli.csv:2: unknown emotion 'angst'"),
        ("stimulus,set\na,face\n", "unknown stimulus set 'face' (did you mean 'faces'?)"),
        ("stimulus,action_units\na,AU12 AU99\n", "'AU99' is no action unit"),
        ("stimulus;duration_s\na;1,5\n", "write the decimal point as a point"),
        ("stimulus,duration_s\na,-1\n", "'-1' is no time in seconds"),
        ("stimulus,duration_s\na,nan\n", "'nan' is no time in seconds"),
        ("stimulus,sha256\na,abc\n", "sha256 is not a SHA-256"),
        ("stimulus,file\na,../a.jpg\n", "lies outside the study folder"),
        ("stimulus,file\na,/etc/passwd\n", "lies outside the study folder"),
        ("stimulus,file\na,C:\\a.jpg\n", "lies outside the study folder"),
        ("stimulus\na\na\n", "stimuli.csv:3: the stimulus 'a' stands here twice (first in line 2)"),
        ('stimulus,emotion\n"a,anger\n', "the table cannot be read"),
        ("stimulus\nä\n".encode("latin-1"), "not in UTF-8"),
    ],
)
def test_mistakes_name_line_and_remedy(tmp_path: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert words in str(caught.value)


def test_all_mistakes_are_listed_up_to_twenty(tmp_path: Path) -> None:
    rows = "".join(f"s{n},joyous\n" for n in range(25))
    with pytest.raises(InputError) as caught:
        read(tmp_path, "stimulus,emotion\n" + rows)
    lines = str(caught.value).splitlines()
    assert lines[0] == "25 mistakes in stimuli.csv"
    assert len(lines) == 22
    assert lines[-1].strip() == "and 5 more"


def test_a_file_with_another_content_than_its_hash_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"one picture")
    digest = hash_file(tmp_path / "a.jpg")
    assert read(tmp_path, f"stimulus,file,sha256\na,a.jpg,{digest.upper()}\n").table["sha256"].to_list() == [digest]
    (tmp_path / "a.jpg").write_bytes(b"another")
    with pytest.raises(InputError, match="another content than the manifest says"):
        read(tmp_path, f"stimulus,file,sha256\na,a.jpg,{digest}\n")


def test_a_manifest_outside_the_folder_or_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text("stimulus\na\n")
    (tmp_path / "study").mkdir()
    with pytest.raises(InputError, match="outside the study folder"):
        read_manifest(tmp_path / "study" / ".." / "outside.csv", root=tmp_path / "study", sets=("faces",))
    with pytest.raises(MissingError, match="no list of stimuli"):
        read_manifest(tmp_path, root=tmp_path, sets=("faces",))


def test_no_manifest_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"stimuli\.manifest"):
        read_manifest(tmp_path / "none.csv", root=tmp_path, sets=("faces",))
