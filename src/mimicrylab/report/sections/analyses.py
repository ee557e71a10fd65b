"""Planned analyses: every question of the plan with its answer, table, checks, and what must be said about it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from markupsafe import Markup

from mimicrylab.report.answers.checks import make_checks
from mimicrylab.report.answers.joint import join_analyses
from mimicrylab.report.answers.naming import collect_vocabulary
from mimicrylab.report.answers.questions import ask
from mimicrylab.report.answers.setting import Setting
from mimicrylab.report.answers.statements import is_alone
from mimicrylab.report.answers.tables import make_tables
from mimicrylab.report.answers.twins import find_twin, make_twin_table
from mimicrylab.report.answers.verdict import list_answers
from mimicrylab.report.answers.write import write_answers
from mimicrylab.report.content import Answer, Code, Item, Listing, Notice, Prose, Section, Subheading
from mimicrylab.report.figures.analyses import draw_analysis
from mimicrylab.report.source import RESULTS_FOLDER, ReportSource
from mimicrylab.report.tables import ReportTable
from mimicrylab.report.units import explain_units
from mimicrylab.report.wording import close_percent, count_noun, join_words
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.results import AnalysisResult

TITLE = "Planned analyses"
ANCHOR = "planned-analyses"
NOT_RUN = Markup(
    "The plan of {} has not been run on these data: <code>mimicrylab analyse</code> does it, and <code>mimicrylab "
    "run</code> with everything else that is left to do."
)
PERMUTED = (
    "Permuted labels: the study is blinded, and who is in which arm is random here. Every number that compares arms, "
    "here and in the overview, is a dry run and says nothing about the treatment. Do not report it."
)
MARK_PERMUTED = "permuted labels"
STATES = {"refused": "Refused", "not possible": "Not possible with these data"}


def build_analyses(source: ReportSource) -> Section | None:
    """Return the planned analyses by hypothesis, the confirmatory first; None where nothing is planned."""
    if not source.results:
        if not source.study.analyses:
            return None
        many = count_noun(len(source.study.analyses), "analysis", "analyses")
        return Section(ANCHOR, TITLE, (Notice(NOT_RUN.format(many), kind="missing"),))
    settings = {result.analysis.id: Setting(result, collect_vocabulary(source.study)) for result in source.results}
    items: list[Item] = []
    if any(result.labels == "permuted" for result in source.results):
        items.append(Notice(Markup.escape(PERMUTED), kind="alarm"))
    items.append(Prose(_introduce(source.results)))
    if source.plan_notes:
        items.append(Listing(tuple(Markup.escape(_end_sentence(note)) for note in source.plan_notes), quiet=True))
    for hypothesis in order_hypotheses(source):
        own = [one for one in settings.values() if one.analysis.hypothesis == hypothesis]
        items += _show_hypothesis(hypothesis, own, settings, source)
    estimates = [one for result in source.results for one in (*result.estimates, *result.checks)]
    return Section(ANCHOR, TITLE, tuple(items), tuple(_name_all(source.results, estimates)))


def order_hypotheses(source: ReportSource) -> list[str]:
    """Return the hypotheses that have an analysis, in the order in which study.yaml declares them."""
    named = dict.fromkeys(result.analysis.hypothesis for result in source.results)
    declared = [name for name in source.study.hypotheses if name in named]
    return [*declared, *(name for name in named if name not in declared)]


def _name_all(results: Sequence[AnalysisResult], estimates: Sequence[Estimate]) -> Sequence[Estimate]:
    """Return the estimates for results.json: none of a dry run, so that nobody takes it for a finding."""
    permuted = {result.analysis.id for result in results if result.labels == "permuted"}
    return [one for one in estimates if one.analysis not in permuted]


def _introduce(results: Sequence[AnalysisResult]) -> Markup:
    confirmatory = [one for one in results if one.analysis.standing == "confirmatory"]
    families = list(dict.fromkeys(one.analysis.effective_family for one in confirmatory))
    published = sum(one.analysis.as_published for one in results)
    undone = sum(one.state != "done" for one in results)
    parts = [
        f"{count_noun(len(results), 'analysis', 'analyses')} were planned, {len(confirmatory)} of them confirmatory"
        + (f" ({name_families(families)})." if families else "."),
        "Words follow the corrected p of a family. What is not significant is called “not shown”: the interval says "
        "what it excludes.",
    ]
    if published:
        parts.append(
            f"{published} repeat the choice of a published study; they are marked, and the sound version decides."
        )
    if undone:
        verb = "was" if undone == 1 else "were"
        parts.append(f"{undone} {verb} not done; the reason stands in its place.")
    return Markup(str(Markup.escape(" ".join(parts))).replace("corrected p ", "corrected <i>p</i> "))


def name_families(families: Sequence[str]) -> str:
    """Return the families in words.

    Examples
    --------
    >>> name_families(["demographics", "H2"])
    'families demographics and H2, each corrected by itself'
    """
    if len(families) == 1:
        return f"family {families[0]}"
    return f"families {join_words(families)}, each corrected by itself"


def _show_hypothesis(
    hypothesis: str, own: Sequence[Setting], settings: Mapping[str, Setting], source: ReportSource
) -> Iterator[Item]:
    says = source.study.hypotheses.get(hypothesis, "")
    first = [one for one in own if one.analysis.standing == "confirmatory"]
    rest = [one for one in own if one.analysis.standing == "exploratory"]
    yield Subheading(f"{hypothesis}: {says}" if says else hypothesis, anchor=f"hypothesis-{hypothesis}")
    joint = join_analyses(own)
    yield from joint
    joined = {name for table in joint for name in table.frame["analysis"]}
    for one in first:
        yield from show_analysis(one, settings, joined=joined, congruent=source.congruent, folder=source.results_folder)
    if rest:
        lead = "Exploratory" if first else "All exploratory"
        yield Prose(Markup("<strong>{}.</strong> The following suggest; they do not decide.").format(lead))
        for one in rest:
            yield from show_analysis(
                one, settings, joined=joined, congruent=source.congruent, folder=source.results_folder
            )


def show_analysis(
    setting: Setting,
    settings: Mapping[str, Setting],
    *,
    joined: Collection[str] = (),
    congruent: Mapping[str, Sequence[str]] | None = None,
    folder: str = RESULTS_FOLDER,
) -> Iterator[Item]:
    """Yield one analysis: question, answer, figures, tables, checks, notes, data and code.

    ``joined`` are the analyses that stand in a table with others already; ``congruent`` is emotion -> action units
    that count as mimicry of it; ``folder`` is where the results lie, seen from beside the report's folder.
    """
    result, analysis = setting.result, setting.analysis
    permuted = result.labels == "permuted"
    marks = [analysis.id, analysis.standing]
    marks += ["as published"] if analysis.as_published else []
    marks += [MARK_PERMUTED] if permuted else []
    yield Subheading(ask(setting), level=4, anchor=f"analysis-{analysis.id}", marks=tuple(marks))
    if analysis.note:
        yield Prose(Markup("<span class=detail>{}</span>").format(analysis.note))
    if result.published:
        yield Notice(_describe_published(setting, settings))
    if result.state != "done":
        yield Notice(
            Markup("<strong>{}.</strong> {}").format(STATES[result.state], close_percent(result.reason or "")),
            kind="missing",
        )
        return
    sentences = write_answers(setting)
    if sentences:
        yield Answer(sentences, _describe_method(setting))
    if not _has_same_data(setting, settings):
        yield from draw_analysis(result, setting.words, congruent=congruent)
    twin = make_twin_table(setting, settings)
    yield from (table for table in make_tables(setting) if not _is_shown_elsewhere(table, joined, twin))
    if twin is not None:
        yield twin
    checks = make_checks(setting)
    if checks is not None:
        yield checks
    notes = list_notes(result)
    if notes:
        yield Listing(tuple(Markup.escape(note) for note in notes), quiet=True)
    yield _show_code(result, folder)


def _has_same_data(setting: Setting, settings: Mapping[str, Setting]) -> bool:
    """Return whether the sound version of a published choice has the very same table, whose figures stand there."""
    twin = find_twin(setting.analysis, [one.analysis for one in settings.values()])
    return twin is not None and settings[twin.id].result.data.equals(setting.result.data)


def _is_shown_elsewhere(table: ReportTable, joined: Collection[str], twin: ReportTable | None) -> bool:
    """Return whether a table of one test (or one prediction) says nothing that another does not."""
    identity = table.frame["analysis"][0] if "analysis" in table.frame.columns else ""
    prediction = "mean absolute error" in table.frame["term"].fill_null("").to_list()
    return (table.frame.height == 1 or prediction) and (identity in joined or twin is not None)


def _describe_published(setting: Setting, settings: Mapping[str, Setting]) -> Markup:
    text = Markup("<strong>As published.</strong> {}").format(setting.result.published or "")
    twin = find_twin(setting.analysis, [one.analysis for one in settings.values()])
    if twin is None:
        return text
    return text + Markup(' The sound version: <a href="#analysis-{}">{}</a>.').format(twin.id, twin.id)


def _describe_method(setting: Setting) -> Markup:
    """Return method, level, family and who is left out, as small print."""
    analysis, result = setting.analysis, setting.result
    methods = list(dict.fromkeys(one.method.partition(";")[0] for one in result.estimates if one.method))
    parts = [Markup.escape(methods[0][:1].upper() + methods[0][1:])] if methods else []
    families = [one.family for one in list_answers(result) if one.family and not is_alone(one)]
    if families:
        parts.append(Markup("family {}").format(families[0]))
    if any(one.p is not None for one in result.estimates):
        parts.append(Markup("α = {}").format(f"{analysis.alpha:g}".lstrip("0")))
    units = explain_units(dict.fromkeys(setting.find_unit(one) for one in result.estimates))
    if units:
        parts.append(Markup.escape(units.rstrip(".").replace("Units: ", "unit ")))
    if analysis.exclusions:
        parts.append(Markup("left out: {}").format("; ".join(analysis.exclusions)))
    seeds = sorted({one.seed for one in result.estimates if one.seed is not None})
    if seeds:
        parts.append(Markup("seed {}").format(", ".join(str(seed) for seed in seeds)))
    return Markup("; ").join(parts) + Markup(".")


def list_notes(result: AnalysisResult) -> list[str]:
    """Return the notes of a result and the warnings of its estimates, each once, as sentences."""
    warnings = [warning for one in result.estimates for warning in one.warnings]
    found = list(dict.fromkeys([*result.notes, *warnings]))
    return [_end_sentence(close_percent(note)) for note in found]


def _end_sentence(text: str) -> str:
    whole = text[:1].upper() + text[1:]
    return whole if whole.endswith((".", "!", "?")) else f"{whole}."


def _show_code(result: AnalysisResult, folder: str) -> Code:
    identity = result.analysis.id
    path = f"{folder}{identity}/data.csv"
    rows = Markup('The table that the model saw ({}): <a href="../{}">{}</a>, a column each: {}.').format(
        count_noun(result.data.height, "row"), path, path, _describe_columns(result)
    )
    if not result.r_code:
        return Code("Data", rows + Markup(" R has no counterpart that would give the same numbers."))
    return Code("Data and R code", rows, result.r_code)


def _describe_columns(result: AnalysisResult) -> str:
    features = [name for name, role in result.roles.items() if role == "feature"]
    named = [f"{name} ({role})" for name, role in result.roles.items() if role != "feature"]
    if len(features) > 3:
        return join_words([*named, f"{len(features)} features"])
    return join_words([*named, *(f"{name} (feature)" for name in features)]) or "the outcome"
