"""What is simulated, and what is asked of it: a study, its plan, what is planted, and how frames are made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import polars as pl

from mimicrylab import __version__
from mimicrylab.errors import InputError, RefusedError, UnknownNameError
from mimicrylab.measures.measure import PersonMeasure
from mimicrylab.measures.requests import DEFAULT_REQUESTS, load_measure
from mimicrylab.power.effects import PlantedEffects, plant_population, read_effects
from mimicrylab.power.measured_cohort import CODER
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.congruence import collect_congruent
from mimicrylab.protocol.design import Study, read_study
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.protocol.scales import Scale, find_scale
from mimicrylab.protocol.stimuli import read_manifest
from mimicrylab.simulate.population import Population
from mimicrylab.stats.plan.data import SHARE_VALID
from mimicrylab.stats.plan.run import list_family
from mimicrylab.study import open_study

NEEDS_FULL_FRAMES = ("latency", "bins")
"""Measures that coarse frames change, beside those that grow with the frame rate."""


@dataclass(frozen=True)
class SimulationSetting:
    """Everything that one simulated study needs; it travels to worker processes.

    Parameters
    ----------
    root
        Folder of the study; nothing in it is changed.
    study
        The study, with the measures that ``analyses`` need.
    stimuli, scales
        Its stimuli and questionnaires.
    analyses
        What is run: what was asked for and the rest of their families, over which p is corrected.
    asked
        Ids of the analyses whose power is asked for.
    effects, population
        What is planted.
    coarse
        Whether frames are made ten times a second and around the stimuli only.
    seed
        Seed of everything random.
    """

    root: Path
    study: Study
    stimuli: pl.DataFrame
    scales: Mapping[str, Scale]
    analyses: tuple[Analysis, ...]
    asked: tuple[str, ...]
    effects: PlantedEffects
    population: Population
    coarse: bool
    seed: int

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms; empty without a treatment."""
        return tuple(arm.name for arm in self.study.assignment.arms) if self.study.assignment else ()

    @property
    def congruent(self) -> dict[str, tuple[str, ...]]:
        """Emotion -> action units that count as mimicry of it."""
        return collect_congruent(self.study.stimuli.sets, self.stimuli)

    @property
    def needs_faces(self) -> bool:
        """Whether an analysis is about what faces did or how well they were seen."""
        return bool(self.study.measures) or any(one.outcome.score == SHARE_VALID for one in self.analyses)

    @property
    def identity(self) -> str:
        """Hash of all that changes a simulated study's result."""
        said = {
            "software": __version__,
            "study": self.study.model_dump(mode="json", exclude={"title", "summary", "notice", "participants"}),
            "stimuli": self.stimuli.write_json(),
            "analyses": [one.model_dump(mode="json") for one in self.analyses],
            "effects": asdict(replace(self.effects, given=())),
            "population": asdict(self.population),
            "coarse": self.coarse,
            "seed": self.seed,
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def read_setting(
    path: Path,
    *,
    analyses: Sequence[str] = (),
    effects: Sequence[str] = (),
    full_frames: bool = False,
    seed: int = 1,
    population: Population | None = None,
) -> SimulationSetting:
    """Return what is simulated for a study folder.

    Parameters
    ----------
    path
        Folder of the study, or its study.yaml.
    analyses
        Ids of the analyses whose power is asked for; all confirmatory ones if left out.
    effects
        What is planted, see ``effects``.
    full_frames
        Make every frame, also where coarse ones do.
    population
        People and cameras; the simulation's default if left out.

    Raises
    ------
    MissingError
        There is no study, or no table of its stimuli.
    StudyFileError
        study.yaml has mistakes.
    InputError
        The study has no plan, or nothing of it can be simulated.
    UnknownNameError
        An analysis that is not in the plan, or an unknown effect.
    """
    folder = open_study(path)
    study = read_study(folder.study_file)
    root = folder.root
    stimuli = read_manifest(root / study.stimuli.manifest, root=root, sets=study.stimuli.sets).table
    asked = _choose_analyses(study, analyses)
    chosen = tuple(list_family(study.analyses, asked))
    requests = _choose_requests(study, chosen)
    truth = population or Population()
    planted = read_effects(effects, truth)
    return SimulationSetting(
        root=root,
        study=study.model_copy(update={"measures": requests}),
        stimuli=stimuli,
        scales={use.name: find_scale(use.name, root=root).scale for use in study.scales},
        analyses=chosen,
        asked=asked,
        effects=planted,
        population=plant_population(truth, planted),
        coarse=not (full_frames or _need_full_frames(requests)),
        seed=seed,
    )


def _choose_analyses(study: Study, ids: Sequence[str]) -> tuple[str, ...]:
    known = [one.id for one in study.analyses]
    if not known:
        raise InputError(
            "the study has no analysis plan", where="study.yaml", do="declare analyses (docs/study-file.md)"
        )
    for name in ids:
        if name not in known:
            raise UnknownNameError("analysis", name, known, where="--analysis")
    confirmatory = [one.id for one in study.analyses if one.standing == "confirmatory"]
    return tuple(dict.fromkeys(ids)) or tuple(confirmatory or known)


def _choose_requests(study: Study, analyses: Sequence[Analysis]) -> tuple[MeasureRequest, ...]:
    """Return the measures that the analyses use, and those that these are made of."""
    names = {one.outcome.measure for one in analyses if one.outcome.measure}
    names |= {predictor.name for one in analyses for predictor in one.predictors}
    every = study.measures or DEFAULT_REQUESTS
    used = [each for each in every if any(_gives(each, name) for name in names)]
    sources = set()
    for each in used:
        measure = load_measure(each)
        if isinstance(measure, PersonMeasure):
            sources.add((each.of or measure.made_of, each.window))
    return tuple(each for each in every if each in used or (each.label, each.window) in sources)


def _gives(request: MeasureRequest, name: str) -> bool:
    """Whether a request gives a measure of that name (``congruence`` also gives ``congruence_without_neutral``)."""
    return name == request.label or name.startswith(f"{request.label}_")


def _need_full_frames(requests: Sequence[MeasureRequest]) -> bool:
    for each in requests:
        measure = load_measure(each)
        if getattr(measure, "grows_with_rate", False) or measure.name in NEEDS_FULL_FRAMES:
            return True
    return False


def check_coder(setting: SimulationSetting) -> None:
    """Refuse a study whose plan names signals of another coder: only those of ``landmarker`` can be simulated.

    Raises
    ------
    RefusedError
        A signal that ends as OpenFace's do (``AU12_r``).
    """
    named = {signal for each in setting.study.measures for signal in each.signals}
    named |= {signal for one in setting.analyses for signal in one.outcome.signals}
    named |= {signal for one in setting.analyses for predictor in one.predictors for signal in predictor.signals}
    foreign = sorted(signal for signal in named if signal.endswith(("_r", "_c")))
    if foreign:
        raise RefusedError(
            f"{foreign[0]} is a signal of another coder: only the coder {CODER!r} can be simulated",
            where="study.yaml",
            do=f"name action units ({foreign[0].partition('_')[0]}): they stand for the column of whichever coder",
        )
