"""When does a reaction begin? Log-rank test, medians and share of responders; Cox regression of single trials.

A person's latency is the median over trials, a trial without onset counting as later than the window: somebody without
an onset in half of the trials or more is censored, not missing. Cox regression takes the trials as they are, with
standard errors over people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.hazards import regress_hazard
from mimicrylab.stats.plan.models.question import Answer, Cell, Question, answer_cells
from mimicrylab.stats.plan.models.r_code import quote_column, set_references, write_formula, write_loop
from mimicrylab.stats.plan.models.terms import find_references, is_coefficient_of, is_words, list_asked, list_terms
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.samples import PERSON
from mimicrylab.stats.survival import compare_latencies, estimate_medians, estimate_responders, tabulate_onsets

CENSORED = "censored"
END = "window_stop_s"
BEFORE_RESPONDERS = "responders, "


def compare_onsets(question: Question) -> AnalysisResult:
    """Return the log-rank test, medians, shares of responders and the hazard ratio in each cell.

    ``tests`` are the log-rank test (``kaplan_meier``, default), or the coefficients asked for (``cox``, and wherever a
    predictor is one of numbers). Without a predictor the latencies are described.
    """
    return replace(answer_cells(question, _answer), r_code=_write_r(question))


def summarise_people(cell: Cell, columns: Sequence[str] = ()) -> tuple[pl.DataFrame, float]:
    """Return one row a person with the median latency (null: censored), and the end of the window in s.

    Raises
    ------
    InputError
        The outcome is no latency, or its windows differ in length.
    """
    until_s = find_end(cell.table, cell.question)
    outcome = cell.question.outcome
    measured = cell.table.filter(pl.col(CENSORED).is_not_null())
    late = pl.when(pl.col(CENSORED)).then(float("inf")).otherwise(pl.col(outcome))
    people = measured.group_by([PERSON, *columns], maintain_order=True).agg(late.median().alias(outcome))
    finite = pl.col(outcome).is_finite()
    return (
        people.with_columns(
            pl.when(finite).then(outcome).otherwise(None).alias(outcome),
            (~finite).alias(CENSORED),
        ),
        until_s,
    )


def find_end(table: pl.DataFrame, question: Question) -> float:
    """Return the end of the window in which onsets were looked for, in s.

    Raises
    ------
    InputError
        The outcome is no latency, or its windows differ in length.
    """
    if CENSORED not in table.columns or table[CENSORED].null_count() == table.height:
        raise InputError(
            "this outcome is no latency: nothing says in which trials no onset came",
            where=f"analysis {question.analysis.id!r}",
            do="take the measure latency",
        )
    ends = table[END].drop_nulls().unique().to_list() if END in table.columns else []
    if len(ends) != 1:
        raise InputError(
            "the windows of the trials differ in length, or their length is not known",
            where=f"analysis {question.analysis.id!r}",
            do="measure latency in a window of one length (windows: in study.yaml)",
        )
    return float(ends[0])


def _answer(cell: Cell) -> Answer:
    question = cell.question
    groups = [name for name in _list_predictors(question) if is_words(cell.table, name)]
    people, until_s = summarise_people(cell, groups)
    outcome, level = question.outcome, question.level
    group = groups[0] if len(groups) == 1 else None
    known = people.drop_nulls(groups)
    lines: list[Estimate] = []
    tests: list[str] = []
    if group and question.analysis.method != "cox" and len(_list_predictors(question)) == 1:
        found = compare_latencies(known, outcome, group=group, until_s=until_s)
        lines.append(found)
        tests.append(found.term)
    elif _list_predictors(question):
        hazards = _regress(cell, until_s)
        lines += hazards
        tests += [line.term for line in hazards if is_coefficient_of(line.term, list_asked(question))]
    lines += estimate_medians(known, outcome, until_s=until_s, group=group, level=level)
    lines += _share_responders(known, outcome, until_s, group, level)
    checks = _try_regress(cell, until_s) if tests and question.analysis.method != "cox" else []
    curve = tabulate_onsets(known, outcome, until_s=until_s, group=group, level=level)
    return Answer(lines, tests, checks, {"survival": curve})


def _list_predictors(question: Question) -> list[str]:
    return [column for columns in question.columns.values() for column in columns]


def _regress(cell: Cell, until_s: float) -> list[Estimate]:
    question = cell.question
    several = cell.table[PERSON].n_unique() < cell.table.height
    return regress_hazard(
        cell.table,
        question.outcome,
        predictors=list_terms(question),
        until_s=until_s,
        references=find_references(question, cell.table),
        cluster=PERSON if several else None,
        level=question.level,
    )


def _try_regress(cell: Cell, until_s: float) -> list[Estimate]:
    try:
        return _regress(cell, until_s)
    except InputError:
        return []


def _share_responders(
    people: pl.DataFrame, outcome: str, until_s: float, group: str | None, level: float
) -> list[Estimate]:
    """Return for each group the share of people with an onset in at least half of their trials."""
    lines = []
    for name in sorted(people[group].unique()) if group else [None]:
        rows = people.filter(pl.col(group) == name) if group else people
        try:
            found = estimate_responders(rows, outcome, until_s=until_s, level=level)
        except InputError as error:
            found = Estimate("", "", None, warnings=(error.describe().replace("\n ", ";"),))
        lines.append(replace(found, term=f"{BEFORE_RESPONDERS}{name}" if name else "responders"))
    return lines


def _write_r(question: Question) -> str:
    predictors = list_terms(question)
    if not predictors or END not in question.table.columns:
        return ""
    outcome = quote_column(question.outcome)
    lines = [
        *set_references(find_references(question, question.table)),
        f"rows <- rows[!is.na(rows${CENSORED}), ]",
        f"late <- as.character(rows${CENSORED}) %in% c('true', 'TRUE')",
        f"rows$time <- ifelse(late, rows${END}, rows${outcome})",
        "rows$onset <- as.integer(!late)",
        f"print(summary(coxph({write_formula('Surv(time, onset)', predictors).replace('`', '', 2)}, data = rows, "
        f"cluster = {PERSON})))",
    ]
    return write_loop(question, lines, libraries=["survival"])
