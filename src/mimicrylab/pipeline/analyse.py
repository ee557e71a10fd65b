"""The verb ``analyse``: run the analysis plan of a study, and write what was found to the folder ``analyses``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mimicrylab.errors import MissingError, UnknownNameError, quote_path
from mimicrylab.pipeline.analysis_lines import AnalysisLine, describe_results
from mimicrylab.pipeline.coded_frames import hash_tables
from mimicrylab.pipeline.plan_deviations import warn_of_deviations
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.design import Study, read_study
from mimicrylab.report.provenance import read_steps
from mimicrylab.stats.plan.collect import SEED, collect_data
from mimicrylab.stats.plan.data import Labels, PlanData
from mimicrylab.stats.plan.permute import permute_arms
from mimicrylab.stats.plan.results import AnalysisResult
from mimicrylab.stats.plan.run import Watcher, list_family, run_plan
from mimicrylab.stats.plan.storage import PlanResults, read_results, read_results_provenance, write_results
from mimicrylab.stats.plan.study_tables import read_arms, read_study_tables, score_scales
from mimicrylab.study import StudyFolder, append_log, open_study
from mimicrylab.tables import Provenance, hash_file

STEP = "analyse"
INPUTS = (
    "participants",
    "sessions",
    "answers",
    "events",
    "stimuli",
    "recordings",
    "quality",
    "exclusions",
    "measures",
    "arms",
)
"""Tables that the results rest on."""

SETTINGS = ("analyses", "measures", "windows", "baseline", "ratings", "forms", "measurements", "scales", "assignment")
"""Settings of study.yaml that the results rest on, besides the congruent action units and the limits of quality."""


@dataclass(frozen=True)
class AnalyseSummary:
    """What was found: the folder, a line an analysis, whether arms were real, and what was warned about.

    ``lines`` are the analyses asked for; ``not_done`` those of them that were refused or not possible; ``notes`` are
    about the data as a whole.
    """

    folder: Path
    lines: tuple[AnalysisLine, ...]
    labels: Labels
    people: int
    analysed: int
    up_to_date: bool = False
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    report: Path | None = None

    @property
    def permuted(self) -> bool:
        """Whether any result rests on arms drawn at random."""
        return any(line.labels == "permuted" for line in self.lines)

    @property
    def not_done(self) -> tuple[AnalysisLine, ...]:
        """The analyses without a result."""
        return tuple(line for line in self.lines if line.state != "done")


def analyse_study(
    root: Path,
    *,
    only: Sequence[str] = (),
    force: bool = False,
    seed: int | None = None,
    watch: Watcher | None = None,
) -> AnalyseSummary:
    """Run the analysis plan of a study, and write the results to its folder ``analyses``.

    While the list of kits is sealed, arms are drawn at random: a dry run, whose results say so. What is up to date
    (same tables, plan, seed and version) is not computed again.

    Parameters
    ----------
    root
        Folder of the study.
    only
        Analyses (by id) that are run, with the others of their families, whose tests their corrected p needs. Results
        of other analyses stay as long as they are up to date.
    force
        Run what is up to date, too.
    seed
        Seed of everything random; 1 if left out.
    watch
        Told of each analysis as it ends.

    Raises
    ------
    MissingError
        There is no study.yaml, or it plans no analysis; or nobody took part yet.
    StudyFileError
        study.yaml has mistakes.
    UnknownNameError
        There is no analysis of that id.
    InputError
        A table does not agree with its schema.
    """
    folder = open_study(root)
    study = read_study(folder.study_file)
    check_plan(study.analyses, only, where=str(folder.study_file))
    base = SEED if seed is None else seed
    wanted = describe_inputs(folder, study, seed=base)
    stored = read_stored(folder.analyses, wanted)
    asked = [each.id for each in study.analyses] if not only else list(only)
    warnings = (*_list_stale(folder, study), *warn_of_deviations(folder, study))
    if stored is not None and not force and {result.analysis.id for result in stored.results} >= set(asked):
        return summarise(folder.analyses, stored, asked, up_to_date=True, warnings=warnings)
    data = read_data(folder, study, seed=base)
    plan = run_part(data, study.analyses, asked, stored=stored if only else None, wanted=wanted, watch=watch)
    write_results(folder.analyses, plan)
    results = plan.results
    states = [result.state for result in results]
    counts = {state: states.count(state) for state in ("done", "refused", "not possible")}
    append_log(folder, STEP, {"analyses": len(results), **counts, "labels": data.labels, "seed": base})
    return summarise(folder.analyses, plan, asked, warnings=warnings)


def run_part(
    data: PlanData,
    analyses: Sequence[Analysis],
    asked: Sequence[str],
    *,
    stored: PlanResults | None,
    wanted: Provenance,
    watch: Watcher | None,
) -> PlanResults:
    """Return the results of the analyses asked for and of their families, beside those that are stored.

    Parameters
    ----------
    data, analyses
        The plan and its data.
    asked
        Ids of the analyses to run.
    stored
        Results of other analyses that are kept; None: none.
    wanted
        What the results are made from.
    watch
        Told of each analysis as it ends.
    """
    found = {one.analysis.id: one for one in run_plan(data, list_family(analyses, asked), watch=watch)}
    merged = ({one.analysis.id: one for one in stored.results} if stored else {}) | found
    results = tuple(merged[each.id] for each in analyses if each.id in merged)
    return PlanResults(
        results,
        _name_run(wanted, results, analyses, labels=data.labels),
        labels=data.labels,
        seed=data.seed,
        notes=data.notes,
        people=data.people.height,
        analysed=int(data.people["analysed"].sum()),
    )


def check_plan(analyses: Sequence[Analysis], only: Sequence[str], *, where: str) -> None:
    """Raise where there is no analysis to run, or one that is asked for does not exist.

    Raises
    ------
    MissingError
        No analysis is planned.
    UnknownNameError
        There is no analysis of that id.
    """
    ids = [each.id for each in analyses]
    if not ids:
        raise MissingError(
            "no analysis is planned", where=where, do="write the plan under  analyses:  (docs/analyses.md says how)"
        )
    for name in only:
        if name not in ids:
            raise UnknownNameError("analysis", name, ids, where=where)


def read_data(folder: StudyFolder, study: Study, *, seed: int = SEED) -> PlanData:
    """Return the data of a study's plan; while the list of kits is sealed, with arms drawn at random.

    Raises
    ------
    MissingError
        The study has no participants yet.
    """
    tables = read_study_tables(folder)
    if tables.participants.is_empty():
        raise MissingError(
            "the study has no participants yet",
            where=str(folder.root),
            do=f"mimicrylab import participants TABLE --study {quote_path(folder.root)}",
        )
    scores = score_scales(study, tables.answers, folder)
    data = collect_data(study, tables, scores=scores, arms=read_arms(folder), seed=seed)
    if study.assignment is not None and data.labels == "none":
        return permute_arms(data, study.assignment, seed=seed)
    return data


def describe_inputs(folder: StudyFolder, study: Study, *, seed: int) -> Provenance:
    """Return what the results of a study's plan are made from: hashes of its tables, and the settings they rest on."""
    settings: dict[str, Any] = study.model_dump(mode="json")
    arguments = {name: settings[name] for name in SETTINGS}
    arguments["quality"] = settings["quality"]
    arguments["congruence"] = {name: one["congruence"] for name, one in settings["stimuli"]["sets"].items()}
    arguments["seed"] = seed
    keys = sorted((folder.root / "scales").glob("*.yaml"))
    own = {path.relative_to(folder.root).as_posix(): hash_file(path) for path in keys}
    notes = {"study.yaml": hash_file(folder.study_file)}
    return Provenance(STEP, hash_tables(folder, INPUTS) | own, arguments, notes)


