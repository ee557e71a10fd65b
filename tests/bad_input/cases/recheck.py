"""Files of printed results that cannot be read, and studies without results."""

from bad_input.case import Case
from bad_input.inputs import nothing, study, table, text_file

PAPER = """\
version: 1
title: A paper
groups:
  - {id: sex, n_1: 22, n_2: 59, t: -3.35, p: .001}
"""

CASES = (
    Case(
        "nothing-named",
        "Neither a file nor an example.",
        nothing,
        "recheck",
        """
        Usage: mimicrylab recheck [OPTIONS] [what]
        Try 'mimicrylab recheck -h' for help.

        Error: Invalid value: name a file or a study, or --example NAME
        """,
        exit_code=2,
    ),
    Case(
        "no-file",
        "A file that does not exist.",
        nothing,
        "recheck paper.yaml",
        """
        error: paper.yaml: there is no such file of printed results
          do: docs/recheck.md shows one; --example too
        """,
    ),
    Case(
        "unknown-example",
        "An example that does not exist.",
        nothing,
        "recheck --example pavarini",
        """
        error: unknown example 'pavarini' (did you mean 'pavarini-2019'?)
          expected: one of kovalchuk-2022, pavarini-2019
        """,
    ),
    Case(
        "no-study",
        "A folder that is no study.",
        nothing,
        "recheck .",
        """
        error: .: this is not a study folder: it has no study.yaml
          do: mimicrylab new . --template minimal
        """,
    ),
    Case(
        "no-results",
        "A study whose analyses have not run.",
        study(),
        "recheck study",
        """
        error: study: the study has no results to check
          expected: analyses/results.json or report/results.json
          do: mimicrylab run study
        """,
    ),
    Case(
        "no-number",
        "A statistic that is no number.",
        text_file("paper.yaml", PAPER.replace("-3.35", "n.s.")),
        "recheck paper.yaml",
        """
        error: paper.yaml:4: groups.0.t: 'n.s.' is not a printed number
        """,
    ),
    Case(
        "decimal-comma",
        "A decimal comma.",
        text_file("paper.yaml", PAPER.replace("p: .001", 'p: "0,001"')),
        "recheck paper.yaml",
        """
        error: paper.yaml:4: groups.0.p: '0,001' is not a printed number; write the decimal point as a point, and no commas between thousands
        """,
    ),
    Case(
        "unknown-field",
        "A misspelt field.",
        text_file("paper.yaml", PAPER.replace("n_1", "n1")),
        "recheck paper.yaml",
        """
        error: paper.yaml:4: groups.0.n1: unknown (did you mean 'n_1'?)
        """,
    ),
    Case(
        "unknown-list",
        "A misspelt list.",
        text_file("paper.yaml", PAPER.replace("groups:", "group:")),
        "recheck paper.yaml",
        """
        error: paper.yaml:3: group: unknown (did you mean 'groups'?)
        """,
    ),
    Case(
        "unknown-sample",
        "A sample that is not named.",
        text_file("paper.yaml", PAPER.replace("n_1: 22", "sample: all")),
        "recheck paper.yaml",
        """
        error: paper.yaml:1: sex: no sample is called 'all'
        """,
    ),
    Case(
        "csv-without-kind",
        "A table that does not say what its rows are.",
        table("paper.csv", "id,t", "sex,-3.35"),
        "recheck paper.csv",
        """
        error: paper.csv:1: the column 'kind' is missing (did you mean 'id'?)
          expected: a row a printed result, with its kind: samples, groups, one_sample, differences, means, correlations, models, coefficients, multivariate, f_tests, chi_square, tallies, statements
        """,
    ),
    Case(
        "csv-wrong-kind",
        "A table with a kind that does not exist.",
        table("paper.csv", "kind,id,t", "group,sex,-3.35"),
        "recheck paper.csv",
        """
        error: paper.csv:2: unknown kind 'group' (did you mean 'groups'?); the kinds are samples, groups, one_sample, differences, means, correlations, models, coefficients, multivariate, f_tests, chi_square, tallies, statements
        """,
    ),
    Case(
        "not-yaml",
        "A quote that is never closed.",
        text_file("paper.yaml", PAPER.replace("A paper", '"A paper')),
        "recheck paper.yaml",
        """
        error: paper.yaml:5: a quote is opened and never closed
        """,
    ),
)
