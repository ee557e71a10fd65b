"""How good the recordings are: grades with reasons, what frames were lost to, frame rates, and incomplete files."""

from __future__ import annotations

import re
from collections import Counter

import polars as pl
from markupsafe import Markup

from mimicrylab.quality.frames import CAUSES
from mimicrylab.report.content import Fact, Facts, Item, Notice, Prose, Section, Subheading
from mimicrylab.report.figures.quality import draw_lost_shares, draw_valid_shares
from mimicrylab.report.flow import name_reason
from mimicrylab.report.losses import build_losses
from mimicrylab.report.source import ReportSource
from mimicrylab.report.summaries import as_number
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import (
    MISSING,
    close_percent,
    count_noun,
    format_count,
    format_number,
    format_share,
    join_words,
)

SHORT_CAUSES = {
    "no_face": "no face found",
    "confidence": "uncertain face",
    "pose": "head turned away",
    "size": "face too small",
    "outside": "face leaving the picture",
    "blur": "blurred",
    "dark": "too dark",
    "bright": "too bright",
    "second_face": "second face",
    "gaze": "eyes off the screen",
    "mouth_covered": "mouth covered",
    "brow_covered": "brow covered",
}
CAUSE_WORDS = {f"share_{cause.name}": SHORT_CAUSES.get(cause.name, cause.meaning) for cause in CAUSES} | {
    "share_gap": "nothing recorded"
}
LONGEST_OPEN_TABLE = 15
"""A table with more rows is folded."""
NOT_USABLE = 3
"""Grade of what does not count."""


def build_quality(source: ReportSource) -> Section:
    """Return the section on quality; with no quality table it says which command makes one."""
    items: list[Item] = []
    recordings = source.tables.recordings
    judged = pick_recordings(source)
    if recordings.is_empty() and judged.is_empty():
        note = Notice(Markup("The study folder has no recordings yet."), kind="missing")
        return Section("quality", "Recording quality", (note,))
    if judged.is_empty():
        text = "The recordings have not been judged yet: <code>mimicrylab quality</code> does that."
        items.append(Notice(Markup(text), kind="missing"))
    else:
        items += [_list_facts(judged), draw_valid_shares(judged, name="valid-frames", title=_title_shares(source))]
        items += _show_causes(judged)
        items += [Prose(text) for text in (describe_trials(source), describe_talking(judged)) if text]
    if not recordings.is_empty():
        items.append(_make_recording_table(recordings, judged))
        items += _show_incomplete(recordings)
    items += _show_overrides(judged)
    losses = build_losses(source)
    if losses.items:
        items += [Subheading("Were more frames lost in one condition than in another?"), *losses.items]
    return Section("quality", "Recording quality", tuple(items), losses.estimates)


def pick_recordings(source: ReportSource) -> pl.DataFrame:
    """Return the quality rows of whole recordings; ``grade`` is that of the person who overrode it, where one did."""
    rows = source.tables.quality.filter(pl.col("trial").is_null() & pl.col("face").is_null())
    if rows.is_empty():
        rows = source.tables.quality.filter(pl.col("trial").is_null())
    return rows.with_columns(pl.coalesce("override", "grade").alias("grade"), pl.col("grade").alias("computed_grade"))


def weigh_causes(judged: pl.DataFrame) -> dict[str, float]:
    """Return cause in words -> share of all frames lost to it (recordings weighted by the frames expected of them).

    Causes that no coder judged (null everywhere) are left out.
    """
    expected = count_expected(judged)
    total = float(expected.sum())
    found = {}
    for column in judged.columns:
        known = column in CAUSE_WORDS and judged[column].is_not_null().any()
        if known and total:
            found[CAUSE_WORDS[column]] = float((judged[column].fill_null(0.0) * expected).sum()) / total
    return found


def share_valid_frames(judged: pl.DataFrame) -> float | None:
    """Return the share of all frames that are valid, weighted as in ``weigh_causes``; None without frames."""
    expected = count_expected(judged)
    total = float(expected.sum())
    if not total:
        return None
    return float((judged["share_valid"].fill_null(0.0) * expected).sum()) / total


