"""Everything that can be said of a study before anybody takes part: mistakes, what is missing, warnings, the plan.

mistakes   must be corrected; no other verb works until then
missing    must be there before participants come (stimulus files, texts, wording, the sealed list of kits)
warnings   the study can run; think about them
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mimicrylab.errors import MimicryLabError
from mimicrylab.protocol.block_trials import list_trials
from mimicrylab.protocol.congruence import PRESETS, find_not_shown, list_congruent
from mimicrylab.protocol.design import Study, StudyDocument, load_study
from mimicrylab.protocol.design_warnings import list_warnings
from mimicrylab.protocol.scales import Scale, find_scale
from mimicrylab.protocol.sealed_kits import SEALED_PATH
from mimicrylab.protocol.stimuli import Manifest, read_manifest
from mimicrylab.protocol.stimulus_sets import Congruence
from mimicrylab.protocol.timeline import PlannedStep, plan_visit
from mimicrylab.protocol.wording import locate_wording, read_wording
from mimicrylab.protocol.yaml_source import Mistake, join_path

NAMED = 3
"""Examples named where many things of one kind are missing."""


@dataclass(frozen=True)
class VisitPlan:
    """One visit as an example participant would meet it."""

    name: str
    place: str
    steps: tuple[PlannedStep, ...]

    @property
    def minutes(self) -> float:
        """Planned length in minutes, estimates included."""
        return self.steps[-1].stop_s / 60 if self.steps else 0.0


@dataclass(frozen=True)
class StudyCheck:
    """What a check found. ``study`` is None when study.yaml itself has mistakes."""

    study: Study | None
    mistakes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    visits: tuple[VisitPlan, ...] = ()
    congruent: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing must be corrected."""
        return not self.mistakes


def check_folder(root: Path, *, seed: int = 1) -> StudyCheck:
    """Check the study in the folder ``root``; orders are those of an example participant with this seed.

    Raises
    ------
    MissingError
        There is no study.yaml.
    """
    document = load_study(root)
    if document.study is None:
        return StudyCheck(None, tuple(mistake.describe(document.path.name) for mistake in document.mistakes))
    return _Checking(document, document.study, document.path.parent, seed).run()


