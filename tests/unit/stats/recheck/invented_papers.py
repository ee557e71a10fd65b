"""Invented papers: data drawn at random, analysed for real, and printed with few digits, by rounding or by cutting off.

What is computed here is computed by scipy and numpy from raw data, not by the formulas that are to be tested.
"""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np
from scipy import stats

Generator = np.random.Generator


class Printer:
    """Prints numbers with a fixed number of decimals, rounded or cut off."""

    def __init__(self, *, cut: bool = False) -> None:
        self.rounding = ROUND_DOWN if cut else ROUND_HALF_EVEN

    def __call__(self, value: float, decimals: int = 2) -> str:
        text = str(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=self.rounding))
        return text.replace("-0.", "-.") if text.startswith("-0.") and float(text) != 0 else text

    def p(self, value: float, decimals: int = 3) -> str:
        return "< .001" if value < 0.001 else self(value, decimals)


def make_paper(seed: int, *, cut: bool = False) -> dict[str, Any]:
    """Return the file of one invented paper, as read from YAML with its numbers as texts."""
    rng = np.random.default_rng(seed)
    show = Printer(cut=cut)
    paper: dict[str, Any] = {"version": 1, "title": f"Invented paper {seed}"}
    _add_groups(paper, rng, show)
    _add_differences(paper, rng, show)
    _add_correlations(paper, rng, show)
    _add_regression(paper, rng, show)
    _add_variances(paper, rng, show)
    _add_counts(paper, rng, show)
    return paper


def _add_groups(paper: dict[str, Any], rng: Generator, show: Printer) -> None:
    n_1, n_2 = (int(each) for each in rng.integers(8, 90, 2))
    spread = rng.uniform(2, 15)
    first = rng.normal(rng.uniform(20, 60), spread, n_1)
    second = rng.normal(first.mean() + rng.normal(0, spread / 2), spread * rng.uniform(0.7, 1.4), n_2)
    welch = bool(rng.random() < 0.5)
    found = stats.ttest_ind(first, second, equal_var=not welch)
    interval = found.confidence_interval()
    pooled = math.sqrt(((n_1 - 1) * first.var(ddof=1) + (n_2 - 1) * second.var(ddof=1)) / (n_1 + n_2 - 2))
    d = (first.mean() - second.mean()) / pooled
    decimals = int(rng.integers(1, 4))
    everybody = np.concatenate([first, second])
    paper["samples"] = [{"id": "everybody", "n": str(n_1 + n_2)}]
    paper["groups"] = [
        {
            "id": "sex",
            "outcome": "EQ",
            "split": "sex",
            "group_1": "women",
            "n_1": str(n_1),
            "mean_1": show(first.mean(), decimals),
            "sd_1": show(first.std(ddof=1), decimals),
            "group_2": "men",
            "n_2": str(n_2),
            "mean_2": show(second.mean(), decimals),
            "sd_2": show(second.std(ddof=1), decimals),
            "difference": show(first.mean() - second.mean(), decimals),
            "test": str(rng.choice([("welch" if welch else "student"), "unknown"])),
            "t": show(found.statistic),
            "df": show(found.df, 2) if welch else str(n_1 + n_2 - 2),
            "p": show.p(found.pvalue),
            "ci_low": show(interval.low),
            "ci_high": show(interval.high),
            "d": show(d),
            "alpha": ".05",
            "sample": "everybody",
        }
    ]
    if abs(found.pvalue - 0.05) > 0.002:
        paper["groups"][0]["says"] = "significant" if found.pvalue < 0.05 else "not_significant"
    if not welch:
        paper["groups"][0]["r"] = show(math.sqrt(found.statistic**2 / (found.statistic**2 + found.df)))
        paper["groups"][0]["se"] = show(abs((first.mean() - second.mean()) / found.statistic), 3)
    order = rng.permutation(len(everybody))
    cut = len(everybody) // 3
    young, old = everybody[order[:cut]], everybody[order[cut:]]
    half = stats.ttest_ind(young, old)
    paper["groups"].append(
        {
            "id": "age",
            "outcome": "EQ",
            "split": "age",
            "group_1": "young",
            "n_1": str(cut),
            "mean_1": show(young.mean(), decimals),
            "sd_1": show(young.std(ddof=1), decimals),
            "group_2": "old",
            "n_2": str(len(old)),
            "mean_2": show(old.mean(), decimals),
            "sd_2": show(old.std(ddof=1), decimals),
            "test": "student",
            "t": show(half.statistic),
            "p": show.p(half.pvalue),
        }
    )
    treated = rng.random(n_1 + n_2) < 0.5
    treated[:4] = [True, True, False, False]
    unit = rng.normal(0.3, 0.2, n_1 + n_2) + 0.1 * treated
    effect = stats.ttest_ind(unit[treated], unit[~treated])
    paper["groups"].append(
        {
            "id": "treatment",
            "outcome": "AU12",
            "group_1": "oxytocin",
            "n_1": str(treated.sum()),
            "group_2": "placebo",
            "n_2": str((~treated).sum()),
            "test": "student",
            "difference": show(unit[treated].mean() - unit[~treated].mean(), 3),
            "t": show(effect.statistic),
            "df": str(n_1 + n_2 - 2),
            "p": show.p(effect.pvalue),
        }
    )
    paper["means"] = [
        {"id": "EQ_all", "variable": "EQ", "of": "all", "n": str(len(everybody)),
         "mean": show(everybody.mean(), decimals), "sd": show(everybody.std(ddof=1), decimals)},
        {"id": "EQ_women", "variable": "EQ", "of": "women", "mean": show(first.mean(), 1)},
        {"id": "AU12_all", "variable": "AU12", "of": "all", "n": str(n_1 + n_2), "mean": show(unit.mean(), 3)},
        {"id": "AU12_placebo", "variable": "AU12", "of": "placebo", "mean": show(unit[~treated].mean(), 3)},
    ]  # fmt: skip


