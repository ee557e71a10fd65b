import pytest

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.estimates import (
    ESTIMATES_SCHEMA,
    EffectSize,
    Estimate,
    GroupSummary,
    Statistic,
    decode_estimates,
    encode_estimates,
    tabulate_estimates,
)

FULL = Estimate(
    "treatment",
    "oxytocin - placebo",
    0.05,
    unit="0-1",
    se=0.0385,
    ci_low=-0.03,
    ci_high=0.13,
    statistic=Statistic("F", 1.69),
    df=(1.0, 143.0),
    p=0.2,
    p_adjusted=0.4,
    family="H1",
    effect_sizes=(EffectSize("Cohen's d", 0.22, -0.1, 0.5), EffectSize("Hedges' g", 0.21)),
    groups=(GroupSummary("oxytocin", 71, 0.4, 0.2, 0.39), GroupSummary("placebo", 74, 0.35, 0.2, 0.34)),
    n=145,
    method="F test",
    seed=3,
    warnings=("two people left out", "floor"),
)


def test_estimates_survive_json_unchanged() -> None:
    plain = Estimate("a", "b", None, warnings=("constant",))
    assert decode_estimates(encode_estimates([FULL, plain])) == [FULL, plain]


def test_table_holds_main_effect_both_df_and_all_warnings() -> None:
    row = tabulate_estimates([FULL]).row(0, named=True)
    assert list(row) == list(ESTIMATES_SCHEMA)
    assert (row["df"], row["df_residual"], row["statistic_name"]) == (1.0, 143.0, "F")
    assert (row["effect_size_name"], row["effect_size_ci_high"]) == ("Cohen's d", 0.5)
    assert row["warnings"] == "two people left out; floor"


def test_empty_table_keeps_its_columns() -> None:
    assert tabulate_estimates([]).columns == list(ESTIMATES_SCHEMA)


@pytest.mark.parametrize("field", ["estimate", "se", "ci_low", "p"])
def test_nan_is_refused(field: str) -> None:
    values = {"estimate": 1.0} | {field: float("nan")}
    with pytest.raises(InputError, match=f"{field} is nan"):
        Estimate("a", "b", **values)


def test_p_above_one_is_refused() -> None:
    with pytest.raises(InputError, match=r"p is 1\.2"):
        Estimate("a", "b", 0.0, p=1.2)


def test_unknown_field_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'estimate'"):
        decode_estimates('[{"analysis": "a", "term": "b", "estimat": 1}]')


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[1]", '[{"analysis": "a"}]'])
def test_broken_results_are_named(text: str) -> None:
    with pytest.raises(InputError, match=r"results\.json"):
        decode_estimates(text)
