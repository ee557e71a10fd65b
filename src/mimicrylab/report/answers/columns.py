"""What APA tables share: numbers with their decimals, the test, p and corrected p, the effect size, notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import polars as pl
from markupsafe import Markup

from mimicrylab.report.answers.rows import add_intervals
from mimicrylab.report.answers.setting import Setting
from mimicrylab.report.answers.statements import state_effect, state_ps, state_test
from mimicrylab.report.answers.symbols import (
    find_effect_symbol,
    find_statistic_symbol,
    is_share,
    name_adjusted_p,
)
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.units import explain_units
from mimicrylab.report.wording import (
    choose_decimals,
    format_bounded,
    format_count,
    format_degrees,
    format_number,
    format_p,
    shorten_unit,
)
from mimicrylab.stats.estimates import Estimate

ITALIC_N = Markup("<i>n</i>")
ITALIC_P = Markup("<i>p</i>")
STANDARD_ERROR = Markup("<i>SE</i>")
NOTHING = Markup("")
Write = Callable[[float | None], str]


def write_estimates(
    frame: pl.DataFrame, *also: str, each: bool = False, unbounded: bool = False
) -> tuple[Write, pl.DataFrame]:
    """Return how the numbers of a table are written, and the table with its intervals written so.

    One number of decimals for the whole table, enough for three digits of the largest number (``also`` names further
    columns of numbers), or with ``each`` for those of the row with the smallest numbers, as coefficients need whose
    predictors have different units; no leading zero where all units are shares, unless the numbers are slopes, which
    nothing bounds.
    """
    names = ["estimate", "ci_low", "ci_high", *also]
    units = {unit for unit in frame["unit"].drop_nulls() if unit}
    shares = bool(units) and all(is_share(unit) for unit in units) and not unbounded
    rows = [[value for value in row if value is not None] for row in frame.select(names).iter_rows()]
    groups = [row for row in rows if row] if each else [[value for row in rows for value in row]]
    wanted = max((choose_decimals(group) for group in groups), default=2)
    decimals = min(max(2, wanted), 3 if shares and not each else 4)
    write = partial(format_bounded if shares else format_number, decimals=decimals)
    return write, add_intervals(frame, decimals=decimals, unbounded=unbounded)


def name_interval(frame: pl.DataFrame) -> str:
    """Return the heading of the intervals: ``95% CI``, or ``CI`` where rows differ in their level."""
    levels = frame.filter(pl.col("ci_low").is_not_null() | pl.col("ci_high").is_not_null())["ci_level"].unique()
    return f"{levels[0] * 100:g}% CI" if len(levels) == 1 else "CI"


def list_units(frame: pl.DataFrame) -> Iterator[TableColumn]:
    """Yield a column of units where the rows differ in it."""
    units = {unit for unit in frame["unit"].drop_nulls() if unit and not unit[0].isupper()}
    if len(units) > 1:
        yield TableColumn("unit", "Unit", shorten_unit)


def list_tests(frame: pl.DataFrame, *, effect: bool = True) -> Iterator[TableColumn]:
    """Yield interval, test statistic, degrees of freedom, p, corrected p and effect size, as far as there are any."""
    if frame["ci_low"].is_not_null().any() or frame["ci_high"].is_not_null().any():
        yield TableColumn("interval", name_interval(frame), align="number")
    if frame["statistic"].is_not_null().any():
        yield TableColumn("statistic", _name_statistic(frame), _choose_statistic(frame), "number")
    if frame["df"].is_not_null().any():
        yield TableColumn("df", Markup("<i>df</i>"), format_degrees, "number")
    yield from list_ps(frame)
    if effect:
        yield from list_effects(frame)


def list_f(frame: pl.DataFrame) -> Iterator[TableColumn]:
    """Yield F with both degrees of freedom, p, corrected p and effect size with its interval."""
    yield TableColumn("statistic", _name_statistic(frame), format_number, "number")
    yield TableColumn("df", Markup("<i>df</i><sub>1</sub>"), format_degrees, "number")
    yield TableColumn("df_residual", Markup("<i>df</i><sub>2</sub>"), format_degrees, "number")
    yield from list_ps(frame)
    yield from list_effects(frame)
    yield TableColumn("n", ITALIC_N, format_count, "number")


def list_ps(frame: pl.DataFrame) -> Iterator[TableColumn]:
    """Yield p, and the corrected p where the family has more than one test."""
    if frame["p"].is_not_null().any():
        yield TableColumn("p", ITALIC_P, format_p, "number")
    families = frame["family"].drop_nulls()
    if len(families) and not families.str.contains(", 1 tests?\\)$").all():
        yield TableColumn("p_adjusted", name_adjusted_p(families[0]), format_p, "number", emphasis="shown")


def list_effects(frame: pl.DataFrame) -> Iterator[TableColumn]:
    """Yield the effect size, where all rows have the same kind."""
    names = frame["effect_name"].drop_nulls().unique()
    if len(names) == 1 and frame["effect"].is_not_null().any():
        symbol = find_effect_symbol(names[0])
        yield TableColumn("effect", symbol.html, format_bounded if symbol.bounded else format_number, "number")


def _name_statistic(frame: pl.DataFrame) -> Markup | str:
    names = frame["statistic_name"].drop_nulls().unique()
    return find_statistic_symbol(names[0]) if len(names) == 1 else "Statistic"


def _choose_statistic(frame: pl.DataFrame) -> Write:
    """Return how test statistics are written: sums of ranks without decimals, or with one where there are ties."""
    values = frame["statistic"].drop_nulls()
    if not set(frame["statistic_name"].drop_nulls()) <= {"U", "W+"}:
        return format_number
    return partial(format_number, decimals=0 if all(float(value).is_integer() for value in values) else 1)


def note_units(frame: pl.DataFrame) -> Markup:
    """Return the unit of the numbers, explained where nobody knows it from elsewhere; nothing where there is none."""
    units = [unit for unit in frame["unit"].drop_nulls().unique(maintain_order=True) if unit and not unit[0].isupper()]
    if not units:
        return Markup("")
    known = explain_units(units)
    if len(units) > 1:
        return Markup(" {}").format(known) if known else Markup("")
    if known:
        return Markup(" {}").format(known)
    return Markup(" Unit: {}.").format("; ".join(shorten_unit(unit) for unit in units))


def note_fit(estimates: Sequence[Estimate], setting: Setting) -> Markup:
    """Return explained variance and F of the whole model, one line a cell."""
    lines = []
    for one in estimates:
        labels, term = setting.split(one)
        if term == "R squared" and one.estimate is not None:
            sizes = [state_effect(effect, level=one.ci_level) for effect in one.effect_sizes]
            pieces = [piece for piece in (*sizes, state_test(one), state_ps(one)) if piece]
            before = Markup("{}: ").format(", ".join(labels)) if labels else Markup("")
            lines.append(before + Markup(", ").join(pieces))
    return Markup("; ").join(lines) + Markup(".") if lines else Markup("")


def note_methods(frame: pl.DataFrame) -> Markup:
    """Return the methods of the rows, each once, and the people behind them."""
    methods = frame["method"].drop_nulls().unique(maintain_order=True)
    named = [Markup.escape(method[:1].upper() + method[1:]) for method in methods if method]
    sizes = frame["n"].drop_nulls().unique().sort()
    people = Markup("")
    if len(sizes) == 1 and sizes[0]:
        people = Markup(" <i>n</i> = {}.").format(f"{sizes[0]:,}")
    elif len(sizes) > 1:
        people = Markup(" <i>n</i> = {} to {}.").format(f"{sizes[0]:,}", f"{sizes[-1]:,}")
    return (Markup(". ").join(named) + Markup(".") if named else Markup("")) + people


def finish_table(
    setting: Setting, frame: pl.DataFrame, columns: Sequence[TableColumn], title: str, *, note: Markup = NOTHING
) -> ReportTable:
    """Return the table with what every one has: methods, n, what bold means, permuted labels, groups of rows."""
    grouped = "group" if frame["group"].is_not_null().any() else None
    frame = frame.drop("label").insert_column(0, frame["label"])
    bold = any(column.emphasis for column in columns) and bool(frame["shown"].any())
    text = Markup(" ").join(part for part in (note_methods(frame), note.strip()) if part)
    if bold:
        level = f"{setting.analysis.alpha:g}".lstrip("0")
        corrected = "corrected " if frame["p_adjusted"].is_not_null().any() else ""
        text += Markup(" Bold: {}<i>p</i> below {}.").format(corrected, level)
    if setting.result.labels == "permuted":
        title, text = f"Permuted labels, not a result: {title}", text + " Arms are permuted at random."
    return ReportTable(f"analysis-{setting.analysis.id}", title, frame, tuple(columns), group=grouped, note=text)
