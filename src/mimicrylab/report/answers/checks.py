"""The table of checks beside an analysis: what was looked at, what came out, what that means. It decides nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
from markupsafe import Markup

from mimicrylab.report.answers.comparisons import explain_bayes, write_bayes
from mimicrylab.report.answers.naming import capitalise, name_label
from mimicrylab.report.answers.setting import Setting, split_term
from mimicrylab.report.answers.statements import state_effect, state_interval, state_ps, state_test
from mimicrylab.report.answers.symbols import EFFECT_SYMBOLS, choose_writer
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import MISSING, format_bounded, format_number
from mimicrylab.stats.estimates import Estimate

CHECK_LEVEL = 0.05
LOW_RELIABILITY = 0.7
"""Split halves below this limit what a correlation can show (Nunnally 1978)."""
HIGH_INFLATION = 10.0
"""Variance inflation above which a coefficient is mostly noise (Marquardt 1970)."""

INFLATED = "goes together with the other predictors: its coefficient is mostly noise"

Meaning = Callable[[Estimate], str]


@dataclass(frozen=True)
class Check:
    """A kind of check: how its term begins, its name, and what a result means."""

    beginning: str
    name: str
    mean: Meaning | None = None


def _by_p(below: str, above: str) -> Meaning:
    def mean(estimate: Estimate) -> str:
        if estimate.p is None:
            return ""
        return below if estimate.p < CHECK_LEVEL else above

    return mean


def _mean_reliability(estimate: Estimate) -> str:
    if estimate.estimate is None:
        return ""
    return "low: correlations come out too small" if estimate.estimate < LOW_RELIABILITY else "good"


def _mean_inflation(estimate: Estimate) -> str:
    if estimate.estimate is None:
        return ""
    high = estimate.estimate > HIGH_INFLATION
    return INFLATED if high else "unproblematic"


CHECKS = (
    Check("normality of residuals", "Normal residuals", _by_p("residuals depart from normal", "no departure shown")),
    Check("normality", "Normality", _by_p("departs from normal", "no departure shown")),
    Check("equal variances", "Equal variances", _by_p("spreads differ", "no difference of spreads shown")),
    Check(
        "equal spread of residuals",
        "Equal spread",
        _by_p("spread differs: only robust standard errors hold", "no unequal spread shown"),
    ),
    Check(
        "equal slopes", "Equal slopes of the covariate", _by_p("slopes differ between groups", "no difference shown")
    ),
    Check("sphericity", "Sphericity", _by_p("not given: the correction matters", "no departure shown")),
    Check("Bayes factor", "Bayes factor"),
    Check("by ranks", "The same by ranks"),
    Check("reliability", "Reliability (split halves)", _mean_reliability),
    Check("largest correlation", "Largest correlation that this reliability allows"),
    Check("variance inflation of", "Variance inflation", _mean_inflation),
    Check("largest Cook's distance", "Largest Cook's distance"),
    Check("Johnson-Neyman bound", "Johnson-Neyman bound"),
    Check("share of people whose", "Share of people beyond the bounds"),
)
"""Kinds of checks, by the first words of their term; the first that fits counts."""

CHECK_SCHEMA = {
    "check": pl.String,
    "of": pl.String,
    "value": pl.String,
    "test": pl.String,
    "meaning": pl.String,
    "estimate": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "statistic": pl.Float64,
    "df": pl.Float64,
    "df_residual": pl.Float64,
    "p": pl.Float64,
    "n": pl.Int64,
    "method": pl.String,
}


def make_checks(setting: Setting) -> ReportTable | None:
    """Return the table of checks; None where there are none."""
    checks = setting.result.checks
    if setting.result.state != "done" or not checks:
        return None
    said = {warning for one in setting.result.estimates for warning in one.warnings} | set(setting.result.notes)
    what = "correlation" if setting.analysis.model == "correlation" else "difference"
    rows = [_describe(one, said=said, what=what) for one in checks]
    frame = pl.DataFrame(rows, schema=CHECK_SCHEMA, orient="row")
    columns = [
        TableColumn("check", "Check"),
        TableColumn("of", "Of"),
        TableColumn("value", "Value", write_markup, "number"),
        TableColumn("test", "Test", write_markup),
        TableColumn("meaning", "What it says", wide=True),
    ]
    if frame["of"].is_null().all():
        columns = [column for column in columns if column.name != "of"]
    note = "Checks describe; none of them chooses the test. Methods stand in the CSV file."
    permuted = "Permuted labels, not a result: " if setting.result.labels == "permuted" else ""
    title = f"{permuted}Checks beside {name_label(setting.analysis.id)}"
    return ReportTable(f"analysis-{setting.analysis.id}-checks", title, frame, tuple(columns), note=note, fold=True)


def _describe(estimate: Estimate, *, said: set[str], what: str) -> dict[str, object]:
    """Return one check as a row; ``said`` are warnings that stand beside the analysis already."""
    labels, term = split_term(estimate.term)
    check = next((one for one in CHECKS if term.startswith(one.beginning)), None)
    rest = term.removeprefix(check.beginning).removeprefix(", ").strip() if check else ""
    place = [name_label(", ".join(labels))] if labels else []
    place += [name_label(rest).replace(" - ", " − ")] if rest and not rest.startswith(("of ", "that ")) else []
    of = rest.removeprefix("of ") if rest.startswith("of ") else ""
    meaning = check.mean(estimate) if check and check.mean else ""
    if estimate.unit == "BF10" and estimate.estimate is not None:
        meaning = explain_bayes(estimate.estimate, what=what).rstrip(".")
    warnings = [] if estimate.unit == "" and meaning == INFLATED else list(dict.fromkeys(estimate.warnings))
    warning = "; ".join(one for one in warnings if one not in said)
    return {
        "check": check.name if check else capitalise(name_label(term)),
        "of": ", ".join([*place, *([of] if of else [])]) or None,
        "value": write_value(estimate),
        "test": write_test(estimate),
        "meaning": "; ".join(part for part in (meaning, warning) if part),
        "estimate": estimate.estimate,
        "ci_low": estimate.ci_low,
        "ci_high": estimate.ci_high,
        "statistic": estimate.statistic.value if estimate.statistic else None,
        "df": estimate.df[0] if estimate.df else None,
        "df_residual": estimate.df[1] if len(estimate.df) > 1 else None,
        "p": estimate.p,
        "n": estimate.n,
        "method": estimate.method,
    }


def write_value(estimate: Estimate) -> str:
    """Return the number of a check with its interval as plain text: ``.36 [.10, .56]``."""
    value = estimate.estimate
    if value is None:
        return MISSING
    if estimate.unit == "BF10":
        return write_bayes(value)
    if estimate.unit == "W":
        return ""
    if estimate.unit == "reliability" or "correlation" in estimate.term:
        write: Callable[[float | None], str] = format_bounded
    elif estimate.unit:
        write = choose_writer([value, estimate.ci_low, estimate.ci_high], unit=estimate.unit)
    else:
        write = format_number
    interval = state_interval(estimate.ci_low, estimate.ci_high, level=estimate.ci_level, write=write)
    bounds = f" {_strip(interval).partition('CI ')[2]}" if interval else ""
    return write(value) + bounds


def write_test(estimate: Estimate) -> str:
    """Return test, p and effect size of a check as plain text; nothing where it has no test."""
    if estimate.unit == "BF10":
        return estimate.method.removeprefix("Bayes factor, ")
    pieces = [state_test(estimate), state_ps(estimate)]
    if estimate.statistic is not None and estimate.statistic.name in ("U", "W+"):
        pieces.append(state_effect(estimate.effect_size, level=estimate.ci_level))
    return ", ".join(_strip(piece) for piece in pieces if piece)


def _strip(html: Markup) -> str:
    return html.striptags().replace("\xa0", " ")


MARKED = {
    symbol.html.striptags(): symbol.html
    for _, symbol in EFFECT_SYMBOLS
    if "<sub>" in symbol.html or "<sup>" in symbol.html
}
"""Symbols with an index, as plain text and as they are printed."""
SYMBOL = re.compile(r"(?<![\w<])(?:(t|F|p|W|U|z|n|N)(?=[ (=<>]|$)|(d|g|r|V)(?= =))")


def write_markup(text: str | None) -> Markup:
    """Return plain text with the symbols of statistics as they are printed.

    Examples
    --------
    >>> str(write_markup("W = .98, p = .13")), str(write_markup("dz = 1.15"))
    ('<i>W</i> = .98, <i>p</i> = .13', '<i>d<sub>z</sub></i> = 1.15')
    """
    if text is None:
        return Markup(MISSING)
    html = SYMBOL.sub(r"<i>\g<0></i>", str(Markup.escape(text)))
    for plain, symbol in MARKED.items():
        html = (
            html.replace(f"{plain} =", f"{symbol} =")
            if html.startswith(plain)
            else html.replace(f" {plain} =", f" {symbol} =")
        )
    return Markup(html)
