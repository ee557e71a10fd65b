"""docs/import.md is true: its commands run on the data set it describes, print what it shows, and give its numbers."""

import os
import re
import shlex
import subprocess
import sysconfig
from pathlib import Path

import polars as pl
import pytest

from contract.pages import DOCS
from made_openface import SMILE, write_cohort

PAGE = (DOCS / "import.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## A folder of OpenFace files")[2].partition("\n## ")[0]
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", SECTION, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder in which the section's commands ran, and all that they printed."""
    folder = tmp_path_factory.mktemp("laboratory")
    write_cohort(folder)
    command = Path(sysconfig.get_path("scripts")) / "mimicrylab"
    texts = []
    for kind, block in BLOCKS:
        for line in block.splitlines() if kind == "sh" else ():
            words = [str(command), *shlex.split(line)[1:]]
            done = subprocess.run(
                words, cwd=folder, capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "120"}
            )
            texts.append(done.stdout)
    return folder, "".join(texts)


def test_the_data_set_is_the_one_described(printed: tuple[Path, str]) -> None:
    folder, _ = printed
    files, events = (block for kind, block in BLOCKS if kind in ("csv", "text") and "participant" not in block)
    assert all((folder / name).is_file() for name in files.splitlines())
    assert (folder / "events.csv").read_text().startswith(events)


def test_the_import_prints_what_the_page_shows(printed: tuple[Path, str]) -> None:
    shown = next(block for kind, block in BLOCKS if kind == "text" and "participant" in block)
    assert shown in printed[1]
    assert (printed[0] / "my-study/report/report.html").is_file()


def test_the_known_movements_are_measured(printed: tuple[Path, str]) -> None:
    """AU12 rises for two of four seconds after happy faces only; P02's trial 3 lost .5 s of it, which is not 0."""
    measures = pl.read_parquet(printed[0] / "my-study/measures.parquet")
    means = measures.filter(signal="AU12", measure="mean").filter(pl.col("trial").is_not_null())
    for name, rise in SMILE.items():
        happy = means.filter(participant_id=name, stimulus_emotion="happiness").sort("trial")
        expected = [rise * 2 / 4, rise * 1.5 / 3.5 if name == "P02" else rise * 2 / 4]
        assert happy["value"].to_list() == pytest.approx(expected, abs=0.002)
        others = means.filter(pl.col("stimulus_emotion") != "happiness", participant_id=name)
        assert others["value"].to_list() == pytest.approx([0] * 4, abs=0.002)
    lost = means.filter(participant_id="P02", trial=3)
    assert lost["share_valid"].item() == pytest.approx(0.875)
    assert "0.34" in SECTION
    assert lost["value"].item() == pytest.approx(0.34, abs=0.005)
