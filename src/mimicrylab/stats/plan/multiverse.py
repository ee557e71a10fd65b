"""A planned analysis over all its specifications: one row each, and a joint test of each of its tests.

The joint test is that of ``stats.multiverse``. Where the model has no form that can be arranged, the curve stands
without it, and the reason is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl

from mimicrylab.errors import InputError, MimicryLabError
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.multiverse import Multiverse
from mimicrylab.stats.arrangements import Design
from mimicrylab.stats.correlation import bound_correlation
from mimicrylab.stats.estimates import EffectSize, Estimate
from mimicrylab.stats.multiverse import JointTest, compare_jointly
from mimicrylab.stats.plan.data import Labels, PlanData
from mimicrylab.stats.plan.designs import design_test, number_people
from mimicrylab.stats.plan.models.asking import ask_question
from mimicrylab.stats.plan.models.question import CELL_END, Question, list_cells
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.plan.run import derive_seed, run_plan
from mimicrylab.stats.plan.specifications import Specification

Standing = Literal["exploratory", "frozen"]
"""Whether the multiverse was frozen with the plan."""

BY_RANKS = frozenset({"mann_whitney", "wilcoxon"})
"""Methods whose effect is a rank-biserial correlation."""

ROW_SCHEMA = {
    "test": pl.String,
    "specification": pl.Int64,
    "declared": pl.Boolean,
    "estimate": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "effect": pl.String,
    "p": pl.Float64,
    "n": pl.Int64,
    "significant": pl.Boolean,
    "state": pl.String,
    "reason": pl.String,
}
"""A row a test and specification; ``effect`` says what the estimate is (a unit, or a standardised effect). The choices
stand behind, a column each. Without an estimate, ``state`` and ``reason`` say why."""

MOST_TESTS = 12
"""More curves than this are searched, not read."""

MEDIAN_TERM = "median effect over specifications"
COUNT_TERM = "share of specifications that are significant"


@dataclass(frozen=True)
class MultiverseResult:
    """What a multiverse found.

    Parameters
    ----------
    analysis, multiverse
        What was declared.
    table
        A row a test and specification (``ROW_SCHEMA`` and the choices).
    choices
        The columns of the choices that vary.
    joint
        Two estimates for each test: the median effect, and the share of significant specifications.
    notes
        What the reader must know: specifications without a result, no joint test.
    labels, seed, standing
        Whether arms are real; seed of the joint test; whether it was frozen with the plan.
    """

    analysis: Analysis
    multiverse: Multiverse
    table: pl.DataFrame
    choices: tuple[str, ...] = ()
    joint: tuple[Estimate, ...] = ()
    notes: tuple[str, ...] = ()
    labels: Labels = "none"
    seed: int = 0
    standing: Standing = "exploratory"

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests of the analysis, each a curve of its own."""
        return tuple(self.table["test"].unique(maintain_order=True))


@dataclass(frozen=True)
class Computed:
    """One specification and its result; ``question`` is None where it could not be asked."""

    specification: Specification
    result: AnalysisResult
    question: Question | None = None


@dataclass(frozen=True)
class _Gathered:
    computed: Sequence[Computed]
    tests: Sequence[str] = field(default=())
    standardised: bool = False


def compute_specification(
    specification: Specification, data: PlanData | MimicryLabError, analysis: Analysis, *, seed: int
) -> Computed:
    """Return the result of one specification; ``data`` may be the reason why its measures cannot be computed.

    The outcome's window and baseline are those of the specification: ``data`` holds nothing else under its name.
    """
    own = analysis.model_copy(
        update={"outcome": analysis.outcome.model_copy(update={"window": None, "baseline": None})}
    )
    if isinstance(data, MimicryLabError):
        return Computed(specification, AnalysisResult(own, "not possible", data.describe()))
    result = run_plan(data, [own], seed=seed)[0]
    if result.state != "done":
        return Computed(specification, result)
    try:
        return Computed(specification, result, ask_question(data, own, derive_seed(seed, own.id)))
    except MimicryLabError:
        return Computed(specification, result)


def gather_multiverse(
    computed: Iterable[Computed], analysis: Analysis, multiverse: Multiverse, *, seed: int, standing: Standing
) -> MultiverseResult:
    """Return all specifications as one table, with a joint test for each test of the analysis.

    Raises
    ------
    InputError
        The analysis has more than 12 tests.
    """
    every = list(computed)
    tests = list(dict.fromkeys(term for one in every for term in one.result.tests))
    if len(tests) > MOST_TESTS:
        raise InputError(
            f"the analysis has {len(tests)} tests, and each would be a multiverse of its own",
            where=f"multiverse of {analysis.id!r}",
            expected=f"at most {MOST_TESTS}",
            do="plan an exploratory analysis of the signals and emotions that the hypothesis is about, and vary that",
        )
    gathered = _Gathered(every, tests, _needs_standardising(every, analysis))
    choices = tuple(every[0].specification.choices) if every else ()
    rows = [_make_row(one, test, gathered, analysis) for test in tests or [""] for one in every]
    schema = {**ROW_SCHEMA, **dict.fromkeys(choices, pl.String)}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    joint, notes = _test_jointly(gathered, analysis, multiverse, seed=seed)
    labels: Labels = next((one.result.labels for one in every if one.result.state == "done"), "none")
    return MultiverseResult(
        analysis, multiverse, table, choices, joint, (*_count_failures(every), *notes), labels, seed, standing
    )


