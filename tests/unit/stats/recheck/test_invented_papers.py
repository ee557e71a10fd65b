"""Correct papers are passed in silence, and each kind of seeded slip is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mimicrylab.stats.recheck.findings import Finding
from mimicrylab.stats.recheck.paper import Paper
from mimicrylab.stats.recheck.run import recheck_paper
from unit.stats.recheck.invented_papers import make_paper

SILENT = 240
CUT = 80
SEEDED = 3


def check(paper: dict[str, Any]) -> tuple[Finding, ...]:
    return recheck_paper(Paper.model_validate_json(json.dumps(paper)))


def test_a_correct_rounded_paper_is_passed_in_silence() -> None:
    found = {seed: check(make_paper(seed)) for seed in range(SILENT)}
    assert {seed: findings for seed, findings in found.items() if findings} == {}


def test_a_correct_paper_whose_digits_are_cut_off_has_no_slip_and_the_cutting_is_said() -> None:
    slips, told = [], 0
    for seed in range(CUT):
        findings = check(make_paper(seed, cut=True))
        slips += [finding for finding in findings if finding.kind == "slip"]
        told += any(finding.rule == "rounding" for finding in findings)
    assert slips == []
    assert told > CUT / 2


def find(paper: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the entry called ``name``."""
    return next(
        entry for entries in paper.values() if isinstance(entries, list) for entry in entries if entry["id"] == name
    )


def shift(name: str, field: str, by: float) -> Callable[[dict[str, Any]], None]:
    """Return a corruption that adds to a printed number and keeps its decimals."""

    def corrupt(paper: dict[str, Any]) -> None:
        entry = find(paper, name)
        decimals = len(entry[field].strip("%").partition(".")[2])
        percent = "%" if entry[field].endswith("%") else ""
        value = float(entry[field].strip("%<> "))
        entry[field] = f"{value + by:.{decimals}f}{percent}"

    return corrupt


def change(name: str, **fields: Any) -> Callable[[dict[str, Any]], None]:
    """Return a corruption that prints something else."""

    def corrupt(paper: dict[str, Any]) -> None:
        find(paper, name).update(fields)

    return corrupt


def one_sided(paper: dict[str, Any]) -> None:
    entry = find(paper, "mimicry")
    entry["p"] = f"{float(entry['p'].strip('< ')) / 2:.4f}"


def pseudo_replicated(paper: dict[str, Any]) -> None:
    model = find(paper, "ols")
    del model["n"], model["df_1"], model["df_2"], model["f"], model["p"], model["r2_adjusted"]
    model["people"] = "12"


def other_sign(paper: dict[str, Any]) -> None:
    entry = find(paper, "b_unit_0")
    entry["t"] = entry["t"][1:] if entry["t"].startswith("-") else "-" + entry["t"]


def other_verdict(paper: dict[str, Any]) -> None:
    entry = find(paper, "age")
    entry["p"] = ".320"
    del entry["t"]
    entry["says"] = "significant"


def swapped_interval(paper: dict[str, Any]) -> None:
    entry = find(paper, "mimicry")
    entry["ci_low"], entry["ci_high"] = entry["ci_low"], f"{float(entry['ci_high']) + 0.2:.3f}"


