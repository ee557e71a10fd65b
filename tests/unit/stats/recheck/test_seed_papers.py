"""What is told of the two published studies: every slip that recomputing by hand has shown, and nothing else."""

from mimicrylab.stats.recheck.findings import Finding
from mimicrylab.stats.recheck.reading import parse_paper, read_example
from mimicrylab.stats.recheck.run import recheck_paper


def check(name: str) -> tuple[Finding, ...]:
    return recheck_paper(parse_paper(read_example(name), where=name))


def test_study_1() -> None:
    found = {(finding.rule, finding.about[0]): finding for finding in check("kovalchuk-2022")}
    slips = [key for key, finding in found.items() if finding.kind == "slip"]
    assert slips == [
        ("df from interval width", "ols"),
        ("r squared within R squared", "emotions_in_sample"),
        ("name of the error", "all_in_sample"),
        ("parts of a whole", "White"),
        ("what is said of p", "emotions"),
    ]
    width = found["df from interval width", "ols"]
    assert "585 to 588 residual df, that is of 613 to 616 rows" in width.follows
    assert "rows of one person were treated as independent" in width.means
    assert "Disgust alone has r = -0.223726, which explains .050" in found[slips[1]].follows
    assert "mean absolute error fits its size" in found[slips[2]].means
    assert "it is no mean squared error" in found[slips[2]].means
    assert "make 66" in found[slips[3]].follows
    assert "Contempt (p 0.015) is below 0.05" in found[slips[4]].follows


def test_study_1_cuts_digits_off_and_that_is_a_note() -> None:
    (note,) = [finding for finding in check("kovalchuk-2022") if finding.kind == "note"]
    assert note.rule == "rounding"
    assert "everybody's mean 47: the groups' means, male 41.77 (22), female 50.28 (59) give 48.0" in note.follows
    assert "cut off" in note.means


def test_study_2() -> None:
    found = check("pavarini-2019")
    assert [(finding.rule, finding.about[0]) for finding in found if finding.kind == "slip"] == [
        ("people in the sample", "age"),
        ("people in the sample", "dependence"),
        ("people in the sample", "anxiety"),
        ("people in the sample", "autistic_traits"),
        ("degrees of freedom", "expressivity"),
        ("difference between groups from everybody's mean", "AU17_in_sadness"),
    ]
    by_entry = {finding.about[0]: finding for finding in found}
    assert "at least 147 people" in by_entry["anxiety"].means
    assert "(11, 133); p is then .481 to .491, as printed" in by_entry["expressivity"].follows
    assert "everybody's mean .211 (145) and the mean of placebo .211 give 0.00" in by_entry["AU17_in_sadness"].follows