def read_stored(folder: Path, wanted: Provenance) -> PlanResults | None:
    """Return the results in a folder, if they were made as ``wanted`` says: same inputs, settings and version.

    Results of a part of the plan only are among them: their provenance names what was run in its notes.
    """
    found = read_results_provenance(folder)
    if found is None or replace(found, notes={}) != replace(wanted, notes={}):
        return None
    return read_results(folder)


def _name_run(
    wanted: Provenance, results: Sequence[AnalysisResult], analyses: Sequence[Analysis], *, labels: Labels
) -> Provenance:
    """Return the provenance with what arms were taken, and what was left out where only a part of the plan was run."""
    done = {result.analysis.id for result in results}
    missing = [each.id for each in analyses if each.id not in done]
    said = {"labels": labels} | ({"not_run": missing} if missing else {})
    return replace(wanted, notes={**wanted.notes, **said})


def _list_stale(folder: StudyFolder, study: Study) -> tuple[str, ...]:
    """Return a sentence for each table that is older than what it was made from, the results themselves left out."""
    named = {"quality": study.quality, "baseline": study.baseline}
    settings: dict[str, Any] = {name: value.model_dump(mode="json") for name, value in named.items()}
    settings["windows"] = {name: window.model_dump(mode="json") for name, window in study.windows.items()}
    stale = read_steps(folder, settings)[1]
    own = folder.analyses.name
    hint = f"mimicrylab run {quote_path(folder.root)}  brings everything up to date"
    return tuple(f"{sentence} ({hint})" for sentence in stale if not sentence.startswith(f"{own}/"))


def summarise(
    folder: Path,
    plan: PlanResults,
    asked: Sequence[str],
    *,
    up_to_date: bool = False,
    warnings: Sequence[str] = (),
    report: Path | None = None,
) -> AnalyseSummary:
    """Return the summary of the analyses asked for."""
    results = [result for result in plan.results if result.analysis.id in set(asked)]
    return AnalyseSummary(
        folder,
        describe_results(results, folder),
        plan.labels,
        plan.people,
        plan.analysed,
        up_to_date=up_to_date,
        notes=plan.notes,
        warnings=tuple(warnings),
        report=report,
    )
