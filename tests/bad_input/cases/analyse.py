"""Plans that are refused or cannot be done."""

from bad_input.case import Case
from bad_input.unsound_plans import UNEVEN_CAMERAS, planned, trials_planned

EQ = "{name: EQ, kind: trait}"
ARM = "{name: arm, kind: treatment}"
RUN = "analyse --data table.csv --plan plan.yaml"

CASES = (
    Case(
        "unpaired-people",
        "Two conditions that nobody was in both of, in a paired test.",
        trials_planned("pairs", "paired", predictors="{name: phase, kind: within}"),
        RUN,
        """
        several rows a person: a row is a trial or condition
        phase is the column 'phase' (by its name; another: columns in the plan file)
        analysis  n  found                                                                                                                                             p
        pairs     -  REFUSED: analysis 'pairs': nobody has more than one level of 'phase': different people cannot be paired; do: compare the groups as independent    -
                     ones (model: two_groups, kind: trait)

        0 of 1 analysis done; 12 people
        p: the smallest of an analysis's tests, corrected over its family; in parentheses: not corrected
        tables and numbers: table-analyses
        report: table-analyses/report/report.html
        """,
        may_add=("table-analyses/*",),
    ),
    Case(
        "paired-groups",
        "Two groups of different people in a paired test.",
        planned("pairs", "paired", predictors="{name: arm, kind: treatment}"),
        RUN,
        """
        error: plan.yaml:11: analyses.0.predictors: groups of different people cannot be paired; use model: two_groups
        """,
    ),
    Case(
        "rows-as-people",
        "Trials taken for people.",
        trials_planned("stacked", "correlation", predictors=EQ, more="    rows: trials\n"),
        RUN,
        """
        error: plan.yaml:10: analyses.0.rows: several rows of one person are not independent, and correlation takes them for different people; use rows: people, model: repeated or mixed, a regression with method: cluster, or as_published: true, which labels the result
        """,
    ),
    Case(
        "least-squares-on-rows",
        "Ordinary least squares on several rows of a person.",
        trials_planned("stacked", "regression", predictors=EQ, more="    rows: trials\n    method: ols\n"),
        RUN,
        """
        error: plan.yaml:10: analyses.0.rows: several rows of one person are not independent, and ols takes them for different people; use rows: people, model: repeated or mixed, a regression with method: cluster, or as_published: true, which labels the result
        """,
    ),
    Case(
        "within-person-z",
        "A within-person z related to a trait.",
        planned("trait", "correlation", outcome="measure: smile_z", predictors=EQ),
        RUN,
        """
        one row a person
        analysis  n  found                                                                                                                                             p
        trait     -  REFUSED: analysis 'trait': 'smile_z' is a within-person z: it sets every person's mean to 0, so nothing is left to be related to 'EQ', which      -
                     differs between people; do: take its measure in the signal's own unit, or congruence

        0 of 1 analysis done; 12 people
        p: the smallest of an analysis's tests, corrected over its family; in parentheses: not corrected
        tables and numbers: table-analyses
        report: table-analyses/report/report.html
        """,
        may_add=("table-analyses/*",),
    ),
    Case(
        "largest-values",
        "Largest values of people who were filmed at different frame rates.",
        UNEVEN_CAMERAS,
        "analyse study",
        """
        analysis       n  found                                                                                                                                        p
        largest_smile  -  REFUSED: analysis 'largest_smile': 'peak' is a largest value, which grows with the number of frames, and people were filmed at 15 to 30      -
                          frames/s; do: take peak_of_means (maximum of 500-ms means) or percentile_95

        0 of 1 analysis done; 4 people
        p: the smallest of an analysis's tests, corrected over its family; in parentheses: not corrected
        tables and numbers: study/analyses
        """,
        may_add=("study/analyses/*", "study/log/*"),
    ),
    Case(
        "few-people",
        "Two people in a group.",
        planned("arms", "two_groups", predictors=ARM, people=5),
        RUN,
        """
        one row a person
        analysis  n  found                                                                                                      p
        arms      -  NOT POSSIBLE: group 'oxytocin' of 'arm': too few people; expected: at least 3; found: 2; do: collect more  -

        0 of 1 analysis done; 5 people
        p: the smallest of an analysis's tests, corrected over its family; in parentheses: not corrected
        tables and numbers: table-analyses
        report: table-analyses/report/report.html
        """,
        may_add=("table-analyses/*",),
    ),
    Case(
        "missing-arm",
        "Everybody in one arm.",
        planned("arms", "two_groups", predictors=ARM, arm="placebo"),
        RUN,
        """
        one row a person
        analysis  n  found                                                                                                                              p
        arms      -  NOT POSSIBLE: analysis 'arms': 'arm' has 1 level(s) here, this test compares two; found: placebo; do: check who is in which group  -

        0 of 1 analysis done; 12 people
        p: the smallest of an analysis's tests, corrected over its family; in parentheses: not corrected
        tables and numbers: table-analyses
        report: table-analyses/report/report.html
        """,
        may_add=("table-analyses/*",),
    ),
    Case(
        "constant-outcome",
        "An outcome that is the same for everybody.",
        planned("still", "correlation", outcome="score: still", predictors=EQ),
        RUN,
        """
        one row a person
        analysis  n  found                                                                                   p
        still     -  NOT POSSIBLE: column 'still': the value is the same for everybody; expected: variation  -

        0 of 1 analysis done; 12 people
        p: the smallest of an analysis's tests, corrected over its family; in parentheses: not corrected
        tables and numbers: table-analyses
        report: table-analyses/report/report.html
        """,
        may_add=("table-analyses/*",),
    ),
    Case(
        "collinear-predictors",
        "A predictor that follows from another.",
        planned("both", "regression", predictors=f"{EQ}, {{name: EQ_doubled, kind: trait}}"),
        RUN,
        """
        one row a person
        analysis  n  found                                                                                                                   p
        both      -  NOT POSSIBLE: predictors: predictors determine each other; found: EQ_doubled follows from the others; do: leave it out  -

        0 of 1 analysis done; 12 people
        p: the smallest of an analysis's tests, corrected over its family; in parentheses: not corrected
        tables and numbers: table-analyses
        report: table-analyses/report/report.html
        """,
        may_add=("table-analyses/*",),
    ),
    Case(
        "unfit-method",
        "A method of another model.",
        planned("arms", "two_groups", predictors=ARM, more="    method: pearson\n"),
        RUN,
        """
        error: plan.yaml:12: analyses.0.method: pearson is no method of two_groups; expected one of welch, student, permutation, mann_whitney, equivalence
        """,
    ),
)
