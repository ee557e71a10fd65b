"""What one part of a study file says of another: names that must exist, and combinations that would give wrong numbers.

Only study.yaml itself is looked at; what needs the stimuli or the folder is checked in ``study_check``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mimicrylab.errors import suggest_nearest
from mimicrylab.protocol.yaml_source import Mistake, Path, Source, join_path

if TYPE_CHECKING:
    from mimicrylab.protocol.design import Study

Finding = tuple[Path, str]


def check_references(study: Study, source: Source) -> tuple[Mistake, ...]:
    """Return every reference that leads nowhere and every combination that is refused, with its line."""
    findings = [*_check_names(study), *_check_blocks(study), *_check_sessions(study)]
    return tuple(Mistake(source.find_line(path), join_path(path), message) for path, message in findings)


def _refer(path: Path, name: str, choices: Iterable[str], kind: str) -> Iterator[Finding]:
    known = list(choices)
    if name not in known:
        listed = f"there is {', '.join(known)}" if known else f"no {kind} is declared"
        yield path, f"no {kind} is called {name!r}{suggest_nearest(name, known)}; {listed}"


def _check_unique(section: str, names: Iterable[str]) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        if name in seen:
            yield (section, place, "name"), f"{name!r} is declared twice (first as {section}.{seen[name]})"
        seen.setdefault(name, place)


def _check_names(study: Study) -> Iterator[Finding]:
    yield from _check_unique("blocks", [block.name for block in study.blocks])
    yield from _check_unique("ratings", [rating.name for rating in study.ratings])
    yield from _check_unique("forms", [form.name for form in study.forms])
    yield from _check_unique("scales", [scale.name for scale in study.scales])
    yield from _check_unique("measurements", [measurement.name for measurement in study.measurements])
    yield from _check_unique("sessions", [visit.name for visit in study.sessions])
    yield from _check_unique("debriefing", [stage.name for stage in study.debriefing])
    yield from _check_unique("analyses", [analysis.id for analysis in study.analyses])


def _check_blocks(study: Study) -> Iterator[Finding]:
    for place, block in enumerate(study.blocks):
        here: Path = ("blocks", place)
        yield from _refer((*here, "stimuli", "set"), block.stimuli.set, study.stimuli.sets, "stimulus set")
        for index, name in enumerate(block.ratings):
            yield from _refer((*here, "ratings", index), name, [r.name for r in study.ratings], "rating")
        for index, name in enumerate(block.scales):
            yield from _refer((*here, "scales", index), name, [s.name for s in study.scales], "scale")
        for index, name in enumerate(block.windows):
            yield from _refer((*here, "windows", index), name, study.windows, "window")


def _check_sessions(study: Study) -> Iterator[Finding]:
    for place, visit in enumerate(study.sessions):
        for index, step in enumerate(visit.steps):
            here: Path = ("sessions", place, "steps", index)
            if step.block is not None:
                yield from _refer((*here, "block"), step.block, [b.name for b in study.blocks], "block")
            for number, name in enumerate(step.blocks):
                yield from _refer((*here, "blocks", number), name, [b.name for b in study.blocks], "block")
