"""Every test that the two articles print, recomputed from their printed summaries by our own functions.

Where a group's numbers are printed, samples with exactly these numbers are made and tested, at the ends of what they
can be (study 1 cuts off: 11.9 is 11.9 to 12). Where only t is printed, a sample with that t gives p.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import polars as pl
import pytest

from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.group_tests import compare_groups
from mimicrylab.stats.multivariate import compare_outcomes
from mimicrylab.stats.plan.models.two_groups import correlate_group
from mimicrylab.stats.power import estimate_power, find_people
from mimicrylab.stats.power_designs import GroupsDesign, RepeatedDesign
from mimicrylab.stats.regression import regress
from papers.exact_samples import make_group, make_two_groups
from papers.printed import assert_prints, prints_as

STUDY_1 = [
    (("male", 22, "41.77", "11.9"), ("female", 59, "50.28", "9.39"), ("-3.35", ".001", "-.83", ".35")),
    (("British", 55, "49.09", "11.36"), ("other", 26, "45.61", "9.19"), ("1.36", ".177", ".32", ".15")),
    (("White", 56, "48.75", "11.54"), ("other", 25, "46.24", "8.80"), (".96", ".336", ".23", ".10")),
    (("18-34", 21, "44.47", "11.73"), ("older", 60, "49.20", "10.24"), ("-1.75", ".083", "-.44", ".19")),
]
"""Group, people, mean, SD; the same; t, p, d, r."""

PRINTED_T = [
    ("age", "-.108", 144, ".91"),
    ("closeness", "-.65", 140, ".51"),
    ("dependence", ".35", 145, ".73"),
    ("anxiety", "-.02", 145, ".99"),
    ("avoidance", ".17", 142, ".87"),
    ("autistic traits", "1.44", 145, ".15"),
    ("happiness", "1.30", 143, ".20"),
    ("sadness", "1.90", 143, ".06"),
    ("fear", ".18", 143, ".86"),
    ("anger", "-1.83", 143, ".07"),
    ("sadness AU15", "2.02", 143, ".045"),
    ("sadness AU17", "2.12", 143, ".036"),
    ("anger AU23", "-3.10", 143, ".002"),
    ("anger without AU23", "-.04", 143, ".97"),
]
"""Study 2: what, t, degrees of freedom, p."""


def compare(first: tuple[str, int, float, float], second: tuple[str, int, float, float]) -> Estimate:
    order = (first[0], second[0])
    return compare_groups(make_two_groups(first, second), "value", group="group", order=order, method="student")


def list_ends(printed: str) -> tuple[float, float]:
    """Return the least and the largest number that is cut off to what is printed."""
    return float(printed), float(printed) + 10.0 ** -len(printed.partition(".")[2])


def find_effect(result: Estimate, name: str) -> float:
    return next(effect.value for effect in result.effect_sizes if effect.name.startswith(name) and effect.value)


@pytest.mark.parametrize(("first", "second", "printed"), STUDY_1)
def test_study_1_t_tests_recompute(
    first: tuple[str, int, str, str], second: tuple[str, int, str, str], printed: tuple[str, str, str, str]
) -> None:
    found: dict[str, list[float]] = {"t": [], "p": [], "d": [], "r": []}
    for m1, s1, m2, s2 in itertools.product(*[list_ends(x) for x in (*first[2:], *second[2:])]):
        result = compare((first[0], first[1], m1, s1), (second[0], second[1], m2, s2))
        assert result.statistic is not None
        assert result.df == (79.0,)
        found["t"].append(float(result.statistic.value or 0.0))
        found["p"].append(float(result.p or 0.0))
        found["d"].append(find_effect(result, "Cohen's d"))
        found["r"].append(abs(correlate_group(result).value or 0.0))
    for (name, values), text in zip(found.items(), printed, strict=True):
        middle, reach = (max(values) + min(values)) / 2, (max(values) - min(values)) / 2
        assert_prints(middle, text, error=reach, what=name)


def test_study_1_cuts_off_and_does_not_round() -> None:
    """All four splits give the same total of 3886 points, whose mean is printed as 47 and whose SD as 10."""
    totals = [n1 * float(m1) + n2 * float(m2) for (_, n1, m1, _), (_, n2, m2, _) in (row[:2] for row in STUDY_1)]
    assert max(totals) - min(totals) < 81 * 0.01
    mean = max(totals) / 81
    assert prints_as(mean, "47")
    assert round(mean) == 48


def test_study_1_the_welch_test_of_gender_has_fewer_degrees_of_freedom() -> None:
    table = make_two_groups(("male", 22, 41.77, 11.9), ("female", 59, 50.28, 9.39))
    result = compare_groups(table, "value", group="group", order=("male", "female"))
    assert result.df == (pytest.approx(31.3, abs=0.1),)
    assert result.p == pytest.approx(0.0050, abs=0.0002)


def test_study_1_only_one_of_27_correlations_passes_at_50_people() -> None:
    printed = [0.284, 0.231, 0.227, 0.200, 0.193, 0.162, 0.156, 0.128, -0.139, -0.180, -0.197, -0.201, -0.224, -0.267]
    passing = [r for r in printed if _find_p_of_correlation(r, 50) < 0.05]
    assert passing == [0.284]


def _find_p_of_correlation(r: float, n: int) -> float:
    x = make_group(n, 0.0, 1.0)
    noise = np.random.default_rng(1).normal(size=n)
    noise -= noise.mean()
    noise -= x * (noise @ x) / (x @ x)
    y = r * x + math.sqrt(1 - r**2) * noise / noise.std(ddof=1)
    result = regress(pl.DataFrame({"x": x, "y": y}), "y", predictors=["x"], errors="classic")
    return float(next(each for each in result if each.term == "x").p or 0.0)


@pytest.mark.parametrize(("what", "t", "df", "p"), PRINTED_T)
def test_study_2_p_follows_from_t(what: str, t: str, df: int, p: str) -> None:
    unit = 10.0 ** -len(t.partition(".")[2])
    middle = _find_p_of_t(float(t), df)
    reach = max(abs(_find_p_of_t(float(t) + side * unit / 2, df) - middle) for side in (-1, 1))
    assert_prints(middle, p, error=reach, what=what)


def _find_p_of_t(t: float, df: int) -> float:
    n1, n2 = (df + 2) // 2, df + 2 - (df + 2) // 2
    result = compare(("a", n1, t * math.sqrt(1 / n1 + 1 / n2), 1.0), ("b", n2, 0.0, 1.0))
    assert result.df == (df,)
    assert result.statistic is not None
    assert result.statistic.value == pytest.approx(t)
    return float(result.p or 0.0)


@pytest.mark.parametrize(
    ("b", "t", "low", "high"),
    [
        ("0.05005", "1.30", "-.03", ".13"),
        ("0.053", "1.90", "-.002", ".108"),
        ("0.003", ".18", "-.03", ".03"),
    ],
)
def test_study_2_intervals_follow_from_b_and_t(b: str, t: str, low: str, high: str) -> None:
    error = float(b) / float(t) / math.sqrt(1 / 71 + 1 / 74)
    table = make_two_groups(("oxytocin", 71, float(b), error), ("placebo", 74, 0.0, error))
    found = regress(table, "value", predictors=["group"], references={"group": "placebo"}, errors="classic")
    slope = next(each for each in found if each.term == "group[oxytocin]")
    assert slope.df == (143.0,)
    assert_prints(slope.ci_low, low, error=0.001)
    assert_prints(slope.ci_high, high, error=0.001)


def test_study_2_anger_follows_from_its_means() -> None:
    result = compare(("oxytocin", 71, 0.35, 0.14), ("placebo", 74, 0.39, 0.11))
    assert result.df == (143.0,)
    assert result.statistic is not None
    assert_prints(result.statistic.value, "-1.83", error=0.5)  # means of two digits: a difference of .03 to .05


def test_study_2_f_of_expressivity_has_the_degrees_of_freedom_of_eleven_outcomes() -> None:
    """Wilks .93 of 11 outcomes of 145 people is F(11, 133), p .48 and partial eta2 .07, as printed but for F's df."""
    generator = np.random.default_rng(2)
    values = generator.normal(size=(145, 11))
    names = [f"AU{place:02d}" for place in range(11)]
    table = pl.DataFrame(dict(zip(names, values.T, strict=True)) | {"arm": ["o"] * 71 + ["p"] * 74})
    wilks = next(each for each in compare_outcomes(table, names, predictors=["arm"]) if each.unit == "Wilks' lambda")
    assert wilks.df == (11.0, 133.0)
    f = (1 - 0.926) / 0.926 * 133 / 11  # .93 and F .96 are one number: .9263
    assert_prints(f, ".96", error=0.01)
    assert_prints(1 - 0.926, ".07")


def test_sample_sizes_recompute() -> None:
    assert estimate_power(GroupsDesign(), people=128, effect=0.5).estimate == pytest.approx(0.801, abs=0.001)
    design = RepeatedDesign(measurements=5, groups=2, tested="between", correlation=0.0)
    assert find_people(design, effect=0.2, power=0.95).estimate == 68
    correlated = RepeatedDesign(measurements=5, groups=2, tested="between", correlation=0.5)
    assert find_people(correlated, effect=0.2, power=0.95).estimate == 198
