"""R code that repeats an analysis on the ``data.csv`` beside its result, for readers who check in R."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mimicrylab.stats.plan.models.question import Question

READ = 'data <- read.csv("data.csv", check.names = FALSE, na.strings = c("", "NA"))'
PLAIN = re.compile(r"^[A-Za-z.][A-Za-z0-9._]*$")


def quote_column(name: str) -> str:
    """Return a column's name as R wants it: in backticks where it is no plain name.

    Examples
    --------
    >>> quote_column("EQ"), quote_column("EQ-60.total")
    ('EQ', '`EQ-60.total`')
    """
    return name if PLAIN.match(name) else f"`{name}`"


def quote_words(words: Sequence[str]) -> str:
    """Return words as an R vector.

    Examples
    --------
    >>> quote_words(["oxytocin", "placebo"])
    'c("oxytocin", "placebo")'
    """
    return f"c({', '.join(_quote(word) for word in words)})"


def write_formula(outcome: str, terms: Sequence[str]) -> str:
    """Return a model formula.

    Examples
    --------
    >>> write_formula("EQ-60.total", ["arm", "AU12", "arm:AU12"])
    '`EQ-60.total` ~ arm + AU12 + arm:AU12'
    """
    sides = [":".join(quote_column(name) for name in term.split(":")) for term in terms]
    return f"{quote_column(outcome)} ~ {' + '.join(sides) or '1'}"


def set_references(references: Mapping[str, str]) -> list[str]:
    """Return the lines that make factors with a reference level."""
    return [
        f"rows${quote_column(column)} <- relevel(factor(rows${quote_column(column)}), ref = {_quote(level)})"
        for column, level in references.items()
    ]


def centre(columns: Sequence[str]) -> list[str]:
    """Return the lines that centre columns of numbers."""
    return [
        f"rows${quote_column(name)} <- rows${quote_column(name)} - mean(rows${quote_column(name)}, na.rm = TRUE)"
        for name in columns
    ]


def write_loop(question: Question, lines: Sequence[str], *, libraries: Sequence[str] = ()) -> str:
    """Return R code that reads the data and runs ``lines`` on the rows of each cell (``rows``); empty without lines."""
    body = [line for line in lines if line]
    if not body:
        return ""
    start = [*(f"library({name})" for name in libraries), READ]
    if not question.cells:
        return "\n".join([*start, "rows <- data", *body]) + "\n"
    cells = f"data[{quote_words(question.cells)}]"
    return (
        "\n".join(
            [
                *start,
                f"for (rows in split(data, {cells}, drop = TRUE)) {{",
                f"  print(rows[1, {quote_words(question.cells)}])",
                *(f"  {line}" for line in body),
                "}",
            ]
        )
        + "\n"
    )


def write_two_tests(question: Question, formula: str, table: str, spread: str) -> list[str]:
    """Return the lines of two one-sided t tests against ``smallest_effect`` standard deviations (``spread``)."""
    margin = f"margin <- {question.analysis.smallest_effect:g} * {spread}"
    test = f"t.test({formula}, data = {table}, mu = "
    return [
        margin,
        f'print({test}-margin, alternative = "greater"))',
        f'print({test}margin, alternative = "less"))',
    ]


def _quote(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
