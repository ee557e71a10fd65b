"""The plan file of a table: which column is what, hypotheses, and the same analyses as in study.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mimicrylab.errors import MissingError, StudyFileError
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.blocks import EmotionName
from mimicrylab.protocol.families import find_mixed_corrections
from mimicrylab.protocol.limits import MINIMUM_CELL_SHARE, Share
from mimicrylab.protocol.mistakes import explain_mistakes
from mimicrylab.protocol.plan_shapes import find_misfits, find_unsound_rows
from mimicrylab.protocol.references import Finding, check_unique, refer
from mimicrylab.protocol.settings import Name, Settings, Text
from mimicrylab.protocol.yaml_source import Mistake, Source, join_path, read_yaml
from mimicrylab.protocol.yaml_source import Path as Place

VERSION = 1


class ColumnPlace(Settings):
    """What the values of one column belong to, where a table has a column for each condition."""

    signal: Text | None = None
    """Action unit or other signal; empty: the measure's own name."""
    emotion: EmotionName | None = None
    """Emotion that was shown."""
    phase: Name | None = None
    """Phase of the study (before, after)."""
    block: Name | None = None
    """Block."""
    model_id: Name | None = None
    """Person shown."""


class TableMeasure(Settings):
    """A measure that lies in several columns, or in one that needs a name or unit."""

    columns: Annotated[dict[Text, ColumnPlace], Field(min_length=1)]
    """Column of the table -> the signal and condition that it holds."""
    kind: Name = "mean"
    """What sort of measure it is (mean, peak, presence, congruence, z, latency ...), for the checks of the models."""
    unit: str = ""
    """Unit of the values."""
    aggregate: Literal["mean_of_trials", "maximum"] = "mean_of_trials"
    """From trials to a condition: the mean, or the largest."""


class PlanFile(Settings):
    """A plan for a table: ``mimicrylab analyse --data FILE --plan FILE``."""

    version: Literal[1]
    """Version of this kind of file."""
    title: Text = "Analyses of a table"
    """Title of the report."""
    sheet: Text | None = None
    """Sheet of an Excel file; empty: the first."""
    missing: tuple[float | Text, ...] = ()
    """Further marks of missing values, in every column (-99, k.A.)."""
    columns: dict[Name, Text] = Field(default_factory=dict)
    """What is what: person, arm, session, trial, emotion, block, phase, model_id, stimulus, signal, value, and any
    name of your own for a column whose name an analysis cannot hold. What is left out is looked for by its name."""
    measures: dict[Name, TableMeasure] = Field(default_factory=dict)
    """Measures that lie in several columns (smile_happy, smile_angry ...)."""
    minimum_trials: Share = MINIMUM_CELL_SHARE
    """Least share of a person's trials of a condition that must have a value."""
    congruent: dict[EmotionName, tuple[Text, ...]] = Field(default_factory=dict)
    """Emotion -> action units that count as mimicry of it; needed for congruence."""
    arms: tuple[Text, ...] = ()
    """The arms in order: a difference is the first minus the second. Empty: by name."""
    hypotheses: dict[Name, Text] = Field(default_factory=dict)
    """Hypotheses by name."""
    analyses: Annotated[tuple[Analysis, ...], Field(min_length=1)]
    """The analysis plan."""

    @model_validator(mode="after")
    def _check_value(self) -> PlanFile:
        if "signal" in self.columns and "value" not in self.columns:
            raise ValueError("columns: a table with a column for the signal needs  value: COLUMN  too")
        return self


@dataclass(frozen=True)
class PlanDocument:
    """A plan file as read: the plan, and the lines of its settings for the mistakes that only the table shows."""

    path: Path
    plan: PlanFile
    source: Source

    def raise_findings(self, findings: Iterable[Finding]) -> None:
        """Raise a StudyFileError that lists every finding with its line, or do nothing if there is none."""
        mistakes = [Mistake(self.source.find_line(place), join_path(place), message) for place, message in findings]
        _raise_mistakes(self.path, tuple(mistakes))


def read_plan_file(path: Path) -> PlanDocument:
    """Read a plan file.

    Raises
    ------
    MissingError
        There is no such file.
    StudyFileError
        It has mistakes; all of them are listed with their lines.
    """
    if not path.is_file():
        raise MissingError("there is no such plan file", where=str(path), do="docs/analysing-a-table.md shows one")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyFileError(
            "the file is not in UTF-8", where=path.name, do="save it as UTF-8 in the editor"
        ) from error
    source = read_yaml(text)
    if source.value is None and source.mistakes:
        _raise_mistakes(path, source.mistakes)
    plan, mistakes = explain_mistakes(source, PlanFile, version=VERSION)
    if plan is not None:
        found = tuple(
            Mistake(source.find_line(place), join_path(place), message) for place, message in _find_mistakes(plan)
        )
        mistakes = (*mistakes, *found)
    _raise_mistakes(path, mistakes)
    if plan is None:
        raise StudyFileError("the plan file cannot be read", where=path.name)
    return PlanDocument(path, plan, source)


def _find_mistakes(plan: PlanFile) -> Iterator[Finding]:
    yield from check_unique("analyses", [analysis.id for analysis in plan.analyses], key="id")
    yield from find_mixed_corrections(plan.analyses)
    for index, analysis in enumerate(plan.analyses):
        here: Place = ("analyses", index)
        yield from refer((*here, "hypothesis"), analysis.hypothesis, plan.hypotheses, "hypothesis")
        yield from (((*here, *path), message) for path, message in find_misfits(analysis))
        yield from (((*here, *path), message) for path, message in find_unsound_rows(analysis))
        for number, predictor in enumerate(analysis.predictors):
            others = [other.name for other in analysis.predictors if other is not predictor]
            for which, name in enumerate(predictor.interacts_with):
                path = (*here, "predictors", number, "interacts_with", which)
                yield from refer(path, name, others, "other predictor of this analysis")


def _raise_mistakes(path: Path, mistakes: tuple[Mistake, ...]) -> None:
    lines = [mistake.describe(path.name) for mistake in sorted(set(mistakes))]
    if len(lines) == 1:
        raise StudyFileError(lines[0])
    if lines:
        raise StudyFileError("\n  ".join([f"{len(lines)} mistakes in the plan file", *lines]))
