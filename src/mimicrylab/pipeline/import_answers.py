"""``import answers``: answers to the study's questionnaires, from any table of them, checked against the keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace as change
from pathlib import Path

import polars as pl

from mimicrylab.errors import ConflictError, InputError, UnknownNameError, count_things
from mimicrylab.pipeline.import_summary import ImportSummary
from mimicrylab.pipeline.session_tables import read_session_tables, write_session_tables
from mimicrylab.protocol.design import Study, read_study
from mimicrylab.protocol.scales import Scale, find_scale
from mimicrylab.protocol.scoring import score_answers
from mimicrylab.readers.answers_table import read_answers_table
from mimicrylab.readers.data_files import read_data_file
from mimicrylab.schemas import ANSWERS
from mimicrylab.session.participants import merge_participants
from mimicrylab.study import append_log, open_study
from mimicrylab.tables import Provenance, hash_file, read_table, write_table

STEP = "import answers"
KEY = ["session_id", "occasion", "scale", "item"]


def import_answers(
    table: Path,
    root: Path,
    *,
    columns: Mapping[str, str] | None = None,
    prefixes: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
    session: str | None = None,
    sheet: str | None = None,
    replace: bool = False,
) -> ImportSummary:
    """Add answers to questionnaires to a study: CSV, Excel or SPSS, a column an item or a row an answer.

    Participants and visits that the study does not have are added. Every answer is checked against the questionnaire
    before anything is stored.

    Parameters
    ----------
    table
        The table.
    root
        Folder of the study, whose study.yaml names the questionnaires.
    columns
        Our name of a column (participant, session, occasion, scale, item, response) -> its name in the table.
    prefixes
        Scale -> what its columns begin with, where that is not its name.
    words
        An answer as the table writes it -> the scale's answer.
    session
        Visit at which the questionnaires were answered, where the table does not say; the one that asks them if left
        out.
    sheet
        Sheet of a spreadsheet.
    replace
        Let answers take the place of other ones that the study has.

    Raises
    ------
    MissingError
        There is no such table or study.
    InputError
        study.yaml names no questionnaire, items are missing, or an answer is none of the questionnaire's.
    ConflictError
        The study has another answer of the same person to the same item, and not ``replace``.
    """
    folder = open_study(root)
    study = read_study(folder.study_file)
    scales = [find_scale(use.name, root=folder.root).scale for use in study.scales]
    if not scales:
        raise InputError(
            "the study asks no questionnaire", where="study.yaml", do="name them under scales: - name: EQ-60"
        )
    _check_prefixes(prefixes or {}, scales)
    read = read_answers_table(
        read_data_file(table, sheet=sheet), scales, stated=columns, prefixes=prefixes, words=words
    )
    before = read_session_tables(folder)
    answers, visits = _place_answers(read.answers, before.sessions, study, session=session)
    notes = [*read.notes, *_check_answers(answers, scales, study, table.name)]
    path = folder.table_path(ANSWERS.name)
    stored = read_table(path, ANSWERS) if path.exists() else ANSWERS.empty()
    merged = merge_answers(stored, answers, replace=replace)
    people = merge_participants(before.participants, answers.select("participant_id").unique())
    sessions = pl.concat([before.sessions, visits], how="diagonal_relaxed").sort("session_id")
    after = change(before, participants=people, sessions=sessions)
    arguments = {"columns": dict(columns or {}), "prefixes": dict(prefixes or {}), "session": session}
    provenance = Provenance(STEP, {"answers file": hash_file(table)}, arguments)
    written = write_session_tables(folder, before, after, provenance)
    if not merged.equals(stored):
        write_table(merged, path, ANSWERS, provenance)
        written = (*written, ANSWERS.name)
    counts = {
        "participants in the table": answers["participant_id"].n_unique(),
        "answers in the table": answers["response"].count(),
        "answers in the study": merged.height,
    }
    append_log(folder, STEP, {**counts, "sha256": hash_file(table), "replace": replace, "written": list(written)})
    return ImportSummary((), counts, (f"a {read.layout} table", *notes), written)


def _check_prefixes(prefixes: Mapping[str, str], scales: list[Scale]) -> None:
    names = [scale.name for scale in scales]
    for name in prefixes:
        if name not in names:
            raise UnknownNameError("questionnaire of the study", name, names)


def _find_visit(study: Study, scale: str) -> tuple[str, str | None] | None:
    """Return the visit that asks a questionnaire, and its occasion; None where no step does."""
    for visit in study.visits:
        for step in visit.steps:
            blocks = [step.block] if step.block else list(step.blocks)
            if step.scale == scale or any(scale in study.block(name).scales for name in blocks):
                return visit.name, step.occasion
    return None


def _place_answers(
    answers: pl.DataFrame, sessions: pl.DataFrame, study: Study, *, session: str | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the answers as the table ``answers``, and the visits that the study does not have yet."""
    names = [visit.name for visit in study.visits]
    for name in [session, *answers["session"].drop_nulls().unique()]:
        if name is not None and name not in names:
            raise UnknownNameError("session", name, names, where="study.yaml")
    known: dict[tuple[str, str], list[str]] = {}
    for session_id, participant_id, name in sessions.select("session_id", "participant_id", "session").iter_rows():
        known.setdefault((participant_id, name), []).append(session_id)
    asked = {use.name: _find_visit(study, use.name) for use in study.scales}
    rows, new = [], {}
    for row in answers.iter_rows(named=True):
        found = asked[row["scale"]]
        name = row["session"] or session or (found[0] if found is not None else names[0])
        occasion = row["occasion"] or (found[1] if found is not None else None)
        person = row["participant_id"]
        own = known.get((person, name), [])
        if len(own) > 1:
            raise InputError(
                f"a participant has {len(own)} visits called {name!r}",
                where="sessions",
                do="give the table a column session, or name the visit with --session",
            )
        session_id = own[0] if own else f"{person}/{name}"
        if not own:
            new[session_id] = (session_id, person, name, "finished")
        rows.append((person, session_id, occasion, row["scale"], row["item"], row["response"]))
    columns = ("participant_id", "session_id", "occasion", "scale", "item", "response")
    placed = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    visits = pl.DataFrame(
        list(new.values()),
        schema=dict.fromkeys(("session_id", "participant_id", "session", "state"), pl.String),
        orient="row",
    )
    empty = [
        pl.lit(None, dtype=column.dtype).alias(column.name) for column in ANSWERS.columns if column.name not in columns
    ]
    return placed.with_columns(*empty).select(ANSWERS.names), visits


