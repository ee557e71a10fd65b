from dataclasses import replace

import pytest

from made_plans import make_analysis
from mimicrylab.errors import InputError
from mimicrylab.protocol.families import find_mixed_corrections
from mimicrylab.stats.adjustment import adjust_p
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.plan.families import adjust_families
from mimicrylab.stats.plan.results import AnalysisResult


def make_result(name: str, *p: float, **settings: object) -> AnalysisResult:
    lines = [Estimate(name, f"test {index}", 1.0, p=value) for index, value in enumerate(p)]
    beside = Estimate(name, "covariate", 1.0, p=0.001)
    analysis = make_analysis("one_sample", id=name, **settings)
    return AnalysisResult(analysis, estimates=(*lines, beside), tests=tuple(line.term for line in lines))


def list_adjusted(results: list[AnalysisResult]) -> list[float | None]:
    return [line.p_adjusted for result in results for line in result.estimates if line.term != "covariate"]


def test_confirmatory_tests_of_a_hypothesis_are_one_family() -> None:
    results = adjust_families([make_result("a", 0.01, 0.03), make_result("b", 0.04)])
    assert list_adjusted(results) == adjust_p([0.01, 0.03, 0.04])
    assert results[0].estimates[0].family == "H1 (Holm, 3 tests)"
    assert results[0].estimates[-1].p_adjusted is None


def test_exploratory_and_published_tests_weaken_no_family() -> None:
    plan = [
        make_result("a", 0.04),
        make_result("b", 0.01, 0.02, standing="exploratory"),
        make_result("c", 0.03, as_published=True),
        make_result("d", 0.03, standing="exploratory", family="H1"),
    ]
    assert list_adjusted(adjust_families(plan)) == [0.04, 0.02, 0.02, 0.03, 0.03]


def test_other_hypotheses_and_families_are_corrected_apart() -> None:
    plan = [
        make_result("a", 0.02),
        make_result("b", 0.02, hypothesis="H2"),
        make_result("c", 0.02, family="F"),
        make_result("d", 0.02, hypothesis="H2", family="F"),
    ]
    assert list_adjusted(adjust_families(plan)) == [0.02, 0.02, 0.04, 0.04]


def test_what_was_not_done_does_not_count() -> None:
    undone = AnalysisResult(make_analysis("one_sample", id="b"), state="not possible", reason="nobody")
    results = adjust_families([make_result("a", 0.02), undone])
    assert results[0].estimates[0].p_adjusted == 0.02
    assert results[1] == undone


def test_benjamini_hochberg_for_a_whole_family() -> None:
    plan = [make_result("a", 0.01, 0.03, correction="bh"), make_result("b", 0.04, correction="bh")]
    results = adjust_families(plan)
    assert list_adjusted(results) == adjust_p([0.01, 0.03, 0.04], method="bh")
    mixed = [plan[0], replace(plan[1], analysis=make_analysis("one_sample", id="b"))]
    with pytest.raises(InputError, match="corrected in two ways"):
        adjust_families(mixed)


def test_a_family_of_two_corrections_is_told_before_there_are_data() -> None:
    plan = [make_analysis("one_sample", id=name) for name in "ab"]
    assert not list(find_mixed_corrections(plan))
    (found,) = find_mixed_corrections([plan[0], make_analysis("one_sample", id="c", correction="bh"), plan[1]])
    assert found[0] == ("analyses", 1, "correction")
    assert "'a' of the same family has holm" in found[1]