def _add_differences(paper: dict[str, Any], rng: Generator, show: Printer) -> None:
    n = int(rng.integers(10, 120))
    values = rng.normal(rng.uniform(-0.5, 0.5), 1.0, n)
    found = stats.ttest_1samp(values, 0)
    interval = found.confidence_interval()
    paper["one_sample"] = [
        {
            "id": "mimicry",
            "n": str(n),
            "mean": show(values.mean(), 3),
            "sd": show(values.std(ddof=1), 3),
            "se": show(values.std(ddof=1) / math.sqrt(n), 3),
            "t": show(found.statistic),
            "df": str(n - 1),
            "p": show.p(found.pvalue),
            "ci_low": show(interval.low, 3),
            "ci_high": show(interval.high, 3),
            "d": show(values.mean() / values.std(ddof=1)),
        }
    ]
    congruent, other = rng.uniform(0.1, 0.9, 2)
    paper["differences"] = [
        {"id": "table_1", "mean_1": show(congruent, 3), "mean_2": show(other, 3), "difference": show(congruent - other)}
    ]


def _add_correlations(paper: dict[str, Any], rng: Generator, show: Printer) -> None:
    n = int(rng.integers(12, 150))
    x = rng.normal(size=n)
    y = rng.uniform(-0.7, 0.7) * x + rng.normal(size=n)
    found = stats.pearsonr(x, y)
    r = float(found.statistic)
    t = r * math.sqrt((n - 2) / (1 - r**2))
    paper["correlations"] = [
        {"id": "r_smile", "predictor": "smile", "outcome": "EQ", "n": str(n), "r": show(r, 3), "r2": show(r**2, 3),
         "t": show(t), "df": str(n - 2), "p": show.p(found.pvalue)}
    ]  # fmt: skip


def _add_regression(paper: dict[str, Any], rng: Generator, show: Printer) -> None:
    n, k = int(rng.integers(30, 200)), int(rng.integers(2, 6))
    names = [f"unit_{place}" for place in range(k)]
    x = rng.normal(size=(n, k))
    y = x @ rng.normal(0, 0.4, k) + rng.normal(size=n) * rng.uniform(0.5, 3)
    design = np.column_stack([np.ones(n), x])
    b, *_ = np.linalg.lstsq(design, y, rcond=None)
    left = y - design @ b
    df = n - k - 1
    variance = left @ left / df
    se = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * variance)
    r2 = 1 - left @ left / ((y - y.mean()) @ (y - y.mean()))
    f = (r2 / k) / ((1 - r2) / df)
    few = names[:-1]
    small = np.column_stack([np.ones(n), x[:, :-1]])
    fewer, *_ = np.linalg.lstsq(small, y, rcond=None)
    left_small = y - small @ fewer
    paper["models"] = [
        {"id": "ols", "outcome": "score", "data": "rows", "n": str(n), "people": str(n), "predictors": str(k),
         "features": names, "r2": show(r2), "r2_adjusted": show(1 - (1 - r2) * (n - 1) / df), "f": show(f),
         "df_1": str(k), "df_2": str(df), "p": show.p(float(stats.f.sf(f, k, df))),
         "error": show(math.sqrt(np.mean(left**2))), "error_name": "RMSE", "outcome_sd": show(y.std(ddof=1))},
        {"id": "fewer", "outcome": "score", "data": "rows", "n": str(n), "predictors": str(k - 1), "features": few,
         "r2": show(1 - left_small @ left_small / ((y - y.mean()) @ (y - y.mean()))),
         "error": show(np.mean(np.abs(left_small))), "error_name": "MAE", "outcome_sd": show(y.std(ddof=1))},
    ]  # fmt: skip
    critical = stats.t.ppf(0.975, df)
    paper["coefficients"] = [
        {"id": f"b_{name}", "model": "ols", "predictor": name, "b": show(b[place], 3), "se": show(se[place], 3),
         "t": show(b[place] / se[place], 3), "p": show.p(2 * float(stats.t.sf(abs(b[place] / se[place]), df))),
         "ci_low": show(b[place] - critical * se[place], 3), "ci_high": show(b[place] + critical * se[place], 3)}
        for place, name in enumerate(names, start=1)
    ]  # fmt: skip
    for place, name in enumerate(names):
        r = float(np.corrcoef(x[:, place], y)[0, 1])
        paper["correlations"].append(
            {"id": f"r_{name}", "predictor": name, "outcome": "score", "data": "rows", "r": show(r, 4), "n": str(n)}
        )