def _check_answers(answers: pl.DataFrame, scales: list[Scale], study: Study, table: str) -> Iterator[str]:
    """Yield how many people answered each questionnaire whole; an answer that is none is an error."""
    uses = {use.name: use for use in study.scales}
    for scale in scales:
        own = answers.filter(pl.col("scale") == scale.name)
        if own.is_empty():
            continue
        try:
            scores = score_answers(own, scale, prorate_up_to=uses[scale.name].prorate_up_to)
        except InputError as error:
            raise InputError(
                error.problem,
                where=f"{table}, {(error.where or '').removeprefix('answers, ')}",
                expected=error.expected,
                do=error.do or "state what the table's answers mean: --answer 'AS WRITTEN=ANSWER'",
            ) from error
        people = scores["participant_id"].n_unique()
        without = scores.filter(pl.col("value").is_null())["participant_id"].n_unique()
        missing = f", {without} of them without a score because items are missing" if without else ""
        yield f"{scale.name}: {count_things(people, 'participant')}{missing}"


def merge_answers(stored: pl.DataFrame, new: pl.DataFrame, *, replace: bool) -> pl.DataFrame:
    """Return the stored answers with the new ones added; an answer that is empty never empties a stored one.

    Raises
    ------
    ConflictError
        A stored answer to the same item of the same visit is another one, and not ``replace``.
    """
    if stored.is_empty():
        return new.sort("participant_id", "session_id", maintain_order=True)
    both = stored.join(new.select(*KEY, "response"), on=KEY, how="inner", nulls_equal=True, suffix="::new")
    differ = both.filter(pl.col("response::new").is_not_null() & (pl.col("response") != pl.col("response::new")))
    if differ.height and not replace:
        raise ConflictError(
            "the study has other answers",
            where=ANSWERS.name,
            found=f"{count_things(differ.height, 'other answer')} to {', '.join(sorted(set(differ['scale'])))}",
            do="correct the table, or add --replace if the new answers are right",
        )
    given = new.filter(pl.col("response").is_not_null())
    kept = stored.join(given.select(KEY), on=KEY, how="anti", nulls_equal=True)
    empty = new.filter(pl.col("response").is_null()).join(kept.select(KEY), on=KEY, how="anti", nulls_equal=True)
    return pl.concat([kept, given, empty]).sort("participant_id", "session_id", maintain_order=True)
