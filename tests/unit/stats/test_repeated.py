import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, RefusedError, UnknownNameError
from mimicrylab.stats.contrasts import contrast_conditions
from mimicrylab.stats.group_tests import compare_groups
from mimicrylab.stats.repeated import check_sphericity, compare_repeated

PEOPLE = 30


def make_cells(seed: int = 2, *, effect: float = 0.0) -> pl.DataFrame:
    """Return people x 3 blocks x 2 times, two arms of 12 and 18; ``effect`` is added to block c in arm y."""
    generator = np.random.default_rng(seed)
    person, block, time = (part.ravel() for part in np.meshgrid(range(PEOPLE), range(3), range(2), indexing="ij"))
    arm = np.where(person < 12, "x", "y")
    y = generator.normal(size=PEOPLE)[person] + 0.5 * generator.normal(size=(PEOPLE, 3))[person, block]
    y = y + effect * ((block == 2) & (arm == "y")) + generator.normal(size=len(person))
    return pl.DataFrame(
        {"participant_id": person, "block": np.array(["a", "b", "c"])[block], "time": time, "arm": arm, "y": y}
    )


def find(lines: list, term: str):
    return next(line for line in lines if line.term == term)


def test_effects_are_listed_once_each() -> None:
    lines = compare_repeated(make_cells(), "y", within=["block", "time"], between=["arm"])
    assert [line.term for line in lines] == [
        "arm",
        "block",
        "arm:block",
        "time",
        "arm:time",
        "block:time",
        "arm:block:time",
    ]


def test_an_effect_of_one_contrast_is_the_paired_test() -> None:
    """Second derivation: F of two levels is the square of t of the people's differences, without correction."""
    cells = make_cells()
    line = find(compare_repeated(cells, "y", within=["block", "time"]), "time")
    means = cells.group_by("participant_id", "time").agg(pl.col("y").mean())
    paired = contrast_conditions(means, "y", condition="time", codes={"0": 1.0, "1": -1.0})
    assert line.statistic.value == pytest.approx(paired.statistic.value**2)
    assert line.df == (1.0, PEOPLE - 1.0)
    assert line.p == pytest.approx(paired.p)


def test_a_between_effect_is_the_test_of_peoples_means() -> None:
    cells = make_cells()
    line = find(compare_repeated(cells, "y", within=["block", "time"], between=["arm"]), "arm")
    means = cells.group_by("participant_id", "arm").agg(pl.col("y").mean())
    student = compare_groups(means, "y", group="arm", method="student")
    assert line.statistic.value == pytest.approx(student.statistic.value**2)
    assert line.p == pytest.approx(student.p)


def test_a_planted_interaction_is_found_and_described() -> None:
    lines = compare_repeated(make_cells(effect=3.0), "y", within=["block", "time"], between=["arm"])
    line = find(lines, "arm:block")
    assert line.p < 1e-4
    effect = line.effect_sizes[0]
    assert effect.ci_low < effect.value < effect.ci_high
    cells = {group.name: group for group in line.groups}
    assert cells["y, c"].mean - cells["y, a"].mean == pytest.approx(3.0, abs=0.8)
    assert cells["x, c"].n == 12
    assert find(lines, "block:time").p > 0.01


def test_correction_shrinks_df_only() -> None:
    by_kind = {
        kind: find(compare_repeated(make_cells(), "y", within=["block", "time"], correction=kind), "block")
        for kind in ("greenhouse_geisser", "huynh_feldt", "none")
    }
    assert len({round(line.statistic.value, 9) for line in by_kind.values()}) == 1
    assert by_kind["greenhouse_geisser"].df[0] < by_kind["huynh_feldt"].df[0] <= by_kind["none"].df[0] == 2.0
    assert "Greenhouse-Geisser's correction, epsilon 0." in by_kind["greenhouse_geisser"].method


def test_sphericity_of_spherical_data_is_not_refuted_and_of_others_is() -> None:
    cells = make_cells()
    found = check_sphericity(cells, "y", within=["block", "time"])
    assert [line.term for line in found] == ["block", "block:time"]
    assert found[0].p > 0.01
    uneven = cells.with_columns(y=pl.when(pl.col("block") == "a").then(pl.col("y") * 10).otherwise(pl.col("y")))
    line = check_sphericity(uneven, "y", within=["block", "time"])[0]
    assert line.p < 1e-4
    assert line.effect_sizes[0].value < 0.6


def test_people_without_every_cell_are_counted() -> None:
    cells = make_cells()[2:]
    line = compare_repeated(cells, "y", within=["block", "time"])[0]
    assert (line.n, line.warnings) == (PEOPLE - 1, ("1 person without every cell left out",))


def test_order_of_rows_does_not_matter() -> None:
    cells = make_cells()
    first = compare_repeated(cells, "y", within=["block", "time"], between=["arm"])
    second = compare_repeated(
        cells.sample(fraction=1, shuffle=True, seed=1), "y", within=["block", "time"], between=["arm"]
    )
    assert [line.statistic.value for line in first] == pytest.approx([line.statistic.value for line in second])


def test_trials_must_be_averaged_first() -> None:
    with pytest.raises(RefusedError, match="average"):
        compare_repeated(make_cells(), "y", within=["block"])


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"within": []}, "no within-person factor"),
        ({"within": ["block", "time", "same"]}, "single level"),
        ({"within": ["block"], "between": ["time"]}, "several levels of a between-person"),
        ({"within": ["block", "time"], "between": ["rare"]}, "too few complete people"),
        ({"within": ["block", "phase"]}, "unknown column"),
    ],
)
def test_impossible_designs_are_refused(options: dict, match: str) -> None:
    cells = make_cells().with_columns(same=pl.lit("s"), rare=(pl.col("participant_id") < 2).cast(pl.String))
    with pytest.raises(InputError, match=match):
        compare_repeated(cells, "y", **options)


def test_unknown_correction_lists_the_choices() -> None:
    with pytest.raises(UnknownNameError, match="huynh_feldt"):
        compare_repeated(make_cells(), "y", within=["block", "time"], correction="box")
