"""Power counted by hand: shares, intervals, families, analyses that were not done."""

import pytest
from scipy import stats

from mimicrylab.power.draws import SimulatedRun, TermResult, name_term, read_run
from mimicrylab.power.summary import summarise_runs, tabulate_power
from mimicrylab.protocol.analyses import Analysis, Outcome

OUTCOME = Outcome(measure="mean")
FIRST = Analysis(id="first", hypothesis="H1", model="one_sample", outcome=OUTCOME)
SECOND = Analysis(id="second", hypothesis="H1", model="one_sample", outcome=OUTCOME)
OTHER = Analysis(id="other", hypothesis="H2", model="one_sample", outcome=OUTCOME, alpha=0.01)


def make_run(number: int, *tests: TermResult, people: int = 20) -> SimulatedRun:
    return SimulatedRun(people, number, people - 2, tests)


def test_power_is_the_share_of_corrected_p_below_alpha_and_not_done_counts_as_not_found() -> None:
    runs = [
        make_run(0, TermResult("first", "x", 1.0, 0.01, 0.02, 0.5, "d", 18)),
        make_run(1, TermResult("first", "x", 3.0, 0.04, 0.08, 0.7, "d", 16)),
        make_run(2, TermResult("first", "", reason="too few people")),
        make_run(3, TermResult("first", "x", 2.0, 0.01, 0.049, 0.6, "d", 17)),
    ]
    (row,) = summarise_runs(runs, [FIRST], ["first"])
    assert (row.power, row.power_uncorrected, row.runs, row.not_done) == (0.5, 0.75, 4, 1)
    assert (row.estimate, row.effect, row.n, row.analysed) == (2.0, pytest.approx(0.6), 17.0, 18.0)
    interval = stats.binomtest(2, 4).proportion_ci()
    assert (row.ci_low, row.ci_high) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert row.reason == "too few people"


def test_each_analysis_has_its_own_alpha_and_p_stands_alone_where_nothing_is_corrected() -> None:
    runs = [make_run(0, TermResult("other", "x", 1.0, 0.03), TermResult("first", "x", 1.0, 0.03))]
    power = {row.analysis: row.power for row in summarise_runs(runs, [FIRST, OTHER], ["first", "other"])}
    assert power == {"first": 1.0, "other": 0.0}


def test_a_family_is_counted_as_a_whole() -> None:
    hit, miss = (lambda name, p: TermResult(name, "x", 1.0, p, p)), 0.5
    runs = [
        make_run(0, hit("first", 0.01), hit("second", 0.01)),
        make_run(1, hit("first", 0.01), hit("second", miss)),
        make_run(2, hit("first", miss), hit("second", miss)),
    ]
    rows = summarise_runs(runs, [FIRST, SECOND], ["first", "second"])
    together = {row.term: row.power for row in rows if not row.analysis}
    assert together == {"at least one of 2 tests": pytest.approx(2 / 3), "all of 2 tests": pytest.approx(1 / 3)}
    assert {row.family for row in rows} == {"confirmatory: H1"}


def test_an_analysis_that_is_never_done_has_one_row_with_its_reason() -> None:
    runs = [make_run(number, TermResult("first", "", reason="nobody in an arm")) for number in range(3)]
    (row,) = summarise_runs(runs, [FIRST], ["first"])
    assert (row.power, row.not_done, row.reason) == (0.0, 3, "nobody in an arm")


def test_numbers_of_people_come_in_order() -> None:
    runs = [make_run(0, TermResult("first", "x", 1.0, 0.01), people=people) for people in (40, 20)]
    assert tabulate_power(summarise_runs(runs, [FIRST], ["first"]))["people"].to_list() == [20, 40]


def test_a_run_survives_its_file() -> None:
    run = make_run(0, TermResult("first", "x", 1.0, 0.01, 0.02, 0.5, "d", 18))
    assert read_run(run.to_dict()) == run


def test_a_term_is_the_same_in_every_study() -> None:
    assert name_term("fear: a - b between -0.5 and 0.5") == name_term("fear: a - b between -1.25 and 1.25")
    assert name_term("between groups") == "between groups"
