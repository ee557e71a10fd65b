"""The recipes in CONTRIBUTING.md run, and what they build does what its kind promises."""

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from contract.pages import ROOT
from mimicrylab.errors import InputError
from mimicrylab.measures.measure import Batch, Epochs
from mimicrylab.measures.signals import CoderSignals, find_targets
from mimicrylab.protocol.measurement import Baseline, MeasureRequest
from mimicrylab.protocol.scales import parse_scale
from mimicrylab.schemas import FRAMES
from mimicrylab.tables import conform_table


@pytest.fixture(scope="module")
def recipes() -> dict[str, Any]:
    """What the Python blocks of CONTRIBUTING.md define, run one after the other."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    defined: dict[str, Any] = {"__name__": "recipes"}
    for block in re.findall(r"^```python\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE):
        exec(compile(block, "CONTRIBUTING.md", "exec", dont_inherit=True), defined)
    return defined


def test_the_reader_reads_a_missing_face_as_null(recipes: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("ms,Smile\n0,50\n40,-1\n")
    frames = recipes["SmileLogReader"]().read(tmp_path / "log.csv").tables["frames"]
    frames = conform_table(frames.with_columns(recording_id=pl.lit("P01")), FRAMES, where="recipe")
    assert frames.select("time", "success", "Smile").rows() == [(0.0, True, 50.0), (0.04, False, None)]


def test_the_reader_refuses_another_file(recipes: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("time,AU12_r\n")
    with pytest.raises(InputError, match="this is no SmileLog file"):
        recipes["SmileLogReader"]().read(tmp_path / "log.csv")


def test_the_coder_yields_frame_rows(recipes: dict[str, Any], tmp_path: Path) -> None:
    coder = recipes["NobodyCoder"]()
    batch = next(coder.code(tmp_path / "video.mp4")).with_columns(recording_id=pl.lit("P01"))
    assert set(batch.columns) - set(FRAMES.names) == {signal.name for signal in coder.description.signals}
    assert conform_table(batch, FRAMES, where="recipe").height == 1


def test_the_measure_gives_one_number_a_trial_and_null_where_there_is_none(recipes: dict[str, Any]) -> None:
    placed = pl.DataFrame({"recording_id": ["P01"] * 2, "trial": [0, 1]}, schema_overrides={"trial": pl.Int32})
    frames = placed.filter(pl.col("trial") == 0).join(pl.DataFrame({"AU12": [1.0, 3.0, None]}), how="cross")
    nothing = pl.DataFrame()
    epochs = Epochs(frames, placed, Batch(frames, nothing, nothing, nothing), Baseline())
    target = find_targets(["AU12"], CoderSignals("nobody", ("AU12",)), congruence={})
    rows = recipes["SPREAD"].compute(epochs, target, MeasureRequest(measure="spread"))
    assert rows.select("trial", "signal", "value", "n_frames").rows() == [
        (0, "AU12", pytest.approx(2**0.5), 2),
        (1, "AU12", None, 0),
    ]


def test_the_scale_is_one() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    scale = parse_scale(block, where="CONTRIBUTING.md")
    assert scale.find_range(scale.scores[0]) == (1, 3)
