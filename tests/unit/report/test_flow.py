"""The participant flow: the numbers of study 1, and that they always add up."""

from __future__ import annotations

import itertools

import polars as pl

from mimicrylab import schemas
from mimicrylab.report.figures.flow import describe_flow, draw_flow
from mimicrylab.report.flow import FlowStep, find_losses, name_reason, tabulate_flow, trace_flow
from mimicrylab.report.source import read_source
from mimicrylab.tables import conform_table
from unit.report.formula_cohort import write_cohort


def make_study_one() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, list[str]]:
    """87 people (63 women, 24 men); 6 without questionnaires (4, 2), 31 with poor recordings (23, 8); 50 are left."""
    women = [f"w{number}" for number in range(63)]
    men = [f"m{number}" for number in range(24)]
    without = women[:4] + men[:2]
    poor = women[4:27] + men[2:10]
    people = pl.DataFrame(
        {
            "participant_id": women + men,
            "sex": ["female"] * 63 + ["male"] * 24,
            "state": ["finished"] * 87,
            "excluded": [False] * 87,
        }
    )
    rows = [(name, None, "participant", "questionnaires", "questionnaire lost") for name in without]
    rows += [
        (name, name, "recording", "quality", f"grade {1 + index % 3}, 0 is asked for")
        for index, name in enumerate(poor)
    ]
    columns = ["participant_id", "recording_id", "level", "stage", "reason"]
    exclusions = pl.DataFrame(rows, schema=columns, orient="row")
    recordings = pl.DataFrame({"recording_id": women + men, "participant_id": women + men})
    analysed = sorted({*women, *men} - {*without, *poor})
    conformed = conform_table(people, schemas.PARTICIPANTS, where="test")
    return conformed, recordings, conform_table(exclusions, schemas.EXCLUSIONS, where="test"), analysed


def trace_study_one() -> list[FlowStep]:
    people, recordings, exclusions, analysed = make_study_one()
    return trace_flow(people, find_losses(people, recordings, exclusions, analysed=analysed))


def test_study_one_flows_from_87_over_81_to_50_by_sex() -> None:
    steps = trace_study_one()
    assert [step.n for step in steps] == [87, 81, 50]
    assert [dict(step.groups)["sex"] for step in steps] == [
        (("female", 63), ("male", 24)),
        (("female", 59), ("male", 22)),
        (("female", 36), ("male", 14)),
    ]
    assert steps[1].losses == (("questionnaire lost", 6),)


def test_numbers_add_up_at_every_step() -> None:
    steps = trace_study_one()
    for before, after in itertools.pairwise(steps):
        assert before.n - sum(count for _, count in after.losses) == after.n
        assert sum(count for _, members in after.groups for _, count in members) == after.n
    people, *_, analysed = make_study_one()
    assert steps[0].n == people.height
    assert steps[-1].n == len(analysed)


def test_arms_are_counted_only_when_they_are_known() -> None:
    people, recordings, exclusions, analysed = make_study_one()
    kits = people.with_columns(pl.format("K{}", pl.int_range(pl.len()) % 2).alias("kit"))
    losses = find_losses(kits, recordings, exclusions, analysed=analysed)
    blinded = trace_flow(kits, losses)
    opened = trace_flow(kits, losses, arms={"K0": "placebo", "K1": "oxytocin"})
    assert [name for name, _ in blinded[-1].groups] == ["sex"]
    assert sum(count for _, count in dict(opened[-1].groups)["arm"]) == 50


def test_first_stage_explains_a_loss_and_what_is_unexplained_is_said() -> None:
    people, recordings, exclusions, analysed = make_study_one()
    twice = exclusions.with_columns(pl.col("participant_id").replace({"w4": "w0"}))
    losses = find_losses(people, recordings, twice, analysed=analysed)
    assert losses["w0"] == ("questionnaires", "questionnaire lost")
    assert losses["w4"] == ("quality", "reason not recorded")
    unrecorded = find_losses(people, recordings.filter(pl.col("participant_id") != "w4"), twice, analysed=analysed)
    assert unrecorded["w4"] == ("recording", "no recording")


def test_a_visit_broken_off_does_not_hide_the_reason_in_the_log() -> None:
    """The log says that w5's recording was too poor; that the visit was also broken off excluded nobody."""
    people, recordings, exclusions, analysed = make_study_one()
    stopped = people.with_columns(
        pl.when(pl.col("participant_id").is_in(["w5", "w40"])).then(pl.lit("aborted")).otherwise("state").alias("state")
    )
    losses = find_losses(stopped, recordings, exclusions, analysed=[name for name in analysed if name != "w40"])
    assert losses["w5"][0] == "quality"
    assert losses["w40"] == ("session", "broken off")


def test_reasons_with_figures_are_counted_together() -> None:
    assert name_reason("41.2 % of the frames are valid, 50 % are asked for") == "too few valid frames"
    assert name_reason("age (61) above the limit") == "age above the limit"


def test_diagram_says_every_number_in_words_and_data() -> None:
    steps = trace_study_one()
    figure = draw_flow(steps, name="flow", title="Flow")
    words = describe_flow(steps)
    assert figure.alt == words
    for number in ("87", "81", "50", "63", "36", "14"):
        assert number in words
    left = tabulate_flow(steps).filter(pl.col("kind") == "left")
    assert left["count"].to_list() == [87, 81, 50]


def test_cohort_flow_ends_with_those_who_are_analysed(tmp_path) -> None:
    from mimicrylab.protocol.design import read_study

    folder = write_cohort(tmp_path, 9, lost=4)
    source = read_source(folder, read_study(folder.study_file))
    tables = source.tables
    losses = find_losses(tables.participants, tables.recordings, tables.exclusions, analysed=source.analysed)
    steps = trace_flow(tables.participants, losses)
    assert [step.n for step in steps] == [9, 5]
    assert steps[-1].n == len(source.analysed)
