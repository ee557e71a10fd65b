"""A check in words: the timetable of each visit with minutes and trials, mistakes, what is missing, warnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mimicrylab.protocol.plan_summary import summarise_plan
from mimicrylab.protocol.study_check import StudyCheck, VisitPlan
from mimicrylab.protocol.timeline import PlannedStep


@dataclass(frozen=True)
class Row:
    """One line of a timetable: a step outside blocks, or a block as a whole."""

    onset_s: float
    duration_s: float
    estimated: bool
    words: str
    steps: tuple[PlannedStep, ...]


def list_rows(visit: VisitPlan) -> tuple[Row, ...]:
    """Return a visit's steps, each block gathered into one row."""
    rows: list[Row] = []
    for group in _group_blocks(visit.steps):
        first = group[0]
        length_s = group[-1].stop_s - first.onset_s
        estimated = any(step.estimated and step.duration_s for step in group)
        words = _describe_step(first) if first.block is None else _describe_block(group)
        rows.append(Row(first.onset_s, length_s, estimated, words, tuple(group)))
    return tuple(rows)


def count_trials(steps: Sequence[PlannedStep]) -> dict[str, int]:
    """Return the number of trials by emotion (``no face`` where none is shown), by name."""
    counts: dict[str, int] = {}
    for step in steps:
        if step.kind == "stimulus":
            emotion = step.emotion or "no face"
            counts[emotion] = counts.get(emotion, 0) + 1
    return dict(sorted(counts.items()))


def list_report(found: StudyCheck, *, every_trial: bool = False) -> Iterator[str]:
    """Yield the lines of a check as a person reads it."""
    if not found.sound:
        yield from _list_points(f"{_count(found.mistakes)} to be corrected", found.mistakes)
        return
    if found.study is not None:
        yield found.study.title
        yield ""
    for visit in found.visits:
        yield from _list_visit(visit, every_trial=every_trial)
        yield ""
    yield from _list_congruent(found)
    yield from _list_plan(found)
    yield from _list_points("missing before participants can take part", found.missing)
    yield from _list_points("to think about", found.warnings)
    yield "no mistakes"


def describe_check(found: StudyCheck) -> dict[str, Any]:
    """Return a check as plain values for JSON."""
    return {
        "sound": found.sound,
        "title": found.study.title if found.study is not None else None,
        "mistakes": list(found.mistakes),
        "missing": list(found.missing),
        "warnings": list(found.warnings),
        "congruent": [
            {"set": name, "emotion": emotion, "action_units": list(units)} for name, emotion, units in found.congruent
        ],
        "analyses": [
            {
                "id": analysis.id,
                "hypothesis": analysis.hypothesis,
                "standing": analysis.standing,
                "family": analysis.family,
                "model": analysis.model,
                "as_published": analysis.as_published,
            }
            for analysis in (found.study.analyses if found.study is not None else ())
        ],
        "visits": [
            {
                "name": visit.name,
                "place": visit.place,
                "minutes": round(visit.minutes, 2),
                "trials": count_trials(visit.steps),
                "steps": [{**asdict(step), "trial_type": step.trial_type} for step in visit.steps],
            }
            for visit in found.visits
        ],
    }


def _group_blocks(steps: Sequence[PlannedStep]) -> Iterator[list[PlannedStep]]:
    group: list[PlannedStep] = []
    for step in steps:
        same_block = bool(group) and step.block is not None and step.block == group[0].block
        if group and not same_block:
            yield group
            group = []
        group.append(step)
    if group:
        yield group


def _describe_step(step: PlannedStep) -> str:
    kind = step.kind.removesuffix("_s")
    words = kind if step.name == kind else f"{kind} {step.name}"
    return f"{words} ({step.occasion})" if step.occasion else words


def _describe_block(steps: Sequence[PlannedStep]) -> str:
    first = steps[0]
    counts = count_trials(steps)
    emotions = ", ".join(f"{count} {emotion}" for emotion, count in counts.items())
    about = ", ".join(part for part in (first.block_role, first.phase) if part and part != "test")
    role = f" ({about})" if about else ""
    return f"block {first.block}{role}: {sum(counts.values())} trials: {emotions}"


def _list_visit(visit: VisitPlan, *, every_trial: bool) -> Iterator[str]:
    fixed_s = sum(step.duration_s for step in visit.steps if not step.estimated)
    lasts = f"about {visit.minutes:.0f} min" if visit.minutes >= 1 else "less than a minute"
    yield f"session {visit.name} ({visit.place}): {lasts}, {fixed_s / 60:.1f} min of them fixed"
    yield "   start   length   (~ estimated)"
    for row in list_rows(visit):
        sign = "~" if row.estimated else " "
        yield f"  {_clock(row.onset_s):>6} {sign}{_clock(row.duration_s):>6}   {row.words}"
        if every_trial and row.steps[0].block is not None:
            for step in row.steps:
                name = step.name if step.kind == "stimulus" else step.kind
                yield f"  {_clock(step.onset_s):>6}  {step.duration_s:6.1f}s     {name}"
    counts = count_trials([step for step in visit.steps if step.block_role != "washout"])
    if counts:
        listed = ", ".join(f"{emotion} {count}" for emotion, count in counts.items())
        yield f"  trials analysed: {sum(counts.values())} ({listed})"


def _list_congruent(found: StudyCheck) -> Iterator[str]:
    rows = [row for row in found.congruent if row[2]]
    if not rows:
        return
    yield "counts as mimicry"
    for name, emotion, units in rows:
        yield f"  {emotion} ({name}): {' '.join(units)}"
    yield ""


def _list_plan(found: StudyCheck) -> Iterator[str]:
    if found.study is not None and found.study.analyses:
        yield from summarise_plan(found.study.hypotheses, found.study.analyses)
        yield ""


def _list_points(title: str, points: Sequence[str]) -> Iterator[str]:
    if points:
        yield title
        yield from (f"  - {point}" for point in points)
        yield ""


def _count(mistakes: Sequence[str]) -> str:
    return "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
