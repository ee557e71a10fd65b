"""docs/getting-started.md, followed to the letter: its commands and its table, on a real video."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from contract.pages import DOCS
from mimicrylab.assets import fetch_asset
from mimicrylab.schemas import MEASURES
from mimicrylab.tables import read_table

TEXT = (DOCS / "getting-started.md").read_text(encoding="utf-8")


def list_blocks(language: str) -> list[str]:
    """Return the page's blocks of code in a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one video and the page's events table, where every command of the page has run."""
    desk = tmp_path_factory.mktemp("desk")
    (desk / "videos").mkdir()
    shutil.copy(fetch_asset("WolfgangLanger_Pexels.mp4"), desk / "videos" / "P01.mp4")
    (events,) = list_blocks("csv")
    (desk / "events.csv").write_text(events, encoding="utf-8")
    python = Path(sys.executable)
    environment = {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    for command in list_blocks("sh"):
        done = subprocess.run(
            command, shell=True, cwd=desk, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, f"{command}{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
    return desk


def test_a_report_is_there_and_names_no_host(desk: Path) -> None:
    report = (desk / "my-study" / "report" / "report.html").read_text(encoding="utf-8")
    assert "My mimicry study" in report


def test_measures_are_there_for_what_was_shown(desk: Path) -> None:
    measures = read_table(desk / "my-study" / "measures.parquet", MEASURES)
    smiling = measures.filter(signal="AU12", measure="mean", stimulus_emotion="happiness", trial=0)
    assert smiling["n_frames"].min() > 80  # type: ignore[operator]
    assert smiling["value"].null_count() == 0


def test_the_video_alone_is_coded_as_in_the_study(desk: Path) -> None:
    alone = pl.read_parquet(desk / "coded" / "P01.parquet")
    in_study = pl.read_parquet(desk / "my-study" / "frames" / "landmarker" / "P01.parquet")
    assert alone.equals(in_study)
    assert alone.height == 472
