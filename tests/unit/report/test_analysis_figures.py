"""Which figures a planned analysis gets, from results of the real models on data with planted effects."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache

import polars as pl
import pytest

from made_plans import CONGRUENT, make_analysis, make_data
from mimicrylab.report.answers.naming import Vocabulary
from mimicrylab.report.figures.analyses import draw_analysis
from mimicrylab.report.figures.drawing import Figure, write_svg_file
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.plan.run import run_plan

DATA = make_data(40)
HAPPY = {"measure": "mean", "signals": ["AU12"], "emotions": ["happiness"]}
ARM = {"name": "treatment", "kind": "treatment"}
EQ = {"name": "EQ-60.total", "kind": "trait"}
EMOTION = {"name": "emotion", "kind": "within"}
NEUTRAL = {"name": "mean", "kind": "covariate", "block": "neutral"}
EACH = {"measure": "mean", "signals": ["AU04", "AU12", "AU25"], "for_each": ["emotion", "signal"]}
WORDS = Vocabulary(kinds={"mean": "mean", "congruence": "congruence", "latency": "latency", "presence": "presence"})

PLANS: dict[str, tuple[dict[str, object], list[str]]] = {
    "two_groups": ({"outcome": HAPPY, "predictors": [ARM]}, ["groups", "normality"]),
    "rank_groups": ({"outcome": HAPPY, "predictors": [ARM]}, ["groups"]),
    "one_sample": ({"outcome": {"measure": "congruence", "for_each": ["emotion"]}}, ["values", "tests"]),
    "paired": ({"outcome": HAPPY, "predictors": [{"name": "phase", "kind": "within"}]}, ["pairs"]),
    "correlation": (
        {"outcome": {"measure": "congruence", "for_each": ["emotion"]}, "predictors": [EQ]},
        ["correlations", "scatter"],
    ),
    "regression": ({"outcome": HAPPY, "predictors": [EQ]}, ["scatter"]),
    "multivariate_regression": ({"outcome": EACH, "predictors": [ARM]}, ["means", "effects"]),
    "ancova": ({"outcome": HAPPY, "predictors": [ARM, NEUTRAL]}, ["lines"]),
    "moderation": (
        {
            "outcome": HAPPY,
            "predictors": [ARM | {"interacts_with": ["mean"]}, NEUTRAL | {"kind": "moderator"}],
        },
        ["moderation"],
    ),
    "repeated": ({"outcome": {"measure": "mean", "signals": ["AU12"]}, "predictors": [EMOTION, ARM]}, ["means"]),
    "mixed": ({"outcome": {"measure": "mean", "signals": ["AU12"]}, "predictors": [EMOTION]}, ["means"]),
    "survival": (
        {"outcome": {"measure": "latency", "signals": ["AU12"], "emotions": ["happiness"]}, "predictors": [ARM]},
        ["latency"],
    ),
    "frequencies": ({"outcome": {"score": "treatment_guess"}, "predictors": [ARM]}, ["counts"]),
    "description": ({"outcome": EACH}, ["groups"]),
    "prediction": (
        {
            "outcome": {"score": "EQ-60.total"},
            "predictors": [{"name": "mean", "kind": "features", "signals": ["AU12", "AU25"]}],
            "method": "linear",
        },
        ["predicted"],
    ),
}


@cache
def run(model: str) -> AnalysisResult:
    (result,) = run_plan(DATA, [make_analysis(model, **PLANS[model][0])])
    return result


@cache
def draw(model: str) -> tuple[Figure, ...]:
    return draw_analysis(run(model), WORDS, congruent=CONGRUENT)


def find(model: str, kind: str) -> Figure:
    return next(figure for figure in draw(model) if figure.name == f"analysis-one-{kind}")


@pytest.mark.parametrize("model", PLANS)
def test_every_model_has_its_figures(model: str) -> None:
    assert run(model).state == "done", run(model).reason
    figures = draw(model)
    assert [figure.name for figure in figures] == [f"analysis-one-{kind}" for kind in PLANS[model][1]]
    for figure in figures:
        assert ET.fromstring(write_svg_file(figure)).attrib["aria-label"] == figure.alt
        assert not re.search(r"\b(nan|None)\b", figure.svg + figure.alt)
        assert figure.data.height
        assert figure.title.endswith(".")


def test_figures_are_the_same_every_time() -> None:
    again = draw_analysis(run("moderation"), WORDS)
    assert [figure.svg for figure in again] == [figure.svg for figure in draw("moderation")]


def test_the_groups_figure_shows_the_groups_of_the_test() -> None:
    result = run("two_groups")
    first, second = result.estimates[0].groups
    alt = find("two_groups", "groups").alt
    assert f"oxytocin {first.mean:.2f} [" in alt
    assert f"placebo {second.mean:.2f} [" in alt
    assert alt.index("oxytocin") < alt.index("placebo")


def test_sorted_correlations_are_those_of_the_result() -> None:
    data = find("correlation", "correlations").data
    assert data["estimate"].to_list() == sorted(data["estimate"], reverse=True)
    found = {one.term: one.estimate for one in run("correlation").estimates}
    assert dict(zip(data["label"], data["estimate"], strict=True)) == found


def test_phases_stand_in_time_along_an_axis() -> None:
    phase = {"name": "phase", "kind": "within", "interacts_with": ["treatment"]}
    plan = make_analysis("repeated", outcome=HAPPY, predictors=[phase, ARM])
    (result,) = run_plan(DATA, (plan,), seed=1)
    (figure, *_) = draw_analysis(result, WORDS, congruent=CONGRUENT)
    assert figure.data["condition"].unique(maintain_order=True).to_list() == ["before", "after"]


def test_a_figure_counts_the_people_it_shows() -> None:
    result = run("two_groups")
    outcome = next(name for name, role in result.roles.items() if role == "outcome")
    lacking = pl.when(pl.int_range(pl.len()) < 3).then(None).otherwise(pl.col(outcome)).alias(outcome)
    (figure, *_) = draw_analysis(replace(result, data=result.data.with_columns(lacking)), WORDS)
    assert f"({result.data.height - 3} participants)" in figure.title


def test_the_earlier_phase_stands_first_and_the_difference_is_that_of_the_test() -> None:
    figure, result = find("paired", "pairs"), run("paired")
    assert result.estimates[0].term == "after - before"
    assert figure.data["difference"].mean() == pytest.approx(result.estimates[0].estimate)
    assert figure.svg.index(">before<") < figure.svg.index(">after<")


def test_parallel_lines_differ_by_the_adjusted_difference() -> None:
    difference = next(one for one in run("ancova").estimates if one.term == "oxytocin - placebo").estimate
    ends = re.findall(r"from ([\d.]+) at ([\d.]+) to ([\d.]+) at (\d+\.\d+)", find("ancova", "lines").alt)
    (y0, x0, y1, x1), (z0, w0, _, _) = ([float(number) for number in end] for end in ends)
    slope = (y1 - y0) / (x1 - x0)
    assert (y0 - slope * x0) - (z0 - slope * w0) == pytest.approx(difference, abs=0.06)


def test_the_moderation_figure_has_the_slopes_of_the_result() -> None:
    data = find("moderation", "moderation").data
    slopes = data.filter(pl.col("part") == "simple slope")["value"].to_list()
    assert slopes == [one.estimate for one in run("moderation").estimates if " at " in one.term]
    assert data.filter(pl.col("part") == "person").height == 40


def test_a_dry_run_says_so_in_picture_words_and_data() -> None:
    dry = replace(run("two_groups"), labels="permuted")
    for figure in draw_analysis(dry, WORDS):
        assert "Permuted labels" in figure.svg
        assert figure.title.startswith("Permuted labels: ")
        assert figure.alt.startswith("Permuted labels: who is in which arm is random here")
        assert figure.data["labels"].unique().to_list() == ["permuted labels"]


def test_what_has_different_units_shares_no_axis() -> None:
    result = run("one_sample")
    units = pl.when(pl.col("emotion") == "anger").then(pl.lit("0-5")).otherwise(pl.lit("share of frames"))
    estimates = tuple(replace(one, unit="") for one in result.estimates)
    mixed = replace(result, data=result.data.with_columns(units.alias("unit")), estimates=estimates)
    figures = draw_analysis(mixed, WORDS)
    assert [figure.name for figure in figures] == ["analysis-one-1-values", "analysis-one-2-values"]
    assert sorted(figure.data.height for figure in figures) == [40, 40]


@pytest.mark.parametrize("state", ["refused", "not possible"])
def test_what_was_not_done_has_no_figure(state: str) -> None:
    assert draw_analysis(replace(run("two_groups"), state=state)) == ()  # type: ignore[arg-type]
