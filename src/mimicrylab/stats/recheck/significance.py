"""p from its statistic and df; and whether what the paper says of p is what p says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from mimicrylab.stats.recheck.coefficients import find_coefficient_df
from mimicrylab.stats.recheck.degrees import bound_groups_df, find_multivariate_df
from mimicrylab.stats.recheck.entries import (
    ChiSquare,
    Coefficient,
    Correlation,
    FTest,
    Groups,
    Model,
    Multivariate,
    OneSample,
    Statement,
    Test,
)
from mimicrylab.stats.recheck.findings import Finding, fit_printed, note_truncation
from mimicrylab.stats.recheck.formulas import (
    compute_p_of_chi2,
    compute_p_of_f,
    compute_p_of_t,
    compute_p_of_z,
)
from mimicrylab.stats.recheck.judging import count_decimals, judge
from mimicrylab.stats.recheck.paper import Paper
from mimicrylab.stats.recheck.printed import Interval, Printed, Reading, find_range, write_interval

P_RULE = "p from its statistic"
VERDICT_RULE = "what is said of p"
R_RULE = "t from r"
CONVENTIONAL_ALPHA = 0.05

Follow = Callable[[Reading], Interval | None]


def check_significance(paper: Paper) -> Iterator[Finding]:
    """Yield every p that its statistic does not give, and every sentence that p contradicts."""
    for entry in paper.entries:
        if not isinstance(entry, Test):
            continue
        if isinstance(entry, Correlation):
            yield from _check_t_of_r(entry)
        found = _find_follow(entry, paper)
        if entry.p is not None and found is not None:
            yield from _check_p(entry, entry.p, *found)
        yield from _check_verdict(entry)
    for statement in paper.statements:
        yield from _check_statement(statement, paper)


def _find_follow(entry: Test, paper: Paper) -> tuple[str, Follow] | None:
    """Return the statistic in words and the range of p that it gives; None where it or its df is not printed."""
    if isinstance(entry, Groups):
        return _follow_t(entry.t, lambda reading: _choose_df(entry.df, bound_groups_df(entry, reading)))
    if isinstance(entry, OneSample):
        named = Interval(entry.n - 1, entry.n - 1) if entry.n is not None else None
        return _follow_t(entry.t, lambda _: _choose_df(entry.df, named))
    if isinstance(entry, Coefficient):
        if entry.z is not None:
            z = entry.z
            return f"z {z.text}", lambda reading: find_range(compute_p_of_z, z.interval(reading))
        return _follow_t(entry.t, lambda _: find_coefficient_df(entry, paper))
    if isinstance(entry, Correlation):
        return _follow_r(entry)
    if isinstance(entry, Model | FTest | Multivariate):
        return _follow_f(entry)
    if isinstance(entry, ChiSquare) and entry.df is not None:
        chi2, df = entry.chi2, entry.df
        return f"chi squared({df.text}) {chi2.text}", lambda reading: find_range(
            compute_p_of_chi2, chi2.interval(reading), Interval(df.value, df.value)
        )
    return None


def _choose_df(printed: Printed | None, named: Interval | None) -> Interval | None:
    """Return the df as printed, or as the people named give it."""
    return printed.interval("rounded") if printed is not None else named


def _follow_t(t: Printed | None, find: Callable[[Reading], Interval | None]) -> tuple[str, Follow] | None:
    if t is None:
        return None

    def follow(reading: Reading) -> Interval | None:
        df = find(reading)
        if df is None:
            return None
        return find_range(compute_p_of_t, t.interval(reading), Interval(max(df.low, 1.0), max(df.high, 1.0)))

    df = find("rounded")
    if df is None:
        return None
    return f"t({write_interval(df, decimals=0)}) {t.text}", follow


def _follow_r(correlation: Correlation) -> tuple[str, Follow] | None:
    df = float(correlation.n - 2) if correlation.n is not None else None
    df = correlation.df.value if correlation.df is not None else df
    if df is None or df < 1:
        return None
    r = correlation.r
    return f"r({df:g}) {r.text}", lambda reading: find_range(
        lambda value: compute_p_of_t(value * np.sqrt(df / np.maximum(1 - value**2, 1e-12)), np.asarray(df)),
        _inside(r.interval(reading)),
    )


def _inside(interval: Interval) -> Interval:
    return Interval(max(interval.low, -1.0), min(interval.high, 1.0))


def _follow_f(entry: Model | FTest | Multivariate) -> tuple[str, Follow] | None:
    f, first, second = entry.f, entry.df_1, entry.df_2
    if f is None or first is None or second is None:
        return None
    if isinstance(entry, Multivariate) and entry.outcomes is not None and entry.n is not None and entry.pillai is None:
        df = find_multivariate_df(entry.groups, entry.outcomes, entry.n)  # wrong printed df are told by their own rule
        return f"F({df[0]:g}, {df[1]:g}) {f.text}", lambda reading: find_range(
            compute_p_of_f, f.interval(reading), *(Interval(each, each) for each in df)
        )
    bounds = [
        each.interval("rounded") if each.step < 1 else Interval(each.value, each.value) for each in (first, second)
    ]
    return f"F({first.text}, {second.text}) {f.text}", lambda reading: find_range(
        compute_p_of_f, f.interval(reading), *bounds
    )


def _check_p(entry: Test, p: Printed, statistic: str, follow: Follow) -> Iterator[Finding]:
    fit, found = fit_printed(p, follow)
    if fit == "rounded":
        return
    decimals = max(count_decimals(p), 3)
    words = f"{statistic} gives p {write_interval(found, decimals=decimals, bounded=True)}"
    printed = f"p {p.text}"
    if fit == "truncated":
        yield note_truncation(P_RULE, (entry.id,), printed, words)
        return
    halved = Interval(found.low / 2, found.high / 2)
    one_sided = not isinstance(entry, Model | FTest | Multivariate | ChiSquare) and halved.overlaps(
        p.interval("either")
    )
    yield Finding(
        P_RULE,
        (entry.id,),
        printed,
        words,
        "it is the p of a one-sided test, which the paper does not say" if one_sided
        else "p, the statistic or its df is misprinted",
        "likely" if one_sided else "certain",
        "half of the two-sided p fits" if one_sided else "the digits that are printed leave no room for it",
    )  # fmt: skip


def _check_t_of_r(correlation: Correlation) -> Iterator[Finding]:
    df = correlation.n - 2 if correlation.n is not None else None
    if correlation.t is None or df is None or df < 1:
        return
    r = correlation.r
    yield from judge(
        (correlation.id,),
        R_RULE,
        correlation.t,
        lambda reading: [
            find_range(lambda x: x * np.sqrt(df / np.maximum(1 - x**2, 1e-12)), _inside(r.interval(reading)))
        ],
        named="t",
        of=f"r {r.text} of {correlation.n} people",
        means="r, t or the number of people is misprinted",
    )


def _contradicts(p: Printed, says: str, alpha: float) -> bool:
    """Return whether p is on the other side of alpha, whatever its last digit hides."""
    found = p.interval("either")
    return found.low >= alpha if says == "significant" else found.high < alpha


def _check_verdict(entry: Test) -> Iterator[Finding]:
    if entry.says is None or entry.p is None:
        return
    alpha = entry.alpha.value if entry.alpha is not None else CONVENTIONAL_ALPHA
    if _contradicts(entry.p, entry.says, alpha):
        yield Finding(
            VERDICT_RULE,
            (entry.id,),
            f"p {entry.p.text}, called {entry.says.replace('_', ' ')}",
            f"it is {'above' if entry.says == 'significant' else 'below'} {alpha:g}",
            "the sentence or the p is wrong",
            "certain" if entry.alpha is not None else "likely",
            ""
            if entry.alpha is not None
            else "unless another level or a correction was used that the paper does not say",
        )


def _check_statement(statement: Statement, paper: Paper) -> Iterator[Finding]:
    alpha = statement.alpha.value if statement.alpha is not None else CONVENTIONAL_ALPHA
    against = [
        entry
        for name in statement.about
        if isinstance(entry := paper.find(name), Test)
        and entry.p is not None
        and _contradicts(entry.p, statement.says, alpha)
    ]
    if against:
        named = ", ".join(f"{entry.id} (p {entry.p.text})" for entry in against if entry.p is not None)
        yield Finding(
            VERDICT_RULE,
            (statement.id, *[entry.id for entry in against]),
            f"{statement.text!r}",
            f"{named} is {'above' if statement.says == 'significant' else 'below'} {alpha:g}",
            "the sentence does not hold for all that it is about",
            "certain" if statement.alpha is not None else "likely",
            ""
            if statement.alpha is not None
            else "unless another level or a correction was used that is not said there",
        )
