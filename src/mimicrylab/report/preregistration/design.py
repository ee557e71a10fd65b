"""What is asked, who is treated how, what is shown and asked in which order: the first sections."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from markupsafe import Markup

from mimicrylab.protocol.blocks import Block, Rating
from mimicrylab.protocol.forms import EligibilityRule
from mimicrylab.protocol.visits import Step
from mimicrylab.report.content import Item, Listing, Notice, Prose, Section, Subheading
from mimicrylab.report.preregistration.source import PlanSource
from mimicrylab.report.tables import ReportTable, TableColumn
from mimicrylab.report.wording import NO_BREAK, count_noun, join_words
from mimicrylab.schemas import EMOTIONS

ROLES = {
    "test": "analysed",
    "baseline": "analysed; what the others are compared with",
    "washout": "shown, never analysed",
}
BLINDING = {
    "double": "Double blind: kits carry numbers only. The list of kits is sealed and opened after the data are final.",
    "single": "Single blind: participants do not know their treatment; the experimenter is told by a third party.",
    "none": "Not blinded.",
}
DRAWS = {
    "all": "all that fit",
    "one_model": "one person shown, another in each of these blocks, in random order",
    "spread": "each emotion once; over the blocks every person shown has shown every emotion",
}


def describe_hypotheses(source: PlanSource) -> Section:
    """Return what the study is about, and its hypotheses by name."""
    study = source.study
    items: list[Item] = [Prose(Markup.escape(study.summary))] if study.summary else []
    if study.hypotheses:
        items.append(
            Listing(
                tuple(Markup("<strong>{}.</strong> {}").format(name, text) for name, text in study.hypotheses.items())
            )
        )
    else:
        items.append(Notice(Markup.escape("No hypothesis is declared."), kind="missing"))
    return Section("hypotheses", "Hypotheses", tuple(items))


def describe_design(source: PlanSource) -> Section:
    """Return arms and blinding, sessions with their steps, and the blocks of trials."""
    study = source.study
    items: list[Item] = list(_describe_assignment(source))
    for visit in study.visits:
        minutes = source.minutes.get(visit.name)
        lasting = f", about {minutes:.0f} min" if minutes and minutes >= 1 else ""
        items.append(Subheading(f"Session “{visit.name.replace('_', ' ')}” ({visit.place}{lasting})"))
        items.append(Listing(tuple(Markup.escape(_describe_step(step)) for step in visit.steps), quiet=True))
    if study.phases_around:
        items.append(
            Prose(
                Markup("Blocks shown before “{}” have the phase “before”, those after it “after”.").format(
                    study.phases_around
                )
            )
        )
    items += [Subheading("Conditions"), _tabulate_blocks(source)]
    ratings = [rating for rating in study.ratings if any(rating.name in block.ratings for block in study.blocks)]
    if ratings:
        items += [Subheading("Ratings"), Listing(tuple(_describe_rating(rating) for rating in ratings))]
    if study.cover_story is not None:
        items.append(
            Prose(
                Markup.escape(
                    "Participants are told a cover story; the debriefing discloses it and asks for consent again."
                )
            )
        )
    return Section("design", "Design", tuple(items))


def _describe_assignment(source: PlanSource) -> Iterator[Item]:
    assignment = source.study.assignment
    if assignment is None:
        yield Prose(Markup.escape("There is no treatment: all participants go through the same sessions."))
        return
    arms = join_words([f"{arm.name} ({arm.share})" for arm in assignment.arms])
    sizes = join_words([str(size) for size in assignment.block_sizes], last="or")
    within = join_words([stratum.field for stratum in assignment.strata])
    strata = f" within each level of {within}" if within else ""
    text = f"Participants are randomised to {arms}, in blocks of {sizes}{strata}."
    yield Prose(Markup.escape(f"{text} {BLINDING[assignment.blinding]}"))


def _describe_step(step: Step) -> str:
    label = step.label.replace("_", " ")
    if step.kind == "rest_s":
        words = f"rest of {step.rest_s:g} s"
    elif step.kind == "blocks":
        order = {
            "fixed": "in this order",
            "random": "in random order",
            "latin_square": "in an order balanced over people",
        }
        words = f"blocks {join_words([name.replace('_', ' ') for name in step.blocks])}, {order[step.order]}"
    else:
        named = str(getattr(step, step.kind)).replace("_", " ")
        told = named == label or step.name is None or step.occasion is not None
        words = f"{step.kind}: {named}" if told else f"{step.kind}: {named} ({label})"
    when = f" ({step.occasion})" if step.occasion else ""
    if step.after is not None:
        about = f" ± {step.tolerance_minutes:g}" if step.tolerance_minutes is not None else ""
        when += f", {step.at_minutes:g}{about} min after the start of {step.after.replace('_', ' ')}"
    if step.or_after:
        when += f", for part of the participants after {join_words([name.replace('_', ' ') for name in step.or_after])}"
    return words + when


def _tabulate_blocks(source: PlanSource) -> ReportTable:
    alike: dict[tuple[str | None, ...], list[str]] = {}
    for block in source.study.blocks:
        alike.setdefault(_describe_block(block, source), []).append(block.name.replace("_", " "))
    rows = [(", ".join(blocks), *row) for row, blocks in alike.items()]
    names = ("block", "shown", "times", "order", "ratings", "role")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    columns = (
        TableColumn("block", "Block"),
        TableColumn("shown", "What is shown"),
        TableColumn("times", "Times"),
        TableColumn("order", "Order"),
        *([TableColumn("ratings", "Ratings")] if frame["ratings"].drop_nulls().len() else []),
        TableColumn("role", "Part in the analysis"),
    )
    note = "Times of a trial in seconds: fixation, stimulus, empty screen after it."
    return ReportTable("blocks", "Blocks of trials", frame, columns, note=note)


def _describe_block(block: Block, source: PlanSource) -> tuple[str | None, ...]:
    chosen = block.stimuli
    emotions = chosen.emotions or _list_emotions(chosen.set, source)
    shown = f"{chosen.set}: {join_words(list(emotions)) if emotions else 'all'}; {DRAWS[chosen.draw]}"
    if chosen.repeats > 1:
        shown += f"; each {chosen.repeats} times"
    times = [_write_time("fixation", block.fixation_s, block.fixation_jitter_s)]
    times.append(
        f"stimulus {block.duration_s:g}{NO_BREAK}s" if block.duration_s is not None else "stimulus: its own length"
    )
    times.append(_write_time("blank", block.blank_s, block.blank_jitter_s))
    times.append(f"{block.lead_in_s:g}{NO_BREAK}s before the first" if block.lead_in_s else "")
    order = "random" if block.order == "random" else "as listed"
    order += f"; {join_words(list(block.first))} first" if block.first else ""
    order += f"; {join_words(list(block.last))} last" if block.last else ""
    limits = [f"at most {rule.maximum_run} in a row of the same {rule.same}" for rule in block.constraints]
    ratings = ", ".join(name.replace("_", " ") for name in block.ratings) or None
    return (
        shown,
        ", ".join(part for part in times if part),
        "; ".join([order, *limits]),
        ratings,
        ROLES[block.role],
    )


def _write_time(name: str, seconds: float, jitter: float) -> str:
    if not seconds:
        return ""
    return f"{name} {seconds:g} ± {jitter:g}{NO_BREAK}s" if jitter else f"{name} {seconds:g}{NO_BREAK}s"


def _list_emotions(name: str, source: PlanSource) -> list[str]:
    found = set(source.stimuli.filter(pl.col("set") == name)["emotion"].drop_nulls())
    return [emotion for emotion in EMOTIONS if emotion in found]


def _describe_rating(rating: Rating) -> Markup:
    scale = "0 to 100" if rating.points == 101 else f"{rating.points} points"
    when = "before" if rating.when == "before" else "after"
    if rating.choices:
        return Markup("<strong>{}</strong> ({} each stimulus): “{}” One of: {}.").format(
            rating.name.replace("_", " "), when, rating.question, ", ".join(rating.choices)
        )
    return Markup("<strong>{}</strong> ({} each stimulus): “{}” {}, from “{}” to “{}”.").format(
        rating.name.replace("_", " "), when, rating.question, scale, rating.low, rating.high
    )


def describe_stimuli(source: PlanSource) -> Section:
    """Return the sets of stimuli, and which action units count as mimicry."""
    items: list[Item] = []
    kinds = {"clip": ("clip", "clips"), "image": ("picture", "pictures")}
    for name, one in source.study.stimuli.sets.items():
        own = source.stimuli.filter(pl.col("set") == name)
        counted = f"{count_noun(own.height, *kinds[one.kind])}" if own.height else kinds[one.kind][1].capitalize()
        people = own["model_id"].drop_nulls().n_unique()
        of = f" of {count_noun(people, 'person', 'people')}" if people else ""
        text = Markup("<strong>{}.</strong> {}{}: {}").format(name, counted, of, one.source.rstrip(".") + ".")
        if one.citation:
            text += Markup(" {}").format(one.citation)
        if people and people < MANY_PEOPLE:
            text += Markup(" With {} people shown, results do not generalise to other faces.").format(people)
        items.append(Prose(text))
    rows = [
        (name, emotion, ", ".join(units))
        for name, table in source.congruent.items()
        for emotion, units in table.items()
        if units
    ]
    if rows:
        frame = pl.DataFrame(rows, schema=dict.fromkeys(("set", "emotion", "units"), pl.String), orient="row")
        columns = (TableColumn("emotion", "Emotion shown"), TableColumn("units", "Action units that count as mimicry"))
        several = frame["set"].n_unique() > 1
        items.append(
            ReportTable(
                "congruent", "What counts as mimicry", frame, columns, group="set" if several else None,
                note="A property of the stimuli, declared before the data; never chosen by what a coder measures.",
            )
        )  # fmt: skip
    return Section("stimuli", "Stimuli", tuple(items))


MANY_PEOPLE = 20
"""With fewer faces, what is found may be about these faces."""


def describe_eligibility(rule: EligibilityRule) -> str:
    """Return a condition of taking part with who confirms it."""
    by = {"form": "by the form"}.get(rule.checked_by, f"confirmed by the {rule.checked_by}")
    limits = []
    if rule.minimum is not None:
        limits.append(f"at least {rule.minimum:g}")
    if rule.maximum is not None:
        limits.append(f"at most {rule.maximum:g}")
    if rule.one_of:
        limits.append(join_words(list(rule.one_of), last="or"))
    decided = f": {', '.join(limits)}" if limits else ""
    return f"{rule.text.rstrip('.')} ({by}{decided})"
