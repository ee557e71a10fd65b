"""What the sections say, with one person, with missing values, and while a study is blinded."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from mimicrylab.protocol.arms import Assignment
from mimicrylab.protocol.design import read_study
from mimicrylab.protocol.measurement import MeasureRequest, Window
from mimicrylab.report.assembly import assemble_report
from mimicrylab.report.content import Notice, Section, list_figures, list_tables
from mimicrylab.report.document import write_documents
from mimicrylab.report.figures.drawing import Figure
from mimicrylab.report.losses import average_losses, build_losses
from mimicrylab.report.methods import write_methods
from mimicrylab.report.sections.limits import build_limits
from mimicrylab.report.sections.mimicry import build_mimicry
from mimicrylab.report.sections.participants import build_participants
from mimicrylab.report.sections.quality import build_quality, share_valid_frames, weigh_causes
from mimicrylab.report.sections.questionnaires import build_questionnaires
from mimicrylab.report.sections.ratings import average_ratings
from mimicrylab.report.sections.reactions import build_reactions
from mimicrylab.report.sections.timecourses import assemble_courses, build_timecourses, list_compared
from mimicrylab.report.source import ReportSource, StudyTables, read_source
from mimicrylab.study import StudyFolder

SHARES = {"share_valid": pl.Float64, "share_gap": pl.Float64}


def list_notices(section: Section) -> str:
    return " ".join(str(item.html) for item in section.items if isinstance(item, Notice))


def test_one_person_gets_quality_and_time_courses_and_hears_what_needs_more_people(source_of_one: ReportSource) -> None:
    sections = {section.anchor: section for section in assemble_report(source_of_one).sections}
    assert list_figures([sections["quality"]])
    assert list_figures([sections["time-courses"]])
    assert "at least three participants" in list_notices(sections["time-courses"])
    assert "at least three participants" in list_notices(sections["mimicry"])
    assert sections["mimicry"].estimates == ()
    assert list_tables([sections["measures"]])


def test_mimicry_needs_three_people_not_two(source_of_twelve: ReportSource) -> None:
    two = replace(source_of_twelve, analysed=source_of_twelve.analysed[:2])
    three = replace(source_of_twelve, analysed=source_of_twelve.analysed[:3])
    assert build_mimicry(two).estimates == ()
    assert len(build_mimicry(three).estimates) == 6  # 3 contrasts, with and without neutral


def test_empty_folder_names_the_commands_to_run(bare_folder: Path) -> None:
    folder = StudyFolder(bare_folder)
    html = write_documents(assemble_report(read_source(folder, read_study(folder.study_file))))["report.html"]
    assert "mimicrylab measure" in html
    assert "no recordings yet" in html


def test_excluded_recordings_do_not_enter_means(source_of_twelve: ReportSource) -> None:
    (levels,) = [one for one in list_tables([build_mimicry(source_of_twelve)]) if one.name == "levels"]
    row = levels.frame.filter(pl.col("signal") == "AU12").row(0, named=True)
    assert row["n"] == "10"
    assert row["happiness"] == pytest.approx(sum(0.5 * (1 + i / 12) for i in range(1, 11)) / 10)


def test_a_measure_in_two_windows_is_compared_in_one(source_of_twelve: ReportSource) -> None:
    """The same name in a second window: the rows of one do not enter the means of the other."""
    study, tables = source_of_twelve.study, source_of_twelve.tables
    early = tables.measures.filter(pl.col("measure") == "mean").with_columns(
        pl.lit(1.0).alias("window_stop_s"), (pl.col("value") + 100).alias("value")
    )
    asked = (MeasureRequest(measure="mean", window="early"), *study.measures)
    windows = {**study.windows, "early": Window(stop_s=1)}
    for requests, shift in ((asked, 100.0), ((*study.measures, asked[0]), 0.0)):
        source = replace(
            source_of_twelve,
            study=study.model_copy(update={"measures": requests, "windows": windows}),
            tables=replace(tables, measures=pl.concat([tables.measures, early])),
        )
        (levels,) = [one for one in list_tables([build_mimicry(source)]) if one.name == "levels"]
        row = levels.frame.filter(pl.col("signal") == "AU12").row(0, named=True)
        assert row["happiness"] == pytest.approx(shift + sum(0.5 * (1 + i / 12) for i in range(1, 11)) / 10)


def test_a_label_in_two_windows_is_named_with_its_window(source_of_twelve: ReportSource) -> None:
    study = source_of_twelve.study
    early = [MeasureRequest(measure=name, window="early_part") for name in ("mean", "peak")]
    windows = {**study.windows, "early_part": Window(stop_s=1)}
    twice = study.model_copy(update={"measures": (*study.measures, *early), "windows": windows})
    for source, words in ((source_of_twelve, ""), (replace(source_of_twelve, study=twice), " “response”")):
        mimicry, reactions = build_mimicry(source), build_reactions(source)
        assert mimicry is not None
        assert reactions is not None
        levels = next(one for one in list_tables([mimicry]) if one.name == "levels")
        assert levels.title.endswith(f"mean over the window{words}")
        (table,) = list_tables([reactions])
        assert table.title.endswith(f"(peak{' in the window' + words if words else ''})")
        assert all(f"over the window{words})" in figure.title for figure in list_figures([mimicry]))
    methods = str(write_methods(replace(source_of_twelve, study=twice)))
    assert "the mean (response), the largest value (response), the mean (early part)" in methods


def test_missing_measure_is_missing_and_counted(source_of_twelve: ReportSource) -> None:
    gone = pl.col("participant_id") == "P001"
    measures = source_of_twelve.tables.measures.with_columns(
        pl.when(gone).then(None).otherwise(pl.col("value")).alias("value")
    )
    source = replace(source_of_twelve, tables=replace(source_of_twelve.tables, measures=measures))
    contrast = next(one for one in build_mimicry(source).estimates if "AU12" in one.term)
    assert contrast.n == 9
    assert any("left out" in warning for warning in contrast.warnings)
    html = write_documents(assemble_report(source))["report.html"]
    assert "10.0% of these are missing" in html
    assert not re.search(r"\bnan\b", html, re.IGNORECASE)


def test_comparison_leaves_out_emotions_whose_units_are_not_known(source_of_twelve: ReportSource) -> None:
    assert list_compared("AU12", source_of_twelve) == ["anger", "neutral"]
    unknown = replace(source_of_twelve, congruent={"happiness": ("AU06", "AU12")})
    assert list_compared("AU12", unknown) == ["neutral"]  # what anger's stimuli show is not known
    assert list_compared("AU12L", source_of_twelve) == ["anger", "neutral"]
    assert list_compared("happiness[AU06+AU12]", source_of_twelve) == ["anger", "neutral"]


def test_comparison_leaves_out_emotions_that_show_the_unit(source_of_twelve: ReportSource) -> None:
    courses = source_of_twelve.tables.timecourses
    data = assemble_courses(courses, "happiness", ["AU12"], source_of_twelve)
    last = data.filter(pl.col("t") == 3.75)
    people = range(1, 11)
    mean = last.filter(pl.col("line") == "mean").row(0, named=True)
    assert mean["value"] == pytest.approx(sum(1 + i / 12 for i in people) / 10)
    assert mean["ci_low"] < mean["value"] < mean["ci_high"]
    other = last.filter(pl.col("line") == "comparison").row(0, named=True)
    assert other["value"] == pytest.approx(sum(i / 10 for i in people) / 10)
    assert other["ci_low"] is None


def test_neutral_has_no_time_course_of_its_own(source_of_twelve: ReportSource) -> None:
    names = [figure.name for figure in list_figures([build_timecourses(source_of_twelve)])]
    assert names == ["time-course-anger", "time-course-happiness"]


def test_shares_are_weighted_by_frames() -> None:
    judged = pl.DataFrame({"n_frames": [900, 100], "share_valid": [1.0, 0.0], "share_pose": [0.0, 0.5]})
    assert share_valid_frames(judged) == pytest.approx(0.9)
    assert weigh_causes(judged) == {"head turned away": pytest.approx(0.05)}
    assert share_valid_frames(judged.clear()) is None


def test_frames_never_recorded_weigh_as_frames() -> None:
    """1000 frames without a loss, and 10 of 1000 that were expected: half of all frames are missing, not 1 %."""
    judged = pl.DataFrame({"n_frames": [1000, 10], "share_valid": [1.0, 0.01], "share_gap": [0.0, 0.99]})
    assert share_valid_frames(judged) == pytest.approx(1010 / 2000)
    assert weigh_causes(judged) == {"nothing recorded": pytest.approx(990 / 2000)}
    never = pl.DataFrame({"n_frames": [0], "share_valid": [None], "share_gap": [None]}, schema_overrides=SHARES)
    assert share_valid_frames(never) is None


def test_incomplete_recording_is_named_with_its_reason(source_of_twelve: ReportSource) -> None:
    (table,) = [one for one in list_tables([build_quality(source_of_twelve)]) if one.name == "incomplete"]
    assert table.frame.select("recording_id", "reason").rows() == [("P012", "ends 4 s early")]


def test_reasons_of_a_grade_have_room_and_leave_the_limits_to_the_csv(source_of_twelve: ReportSource) -> None:
    tables = source_of_twelve.tables
    reasons = ["55.6 % of the frames are valid (good: from 95 %)", "4 s without a valid frame (good: up to 1 s)"]
    quality = tables.quality.with_columns(pl.lit(reasons).alias("reasons"))
    source = replace(source_of_twelve, tables=replace(tables, quality=quality))
    documents = write_documents(assemble_report(source))
    assert (
        '<td class="text wide">55.6% of the frames are valid; 4 s without a valid frame</td>'
        in (documents["report.html"])
    )
    assert re.search(r"td\.wide \{ min-width: \d+rem; \}", documents["report.html"])
    assert "good: from 95 %" in documents["tables/recordings.csv"]


def test_losses_are_about_what_was_recorded_before_exclusion(source_of_twelve: ReportSource) -> None:
    lost = average_losses(source_of_twelve)
    assert lost.height == 12 * 3
    assert lost.filter(pl.col("participant_id") == "P001")["value"].to_list() == pytest.approx([2.0] * 3)
    assert lost.filter(pl.col("participant_id") == "P012")["value"].to_list() == pytest.approx([70.0] * 3)
    found = build_losses(source_of_twelve)
    assert found.estimates == ()  # nothing differs, so nothing can be tested
    (figure,) = [item for item in found.items if isinstance(item, Figure)]
    assert "before any exclusion" in figure.note


def test_a_trial_without_a_frame_is_lost_whole(source_of_twelve: ReportSource) -> None:
    """Trials 2 and 3 show happiness; P001 has no frame in the one at 14 s, and of none after a recording's end."""
    tables = source_of_twelve.tables
    empty = (pl.col("participant_id") == "P001") & (pl.col("trial") == 2)
    quality = tables.quality.with_columns(
        pl.when(empty).then(0).otherwise(pl.col("n_frames")).alias("n_frames"),
        pl.when(empty).then(None).otherwise(pl.col("share_valid")).alias("share_valid"),
    )
    happy = (pl.col("participant_id") == "P001") & (pl.col("stimulus_emotion") == "happiness")
    for length, expected, value in ((38.0, None, 51.0), (10.0, None, 2.0), (10.0, 38.0, 51.0), (None, None, 51.0)):
        recordings = tables.recordings.with_columns(
            pl.lit(length, pl.Float64).alias("duration_s"), pl.lit(expected, pl.Float64).alias("expected_s")
        )
        source = replace(source_of_twelve, tables=replace(tables, quality=quality, recordings=recordings))
        assert average_losses(source).filter(happy)["value"].to_list() == pytest.approx([value])


