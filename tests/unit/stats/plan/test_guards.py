"""Each guard refuses or warns with what to do instead, and an analysis as published runs all the same."""

from dataclasses import replace

import polars as pl
import pytest

from made_plans import make_analysis, make_data
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.models.catalogue import run_analysis

HAPPY = {"measure": "mean", "signals": ["AU12"], "emotions": ["happiness"]}
TREATED = {"treatment": "treatment"}
EQ = {"EQ-60.total": "trait"}


def rename(data: PlanData, request: MeasureRequest) -> PlanData:
    """Return the data with the values of ``mean`` under another measure's name."""
    values = data.values.with_columns(
        measure=pl.when(pl.col("measure") == "mean").then(pl.lit(request.label)).otherwise("measure")
    )
    return replace(data, values=values, requests=(request, *data.requests[1:]))


Z = rename(make_data(), MeasureRequest(measure="z"))
PEAK = rename(make_data(), MeasureRequest(measure="peak"))
UNEVEN = replace(
    PEAK,
    values=PEAK.values.with_columns(
        n_frames=pl.when(pl.col("participant_id").is_in(["P01", "P02"])).then(30).otherwise("n_frames")
    ),
)
RELATIVE = MeasureRequest(measure="presence", name="relative", threshold_from="neutral", threshold_sd=3.0)
THRESHOLD = rename(make_data(), RELATIVE)
ONE_ARM = replace(make_data(), people=make_data().people.with_columns(arm=pl.lit("placebo")))
UNPAIRED = replace(
    make_data(),
    values=make_data().values.filter((pl.col("phase") == "after") == (pl.col("participant_id") < "P12")),
)

REFUSED = {
    "z with a trait": (Z, "correlation", {"outcome": HAPPY | {"measure": "z"}, "predictors": EQ}, "within-person z"),
    "peaks across frame rates": (
        UNEVEN,
        "correlation",
        {"outcome": HAPPY | {"measure": "peak"}, "predictors": EQ},
        "15 to 30 frames/s",
    ),
    "neutral made alike": (
        THRESHOLD,
        "two_groups",
        {"outcome": {"measure": "relative", "signals": ["AU12"], "emotions": ["neutral"]}, "predictors": TREATED},
        "makes everybody alike",
    ),
    "a missing arm": (ONE_ARM, "two_groups", {"outcome": HAPPY, "predictors": TREATED}, "nobody of the arm oxytocin"),
    "unpaired people": (
        UNPAIRED,
        "paired",
        {"outcome": HAPPY, "predictors": {"phase": "within"}},
        "different people cannot be paired",
    ),
    "trials as people": (
        make_data(),
        "two_groups",
        {"outcome": HAPPY, "predictors": TREATED, "rows": "trials"},
        "not independent",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_unsound_is_refused_with_what_to_do(name: str) -> None:
    data, model, settings, message = REFUSED[name]
    result = run_analysis(data, make_analysis(model, **settings), 1)
    assert result.state == "refused"
    assert message in str(result.reason)
    assert "do:" in str(result.reason) or "use " in str(result.reason)
    assert result.estimates == ()


@pytest.mark.parametrize("name", ["z with a trait", "peaks across frame rates", "neutral made alike"])
def test_as_published_runs_and_says_what_would_have_been_refused(name: str) -> None:
    data, model, settings, message = REFUSED[name]
    result = run_analysis(data, make_analysis(model, **settings, as_published=True), 1)
    assert result.state == "done"
    assert any(note.startswith("as published; otherwise refused") and message in note for note in result.notes)


def test_a_missing_arm_is_not_possible_even_as_published() -> None:
    data, model, settings, _ = REFUSED["a missing arm"]
    result = run_analysis(data, make_analysis(model, **settings, as_published=True), 1)
    assert result.state == "not possible"


def test_equal_frame_rates_and_comparisons_within_people_may_use_peaks() -> None:
    plan = make_analysis("correlation", outcome=HAPPY | {"measure": "peak"}, predictors=EQ)
    assert run_analysis(PEAK, plan, 1).state == "done"
    within = make_analysis("paired", outcome={"measure": "peak"}, predictors={"phase": "within"})
    assert run_analysis(UNEVEN, within, 1).state == "done"


def test_z_within_people_is_allowed() -> None:
    plan = make_analysis("paired", outcome={"measure": "z", "signals": ["AU12"]}, predictors={"phase": "within"})
    result = run_analysis(Z, plan, 1)
    assert result.state == "done"
    assert any("habituation" in note for note in result.notes)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"outcome": HAPPY, "predictors": TREATED}, "cannot tell mimicry from expressivity"),
        ({"outcome": {"measure": "congruence", "emotions": ["happiness"]}, "predictors": TREATED}, None),
    ],
)
def test_treatment_on_the_own_block_is_told(settings: dict[str, object], message: str | None) -> None:
    result = run_analysis(make_data(), make_analysis("two_groups", **settings), 1)
    assert result.state == "done", result.reason
    assert any("expressivity" in note for note in result.notes) == (message is not None)


def test_a_threshold_from_neutral_is_told_to_a_trait() -> None:
    plan = make_analysis("correlation", outcome=HAPPY | {"measure": "relative"}, predictors=EQ)
    result = run_analysis(THRESHOLD, plan, 1)
    assert result.state == "done"
    assert any("keeps people comparable" in note for note in result.notes)


def test_openfaces_median_is_told_to_what_differs_between_people() -> None:
    data = make_data()
    coded = replace(data, values=data.values.with_columns(coder=pl.lit("openface")))
    plan = make_analysis("correlation", outcome=HAPPY, predictors=EQ)
    assert any("recording's median" in note for note in run_analysis(coded, plan, 1).notes)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pl.col("participant_id").is_in(["P00", "P02", "P01", "P03"]), "too few people"),
        (pl.lit(True), "same for everybody"),
    ],
)
def test_few_people_and_constant_outcomes(table: pl.Expr, message: str) -> None:
    data = make_data()
    values = data.values.filter(table)
    if message == "same for everybody":
        values = values.with_columns(value=pl.lit(0.5))
    plan = make_analysis("two_groups", outcome=HAPPY, predictors=TREATED)
    result = run_analysis(replace(data, values=values), plan, 1)
    assert result.state == "not possible"
    assert message in str(result.reason)