@dataclass
class _Checking:
    """One check: the study, its folder, and what was found so far."""

    document: StudyDocument
    study: Study
    root: Path
    seed: int

    def run(self) -> StudyCheck:
        mistakes: list[str] = []
        scales = self._read_scales(mistakes)
        manifest = self._read_manifest(mistakes)
        missing = list(self._list_missing(scales, manifest, mistakes))
        if manifest is None:
            return StudyCheck(self.study, tuple(mistakes), tuple(missing))
        stimuli = manifest.table
        mistakes += [m.describe(self.document.path.name) for m in sorted(set(self._check_stimuli(stimuli)))]
        visits = () if mistakes else self._plan_visits(stimuli, scales)
        congruent = tuple(
            (name, emotion, units)
            for name, of_set in self.study.stimuli.sets.items()
            for emotion, units in self._list_congruent(of_set.congruence, stimuli.filter(pl.col("set") == name))
        )
        warnings = tuple(list_warnings(self.study, stimuli, [visit.steps for visit in visits]))
        return StudyCheck(self.study, tuple(mistakes), tuple(missing), warnings, visits, congruent)

    def _read_scales(self, mistakes: list[str]) -> dict[str, Scale]:
        scales: dict[str, Scale] = {}
        for place, use in enumerate(self.study.scales):
            try:
                scales[use.name] = find_scale(use.name, root=self.root).scale
            except MimicryLabError as error:
                mistakes += [self._describe(("scales", place, "name"), line) for line in flatten_error(error)]
        return scales

    def _read_manifest(self, mistakes: list[str]) -> Manifest | None:
        path = self.root / self.study.stimuli.manifest
        try:
            return read_manifest(path, root=self.root, sets=self.study.stimuli.sets)
        except MimicryLabError as error:
            mistakes += flatten_error(error)
            return None

    def _describe(self, path: tuple[str | int, ...], message: str) -> str:
        return self._place(path, message).describe(self.document.path.name)

    def _place(self, path: tuple[str | int, ...], message: str) -> Mistake:
        return Mistake(self.document.source.find_line(path), join_path(path), message)

    def _check_stimuli(self, stimuli: pl.DataFrame) -> Iterator[Mistake]:
        """Blocks that show nothing, orders that cannot be met, clips without an end, action units that nobody shows."""
        for place, block in enumerate(self.study.blocks):
            try:
                shown = list_trials(self.study, block, stimuli, seed=self.seed)
            except MimicryLabError as error:
                for line in flatten_error(error):
                    yield self._place(("blocks", place, "stimuli"), line)
                continue
            endless = [each.stimulus for each in shown if each.duration_s is None]
            if block.duration_s is None and endless:
                message = f"no duration_s, and the manifest gives no length for {_name_some(endless)}"
                yield self._place(("blocks", place), message)
            for field in ("first", "last"):
                for index, emotion in enumerate(getattr(block, field)):
                    if emotion not in [each.emotion for each in shown]:
                        yield self._place(("blocks", place, field, index), f"the block shows no {emotion}")
        for name, of_set in self.study.stimuli.sets.items():
            rows = stimuli.filter(pl.col("set") == name)
            named = {str(emotion): units for emotion, units in of_set.congruence.action_units.items()}
            for emotion, unit in find_not_shown({**PRESETS.get(of_set.congruence.preset, {}), **named}, rows):
                inside = ("action_units", emotion) if emotion in named else ("preset",)
                message = f"{unit} is called congruent with {emotion}, and no stimulus of that emotion shows it"
                yield self._place(("stimuli", "sets", name, "congruence", *inside), message)

    def _list_congruent(self, congruence: Congruence, stimuli: pl.DataFrame) -> Iterator[tuple[str, tuple[str, ...]]]:
        try:
            yield from list_congruent(congruence, stimuli).items()
        except MimicryLabError:  # said already, with its line
            return

    def _plan_visits(self, stimuli: pl.DataFrame, scales: dict[str, Scale]) -> tuple[VisitPlan, ...]:
        items = {name: scale.items for name, scale in scales.items()}
        return tuple(
            VisitPlan(
                visit.name,
                visit.place,
                plan_visit(self.study, stimuli, seed=self.seed, visit=visit.name, items=items),
            )
            for visit in self.study.visits
        )

    def _list_missing(self, scales: dict[str, Scale], manifest: Manifest | None, mistakes: list[str]) -> Iterator[str]:
        if manifest is not None and manifest.missing:
            files = sorted(manifest.missing.values())
            yield f"{len(files)} of {manifest.table.height} stimulus files are not in the folder: {_name_some(files)}"
        if manifest is not None and manifest.unnamed and self.study.sessions:
            yield f"{len(manifest.unnamed)} stimuli have no file in {self.study.stimuli.manifest}: " + _name_some(
                list(manifest.unnamed)
            )
        for name in list_texts(self.study):
            for language in self.study.languages:
                path = Path("texts") / f"{name}.{language}.md"
                if not (self.root / path).is_file():
                    yield f"the text {path.as_posix()}"
        for name, scale in scales.items():
            yield from self._list_missing_wording(name, scale, mistakes)
        assignment = self.study.assignment
        if assignment is not None and assignment.blinding != "none" and not (self.root / SEALED_PATH).is_file():
            yield "the sealed list of kits, made by a third party: mimicrylab new DIR --seal"

    def _list_missing_wording(self, name: str, scale: Scale, mistakes: list[str]) -> Iterator[str]:
        for language in self.study.languages:
            path = locate_wording(self.root, name, language)
            try:
                wording = read_wording(path, scale)
            except MimicryLabError as error:
                mistakes += flatten_error(error)
                continue
            if wording is None:
                source = f" (from {scale.wording_from})" if scale.wording_from else ""
                yield f"the wording of {name}{source}, a line an item, in texts/{path.name}"


def list_texts(study: Study) -> tuple[str, ...]:
    """Return the names of all texts that the study refers to (texts/<name>.<language>.md), in order, each once."""
    names: list[str | None] = []
    if study.consent is not None:
        names += [study.consent.text, study.consent.second_text]
    if study.cover_story is not None:
        names.append(study.cover_story.text)
    names += [stage.text for stage in study.debriefing]
    names += [form.text for form in study.forms]
    names += [measurement.text for measurement in study.measurements]
    names += [block.text for block in study.blocks]
    names += [step.text for visit in study.sessions for step in visit.steps]
    return tuple(dict.fromkeys(name for name in names if name is not None))


def flatten_error(error: MimicryLabError) -> list[str]:
    """Return an error as lines: each mistake of a list by itself, otherwise one line with all that is known."""
    first, *rest = error.describe().splitlines()
    if re.match(r"\d+ mistakes in ", first):
        return [line.strip() for line in rest]
    return ["; ".join([first, *(line.strip() for line in rest)])]


def _name_some(names: list[str]) -> str:
    shown = ", ".join(names[:NAMED])
    return f"{shown} and {len(names) - NAMED} more" if len(names) > NAMED else shown