def test_losses_find_the_emotion_in_which_more_is_lost(source_of_twelve: ReportSource) -> None:
    angry = pl.col("trial").is_in([4, 5]) & pl.col("participant_id").is_in(list(source_of_twelve.analysed))
    jitter = pl.col("participant_id").str.slice(1).cast(pl.Float64) / 1000
    quality = source_of_twelve.tables.quality.with_columns(
        pl.when(angry).then(0.9 + jitter).otherwise(pl.col("share_valid")).alias("share_valid")
    )
    source = replace(source_of_twelve, tables=replace(source_of_twelve.tables, quality=quality))
    anger = next(one for one in build_losses(source).estimates if one.term.startswith("anger"))
    # 10 of 12 people: 10 - 2 %, less the mean jitter of .55 %; the other two lose as much in every emotion
    assert anger.estimate == pytest.approx((8 - 0.55) * 10 / 12)
    assert anger.p_adjusted < 0.001


def test_arms_appear_only_when_they_are_known(source_of_twelve: ReportSource) -> None:
    kits = [f"K{index:02d}" for index in range(12)]
    people = source_of_twelve.tables.participants.with_columns(pl.Series("kit", kits))
    blinded = replace(source_of_twelve, tables=replace(source_of_twelve.tables, participants=people))
    arms = {kit: "placebo" if index % 2 else "oxytocin" for index, kit in enumerate(kits)}
    assert "oxytocin" not in write_documents(assemble_report(blinded))["report.html"]
    opened = write_documents(assemble_report(replace(blinded, arms=arms)))
    assert "oxytocin" in opened["report.html"]
    assert "oxytocin" in opened["figures/lost-by-condition.csv"]
    assert "tables/congruence-placebo.csv" in opened
    assert "tables/congruence-placebo.csv" not in write_documents(assemble_report(blinded))


