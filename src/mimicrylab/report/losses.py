"""Frames lost by emotion, and by arm once the study is unblinded: described, and tested over people.

Losses are about what was recorded, so everybody's recordings count, also those that are excluded for what they lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl
from markupsafe import Markup

from mimicrylab.errors import MimicryLabError
from mimicrylab.report.content import Item, Prose
from mimicrylab.report.figures.intervals import arrange_intervals, draw_intervals
from mimicrylab.report.source import ReportSource, StudyTables
from mimicrylab.report.summaries import average_within, summarise_people
from mimicrylab.report.wording import MINUS, format_interval, format_number, state_p
from mimicrylab.schemas import EMOTIONS
from mimicrylab.stats.adjustment import adjust_family
from mimicrylab.stats.contrasts import contrast_conditions
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.group_tests import compare_groups

SHORTEST_AXIS = 1.0
"""The axis of lost frames reaches at least this far (percent)."""
AXIS_MARGIN = 0.04
"""Room for a whole dot at either end, as a share of the axis."""
WHO_COUNTS = (
    "Every judged recording counts here, before any exclusion; a trial within its recording of which no frame exists "
    "is lost whole."
)


@dataclass(frozen=True)
class Losses:
    """What the report says about lost frames, and the estimates behind it."""

    items: tuple[Item, ...] = ()
    estimates: tuple[Estimate, ...] = ()


def build_losses(source: ReportSource) -> Losses:
    """Return the figure of lost frames by emotion (and arm), and the tests; nothing without trials of two emotions.

    Excluded recordings and people are among them: what is lost more in one condition is why they are excluded.
    """
    lost = average_losses(source)
    if lost["stimulus_emotion"].n_unique() < 2:
        return Losses()
    arms = "arm" if source.arms is not None else None
    by = ["stimulus_emotion", "arm"] if arms else ["stimulus_emotion"]
    summary = summarise_people(lost, by).with_columns(
        pl.col("ci_low").clip(lower_bound=0.0), pl.col("ci_high").clip(upper_bound=100.0)
    )
    figure = draw_intervals(
        arrange_intervals(summary, label="stimulus_emotion", series=arms),
        unit="Frames lost (% of a person's frames)",
        name="lost-by-condition",
        title="Share of frames lost while each emotion was shown: mean over people with 95% interval.",
        zero=True,
        limits=_choose_axis(summary),
        note=WHO_COUNTS,
    )
    estimates = _test_emotions(lost) + (_test_arms(lost) if arms else [])
    prose = [Prose(_describe_tests(estimates))] if estimates else []
    return Losses((figure, *prose), tuple(estimates))


def _choose_axis(summary: pl.DataFrame) -> tuple[float, float]:
    """Return the ends of the axis: shares are not negative, and what is lost nowhere is no reason for a magnifier."""
    highest = max([SHORTEST_AXIS, *summary["mean"].drop_nulls(), *summary["ci_high"].drop_nulls()])
    return -AXIS_MARGIN * highest, (1 + AXIS_MARGIN) * highest


def average_losses(source: ReportSource) -> pl.DataFrame:
    """Return ``participant_id, stimulus_emotion, value`` (percent of frames lost; and ``arm``), a row a person each.

    All judged trials count except washout, whether or not the recording or the person is excluded. A trial without a
    frame is lost whole where its recording should cover it, see :func:`list_lost_shares`.
    """
    emotion = pl.col("stimulus_emotion").cast(pl.Enum(EMOTIONS))
    values = average_within(list_lost_shares(source.tables), ["participant_id", "stimulus_emotion"]).sort(
        emotion, "participant_id"
    )
    return values if source.arms is None else source.add_arms(values)


def list_lost_shares(tables: StudyTables) -> pl.DataFrame:
    """Return ``participant_id, recording_id, trial, stimulus_emotion, value``: percent of each trial's frames lost.

    A trial without a single frame has lost all of them if it began within its recording's length, or within the
    length that the recording should have (a length that is not known leaves nothing out). A trial that began later
    was not lost but not recorded, and is left out.
    """
    shown = tables.events.filter(
        (pl.col("trial_type") == "stimulus")
        & pl.col("block_role").fill_null("test").ne("washout")
        & pl.col("stimulus_emotion").is_not_null()
    ).select("recording_id", "trial", "stimulus_emotion", "onset")
    lengths = tables.recordings.select("recording_id", pl.max_horizontal("duration_s", "expected_s").alias("_length_s"))
    covered = (pl.col("onset") < pl.col("_length_s")).fill_null(True)
    share = pl.when(pl.col("n_frames") > 0).then(pl.col("share_valid")).when(covered).then(0.0)
    return (
        tables.quality.filter(pl.col("trial").is_not_null())
        .join(shown, on=["recording_id", "trial"], how="inner", maintain_order="left")
        .join(lengths, on="recording_id", how="left", maintain_order="left")
        .with_columns(((1 - share) * 100).alias("value"))
        .drop_nulls("value")
        .select("participant_id", "recording_id", "trial", "stimulus_emotion", "value")
    )


def _test_emotions(lost: pl.DataFrame) -> list[Estimate]:
    """Compare each emotion with the mean of the others, within people; p corrected over the emotions."""
    emotions = lost["stimulus_emotion"].unique(maintain_order=True).to_list()
    results = []
    for emotion in emotions:
        codes = {name: 1.0 if name == emotion else -1.0 / (len(emotions) - 1) for name in emotions}
        try:
            one = contrast_conditions(
                lost,
                "value",
                condition="stimulus_emotion",
                codes=codes,
                term=f"{emotion} - other emotions",
                unit="% of frames",
            )
        except MimicryLabError:
            continue
        results.append(replace(one, analysis="frames lost by emotion"))
    return adjust_family(results, family="frames lost by emotion")


def _test_arms(lost: pl.DataFrame) -> list[Estimate]:
    people = lost.group_by("participant_id", "arm", maintain_order=True).agg(pl.col("value").mean())
    try:
        one = compare_groups(people.drop_nulls("arm"), "value", group="arm", unit="% of frames")
    except MimicryLabError:
        return []
    return [replace(one, analysis="frames lost by arm")]


def _describe_tests(estimates: list[Estimate]) -> Markup:
    parts = []
    emotions = [one for one in estimates if one.analysis == "frames lost by emotion" and one.p_adjusted is not None]
    if emotions:
        least = min(emotions, key=lambda one: one.p_adjusted or 0.0)
        interval = format_interval(least.ci_low, least.ci_high)
        parts.append(
            Markup(
                "The emotion that differs most from the others is {}: {} percentage points, 95% CI {}, {} ({})."
            ).format(
                least.term.split(" - ")[0],
                format_number(least.estimate, sign=True),
                interval,
                state_p(least.p_adjusted),
                "Holm-corrected over emotions, within people",
            )
        )
    for one in estimates:
        if one.analysis == "frames lost by arm":
            parts.append(
                Markup("Arms ({}): {} percentage points, 95% CI {}, {}.").format(
                    one.term.replace(" - ", f" {MINUS} "),
                    format_number(one.estimate, sign=True),
                    format_interval(one.ci_low, one.ci_high),
                    state_p(one.p),
                )
            )
    return Markup(" ").join(parts)
