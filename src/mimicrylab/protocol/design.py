"""study.yaml: the whole of a study, read strictly. Every mistake is listed, with its line.

read_study(path) -> Study            raises StudyFileError with all mistakes
load_study(path) -> StudyDocument    the study, or its mistakes, and the line of every setting
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, NoReturn

from pydantic import Field

from mimicrylab.errors import MissingError, StudyFileError, quote_path
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.arms import Assignment
from mimicrylab.protocol.blocks import Block, Rating
from mimicrylab.protocol.consent import Consent, CoverStory, Debriefing
from mimicrylab.protocol.forms import EligibilityRule, Form, Measurement, ScaleUse
from mimicrylab.protocol.measurement import Baseline, Coding, MeasureRequest, Quality, Window
from mimicrylab.protocol.mistakes import explain_mistakes
from mimicrylab.protocol.multiverse import Multiverse, find_broken_multiverses
from mimicrylab.protocol.plan_references import find_broken_plan_references
from mimicrylab.protocol.references import find_broken_references
from mimicrylab.protocol.sample_size import Participants
from mimicrylab.protocol.settings import Name, Settings, Text
from mimicrylab.protocol.soundness import find_unsound_settings
from mimicrylab.protocol.stimulus_sets import Stimuli
from mimicrylab.protocol.visits import Camera, Setup, Step, Visit
from mimicrylab.protocol.yaml_source import Mistake, Source, join_path, read_yaml
from mimicrylab.study import STUDY_FILE

VERSION = 1
"""Version of study.yaml that this program writes and reads."""

DEFAULT_VISIT = "visit"


class Study(Settings):
    """A study: who, what, when, how it is measured and tested."""

    version: Literal[1]
    """Version of the study file: 1."""
    title: Text
    """Title of the study."""
    summary: Text | None = None
    """What the study is about, in a sentence or two."""
    notice: Text | None = None
    """A sentence that the report shows at its top (a pilot, a demonstration, simulated data)."""
    languages: Annotated[tuple[Name, ...], Field(min_length=1)] = ("en",)
    """Languages, the first one first; texts lie in texts/<name>.<language>.md."""
    hypotheses: dict[Name, Text] = Field(default_factory=dict)
    """Hypotheses by name."""
    participants: Participants = Participants()
    """Who is to take part, and how many."""
    eligibility: tuple[EligibilityRule, ...] = ()
    """Conditions of taking part."""
    assignment: Assignment | None = None
    """Arms, blinding, strata; empty: no treatment."""
    consent: Consent | None = None
    """Consent in tiers; empty: kept elsewhere (imported data)."""
    cover_story: CoverStory | None = None
    """What participants are told instead of the whole truth; needs a second consent after disclosure."""
    debriefing: tuple[Debriefing, ...] = ()
    """Stages of the debriefing."""
    forms: tuple[Form, ...] = ()
    """Forms (demographics, awareness probe)."""
    scales: tuple[ScaleUse, ...] = ()
    """Questionnaires."""
    measurements: tuple[Measurement, ...] = ()
    """What the experimenter measures, gives or notes."""
    setup: Setup = Setup()
    """Conditions of the laboratory."""
    camera: Camera = Camera()
    """How the face is recorded."""
    stimuli: Stimuli
    """Stimulus sets and their manifest."""
    ratings: tuple[Rating, ...] = ()
    """Questions about stimuli."""
    blocks: Annotated[tuple[Block, ...], Field(min_length=1)]
    """Blocks of trials."""
    sessions: tuple[Visit, ...] = ()
    """Visits and their steps; empty: one visit that shows all blocks in order."""
    phases_around: Name | None = None
    """A step: blocks shown before it have the phase "before", those after it "after"."""
    coding: Coding = Coding()
    """Which coder reads the faces."""
    quality: Quality = Quality()
    """When frames and trials count."""
    windows: dict[Name, Window] = Field(default_factory=dict)
    """Time windows from stimulus onset, by name."""
    baseline: Baseline = Baseline()
    """What a trial is compared with."""
    measures: tuple[MeasureRequest, ...] = ()
    """Measures to compute."""
    analyses: tuple[Analysis, ...] = ()
    """The analysis plan."""
    multiverse: tuple[Multiverse, ...] = ()
    """Analyses repeated over other windows, baselines, thresholds, measures and limits."""

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The sessions, or the one visit that shows all blocks in order where none is declared."""
        if self.sessions:
            return self.sessions
        steps = tuple(Step(block=block.name) for block in self.blocks)
        return (Visit(name=DEFAULT_VISIT, steps=steps),)

    def block(self, name: str) -> Block:
        """Return the block called ``name`` (the references are checked, so a name from the study is there)."""
        return next(block for block in self.blocks if block.name == name)


@dataclass(frozen=True)
class StudyDocument:
    """A study file as read: the study (None when it has mistakes), the lines of its settings, and the mistakes."""

    path: Path
    study: Study | None
    source: Source
    mistakes: tuple[Mistake, ...] = ()


def read_study(path: Path) -> Study:
    """Read a study file (or the study.yaml of a folder).

    Raises
    ------
    MissingError
        There is no such file.
    StudyFileError
        The file has mistakes; all of them are listed with their lines.
    """
    document = load_study(path)
    if document.study is None:
        raise_mistakes(document.path, document.mistakes)
    return document.study


def load_study(path: Path) -> StudyDocument:
    """Read a study file and return the study or its mistakes, and the line of every setting.

    Raises
    ------
    MissingError
        There is no such file.
    """
    file = path / STUDY_FILE if path.is_dir() else path
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise MissingError(
            "there is no study file", where=str(file), do=f"mimicrylab new {quote_path(file.parent)} --template minimal"
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        mistake = Mistake(line, "", "the file is not in UTF-8; save it as UTF-8 in the editor")
        return StudyDocument(file, None, Source(None), (mistake,))
    return parse_study(text, path=file)


def parse_study(text: str, *, path: Path = Path(STUDY_FILE)) -> StudyDocument:
    """Read the text of a study file; ``path`` is only for messages."""
    source = read_yaml(text)
    if source.value is None and source.mistakes:
        return StudyDocument(path, None, source, source.mistakes)
    study, mistakes = explain_mistakes(source, Study, version=VERSION)
    if study is not None:
        mistakes = (*mistakes, *_check_whole(study, source))
    if mistakes:
        return StudyDocument(path, None, source, tuple(sorted(set(mistakes))))
    return StudyDocument(path, study, source)


def _check_whole(study: Study, source: Source) -> tuple[Mistake, ...]:
    """Every name that leads nowhere and every combination that is refused, with its line."""
    findings = [
        *find_broken_references(study),
        *find_broken_plan_references(study),
        *find_broken_multiverses(study),
        *find_unsound_settings(study),
    ]
    return tuple(Mistake(source.find_line(path), join_path(path), message) for path, message in findings)


def raise_mistakes(path: Path, mistakes: tuple[Mistake, ...]) -> NoReturn:
    """Raise a StudyFileError that lists every mistake of a study file."""
    lines = [mistake.describe(path.name) for mistake in mistakes]
    if len(lines) == 1:
        raise StudyFileError(lines[0])
    raise StudyFileError("\n  ".join([f"{len(lines)} mistakes in the study file", *lines]))
