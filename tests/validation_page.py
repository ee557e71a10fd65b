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

The models, on samples that are what each is for (`tests/recovery/test_models.py`):

| claim | samples |
|---|---|
| MANOVA: false alarms of Wilks' lambda at 5 %; coefficients of an outcome: unbiased, interval covers | 200 |
| moderation with unequal spreads: product unbiased, its interval and that of the slope at -1 SD cover | 200 |
| mixed model, 14 people, 6 stimuli, unequal trials: every search converges, effect unbiased, interval covers, false \
alarms at 5 % | 200 (`make test-long`) |
| the same without a slope over people: more than 10 % false alarms, as warned | 200 (`make test-long`) |
| repeated measures without sphericity: false alarms of all effects at 5 % (uncorrected: more than 9 %) | 200 |
| analysis of covariance, unequal groups and spreads: difference unbiased, interval covers | 200 |
| CR2 errors, 15 people with 2 to 20 rows: interval covers (rows taken for people: below 70 %) | 200 |
| fractional logit and two-part model with a floor: unbiased, interval covers | 200 |
| Cox regression, median latency, share of responders: interval covers; log-rank test: false alarms at 5 % | 200 |
| Bayes factors: odds of an effect come true as often as they say | 400 |
| permutation of people: false alarms at 5 % | 200 (`make test-long`) |

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
| multivariate tests | Hotelling's T squared from means and pooled covariance |
| simple slopes, Johnson-Neyman bounds | a regression with the moderator centred there |
| CR2 errors, fractional logit, two-part model | the test of people's means, of groups' means |
| restricted likelihood and its gradient | the whole covariance of all rows, inverted; differences |
| mixed model of balanced trials | the paired test of people's means, to 6 digits |
| repeated measures of two levels | the paired test; the test of people's means |
| power of the multivariate interaction | 2,000 simulated studies |
| Bayes factor of groups | the noncentral t density, averaged over the prior |
| elastic net | its optimality conditions |
| sample sizes | study 1's 128, study 2's 68; G*Power's 782, 84, 29 for r = .1, .3, .5 |

## Choices that differ between programs

- Mann-Whitney: exact without ties and with fewer than 50 people a group, as in R; the result names the method.
- Wilcoxon: the statistic is W+ (R's V), not min(W+, W-) as in scipy. Differences are rounded to 12 digits first, so
  that 0.3 - 0.1 and 0.2 are tied; R does so only with `digits.rank`.
- Hedges' g: exact correction (gamma functions).
- Cohen's d beside Welch's test divides by the average SD and says so; beside Student's by the pooled SD.
- Chi-square of 2 x 2 tables: without Yates' correction unless asked for; R corrects.
- Levene's test is centred on medians, as in `car`.
- Mixed models: lme4's default search stops at 4 to 5 digits of the standard errors, at a deviance above ours; the
  comparison tells it to go on. A by-person slope for everything that varies within people is the default here.
- Mauchly's p: R's second-order term holds the number of cells where the number of contrasts belongs; ours does not.
- Repeated measures: Greenhouse-Geisser's correction always, whatever Mauchly's test says.
- Cluster-robust errors: CR2 with Bell & McCaffrey's df; CR1 with G - 1 df on request.
- Bayes factor of a correlation: the prior's width is 1/3, as in R's BayesFactor; JASP has 1. Both are printed.
- Elastic net: penalties as in scikit-learn; glmnet scales the outcome.
- Power of a correlation is exact; R's `pwr` approximates it by Fisher's z.
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
