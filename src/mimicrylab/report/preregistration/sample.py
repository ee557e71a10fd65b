"""Participants: who, how many, why so many, and what that number can find."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from markupsafe import Markup

from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.sample_size import PowerAssumption
from mimicrylab.report.content import Item, Listing, Notice, Prose, Section, Subheading
from mimicrylab.report.preregistration.design import describe_eligibility
from mimicrylab.report.preregistration.source import PlanSource
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import count_noun, format_bounded, format_count, format_number
from mimicrylab.stats.power import estimate_power, find_detectable_effect, find_people
from mimicrylab.stats.power_designs import (
    CorrelationDesign,
    Design,
    GroupsDesign,
    RegressionDesign,
    RepeatedDesign,
    WithinDesign,
)

POWER = 0.8
"""The field's convention (Cohen 1992), for the smallest effect that a planned test finds."""

HIGHEST_POWER = 0.995

NO_FORMULA = "by simulation only: mimicrylab power study"


def describe_participants(source: PlanSource) -> Section:
    """Return who takes part, how many, the reason for that number, and its power."""
    study = source.study
    people = study.participants
    items: list[Item] = []
    if people.planned is None:
        items.append(Notice(Markup.escape("No number of participants is planned."), kind="missing"))
    else:
        reason = f" {people.planned_because.rstrip('.')}." if people.planned_because else " No reason is given."
        items.append(Prose(Markup("<strong>{} are planned.</strong>{}").format(
            count_noun(people.planned, "participant"), reason)))  # fmt: skip
    rest = [
        ("Collection ends", people.stopping),
        ("Recruitment", people.recruitment),
        ("Compensation", people.compensation),
    ]
    items += [Prose(Markup("<strong>{}.</strong> {}.").format(name, text.rstrip("."))) for name, text in rest if text]
    if study.eligibility:
        items += [
            Subheading("Who may take part"),
            Listing(tuple(Markup.escape(describe_eligibility(rule)) for rule in study.eligibility)),
        ]
    if people.power:
        items += [Subheading("Power"), _tabulate_assumed(source)]
    sensitivity = _tabulate_sensitivity(source)
    if sensitivity is not None:
        items += [Subheading("What this number can find"), sensitivity]
    return Section("participants", "Participants and sample size", tuple(items))


def make_design(assumption: PowerAssumption) -> Design:
    """Return the test that an assumed effect is about."""
    if assumption.test == "groups":
        return GroupsDesign(ratio=assumption.ratio)
    if assumption.test == "within":
        return WithinDesign()
    if assumption.test == "correlation":
        return CorrelationDesign()
    if assumption.test == "regression":
        return RegressionDesign(assumption.predictors or 1, assumption.tested_predictors)
    return RepeatedDesign(
        measurements=assumption.measurements or 2,
        groups=assumption.groups,
        tested=assumption.tested or "within",
        correlation=assumption.correlation,
        epsilon=assumption.epsilon,
        multivariate=assumption.multivariate,
    )


def _tabulate_assumed(source: PlanSource) -> ReportTable:
    planned = source.study.participants.planned
    rows = [_compute_assumed(assumption, planned) for assumption in source.study.participants.power]
    schema = {
        "effect": pl.String, "test": pl.String, "alpha": pl.Float64, "wanted": pl.Float64, "needed": pl.Int64,
        "planned": pl.Int64, "reached": pl.Float64, "because": pl.String,
    }  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    columns = (
        TableColumn("effect", "Effect"),
        TableColumn("test", "Test", wide=True),
        TableColumn("alpha", Markup("<i>α</i>"), _write_level, "number"),
        TableColumn("wanted", "Power wanted", format_bounded, "number"),
        TableColumn("needed", "People needed", format_count, "number"),
        *([TableColumn("reached", "Power as planned", _write_power, "number")] if planned is not None else []),
        *([TableColumn("because", "Where the effect comes from", wide=True)] if frame["because"].count() else []),
    )
    lost = any(assumption.losses for assumption in source.study.participants.power)
    note = "Computed from the noncentral F distribution (correlations: exact), as G*Power 3.1 does."
    note += " People needed are those who take part, expected losses included." if lost else ""
    return ReportTable("power", "Power for the effects that the study is meant to find", frame, columns, note=note)


