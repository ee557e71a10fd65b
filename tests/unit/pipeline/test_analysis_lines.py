"""One plain line an analysis."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from mimicrylab.pipeline.analysis_lines import describe_results, write_p
from mimicrylab.protocol.analyses import Analysis, Outcome
from mimicrylab.stats.estimates import Estimate, Statistic
from mimicrylab.stats.plan.results import AnalysisResult

ANALYSIS = Analysis(id="one", hypothesis="H1", model="one_sample", outcome=Outcome(measure="mean"))
FIRST = Estimate("one", "AU12", 0.0004, ci_low=-0.5, ci_high=1.25, p=0.04, p_adjusted=0.08, n=20)
SECOND = Estimate("one", "AU25", -2.0, p=0.001, p_adjusted=0.002, n=18)
F_TEST = Estimate("one", "phase", None, statistic=Statistic("F", 4.5), df=(1.0, 38.5), p=0.04)


@pytest.mark.parametrize(
    ("result", "text", "p"),
    [
        (AnalysisResult(ANALYSIS, estimates=(FIRST,)), "AU12 = 0.0004 [-0.500, 1.250]", ".080"),
        (
            AnalysisResult(ANALYSIS, estimates=(FIRST, SECOND)),
            "2 tests, 1 below 0.05; smallest: AU25 = -2.000",
            ".002",
        ),
        (AnalysisResult(ANALYSIS, estimates=(FIRST, SECOND), tests=("AU12",)), "AU12 = 0.0004 [-0.500, 1.250]", ".080"),
        (AnalysisResult(ANALYSIS, estimates=(F_TEST,)), "phase F(1, 38.5) = 4.500", "(.040)"),
        (AnalysisResult(ANALYSIS, estimates=(Estimate("one", "mean", 3.0),)), "mean = 3.000", "-"),
        (AnalysisResult(ANALYSIS, "refused", "two\n  do: this"), "two; do: this", "-"),
        (AnalysisResult(ANALYSIS), "0 estimates, nothing tested", "-"),
    ],
)
def test_the_clearest_test_is_told(result: AnalysisResult, text: str, p: str) -> None:
    line = describe_results([result], Path("analyses"))[0]
    assert (line.text, write_p(line)) == (text, p)


def test_the_folder_is_named_where_there_is_a_table() -> None:
    with_data = AnalysisResult(ANALYSIS, data=pl.DataFrame({"participant_id": ["P1"]}))
    lines = describe_results([with_data, AnalysisResult(ANALYSIS)], Path("analyses"))
    assert [line.path for line in lines] == [Path("analyses/one"), None]
