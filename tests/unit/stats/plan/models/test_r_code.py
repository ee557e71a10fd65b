"""The R code of a result says the same as its estimates, when R is there to run it."""

import re
import shutil
import subprocess
from pathlib import Path

import polars as pl
import pytest

from made_plans import make_analysis, make_data
from mimicrylab.stats.plan.models.catalogue import run_analysis
from mimicrylab.stats.plan.models.r_code import quote_words, write_formula
from mimicrylab.stats.plan.storage import write_csv

RSCRIPT = shutil.which("Rscript")
HAPPY = {"measure": "mean", "signals": ["AU12"], "emotions": ["happiness"]}
ARM = {"treatment": "treatment"}
EQ = {"EQ-60.total": "trait"}
NEUTRAL = {"name": "mean", "kind": "covariate", "block": "neutral"}
MODERATED = [
    {"name": "treatment", "kind": "treatment", "interacts_with": ["mean"]},
    {"name": "mean", "kind": "moderator", "block": "neutral"},
]
BY_EMOTION = {"measure": "mean", "for_each": ["emotion", "signal"]}

P_VALUE = r"p-value = (\S+)"
BY_TREATMENT = {"name": "treatment", "kind": "treatment"}

PLANS: dict[str, tuple[str, dict[str, object], str, str, str]] = {
    "welch": ("two_groups", {"outcome": HAPPY, "predictors": ARM}, "oxytocin - placebo", "", P_VALUE),
    "mann_whitney": (
        "rank_groups",
        {"outcome": HAPPY, "predictors": ARM},
        "oxytocin - placebo",
        "",
        P_VALUE,
    ),
    "one_sample": (
        "one_sample",
        {"outcome": {"measure": "congruence", "emotions": ["anger"]}},
        "congruent - incongruent",
        "",
        P_VALUE,
    ),
    "paired": (
        "paired",
        {"outcome": HAPPY, "predictors": {"phase": "within"}},
        "after - before",
        "",
        P_VALUE,
    ),
    "equivalence": (
        "two_groups",
        {"outcome": HAPPY, "predictors": ARM, "method": "equivalence", "smallest_effect": 0.5},
        "oxytocin - placebo",
        "",
        r"(?s)p-value.*p-value = (\S+)",
    ),
    "contrast": (
        "regression",
        {
            "outcome": {"measure": "mean", "signals": ["AU12"]},
            "predictors": {"emotion": "within"},
            "contrasts": [{"name": "happy", "weights": {"happiness": 1, "anger": -0.5, "neutral": -0.5}}],
            "method": "ols",
            "as_published": True,
        },
        "happy",
        "",
        r"happy +\S+ +\S+ +\S+ +(\S+)",
    ),
    "correlation": (
        "correlation",
        {"outcome": HAPPY, "predictors": EQ},
        "mean with EQ-60.total",
        "",
        P_VALUE,
    ),
    "hc3": (
        "regression",
        {"outcome": HAPPY, "predictors": ARM | EQ},
        "treatment[oxytocin]",
        "sandwich",
        r"treatmentoxytocin +\S+ +\S+ +\S+ +(\S+)",
    ),
    "ancova": (
        "ancova",
        {"outcome": HAPPY, "predictors": [{"name": "treatment", "kind": "treatment"}, NEUTRAL]},
        "treatment",
        "car",
        r"treatment +\d+ +\S+ +(\S+)",
    ),
    "moderation": (
        "moderation",
        {"outcome": HAPPY, "predictors": MODERATED},
        "treatment[oxytocin]:mean_neutral",
        "sandwich",
        r"treatmentoxytocin:mean_neutral +\S+ +\S+ +\S+ +(\S+)",
    ),
    "multivariate_regression": (
        "multivariate_regression",
        {"outcome": BY_EMOTION | {"emotions": ["happiness"]}, "predictors": ARM},
        "happiness: treatment, Wilks' lambda",
        "car",
        r"treatment +1 +\S+ +\S+ +\d+ +\d+ +(\S+)",
    ),
    "repeated": (
        "repeated",
        {
            "outcome": {"measure": "mean", "signals": ["AU12"]},
            "predictors": [{"name": "emotion", "kind": "within", "interacts_with": ["treatment"]}, BY_TREATMENT],
        },
        "treatment:emotion",
        "afex",
        r"treatment:emotion +\S+ +\S+ +\S+ +\S+ +\S+ +(\S+)",
    ),
    "mixed": (
        "mixed",
        {
            "outcome": {"measure": "mean", "signals": ["AU12"], "emotions": ["happiness"]},
            "predictors": [{"name": "congruence", "kind": "within", "interacts_with": ["treatment"]}, BY_TREATMENT],
        },
        "congruence[congruent]:treatment[oxytocin]",
        "lmerTest",
        r"congruencecongruent:treatmentoxytocin +\S+ +\S+ +\S+ +\S+ +(\S+)",
    ),
    "cox": (
        "survival",
        {"outcome": HAPPY | {"measure": "latency"}, "predictors": ARM, "method": "cox"},
        "treatment[oxytocin]",
        "survival",
        r"treatmentoxytocin +\S+ +\S+ +\S+ +\S+ +\S+ +(\S+)",
    ),
}


@pytest.mark.skipif(RSCRIPT is None, reason="R is not installed")
@pytest.mark.parametrize("name", PLANS)
def test_r_repeats_the_analysis_on_its_data(name: str, tmp_path: Path) -> None:
    model, settings, term, package, pattern = PLANS[name]
    result = run_analysis(make_data(), make_analysis(model, **settings), 1)
    assert result.state == "done", result.reason
    (tmp_path / "data.csv").write_text(write_csv(result.data))
    loads = f'if (!requireNamespace("{package}", quietly = TRUE)) quit(status = 77)\n' if package else ""
    done = subprocess.run(
        [str(RSCRIPT), "--vanilla", "-e", loads + "options(digits = 8, width = 200)\n" + result.r_code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77:
        pytest.skip(f"R has no package {package}")
    assert done.returncode == 0, done.stderr
    found = re.search(pattern, done.stdout)
    assert found, done.stdout
    p = next(line.p for line in result.estimates if line.term.partition(" between")[0] == term)
    assert p is not None
    if found[1].startswith("<"):
        assert p < 1e-6
    else:
        assert float(found[1]) == pytest.approx(p, rel=0.02, abs=1e-6)


@pytest.mark.skipif(RSCRIPT is None, reason="R is not installed")
def test_r_leaves_out_what_is_missing_as_the_analysis_does(tmp_path: Path) -> None:
    result = run_analysis(make_data(), make_analysis("two_groups", outcome=HAPPY, predictors=ARM), 1)
    missing = result.data.with_columns(pl.when(pl.int_range(pl.len()) != 3).then("mean").alias("mean"))
    (tmp_path / "data.csv").write_text(write_csv(missing))
    code = result.r_code + "print(nrow(data) - sum(is.na(data$mean)))\n"
    done = subprocess.run(
        [str(RSCRIPT), "--vanilla", "-e", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert f"[1] {len(missing) - 1}" in done.stdout


def test_names_are_quoted_for_r() -> None:
    assert write_formula("EQ-60.total", ["arm", "arm:AU 12"]) == "`EQ-60.total` ~ arm + arm:`AU 12`"
    assert quote_words(['a "word"']) == r'c("a \"word\"")'


def test_what_r_has_no_counterpart_for_has_no_code() -> None:
    plan = make_analysis("one_sample", outcome=HAPPY, method="sign_flip")
    assert run_analysis(make_data(), plan, 1).r_code == ""
