"""The verb ``plan``: show a study's plan, freeze it as a preregistration, and tell what deviates from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mimicrylab import __version__
from mimicrylab.errors import InputError, MimicryLabError, RefusedError, count_things
from mimicrylab.pipeline.check import check_study
from mimicrylab.protocol.design import Study
from mimicrylab.protocol.deviations import Deviation, compare_plans
from mimicrylab.protocol.frozen_plan import (
    DOCUMENT_NAME,
    FOLDER,
    FROZEN_NAME,
    FrozenPlan,
    collect_plan,
    encode_frozen,
    hash_plan,
    read_frozen,
)
from mimicrylab.protocol.scales import Scale, find_scale
from mimicrylab.protocol.stimuli import read_manifest
from mimicrylab.protocol.study_check import StudyCheck
from mimicrylab.report.preregistration.document import (
    Preregistration,
    build_preregistration,
    render_preregistration,
    write_preregistration,
)
from mimicrylab.report.preregistration.source import PlanSource
from mimicrylab.schemas import STIMULI, TABLES
from mimicrylab.study import StudyFolder, append_log, open_study
from mimicrylab.tables import read_table, write_text

STEP = "plan"
COLLECTED = (
    ("recordings", "recording", "recordings"),
    ("answers", "answer", "answers"),
    ("measures", "measured value", "measured values"),
)
"""Tables that hold participants' data, and what one and several of their rows are called."""


@dataclass(frozen=True)
class ShownPlan:
    """A plan as it is now: the document, whether it was frozen, what deviates, and what a reader would miss."""

    text: str
    frozen: FrozenPlan | None
    deviations: tuple[Deviation, ...] = ()
    gaps: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True)
class FreezeResult:
    """What freezing left: the plan, where the documents lie, what changed since the version before, what is missing.

    ``written`` is False where nothing has changed since the last freezing.
    """

    frozen: FrozenPlan
    paths: tuple[Path, ...]
    changes: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    written: bool = True


def show_plan(root: Path) -> ShownPlan:
    """Return the plan of a study in words, and what deviates from its frozen version where there is one.

    Raises
    ------
    MissingError
        There is no study.yaml.
    InputError
        study.yaml has mistakes; all of them are listed.
    """
    folder = open_study(root)
    study, found = _read_sound(folder)
    plan = collect_plan(study, folder.root)
    frozen = read_frozen(folder.root)
    deviations = compare_plans(frozen.plan, plan) if frozen is not None else ()
    document = _show_document(_gather_source(folder, study, found), frozen, len(deviations))
    return ShownPlan(
        write_preregistration(document),
        frozen,
        deviations,
        tuple(list_gaps(study)),
        tuple(list_refusals(study)),
        hash_plan(plan),
    )


def _show_document(source: PlanSource, frozen: FrozenPlan | None, deviations: int) -> Preregistration:
    """Return the document of the plan as it is now: the frozen one where nothing deviates from that."""
    if frozen is None:
        return build_preregistration(source)
    if not deviations:
        return build_preregistration(replace(source, collected=frozen.collected), frozen=frozen)
    count = count_things(deviations, "deviation")
    status = f"changed since it was frozen on {frozen.day} (version {frozen.version}): {count}"
    return build_preregistration(source, status=status)


def freeze_plan(root: Path, *, now: datetime | None = None) -> FreezeResult:
    """Write plan/preregistration.md and .html and plan/frozen.json, and return what was frozen.

    A plan that was frozen before is kept, with its version in its names, and the new document says what has changed.
    Where nothing has, nothing is written.

    Raises
    ------
    MissingError
        There is no study.yaml.
    InputError
        study.yaml has mistakes; all of them are listed.
    RefusedError
        The plan has no confirmatory analysis, or families that contradict themselves; all reasons are listed.
    DamagedFileError
        The older frozen plan was changed after it was frozen.
    """
    folder = open_study(root)
    study, found = _read_sound(folder)
    refusals = list(list_refusals(study))
    if refusals:
        raise RefusedError(
            "\n  ".join(["this plan is not frozen, because it does not say what decides", *refusals]),
            do="say in study.yaml which analyses are confirmatory, and which are corrected together",
        )
    plan = collect_plan(study, folder.root)
    older = read_frozen(folder.root)
    gaps = tuple(list_gaps(study))
    if older is not None and older.sha256 == hash_plan(plan):
        return FreezeResult(older, _list_paths(folder), gaps=gaps, written=False)
    changes = tuple(each.words for each in compare_plans(older.plan, plan)) if older is not None else ()
    source = _gather_source(folder, study, found)
    frozen = FrozenPlan(
        version=older.version + 1 if older is not None else 1,
        frozen=(now or datetime.now(UTC)).isoformat(timespec="seconds"),
        software=f"mimicrylab {__version__}",
        sha256=hash_plan(plan),
        plan=plan,
        collected=source.collected,
    )
    document = build_preregistration(source, frozen=frozen, changes=changes)
    markdown, page = write_preregistration(document), render_preregistration(document)
    if older is not None:
        _keep_older(folder, older.version)
    folder_of_plan = folder.root / FOLDER
    write_text(folder_of_plan / f"{DOCUMENT_NAME}.md", markdown)
    write_text(folder_of_plan / f"{DOCUMENT_NAME}.html", page)
    write_text(folder_of_plan / FROZEN_NAME, encode_frozen(frozen))
    details = {"version": frozen.version, "sha256": frozen.sha256, "collected": list(frozen.collected)}
    append_log(folder, "plan --freeze", {**details, "changes": len(changes)})
    return FreezeResult(frozen, _list_paths(folder), changes, gaps)


