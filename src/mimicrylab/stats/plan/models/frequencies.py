"""Do two sets of categories go together? Chi-square, Fisher's exact test, or a permutation of people."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from mimicrylab.stats.frequencies import FrequencyMethod, compare_frequencies, count_people
from mimicrylab.stats.plan.models.question import Answer, Cell, Question, answer_cells
from mimicrylab.stats.plan.models.r_code import quote_column, write_loop
from mimicrylab.stats.plan.models.two_groups import find_group
from mimicrylab.stats.plan.results import AnalysisResult

METHODS: dict[str, FrequencyMethod] = {
    "chi_square": "chi_square",
    "fisher": "fisher",
    "permutation": "permutation",
}


def compare_shares(question: Question) -> AnalysisResult:
    """Return the association of two categories of people in each cell, and their counts (curve ``counts``).

    Without a method: chi-square where every expected count is at least 5, else a permutation of people.
    """
    return replace(answer_cells(question, _answer), r_code=_write_r(question))


def _answer(cell: Cell) -> Answer:
    question = cell.question
    other = question.find_column(find_group(question))
    found = compare_frequencies(
        cell.table,
        question.outcome,
        columns=other,
        method=METHODS.get(question.analysis.method or "", "auto"),
        level=question.level,
        seed=question.seed,
        draws=question.draws,
    )
    counts = count_people(cell.table, question.outcome, columns=other).unpivot(
        index=question.outcome, variable_name=other, value_name="n"
    )
    return Answer([found], [found.term], curves={"counts": counts.with_columns(pl.col(question.outcome, other))})


def _write_r(question: Question) -> str:
    rows, columns = quote_column(question.outcome), quote_column(question.find_column(find_group(question)))
    counts = f"counts <- table(rows${rows}, rows${columns})"
    lines = {
        "fisher": "print(fisher.test(counts))",
        "permutation": "print(chisq.test(counts, simulate.p.value = TRUE, B = 9999))",
    }
    return write_loop(
        question, [counts, lines.get(question.analysis.method or "", "print(chisq.test(counts, correct = FALSE))")]
    )
