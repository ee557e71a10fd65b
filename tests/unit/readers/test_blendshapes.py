"""Tables of blendshapes, with times in every form."""

from pathlib import Path

import pytest

from made_exports import format_table, write_text
from mimicrylab.coding.landmark_names import BLENDSHAPES
from mimicrylab.errors import InputError
from mimicrylab.readers.blendshapes import NAMES, BlendshapesReader


def make_text(time_column: str, times: list[object], **values: object) -> str:
    rows = [dict.fromkeys(NAMES, "0.1") | {time_column: time, "mouthSmileLeft": "0.5"} | values for time in times]
    return format_table(rows, (time_column, *NAMES), mark=",")


def test_names_are_those_of_our_own_coder() -> None:
    assert NAMES == BLENDSHAPES


@pytest.mark.parametrize(
    ("column", "times", "options"),
    [
        ("timestamp_ms", [0, 40, 80], {}),
        ("time_s", ["0", "0.04", "0.08"], {}),
        ("timestamp", [0, 40, 80], {"time_unit": "ms"}),
        ("frame", [0, 1, 2], {"frames_per_second": 25.0}),
    ],
)
def test_times(tmp_path: Path, column: str, times: list[object], options: dict[str, object]) -> None:
    imported = BlendshapesReader(**options).read(write_text(tmp_path / "a.csv", make_text(column, times)))  # type: ignore[arg-type]
    frames = imported.tables["frames"]
    assert frames["time"].to_list() == pytest.approx([0, 0.04, 0.08])
    assert frames["bs_mouthSmileLeft"].to_list() == [0.5] * 3
    assert frames["bs_neutral"].to_list() == pytest.approx([0.1] * 3)
    assert imported.notes == ()


def test_a_unit_is_never_guessed(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", make_text("timestamp", [0, 40, 80]))
    with pytest.raises(InputError, match="unit of the column 'timestamp'"):
        BlendshapesReader().read(path)
    assert "52 of MediaPipe's blendshapes" in BlendshapesReader().recognise(path)


def test_other_spellings_and_empty_rows(tmp_path: Path) -> None:
    text = make_text("time_s", ["0", "0.04", "0.08"]).replace("mouthSmileLeft", "bs_mouth_smile_left")
    lines = text.splitlines()
    lines[2] = "0.04" + "," * len(NAMES)
    frames = BlendshapesReader().read(write_text(tmp_path / "a.csv", "\n".join(lines))).tables["frames"]
    assert frames["success"].to_list() == [True, False, True]
    assert frames["bs_mouthSmileLeft"].to_list() == [0.5, None, 0.5]
