"""The coder ``pyfeat``, with a stand-in for the package: it returns a table as py-feat 2 documents it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from made_videos import make_video
from mimicrylab.coding.licences import accept_terms
from mimicrylab.coding.pyfeat import TERMS, Pyfeat
from mimicrylab.errors import DamagedFileError

TIMES_MS = (0, 40, 80, 150, 190)
STAND_IN = '''
"""A stand-in for py-feat, which is too heavy for tests: Detectorv1().detect() gives a recorded table."""


class Table:
    def to_csv(self, path, index):
        assert index is False
        with open(path, "w") as file:
            file.write("frame,FaceRectX,FaceRectY,FaceRectWidth,FaceRectHeight,FaceScore,AU12,happiness,approx_time\\n")
            for frame, smile in enumerate(["0.1", "0.2", "", "0.4", "0.5"]):
                cells = ["10", "20", "30", "40", "0.99", smile, smile] if smile else [""] * 7
                file.write(f"{frame},{','.join(cells)},00:00\\n")


class Detectorv1:
    def __init__(self, device):
        assert device == "cpu"

    def detect(self, video, data_type, progress_bar):
        assert data_type == "video"
        if "broken" in video:
            raise RuntimeError("no frame can be decoded")
        return Table()
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MIMICRYLAB_CACHE", str(tmp_path / "cache"))
    (tmp_path / "site" / "feat").mkdir(parents=True)
    (tmp_path / "site" / "feat" / "__init__.py").write_text(STAND_IN)
    monkeypatch.syspath_prepend(tmp_path / "site")
    yield
    sys.modules.pop("feat", None)


@pytest.mark.usefixtures("package")
def test_frames_have_the_videos_times_and_null_without_a_face(tmp_path: Path) -> None:
    video = make_video(tmp_path / "P01.mp4", times_ms=TIMES_MS)
    assert "terms" in (Pyfeat().find_obstacle() or "")
    accept_terms(TERMS)
    assert Pyfeat().find_obstacle() is None
    (frames,) = list(Pyfeat().code(video))
    assert frames["time"].to_list() == pytest.approx([ms / 1000 for ms in TIMES_MS])
    assert frames["success"].to_list() == [True, True, False, True, True]
    smile = frames["AU12"].to_list()
    assert smile[2] is None
    assert [value for value in smile if value is not None] == pytest.approx([0.1, 0.2, 0.4, 0.5])
    signals = [signal.name for signal in Pyfeat().description.signals]
    assert [name for name in frames.columns if name in signals] == signals


@pytest.mark.usefixtures("package")
def test_its_failure_is_told_in_its_words(tmp_path: Path) -> None:
    with pytest.raises(DamagedFileError, match="RuntimeError: no frame can be decoded"):
        list(Pyfeat().code(make_video(tmp_path / "broken.mp4", times_ms=TIMES_MS)))


def test_without_the_package_the_way_out_is_named() -> None:
    assert "mimicrylab import pyfeat" in (Pyfeat().find_obstacle() or "")
