"""All specifications of an analysis: one row each, failures with their reason, a joint test, and files and back."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from made_plans import make_analysis, make_data
from mimicrylab.errors import DamagedFileError, InputError
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.limits import Quality
from mimicrylab.protocol.measurement import Baseline, MeasureRequest
from mimicrylab.protocol.multiverse import Multiverse
from mimicrylab.stats.plan.multiverse import MultiverseResult, compute_specification, gather_multiverse
from mimicrylab.stats.plan.multiverse_storage import list_multiverses, read_multiverse, write_multiverse
from mimicrylab.stats.plan.specifications import list_specifications
from mimicrylab.tables import Provenance

HAPPY = {"measure": "mean", "signals": ["AU12"], "emotions": ["happiness"]}
WINDOWS = ("early", "late", "whole")
GROUPS = make_analysis("two_groups", outcome=HAPPY, predictors={"treatment": "treatment"})


def run(
    analysis: Analysis = GROUPS, *, effect: float = 0.5, units: dict[str, str] | None = None, broken: str = ""
) -> MultiverseResult:
    """Every window has data of its own (another seed); the window ``broken`` has none; ``units`` by window."""
    multiverse = Multiverse(analysis="one", windows=WINDOWS, direction="positive", draws=199)
    requests = (MeasureRequest(measure="mean"), MeasureRequest(measure="congruence", of="mean"))
    specifications = list_specifications(
        multiverse, analysis, requests=requests, quality=Quality(), baseline=Baseline()
    )
    computed = []
    for one in specifications:
        window = one.choices["window"]
        data = make_data(40, effect=effect)
        scaled = pl.col("value") * (1 + one.number / 10)
        unit = pl.lit((units or {}).get(window, "0-5"))
        values = data.values.with_columns(scaled.alias("value"), unit.alias("unit"))
        varied = type(data)(**{**vars(data), "values": values})
        found = InputError("a baseline in rating time") if window == broken else varied
        computed.append(compute_specification(one, found, analysis, seed=1))
    return gather_multiverse(computed, analysis, multiverse, seed=1, standing="exploratory")


def test_every_specification_is_a_row_with_its_choices() -> None:
    result = run()
    assert result.choices == ("window",)
    assert result.table["window"].to_list() == ["response", *WINDOWS]
    assert result.table["declared"].to_list() == [True, False, False, False]
    assert result.table["effect"].unique().to_list() == ["0-5"]
    first = result.table["estimate"][0] / 1.1
    assert result.table["estimate"].to_list() == pytest.approx([first * (1 + k / 10) for k in range(1, 5)])
    assert result.labels == "open"


def test_the_joint_test_finds_the_planted_effect() -> None:
    median, count = run().joint
    assert median.estimate == pytest.approx(0.3 * 1.25, abs=0.2)
    assert median.p is not None
    assert median.p < 0.02
    assert count.estimate == 1.0
    assert count.effect_size is not None
    assert count.effect_size.value is not None
    assert count.effect_size.value < 0.15


def test_different_units_are_standardised() -> None:
    result = run(units={"early": "share of frames"})
    assert result.table["effect"].unique().to_list() == ["Cohen's d (average SD)"]
    assert result.table["estimate"].round(9).n_unique() == 1  # d does not know the scale
    assert result.joint[0].unit == "standardised effect"


def test_a_specification_that_cannot_be_computed_says_why() -> None:
    result = run(broken="late")
    row = result.table.filter(pl.col("window") == "late").row(0, named=True)
    assert (row["state"], row["estimate"]) == ("not possible", None)
    assert "baseline in rating time" in row["reason"]
    assert "1 of 4 specifications have no result (1: a baseline in rating time)." in result.notes
    assert "3 specifications" in result.joint[0].method


def test_several_tests_are_several_curves() -> None:
    plan = make_analysis("one_sample", outcome={"measure": "mean", "signals": ["AU12"], "for_each": ["emotion"]})
    result = run(plan)
    assert len(result.tests) == 3
    assert result.table.height == 12
    assert len(result.joint) == 6


def test_a_model_that_cannot_be_arranged_has_a_curve_without_a_test() -> None:
    plan = make_analysis("mixed", outcome=HAPPY, predictors={"treatment": "treatment"})
    result = run(plan)
    assert result.joint == ()
    assert result.table["estimate"].null_count() == 0
    assert "the model 'mixed' has no joint test" in result.notes[-1]


def test_files_and_back(tmp_path: Path) -> None:
    result = run(broken="late")
    write_multiverse(tmp_path, result, Provenance("multiverse"))
    assert list_multiverses(tmp_path) == ("one",)
    again = read_multiverse(tmp_path, "one")
    assert again is not None
    assert again.table.equals(result.table)
    assert again.joint == result.joint
    assert (again.multiverse, again.analysis, again.notes) == (result.multiverse, result.analysis, result.notes)
    before = (tmp_path / "one" / "multiverse.json").read_bytes()
    write_multiverse(tmp_path, result, Provenance("multiverse"))
    assert (tmp_path / "one" / "multiverse.json").read_bytes() == before
    assert read_multiverse(tmp_path, "two") is None
    (tmp_path / "one" / "multiverse.json").write_text("{}")
    with pytest.raises(DamagedFileError):
        read_multiverse(tmp_path, "one")