CORRUPTIONS: dict[str, tuple[str, Callable[[dict[str, Any]], None], str]] = {
    "t of two groups": ("sex", shift("sex", "t", 1.1), "t from means"),
    "p of two groups": ("treatment", change("treatment", p=".613", t="2.90"), "p from its statistic"),
    "df above the people": ("treatment", shift("treatment", "df", 2), "degrees of freedom"),
    "df below the people": ("treatment", shift("treatment", "df", -3), "degrees of freedom"),
    "d of two groups": ("sex", shift("sex", "d", 0.45), "effect size"),
    "difference of means": ("sex", shift("sex", "difference", 3.0), "difference of means"),
    "interval of a difference": ("mimicry", swapped_interval, "interval"),
    "a group's mean": ("EQ_all", shift("EQ_all", "mean", 2.0), "everybody's mean from the groups"),
    "everybody's SD": ("EQ_all", shift("EQ_all", "sd", 4.0), "everybody's SD from the groups"),
    "totals over two splits": ("age", shift("age", "mean_2", 5.0), "totals over several splits"),
    "a mean printed twice": ("EQ_women", shift("EQ_women", "mean", 1.3), "a mean printed twice"),
    "a difference that two tables exclude": (
        "treatment",
        shift("AU12_placebo", "mean", 0.05),
        "difference between groups from everybody's mean",
    ),
    "t of differences": ("mimicry", shift("mimicry", "t", 0.9), "t from means"),
    "df of differences": ("mimicry", shift("mimicry", "df", 1), "degrees of freedom"),
    "d of differences": ("mimicry", shift("mimicry", "d", 0.3), "effect size"),
    "a difference in a table": ("table_1", shift("table_1", "difference", 0.03), "difference of means"),
    "r squared": ("r_smile", shift("r_smile", "r2", 0.05), "r squared"),
    "t of a correlation": ("r_smile", shift("r_smile", "t", 0.8), "t from r"),
    "df of a correlation": ("r_smile", shift("r_smile", "df", 1), "degrees of freedom"),
    "n of a correlation": ("r_smile", shift("r_smile", "n", 9), "degrees of freedom"),
    "t of a coefficient": ("b_unit_0", shift("b_unit_0", "t", 0.9), "t = b / SE"),
    "sign of a coefficient": ("b_unit_0", other_sign, "t = b / SE"),
    "interval of a coefficient": ("b_unit_1", shift("b_unit_1", "ci_low", -0.15), "interval"),
    "rows counted as people": ("ols", pseudo_replicated, "df from interval width"),
    "residual df of a model": ("ols", shift("ols", "df_2", 12), "degrees of freedom"),
    "F of a model": ("ols", shift("ols", "f", 40.0), "F from R squared"),
    "adjusted R squared": ("ols", shift("ols", "r2_adjusted", 0.08), "F from R squared"),
    "R squared below a single predictor's": ("r_unit_0", change("r_unit_0", r="-.9912"), "r squared within R squared"),
    "R squared of nested models": ("fewer", change("fewer", r2=".99"), "R squared of nested models"),
    "an error by a wrong name": ("ols", change("ols", error="61.3", outcome_sd="10.1", r2=".26"), "name of the error"),
    "two names of an error": ("fewer", change("fewer", error_name="mean squared error (MAE)"), "name of the error"),
    "df of an F test": ("ages", shift("ages", "df_2", 2), "degrees of freedom"),
    "first df of an F test": ("ages", shift("ages", "df_1", 1), "degrees of freedom"),
    "df within people": ("emotions", shift("emotions", "df_2", 7), "degrees of freedom"),
    "partial eta squared": ("ages", shift("ages", "partial_eta2", 0.08), "partial eta squared"),
    "df of a multivariate test": ("expressivity", change("expressivity", df_1="1"), "degrees of freedom"),
    "F of a multivariate test": ("expressivity", shift("expressivity", "f", 2.2), "F from Wilks' lambda"),
    "eta of a multivariate test": ("expressivity", shift("expressivity", "partial_eta2", 0.06), "partial eta squared"),
    "df of a table": ("losses", change("losses", df="3"), "degrees of freedom"),
    "p of a table": ("losses", change("losses", p=".777", chi2="9.00"), "p from its statistic"),
    "Cramer's V": ("losses", shift("losses", "v", 0.2), "Cramer's V"),
    "a share": ("women_tally", shift("women_tally", "share", 2.0), "share of a count"),
    "parts of a whole": ("people_tally", shift("people_tally", "count", 1), "parts of a whole"),
    "more parts than the whole": ("some_tally", change("some_tally", count="3"), "parts of a whole"),
    "more people than the sample": ("sex", shift("everybody", "n", -1), "people in the sample"),
    "a p above 1": ("ages", change("ages", p="1.32"), "possible values"),
    "a negative SD": ("mimicry", change("mimicry", sd="-1.02"), "possible values"),
    "a correlation above 1": ("r_smile", change("r_smile", r="1.21"), "possible values"),
    "a verdict against p": ("age", other_verdict, "what is said of p"),
}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_seeded_slip_is_found(name: str) -> None:
    entry, corrupt, rule = CORRUPTIONS[name]
    for seed in range(SEEDED):
        paper = make_paper(seed)
        corrupt(paper)
        slips = [finding for finding in check(paper) if finding.kind == "slip"]
        assert any(finding.rule == rule and entry in finding.about for finding in slips), (seed, slips)


def test_a_one_sided_p_is_called_one() -> None:
    told = 0
    for seed in range(40):
        paper = make_paper(seed)
        if find(paper, "mimicry")["p"].startswith("<"):
            continue
        one_sided(paper)
        findings = [finding for finding in check(paper) if finding.rule == "p from its statistic"]
        told += any("one-sided" in finding.means for finding in findings)
    assert told > 15


def test_a_sentence_is_held_against_every_p_it_is_about() -> None:
    paper = make_paper(3)
    paper["statements"] = [
        {"id": "said", "text": "no unit was significant", "says": "not_significant", "about": ["b_unit_0", "b_unit_1"]}
    ]
    for name, p in (("b_unit_0", ".015"), ("b_unit_1", ".400")):
        entry = find(paper, name)
        paper["coefficients"] = [each for each in paper["coefficients"] if each["id"] != name]
        paper["coefficients"].append({"id": name, "model": "ols", "predictor": entry["predictor"], "p": p})
    (finding,) = [finding for finding in check(paper) if finding.rule == "what is said of p"]
    assert finding.about == ("said", "b_unit_0")
    assert finding.follows == "b_unit_0 (p .015) is below 0.05"
