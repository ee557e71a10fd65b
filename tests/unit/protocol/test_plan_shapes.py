import pytest

from made_plans import make_analysis
from mimicrylab.protocol.plan_shapes import METHODS, find_misfits, find_unsound_rows

ARM = {"treatment": "treatment"}
PHASE = {"phase": "within"}
CODES = [{"name": "c", "weights": {"a": 1, "b": -1}}]


@pytest.mark.parametrize(
    ("model", "settings", "message"),
    [
        ("two_groups", {"predictors": ARM, "method": "pearson"}, "pearson is no method of two_groups; expected one"),
        ("mixed", {"predictors": ARM, "method": "ols"}, "ols is no method of mixed; expected none: leave it out"),
        ("two_groups", {}, "two_groups has no predictor of kind treatment or trait"),
        ("paired", {}, "no predictor of kind within"),
        ("correlation", {"predictors": {"a": "trait", "b": "trait"}}, "2 predictors of kind trait"),
        ("ancova", {"predictors": ARM}, "no predictor of kind covariate"),
        ("moderation", {"predictors": ARM}, "no predictor of kind moderator"),
        ("repeated", {"predictors": ARM}, "no predictor of kind within"),
        ("one_sample", {"predictors": ARM}, "to compare use two_groups"),
        ("one_sample", {"predictors": PHASE}, "a condition only with contrasts"),
        ("regression", {}, "regression has no predictor: name what explains"),
        ("two_groups", {"predictors": ARM, "contrasts": CODES}, "contrasts weigh"),
        ("mixed", {"predictors": ARM | PHASE, "slopes": ["treatment"]}, "can have no slope"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_with_what_to_do(model: str, settings: dict[str, object], message: str) -> None:
    found = [text for _, text in find_misfits(make_analysis(model, **settings))]
    assert any(message in text for text in found), found


@pytest.mark.parametrize("model", METHODS)
def test_every_method_named_is_accepted(model: str) -> None:
    needs = {
        "two_groups": ARM, "rank_groups": ARM, "frequencies": ARM, "paired": PHASE, "repeated": PHASE,
        "correlation": {"EQ": "trait"}, "ancova": ARM | {"EQ": "covariate"}, "moderation": ARM | {"EQ": "moderator"},
        "regression": ARM, "multivariate_regression": ARM, "mixed": ARM | PHASE, "prediction": {"mean": "features"},
    }.get(model, {})  # fmt: skip
    for method in METHODS[model]:
        extra = {"smallest_effect": 0.5} if method == "equivalence" else {}
        analysis = make_analysis(model, predictors=needs, method=method, **extra)
        assert not list(find_misfits(analysis))
        assert not list(find_unsound_rows(analysis))


@pytest.mark.parametrize(
    ("model", "settings", "refused"),
    [
        ("two_groups", {"predictors": ARM, "rows": "trials"}, True),
        ("two_groups", {"predictors": ARM, "rows": "trials", "as_published": True}, False),
        ("regression", {"predictors": PHASE}, False),
        ("regression", {"predictors": PHASE, "method": "ols"}, True),
        ("regression", {"predictors": ARM, "rows": "conditions", "method": "hc3"}, True),
        ("mixed", {"predictors": PHASE}, False),
        ("multivariate_regression", {"predictors": PHASE}, True),
        ("paired", {"predictors": ARM | PHASE}, True),
        ("paired", {"predictors": ARM | PHASE, "as_published": True}, True),
    ],
)
def test_rows_of_one_person_are_not_people(model: str, settings: dict[str, object], refused: bool) -> None:
    assert bool(list(find_unsound_rows(make_analysis(model, **settings)))) == refused