def test_included_and_excluded_add_up_to_everybody(source_of_twelve: ReportSource) -> None:
    (table,) = [one for one in list_tables([build_participants(source_of_twelve)]) if one.name == "participants"]
    sex = table.frame.filter(pl.col("trait") == "Sex")
    assert sex["included"].to_list() == ["5 (50%)", "5 (50%)"]
    assert sex["excluded"].to_list() == ["1 (50%)", "1 (50%)"]


def test_ratings_are_averaged_within_people(source_of_twelve: ReportSource) -> None:
    ratings = average_ratings(source_of_twelve, "intensity")
    first = ratings.filter(pl.col("participant_id") == "P001")
    assert dict(first.select("stimulus_emotion", "value").iter_rows()) == {
        "anger": 3.0,
        "happiness": 2.0,
        "neutral": 1.0,
    }


def test_methods_state_what_study_yaml_declares(source_of_twelve: ReportSource) -> None:
    text = write_methods(source_of_twelve).striptags()
    assert "Of 12 participants, 10 entered the analyses (5 female, 5 male; age: M = 24.50, SD = 3.03 years)." in text
    assert "at least 80% valid frames and 15 frames/s" in text
    assert "from −1.0 to 0.0 s relative to onset" in text
    assert "landmarker" in text


def test_methods_say_by_which_limits_frames_were_judged_and_by_no_others(source_of_twelve: ReportSource) -> None:
    tables = source_of_twelve.tables
    blind = tables.quality.drop([name for name in tables.quality.columns if name.startswith("share_")])
    judged = blind.with_columns(share_no_face=pl.lit(0.0), share_pose=pl.lit(0.1), share_dark=pl.lit(None, pl.Float64))
    text = str(write_methods(replace(source_of_twelve, tables=replace(tables, quality=judged))))
    assert "the head was turned by no more than 30°" in text
    assert "grey" not in text
    assert "second face" not in text
    unjudged = str(write_methods(replace(source_of_twelve, tables=replace(tables, quality=tables.quality.clear()))))
    for words in ("mean grey", "no second face", "the mouth was not covered", "lay in the picture"):
        assert words in unjudged