def _needs_standardising(computed: Sequence[Computed], analysis: Analysis) -> bool:
    """Return whether effects are standardised: their units differ, or they are effects of ranks."""
    if analysis.method in BY_RANKS or analysis.model == "rank_groups":
        return True
    units = {
        estimate.unit for one in computed for estimate in one.result.estimates if estimate.term in one.result.tests
    }
    return len(units) > 1


def _make_row(one: Computed, test: str, gathered: _Gathered, analysis: Analysis) -> dict[str, object]:
    found = next((each for each in one.result.estimates if each.term == test and test in one.result.tests), None)
    row: dict[str, object] = {
        "test": test,
        "specification": one.specification.number,
        "declared": one.specification.declared,
        "state": one.result.state,
        "reason": one.result.reason,
        **one.specification.choices,
    }
    if found is None:
        if one.result.state == "done":
            row |= {"state": "not possible", "reason": "this test is not among the specification's"}
        return row
    if found.estimate is None and found.p is None:
        return row | {"state": "not possible", "reason": "; ".join(found.warnings) or "no number came out"}
    effect = _standardise(found) if gathered.standardised else None
    name, value, low, high = (
        (effect.name, effect.value, effect.ci_low, effect.ci_high)
        if effect is not None
        else (found.unit, found.estimate, found.ci_low, found.ci_high)
    )
    return row | {
        "estimate": value,
        "ci_low": low,
        "ci_high": high,
        "effect": name,
        "p": found.p,
        "n": found.n,
        "significant": found.p is not None and found.p < analysis.alpha,
    }


def _standardise(found: Estimate) -> EffectSize | None:
    """Return the standardised effect: d, a rank correlation, a correlation, or the partial correlation of a t."""
    for effect in found.effect_sizes:
        if "squared" not in effect.name and effect.value is not None:
            return effect
    if found.statistic is not None and found.statistic.name == "t" and found.statistic.value is not None and found.df:
        t, df = found.statistic.value, found.df[0]
        r = t / math.sqrt(t * t + df)
        low, high = bound_correlation(r, round(df) + 2, level=found.ci_level)
        return EffectSize("partial correlation", r, low, high)
    return None


def _test_jointly(
    gathered: _Gathered, analysis: Analysis, multiverse: Multiverse, *, seed: int
) -> tuple[tuple[Estimate, ...], tuple[str, ...]]:
    questions = [one.question for one in gathered.computed if one.question is not None]
    if not questions or not gathered.tests:
        return (), ("There is no joint test: no specification has a result.",)
    numbers = number_people(questions)
    estimates: list[Estimate] = []
    notes: list[str] = []
    for test in gathered.tests:
        designs, reason = _list_designs(questions, test, numbers)
        if not designs:
            notes.append(f"There is no joint test{f' of {test}' if len(gathered.tests) > 1 else ''}: {reason}.")
            continue
        joint = compare_jointly(
            designs,
            alpha=analysis.alpha,
            direction=multiverse.direction,
            standardised=gathered.standardised,
            draws=multiverse.draws,
            seed=derive_seed(seed, f"multiverse:{analysis.id}:{test}"),
        )
        estimates += _describe_joint(joint, test, analysis, people=len(numbers))
    return tuple(estimates), tuple(dict.fromkeys(notes))


def _list_designs(questions: Sequence[Question], test: str, numbers: Mapping[str, int]) -> tuple[list[Design], str]:
    designs: list[Design] = []
    reason = "no specification has a value"
    for question in questions:
        for cell in list_cells(question):
            if cell.name and test != cell.name and not test.startswith(cell.name + CELL_END):
                continue
            try:
                designs.append(design_test(cell, numbers))
            except MimicryLabError as error:
                reason = error.problem
    return designs, reason


def _describe_joint(joint: JointTest, test: str, analysis: Analysis, *, people: int) -> list[Estimate]:
    way = {None: "in the commoner direction", "positive": "above 0", "negative": "below 0"}[joint.direction]
    method = f"joint permutation test of {joint.specifications} specifications, {joint.draws} arrangements of people"
    common = Estimate(analysis.id, "", None, n=people, seed=joint.seed, method=method)
    expected = joint.expected_significant / joint.specifications
    effect = "standardised effect" if joint.standardised else "effect"
    return [
        replace(common, term=f"{test}; {MEDIAN_TERM}", estimate=joint.median, unit=effect, p=joint.median_p),
        replace(
            common,
            term=f"{test}; {COUNT_TERM}",
            estimate=joint.significant / joint.specifications,
            unit="share of specifications",
            p=joint.significant_p,
            effect_sizes=(EffectSize("share expected of people without an effect", expected),),
            method=f"{method}; significant at {analysis.alpha:g} {way}",
        ),
    ]


def _count_failures(computed: Sequence[Computed]) -> list[str]:
    failed = [one for one in computed if one.result.state != "done"]
    if not failed:
        return []
    reasons: dict[str, int] = {}
    for one in failed:
        first = (one.result.reason or "no reason is known").split("\n")[0]
        reasons[first] = reasons.get(first, 0) + 1
    listed = "; ".join(f"{count}: {reason}" for reason, count in reasons.items())
    return [f"{len(failed)} of {len(computed)} specifications have no result ({listed})."]