def list_refusals(study: Study) -> Iterator[str]:
    """Yield why a plan cannot be frozen: nothing decides, or families contradict themselves."""
    if not study.hypotheses:
        yield "- no hypothesis is declared"
    if not study.analyses:
        yield "- no analysis is planned"
        return
    decisive = [analysis for analysis in study.analyses if analysis.standing == "confirmatory"]
    if not decisive:
        yield "- every analysis is exploratory: nothing decides, and there is no family to correct"
    for family in dict.fromkeys(analysis.effective_family for analysis in decisive):
        own = [analysis for analysis in decisive if analysis.effective_family == family]
        levels = sorted({analysis.alpha for analysis in own})
        if len(levels) > 1:
            named = ", ".join(f"{analysis.id} {analysis.alpha:g}" for analysis in own)
            yield f"- the family {family!r} has several levels of significance: {named}"
        if len({analysis.correction for analysis in own}) > 1:
            named = ", ".join(f"{analysis.id} {analysis.correction}" for analysis in own)
            yield f"- the family {family!r} is corrected in several ways: {named}"
        if all(analysis.model == "description" for analysis in own):
            yield f"- the family {family!r} has no test, only descriptions"


def list_gaps(study: Study) -> Iterator[str]:
    """Yield what a reader of the preregistration would miss; none of it stops freezing."""
    people = study.participants
    if people.planned is None:
        yield "participants.planned: how many participants are planned"
    if people.planned is not None and people.planned_because is None:
        yield "participants.planned_because: why so many"
    if not people.power:
        yield "participants.power: the effect that the number of participants rests on"
    decisive = {analysis.hypothesis for analysis in study.analyses if analysis.standing == "confirmatory"}
    for name in study.hypotheses:
        if name not in decisive:
            yield f"hypotheses.{name}: no confirmatory analysis tests it"
    for analysis in study.analyses:
        if analysis.standing == "confirmatory" and analysis.as_published:
            yield f"analyses.{analysis.id}: decides as published, where the default would be another"


def _read_sound(folder: StudyFolder) -> tuple[Study, StudyCheck]:
    found = check_study(folder.root)
    if found.study is None or found.mistakes:
        listed = [f"- {mistake}" for mistake in found.mistakes]
        raise InputError(
            "\n  ".join([f"{count_things(len(listed), 'mistake')} in the study", *listed]), do="mimicrylab check"
        )
    return found.study, found


def _gather_source(folder: StudyFolder, study: Study, found: StudyCheck) -> PlanSource:
    try:
        stimuli = read_manifest(folder.root / study.stimuli.manifest, root=folder.root, sets=study.stimuli.sets).table
    except MimicryLabError:
        stimuli = STIMULI.empty()
    scales: dict[str, Scale] = {}
    for use in study.scales:
        scales[use.name] = find_scale(use.name, root=folder.root).scale
    congruent: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, emotion, units in found.congruent:
        congruent.setdefault(name, {})[emotion] = units
    minutes = {visit.name: visit.minutes for visit in found.visits}
    return PlanSource(study, stimuli, congruent, scales, minutes, tuple(_list_collected(folder)))


def _list_collected(folder: StudyFolder) -> Iterator[str]:
    """Yield what the folder holds of participants' data."""
    for name, one, several in COLLECTED:
        path = folder.table_path(name)
        if not path.exists():
            continue
        table = read_table(path, TABLES[name])
        if not table.is_empty():
            people = ""
            if "participant_id" in table.columns:
                people = f" of {count_things(table['participant_id'].n_unique(), 'participant')}"
            yield f"{count_things(table.height, one, several)}{people}"
    if not folder.table_path("recordings").exists() and any(_list_videos(folder)):
        yield f"{count_things(len(list(_list_videos(folder))), 'file')} in recordings/"


def _list_videos(folder: StudyFolder) -> Iterator[Path]:
    return (path for path in folder.recordings.rglob("*") if path.is_file() and not path.name.startswith("."))


def _keep_older(folder: StudyFolder, version: int) -> None:
    """Rename the documents of the older version, frozen.json last: until then it is the plan that counts."""
    root = folder.root / FOLDER
    for name in (f"{DOCUMENT_NAME}.md", f"{DOCUMENT_NAME}.html", FROZEN_NAME):
        path = root / name
        if path.is_file():
            path.replace(path.with_name(f"{path.stem}-{version}{path.suffix}"))


def _list_paths(folder: StudyFolder) -> tuple[Path, ...]:
    root = folder.root / FOLDER
    return tuple(root / name for name in (f"{DOCUMENT_NAME}.html", f"{DOCUMENT_NAME}.md", FROZEN_NAME))


def describe_plan(shown: ShownPlan) -> dict[str, Any]:
    """Return a plan's state as plain values for JSON."""
    frozen = shown.frozen
    return {
        "sha256": shown.sha256,
        "frozen": {
            "version": frozen.version,
            "time": frozen.frozen,
            "sha256": frozen.sha256,
            "software": frozen.software,
            "collected": list(frozen.collected),
        }
        if frozen is not None
        else None,
        "deviations": [{"part": each.part, "setting": each.place, "was": each.was, "is": each.now}
                       for each in shown.deviations],
        "missing": list(shown.gaps),
        "refused_because": [each.removeprefix("- ") for each in shown.refusals],
    }  # fmt: skip