def count_expected(judged: pl.DataFrame) -> pl.Series:
    """Return the frames expected of each recording: those judged, and those that its holes in time would have held.

    The shares in the table of quality are of these.
    """
    if "share_gap" not in judged.columns:
        return judged["n_frames"].cast(pl.Float64)
    gap = judged["share_gap"].fill_null(0.0)
    return (judged["n_frames"] / (1.0 - gap)).fill_nan(0.0).alias("n_expected")


def _list_facts(judged: pl.DataFrame) -> Facts:
    good = judged.filter(pl.col("grade") == 0).height
    rates = judged["effective_fps"].drop_nulls()
    median = rates.median()
    return Facts(
        (
            Fact(f"{good} of {judged.height}", "recordings graded 0", "good by every declared limit"),
            Fact(
                format_share(share_valid_frames(judged)),
                "frames valid",
                f"of {format_count(round(float(count_expected(judged).sum())))} expected",
            ),
            Fact(
                format_number(as_number(median), decimals=1),
                "valid frames a second",
                f"median; lowest {format_number(as_number(rates.min()), decimals=1)}",
            ),
            Fact(
                format_number(as_number(judged["longest_gap_s"].max()), decimals=1),
                "seconds without a valid frame",
                "the longest in any recording",
            ),
        )
    )


def _title_shares(source: ReportSource) -> str:
    limit = source.study.quality.recordings.maximum_grade
    kept = f"grades 0 to {limit} are kept" if limit else "only grade 0 is kept"
    return f"Share of valid frames of each recording, by grade; in this study {kept}."


def _show_causes(judged: pl.DataFrame) -> list[Item]:
    causes = weigh_causes(judged)
    if not causes:
        return []
    open_causes = [words for column, words in CAUSE_WORDS.items() if words not in causes and column != "share_gap"]
    lost = {cause: share for cause, share in causes.items() if share > 0}
    none = [cause for cause, share in causes.items() if share == 0]
    note = "A frame counts for the first cause that applies."
    if none:
        note += f" No frame was lost to: {', '.join(none)}."
    if open_causes:
        note += f" Not judged, because the frames hold nothing about it: {', '.join(open_causes)}."
    if not lost:
        return [Prose(Markup.escape(f"Not a single frame was lost. {note}"))]
    return [draw_lost_shares(lost, name="lost-frames", title=f"What frames were lost to. {note}")]


def describe_trials(source: ReportSource) -> Markup | None:
    """Return how many trials do not count and why; None where no trial was judged."""
    trials = source.tables.quality.filter(pl.col("trial").is_not_null())
    if trials.is_empty():
        return None
    lost = trials.filter(pl.col("grade") == NOT_USABLE)
    if lost.is_empty():
        return Markup("All {} trials count.").format(format_count(trials.height))
    reasons = Counter(name_reason(found[0]) if found else "reason not recorded" for found in lost["reasons"].to_list())
    listed = ", ".join(f"{reason} ({count})" for reason, count in sorted(reasons.items(), key=lambda x: (-x[1], x[0])))
    return Markup("{} of {} trials do not count: {}.").format(lost.height, format_count(trials.height), listed)


def describe_talking(judged: pl.DataFrame) -> Markup | None:
    """Return how many trials are marked as talking, and how much talking moves action units; None where not judged.

    The effect is the mean over recordings of talking minus other valid frames. Nothing is deleted for talking: it
    would delete smiles.
    """
    if "n_trials_talking" not in judged.columns or judged["n_trials_talking"].is_null().all():
        return None
    marked, total = int(judged["n_trials_talking"].sum()), int(judged["n_trials"].sum())
    if not marked:
        return Markup("No trial is marked as talking or eating.")
    text = Markup("Talking or eating marks {} of {} trials; they stay in all results.").format(marked, total)
    effects = [
        f"{column.removeprefix('talking_effect_')} {format_number(mean, decimals=3, sign=True)}"
        for column in judged.columns
        if column.startswith("talking_effect_") and (mean := as_number(judged[column].mean())) is not None
    ]
    if effects:
        text += Markup(" While talking, action units differ from the other frames by: {}.").format(join_words(effects))
    return text


