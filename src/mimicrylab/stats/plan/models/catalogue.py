"""Every model of the plan by name, and asking one of them a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl

from mimicrylab.errors import DependencyError, InputError, MissingError, RefusedError
from mimicrylab.protocol.analyses import Analysis, Model
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.guards import check_question
from mimicrylab.stats.plan.models.ancova import compare_at_covariate
from mimicrylab.stats.plan.models.asking import ask_question, is_stacked_as_published, refuse_misfit, stack_rows
from mimicrylab.stats.plan.models.correlation import correlate_with_trait
from mimicrylab.stats.plan.models.description import describe_outcome
from mimicrylab.stats.plan.models.frequencies import compare_shares
from mimicrylab.stats.plan.models.mixed import fit_trials
from mimicrylab.stats.plan.models.moderation import moderate_effect
from mimicrylab.stats.plan.models.multivariate import regress_together
from mimicrylab.stats.plan.models.one_sample import compare_with_number
from mimicrylab.stats.plan.models.paired import compare_paired
from mimicrylab.stats.plan.models.prediction import predict_score
from mimicrylab.stats.plan.models.question import Question, describe_roles
from mimicrylab.stats.plan.models.regression import regress_outcome
from mimicrylab.stats.plan.models.repeated import compare_conditions
from mimicrylab.stats.plan.models.survival import compare_onsets
from mimicrylab.stats.plan.models.two_groups import compare_two_groups
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.samples import PERSON

ModelFunction = Callable[[Question], AnalysisResult]

ANSWERS: Mapping[Model, ModelFunction] = {
    "one_sample": compare_with_number,
    "two_groups": compare_two_groups,
    "paired": compare_paired,
    "rank_groups": compare_two_groups,
    "correlation": correlate_with_trait,
    "regression": regress_outcome,
    "multivariate_regression": regress_together,
    "ancova": compare_at_covariate,
    "moderation": moderate_effect,
    "repeated": compare_conditions,
    "mixed": fit_trials,
    "prediction": predict_score,
    "survival": compare_onsets,
    "frequencies": compare_shares,
    "description": describe_outcome,
}

STACKED = (
    "The rows of one person are taken for different people. Where a person's rows are alike the errors are too small, "
    "so that noise becomes significant; for differences within people they are too large. The default takes one row a "
    "person, or errors that know whose rows they are."
)

AS_DEFAULT = (
    "The test is computed as by default; what repeats the published study is the choice of what is tested, and on whom."
)


def run_analysis(data: PlanData, analysis: Analysis, seed: int) -> AnalysisResult:
    """Return the result of one analysis; what cannot or must not be done is said in its state and reason.

    p is not corrected here: that takes the whole family (``families.adjust_families``).
    """
    question: Question | None = None
    try:
        refuse_misfit(analysis)
        question = ask_question(data, analysis, seed)
        notes = check_question(question)
        result = ANSWERS[analysis.model](stack_rows(question))
    except (InputError, RefusedError, MissingError, DependencyError) as error:
        return AnalysisResult(
            analysis,
            state="refused" if isinstance(error, RefusedError) else "not possible",
            reason=error.describe(),
            data=question.table if question is not None else pl.DataFrame(),
            roles=describe_roles(question) if question is not None else {},
            labels=data.labels if uses_arms(data, analysis) else "none",
        )
    stacked = is_stacked_as_published(question)
    said = [part for part in (result.published, STACKED if stacked else None) if part]
    told = () if analysis.as_published else said
    return replace(
        result,
        data=question.table,
        notes=tuple(dict.fromkeys((*result.notes, *notes, *(_count_rows(question) if stacked else ()), *told))),
        published=" ".join(said or [AS_DEFAULT]) if analysis.as_published else None,
        labels=data.labels if uses_arms(data, analysis) else "none",
    )


MODELS: Mapping[Model, Callable[[PlanData, Analysis, int], AnalysisResult]] = dict.fromkeys(ANSWERS, run_analysis)
"""Model -> the function that runs an analysis of it."""


def _count_rows(question: Question) -> tuple[str, ...]:
    people = question.table[PERSON].n_unique()
    return (f"n counts rows, not people: the table has {question.table.height} rows of {people} people",)


def uses_arms(data: PlanData, analysis: Analysis) -> bool:
    """Return whether an analysis knows people's arms: as predictor, or as the groups that it is limited to."""
    treated = any(predictor.kind == "treatment" for predictor in analysis.predictors)
    return treated or any(group in data.arms for group in analysis.groups)
