"""docs/import.md is true: its commands run on the data sets it describes, print what it shows, and give its numbers."""

import os
import re
import shlex
import subprocess
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import polars as pl
import pytest

from contract.pages import DOCS
from made_emg import make_muscle, write_brainvision
from made_exports import (
    format_affdex,
    format_facet,
    make_affdex_row,
    make_facet_row,
    make_slide_row,
    write_text,
)
from made_openface import SMILE, make_row, write_cohort, write_rows
from mimicrylab.cli.import_ import FRAME_PROGRAMS, LOG_PROGRAMS
from mimicrylab.readers.reader import READERS_GROUP, load_reader
from mimicrylab.registry import list_registered

PAGE = (DOCS / "import.md").read_text(encoding="utf-8")
AFFDEX_SMILES = {"P01": 30.0, "P02": 12.0}
EMG_SMILES = {"P01": 20.0, "P02": 11.0}


def write_exports(folder: Path) -> None:
    """Two exports of AFFDEX: a happy face from 3 s to 7 s; P02 loses the face in ten samples before it is shown."""
    for name, rise in AFFDEX_SMILES.items():
        lost = range(20, 30) if name == "P02" else range(0)
        rows = [
            make_affdex_row(
                40 * k,
                stimulus="Slide 1" if k < 75 else "happiness_F1.mp4" if k < 175 else "Slide 3",
                face=k not in lost,
                **({} if k in lost else {"Smile": f"{1 + (rise if 75 <= k < 175 else 0):g}"}),
            )
            for k in range(300)
        ]
        stale = [{**rows[k], "Timestamp": 40 * k + 5, "Combined Event Source": "Shimmer GSR"} for k in range(12)]
        marks = [
            (0, make_slide_row(0, "StartMedia", "Slide 1")),
            (75, make_slide_row(3000, "StartMedia", "happiness_F1.mp4")),
            (175, make_slide_row(7000, "StartMedia", "Slide 3")),
        ]
        for place, mark in reversed(marks):
            rows.insert(place, mark)
        write_text(folder / f"exports/{name}.csv", format_affdex(rows + (stale if name == "P02" else [])))


def write_muscles(folder: Path) -> None:
    """Two recordings: the zygomaticus moves for two of the four seconds after the first marker."""
    (folder / "emg").mkdir()
    for name, height in EMG_SMILES.items():
        channels = {"Zyg": make_muscle(20, [(4.5, 6.5, height)]), "Corr": make_muscle(20, [], rest=3)}
        write_brainvision(folder / f"emg/{name}.vhdr", channels, [(4.0, "S  1"), (12.0, "S  2")])


def write_mixed(folder: Path) -> None:
    """Files of two programs and a letter."""
    (folder / "mixed/openface").mkdir(parents=True)
    write_rows(folder / "mixed/openface/P01.csv", [make_row(k) for k in range(1, 301)])
    write_text(folder / "mixed/facet/P02.txt", format_facet([make_facet_row(k) for k in range(250)]))
    write_text(folder / "mixed/letter.txt", "Dear colleague,\n")


MAKERS: dict[str, Callable[[Path], None]] = {
    "A folder of OpenFace files": write_cohort,
    "A folder of iMotions exports": write_exports,
    "A folder of muscles": write_muscles,
    "Several programs at once": write_mixed,
}


@dataclass(frozen=True)
class Ran:
    """A section whose commands ran: its blocks, the folder, and all that was printed."""

    text: str
    blocks: list[tuple[str, str]]
    folder: Path
    printed: str


@pytest.fixture(scope="module")
def run_section(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Ran]:
    done: dict[str, Ran] = {}

    def run(heading: str) -> Ran:
        if heading not in done:
            done[heading] = _run(heading, tmp_path_factory.mktemp("laboratory"))
        return done[heading]

    return run


