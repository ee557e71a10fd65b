"""Figures: the same bytes every time, ids of their own, words with the right numbers, gaps where values are missing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import polars as pl
import pytest

from mimicrylab.report.figures.bars import draw_reaction_bars
from mimicrylab.report.figures.boxes import draw_reaction_boxes
from mimicrylab.report.figures.drawing import Figure, write_svg_file
from mimicrylab.report.figures.intervals import INTERVAL_SCHEMA, draw_intervals
from mimicrylab.report.figures.quality import draw_lost_shares, draw_valid_shares
from mimicrylab.report.figures.timecourse import COURSE_SCHEMA, CourseText, draw_time_courses

TEXT = CourseText(stimulus_s=2.0, comparison="mean, other emotions shown", shown="fear shown")


def make_courses(people: int, *, gap: bool = False) -> pl.DataFrame:
    """Each person i rises as i times t; the comparison stays at 0.5."""
    rows = []
    times = [-0.5, 0.5, 1.5]
    for person in range(1, people + 1):
        for t in times:
            value = None if gap and t == 0.5 else person * max(t, 0.0)
            rows.append(("AU12", "Level (0–5)", "person", f"P{person}", t, value, None, None, 1))
    if people > 1:
        middle = (people + 1) / 2
        rows += [("AU12", "Level (0–5)", "mean", None, t, middle * max(t, 0.0), None, None, people) for t in times]
    rows += [("AU12", "Level (0–5)", "comparison", None, t, 0.5, None, None, people) for t in times]
    return pl.DataFrame(rows, schema=COURSE_SCHEMA, orient="row")


def make_figures() -> list[Figure]:
    reactions = pl.DataFrame(
        {
            "stimulus_emotion": ["anger", "anger", "fear", "fear"],
            "reaction": ["AU04", "AU12", "AU04", "AU12"],
            "congruent": [True, False, True, False],
            "mean": [2.0, 1.0, None, 0.5],
            "ci_low": [1.5, None, None, 0.1],
            "ci_high": [2.5, None, None, 0.9],
            "n": [3, 2, 0, 3],
        }
    )
    people = pl.DataFrame(
        {
            "stimulus_emotion": ["anger"] * 7,
            "reaction": ["AU04"] * 6 + ["AU12"],
            "congruent": [True] * 6 + [False],
            "participant_id": list("abcdefa"),
            "value": [1.0, 2.0, 3.0, 4.0, 5.0, 60.0, None],
        }
    )
    dots = pl.DataFrame(
        [("anger", "AU04", "", 0.2, 0.1, 0.3, 9, True), ("fear", "AU01", "", None, None, None, 0, False)],
        schema=INTERVAL_SCHEMA,
        orient="row",
    )
    shares = pl.DataFrame({"recording_id": ["a", "b"], "grade": [0, 3], "share_valid": [0.99, None]})
    return [
        draw_time_courses(make_courses(4), TEXT, name="course", title="Courses"),
        draw_reaction_bars(reactions, unit="Peak", name="bars", title="Bars"),
        draw_reaction_boxes(people, unit="Peak", name="boxes", title="Boxes"),
        draw_intervals(dots, unit="Difference", name="dots", title="Dots", zero=True, filled_means="p < .05 | not"),
        draw_valid_shares(shares, name="shares", title="Shares"),
        draw_lost_shares({"too dark": 0.03, "blurred": 0.0}, name="lost", title="Lost"),
    ]


@pytest.fixture(scope="module")
def figures() -> list[Figure]:
    return make_figures()


def test_figures_are_byte_identical_on_repeat(figures: list[Figure]) -> None:
    assert [figure.svg for figure in make_figures()] == [figure.svg for figure in figures]


def test_files_are_well_formed_and_carry_their_words(figures: list[Figure]) -> None:
    for figure in figures:
        root = ET.fromstring(write_svg_file(figure))
        assert root.attrib["aria-label"] == figure.alt
        assert root[0].text == figure.title
        assert root[1].text == figure.alt
        assert "<metadata" not in figure.svg


def test_ids_are_unique_over_all_figures_of_a_page(figures: list[Figure]) -> None:
    found = [one for figure in figures for one in re.findall(r'\bid="([^"]+)"', figure.svg)]
    assert len(found) == len(set(found))
    for figure in figures:
        used = re.findall(r'(?:href="#|url\(#)([^")]+)', figure.svg)
        assert set(used) <= set(re.findall(r'\bid="([^"]+)"', figure.svg))


def test_words_of_the_time_course_carry_its_numbers() -> None:
    alt = draw_time_courses(make_courses(4), TEXT, name="course", title="Courses").alt
    assert "AU12: highest at 1.5 s, 3.75, mean, other emotions shown 0.50 at that time." in alt


def test_one_person_is_a_line_of_their_own_without_a_mean() -> None:
    figure = draw_time_courses(make_courses(1), TEXT, name="one", title="One")
    assert "mean, fear shown" not in figure.svg
    assert "fear shown" in figure.svg
    assert "highest at 1.5 s, 1.50" in figure.alt


def test_missing_bin_leaves_a_gap() -> None:
    whole = draw_time_courses(make_courses(1), TEXT, name="x", title="").svg
    broken = draw_time_courses(make_courses(1, gap=True), TEXT, name="x", title="").svg
    assert len(broken) < len(whole)
    assert "nan" not in broken.lower()


def test_all_values_missing_is_said() -> None:
    empty = make_courses(2).with_columns(pl.lit(None, pl.Float64).alias("value"))
    assert "AU12: no valid data." in draw_time_courses(empty, TEXT, name="none", title="").alt


def test_words_of_the_bars_name_the_strongest_and_the_missing(figures: list[Figure]) -> None:
    assert "anger shown: strongest AU04 2.00." in figures[1].alt
    assert "fear shown: strongest AU12 0.50." in figures[1].alt


def test_the_course_of_a_single_person_is_never_cut() -> None:
    rows = [("AU12", "eye distances", "person", "P1", t / 10, float(t == 20), None, None, 1) for t in range(200)]
    peak = pl.DataFrame(rows, schema=COURSE_SCHEMA, orient="row")
    assert draw_time_courses(peak, TEXT, name="one", title="One").note == ""
    crowd = pl.concat([peak, *(peak.with_columns(participant_id=pl.lit(f"P{n}"), value=0.0) for n in range(2, 8))])
    outside = draw_time_courses(crowd, TEXT, name="many", title="Many").note
    assert outside == "1 value of single participants lies outside the axis."


def test_words_of_dots_and_losses(figures: list[Figure]) -> None:
    assert "anger, AU04: 0.20 [0.10, 0.30]; fear, AU01: no value." in figures[3].alt
    assert "2 recordings: 1 of grade 0 good, 1 of grade 3 not usable." in figures[4].alt
    assert "too dark 3.0%; blurred 0.0%" in figures[5].alt
