"""What a planned analysis has to show: its columns by role, its panels, and the words of its axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from mimicrylab.report.answers.naming import Vocabulary, capitalise, name_column, name_outcome
from mimicrylab.report.answers.setting import split_difference, split_term
from mimicrylab.report.figures.drawing import Figure
from mimicrylab.report.signals import is_composite, name_short
from mimicrylab.report.wording import MINUS, NO_BREAK, count_noun, shorten_unit
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.samples import PERSON

WITHOUT_UNIT = frozenset(
    {"BF10", "W", "share of variance", "Pearson's r", "Spearman's rho", "Kendall's tau-b", "R squared", "share"}
)
"""Units of estimates that are not those of the outcome."""

NEUTRAL_WORDS = {"with": "neutral among the others", "without": "neutral left out"}
UNITLESS = frozenset({"correlation", "prediction", "survival", "frequencies"})
"""Models whose estimates have no unit of the outcome's."""
UNIT = "unit"
"""Column with each cell's unit, where cells have different ones."""

EQUALS = f"{NO_BREAK}={NO_BREAK}"
LONG_LABEL = 44
"""Characters of an outcome's name that stand at an axis; a longer one is in the caption alone."""


@dataclass(frozen=True)
class Shown:
    """One result, read for drawing.

    ``congruent`` is emotion -> action units that count as mimicry of it; ``part`` the unit that this is the part of,
    where the outcome has several.
    """

    result: AnalysisResult
    words: Vocabulary = field(default_factory=Vocabulary)
    congruent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    part: str = ""

    @property
    def table(self) -> pl.DataFrame:
        """The table that the model saw."""
        return self.result.data

    @property
    def tests(self) -> list[Estimate]:
        """The estimates that answer the plan's question and have a number; all where none is marked."""
        marked = set(self.result.tests)
        known = [one for one in self.result.estimates if one.estimate is not None]
        return [one for one in known if one.term in marked] if marked else known

    @property
    def outcome(self) -> str | None:
        """The outcome's column."""
        return next(iter(self.list_columns("outcome")), None)

    @property
    def people(self) -> str:
        """How many people of the table have the outcome and a group, in words."""
        needed = [*([self.outcome] if self.outcome else []), *self.list_columns("group")]
        known = self.table.drop_nulls(needed) if needed else self.table
        if PERSON not in known.columns:
            return count_noun(known.height, "row")
        return count_noun(known[PERSON].n_unique(), "participant")

    @property
    def level(self) -> float:
        """Confidence level of the estimates' intervals."""
        return self.tests[0].ci_level if self.tests else 1 - self.result.analysis.alpha

    def list_columns(self, *roles: str) -> list[str]:
        """Return the columns with one of the roles, in the order of the table."""
        return [name for name in self.table.columns if self.result.roles.get(name) in roles]

    def name_axis(self) -> str:
        """Return the outcome in words with its unit, for an axis."""
        outcome = self.result.analysis.outcome
        text = capitalise(name_outcome(outcome, self.words))
        if len(text) > LONG_LABEL:
            text = capitalise(name_column(outcome.measure or outcome.score or "", self.words))
        unit = self.find_unit()
        return f"{text} ({shorten_unit(unit).replace(' = ', EQUALS)})" if unit else text

    def find_unit(self) -> str:
        """Return the outcome's unit, empty where the result does not say it."""
        known = list_units(self.table)
        if self.result.analysis.model in UNITLESS or len(known) > 1:
            return ""
        if known:
            return known[0]
        bounded = [one for one in self.result.estimates if one.ci_low is not None]
        units = {one.unit for one in bounded if one.unit and one.unit not in WITHOUT_UNIT}
        return units.pop() if len(units) == 1 else ""

    def name_outcome(self) -> str:
        """Return the outcome in words, for a caption; with its unit where the analysis has several."""
        text = capitalise(name_outcome(self.result.analysis.outcome, self.words))
        return f"{text} ({shorten_unit(self.part)})" if self.part else text

    def name_factor(self, column: str) -> str:
        """Return a predictor's column in words: ``treatment`` for the arms."""
        return "treatment" if column == "arm" else name_column(column, self.words)

    def name_effect(self, column: str) -> str:
        """Return the difference that a predictor of two levels makes, or its name."""
        if self.table[column].dtype.is_numeric():
            return name_column(column, self.words)
        levels = self.order_groups(column)
        if len(levels) != 2:
            return self.name_factor(column)
        return f"{name_part(levels[0])} {MINUS} {name_part(levels[1])}"

    def add_panels(self, table: pl.DataFrame, *, without: Sequence[str] = ()) -> pl.DataFrame:
        """Return the table with ``panel``: the cell in words; where there are no cells, the outcome."""
        cells = [name for name in self.list_columns("cell") if name in table.columns and name not in without]
        if not cells:
            return table.with_columns(pl.lit(self.name_outcome()).alias("panel"))
        keys = table.select(cells).unique(maintain_order=True)
        names = [", ".join(name_part(part) for part in row) for row in keys.iter_rows()]
        labelled = keys.with_columns(pl.Series("panel", names, dtype=pl.String))
        return table.join(labelled, on=cells, how="left", nulls_equal=True, maintain_order="left")

    def name_test(self, estimate: Estimate) -> tuple[str, str]:
        """Return group and label of an estimate: what comes first in its cell, and the rest with the term."""
        labels, last = split_term(estimate.term)
        parts = [part for label in labels for part in label.split(", ")]
        if not parts:
            parts, last = last.split(", "), ""
        named = [name_part(part) for part in parts]
        same = len({_cut_margins(split_term(one.term)[1]) for one in self.tests}) == 1
        rest = [*named[1:], *([] if same or not last else [_cut_margins(last).replace("_", " ")])]
        if rest:
            return named[0], ", ".join(rest)
        return "", named[0]

    def order_groups(self, column: str) -> list[str]:
        """Return a group's levels: as the tests name them, the first of a difference first."""
        present = self.table[column].cast(pl.String).drop_nulls().unique(maintain_order=True).sort().to_list()
        for estimate in self.result.estimates:
            named = [group.name for group in estimate.groups]
            pair = split_difference(split_term(estimate.term)[1])
            for found in (named, list(pair or ())):
                if len(found) > 1 and set(found) <= set(present):
                    return [*found, *(level for level in present if level not in found)]
        return present

    def take_values(self, *, group: str, without: Sequence[str] = ()) -> pl.DataFrame:
        """Return ``panel, group, value`` in order: panels as the table has them, groups as the tests name them."""
        order = {level: place for place, level in enumerate(self.order_groups(group))}
        panels = self.add_panels(self.table, without=without)
        found = panels.select(
            "panel",
            pl.col(group).cast(pl.String).alias("group"),
            pl.col(self.outcome or "").cast(pl.Float64).alias("value"),
        ).drop_nulls("group")
        ranks = {panel: place for place, panel in enumerate(found["panel"].unique(maintain_order=True))}
        return found.sort(
            pl.col("panel").replace_strict(ranks, return_dtype=pl.Int64),
            pl.col("group").replace_strict(order, return_dtype=pl.Int64),
            maintain_order=True,
        ).with_columns(pl.col("group").map_elements(name_part, return_dtype=pl.String))