def test_methods_say_how_presence_is_decided_and_trials_are_averaged(source_of_twelve: ReportSource) -> None:
    own = MeasureRequest(measure="presence", name="own", threshold_from="rest", threshold_sd=2.5)
    pooled = MeasureRequest(measure="presence", threshold=0.3, aggregate="pooled_frames")
    study = source_of_twelve.study.model_copy(update={"measures": (pooled, own)})
    text = str(write_methods(replace(source_of_twelve, study=study)))
    assert "active above 0.3 in the signal's unit" in text.replace("&#39;", "'")
    assert "active (own) above the mean plus 2.5 SD of the person's own rest" in text.replace("&#39;", "'")
    assert "each trial weighing the same; for presence trials weighed by their valid frames" in text


@pytest.mark.parametrize(("bin_s", "length"), [(None, "500-ms"), (0.25, "250-ms")])
def test_bins_are_as_long_as_the_study_asks(source_of_twelve: ReportSource, bin_s: float | None, length: str) -> None:
    tables = source_of_twelve.tables
    asked = MeasureRequest(measure="peak_of_means", bin_s=bin_s)
    study = source_of_twelve.study.model_copy(update={"measures": (asked, MeasureRequest(measure="bins", bin_s=bin_s))})
    measures = tables.measures.with_columns(pl.col("measure").replace("peak", "peak_of_means"))
    source = replace(source_of_twelve, study=study, tables=replace(tables, measures=measures))
    methods = str(write_methods(source))
    assert f"the largest mean of {length} bins and means of consecutive {length} bins" in methods
    reactions = build_reactions(source)
    assert reactions is not None
    assert f"the largest mean of {length} bins in the window" in str(reactions.items[0].html)
    titles = [table.title for table in list_tables([build_mimicry(source)])]
    assert any(f"peak of {length} means" in title for title in titles)


