from pathlib import Path

import pytest

from mimicrylab.errors import InputError
from mimicrylab.protocol.scales import find_scale
from mimicrylab.protocol.wording import locate_wording, read_wording

RAAS = find_scale("RAAS-1996").scale


def write(root: Path, lines: list[str]) -> Path:
    path = locate_wording(root, "RAAS-1996", "en")
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_line_an_item_numbered_or_not(tmp_path: Path) -> None:
    texts = tuple(f"Text {number}" for number in range(1, 19))
    assert read_wording(write(tmp_path, ["", *texts, ""]), RAAS) == texts
    numbered = [f"{number}. {text}" for number, text in enumerate(texts, start=1)]
    assert read_wording(write(tmp_path, numbered[::-1]), RAAS) == texts


def test_without_the_file_there_is_no_wording(tmp_path: Path) -> None:
    assert read_wording(locate_wording(tmp_path, "RAAS-1996", "de"), RAAS) is None


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["one"] * 17, "expected: 18 items"),
        ([f"{n}. x" for n in range(2, 20)], "numbered 1 to 18"),
        ([*(f"{n}. x" for n in range(1, 18)), "17. x"], "17 different numbers"),
        ([*(f"{n}. x" for n in range(1, 18)), "x"], "a line has no number, and others have"),
    ],
)
def test_wording_that_does_not_fit_is_refused(tmp_path: Path, lines: list[str], words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_wording(write(tmp_path, lines), RAAS)
    assert words in str(caught.value)
