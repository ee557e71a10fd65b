import polars as pl
import pytest

from golden_comparisons import read_people
from made_plans import find_line, make_question
from mimicrylab.stats.group_tests import compare_groups
from mimicrylab.stats.plan.models.two_groups import compare_two_groups

PEOPLE = read_people().with_columns(
    participant_id=pl.col("participant_id").cast(pl.String),
    arm=pl.when(pl.col("treat") == 1).then(pl.lit("oxytocin")).otherwise(pl.lit("placebo")),
    value=pl.col("mim"),
)
ARM = {"arm": "treatment"}


def ask(**settings: object):
    return compare_two_groups(make_question(PEOPLE, settings.pop("model", "two_groups"), predictors=ARM, **settings))


def test_welch_is_the_default_with_d_g_and_r() -> None:
    result = ask()
    (line,) = result.estimates
    expected = compare_groups(PEOPLE, "mim", group="arm")
    assert (line.p, line.df, line.term) == (expected.p, expected.df, "oxytocin - placebo")
    assert [effect.name.partition(" (")[0] for effect in line.effect_sizes] == ["Cohen's d", "Hedges' g", "r"]
    assert line.effect_sizes[2].value == pytest.approx(
        (line.statistic.value**2 / (line.statistic.value**2 + line.df[0])) ** 0.5
    )
    assert result.tests == ("oxytocin - placebo",)
    assert result.published is None


def test_checks_stand_beside_and_decide_nothing() -> None:
    terms = [check.term for check in ask().checks]
    assert terms == [
        "normality, oxytocin",
        "normality, placebo",
        "equal variances",
        "Bayes factor, oxytocin - placebo",
        "by ranks, oxytocin - placebo",
    ]
    assert "Cauchy" in find_line(ask(), "Bayes factor, oxytocin - placebo").method


def test_groups_turn_the_difference() -> None:
    turned = ask(groups=["placebo", "oxytocin"], levels={"arm": ("placebo", "oxytocin")})
    assert turned.estimates[0].estimate == pytest.approx(-ask().estimates[0].estimate)


def test_as_published_is_students_test_and_says_so() -> None:
    result = ask(as_published=True)
    assert result.estimates[0].df == (float(PEOPLE.height - 2),)
    assert result.published.startswith("Student's t test pools")


def test_ranks_are_named() -> None:
    result = ask(model="rank_groups")
    assert "Mann-Whitney U test (" in result.estimates[0].method
    assert result.estimates[0].effect_size.name == "rank-biserial correlation"
    assert "by ranks, oxytocin - placebo" not in [check.term for check in result.checks]


def test_equivalence_takes_its_margin_from_the_spread() -> None:
    result = ask(method="equivalence", smallest_effect=0.5)
    (line,) = result.estimates
    spread = [group.sd for group in line.groups]
    margin = 0.5 * ((spread[0] ** 2 + spread[1] ** 2) / 2) ** 0.5
    assert f"limits {-margin:.3g} and {margin:.3g}" in line.method
    assert line.ci_level == pytest.approx(0.90)


def test_each_cell_is_a_test_and_an_impossible_one_says_why() -> None:
    table = pl.concat(
        [PEOPLE.with_columns(emotion=pl.lit("anger"), value=pl.lit(0.5)), PEOPLE.with_columns(emotion=pl.lit("fear"))],
        how="diagonal",
    )
    result = compare_two_groups(make_question(table, "two_groups", predictors=ARM, cells=["emotion"]))
    first, second = result.estimates
    assert (first.term, first.estimate) == ("anger", None)
    assert "same for everybody" in first.warnings[0]
    assert second.term == "fear: oxytocin - placebo"
    assert result.tests == ("fear: oxytocin - placebo",)
    assert result.roles["emotion"] == "cell"
    assert result.roles["arm"] == "group"


def test_a_cut_at_the_median_is_told() -> None:
    predictors = [{"name": "half", "kind": "trait", "split_at_median": "high_includes_median"}]
    table = PEOPLE.with_columns(half=pl.when(pl.col("eq") >= 46).then(pl.lit("high")).otherwise(pl.lit("low")))
    result = compare_two_groups(
        make_question(table, "rank_groups", predictors=predictors, levels={"half": ("low", "high")})
    )
    assert result.estimates[0].term == "high - low"
    assert "cut at its median" in result.notes[0]
