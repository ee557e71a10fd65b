"""Study 2's oracle: a table of people with exactly the printed cell means goes through the plan, and print comes out.

The article prints means to three digits and effects to two: an effect that is a difference of two group means, each the
printed mean of 145 or 74 people, is known to (.0005 + .0005) x 145 / 71.
"""

from __future__ import annotations

from functools import cache

import pytest

from mimicrylab.simulate.published_oxytocin import EVERYBODY, UNITS
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.plan.run import run_plan
from papers.exact_samples import make_published_data
from papers.printed import assert_prints

ERROR_OF_EFFECT = 0.001 * 145 / 71
ERROR_OF_MEAN = 0.0005
EFFECT = "treatment[oxytocin]"
NEUTRAL = "presence_as_published_neutral"

TABLE_1 = {
    ("happiness", "AU06"): ".09",
    ("happiness", "AU12"): ".13",
    ("happiness", "AU25"): ".09",
    ("fear", "AU01"): ".03",
    ("fear", "AU02"): ".00",
    ("fear", "AU04"): ".04",
    ("fear", "AU05"): ".05",
    ("fear", "AU20"): "-.08",
    ("fear", "AU25"): ".02",
    ("sadness", "AU01"): ".04",
    ("sadness", "AU04"): ".19",
    ("sadness", "AU15"): ".02",
    ("anger", "AU04"): ".22",
    ("anger", "AU05"): "-.01",
    ("anger", "AU17"): ".05",
    ("anger", "AU23"): ".01",
}
"""b of congruent against incongruent blocks, placebo group; AU17 of sadness has a test of its own."""

STARS = {
    ("happiness", "AU06"): 0.01,
    ("happiness", "AU12"): 0.001,
    ("happiness", "AU25"): 0.05,
    ("fear", "AU20"): 0.05,
    ("sadness", "AU04"): 0.001,
    ("anger", "AU04"): 0.001,
}


@cache
def run_published() -> dict[str, AnalysisResult]:
    study, data = make_published_data()
    published = [each for each in study.analyses if each.as_published and each.outcome.measure is not None]
    return {result.analysis.id: result for result in run_plan(data, published)}


def find(analysis: str, term: str) -> Estimate:
    result = run_published()[analysis]
    assert result.state == "done", result.reason
    found = [estimate for estimate in result.estimates if estimate.term == term]
    assert len(found) == 1, [estimate.term for estimate in result.estimates]
    return found[0]


@pytest.mark.parametrize("emotion", EVERYBODY)
def test_the_appendix_comes_out(emotion: str) -> None:
    for unit, mean in zip(UNITS, EVERYBODY[emotion], strict=True):
        found = find("activity_by_block", f"{emotion}, {unit}: mean")
        assert found.estimate == pytest.approx(mean, abs=1e-9)
        assert found.n == 145


@pytest.mark.parametrize(("cell", "printed"), TABLE_1.items())
def test_table_1_comes_out(cell: tuple[str, str], printed: str) -> None:
    emotion, unit = cell
    found = find("mimicry_action_units_as_published", f"{emotion}, {unit}: congruence[congruent]")
    assert_prints(found.estimate, printed, error=2 * ERROR_OF_MEAN, what=f"{emotion} {unit}")
    blocks = 5 - sum(unit in units for units in make_published_data()[1].congruent.values())
    assert found.df == (74 * (1 + blocks) - 2,)
    assert found.p is not None
    assert (found.p < 0.05) == (cell in STARS)
    assert found.p < STARS.get(cell, 1.0)


def test_the_row_of_au17_in_sadness_is_that_of_everybody() -> None:
    """Table 1 prints .211 and .156 for the placebo group: the appendix's means of all 145 people."""
    means = {emotion: dict(zip(UNITS, values, strict=True))["AU17"] for emotion, values in EVERYBODY.items()}
    assert means["sadness"] == 0.211
    assert_prints((means["neutral"] + means["happiness"] + means["fear"]) / 3, ".156", error=ERROR_OF_MEAN)


@pytest.mark.parametrize(
    ("emotion", "b", "t", "p"),
    [
        ("happiness", ".05", "1.30", ".20"),
        ("sadness", ".053", "1.90", ".06"),
        ("fear", ".003", ".18", ".86"),
        ("anger", "-.04", "-1.83", ".07"),
    ],
)
def test_effects_on_composites_come_out_with_their_degrees_of_freedom(emotion: str, b: str, t: str, p: str) -> None:
    found = find("oxytocin_composites_as_published", f"{emotion}: {EFFECT}")
    assert found.se is not None
    assert found.statistic is not None
    assert_prints(found.estimate, b, error=ERROR_OF_EFFECT, what="b")
    assert_prints(found.statistic.value, t, error=ERROR_OF_EFFECT / found.se + 0.01, what="t")
    assert_prints(found.p, p, error=0.022, what="p")
    assert found.df == (143.0,)


