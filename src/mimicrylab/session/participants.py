"""Who is in which recording, and the tables of participants and sessions that follow from it.

Imported recordings carry codes of participants in their names, or a table says who is in which. Neither is guessed
where it could be read in two ways: one participant taken for two, or two for one, makes every test wrong.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from mimicrylab.errors import ConflictError, InputError
from mimicrylab.schemas import PARTICIPANTS, SESSIONS
from mimicrylab.session.recording import match_recording

PARTICIPANT_GROUP = "participant"
SESSION_GROUP = "session"
LISTED = 5
NEW = "::new"
DTYPE_WORDS: Mapping[object, str] = {pl.String: "text", pl.Float64: "numbers"}


@dataclass(frozen=True)
class Visit:
    """Whose recording it is, and at which visit; ``session`` is None where nothing names it."""

    participant_id: str
    session: str | None = None


def read_ids(recording_ids: Collection[str], *, pattern: str | None = None) -> dict[str, Visit]:
    """Return who is in which recording, from the recordings' ids.

    Parameters
    ----------
    recording_ids
        Ids of recordings.
    pattern
        Regular expression that is searched in each id. Its group ``(?P<participant>...)`` (or its only or first
        group) is the participant, its group ``(?P<session>...)``, if there is one, the visit. None: the whole id is
        the participant, which is refused where ids have folders in them.

    Raises
    ------
    InputError
        The pattern is no regular expression, has no group, or does not match an id; or there is no pattern and an id
        has a folder in it.

    Examples
    --------
    >>> read_ids(["P01/before"], pattern="(?P<participant>[^/]+)/(?P<session>.+)")
    {'P01/before': Visit(participant_id='P01', session='before')}
    """
    if pattern is None:
        nested = sorted(each for each in recording_ids if "/" in each)
        if nested:
            raise InputError(
                "the recordings lie in folders, so their names do not tell whose they are",
                found=_list_some(nested),
                do="state which part is the participant: --participant-pattern '(?P<participant>[^/]+)/' for the first "
                "folder, '(?P<participant>[^/]+)$' for the file; or give a table with --participants",
            )
        return {each: Visit(each) for each in recording_ids}
    expression = _compile(pattern)
    visits: dict[str, Visit] = {}
    for recording_id in recording_ids:
        match = expression.search(recording_id)
        whole = PARTICIPANT_GROUP if PARTICIPANT_GROUP in expression.groupindex else 1
        participant_id = match.group(whole) if match else None
        if match is None or not participant_id:
            raise InputError(
                "the participant pattern does not fit a recording",
                expected=f"a match of {pattern!r} with something in its group",
                found=recording_id,
            )
        visits[recording_id] = Visit(participant_id, match.groupdict().get(SESSION_GROUP))
    return visits


def _compile(pattern: str) -> re.Pattern[str]:
    try:
        expression = re.compile(pattern)
    except re.error as error:
        raise InputError("the participant pattern is no regular expression", found=f"{pattern!r}: {error}") from error
    if not expression.groups or (expression.groupindex and PARTICIPANT_GROUP not in expression.groupindex):
        raise InputError(
            "the participant pattern does not say which part is the participant",
            expected="a group in brackets, such as '(?P<participant>P[0-9]+)'",
            found=repr(pattern),
        )
    return expression


def read_assignments(recording_ids: Collection[str], assignments: pl.DataFrame, *, where: str) -> dict[str, Visit]:
    """Return who is in which recording, from a table ``recording, participant_id, session``.

    Raises
    ------
    InputError
        A recording is not in the table, or stands there for two participants or visits.
    """
    visits: dict[str, Visit] = {}
    for name, participant_id, session in assignments.select("recording", "participant_id", "session").iter_rows():
        recording_id = match_recording(name, recording_ids)
        if recording_id is None:
            continue
        visit = Visit(participant_id, session)
        if visits.setdefault(recording_id, visit) != visit:
            raise InputError("a recording has two participants or visits", where=where, found=recording_id)
    missing = sorted(set(recording_ids) - set(visits))
    if missing:
        raise InputError(
            f"the table does not say who is in {len(missing)} of {len(recording_ids)} recordings",
            where=where,
            found=_list_some(missing),
            do="add a row for each: recording, participant",
        )
    return visits


def make_sessions(
    visits: Mapping[str, Visit], *, stored: pl.DataFrame, default_session: str, capture: str
) -> pl.DataFrame:
    """Return ``recording_id, participant_id, session_id, session, segment, capture`` for each recording.

    Recordings of one participant at one named visit are its segments, in the order of their ids, after those that the
    recordings table ``stored`` has. Where no visit is named each recording is a visit of its own, called
    ``default_session``.
    """
    in_use = {row["session_id"]: row["last"] for row in _last_segments(stored, visits).iter_rows(named=True)}
    rows = []
    for recording_id, visit in sorted(visits.items()):
        session_id = f"{visit.participant_id}/{visit.session}" if visit.session else recording_id
        in_use[session_id] = in_use.get(session_id, -1) + 1
        session = visit.session or default_session
        rows.append((recording_id, visit.participant_id, session_id, session, in_use[session_id], capture))
    names = ("recording_id", "participant_id", "session_id", "session", "segment", "capture")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String) | {"segment": pl.Int32}, orient="row")


def _last_segments(stored: pl.DataFrame, visits: Mapping[str, Visit]) -> pl.DataFrame:
    others = stored.filter(~pl.col("recording_id").is_in(list(visits)))
    return others.group_by("session_id").agg(pl.col("segment").max().alias("last"))


def merge_participants(stored: pl.DataFrame, new: pl.DataFrame, *, replace: bool = False) -> pl.DataFrame:
    """Return the participants table with ``new`` people added and stored people's empty cells filled, sorted by code.

    A cell that is empty in ``new`` never empties a stored one. ``state`` and ``excluded`` of new people are
    ``finished`` and False unless ``new`` says otherwise.

    Raises
    ------
    ConflictError
        A stored cell holds another value, and not ``replace``.
    InputError
        A further column has text in one table and numbers in the other.
    """
    further = [name for name in (*stored.columns, *new.columns) if name not in PARTICIPANTS.names]
    columns = [
        name for name in dict.fromkeys((*PARTICIPANTS.names, *further)) if name in {*stored.columns, *new.columns}
    ]
    both = stored.join(new, on="participant_id", how="full", coalesce=True, suffix=NEW)
    merged = [
        _merge_column(both[name], both[name + NEW], replace=replace) if name + NEW in both.columns else both[name]
        for name in columns
    ]
    defaults = {"state": "finished", "excluded": False}
    filled = pl.DataFrame(merged).with_columns(
        pl.col(name).fill_null(value) if name in columns else pl.lit(value).alias(name)
        for name, value in defaults.items()
    )
    return filled.sort("participant_id")


def _merge_column(old: pl.Series, added: pl.Series, *, replace: bool) -> pl.Series:
    if old.dtype != added.dtype:
        raise InputError(
            f"the column {old.name!r} holds {DTYPE_WORDS.get(added.dtype, added.dtype)} here "
            f"and {DTYPE_WORDS.get(old.dtype, old.dtype)} in the study",
            where=PARTICIPANTS.name,
        )
    differ = (old != added).fill_null(False)
    if differ.any() and not replace:
        raise ConflictError(
            f"the study has other values of {old.name!r}",
            where=PARTICIPANTS.name,
            found=f"another value for {int(differ.sum())} of {old.len()} participants",
            do="correct the table, or add --replace if the new values are right",
        )
    return added.zip_with(added.is_not_null(), old).alias(old.name)


def merge_sessions(stored: pl.DataFrame, new: pl.DataFrame, *, replace: bool = False) -> pl.DataFrame:
    """Return the sessions table with the visits of ``new`` (as `make_sessions` gives them) added, sorted by id.

    Raises
    ------
    ConflictError
        A stored visit of the same id belongs to somebody else, and not ``replace``.
    """
    visits = new.unique("session_id", keep="first", maintain_order=True)
    clashing = visits.join(stored, on="session_id", suffix=NEW).filter(
        pl.col("participant_id") != pl.col("participant_id" + NEW)
    )
    if clashing.height and not replace:
        raise ConflictError(
            "a visit belongs to another participant in the study",
            where=SESSIONS.name,
            found=_list_some(clashing["session_id"].to_list()),
            do="use the same --participant-pattern or table as before, or add --replace to correct it",
        )
    kept = stored.join(clashing, on="session_id", how="anti")
    rows = visits.join(kept, on="session_id", how="anti").select(
        "session_id", "participant_id", "session", "capture", state=pl.lit("finished")
    )
    return pl.concat([kept, rows], how="diagonal_relaxed").sort("session_id")


def _list_some(names: Sequence[str]) -> str:
    return ", ".join(names[:LISTED]) + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")
