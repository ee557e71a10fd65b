"""What was shown: the blocks with their times and trials, and the stimuli with the action units they show."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from mimicrylab.report.content import Item, Notice, Prose, Section
from mimicrylab.report.source import ReportSource
from mimicrylab.report.tables import ReportTable, TableColumn, write_range
from mimicrylab.report.wording import count_noun, format_count, format_number, join_words
from mimicrylab.schemas import EMOTIONS


def build_shown(source: ReportSource) -> Section:
    """Return the table of blocks as they happened, and the table of stimuli by emotion."""
    items: list[Item] = []
    stimuli = source.tables.stimuli
    trials = source.tables.events.filter(pl.col("trial_type") == "stimulus")
    if trials.is_empty():
        items.append(Notice(Markup("No stimulus is in the table of events yet."), kind="missing"))
    else:
        items += [Prose(Markup.escape(_describe_trials(trials))), _make_block_table(trials)]
    if not stimuli.is_empty():
        items.append(_make_stimulus_table(source))
    items += _warn_sets(source)
    return Section("shown", "What was shown", tuple(items))


def _describe_trials(trials: pl.DataFrame) -> str:
    per_session = trials.group_by("session_id").len()["len"]
    low, high = int(per_session.min() or 0), int(per_session.max() or 0)  # type: ignore[arg-type]
    each = f"{low}" if low == high else f"{low} to {high}"
    emotions = [emotion for emotion in EMOTIONS if emotion in set(trials["stimulus_emotion"].drop_nulls())]
    shown = f", showing {join_words(emotions)}" if emotions else ""
    models = trials["model_id"].n_unique() - int(trials["model_id"].null_count() > 0)
    persons = f" by {count_noun(models, 'person', 'people')}" if models else ""
    return f"{each} trials a session in {count_noun(per_session.len(), 'session')}{shown}{persons}."


def _make_block_table(trials: pl.DataFrame) -> ReportTable:
    per_session = trials.group_by("block", "session_id", maintain_order=True).agg(
        pl.len().alias("trials"), pl.col("block_role").first(), pl.col("phase").first()
    )
    emotions = pl.Enum(EMOTIONS)
    blocks = (
        trials.group_by("block", maintain_order=True)
        .agg(
            pl.col("block_role").first().alias("role"),
            pl.col("stimulus_emotion").cast(emotions).drop_nulls().unique().sort().cast(pl.String),
            pl.col("duration").median().alias("duration_s"),
            pl.col("block_position").min().alias("earliest"),
            pl.col("block_position").max().alias("latest"),
            write_range("block_position", shift=1).alias("position"),
            pl.len().alias("trials"),
        )
        .join(
            per_session.group_by("block", maintain_order=True).agg(write_range("trials").alias("trials_each")),
            on="block",
            how="left",
        )
        .sort("earliest", "latest", "block", nulls_last=True)
        .with_columns(pl.col("block").fill_null("outside blocks"))
    )
    columns = (
        TableColumn("block", "Block"),
        TableColumn("role", "Role"),
        TableColumn("position", "Position", align="number"),
        TableColumn("stimulus_emotion", "Emotions shown"),
        TableColumn("trials_each", "Trials a session", align="number"),
        TableColumn("trials", "Trials in all", format_count, "number"),
        TableColumn("duration_s", "Seconds", lambda x: format_number(x, decimals=1), "number"),
    )
    note = "Position: place of the block in a session. Seconds: median time that a stimulus was shown."
    return ReportTable("blocks", "Blocks as they were shown", blocks, columns, note=note)


def _make_stimulus_table(source: ReportSource) -> ReportTable:
    emotions = pl.Enum(EMOTIONS)
    congruent = {emotion: list(units) for emotion, units in source.congruent.items()}
    rows = (
        source.tables.stimuli.group_by("set", "emotion", maintain_order=True)
        .agg(
            pl.len().alias("stimuli"),
            pl.col("model_id").n_unique().alias("models"),
            pl.col("action_units").explode(empty_as_null=True).drop_nulls().unique().sort().alias("action_units"),
            pl.col("duration_s").median().alias("duration_s"),
            pl.col("movement_onset_s").median().alias("movement_onset_s"),
        )
        .sort("set", pl.col("emotion").cast(emotions), nulls_last=True)
    )
    counted = [congruent.get(str(emotion), []) for emotion in rows["emotion"]]
    rows = rows.with_columns(pl.Series("congruent", counted, dtype=pl.List(pl.String)))
    columns = [
        TableColumn("emotion", "Emotion"),
        TableColumn("stimuli", "Stimuli", format_count, "number"),
        TableColumn("models", "People", format_count, "number"),
        TableColumn("action_units", "Action units shown"),
        TableColumn("congruent", "Counted as mimicry"),
    ]
    if rows["duration_s"].is_not_null().any():
        columns.append(TableColumn("duration_s", "Length (s)", lambda x: format_number(x, decimals=1), "number"))
    several = rows["set"].n_unique() > 1
    return ReportTable("stimuli", "Stimuli by emotion", rows, tuple(columns), group="set" if several else None)


def _warn_sets(source: ReportSource) -> list[Notice]:
    origins = {
        "prototype": "are the prototypes of each emotion, not codes of these very stimuli",
        "unknown": "come from an unknown source",
    }
    return [
        Notice(Markup("The action units listed for the set <b>{}</b> {}.").format(name, origins[one.action_units_from]))
        for name, one in source.study.stimuli.sets.items()
        if one.action_units_from in origins
    ]
