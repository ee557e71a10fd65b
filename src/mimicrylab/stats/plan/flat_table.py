"""From one table of any kind and its plan file to the data of a plan: people and values, as from a study.

One row a person: every column is something about people, and the columns that the plan file gathers under a measure are
its values in several conditions. Several rows a person: what is the same in all of them is about the person; numbers
that differ are measures, each under the name of its column; words that differ are conditions.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from mimicrylab.errors import InputError, UnknownNameError, count_things, suggest_nearest
from mimicrylab.protocol.emotions import name_emotion
from mimicrylab.protocol.limits import CellLimits
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.protocol.plan_file import PlanDocument
from mimicrylab.protocol.references import Finding
from mimicrylab.readers.data_files import DataFile
from mimicrylab.schemas import EMOTIONS, MEASURES
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.flat_columns import CONDITIONS, FlatColumns, find_columns
from mimicrylab.stats.plan.flat_words import WordColumns, check_words, find_words

CODER = "table"
LISTED = 12
"""So many columns are named where one is not found."""
RESERVED = frozenset({"participant_id", "analysed", "arm"})
SCHEMA = {column.name: column.dtype for column in MEASURES.columns} | {"block_position": pl.Int32}
EMOTION_COLUMN = {"emotion": "stimulus_emotion"}


def read_flat_table(file: DataFile, document: PlanDocument, *, seed: int) -> PlanData:
    """Return the data of a plan from one table.

    Parameters
    ----------
    file, document
        The table and its plan file.
    seed
        Seed of everything random in the plan.

    Raises
    ------
    StudyFileError
        The plan names a column, measure or condition that the table does not have; with the plan file's lines.
    InputError
        Nothing says who a row is of, or rows do not fit together.
    """
    plan = document.plan
    found = find_columns(file, document)
    words = find_words(file, found, plan)
    people = _collect_people(file, found, words)
    values, said = _collect_values(file, found, document)
    arms = _list_arms(people, plan.arms)
    data = PlanData(
        people=people,
        values=values,
        congruent={str(emotion): units for emotion, units in plan.congruent.items()},
        requests=tuple(_list_requests(found, document)),
        cells=CellLimits(minimum_trials=plan.minimum_trials),
        apart=() if found.several else ("block", "phase", "model_id"),
        arms=arms,
        labels="open" if arms else "none",
        seed=seed,
        notes=(*found.notes, *file.notes, *said, *words.notes),
    )
    document.raise_findings([*_find_unknown(data, found, document), *check_words(file, found, plan)])
    return data


def _collect_people(file: DataFile, found: FlatColumns, words: WordColumns) -> pl.DataFrame:
    """Return one row a person, in the order of the table."""
    person = file.take_words(found.roles["person"]).alias("participant_id")
    columns = [person, pl.Series("analysed", [True] * len(person))]
    if "arm" in found.roles:
        columns.append(file.take_words(found.roles["arm"]).alias("arm"))
    for name in found.of_people:
        if name not in RESERVED:
            column = found.named[name]
            taken = file.take_words(column) if name in words.names else file.rows[column]
            columns.append(taken.alias(name))
    rows = pl.DataFrame(columns)
    _refuse_several_arms(rows, file)
    return rows.group_by("participant_id", maintain_order=True).agg(pl.exclude("participant_id").drop_nulls().first())


def _refuse_several_arms(rows: pl.DataFrame, file: DataFile) -> None:
    if "arm" not in rows.columns:
        return
    arms = rows.drop_nulls("arm").group_by("participant_id").agg(pl.col("arm").n_unique())
    twice = arms.filter(pl.col("arm") > 1)["participant_id"]
    if len(twice):
        raise InputError(
            f"{count_things(len(twice), 'person is', 'people are')} in several arms",
            where=f"{file.name}: {file.name_lines(rows['participant_id'].is_in(twice.implode()))}",
            do="a treatment that changes within a person is a condition: map the column to phase or block",
        )


def _collect_values(file: DataFile, found: FlatColumns, document: PlanDocument) -> tuple[pl.DataFrame, tuple[str, ...]]:
    base, said = _take_conditions(file, found)
    parts = [_take_measure(base, file, name, column=found.named[name]) for name in found.measured]
    if "value" in found.roles:
        column = found.roles["value"]
        long = _take_measure(base, file, column, column=column)
        if "signal" in found.roles:
            long = long.with_columns(file.take_words(found.roles["signal"]).alias("signal"))
        parts.append(long)
    for name, measure in document.plan.measures.items():
        for column, place in measure.columns.items():
            rows = _take_measure(base, file, name, column=column, unit=measure.unit)
            fixed = {key: value for key, value in place.model_dump().items() if value is not None}
            parts.append(
                rows.with_columns(pl.lit(value).alias(EMOTION_COLUMN.get(key, key)) for key, value in fixed.items())
            )
    if not parts:
        return pl.DataFrame(schema=SCHEMA), said
    return pl.concat(parts, how="diagonal_relaxed"), said


def _take_conditions(file: DataFile, found: FlatColumns) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return the rows' people, visits, trials and conditions, with every column that a value has."""
    person = file.take_words(found.roles["person"]).alias("participant_id")
    columns = {"participant_id": person}
    said: list[str] = []
    for role in CONDITIONS:
        if role in found.roles:
            taken = file.take_words(found.roles[role])
            if role == "emotion":
                taken, note = _name_emotions(taken)
                said += note
            columns[EMOTION_COLUMN.get(role, role)] = taken
    for name in found.conditions:
        columns.setdefault(name, file.take_words(found.named[name]).alias(name))
    frame = pl.DataFrame([column.alias(name) for name, column in columns.items()])
    session = file.take_words(found.roles["session"]) if "session" in found.roles else person
    trial = pl.int_range(pl.len()).over("participant_id") if found.several else pl.lit(None)
    frame = frame.with_columns(session.alias("session_id"), trial.cast(pl.Int32).alias("trial"))
    lacking = [name for name in SCHEMA if name not in frame.columns]
    return (
        frame.with_columns(pl.lit(None, SCHEMA[name]).alias(name) for name in lacking).with_columns(
            pl.lit(CODER).alias("coder"),
            pl.lit(0, pl.Int32).alias("n_frames"),
            pl.col("block_position").cast(pl.Float64, strict=False).cast(pl.Int32),
        ),
        tuple(said),
    )


