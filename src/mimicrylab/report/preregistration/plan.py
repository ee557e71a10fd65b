"""Which analyses decide, which suggest, by which model; families, the multiverse, blinding, deviations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
from markupsafe import Markup

from mimicrylab.protocol.analyses import Analysis, Outcome, Predictor
from mimicrylab.protocol.multiverse import Multiverse
from mimicrylab.protocol.plan_shapes import METHODS
from mimicrylab.report.answers.naming import Vocabulary, collect_vocabulary, name_predictor
from mimicrylab.report.answers.questions import ask
from mimicrylab.report.answers.setting import Setting
from mimicrylab.report.content import Item, Listing, Notice, Prose, Section, Subheading
from mimicrylab.report.preregistration.measurement import describe_baseline
from mimicrylab.report.preregistration.source import PlanSource
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import count_noun, join_words
from mimicrylab.stats.plan.results import AnalysisResult

MODELS = {
    "one_sample": "one-sample test of a mean against {against}",
    "two_groups": "two groups of different people",
    "rank_groups": "two groups of different people, by ranks",
    "paired": "two conditions of the same people",
    "correlation": "correlation with a trait",
    "regression": "regression",
    "multivariate_regression": "multivariate regression (all outcomes at once)",
    "ancova": "analysis of covariance",
    "moderation": "regression with a product; simple slopes at −1 and +1 SD, Johnson-Neyman bounds",
    "repeated": "analysis of variance with repeated measures, Greenhouse-Geisser correction",
    "mixed": "linear mixed model (REML), Satterthwaite's df",
    "prediction": "prediction of people who were left out",
    "survival": "time until a movement starts, censored where none does",
    "frequencies": "frequencies of an answer in groups",
    "description": "description without a test",
}
METHOD_WORDS = {
    "welch": "Welch's t test",
    "student": "Student's t test, pooled variance",
    "mann_whitney": "Mann-Whitney U test",
    "permutation": "permutation test over people",
    "t": "t test",
    "wilcoxon": "Wilcoxon's signed-rank test",
    "sign_flip": "sign-flip test over people",
    "equivalence": "two one-sided tests of equivalence",
    "pearson": "Pearson's correlation",
    "spearman": "Spearman's rank correlation",
    "kendall": "Kendall's rank correlation",
    "hc3": "ordinary least squares with HC3 standard errors",
    "ols": "ordinary least squares with ordinary standard errors",
    "cluster": "ordinary least squares with standard errors clustered by person",
    "fractional_logit": "fractional logit",
    "two_part": "two-part model (any movement, then how much)",
    "linear": "linear regression",
    "ridge": "ridge regression",
    "elastic_net": "elastic net",
    "kaplan_meier": "Kaplan-Meier curves and log-rank test",
    "cox": "Cox regression with errors clustered by person",
    "chi_square": "chi-square test, by permutation where counts are small",
    "fisher": "Fisher's exact test",
}
ALTERNATIVES = {
    "measures": "measures",
    "windows": "windows",
    "baselines": "baselines",
    "thresholds": "thresholds of presence",
    "neutral": "neutral among the incongruent emotions",
    "maximum_grades": "highest grade of recordings kept",
    "minimum_valid": "least share of valid frames of a trial",
}
PERMUTED = (
    "As long as the list of kits is sealed, analyses run on randomly permuted arms, and every result says that it is a "
    "dry run. The list is opened once, after exclusions are final; who opened it, and when, stands in the study's log."
)
DECIDE = (
    "These analyses decide. Tests are two-sided. Tests of one family are corrected together, and the corrected p is "
    "compared with α; both p are reported, with effect sizes and intervals. What is not significant is reported as not "
    "shown, never as no effect."
)
OVER_CHOICES = (
    "Each of these analyses is repeated with every combination of its declared choices and the alternatives below. All "
    "specifications are shown, in the order of their effects; whether they together are more than chance is one joint "
    "test by permutation. Frozen here, it is part of the plan; the declared analysis decides all the same."
)
MISSING_DATA = (
    "Models use everybody who has the values that they need; how many those are stands with each result. Nothing is "
    "imputed; scores of questionnaires only as stated above. Losses are compared between groups and emotions."
)
DEVIATIONS = (
    "The plan is frozen with the hash above. The report compares the study with it setting by setting and lists every "
    "difference; a changed plan can be frozen again, and older versions are kept beside it."
)
CORRECTIONS = {"holm": "Holm (family-wise error)", "bh": "Benjamini-Hochberg (false discovery rate)"}


def describe_confirmatory(source: PlanSource) -> Section:
    """Return the families of tests that decide, and each of their analyses with its exact model."""
    chosen = [analysis for analysis in source.study.analyses if analysis.standing == "confirmatory"]
    items: list[Item] = [Prose(Markup.escape(DECIDE))]
    if chosen:
        items.append(_tabulate_families(chosen))
        items += _show_analyses(chosen, collect_vocabulary(source.study))
    else:
        items = [Notice(Markup.escape("No analysis is declared as confirmatory."), kind="missing")]
    return Section("confirmatory", "Confirmatory analyses", tuple(items))


def describe_exploratory(source: PlanSource) -> Section | None:
    """Return the planned analyses that suggest and do not decide; None where there are none."""
    chosen = [analysis for analysis in source.study.analyses if analysis.standing == "exploratory"]
    if not chosen:
        return None
    text = "These analyses are planned, and suggest; they do not decide. Whatever is not listed here is not planned."
    items = [Prose(Markup.escape(text)), *_show_analyses(chosen, collect_vocabulary(source.study))]
    return Section("exploratory", "Exploratory analyses", tuple(items))


def describe_multiverse(source: PlanSource) -> Section | None:
    """Return which analyses are repeated over which choices; None where none is."""
    if not source.study.multiverse:
        return None
    prose = Prose(Markup.escape(OVER_CHOICES))
    listed = tuple(_describe_multiverse(one) for one in source.study.multiverse)
    return Section("multiverse", "Multiverse", (prose, Listing(listed)))


def describe_conduct(source: PlanSource) -> Section:
    """Return blinding during the analysis, missing data, and how deviations are told."""
    study = source.study
    items: list[Item] = []
    if study.assignment is not None and study.assignment.blinding != "none":
        items.append(Prose(Markup("<strong>Blinded analysis.</strong> {}").format(PERMUTED)))
    items += [
        Prose(Markup("<strong>Missing data.</strong> {}").format(MISSING_DATA)),
        Prose(Markup("<strong>Deviations.</strong> {}").format(DEVIATIONS)),
    ]
    return Section("conduct", "Blinding, missing data, deviations", tuple(items))


def _tabulate_families(analyses: Sequence[Analysis]) -> ReportTable:
    families = dict.fromkeys(analysis.effective_family for analysis in analyses)
    rows = []
    for family in families:
        own = [analysis for analysis in analyses if analysis.effective_family == family]
        levels = dict.fromkeys(f"{analysis.alpha:g}".replace("0.", ".", 1) for analysis in own)
        rows.append(
            (family, ", ".join(analysis.id for analysis in own), CORRECTIONS[own[0].correction], ", ".join(levels))
        )
    names = ("family", "analyses", "correction", "alpha")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    columns = (
        TableColumn("family", "Family"),
        TableColumn("analyses", "Analyses", wide=True),
        TableColumn("correction", "Correction"),
        TableColumn("alpha", Markup("<i>α</i>"), align="number"),
    )
    return ReportTable("families", "Families of confirmatory tests", frame, columns)


def _show_analyses(analyses: Sequence[Analysis], words: Vocabulary) -> Iterator[Item]:
    for hypothesis in dict.fromkeys(analysis.hypothesis for analysis in analyses):
        own = [analysis for analysis in analyses if analysis.hypothesis == hypothesis]
        says = words.hypotheses.get(hypothesis, "")
        yield Subheading(f"{hypothesis}: {says}" if says else hypothesis)
        for analysis in own:
            marks = ("as published",) if analysis.as_published else ()
            yield Subheading(analysis.id, level=4, marks=marks)
            yield Prose(Markup.escape(ask(Setting(AnalysisResult(analysis), words))))
            yield Listing(tuple(_list_points(analysis, words)))


def _list_points(analysis: Analysis, words: Vocabulary) -> Iterator[Markup]:
    yield _point("Model", _describe_model(analysis))
    if analysis.model != "description":
        yield _point("Formula", write_formula(analysis), code=True)
    about = _describe_outcome(analysis.outcome)
    if about:
        yield _point("Outcome", about)
    for predictor in analysis.predictors:
        detail = _describe_predictor(predictor)
        if detail:
            yield _point(f"{predictor.kind.capitalize()} {name_predictor(predictor, words)}", detail)
    if analysis.groups:
        yield _point("Groups", join_words([name.replace("_", " ") for name in analysis.groups]))
    for contrast in analysis.contrasts:
        weights = ", ".join(f"{name} {weight:+g}" for name, weight in contrast.weights.items())
        yield _point(f"Contrast “{contrast.name.replace('_', ' ')}”", weights)
    if analysis.blocks:
        yield _point("Blocks", join_words([name.replace("_", " ") for name in analysis.blocks]))
    for exclusion in analysis.exclusions:
        yield _point("Left out", exclusion)
    alpha = f"α = {analysis.alpha:g}".replace("0.", ".", 1)
    yield _point(
        "Level", f"{alpha}; family {analysis.effective_family}" if analysis.standing == "confirmatory" else alpha
    )
    if analysis.as_published:
        yield _point("As published", "repeats a published study's choice; the report names what the default would be")
    if analysis.note:
        yield _point("Note", analysis.note.rstrip("."))


def _point(label: str, text: str, *, code: bool = False) -> Markup:
    if code:
        return Markup("<strong>{}:</strong> <code>{}</code>").format(label, text)
    return Markup("<strong>{}:</strong> {}{}").format(label, text, "" if text.endswith((".", "?", "!")) else ".")


def _describe_model(analysis: Analysis) -> str:
    model = MODELS[analysis.model].format(against=f"{analysis.compared_with:g}")
    choices = METHODS[analysis.model]
    stacked = analysis.model == "regression" and any(p.kind == "within" for p in analysis.predictors)
    method = analysis.method or ("cluster" if stacked else choices[0] if choices else None)
    if analysis.model == "prediction" and analysis.method is None:
        words = "linear regression, ridge and elastic net, repeated nested cross-validation over people"
    else:
        words = METHOD_WORDS[method] if method is not None else ""
    parts = [model, words]
    if analysis.smallest_effect is not None:
        parts.append(f"a difference of d = {analysis.smallest_effect:g} would matter")
    if analysis.rows is not None:
        parts.append(f"a row is one of {analysis.rows}")
    if analysis.validation is not None:
        parts.append(f"judged by {analysis.validation.replace('_', ' ')}")
    if analysis.model == "mixed":
        slopes = (
            "all within-person predictors" if analysis.slopes is None else join_words(list(analysis.slopes)) or "none"
        )
        parts.append(f"random intercepts of persons and stimulus models, slopes by person of {slopes}")
    if analysis.draws is not None:
        parts.append(f"{analysis.draws} random draws")
    return "; ".join(part for part in parts if part)


def write_formula(analysis: Analysis) -> str:
    """Return the model as a formula: outcome ~ predictors, products where one changes the effect of another.

    Examples
    --------
    >>> arm = Predictor(name="treatment", kind="treatment", interacts_with=("presence",))
    >>> rest = Predictor(name="presence", kind="moderator", block="neutral")
    >>> write_formula(Analysis(id="a", hypothesis="H", model="moderation", outcome=Outcome(measure="presence"),
    ...                        predictors=(arm, rest)))
    'presence ~ treatment * presence[neutral]'
    """
    names = {predictor.name: _name_term(predictor) for predictor in analysis.predictors}
    joined: list[str] = []
    used: set[str] = set()
    for predictor in analysis.predictors:
        partners = [names[name] for name in predictor.interacts_with if name in names]
        if partners:
            joined.append(" * ".join([names[predictor.name], *partners]))
            used |= {predictor.name, *predictor.interacts_with}
    if analysis.model == "moderation" and not joined:
        joined.append(" * ".join(names.values()))
        used |= set(names)
    joined += [term for name, term in names.items() if name not in used]
    left = analysis.outcome.measure or analysis.outcome.score or ""
    return f"{left} ~ {' + '.join(joined) if joined else '1'}"


def _name_term(predictor: Predictor) -> str:
    inside = [predictor.block] if predictor.block else []
    inside += [", ".join(predictor.signals)] if predictor.signals else []
    return f"{predictor.name}[{'; '.join(inside)}]" if inside else predictor.name


def _describe_outcome(outcome: Outcome) -> str:
    parts = []
    if outcome.signals:
        parts.append(f"signals {', '.join(outcome.signals)}")
    if outcome.emotions:
        parts.append(f"shown: {join_words(list(outcome.emotions))}")
    if outcome.window:
        parts.append(f"window {outcome.window.replace('_', ' ')}")
    if outcome.baseline is not None:
        parts.append(f"baseline: {describe_baseline(outcome.baseline)}")
    if outcome.for_each:
        parts.append(f"a test of its own for each {join_words(list(outcome.for_each))}")
    return "; ".join(parts)


def _describe_predictor(predictor: Predictor) -> str:
    parts = []
    if predictor.signals:
        parts.append(f"signals {', '.join(predictor.signals)}")
    if predictor.emotions:
        parts.append(f"shown: {join_words(list(predictor.emotions))}")
    if predictor.kind == "features" and predictor.for_each != ("signal",):
        parts.append(f"a predictor for each {join_words(list(predictor.for_each))}")
    for level, answers in predictor.recode.items():
        name = level.replace("_", " ")
        parts.append(name if answers == (name,) else f"{name} is {', '.join(answers)}")
    if predictor.split_at_median is not None:
        low = predictor.split_at_median == "low_includes_median"
        parts.append(f"cut at the median, which counts as {'low' if low else 'high'}")
    return "; ".join(parts)


def _describe_multiverse(multiverse: Multiverse) -> Markup:
    parts = []
    for name, words in ALTERNATIVES.items():
        values = getattr(multiverse, name)
        if values:
            shown = [describe_baseline(each) if name == "baselines" else f"{each}".replace("_", " ") for each in values]
            parts.append(f"{words}: {', '.join(shown)}")
    expected = f"; expected: {multiverse.direction}" if multiverse.direction else ""
    note = f" {multiverse.note}" if multiverse.note else ""
    return Markup("<strong>{}.</strong> {}; {} of the joint test{}.{}").format(
        multiverse.analysis, "; ".join(parts), count_noun(multiverse.draws, "random draw"), expected, note
    )
