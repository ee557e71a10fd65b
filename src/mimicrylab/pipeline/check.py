"""The verb ``check``: everything that can be said of a study before anybody takes part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mimicrylab.coding.coder import CODERS_GROUP, load_coder
from mimicrylab.errors import DependencyError, MimicryLabError
from mimicrylab.measures.requests import load_measure
from mimicrylab.measures.signals import CoderSignals, read_coder_signals
from mimicrylab.protocol.design import Study, load_study
from mimicrylab.protocol.study_check import StudyCheck, check_folder
from mimicrylab.protocol.yaml_source import Mistake, join_path
from mimicrylab.registry import list_registered
from mimicrylab.study import open_study

READERS_GROUP = "mimicrylab.readers"


def check_study(root: Path, *, seed: int = 1) -> StudyCheck:
    """Check the study folder at ``root``: its files, and whether the coder and the measures can do what it asks.

    Raises
    ------
    MissingError
        There is no study.yaml.
    """
    folder = open_study(root)
    found = check_folder(folder.root, seed=seed)
    if found.study is None:
        return found
    lines = load_study(folder.study_file).source
    placed = sorted(
        Mistake(lines.find_line(path), join_path(path), message) for path, message in _check_parts(found.study)
    )
    mistakes = tuple(mistake.describe(folder.study_file.name) for mistake in placed)
    return replace(
        found,
        mistakes=(*found.mistakes, *mistakes),
        warnings=(*found.warnings, *_warn_of_coder(found)),
        visits=() if mistakes else found.visits,
    )


def _check_parts(study: Study) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield coders and measures that do not exist, and settings that a measure does not use."""
    for place, request in enumerate(study.measures):
        try:
            load_measure(request)
        except MimicryLabError as error:
            yield ("measures", place), "; ".join(part for part in (error.problem, error.expected) if part)
    name = study.coding.coder
    coders = [part.name for part in list_registered(CODERS_GROUP)]
    readers = [part.name for part in list_registered(READERS_GROUP)]
    if name not in [*coders, *readers]:
        yield ("coding", "coder"), f"no coder is called {name!r}; there is {', '.join([*coders, *readers])}"


def _warn_of_coder(found: StudyCheck) -> Iterator[str]:
    """Yield which congruent action units the coder cannot measure, or only through another movement."""
    study = found.study
    if study is None or study.coding.coder not in [part.name for part in list_registered(CODERS_GROUP)]:
        return
    if study.camera.record == "nothing" and not study.measures and not any(a.outcome.measure for a in study.analyses):
        return  # nobody's face is measured
    try:
        signals = {signal.name: signal for signal in load_coder(study.coding.coder).description.signals}
    except DependencyError:
        return
    known = read_coder_signals(study.coding.coder, list(signals))
    needed = sorted({unit for _, _, units in found.congruent for unit in units})
    for standing, words in (("not measured", "cannot measure"), ("proxy", "measures only through another movement:")):
        units = [unit for unit in needed if _find_standing(known, unit) == standing]
        if units:
            yield f"the coder {study.coding.coder!r} {words} {', '.join(units)} (congruent here)"


def _find_standing(signals: CoderSignals, unit: str) -> str:
    column = signals.find_column(unit)
    return "not measured" if column is None else signals.declared[column].standing