def test_methods_name_only_the_thresholds_and_tests_that_there_are(source_of_twelve: ReportSource) -> None:
    twice = (MeasureRequest(measure="presence"), MeasureRequest(measure="presence", name="pooled"))
    study = source_of_twelve.study.model_copy(update={"measures": twice})
    text = write_methods(replace(source_of_twelve, study=study)).striptags()
    assert text.count("An action unit was active") == 1
    assert "the visit's median (signals in eye distances)" in text
    assert "0-5" not in text
    assert "0-100" not in text
    assert "one-sample t test" in text
    few = replace(source_of_twelve, analysed=source_of_twelve.analysed[:2])
    assert "one-sample t test" not in write_methods(few).striptags()


def test_limits_name_what_the_coder_cannot_see(source_of_twelve: ReportSource) -> None:
    text = " ".join(str(point) for item in build_limits(source_of_twelve).items[:1] for point in item.items)
    assert "AU06 is shown by the stimuli, and <b>not measured</b> by landmarker" in text
    assert "do not generalise over stimuli" in text
    assert "Neutral faces always came first" in text


def test_limits_name_units_that_are_shown_and_not_measured_though_they_do_not_count(
    source_of_twelve: ReportSource,
) -> None:
    source = replace(source_of_twelve, congruent={"happiness": ("AU12",)})
    text = " ".join(str(point) for item in build_limits(source).items[:1] for point in item.items)
    assert "AU06 is shown by the stimuli, and <b>not measured</b> by landmarker" in text


def test_unknown_coder_is_said(source_of_twelve: ReportSource) -> None:
    section = build_limits(replace(source_of_twelve, coder=None))
    assert "is not installed here" in str(section.items[0].items[0])


def test_a_blinded_study_says_that_it_is(source_of_twelve: ReportSource) -> None:
    arms = ({"name": "drug"}, {"name": "placebo"})
    study = source_of_twelve.study.model_copy(
        update={"assignment": Assignment.model_validate({"arms": arms, "kits_per_stratum": 12})}
    )
    sealed = replace(source_of_twelve, study=study)
    assert "The study is blinded" in list_notices(build_participants(sealed))
    assert "The study is blinded" not in list_notices(build_participants(replace(sealed, arms={"K0001": "drug"})))
    assert "The study is blinded" not in list_notices(build_participants(source_of_twelve))


def test_who_left_out_a_questionnaire_is_missing_from_its_scores(source_of_twelve: ReportSource) -> None:
    first, *_ = source_of_twelve.analysed
    scores = pl.DataFrame(
        {"participant_id": [first], "session_id": ["s"], "scale": ["EQ-60"], "score": ["total"], "value": [40.0]}
    ).with_columns(occasion=pl.lit(None, pl.String), prorated=pl.lit(False), n_items=pl.lit(40), n_answered=pl.lit(40))
    section = build_questionnaires(replace(source_of_twelve, scores=scores))
    assert section is not None
    (table, *_) = list_tables([section])
    assert table.frame.select("n", "missing").row(0) == (1, len(source_of_twelve.analysed) - 1)


def test_texts_of_participants_are_escaped(source_of_twelve: ReportSource) -> None:
    recordings = source_of_twelve.tables.recordings.with_columns(
        pl.lit("<script>alert(1)</script>").alias("reason"), pl.lit(False).alias("complete")
    )
    source = replace(source_of_twelve, tables=replace(source_of_twelve.tables, recordings=recordings))
    assert "<script>alert" not in write_documents(assemble_report(source))["report.html"]


def test_tables_that_are_not_there_are_empty() -> None:
    assert StudyTables().measures.is_empty()


def test_an_axis_of_lost_frames_has_no_negative_shares_where_nothing_was_lost(source_of_twelve: ReportSource) -> None:
    tables = source_of_twelve.tables
    whole = replace(tables, quality=tables.quality.with_columns(share_valid=pl.lit(1.0)))
    (figure,) = [
        item for item in build_losses(replace(source_of_twelve, tables=whole)).items if isinstance(item, Figure)
    ]
    assert "1.0" in figure.svg
    assert "\N{MINUS SIGN}" not in figure.svg
