"""What the report says of the frozen plan."""

from mimicrylab.protocol.frozen_plan import FrozenPlan, hash_plan
from mimicrylab.report.content import Listing, Notice, Prose
from mimicrylab.report.sections.deviations import NOT_FROZEN, build_deviations
from mimicrylab.report.source import ReportSource, StudyTables
from mimicrylab.report.tables import ReportTable
from unit.protocol.study_texts import read
from unit.protocol.test_deviations import PLAN


def make_source(*versions: str, now: str = PLAN, collected: tuple[str, ...] = ()) -> ReportSource:
    """Return the source of a study whose plan was frozen in these versions, one a month."""
    frozen = []
    for number, text in enumerate(versions, start=1):
        plan = {"study": read(text).model_dump(mode="json"), "materials": {}}
        time = f"2026-0{number}-05T10:00:00+00:00"
        frozen.append(FrozenPlan(number, time, "mimicrylab 0.1.0", hash_plan(plan), plan, collected))
    plan = {"study": read(now).model_dump(mode="json"), "materials": {}}
    return ReportSource(study=read(now), tables=StudyTables(), frozen=tuple(frozen), plan=plan)


def test_a_plan_that_nobody_froze_is_said_and_a_study_without_a_plan_has_no_section() -> None:
    section = build_deviations(make_source())
    assert section is not None
    assert [item.html for item in section.items if isinstance(item, Notice)] == [NOT_FROZEN]
    without = PLAN.split("analyses:")[0]
    assert build_deviations(make_source(now=without)) is None


def test_a_study_that_follows_its_plan_says_so_with_day_and_hash() -> None:
    source = make_source(PLAN)
    section = build_deviations(source)
    assert section is not None
    text = " ".join(str(item.html) for item in section.items if isinstance(item, Prose))
    assert "frozen on 2026-01-05, before the folder held any data" in text
    assert source.frozen[0].sha256 in text
    assert "Nothing in study.yaml" in text
    assert not any(isinstance(item, ReportTable) for item in section.items)


def test_each_deviation_is_a_row_the_weightiest_first() -> None:
    now = PLAN.replace("planned: 40", "planned: 60").replace("id: mimicry,", "id: mimicry, alpha: 0.01,")
    section = build_deviations(make_source(PLAN, now=now, collected=("3 recordings",)))
    assert section is not None
    (notice,) = [item for item in section.items if isinstance(item, Notice)]
    assert notice.html == "2 deviations from the frozen plan, 1 of them in the analysis plan."
    (table,) = [item for item in section.items if isinstance(item, ReportTable)]
    assert table.frame.select("part", "place", "was", "is").rows() == [
        ("Analysis plan", "analyses.mimicry.alpha", "0.05", "0.01"),
        ("Sample", "participants.planned", "40", "60"),
    ]
    assert "after data collection had begun" in str(section.items[0])


def test_earlier_versions_tell_what_was_changed_between_them() -> None:
    second = PLAN.replace("planned: 40", "planned: 60")
    section = build_deviations(make_source(PLAN, second, now=second))
    assert section is not None
    (listing,) = [item for item in section.items if isinstance(item, Listing)]
    assert len(listing.items) == 2
    assert "participants.planned (number of participants planned): was 40, is 60" in listing.items[1]
    assert "(version 2) was frozen on 2026-02-05" in str(section.items[0])


def test_a_deviation_that_a_later_freezing_took_up_is_told_among_the_versions_only() -> None:
    second = PLAN.replace("planned: 40", "planned: 60")
    section = build_deviations(make_source(PLAN, second, now=second))
    assert section is not None
    assert not any(isinstance(item, ReportTable) for item in section.items)