def _compute_assumed(assumption: PowerAssumption, planned: int | None) -> tuple[object, ...]:
    design = make_design(assumption)
    found = find_people(design, effect=assumption.effect, power=assumption.power, alpha=assumption.alpha)
    kept = 1 - assumption.losses
    needed = -int(-(found.n / kept) // 1)
    reached = None
    if planned is not None and planned * kept >= design.smallest:
        people = int(planned * kept + 1e-9)
        power = estimate_power(design, people=people, effect=assumption.effect, alpha=assumption.alpha)
        reached = power.estimate
    name = f"{design.effect_name} = {assumption.effect:g}"
    about = f"{design.description} ({assumption.analysis})" if assumption.analysis else design.description
    return (
        name, about, assumption.alpha, assumption.power, needed, planned, reached, assumption.because
    )  # fmt: skip


def _write_power(power: float | None) -> str:
    return "> .99" if power is not None and power > HIGHEST_POWER else format_bounded(power)


def _write_level(alpha: float | None) -> str:
    return "–" if alpha is None else f"{alpha:.4g}".replace("0.", ".", 1)


def find_design(analysis: Analysis) -> Design | None:
    """Return the design whose power stands for a planned test, or None where only simulation tells.

    Rank tests take that of the t test in whose place they stand; robust errors that of ordinary ones.
    """
    if analysis.method == "equivalence":
        return None
    if analysis.model in {"two_groups", "rank_groups"}:
        return GroupsDesign()
    if analysis.model in {"one_sample", "paired"}:
        return WithinDesign()
    if analysis.model == "correlation":
        return CorrelationDesign()
    if analysis.model == "moderation":
        covariates = sum(predictor.kind == "covariate" for predictor in analysis.predictors)
        return RegressionDesign(3 + covariates, 1)
    if analysis.model == "regression" and analysis.method not in {"fractional_logit", "two_part", "cluster"}:
        features = any(predictor.kind in {"features", "within"} for predictor in analysis.predictors)
        return None if features or not analysis.predictors else RegressionDesign(len(analysis.predictors), 1)
    if analysis.model == "ancova" and sum(p.kind in {"treatment", "trait"} for p in analysis.predictors) == 1:
        return RegressionDesign(len(analysis.predictors), 1)
    return None


def _tabulate_sensitivity(source: PlanSource) -> ReportTable | None:
    planned = source.study.participants.planned
    decisive = [analysis for analysis in source.study.analyses if analysis.standing == "confirmatory"]
    if planned is None or not decisive:
        return None
    rows = list(_compute_sensitivity(decisive, planned))
    schema = {
        "analysis": pl.String,
        "test": pl.String,
        "alpha": pl.Float64,
        "effect": pl.String,
        "corrected": pl.String,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    columns = (
        TableColumn("analysis", "Analysis"),
        TableColumn("test", "Test", wide=True),
        TableColumn("alpha", Markup("<i>α</i>"), _write_level, "number"),
        TableColumn("effect", "Smallest effect found", align="number"),
        TableColumn("corrected", "at the strictest step", align="number"),
    )
    note = (
        f"With a power of .80 and all {planned} participants analysed, in groups of one size. At the strictest step α "
        "is divided by the analyses of the family, as Holm asks of the smallest p; tests for each signal divide it on."
    )
    return ReportTable("sensitivity", f"Smallest effects that {planned} participants find", frame, columns, note=note)


def _compute_sensitivity(decisive: list[Analysis], planned: int) -> Iterator[tuple[object, ...]]:
    for analysis in decisive:
        design = find_design(analysis)
        family = sum(other.effective_family == analysis.effective_family for other in decisive)
        if design is None or planned < design.smallest:
            reason = NO_FORMULA if design is None else "too few participants for this test"
            yield analysis.id, reason, analysis.alpha, None, None
            continue
        effects = []
        for alpha in (analysis.alpha, analysis.alpha / family):
            found = find_detectable_effect(design, people=planned, power=POWER, alpha=alpha)
            if design.effect_name in {"r", "f2"}:
                written = format_bounded(found.estimate, decimals=3 if design.effect_name == "f2" else 2)
            else:
                written = format_number(found.estimate)
            effects.append(f"{design.effect_name} = {written}")
        yield analysis.id, design.description, analysis.alpha, effects[0], effects[1] if family > 1 else None
