"""Names in a study file that must lead somewhere: each finding is a place in the file and what is wrong there.

Only study.yaml itself is looked at. What would give wrong numbers is refused in ``soundness``; what needs the stimuli
or the folder is checked in ``study_check``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mimicrylab.errors import suggest_nearest
from mimicrylab.protocol.visits import Step, Visit
from mimicrylab.protocol.yaml_source import Path

if TYPE_CHECKING:
    from mimicrylab.protocol.design import Study

Finding = tuple[Path, str]

EMOTION_PREFIXES = ("emotion:", "congruent:")
WHOLE_STIMULUS = "response"
"""The window that every study has: as long as the stimulus is shown, where it is not declared otherwise."""

LISTED = 12


def find_broken_references(study: Study) -> Iterator[Finding]:
    """Yield every name that is used and not declared, or declared twice."""
    yield from _check_unique_names(study)
    yield from _check_blocks(study)
    yield from _check_assignment(study)
    for place, visit in enumerate(study.sessions):
        yield from _check_visit(study, visit, ("sessions", place))
    yield from _check_all_blocks_shown(study)
    if study.phases_around is not None:
        labels = [step.label for visit in study.sessions for step in visit.steps]
        yield from refer(("phases_around",), study.phases_around, labels, "step")


def refer(path: Path, name: str, choices: Iterable[str], kind: str) -> Iterator[Finding]:
    """Yield a finding if ``name`` is not among the choices."""
    known = list(dict.fromkeys(choices))
    if name in known:
        return
    listed = f"; there is {', '.join(known[:LISTED])}{' ...' if len(known) > LISTED else ''}" if known else ""
    none = "" if known else f"; no {kind} is declared"
    yield path, f"no {kind} is called {name!r}{suggest_nearest(name, known)}{listed}{none}"


def _check_unique_names(study: Study) -> Iterator[Finding]:
    sections: dict[str, list[str]] = {
        "blocks": [block.name for block in study.blocks],
        "ratings": [rating.name for rating in study.ratings],
        "forms": [form.name for form in study.forms],
        "scales": [scale.name for scale in study.scales],
        "measurements": [measurement.name for measurement in study.measurements],
        "sessions": [visit.name for visit in study.sessions],
        "debriefing": [stage.name for stage in study.debriefing],
        "languages": list(study.languages),
    }
    for section, names in sections.items():
        yield from check_unique(section, names, key=None if section == "languages" else "name")
    yield from check_unique("analyses", [analysis.id for analysis in study.analyses], key="id")
    yield from check_unique("eligibility", [rule.id for rule in study.eligibility], key="id")
    for place, form in enumerate(study.forms):
        for finding in check_unique("fields", [field.name for field in form.fields], key="name"):
            yield ("forms", place, *finding[0]), finding[1]


def check_unique(section: str, names: Iterable[str], *, key: str | None) -> Iterator[Finding]:
    """Yield a finding for each name that stands in a list a second time."""
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        if name in seen:
            path: Path = (section, place) if key is None else (section, place, key)
            yield path, f"{name!r} is declared twice (first as {section}.{seen[name]})"
        seen.setdefault(name, place)


def _check_blocks(study: Study) -> Iterator[Finding]:
    ratings = [rating.name for rating in study.ratings]
    scales = [scale.name for scale in study.scales]
    for place, block in enumerate(study.blocks):
        here: Path = ("blocks", place)
        yield from refer((*here, "stimuli", "set"), block.stimuli.set, study.stimuli.sets, "stimulus set")
        for index, name in enumerate(block.ratings):
            yield from refer((*here, "ratings", index), name, ratings, "rating")
        for index, name in enumerate(block.scales):
            yield from refer((*here, "scales", index), name, scales, "scale")
        for index, name in enumerate(block.windows):
            yield from refer((*here, "windows", index), name, [*study.windows, WHOLE_STIMULUS], "window")


def _check_assignment(study: Study) -> Iterator[Finding]:
    fields = {field.name: field for form in study.forms for field in form.fields}
    for place, rule in enumerate(study.eligibility):
        if rule.field is None:
            continue
        here: Path = ("eligibility", place)
        yield from refer((*here, "field"), rule.field, fields, "form field")
        if rule.field in fields and fields[rule.field].choices:
            for index, answer in enumerate(rule.one_of):
                yield from refer((*here, "one_of", index), answer, fields[rule.field].choices, "answer")
    if study.assignment is None:
        return
    for place, stratum in enumerate(study.assignment.strata):
        here = ("assignment", "strata", place)
        yield from refer((*here, "field"), stratum.field, fields, "form field")
        if stratum.field in fields:
            for index, level in enumerate(stratum.levels):
                yield from refer((*here, "levels", index), level, fields[stratum.field].choices, "answer")
    if study.assignment.given_at is not None:
        names = [measurement.name for measurement in study.measurements]
        yield from refer(("assignment", "given_at"), study.assignment.given_at, names, "measurement")


def _check_visit(study: Study, visit: Visit, path: Path) -> Iterator[Finding]:
    seen: dict[tuple[str, str, str | None], int] = {}
    for place, step in enumerate(visit.steps):
        here: Path = (*path, "steps", place)
        yield from _check_step(study, step, here)
        yield from _check_step_names(visit, place, here)
        if step.kind in {"form", "scale", "measurement", "probe", "consent"}:
            key = (step.kind, str(getattr(step, step.kind)), step.occasion)
            if key in seen:
                yield (*here, step.kind), f"asked twice (first in steps.{seen[key]}); give each its own occasion"
            seen.setdefault(key, place)


def _check_step(study: Study, step: Step, here: Path) -> Iterator[Finding]:
    declared: dict[str, tuple[list[str], str]] = {
        "form": ([form.name for form in study.forms], "form"),
        "probe": ([form.name for form in study.forms], "form"),
        "scale": ([scale.name for scale in study.scales], "scale"),
        "measurement": ([measurement.name for measurement in study.measurements], "measurement"),
        "debriefing": ([stage.name for stage in study.debriefing], "debriefing stage"),
        "block": ([block.name for block in study.blocks], "block"),
    }
    if step.kind in declared:
        choices, kind = declared[step.kind]
        yield from refer((*here, step.kind), str(getattr(step, step.kind)), choices, kind)
    for index, name in enumerate(step.blocks):
        yield from refer((*here, "blocks", index), name, [block.name for block in study.blocks], "block")
    if step.eligibility is not None and not any(r.checked_by == step.eligibility for r in study.eligibility):
        yield (*here, "eligibility"), f"no eligibility rule has checked_by: {step.eligibility}"
    if step.consent is not None and study.consent is None:
        yield (*here, "consent"), "no consent is declared"
    if step.consent == "second" and study.consent is not None and study.consent.second_text is None:
        yield (*here, "consent"), "there is no text for the second consent: set consent.second_text"


def _check_step_names(visit: Visit, place: int, here: Path) -> Iterator[Finding]:
    step = visit.steps[place]
    if step.after is not None:
        earlier = [other.label for other in visit.steps[:place]]
        yield from refer((*here, "after"), step.after, earlier, "earlier step of this visit")
    others = [other.label for other in visit.steps if other is not step]
    for index, name in enumerate(step.or_after):
        yield from refer((*here, "or_after", index), name, others, "other step of this visit")
    if step.name is not None and step.name in [other.label for other in visit.steps[:place]]:
        yield (*here, "name"), f"another step is called {step.name!r}"


def _check_all_blocks_shown(study: Study) -> Iterator[Finding]:
    if not study.sessions:
        return
    shown: dict[str, str] = {}
    for place, visit in enumerate(study.sessions):
        for index, step in enumerate(visit.steps):
            names = step.blocks if step.blocks else (step.block,) if step.block else ()
            for name in names:
                if name in shown:
                    where = "block" if step.block else "blocks"
                    message = f"{name!r} is shown twice (first in {shown[name]}); declare it under two names"
                    yield ("sessions", place, "steps", index, where), message
                shown.setdefault(name, f"sessions.{place}.steps.{index}")
    for place, block in enumerate(study.blocks):
        if block.name not in shown:
            yield ("blocks", place, "name"), f"{block.name!r} is shown in no session"
