import math

import numpy as np
import pytest
from scipy import stats

from mimicrylab.errors import InputError
from mimicrylab.stats.effect_sizes import compute_noncentral_f_tail
from mimicrylab.stats.power import estimate_power, find_detectable_effect, find_people, tabulate_sensitivity
from mimicrylab.stats.power_designs import (
    CorrelationDesign,
    Design,
    GroupsDesign,
    RegressionDesign,
    RepeatedDesign,
    WithinDesign,
)

DESIGNS = [
    GroupsDesign(),
    GroupsDesign(ratio=2.0),
    WithinDesign(),
    CorrelationDesign(),
    RegressionDesign(4, 2),
    RepeatedDesign(5, 2, "between", 0.3),
    RepeatedDesign(4, 1, "within", 0.5, epsilon=0.8),
    RepeatedDesign(4, 2, "interaction", 0.5, multivariate=True),
]


def test_both_studies_sample_sizes_come_out() -> None:
    """Study 1: d .5, 64 a group (Cohen 1992). Study 2: f .2, power .95, two groups, 5 measurements, r 0: 68."""
    assert find_people(GroupsDesign(), effect=0.5).estimate == 128
    found = find_people(RepeatedDesign(5, 2, "between", 0.0), effect=0.2, power=0.95)
    assert found.estimate == 68
    assert found.effect_sizes[1].value == pytest.approx(0.95290, abs=5e-6)


@pytest.mark.parametrize(("correlation", "people"), [(0.3, 146), (0.5, 198), (0.7, 250)])
def test_study_2_needs_more_people_where_measurements_go_together(correlation: float, people: int) -> None:
    assert find_people(RepeatedDesign(5, 2, "between", correlation), effect=0.2, power=0.95).estimate == people


@pytest.mark.parametrize(("r", "people"), [(0.1, 782), (0.3, 84), (0.5, 29)])
def test_correlations_need_gpowers_numbers(r: float, people: int) -> None:
    assert find_people(CorrelationDesign(), effect=r).estimate == people


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.description)
def test_people_power_and_effect_fit_each_other(design: Design) -> None:
    effect = {"f2": 0.1, "r": 0.25, "f": 0.2}.get(design.effect_name, 0.4)
    people = int(find_people(design, effect=effect, power=0.9).estimate)
    assert people % design.step == 0
    assert estimate_power(design, people=people, effect=effect).estimate >= 0.9
    assert estimate_power(design, people=people - design.step, effect=effect).estimate < 0.9
    smallest = find_detectable_effect(design, people=people, power=0.9).estimate
    assert smallest <= effect
    assert estimate_power(design, people=people, effect=smallest).estimate == pytest.approx(0.9)


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.description)
def test_next_to_nothing_is_found_as_often_as_alpha(design: Design) -> None:
    assert estimate_power(design, people=60, effect=1e-7, alpha=0.01).estimate == pytest.approx(0.01, abs=1e-6)


def test_a_multivariate_interaction_is_that_of_simulated_data() -> None:
    """Second derivation: Hotelling's T^2 of 2,000 simulated studies of two groups."""
    design = RepeatedDesign(3, 2, "interaction", 0.4, multivariate=True)
    generator = np.random.default_rng(5)
    shape = np.array([1.0, 0.0, -1.0])
    effect = 0.25 * shape / np.sqrt((shape**2).mean())
    root = np.linalg.cholesky(np.full((3, 3), 0.4) + 0.6 * np.eye(3))
    data = generator.normal(size=(2000, 2, 20, 3)) @ root.T
    data += np.array([1.0, -1.0])[:, None, None] * effect
    differences = np.diff(data, axis=-1)
    means = differences.mean(axis=2)
    centred = differences - means[:, :, None]
    pooled = np.einsum("sgij,sgik->sjk", centred, centred) / 38
    gap = means[:, 0] - means[:, 1]
    t2 = 10 * np.einsum("sj,sj->s", gap, np.linalg.solve(pooled, gap[..., None])[..., 0])
    share = float((t2 * 37 / (38 * 2) > stats.f.isf(0.05, 2, 37)).mean())
    power = estimate_power(design, people=40, effect=0.25).estimate
    low, high = stats.binom.ppf([0.0005, 0.9995], 2000, power) / 2000
    assert low <= share <= high


def test_far_out_power_is_one_and_never_nan() -> None:
    """Library functions of noncentral t give NaN here."""
    assert estimate_power(GroupsDesign(), people=1_000_000, effect=50).estimate == pytest.approx(1.0)
    assert estimate_power(CorrelationDesign(), people=100_000, effect=0.99).estimate == pytest.approx(1.0)
    assert math.isfinite(find_people(GroupsDesign(), effect=0.01).estimate)


@pytest.mark.parametrize(("f", "df", "rest", "lam"), [(4.0, 1, 66, 13.6), (2.0, 7, 12, 3.0), (0.5, 3, 200, 40.0)])
def test_noncentral_f_is_the_library_s_where_that_works(f: float, df: float, rest: float, lam: float) -> None:
    assert compute_noncentral_f_tail(f, df, rest, lam) == pytest.approx(stats.ncf.sf(f, df, rest, lam), rel=1e-7)


def test_sensitivity_falls_with_people_and_rises_with_power() -> None:
    table = tabulate_sensitivity(GroupsDesign(), people=[40, 80, 160])
    assert table.columns == ["people", "power", "effect"]
    for _, part in table.group_by("power"):
        assert part["effect"].is_sorted(descending=True)
    assert table.filter(people=80)["effect"].is_sorted()


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: estimate_power(GroupsDesign(), people=2, effect=0.5), "at least 4"),
        (lambda: estimate_power(GroupsDesign(), people=20, effect=0.0), "this effect cannot be found"),
        (lambda: estimate_power(CorrelationDesign(), people=20, effect=1.0), "below 1"),
        (lambda: estimate_power(GroupsDesign(), people=20, effect=0.5, alpha=1.5), "no level of significance"),
        (lambda: find_people(GroupsDesign(), effect=0.5, power=0.01), "no power to ask for"),
        (lambda: find_people(GroupsDesign(), effect=1e-4), "more than 1,000,000 people"),
        (lambda: find_detectable_effect(CorrelationDesign(), people=4, power=0.9, alpha=1e-5), "so few people"),
        (lambda: RegressionDesign(2, 3), "1 to 2"),
        (lambda: RepeatedDesign(1), "measurements"),
        (lambda: RepeatedDesign(3, 1, "between"), "groups"),
        (lambda: RepeatedDesign(3, 2, "between", 1.0), "correlation"),
        (lambda: RepeatedDesign(3, 2, epsilon=0.4), "epsilon"),
        (lambda: RepeatedDesign(3, 3, "interaction", multivariate=True), "no exact power"),
        (lambda: RepeatedDesign(3, 2, "both"), "unknown tested effect"),
    ],
)
def test_what_does_not_fit_is_refused(call, match: str) -> None:
    with pytest.raises(InputError, match=match):
        call()