def _add_variances(paper: dict[str, Any], rng: Generator, show: Printer) -> None:
    levels = int(rng.integers(3, 6))
    parts = [rng.normal(rng.normal(0, 0.5), 1, int(rng.integers(8, 30))) for _ in range(levels)]
    n = sum(map(len, parts))
    found = stats.f_oneway(*parts)
    whole = np.concatenate(parts)
    between = sum(len(part) * (part.mean() - whole.mean()) ** 2 for part in parts)
    eta = between / ((whole - whole.mean()) ** 2).sum()
    paper["f_tests"] = [
        {"id": "ages", "n": str(n), "levels": str(levels), "design": "between", "f": show(found.statistic),
         "df_1": str(levels - 1), "df_2": str(n - levels), "p": show.p(found.pvalue), "partial_eta2": show(eta, 3)}
    ]  # fmt: skip
    people, conditions = int(rng.integers(10, 60)), int(rng.integers(3, 6))
    table = rng.normal(size=(people, 1)) + rng.normal(0, 0.3, conditions) + rng.normal(size=(people, conditions))
    grand = table.mean()
    effect = people * ((table.mean(axis=0) - grand) ** 2).sum()
    rows = conditions * ((table.mean(axis=1) - grand) ** 2).sum()
    error = ((table - grand) ** 2).sum() - effect - rows
    first, second = conditions - 1, (conditions - 1) * (people - 1)
    f = (effect / first) / (error / second)
    paper["f_tests"].append(
        {"id": "emotions", "n": str(people), "levels": str(conditions), "design": "within", "f": show(f),
         "df_1": str(first), "df_2": str(second), "p": show.p(float(stats.f.sf(f, first, second))),
         "partial_eta2": show(effect / (effect + error), 3)}
    )  # fmt: skip
    outcomes, size = int(rng.integers(2, 9)), int(rng.integers(40, 160))
    group = np.arange(size) < size // 2
    values = rng.normal(size=(size, outcomes)) + 0.3 * group[:, None]
    total = np.cov(values, rowvar=False) * (size - 1)
    within = sum(np.cov(values[each], rowvar=False) * (each.sum() - 1) for each in (group, ~group))
    wilks = float(np.linalg.det(within) / np.linalg.det(total))
    second = size - outcomes - 1
    f = (1 - wilks) / wilks * second / outcomes
    paper["multivariate"] = [
        {"id": "expressivity", "n": str(size), "groups": "2", "outcomes": str(outcomes), "wilks": show(wilks, 3),
         "f": show(f), "df_1": str(outcomes), "df_2": str(second), "p": show.p(float(stats.f.sf(f, outcomes, second))),
         "partial_eta2": show(1 - wilks)}
    ]  # fmt: skip


def _add_counts(paper: dict[str, Any], rng: Generator, show: Printer) -> None:
    cells = rng.integers(5, 40, (2, 3))
    found = stats.chi2_contingency(cells, correction=False)
    total = int(cells.sum())
    paper["chi_square"] = [
        {"id": "losses", "chi2": show(found.statistic), "df": "2", "rows": "2", "columns": "3", "n": str(total),
         "p": show.p(found.pvalue), "v": show(math.sqrt(found.statistic / total))}
    ]  # fmt: skip
    women, men = int(rng.integers(10, 90)), int(rng.integers(10, 90))
    paper["tallies"] = [
        {"id": "women_tally", "count": str(women), "total": str(women + men),
         "share": f"{show(100 * women / (women + men), 1)}%"},
        {"id": "men_tally", "count": str(men), "total": str(women + men)},
        {"id": "people_tally", "count": str(women + men), "all_of": ["women_tally", "men_tally"]},
        {"id": "some_tally", "count": str(women + men), "includes": ["women_tally"]},
    ]  # fmt: skip
    named = [
        entry["id"] for entry in paper["coefficients"] if not entry["p"].startswith("<") and float(entry["p"]) > 0.051
    ]
    if named:
        paper["statements"] = [
            {"id": "said", "text": "the others were not significant", "says": "not_significant", "about": named}
        ]
