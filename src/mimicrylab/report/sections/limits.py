"""What these results cannot say: what the coder does not measure, few models or people, order, composites."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from markupsafe import Markup

from mimicrylab.coding.coder import CoderDescription, Signal, Standing
from mimicrylab.report.content import Item, Listing, Section
from mimicrylab.report.measured_coder import IMPORTED
from mimicrylab.report.signals import find_action_unit, is_composite
from mimicrylab.report.source import ReportSource
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import count_noun, join_words

STANDINGS: tuple[Standing, ...] = ("measured", "proxy", "weak", "not measured")
FEW_PEOPLE = 20
FEW_MODELS = 20
"""With fewer stimulus models results do not generalise over stimuli (Judd, Westfall and Kenny, 2012)."""
NEUTRAL = "neutral"


def build_limits(source: ReportSource) -> Section:
    """Return the limits as a list, and the table of the coder's action units with their standing."""
    points = tuple(_list_points(source))
    items: list[Item] = [Listing(points)]
    imported = source.coder is not None and source.coder.version == IMPORTED
    if (
        source.coder is not None
        and not imported
        and any(find_action_unit(signal.name) for signal in source.coder.signals)
    ):
        items.append(_make_signal_table(source.coder))
    return Section("limits", "Limits", tuple(items))


def _list_points(source: ReportSource) -> Iterator[Markup]:
    yield from _limit_coder(source)
    if source.other_coders:
        yield Markup("The study also has frames of {}: they are no part of this report, and are never pooled.").format(
            join_words(source.other_coders)
        )
    models = source.tables.stimuli["model_id"].drop_nulls().n_unique()
    if 0 < models < FEW_MODELS:
        yield Markup(
            "{} showed the emotions: the results hold for these faces and do not generalise over stimuli by themselves."
        ).format(count_noun(models, "person", "people"))
    if 0 < len(source.analysed) < FEW_PEOPLE:
        yield Markup("{}: intervals are wide, and what is not found may still be there.").format(
            count_noun(len(source.analysed), "participant").capitalize()
        )
    if _is_neutral_first(source):
        yield Markup(
            "Neutral faces always came first, so that novelty and the neutral face cannot be told apart. Both versions "
            "are shown, with neutral among the incongruent emotions and without."
        )
    if any(is_composite(name) for name in source.tables.measures["signal"].unique()):
        yield Markup("Composites with the names of emotions are means of movements. They do not say what anybody felt.")
    yield Markup(
        "Movements in video trail the electromyogram of the same muscle by 100 to 300 ms, and a webcam's clock adds "
        "its own error."
    )


def _limit_coder(source: ReportSource) -> Iterator[Markup]:
    coder = source.coder
    if coder is None:
        yield Markup("The face coder {} is not installed here, so its limits cannot be listed.").format(
            source.study.coding.coder
        )
        return
    if coder.version == IMPORTED:
        yield Markup("How well {} follows each movement is not known here: see its own validation.").format(
            coder.summary
        )
    standing = {find_action_unit(signal.name) or signal.name: signal.standing for signal in coder.signals}
    wanted = sorted({unit for units in source.congruent.values() for unit in units})
    shown = source.tables.stimuli["action_units"].explode(empty_as_null=True).drop_nulls()
    absent = [unit for unit in sorted({*wanted, *shown}) if standing.get(unit, "not measured") == "not measured"]
    if absent:
        yield Markup("{} shown by the stimuli, and <b>not measured</b> by {}.").format(
            f"{join_words(absent)} {'is' if len(absent) == 1 else 'are'}", coder.name
        )
    doubtful = {
        "weak": "followed, but mixed with other movements (<b>weak</b>)",
        "proxy": "not followed directly: another movement stands in (<b>proxy</b>)",
    }
    for kind, words in doubtful.items():
        found = [unit for unit in wanted if standing.get(unit) == kind]
        if found:
            yield Markup("{} {} {}.").format(join_words(found), "is" if len(found) == 1 else "are", Markup(words))


def _is_neutral_first(source: ReportSource) -> bool:
    trials = source.tables.events.filter(
        (pl.col("trial_type") == "stimulus") & (pl.col("block_role").fill_null("test") != "washout")
    )
    if NEUTRAL not in set(trials["stimulus_emotion"].drop_nulls()) or trials["stimulus_emotion"].n_unique() < 2:
        return False
    first = trials.sort("session_id", "onset").group_by("session_id", maintain_order=True).first()
    return bool((first["stimulus_emotion"] == NEUTRAL).all())


def _make_signal_table(coder: CoderDescription) -> ReportTable:
    rows = [_describe_signal(signal) for signal in coder.signals if find_action_unit(signal.name)]
    frame = pl.DataFrame(rows).with_columns(pl.col("standing").cast(pl.Enum(STANDINGS))).sort("standing", "signal")
    frame = frame.with_columns(pl.col("standing").cast(pl.String))
    columns = (
        TableColumn("signal", "Signal"),
        TableColumn("meaning", "What it follows"),
        TableColumn("unit", "Unit"),
    )
    note = (
        "Measured: follows the movement on real faces. Proxy: another movement stands in for it. Weak: follows it, "
        "mixed with others. Not measured: always missing, and left out of composites."
    )
    title = f"Action units of the face coder {coder.name}, by standing"
    return ReportTable("action-units", title, frame, columns, group="standing", note=note, fold=True)


def _describe_signal(signal: Signal) -> dict[str, str]:
    return {
        "signal": signal.name,
        "standing": signal.standing,
        "meaning": signal.meaning,
        "unit": signal.unit,
        "formula": signal.formula,
        "reference": signal.reference,
    }
