"""The verb ``simulate``: a complete study folder of simulated people, and what was planted in it (truth.json)."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from mimicrylab.coding.landmarker import NAME as LANDMARKER
from mimicrylab.coding.landmarker import Landmarker
from mimicrylab.errors import ConflictError, InputError
from mimicrylab.pipeline.films import describe_defects, write_films
from mimicrylab.pipeline.new import create_study
from mimicrylab.pipeline.seal import seal_study
from mimicrylab.protocol.design import Study, read_study
from mimicrylab.protocol.scales import Scale, find_scale
from mimicrylab.protocol.stimuli import read_manifest
from mimicrylab.schemas import ARMS, FRAMES, STIMULI, TABLES
from mimicrylab.simulate.cohort import Cohort, RecordingPlan, simulate_cohort
from mimicrylab.simulate.film_defects import parse_defects
from mimicrylab.simulate.openface_frames import NAME as OPENFACE
from mimicrylab.simulate.population import Population
from mimicrylab.simulate.published import PublishedSample, find_sample
from mimicrylab.simulate.truth import describe_truth
from mimicrylab.study import StudyFolder, append_log
from mimicrylab.tables import Provenance, hash_file, write_table, write_text

PASSPHRASE = "simulated people have no secrets"
"""Opens the sealed list of a simulated blinded study. A real one has a passphrase that is written nowhere."""

LARGEST_COHORT = 100_000
TRUTH_FILE = "truth.json"
STEP = "simulate"


@dataclass(frozen=True)
class SimulatedStudy:
    """What was written: the folder, people, recordings, frames, and the passphrase where kits are sealed."""

    folder: StudyFolder
    template: str
    participants: int
    recordings: int
    frames: int
    passphrase: str | None


def simulate_study(
    out: Path,
    *,
    template: str,
    participants: int | None = None,
    seed: int,
    population: Population | None = None,
    videos: bool = False,
    defects: str | None = None,
    report: Callable[[int, int], None] | None = None,
) -> SimulatedStudy:
    """Write a study folder with simulated people at ``out``. Nothing that is there is touched.

    The folder is made under another name and renamed when it is whole. The same template, number and seed give the
    same files, the sealed list of kits excepted, whose encryption takes fresh random numbers.

    Parameters
    ----------
    template
        Name of a template, see ``mimicrylab new``.
    participants
        Number of people; None: as many as took part in the template's article, 50 where there is none.
    seed
        Seed of everything random.
    population
        What is true; if not given, that of the template's article, or the default population.
    videos
        Write rendered webcam films instead of coded frames; they are then coded like real ones (minutes a person).
    defects
        What goes wrong in successive films, in turn: ``none,hand,dark+far``, or ``all``; None: nothing.
    report
        Called with recordings done and in all.

    Raises
    ------
    UnknownNameError
        There is no such template.
    InputError
        The number of people or the seed is out of range.
    ConflictError
        There is something at ``out`` already.
    DependencyError
        Films are asked for, and what draws them is not installed.
    """
    if participants is not None and not 1 <= participants <= LARGEST_COHORT:
        raise InputError(
            "this number of participants cannot be simulated",
            where="--participants",
            expected=f"1 to {LARGEST_COHORT}",
            found=str(participants),
        )
    if not 0 <= seed < 2**63:
        raise InputError(
            "this is no seed", where="--seed", expected="a whole number from 0 to 2^63 - 1", found=str(seed)
        )
    if defects is not None and not videos:
        raise InputError("defects are of films", where="--defects", do="add --videos")
    wrong = parse_defects(defects) if defects is not None else ()
    if out.is_symlink() or (out.exists() and not (out.is_dir() and not any(out.iterdir()))):
        raise ConflictError(
            "there is something at this place already", where=str(out), do="choose another folder; nothing was changed"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    workplace = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    try:
        made = _fill_folder(
            workplace / "study",
            template=template,
            participants=participants,
            seed=seed,
            population=population,
            videos=videos,
            defects=wrong,
            report=report,
        )
        if out.exists():
            out.rmdir()
        (workplace / "study").rename(out)
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
    return SimulatedStudy(StudyFolder(out), *made)


def _fill_folder(
    root: Path,
    *,
    template: str,
    participants: int | None,
    seed: int,
    population: Population | None,
    videos: bool,
    defects: tuple[tuple[str, ...], ...],
    report: Callable[[int, int], None] | None,
) -> tuple[str, int, int, int, str | None]:
    folder = create_study(root, template=template).folder
    sample = find_sample(template)
    if videos:
        sample = replace(sample, coder=LANDMARKER, population=population or Population())
    elif population is not None:
        sample = replace(sample, population=population, coder=OPENFACE if population.presence else LANDMARKER)
    participants = participants or sample.participants
    _mark_simulated(folder, participants=participants, seed=seed)
    if sample.coder == OPENFACE:
        _edit_study(folder, sample.edits)
    study = read_study(folder.study_file)
    stimuli = read_manifest(root / study.stimuli.manifest, root=root, sets=study.stimuli.sets).table
    scales = _find_scales(study, root)
    study_sha256 = hash_file(folder.study_file)
    cohort = simulate_cohort(
        study,
        stimuli,
        participants=participants,
        seed=seed,
        scales=scales,
        study_sha256=study_sha256,
        population=sample.population,
    )
    arguments = {"template": template, "participants": participants, "seed": seed}
    provenance = Provenance(STEP, {"study.yaml": study_sha256}, arguments, {"simulated": True})
    if videos:
        facts = write_films(folder, cohort.recordings, defects=defects, report=report)
    else:
        facts = _write_frames(folder, cohort, provenance, sample=sample, report=report)
    tables = {**cohort.tables, STIMULI.name: stimuli}
    tables["recordings"] = tables["recordings"].update(facts, on="recording_id")
    for name, frame in tables.items():
        write_table(frame, folder.table_path(name), TABLES[name], provenance)
    truth = describe_truth(
        study, stimuli, sample.population, scales=scales, participants=participants, seed=seed, template=template
    )
    if defects:
        truth |= describe_defects([plan.recording_id for plan in cohort.recordings], defects)
    write_text(folder.root / TRUTH_FILE, json.dumps(truth, indent=1, ensure_ascii=False) + "\n")
    passphrase = _write_arms(folder, study, cohort, provenance)
    append_log(folder, STEP, {**arguments, "recordings": len(cohort.recordings)})
    n_frames = int(facts["n_frames"].sum() or 0)
    return template, participants, len(cohort.recordings), n_frames, passphrase


def _mark_simulated(folder: StudyFolder, *, participants: int, seed: int) -> None:
    """Write a notice into study.yaml, in the line after the version: reports show it at their top."""
    lines = folder.study_file.read_text(encoding="utf-8").split("\n")
    place = next(place for place, line in enumerate(lines) if line.startswith("version:")) + 1
    notice = (
        f"Simulated data. {participants} people who do not exist, seed {seed}; what was planted is in {TRUTH_FILE}."
    )
    kept = [line for line in lines if not line.startswith("notice:")]
    write_text(folder.study_file, "\n".join([*kept[:place], f'notice: "{notice}"', *kept[place:]]))


def _edit_study(folder: StudyFolder, edits: tuple[tuple[str, str], ...]) -> None:
    """Change study.yaml to what it must say for the sample's coder."""
    text = folder.study_file.read_text(encoding="utf-8")
    for old, new in edits:
        if old not in text:
            raise InputError("the template does not say what is to be changed", where="study.yaml", expected=old)
        text = text.replace(old, new)
    write_text(folder.study_file, text)