def _make_recording_table(recordings: pl.DataFrame, judged: pl.DataFrame) -> ReportTable:
    shares = [column for column in judged.columns if column.startswith("share_") and column in CAUSE_WORDS]
    rows = recordings.join(
        judged.select(
            "recording_id", "grade", "reasons", "share_valid", *shares, "effective_fps", "longest_gap_s", "override"
        ),
        on="recording_id",
        how="left",
        maintain_order="left",
    ).sort(pl.col("grade").fill_null(-1), "share_valid", "recording_id", descending=[True, False, False])
    graded = (
        TableColumn("grade", "Grade", align="number"),
        TableColumn("share_valid", "Valid", format_share, "number"),
        TableColumn("effective_fps", "Valid frames/s", write_tenth, "number"),
        TableColumn("longest_gap_s", "Longest gap (s)", write_tenth, "number"),
    )
    raw = (
        TableColumn("n_frames", "Frames", format_count, "number"),
        TableColumn("mean_fps", "Frames/s", write_tenth, "number"),
    )
    columns = (
        TableColumn("recording_id", "Recording"),
        *(raw if judged.is_empty() else graded),
        TableColumn("duration_s", "Length (s)", write_tenth, "number"),
        *(() if judged.is_empty() else (TableColumn("reasons", "Why not better", write_reasons, wide=True),)),
    )
    note = (
        "Grades: 0 good, 1 minor issues, 2 major issues, 3 not usable; the limits are in study.yaml. The CSV has "
        "them with each reason, the shares lost by each cause, picture sizes and hashes."
    )
    fold = rows.height > LONGEST_OPEN_TABLE
    title = "Every recording" if judged.is_empty() else "Every recording, worst first"
    note = "" if judged.is_empty() else note
    return ReportTable("recordings", title, rows, columns, note=note, fold=fold)


def write_reasons(reasons: list[str] | None) -> str:
    """Return the reasons of a grade one after another, without the limits, which the note tells where to find.

    Examples
    --------
    >>> write_reasons(["55.6 % of the frames are valid (good: from 95 %)", "1 of 2 trials count (good: from 90 %)"])
    '55.6% of the frames are valid; 1 of 2 trials count'
    """
    if not reasons:
        return MISSING
    return close_percent("; ".join(re.sub(r" \(good: [^()]*\)$", "", reason) for reason in reasons))


def write_tenth(value: float | None) -> str:
    """Return a number with one decimal."""
    return format_number(value, decimals=1)


def _show_incomplete(recordings: pl.DataFrame) -> list[Item]:
    broken = recordings.filter(pl.col("complete").not_())
    if broken.is_empty():
        if recordings["complete"].is_not_null().all():
            return [Prose(Markup("Every recording is complete."))]
        return []
    text = f"{count_noun(broken.height, 'recording is', 'recordings are')} incomplete; what there is was used."
    columns = (
        TableColumn("recording_id", "Recording"),
        TableColumn("received_s", "Received (s)", write_tenth, "number"),
        TableColumn("expected_s", "Expected (s)", write_tenth, "number"),
        TableColumn("reason", "What is missing", wide=True),
    )
    fold = broken.height > LONGEST_OPEN_TABLE
    table = ReportTable("incomplete", "Incomplete recordings", broken, columns, fold=fold)
    return [Prose(Markup.escape(text)), table]


def _show_overrides(judged: pl.DataFrame) -> list[Item]:
    changed = judged.filter(pl.col("override").is_not_null())
    if changed.is_empty():
        return []
    columns = (
        TableColumn("recording_id", "Recording"),
        TableColumn("computed_grade", "Computed", align="number"),
        TableColumn("override", "Set to", align="number"),
        TableColumn("override_by", "By"),
        TableColumn("override_reason", "Why", wide=True),
    )
    return [ReportTable("overrides", "Grades set by a person", changed, columns)]
