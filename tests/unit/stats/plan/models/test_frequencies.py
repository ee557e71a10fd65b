import polars as pl

from made_plans import make_question
from mimicrylab.stats.frequencies import compare_frequencies
from mimicrylab.stats.plan.models.frequencies import compare_shares

TABLE = pl.DataFrame(
    {
        "participant_id": [f"P{i}" for i in range(40)],
        "guess": ["oxytocin"] * 14 + ["placebo"] * 6 + ["oxytocin"] * 7 + ["placebo"] * 13,
        "arm": ["oxytocin"] * 20 + ["placebo"] * 20,
    }
)


def test_chi_square_with_the_counts() -> None:
    result = compare_shares(make_question(TABLE, "frequencies", outcome="guess", predictors={"arm": "treatment"}))
    expected = compare_frequencies(TABLE, "guess", columns="arm")
    assert result.estimates[0].p == expected.p
    assert "chi-square" in result.estimates[0].method
    assert sorted(result.curves["counts"].rows()) == [
        ("oxytocin", "oxytocin", 14),
        ("oxytocin", "placebo", 7),
        ("placebo", "oxytocin", 6),
        ("placebo", "placebo", 13),
    ]


def test_few_people_are_permuted_and_fisher_where_named() -> None:
    few = TABLE.filter(pl.int_range(40) % 4 == 0)
    ask = {"outcome": "guess", "predictors": {"arm": "treatment"}}
    assert "permutation" in compare_shares(make_question(few, "frequencies", **ask)).estimates[0].method
    assert "Fisher" in compare_shares(make_question(few, "frequencies", method="fisher", **ask)).estimates[0].method
