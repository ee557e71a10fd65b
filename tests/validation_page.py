"""docs/validation.md, rendered from the comparisons that the tests make."""

from __future__ import annotations

import json
import math

from golden_comparisons import COMPARISONS, GOLDEN, Comparison
from golden_models import MODEL_COMPARISONS

INTRODUCTION = """\
# Validation

What the statistics are compared with, number by number. Rendered by `make docs` from the list that the tests run
(`tests/golden_comparisons.py`, `tests/golden_models.py`), so this page cannot claim what is not checked.

## Against R

Data: `tests/data/golden/people.csv` (145 simulated people, two arms) and `trials.csv` (40 simulated people x 8 models x
4 emotions). R's answers lie in `golden.json` and `models.json` beside the calls that gave them; `make_golden.R` and
`make_models.R` make them again. Tests read the files and need no R. Made with {made_with}; the models with {models}.

"Digits" is the number of leading digits that must agree (relative difference at most 10 to the minus that many); a
test fails if one does not.
"""

RECOVERY = """\
## Against a known truth

Simulated people whose true effects are known ([simulation.md](simulation.md)) are analysed, and the effects must come
back. Bias is judged by its own standard error, shares (coverage of 95 % intervals, false alarms) by the binomial
distribution with 200 cohorts; a check fails where chance would do so once in 1,000 times.

| claim | cohorts | level |
|---|---|---|
| within-person contrast (congruent - incongruent, with, without neutral): unbiased, interval covers | 200 | measures |
| difference of two arms (Welch): unbiased, interval covers | 200 | measures |
| correlation of trait and true mimicry (Pearson, Spearman): interval covers | 200 | measures |
| correlation with a measured score: weakened by the root of the split-half reliability, as stated | 200 | measures |
| nothing planted: t, Wilcoxon and sign-flip tests of the contrast raise false alarms at 5 % | 200 | measures |
| no treatment: Welch's test raises false alarms at 5 %, interval covers 0 | 200 | measures |
| planted mimicry through quality, epochs, baseline and measures: unbiased, interval covers | 200 (`make test-long`) | \
frames |
| nothing planted, same way, with autocorrelated noise, drift, own movements, lost frames: false alarms at 5 % | 200 \
(`make test-long`) | frames |

## Checked by a second derivation

| what | how |
|---|---|
| sign-flip and permutation tests | all arrangements counted by hand for small samples; random ones against all |
| exact rank tests | arrangements counted by hand |
| permutation test of categories | against Fisher's p in a 2 x 2 table, and chi-square in a large one |
| split-half reliability | against the reliability that was planted, 2,000 people; interval over 200 cohorts |
| omega | against the loadings that were planted, 5,000 people |
| interval of Spearman's and Kendall's correlation (R has none) | Spearman's coverage over 200 cohorts |
| BCa bootstrap | also against the interval of t for symmetric data |

## Choices that differ between programs

- Mann-Whitney: exact without ties and with fewer than 50 people a group, as in R; the result names the method.
- Wilcoxon: the statistic is W+ (R's V), not min(W+, W-) as in scipy. Differences are rounded to 12 digits first, so
  that 0.3 - 0.1 and 0.2 are tied; R does so only with `digits.rank`.
- Hedges' g: exact correction (gamma functions).
- Cohen's d beside Welch's test divides by the average SD and says so; beside Student's by the pooled SD.
- Chi-square of 2 x 2 tables: without Yates' correction unless asked for; R corrects.
- Levene's test is centred on medians, as in `car`.
"""


def render_validation() -> str:
    """Return docs/validation.md."""
    made_with, models = (
        json.loads((GOLDEN / name).read_text(encoding="utf-8"))["made_with"] for name in ("golden.json", "models.json")
    )
    rows = [_render_comparison(comparison) for comparison in (*COMPARISONS, *MODEL_COMPARISONS)]
    table = "\n".join(["| what | R | digits | why not more |", "|---|---|---|---|", *rows])
    return "\n".join([INTRODUCTION.format(made_with=made_with, models=models), table, "", RECOVERY])


def _render_comparison(comparison: Comparison) -> str:
    digits = math.floor(-math.log10(comparison.tolerance) + 1e-9)
    call = comparison.call.replace("|", "\\|")
    return f"| {comparison.what} | `{call}` | {digits or '< 1'} | {comparison.why} |"
