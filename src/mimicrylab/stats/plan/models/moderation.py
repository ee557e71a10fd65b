"""Does the effect of one predictor depend on another? The product, simple slopes, Johnson-Neyman, and bands."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.protocol.analyses import Predictor
from mimicrylab.stats.diagnostics import check_regression
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.moderation import Moderation, probe_moderation
from mimicrylab.stats.plan.models.question import Answer, Cell, Question, answer_cells
from mimicrylab.stats.plan.models.r_code import centre, set_references, write_formula, write_loop
from mimicrylab.stats.plan.models.terms import find_references, is_words, order_levels
from mimicrylab.stats.plan.results import AnalysisResult

SIMPLE_SLOPES, JOHNSON_NEYMAN = "simple_slopes", "johnson_neyman"
LOW, HIGH = "-1 SD", "+1 SD"
PUBLISHED = (
    "Classic standard errors, which hold only where residuals spread alike at every value of the moderator; the "
    "default is HC3, which holds either way."
)


def moderate_effect(question: Question) -> AnalysisResult:
    """Return the regression with the product and the simple slopes of each cell; ``tests`` is the product.

    ``checks`` hold the Johnson-Neyman bounds and the share of people beyond them; ``curves`` the fitted lines with
    their bands (``simple_slopes``) and the slope over the moderator (``johnson_neyman``).
    """
    result = replace(answer_cells(question, _answer), r_code=_write_r(question))
    return replace(result, published=PUBLISHED) if _choose_errors(question) == "classic" else result


def find_sides(question: Question) -> tuple[Predictor, Predictor]:
    """Return the predictor whose effect is asked for, and the moderator.

    Raises
    ------
    InputError
        There is not exactly one of each.
    """
    moderators = question.list_predictors("moderator")
    others = question.list_predictors("treatment", "trait", "within")
    if len(moderators) != 1 or len(others) != 1:
        raise InputError(
            f"{len(others)} predictors and {len(moderators)} moderators are named",
            where=f"analysis {question.analysis.id!r}",
            expected="one predictor (treatment or trait) and one of kind moderator; others as kind covariate",
        )
    return others[0], moderators[0]


def _choose_errors(question: Question) -> str:
    return "classic" if question.analysis.method == "ols" or question.analysis.as_published else "hc3"


def _answer(cell: Cell) -> Answer:
    question = cell.question
    one, other = find_sides(question)
    predictor, moderator = question.find_column(one), question.find_column(other)
    covariates = [question.find_column(each) for each in question.list_predictors("covariate")]
    references = find_references(question, cell.table)
    found = probe_moderation(
        cell.table,
        question.outcome,
        predictor=predictor,
        moderator=moderator,
        covariates=covariates,
        references=references,
        errors="classic" if _choose_errors(question) == "classic" else "hc3",
        unit=question.unit,
        level=question.level,
    )
    terms = [*covariates, predictor, moderator, f"{predictor}:{moderator}"]
    checks = [
        *_describe_bounds(found, moderator),
        *check_regression(cell.table, question.outcome, terms[:-1], references=references),
    ]
    levels = order_levels(question, one, cell.table) if is_words(cell.table, predictor) else []
    curves = {
        SIMPLE_SLOPES: _name_levels(found.line_band, predictor, levels),
        JOHNSON_NEYMAN: found.slope_band,
    }
    return Answer([*found.coefficients, *found.slopes], [found.interaction.term], checks, curves)


def _describe_bounds(found: Moderation, moderator: str) -> list[Estimate]:
    pattern = found.interaction
    bounds = [
        Estimate(
            "",
            f"Johnson-Neyman bound of {moderator}",
            bound,
            ci_level=pattern.ci_level,
            n=pattern.n,
            method="moderator at which the effect turns significant, pointwise",
        )
        for bound in found.bounds
    ]
    share = Estimate(
        "",
        f"share of people whose {moderator} gives a significant effect",
        found.share_significant,
        unit="share",
        ci_level=pattern.ci_level,
        n=pattern.n,
        method="Johnson-Neyman, pointwise" + ("" if bounds else "; no bound within the observed moderators"),
    )
    return [*bounds, share]


def _name_levels(lines: pl.DataFrame, predictor: str, levels: list[str]) -> pl.DataFrame:
    """Return the fitted lines with the predictor's name and the level of each line in words."""
    values = sorted(lines["predictor"].unique())
    names = list(reversed(levels)) if len(levels) == 2 else [LOW, HIGH]
    words = dict(zip(values, names, strict=True))
    return lines.select(
        pl.lit(predictor).alias("predictor"),
        pl.col("predictor").replace_strict(words, return_dtype=pl.String).alias("level"),
        "moderator",
        "fitted",
        "ci_low",
        "ci_high",
    )


def _write_r(question: Question) -> str:
    one, other = find_sides(question)
    predictor, moderator = question.find_column(one), question.find_column(other)
    covariates = [question.find_column(each) for each in question.list_predictors("covariate")]
    formula = write_formula(question.outcome, [*covariates, predictor, moderator, f"{predictor}:{moderator}"])
    errors = "summary(fit)" if _choose_errors(question) == "classic" else 'coeftest(fit, vcov. = vcovHC(fit, "HC3"))'
    lines = [
        *set_references(find_references(question, question.table)),
        *centre([moderator]),
        f"fit <- lm({formula}, data = rows)",
        f"print({errors})",
    ]
    return write_loop(question, lines, libraries=["sandwich", "lmtest"])