def _find_scales(study: Study, root: Path) -> dict[str, Scale]:
    return {use.name: find_scale(use.name, root=root).scale for use in study.scales}


def _write_frames(
    folder: StudyFolder,
    cohort: Cohort,
    provenance: Provenance,
    *,
    sample: PublishedSample,
    report: Callable[[int, int], None] | None,
) -> pl.DataFrame:
    """Write every recording's frames; return what the recordings table says of them."""
    notes = _describe_coder(sample.coder)
    rows = []
    for done, plan in enumerate(cohort.recordings):
        frames = plan.make_frames()
        arguments = {**provenance.arguments, "coder": sample.coder}
        written = Provenance(STEP, provenance.inputs, arguments, {**notes, "recording_id": plan.recording_id})
        write_table(frames, folder.frames_path(sample.coder, plan.recording_id), FRAMES, written)
        rows.append(_describe_frames(plan, frames))
        if report is not None:
            report(done + 1, len(cohort.recordings))
    schema = {"recording_id": pl.String, "n_frames": pl.Int64, "duration_s": pl.Float64, "mean_fps": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _describe_coder(coder: str) -> dict[str, object]:
    if coder != LANDMARKER:
        return {"simulated": True, "stands_for": f"signals of {coder}, simulated"}
    described = Landmarker(blendshapes=False).description
    return {
        "simulated": True,
        "coder_version": described.version,
        "model_sha256": described.model_sha256,
        "stands_for": "signals of this coder, simulated; blendshapes are not",
    }


def _describe_frames(plan: RecordingPlan, frames: pl.DataFrame) -> tuple[str, int, float, float]:
    times = frames["time"].to_numpy()
    interval = float((times[1:] - times[:-1]).mean())
    duration = float(times[-1] - times[0]) + interval
    return plan.recording_id, len(times), duration, len(times) / duration


def _write_arms(folder: StudyFolder, study: Study, cohort: Cohort, provenance: Provenance) -> str | None:
    """Seal the kits of a blinded study and return the passphrase; where nobody is blinded, write the arms."""
    if study.assignment is None:
        return None
    if study.assignment.blinding == "none":
        rows = [(kit.kit, kit.stratum, kit.arm) for kit in cohort.kits]
        schema = {column.name: column.dtype for column in ARMS.columns}
        write_table(pl.DataFrame(rows, schema=schema, orient="row"), folder.table_path("arms"), ARMS, provenance)
        return None
    seal_study(folder.root, passphrase=PASSPHRASE, seed=cohort.kit_seed)
    return PASSPHRASE
