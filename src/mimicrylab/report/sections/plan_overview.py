"""All planned tests at a glance: one line a test, with its verdict, leading to where it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
from markupsafe import Markup

from mimicrylab.report.answers.associations import name_coefficient, write_coefficient, write_slope_numbers
from mimicrylab.report.answers.checks import write_markup
from mimicrylab.report.answers.naming import collect_vocabulary, name_label
from mimicrylab.report.answers.questions import tell_verdict
from mimicrylab.report.answers.setting import Setting
from mimicrylab.report.answers.statements import Writer, is_alone, write_numbers
from mimicrylab.report.answers.symbols import CORRELATIONS, MULTIVARIATE_SYMBOLS, find_effect_symbol
from mimicrylab.report.answers.verdict import count_shown, judge, list_answers
from mimicrylab.report.answers.write import find_sentence
from mimicrylab.report.content import Item, Notice, Prose, Section
from mimicrylab.report.sections.analyses import ANCHOR as ANALYSES
from mimicrylab.report.sections.analyses import PERMUTED, order_hypotheses
from mimicrylab.report.source import ReportSource
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.units import explain_units
from mimicrylab.report.wording import MISSING, format_bounded, format_count, format_number, format_p, join_words
from mimicrylab.stats.estimates import Estimate

ANCHOR = "planned-tests"
TITLE = "Answers of the plan"
DRY_RUN = "permuted labels"
"""Instead of a verdict where arms are random."""
SHARE_OF_VARIANCE, CRAMER = "share of variance", "Cramer's V"
"""Units of estimates that are effect sizes themselves."""
MOST_ROWS = 6
"""An analysis with more tests is one line here."""
SCHEMA = {
    "analysis": pl.String,
    "hypothesis": pl.String,
    "test": pl.String,
    "anchor": pl.String,
    "estimate": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "ci_level": pl.Float64,
    "written": pl.String,
    "p": pl.Float64,
    "p_adjusted": pl.Float64,
    "effect_name": pl.String,
    "effect": pl.Float64,
    "effect_written": pl.String,
    "n": pl.Int64,
    "verdict": pl.String,
    "shown": pl.Boolean,
}


def build_plan_overview(source: ReportSource) -> Section | None:
    """Return the tables of all planned tests, confirmatory and exploratory apart; None where the plan was not run."""
    if not source.results:
        return None
    words = collect_vocabulary(source.study)
    settings = [Setting(result, words) for result in source.results]
    items: list[Item] = []
    if any(result.labels == "permuted" for result in source.results):
        items.append(Notice(Markup.escape(PERMUTED), kind="alarm"))
    for standing in ("confirmatory", "exploratory"):
        own = [one for one in settings if one.analysis.standing == standing]
        if own:
            items.append(_make_table(own, standing, source))
        elif standing == "confirmatory":
            items.append(Prose(Markup("No confirmatory test is planned: nothing here decides a hypothesis.")))
    return Section(ANCHOR, TITLE, tuple(items))


def _make_table(settings: Sequence[Setting], standing: str, source: ReportSource) -> ReportTable:
    rows = [row for setting in settings for row in describe_tests(setting)]
    order = {name: place for place, name in enumerate(order_hypotheses(source))}
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row").sort(
        pl.col("hypothesis").replace_strict(order, return_dtype=pl.Int64), maintain_order=True
    )
    named = pl.col("hypothesis").replace_strict(
        {name: _name_hypothesis(name, source) for name in frame["hypothesis"].unique()}, return_dtype=pl.String
    )
    frame = frame.with_columns(named)
    columns = [
        TableColumn("test", "Test", link="anchor"),
        TableColumn("written", "Estimate [CI]", write_markup, "number"),
        TableColumn("p", Markup("<i>p</i>"), _write_p, "number"),
        TableColumn("p_adjusted", Markup("<i>p</i><sub>corr.</sub>"), _write_p, "number"),
        TableColumn("effect_written", "Effect", write_markup, "number"),
        TableColumn("n", Markup("<i>n</i>"), format_count, "number"),
        TableColumn("verdict", "Verdict", emphasis="shown"),
    ]
    if frame["p_adjusted"].is_null().all():
        columns = [column for column in columns if column.name != "p_adjusted"]
    decides = "decide" if standing == "confirmatory" else "suggest, they do not decide"
    note = Markup(
        "{} tests {}. The verdict follows the corrected <i>p</i> where there is one. “Not shown” does not mean: not "
        'there; <a href="#{}">the answers</a> say what each interval excludes.'
    ).format(standing.capitalize(), decides, ANALYSES)
    note += _tell_levels(frame) + _tell_rows(settings)
    units = explain_units(dict.fromkeys(setting.find_unit(one) for setting in settings for one in _list_tests(setting)))
    note += Markup(" {}").format(units) if units else ""
    title = f"All {standing} tests"
    return ReportTable(f"plan-{standing}", title, frame, tuple(columns), "hypothesis", note, standing != "confirmatory")


def _tell_levels(frame: pl.DataFrame) -> Markup:
    """Return the level of the intervals; where there are several, of which analyses each is.

    An interval of 95% says the same as a test at .05, and one of 99% the same as a test at .01.
    """
    given = frame.filter(
        pl.col("ci_level").is_not_null(), pl.col("ci_low").is_not_null() | pl.col("ci_high").is_not_null()
    )
    levels: dict[float, list[str]] = {}
    for level, analysis in given.select("ci_level", "analysis").unique(maintain_order=True).iter_rows():
        levels.setdefault(round(level, 6), []).append(name_label(analysis))
    if not levels:
        return Markup("")
    usual = max(levels, key=lambda level: len(levels[level]))
    others = [
        f"of {100 * level:.4g}% for {join_words(names)}" for level, names in sorted(levels.items()) if level != usual
    ]
    apart = f", {', '.join(others)}: the interval says the same as its test" if others else ""
    return Markup.escape(f" Intervals are of {100 * usual:.4g}%{apart}.")


def _tell_rows(settings: Sequence[Setting]) -> Markup:
    """Return which analyses count rows of one person as people, as a published study did."""
    counting = [name_label(setting.analysis.id) for setting in settings if _counts_rows(setting)]
    if not counting:
        return Markup("")
    return Markup(" <i>n</i> counts rows, not people, in {}.").format(join_words(counting))


def _counts_rows(setting: Setting) -> bool:
    """Return whether an estimate has more ``n`` than the table that it was computed from has people."""
    result = setting.result
    person = next((column for column, role in result.roles.items() if role == "person"), None)
    if person is None or person not in result.data.columns:
        return False
    return max((one.n for one in _list_tests(setting)), default=0) > result.data[person].n_unique()


def _name_hypothesis(name: str, source: ReportSource) -> str:
    says = source.study.hypotheses.get(name)
    return f"{name}: {says}" if says else name


def _write_p(p: float | None) -> str:
    return MISSING if p is None else format_p(p)


def describe_tests(setting: Setting) -> Iterator[dict[str, object]]:
    """Yield the rows of one analysis: a row a test of a few, one row for many, one where it was not done."""
    result, analysis = setting.result, setting.analysis
    base: dict[str, object] = {
        "analysis": analysis.id,
        "hypothesis": analysis.hypothesis,
        "test": name_label(analysis.id),
        "anchor": f"analysis-{analysis.id}",
        "shown": False,
    }
    permuted = result.labels == "permuted"
    if result.state != "done":
        yield {**base, "verdict": result.state}
        return
    answers = _list_tests(setting)
    if analysis.model == "description" or not answers:
        yield {**base, "verdict": "described", "n": max((one.n for one in result.estimates), default=None)}
        return
    if len(answers) > MOST_ROWS:
        yield {**base, **_describe_many(answers, setting), "verdict": DRY_RUN if permuted else _count(answers, setting)}
        return
    for place, one in enumerate(answers):
        name = _name_test(one, setting, first=place == 0)
        verdict = DRY_RUN if permuted else tell_verdict(one, setting)
        shown = judge(one, analysis).is_shown and not permuted
        yield {**base, **_describe_one(one, setting), "test": name, "verdict": verdict, "shown": shown}


def _name_test(estimate: Estimate, setting: Setting, *, first: bool) -> str:
    """Return the analysis with its cell; the second and later cells of one analysis stand below it, alone."""
    labels, term = setting.split(estimate)
    several = len(setting.result.tests) > 1
    cell = name_label(", ".join(labels)) or (name_coefficient(term, setting) if several else "")
    name = name_label(setting.analysis.id)
    if not cell:
        return name
    return f"{name}: {cell}" if first else f"· {cell}"


def _list_tests(setting: Setting) -> list[Estimate]:
    """Return what has a line: of four multivariate tests the first, of a prediction the explained variance."""
    if setting.analysis.model == "prediction":
        return [one for one in setting.result.estimates if one.unit == SHARE_OF_VARIANCE]
    answers = list_answers(setting.result)
    return [one for one in answers if one.unit not in MULTIVARIATE_SYMBOLS or one.unit == "Wilks' lambda"]


def _count(answers: Sequence[Estimate], setting: Setting) -> str:
    tested = [one for one in answers if one.p is not None]
    return f"{count_shown(tested, setting.analysis)} of {len(tested)} shown" if tested else "described"


def _describe_many(answers: Sequence[Estimate], setting: Setting) -> dict[str, object]:
    tested = [one for one in answers if one.p is not None]
    smallest = min((one.p for one in tested if one.p is not None), default=None)
    corrected = min((one.p_adjusted for one in tested if one.p_adjusted is not None), default=None)
    return {
        "test": f"{name_label(setting.analysis.id)}: {len(answers)} tests, the smallest p",
        "p": smallest,
        "p_adjusted": corrected,
        "n": max(one.n for one in answers),
        "shown": count_shown(answers, setting.analysis) > 0 and setting.result.labels != "permuted",
    }


def _describe_one(estimate: Estimate, setting: Setting) -> dict[str, object]:
    effect = estimate.effect_size
    slope = find_sentence(estimate, setting) is write_coefficient
    write = write_slope_numbers(estimate) if slope else write_numbers(estimate)
    written = MISSING
    if estimate.estimate is not None:
        interval = (
            "" if estimate.ci_low is None and estimate.ci_high is None else " " + _write_interval(estimate, write)
        )
        before = _find_symbol(estimate.unit)
        written = f"{before}{write(estimate.estimate)}{interval}"
    effect_written = MISSING
    named = estimate.unit in (*CORRELATIONS, SHARE_OF_VARIANCE, CRAMER)
    if effect is not None and effect.value is not None and not named:
        symbol = find_effect_symbol(effect.name)
        size = format_bounded(effect.value) if symbol.bounded else format_number(effect.value)
        effect_written = f"{symbol.html.striptags()} = {size}"
    return {
        "estimate": estimate.estimate,
        "ci_low": estimate.ci_low,
        "ci_high": estimate.ci_high,
        "ci_level": estimate.ci_level,
        "written": written,
        "p": estimate.p,
        "p_adjusted": None if is_alone(estimate) else estimate.p_adjusted,
        "effect_name": effect.name if effect else None,
        "effect": effect.value if effect else None,
        "effect_written": effect_written,
        "n": estimate.n,
    }


def _find_symbol(unit: str) -> str:
    """Return what stands before a number that is neither a difference nor a slope: ``r = ``, ``Wilks's Λ = ``."""
    if unit in MULTIVARIATE_SYMBOLS:
        return f"{MULTIVARIATE_SYMBOLS[unit].striptags()} = "
    if unit == SHARE_OF_VARIANCE:
        return "R2 = "
    return f"{find_effect_symbol(unit).html.striptags()} = " if unit in (*CORRELATIONS, CRAMER) else ""


def _write_interval(estimate: Estimate, write: Writer) -> str:
    low = "−∞" if estimate.ci_low is None else write(estimate.ci_low)
    high = "∞" if estimate.ci_high is None else write(estimate.ci_high)
    return f"[{low}, {high}]"
