"""The verb ``run``: do whatever is left to do in a study folder, and say what was skipped and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mimicrylab.errors import MimicryLabError, count_things, quote_path
from mimicrylab.pipeline.analyse import analyse_study
from mimicrylab.pipeline.code import Watcher, code_study
from mimicrylab.pipeline.coded_frames import read_optional
from mimicrylab.pipeline.measure import measure_study
from mimicrylab.pipeline.quality import judge_study
from mimicrylab.pipeline.report import write_report
from mimicrylab.protocol.design import read_study
from mimicrylab.study import StudyFolder, open_study

State = Literal["done", "up to date", "skipped", "failed"]


@dataclass(frozen=True)
class StepResult:
    """What became of one step: its state, and a sentence that says what was done, or why it was not.

    ``details`` are what could not be done within it, each with its reason.
    """

    step: str
    state: State
    text: str
    details: tuple[str, ...] = ()


StepWatcher = Callable[[StepResult], None]


@dataclass(frozen=True)
class RunSummary:
    """What became of every step, in order, and where the report lies (None: it was not written)."""

    steps: tuple[StepResult, ...]
    report: Path | None

    @property
    def failed(self) -> bool:
        """Whether a step could not do all that it should."""
        return any(step.state == "failed" for step in self.steps)


def run_study(
    root: Path,
    *,
    processes: int | None = None,
    watch: StepWatcher | None = None,
    watch_coding: Watcher | None = None,
) -> RunSummary:
    """Code, judge, measure, analyse and report a study, as far as it is not done and up to date.

    A step that cannot be done is named with its reason, and the next ones go on with what there is: a report of what a
    folder holds is always written.

    Parameters
    ----------
    root
        Folder of the study.
    processes
        Recordings that are coded at the same time; None: as many as there are processors.
    watch
        Told of each step as it ends.
    watch_coding
        Told of the progress of coding.

    Raises
    ------
    MissingError
        There is no study.yaml.
    StudyFileError
        study.yaml has mistakes.
    """
    folder = open_study(root)
    study = read_study(folder.study_file)
    steps: list[StepResult] = []

    def end(step: StepResult) -> None:
        steps.append(step)
        if watch is not None:
            watch(step)

    end(_attempt("code", lambda: _code(folder, processes, watch_coding)))
    end(_attempt("quality", lambda: _judge(folder)))
    end(_attempt("measure", lambda: _measure(folder)))
    if study.analyses:
        end(_attempt("analyse", lambda: _analyse(folder)))
    end(_attempt("report", lambda: _report(folder)))
    written = steps[-1].state == "done"
    return RunSummary(tuple(steps), folder.report / "report.html" if written else None)


def _attempt(name: str, do: Callable[[], StepResult]) -> StepResult:
    try:
        return do()
    except MimicryLabError as error:
        return StepResult(name, "failed", str(error))


def _code(folder: StudyFolder, processes: int | None, watch: Watcher | None) -> StepResult:
    recordings = read_optional(folder, "recordings")
    if recordings.is_empty():
        text = f"the study has no recordings yet (mimicrylab import recordings FILES --study {quote_path(folder.root)})"
        return StepResult("code", "skipped", text)
    if recordings["path"].null_count() == recordings.height:
        return StepResult("code", "skipped", "no video is kept; the frames in the folder are used")
    summary = code_study(folder.root, processes=processes, watch=watch)
    if summary.imported and not summary.receipts:
        return StepResult("code", "skipped", f"frames of {summary.coder} were imported, and are used")
    coded, failed = summary.select("coded"), summary.select("failed")
    parts = list(_describe_coding(len(coded), sum(receipt.n_frames or 0 for receipt in coded)))
    parts += [f"{receipt.recording_id} breaks off: {receipt.reason}" for receipt in summary.incomplete]
    parts += [f"{receipt.recording_id} could not be coded: {receipt.reason}" for receipt in failed]
    if failed:
        return StepResult("code", "failed", "; ".join(parts))
    return StepResult("code", "done" if coded else "up to date", "; ".join(parts))


def _describe_coding(recordings: int, frames: int) -> Iterator[str]:
    if recordings:
        yield f"{recordings} recording{'' if recordings == 1 else 's'}, {frames:,} frames"
    else:
        yield "every recording is coded"


def _judge(folder: StudyFolder) -> StepResult:
    if read_optional(folder, "recordings").is_empty():
        return StepResult("quality", "skipped", "the study has no recordings yet")
    summary = judge_study(folder.root)
    grades = ", ".join(f"{number} of grade {grade}" for grade, number in sorted(summary.grades.items()) if number)
    text = f"{grades}; {summary.trials_counting} of {summary.trials} trials count"
    return StepResult("quality", "up to date" if summary.up_to_date else "done", text)


def _measure(folder: StudyFolder) -> StepResult:
    if read_optional(folder, "recordings").is_empty():
        return StepResult("measure", "skipped", "the study has no recordings yet")
    if read_optional(folder, "events").is_empty():
        return StepResult("measure", "skipped", "nothing says what was shown when (mimicrylab import events)")
    summary = measure_study(folder.root)
    people, trials = count_things(summary.participants, "participant"), count_things(summary.trials, "trial")
    text = f"{summary.rows:,} values of {people}, {trials}"
    return StepResult("measure", "up to date" if summary.up_to_date else "done", text)


def _analyse(folder: StudyFolder) -> StepResult:
    """Run the plan; an analysis that is not possible with these data is named, and is no failure of the step."""
    if read_optional(folder, "participants").is_empty():
        return StepResult("analyse", "skipped", "the study has no participants yet (mimicrylab import participants)")
    summary = analyse_study(folder.root)
    done = len(summary.lines) - len(summary.not_done)
    parts = [f"{done} of {count_things(len(summary.lines), 'analysis', 'analyses')}"]
    if summary.permuted:
        parts.append("DRY RUN on arms drawn at random, for the list of kits is sealed")
    details = tuple(f"{line.id} {line.state}: {line.text}" for line in summary.not_done)
    return StepResult("analyse", "up to date" if summary.up_to_date else "done", "; ".join(parts), details)


def _report(folder: StudyFolder) -> StepResult:
    result = write_report(folder.root)
    return StepResult("report", "done", str(result.path))