def _run(heading: str, folder: Path) -> Ran:
    text = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    MAKERS[heading](folder)
    command = Path(sysconfig.get_path("scripts")) / "mimicrylab"
    texts = []
    for kind, block in blocks:
        for line in block.splitlines() if kind == "sh" else ():
            words = [str(command), *shlex.split(line)[1:]]
            done = subprocess.run(
                words, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "120"}
            )
            assert done.returncode == 0, done.stderr
            texts.append(done.stdout)
    return Ran(text, blocks, folder, "".join(texts))


@pytest.mark.parametrize("heading", MAKERS)
def test_the_page_shows_the_files_and_what_is_printed(run_section: Callable[[str], Ran], heading: str) -> None:
    ran = run_section(heading)
    shown = [block for kind, block in ran.blocks if kind == "text"]
    files, printed = shown[0], shown[1:]
    assert all((ran.folder / name).is_file() for name in files.splitlines())
    assert printed
    for block in printed:
        assert block in ran.printed


def read_means(folder: Path, signal: str) -> pl.DataFrame:
    measures = pl.read_parquet(folder / "measures.parquet")
    return measures.filter(signal=signal, measure="mean").filter(pl.col("trial").is_not_null())


def test_the_table_of_events_is_the_one_described(run_section: Callable[[str], Ran]) -> None:
    ran = run_section("A folder of OpenFace files")
    (events,) = (block for kind, block in ran.blocks if kind == "csv")
    assert (ran.folder / "events.csv").read_text().startswith(events)
    assert (ran.folder / "my-study/report/report.html").is_file()


def test_openfaces_known_movements_are_measured(run_section: Callable[[str], Ran]) -> None:
    """AU12 rises for two of four seconds after happy faces only; P02's trial 3 lost .5 s of it, which is not 0."""
    ran = run_section("A folder of OpenFace files")
    means = read_means(ran.folder / "my-study", "AU12")
    for name, rise in SMILE.items():
        happy = means.filter(participant_id=name, stimulus_emotion="happiness").sort("trial")
        expected = [rise * 2 / 4, rise * 1.5 / 3.5 if name == "P02" else rise * 2 / 4]
        assert happy["value"].to_list() == pytest.approx(expected, abs=0.002)
        others = means.filter(pl.col("stimulus_emotion") != "happiness", participant_id=name)
        assert others["value"].to_list() == pytest.approx([0] * 4, abs=0.002)
    lost = means.filter(participant_id="P02", trial=3)
    assert lost["share_valid"].item() == pytest.approx(0.875)
    assert "0.34" in ran.text
    assert lost["value"].item() == pytest.approx(0.34, abs=0.005)


def test_affdexs_known_smiles_are_measured(run_section: Callable[[str], Ran]) -> None:
    means = read_means(run_section("A folder of iMotions exports").folder / "imotions-study", "AU12")
    assert means["unit"].unique().to_list() == ["0-100"]
    values = dict(means.select("participant_id", "value").rows())
    assert values == pytest.approx(AFFDEX_SMILES, abs=0.01)


def test_muscles_known_bursts_are_measured(run_section: Callable[[str], Ran]) -> None:
    means = read_means(run_section("A folder of muscles").folder / "emg-study", "AU12")
    for name, height in EMG_SMILES.items():
        happy, angry = (means.filter(participant_id=name, stimulus_emotion=e)["value"] for e in ("happiness", "anger"))
        assert happy.item() == pytest.approx((height - 2) / sqrt(2) / 2, rel=0.03)
        assert angry.item() == pytest.approx(0, abs=0.05)


def test_every_reader_has_a_command_and_stands_on_the_page() -> None:
    readers = {part.name for part in list_registered(READERS_GROUP) if part.package == "mimicrylab"}
    levels = {name: load_reader(name).description.level for name in readers}
    own = {"openface", "events", "participants"}
    assert {name for name, level in levels.items() if level == "frames"} - own == set(FRAME_PROGRAMS)
    assert {name for name, level in levels.items() if level == "events"} - own == set(LOG_PROGRAMS)
    assert all(f"| `{name}` |" in PAGE for name in readers)
