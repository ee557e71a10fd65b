"""Which methods and predictors each model of the plan takes: what does not fit is told before there are data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mimicrylab.protocol.analyses import Analysis, Method, Model
from mimicrylab.protocol.references import Finding

METHODS: Mapping[Model, tuple[Method, ...]] = {
    "one_sample": ("t", "wilcoxon", "sign_flip", "equivalence"),
    "two_groups": ("welch", "student", "permutation", "mann_whitney", "equivalence"),
    "rank_groups": ("mann_whitney",),
    "paired": ("t", "wilcoxon", "sign_flip", "equivalence"),
    "correlation": ("pearson", "spearman", "kendall"),
    "regression": ("hc3", "cluster", "fractional_logit", "two_part", "ols"),
    "multivariate_regression": ("hc3", "ols"),
    "ancova": ("hc3", "ols"),
    "moderation": ("hc3", "ols"),
    "repeated": (),
    "mixed": (),
    "prediction": ("linear", "ridge", "elastic_net"),
    "survival": ("kaplan_meier", "cox"),
    "frequencies": ("chi_square", "permutation", "fisher"),
    "description": (),
}
"""Model -> its methods, the default first (a regression of several rows a person: cluster; frequencies: chi_square, or
permutation where counts are small; prediction: all three)."""

BETWEEN = ("treatment", "trait")


@dataclass(frozen=True)
class Need:
    """How many predictors of some kinds a model takes, and what to do where it has others."""

    kinds: tuple[str, ...]
    least: int
    most: int | None
    do: str


ONE_GROUPING = "name one predictor of kind treatment or trait"
NEEDS: Mapping[Model, tuple[Need, ...]] = {
    "two_groups": (Need(BETWEEN, 1, 1, ONE_GROUPING),),
    "rank_groups": (Need(BETWEEN, 1, 1, ONE_GROUPING),),
    "paired": (Need(("within",), 1, 1, "name one predictor of kind within; for several use model: repeated"),),
    "correlation": (Need(("trait", "covariate"), 1, 1, "name one predictor of kind trait"),),
    "ancova": (
        Need(BETWEEN, 1, None, ONE_GROUPING),
        Need(("covariate",), 1, None, "name the covariate (a measure with block: neutral); without one: two_groups"),
    ),
    "moderation": (
        Need((*BETWEEN, "within"), 1, 1, "name one predictor of kind treatment or trait; others as kind covariate"),
        Need(("moderator",), 1, 1, "name one predictor of kind moderator"),
    ),
    "repeated": (Need(("within",), 1, None, "name a predictor of kind within"),),
    "regression": (Need((), 1, None, "name what explains the outcome"),),
    "multivariate_regression": (Need((), 1, None, "name what explains the outcomes"),),
    "mixed": (Need((), 1, None, "name what explains the outcome"),),
    "prediction": (Need(("features", "trait", "covariate"), 1, None, "name a measure with kind: features"),),
    "frequencies": (Need(BETWEEN, 1, 1, ONE_GROUPING),),
    "one_sample": (
        Need(("treatment", "trait", "covariate", "moderator", "features"), 0, 0, "to compare use two_groups"),
        Need(("within",), 0, 1, "a contrast weighs the levels of one; for several use model: repeated"),
    ),
}

WEIGHS_CONDITIONS = ("one_sample", "paired", "repeated", "regression")
"""Models that take planned contrasts."""

KNOWS_PEOPLE = ("repeated", "mixed", "survival", "paired", "description", "prediction")
"""Models that keep the rows of one person together."""


def find_misfits(analysis: Analysis) -> Iterator[Finding]:
    """Yield what in an analysis does not fit its model, with its place in the analysis."""
    allowed = METHODS[analysis.model]
    if analysis.method is not None and analysis.method not in allowed:
        choices = f"one of {', '.join(allowed)}" if allowed else "none: leave it out"
        yield ("method",), f"{analysis.method} is no method of {analysis.model}; expected {choices}"
    paired_groups = analysis.model == "paired" and any(one.kind in BETWEEN for one in analysis.predictors)
    for need in () if paired_groups else NEEDS.get(analysis.model, ()):
        yield from _check_need(analysis, need)
    within = [one for one in analysis.predictors if one.kind == "within"]
    if analysis.contrasts and not (within and analysis.model in WEIGHS_CONDITIONS):
        listed = ", ".join(WEIGHS_CONDITIONS)
        yield ("contrasts",), f"contrasts weigh the levels of a predictor of kind within ({listed})"
    if within and analysis.model == "one_sample" and not analysis.contrasts:
        yield ("predictors",), "one_sample takes a condition only with contrasts; to compare two use model: paired"
    if analysis.slopes is not None:
        names = [predictor.name for predictor in within]
        for index, name in enumerate(analysis.slopes):
            if name not in names:
                yield ("slopes", index), f"{name!r} is no predictor that differs within people: it can have no slope"


def _check_need(analysis: Analysis, need: Need) -> Iterator[Finding]:
    found = [one for one in analysis.predictors if not need.kinds or one.kind in need.kinds]
    if len(found) < need.least or (need.most is not None and len(found) > need.most):
        kinds = f" of kind {' or '.join(need.kinds)}" if need.kinds else ""
        some = "no predictor" if not found else f"{len(found)} predictor{'' if len(found) == 1 else 's'}"
        yield ("predictors",), f"{analysis.model} has {some}{kinds}: {need.do}"


def find_unsound_rows(analysis: Analysis) -> Iterator[Finding]:
    """Yield where rows are taken for what they are not: different people for pairs, one person's rows for people.

    What repeats a published study may do the second.
    """
    if analysis.model == "paired" and any(predictor.kind in BETWEEN for predictor in analysis.predictors):
        yield ("predictors",), "groups of different people cannot be paired; use model: two_groups"
    if analysis.as_published or analysis.model in KNOWS_PEOPLE:
        return
    within = any(predictor.kind == "within" for predictor in analysis.predictors)
    within = within and analysis.model != "one_sample"
    stacked = within or analysis.rows in {"conditions", "trials"}
    if stacked and analysis.model == "regression" and analysis.method in (None, "cluster"):
        return
    if stacked:
        yield (
            ("rows",) if analysis.rows else ("predictors",),
            f"several rows of one person are not independent, and {analysis.method or analysis.model} takes them for "
            "different people; use rows: people, model: repeated or mixed, a regression with method: cluster, or "
            "as_published: true, which labels the result",
        )