@pytest.mark.parametrize(("emotion", "low", "high"), [("happiness", "-.03", ".13"), ("sadness", "-.002", ".108"),
                                                      ("fear", "-.03", ".03")])  # fmt: skip
def test_intervals_of_effects_come_out(emotion: str, low: str, high: str) -> None:
    found = find("oxytocin_composites_as_published", f"{emotion}: {EFFECT}")
    assert_prints(found.ci_low, low, error=ERROR_OF_EFFECT + 0.0005, what="low")
    assert_prints(found.ci_high, high, error=ERROR_OF_EFFECT + 0.0005, what="high")


@pytest.mark.parametrize(
    ("term", "b", "t", "p"),
    [
        ("sadness: AU15", ".11", "2.02", ".045"),
        ("sadness: AU17", ".09", "2.12", ".036"),
        ("anger: AU23", "-.15", "-3.10", ".002"),
    ],
)
def test_effects_on_action_units_come_out(term: str, b: str, t: str, p: str) -> None:
    found = find("oxytocin_action_units_as_published", f"{term}: {EFFECT}")
    assert found.statistic is not None
    assert_prints(found.estimate, b, error=ERROR_OF_EFFECT, what="b")
    assert_prints(found.statistic.value, t, error=0.06, what="t")
    assert_prints(found.p, p, error=0.006, what="p")
    assert found.df == (143.0,)


@pytest.mark.parametrize(("emotion", "outcomes"), [("happiness", 3), ("sadness", 4), ("fear", 6), ("anger", 4)])
def test_multivariate_tests_have_as_many_degrees_of_freedom_as_outcomes(emotion: str, outcomes: int) -> None:
    found = find("oxytocin_action_units_as_published", f"{emotion}: treatment, Wilks' lambda")
    assert found.df == (outcomes, 144 - outcomes)


def test_expressivity_has_eleven_outcomes_where_the_article_prints_the_degrees_of_freedom_of_one() -> None:
    study, data = make_published_data()
    planned = [each for each in study.analyses if each.id == "expressivity"]
    result = run_plan(data, planned)[0]
    wilks = next(each for each in result.estimates if "Wilks" in each.term)
    assert wilks.df == (11.0, 133.0)
    tightened = next(each for each in result.estimates if each.term == f"AU23: {EFFECT}")
    assert_prints(tightened.estimate, "-.11", what="AU23 in neutral")
    assert_prints(tightened.p, ".02", error=0.002)


def test_without_au23_nothing_is_left_of_anger() -> None:
    found = find("oxytocin_anger_without_au23_as_published", "oxytocin - placebo")
    assert found.statistic is not None
    assert_prints(found.statistic.value, "-.04", error=0.1)
    assert_prints(found.p, ".97", error=0.08)
    assert found.df == (143.0,)
    for group in found.groups:
        assert_prints(group.mean, ".23", error=ERROR_OF_EFFECT)


def test_the_moderation_comes_out() -> None:
    interaction = find("moderation_as_published", f"happiness: {EFFECT}:{NEUTRAL}")
    assert_prints(interaction.estimate, "-.58")
    assert_prints(interaction.p, ".01", error=0.001)
    assert interaction.df == (141.0,)
    low = find("moderation_as_published", f"happiness: {EFFECT} at -1 SD of {NEUTRAL}")
    high = find("moderation_as_published", f"happiness: {EFFECT} at +1 SD of {NEUTRAL}")
    assert_prints(low.estimate, ".14", error=ERROR_OF_EFFECT)
    assert_prints(high.estimate, "-.06", error=ERROR_OF_EFFECT)
    assert (low.ci_low, low.ci_high) == (pytest.approx(0.04, abs=0.015), pytest.approx(0.25, abs=0.02))
    assert (high.ci_low, high.ci_high) == (pytest.approx(-0.17, abs=0.015), pytest.approx(0.05, abs=0.02))


@pytest.mark.parametrize("emotion", ["sadness", "anger", "fear"])
def test_the_other_emotions_are_not_moderated(emotion: str) -> None:
    found = find("moderation_as_published", f"{emotion}: {EFFECT}:{NEUTRAL}")
    assert found.p is not None
    assert found.p > 0.05


@pytest.mark.parametrize("unit", ["AU06", "AU12", "AU25"])
def test_no_single_action_unit_of_happiness_is_moderated(unit: str) -> None:
    found = find("moderation_action_units_as_published", f"happiness, {unit}: {EFFECT}:{NEUTRAL}")
    assert found.p is not None
    assert found.p > 0.05


def test_published_results_are_not_corrected_and_say_what_they_do_otherwise() -> None:
    for result in run_published().values():
        if result.analysis.model != "description":
            assert result.published, result.analysis.id
    assert all(each.p_adjusted is None for each in run_published()["oxytocin_action_units_as_published"].estimates)
