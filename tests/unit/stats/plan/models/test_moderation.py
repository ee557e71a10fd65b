import numpy as np
import polars as pl
import pytest

from made_plans import find_line, make_question
from mimicrylab.stats.plan.models.moderation import moderate_effect

RANDOM = np.random.default_rng(8)
N = 300
ARM = np.array(["oxytocin", "placebo"] * (N // 2))
M = RANDOM.normal(0.4, 0.17, N)
TABLE = pl.DataFrame(
    {
        "participant_id": [f"P{i}" for i in range(N)],
        "arm": ARM,
        "neutral": M,
        "value": 0.4 + 0.5 * M + (ARM == "oxytocin") * (0.04 - 0.58 * (M - 0.4)) + RANDOM.normal(0, 0.1, N),
    }
)
PREDICTORS = [
    {"name": "arm", "kind": "treatment", "interacts_with": ["neutral"]},
    {"name": "neutral", "kind": "moderator"},
]


def test_planted_slopes_bounds_and_curves() -> None:
    """The effect is .04 at the mean and falls by .58 with each unit: .139 at -1 SD, -.059 at +1 SD, 0 at .469."""
    result = moderate_effect(make_question(TABLE, "moderation", predictors=PREDICTORS))
    assert result.tests == ("arm[oxytocin]:neutral",)
    assert find_line(result, "arm[oxytocin]:neutral").estimate == pytest.approx(-0.58, abs=0.25)
    low = find_line(result, "arm[oxytocin] at -1 SD of neutral")
    high = find_line(result, "arm[oxytocin] at +1 SD of neutral")
    assert low.estimate == pytest.approx(0.139, abs=0.05)
    assert high.estimate == pytest.approx(-0.059, abs=0.05)
    bounds = [check.estimate for check in result.checks if check.term.startswith("Johnson-Neyman")]
    assert bounds
    assert all(M.min() <= bound <= M.max() for bound in bounds)
    lines = result.curves["simple_slopes"]
    assert lines["level"].unique(maintain_order=True).to_list() == ["placebo", "oxytocin"]
    assert set(lines["predictor"]) == {"arm"}
    last = lines.filter(pl.col("moderator") == lines["moderator"].max())
    gap = last.filter(level="oxytocin")["fitted"][0] - last.filter(level="placebo")["fitted"][0]
    assert gap == pytest.approx(result.curves["johnson_neyman"]["slope"].to_list()[-1])


def test_every_emotion_has_its_own_curves() -> None:
    both = pl.concat([TABLE.with_columns(emotion=pl.lit(name)) for name in ("anger", "fear")])
    result = moderate_effect(make_question(both, "moderation", predictors=PREDICTORS, cells=["emotion"]))
    assert result.tests == ("anger: arm[oxytocin]:neutral", "fear: arm[oxytocin]:neutral")
    assert result.curves["simple_slopes"]["emotion"].unique().sort().to_list() == ["anger", "fear"]


def test_a_predictor_of_numbers_has_lines_one_sd_apart() -> None:
    table = TABLE.with_columns(arm=pl.Series(RANDOM.normal(size=N)))
    result = moderate_effect(make_question(table, "moderation", predictors=PREDICTORS))
    assert result.curves["simple_slopes"]["level"].unique(maintain_order=True).to_list() == ["-1 SD", "+1 SD"]


def test_as_published_has_classic_errors() -> None:
    result = moderate_effect(make_question(TABLE, "moderation", predictors=PREDICTORS, as_published=True))
    assert "classic" in result.estimates[0].method
    assert "HC3" in str(result.published)
