"""docs/analysing-a-table.md is true: its plan runs on its table and prints what it shows, and the numbers are right."""

import os
import re
import shlex
import subprocess
import sysconfig
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from contract.pages import DOCS
from mimicrylab.stats.plan.flat_columns import ROLES
from mimicrylab.stats.plan.storage import read_results

PAGE = (DOCS / "analysing-a-table.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```(\w+)\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder in which the page's command ran, and what it printed."""
    folder = tmp_path_factory.mktemp("table")
    (folder / "smiles.csv").write_text(BLOCKS["csv"], encoding="utf-8")
    (folder / "plan.yaml").write_text(BLOCKS["yaml"], encoding="utf-8")
    words = [str(Path(sysconfig.get_path("scripts")) / "mimicrylab"), *shlex.split(BLOCKS["sh"])[1:]]
    environment = {**os.environ, "COLUMNS": "120"}
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True, env=environment)
    return folder, done.stdout


def test_the_command_prints_what_the_page_shows(printed: tuple[Path, str]) -> None:
    assert printed[1].startswith(BLOCKS["text"])


def test_the_numbers_are_those_of_the_table(printed: tuple[Path, str]) -> None:
    """The interaction of two arms and two times is the squared t of the change in two groups with equal variances."""
    stored = read_results(printed[0] / "smiles-analyses")
    assert stored is not None
    rows = pl.read_csv(printed[0] / "smiles.csv", separator=";", decimal_comma=True, null_values=["-99"])
    change = rows.with_columns(change=pl.col("smile_after") - pl.col("smile_before")).drop_nulls("change")
    first, second = (change.filter(group=name)["change"].to_numpy() for name in ("oxytocin", "placebo"))
    pooled = (first.var() * len(first) + second.var() * len(second)) / (len(first) + len(second) - 2)
    t = (first.mean() - second.mean()) / np.sqrt(pooled * (1 / len(first) + 1 / len(second)))
    interaction = next(one for one in stored.results[0].estimates if one.term == "treatment:phase")
    assert interaction.statistic is not None
    assert interaction.statistic.value == pytest.approx(t**2, rel=1e-6)
    both = rows.with_columns(smile=(pl.col("smile_after") + pl.col("smile_before")) / 2).drop_nulls(["smile", "EQ"])
    assert stored.results[1].estimates[0].estimate == pytest.approx(both.select(pl.corr("smile", "EQ")).item())
    assert stored.results[1].estimates[0].n == both.height == 14


def test_every_part_that_a_column_can_play_is_named() -> None:
    assert not [role for role in ROLES if f"`{role}`" not in PAGE]
