"""Running a plan."""

from __future__ import annotations

import pytest

from made_plans import make_analysis, make_data
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.stats.plan import run
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.plan.run import FAULT, derive_seed, list_family, run_plan


def plan(identity: str, hypothesis: str = "H1", **settings: object) -> Analysis:
    return make_analysis("one_sample", outcome={"measure": "congruence"}).model_copy(
        update={"id": identity, "hypothesis": hypothesis} | settings
    )


def test_every_analysis_has_a_result_in_order_and_a_family_is_corrected_together() -> None:
    data = make_data()
    groups = make_analysis(
        "two_groups",
        outcome={"measure": "congruence"},
        predictors=[{"name": "treatment", "kind": "treatment"}],
    ).model_copy(update={"id": "second"})
    seen: list[tuple[str, int, int]] = []
    results = run_plan(data, [plan("first"), groups], watch=lambda r, done, of: seen.append((r.analysis.id, done, of)))
    assert [result.analysis.id for result in results] == ["first", "second"]
    assert seen == [("first", 1, 2), ("second", 2, 2)]
    ps = [result.estimates[0].p for result in results]
    adjusted = [result.estimates[0].p_adjusted for result in results]
    assert adjusted == pytest.approx([min(2 * ps[0], 1), ps[1]] if ps[0] < ps[1] else [ps[0], min(2 * ps[1], 1)])


def test_what_cannot_be_done_stands_there_with_its_reason_and_stops_nothing() -> None:
    results = run_plan(make_data(), [make_analysis("one_sample", outcome={"measure": "meen"}), plan("after")])
    assert [result.state for result in results] == ["not possible", "done"]
    assert "did you mean 'mean'" in str(results[0].reason)


def test_an_error_that_nobody_foresaw_is_told_as_the_programs_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> AnalysisResult:
        raise IndexError("list index out of range")

    monkeypatch.setattr(run, "MODELS", {**run.MODELS, "one_sample": fail})
    result = run_plan(make_data(), [plan("broken")])[0]
    assert result.state == "not possible"
    assert str(result.reason).startswith(FAULT)


def test_the_seed_of_an_analysis_does_not_depend_on_the_others() -> None:
    data = make_data()
    flips = plan("flips", method="sign_flip")
    alone = run_plan(data, [flips], seed=5)[0]
    beside = run_plan(data, [plan("another", "H2"), flips], seed=5)[1]
    assert alone.estimates == beside.estimates
    assert derive_seed(5, "flips") != derive_seed(6, "flips")


def test_a_family_is_what_a_corrected_p_needs() -> None:
    published = plan("published", as_published=True, standing="exploratory")
    every = [plan("a"), plan("b"), plan("c", "H2"), published, plan("d", "H3", family="H2")]
    assert [one.id for one in list_family(every, ["b"])] == ["a", "b"]
    assert [one.id for one in list_family(every, ["d"])] == ["c", "d"]
    assert [one.id for one in list_family(every, ["published"])] == ["published"]