def split_units(shown: Shown) -> list[Shown]:
    """Return a result for each unit of its outcome: what has different units shares no axis.

    Correlations have no unit, and stay together.
    """
    units = list_units(shown.table)
    if len(units) < 2 or shown.result.analysis.model in UNITLESS:
        return [shown]
    parts = []
    for unit in units:
        data = shown.table.filter(pl.col(UNIT) == unit)
        cells = data.select(pl.col(shown.list_columns("cell")).cast(pl.String)).unique()
        names = {", ".join(str(part) for part in row) for row in cells.iter_rows()}
        estimates = tuple(one for one in shown.result.estimates if one.unit == unit or _find_cell(one) in names)
        tests = tuple(term for term in shown.result.tests if any(one.term == term for one in estimates))
        parts.append(
            replace(shown, result=replace(shown.result, data=data, estimates=estimates, tests=tests), part=unit)
        )
    return parts


def _find_cell(estimate: Estimate) -> str:
    """Return the cell that an estimate is of; a term without more is all cell (of a correlation)."""
    labels, last = split_term(estimate.term)
    return ", ".join(labels) if labels else last


def list_units(table: pl.DataFrame) -> list[str]:
    """Return the units that the cells of a table have, in order; none where all have one."""
    return table[UNIT].drop_nulls().unique(maintain_order=True).to_list() if UNIT in table.columns else []


def lower_first(text: str) -> str:
    """Return the text with a small first letter, where the second is small, too (not of EQ or AU12).

    Examples
    --------
    >>> lower_first("Presence rate"), lower_first("EQ-60 score")
    ('presence rate', 'EQ-60 score')
    """
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _cut_margins(term: str) -> str:
    """Return a term without the margins of an equivalence test, which differ from cell to cell."""
    return term.split(" between ")[0]


def name_part(part: object) -> str:
    """Return a level of a cell or group in words.

    Examples
    --------
    >>> name_part("happiness[AU06+AU12]"), name_part("without"), name_part("White_British"), name_part(True)
    ('happiness [6+12]', 'neutral left out', 'White British', 'yes')
    """
    text = str(part)
    scale, dot, score = text.partition(".")
    if dot and scale and not score[:1].isdigit():
        return f"{scale} {score}".replace("_", " ")
    if text in NEUTRAL_WORDS:
        return NEUTRAL_WORDS[text]
    if text.lower() in {"true", "false"}:
        return "yes" if text.lower() == "true" else "no"
    return name_short(text) if is_composite(text) else text.replace("_", " ")


def name_covariate(shown: Shown, kind: str, column: str) -> str:
    """Return a covariate or moderator in words, with the block that it is taken from."""
    for predictor in shown.result.analysis.predictors:
        if predictor.kind == kind:
            text = name_column(predictor.name, shown.words)
            text = text[:1].upper() + text[1:]
            return f"{text} in the {predictor.block.replace('_', ' ')} block" if predictor.block else text
    return name_column(column, shown.words)


def title_figure(figure: Figure | None, *, note: str = "") -> tuple[Figure, ...]:
    """Return the figure in a tuple, with a note added; empty where there is none."""
    if figure is None:
        return ()
    return (replace(figure, note=" ".join(text for text in (figure.note, note) if text)),)
