"""Figures of planned analyses, from small tables: the same bytes, their words and numbers, gaps where data lack."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import polars as pl
import pytest

from mimicrylab.report.figures.drawing import Figure, stamp_svg, write_svg_file
from mimicrylab.report.figures.frequencies import draw_frequencies
from mimicrylab.report.figures.groups import draw_groups
from mimicrylab.report.figures.moderation import (
    LINES_SCHEMA,
    PROBES_SCHEMA,
    SLOPES_SCHEMA,
    ModerationCurves,
    ModerationText,
    draw_moderation,
)
from mimicrylab.report.figures.normality import draw_quantiles
from mimicrylab.report.figures.pairs import draw_pairs
from mimicrylab.report.figures.prediction import draw_predictions
from mimicrylab.report.figures.profiles import PROFILE_SCHEMA, draw_profiles
from mimicrylab.report.figures.rows import draw_group_rows
from mimicrylab.report.figures.scatter import draw_scatter, fit_lines, fit_parallel_lines
from mimicrylab.report.figures.specification_curve import draw_specification_curve
from mimicrylab.report.figures.spread import spread_points
from mimicrylab.report.figures.survival import SURVIVAL_SCHEMA, draw_survival

SCORES = pl.DataFrame(
    {
        "panel": ["EQ"] * 24,
        "group": ["women"] * 12 + ["men"] * 12,
        "value": [float(value) for value in range(40, 52)] + [None, *[float(value) for value in range(30, 41)]],
    }
)
POINTS = pl.DataFrame(
    {
        "panel": ["all"] * 8,
        "group": ["a", "b"] * 4,
        "x": [1.0, 1, 2, 2, 3, 3, 4, 4],
        "y": [1.1, 3.0, 2.0, 3.9, 2.9, 5.1, 4.0, 6.0],
    }
)
WAITING = pl.DataFrame(
    [
        ("fast", 0.5, 4, 2, 0.5, 0.1, 0.8),
        ("fast", 2.0, 2, 0, 0.5, 0.1, 0.8),
        ("slow", 1.5, 4, 1, 0.75, 0.2, 0.95),
        ("slow", 2.0, 3, 0, 0.75, 0.2, 0.95),
    ],
    schema=SURVIVAL_SCHEMA,
    orient="row",
)
MEANS = pl.DataFrame(
    [
        ("fear", "AU01", "drug", 0.2, 0.1, 0.3, 9),
        ("fear", "AU01", "placebo", 0.4, None, None, 2),
        ("fear", "AU02", "drug", None, None, None, 0),
    ],
    schema=PROFILE_SCHEMA,
    orient="row",
)


def make_curves() -> ModerationCurves:
    """The effect is 1 - m, with a band of +- .5: it leaves 0 below m = .5 and above m = 1.5."""
    grid = np.linspace(0, 2, 21)
    slopes = pl.DataFrame(
        {"moderator": grid, "slope": 1 - grid, "ci_low": 0.5 - grid, "ci_high": 1.5 - grid}
    ).with_columns(significant=(pl.col("ci_low") > 0) | (pl.col("ci_high") < 0))
    lines = pl.concat(
        pl.DataFrame({"group": [name] * 21, "moderator": grid, "fitted": y, "ci_low": y - 1, "ci_high": y + 1})
        for name, y in (("drug", 1 - grid), ("placebo", 0 * grid))
    )
    points = pl.DataFrame({"group": ["drug", "placebo"], "moderator": [0.5, 1.5], "outcome": [0.4, 0.1]})
    probes = pl.DataFrame([("mean", 1.0, 0.0, -0.5, 0.5)], schema=PROBES_SCHEMA, orient="row")
    return ModerationCurves(
        points,
        lines.cast(LINES_SCHEMA),
        slopes.cast(SLOPES_SCHEMA),
        probes,
        bounds=(0.5, 1.5),  # type: ignore[arg-type]
    )


def make_figures() -> dict[str, Figure]:
    pairs = pl.DataFrame({"participant_id": list("abcd"), "after": [2.0, 3, 4, None], "before": [1.0, 2, 2, 1]})
    predicted = pl.DataFrame({"panel": ["ridge"] * 3, "observed": [1.0, 2, 3], "predicted": [2.0, 2.5, 1.5]})
    counts = pl.DataFrame({"group": ["x", "x", "y"], "category": ["yes", "no", "yes"], "n": [3, 1, 2]})
    drawn = [
        draw_quantiles(SCORES.select(panel="group", value="value"), unit="EQ", name="qq", title="Q-Q"),
        draw_groups(SCORES, unit="EQ", name="groups", title="Groups", reference=40),
        draw_pairs(pairs, unit="Mean", name="pairs", title="Pairs"),
        draw_scatter(POINTS, x_label="EQ", y_label="AU12", name="scatter", title="S", remarks={"all": "r = .9"}),
        draw_survival(WAITING, until_s=2.0, name="survival", title="Survival"),
        draw_predictions(predicted, unit="EQ", name="predicted", title="P", remarks={"ridge": "R² = −.5"}),
        draw_profiles(MEANS, unit="Presence", name="profiles", title="Means"),
        draw_frequencies(counts, name="counts", title="Counts"),
        draw_moderation(make_curves(), ModerationText("AU12", "neutral", "drug"), name="moderation", title="M"),
    ]
    return {figure.name: figure for figure in drawn if figure is not None}


@pytest.fixture(scope="module")
def figures() -> dict[str, Figure]:
    return make_figures()


def test_figures_are_byte_identical_on_repeat(figures: dict[str, Figure]) -> None:
    again = make_figures()
    assert list(again) == list(figures)
    assert all(again[name].svg == figure.svg for name, figure in figures.items())


def test_figures_are_well_formed_without_numbers_that_are_none(figures: dict[str, Figure]) -> None:
    assert len(figures) == 9
    for figure in figures.values():
        root = ET.fromstring(write_svg_file(figure))
        assert root.attrib["aria-label"] == figure.alt
        assert not re.search(r"\b(nan|None|inf)\b", figure.svg + figure.alt)


def test_quantiles_count_the_points_outside_the_band(figures: dict[str, Figure]) -> None:
    assert "women, 12 people: all points lie within the band" in figures["qq"].alt
    assert "men, 11 people" in figures["qq"].alt
    outlier = pl.DataFrame({"panel": ["x"] * 30, "value": [*np.linspace(-1, 1, 29).tolist(), 25.0]})
    found = draw_quantiles(outlier, unit="EQ", name="out", title="")
    assert found is not None
    assert not found.alt.endswith("all points lie within the band.")
    assert draw_quantiles(outlier.head(2), unit="EQ", name="none", title="") is None


def test_groups_say_means_over_people_with_a_value(figures: dict[str, Figure]) -> None:
    assert "women 45.50 [43.21, 47.79], 12 people; men 35.00 [32.77, 37.23], 11 people." in figures["groups"].alt
    assert figures["groups"].data.height == 23


def test_points_side_by_side_stay_within_their_place() -> None:
    values = np.random.default_rng(2).normal(size=200)
    shifts = spread_points(values)
    assert np.abs(shifts).max() <= 1
    assert np.abs(shifts[np.abs(values) > 2]).max() < 0.5  # where few are, the outline is narrow


def test_pairs_leave_out_a_person_without_both(figures: dict[str, Figure]) -> None:
    assert "3 people in two conditions" in figures["pairs"].alt
    assert "after − before 1.33" in figures["pairs"].alt
    assert "participant_id" not in figures["pairs"].data.columns


def test_lines_are_those_of_least_squares() -> None:
    x = np.array([1.0, 2, 3, 4])
    a = fit_lines(POINTS).filter(pl.col("group") == "a")
    slope, intercept = np.polyfit(x, [1.1, 2.0, 2.9, 4.0], 1)
    assert a["fitted"][0] == pytest.approx(intercept + slope)
    # by hand: residual variance .012 / 2, se at x = 1 sqrt(.006 (1/4 + 2.25/5)), t(.975, 2) = 4.302653
    assert a["ci_low"][0] == pytest.approx(1.06 - 4.302653 * (0.006 * 0.7) ** 0.5, abs=1e-6)


def test_parallel_lines_differ_by_the_groups_adjusted_difference() -> None:
    lines = fit_parallel_lines(POINTS)
    a, b = (lines.filter(pl.col("group") == group)["fitted"].to_numpy() for group in "ab")
    assert np.allclose(b - a, 2.0)


def test_a_panel_without_spread_has_no_line() -> None:
    flat = POINTS.with_columns(x=pl.lit(1.0))
    assert fit_lines(flat).is_empty()
    assert fit_parallel_lines(flat).is_empty()


def test_survival_counts_people_still_waiting(figures: dict[str, Figure]) -> None:
    assert "fast: 4 people, half had one by 0.50 s; 50.0% had none at the end." in figures["survival"].alt
    assert "slow: 4 people, fewer than half had one; 75.0% had none at the end." in figures["survival"].alt
    shown = re.findall(r">(\d)</text>", figures["survival"].svg)
    assert {"4", "3", "2"} <= set(shown)


def test_the_region_of_significance_is_named(figures: dict[str, Figure]) -> None:
    figure = figures["moderation"]
    assert "It turns significant at neutral = 0.50 and 1.50." in figure.alt
    assert figure.data.filter(pl.col("part") == "Johnson-Neyman bound")["moderator"].to_list() == [0.5, 1.5]
    assert ">0.50</text>" in figure.svg


def test_missing_means_are_said_and_not_drawn(figures: dict[str, Figure]) -> None:
    assert figures["profiles"].alt.endswith("AU01, drug 0.20 [0.10, 0.30]; AU01, placebo 0.40; AU02, drug no value.")


def test_shares_and_counts_are_in_words(figures: dict[str, Figure]) -> None:
    assert "x, n = 4: yes 3 (75.0%); no 1 (25.0%). y, n = 2: yes 2 (100.0%); no 0 (0.0%)." in figures["counts"].alt


def test_a_stamp_makes_room_for_itself(figures: dict[str, Figure]) -> None:
    plain = figures["groups"].svg
    root = ET.fromstring(stamp_svg(plain, "Permuted labels"))
    before = ET.fromstring(plain)
    assert float(root.attrib["height"]) == float(before.attrib["height"]) + 24
    assert root.attrib["viewBox"].split()[1] == "-24"
    assert "".join(root.itertext()).startswith("Permuted labels")


def make_specifications() -> pl.DataFrame:
    rows = [
        (1, True, 0.3, 0.1, 0.5, True, "early", "none"),
        (2, False, -0.1, -0.3, 0.1, False, "early", "difference"),
        (3, False, 0.2, 0.05, 0.35, True, "late", "none"),
        (4, False, None, None, None, None, "late", "difference"),
    ]
    columns = ["specification", "declared", "estimate", "ci_low", "ci_high", "significant", "window", "baseline"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def test_the_specification_curve_is_sorted_and_says_what_each_choice_does() -> None:
    choices = {"window": "window", "baseline": "baseline"}
    options = {"unit": "share", "alpha": 0.05, "name": "curve", "title": "Curve"}
    figure = draw_specification_curve(make_specifications(), choices, **options)  # type: ignore[arg-type]
    assert figure is not None
    assert figure.data["estimate"].to_list() == [-0.1, 0.2, 0.3]
    assert "from −0.10 to 0.30, median 0.20. 2 are significant above 0 and 0 below 0 (p < 0.05)." in figure.alt
    assert "As declared: 0.30 [0.10, 0.50], place 3 of 3." in figure.alt
    assert "window: early 0.10, late 0.20; baseline: none 0.25, difference −0.10." in figure.alt
    assert figure.note == "1 specification without a result is left out."
    again = draw_specification_curve(make_specifications(), choices, **options)  # type: ignore[arg-type]
    assert again is not None
    assert again.svg == figure.svg
    assert draw_specification_curve(make_specifications().tail(2), choices, **options) is None  # type: ignore[arg-type]


def test_rows_of_groups_say_every_mean() -> None:
    figure = draw_group_rows(SCORES.select("group", "value"), unit="EQ", name="rows", title="Rows", reference=40)
    assert "women 45.50 [43.21, 47.79], 12 people; men 35.00 [32.77, 37.23], 11 people." in figure.alt
    ET.fromstring(write_svg_file(figure))