def _name_emotions(words: pl.Series) -> tuple[pl.Series, list[str]]:
    """Return emotions in the field's words, where they are words for one, and what was translated."""
    mapping: dict[str, str] = {}
    for word in words.drop_nulls().unique(maintain_order=True):
        try:
            mapping[word] = name_emotion(word)
        except UnknownNameError:
            mapping[word] = word
    changed = [f"{word} is {name}" for word, name in mapping.items() if word != name]
    notes = [f"emotions in the field's words: {', '.join(changed)}"] if changed else []
    other = [name for name in mapping.values() if name not in EMOTIONS]
    notes += [f"no emotions of the field, kept as they are: {', '.join(sorted(set(other)))}"] if other else []
    return words.replace(mapping), notes


def _take_measure(base: pl.DataFrame, file: DataFile, name: str, *, column: str, unit: str = "") -> pl.DataFrame:
    """Return the rows of one column as values of a measure; words are no numbers and stay null (``check_words``)."""
    values = file.rows[column].cast(pl.Float64, strict=False)
    return base.with_columns(
        values.alias("value"),
        pl.lit(name).alias("measure"),
        pl.lit(name).alias("signal"),
        pl.lit(unit).alias("unit"),
        pl.Series("reason", ["no value in the table" if value is None else None for value in values], dtype=pl.String),
    )


def _list_arms(people: pl.DataFrame, declared: tuple[str, ...]) -> tuple[str, ...]:
    if "arm" not in people.columns:
        return ()
    present = sorted(people["arm"].drop_nulls().unique())
    return (*[arm for arm in declared if arm in present], *[arm for arm in present if arm not in declared])


def _list_requests(found: FlatColumns, document: PlanDocument) -> Iterator[MeasureRequest]:
    for name, measure in document.plan.measures.items():
        yield MeasureRequest(measure=measure.kind, name=name, aggregate=measure.aggregate)
    long = [found.roles["value"]] if "value" in found.roles else []
    for name in (*found.measured, *long):
        yield MeasureRequest(measure="mean", name=name)


def _find_unknown(data: PlanData, found: FlatColumns, document: PlanDocument) -> Iterator[Finding]:
    """Yield every name in the plan that the table does not have."""
    plan = document.plan
    measures = set(data.values["measure"])
    columns = [name for name in data.people.columns if name not in {"participant_id", "analysed"}]
    within = {*CONDITIONS, "congruence", "trial", "signal", *found.conditions}
    for arm in plan.arms:
        if arm not in data.arms:
            yield ("arms",), f"nobody is in the arm {arm!r}{suggest_nearest(arm, data.arms)}"
    for index, analysis in enumerate(plan.analyses):
        here = ("analyses", index)
        outcome = analysis.outcome
        name = outcome.measure or str(outcome.score)
        known = [*measures, *(columns if outcome.score is not None else [])]
        if name not in known and not any(column.startswith(f"{name}.") for column in columns):
            yield (*here, "outcome"), f"the table has no column {name!r}{_hint(name, known, data)}"
        for number, predictor in enumerate(analysis.predictors):
            path = (*here, "predictors", number, "name")
            if predictor.kind == "treatment" and "arm" not in data.people.columns:
                yield path, "no column is the arm; name it:  columns: {arm: NAME}"
            if predictor.kind == "within" and predictor.name not in within:
                near = suggest_nearest(predictor.name, within)
                yield path, f"nothing that differs within people is called {predictor.name!r}{near}"
            if predictor.kind not in {"treatment", "within"} and predictor.name not in {*columns, *measures}:
                yield (
                    path,
                    f"the table has no column {predictor.name!r}{_hint(predictor.name, [*columns, *measures], data)}",
                )


def _hint(name: str, known: list[str], data: PlanData) -> str:
    if name in data.people.columns:
        return ", which is one value a person: write  score: " + name
    near = suggest_nearest(name, known)
    listed = ", ".join(sorted(known)[:LISTED])
    return near or (f"; it has {listed}{' ...' if len(known) > LISTED else ''}" if known else "")
