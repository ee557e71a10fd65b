"""``import openface`` and other programs' frames: coded elsewhere, registered here, null where no face was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace as change
from pathlib import Path
from typing import Any

import polars as pl

from mimicrylab.errors import ConflictError, InputError
from mimicrylab.pipeline.frames_file import FramesFile, find_video, read_frames_file
from mimicrylab.pipeline.import_blocks import BlockOfTrials, place_in_blocks
from mimicrylab.pipeline.import_events import AddedEvents, EventsSource, add_event_rows, add_events, read_study_stimuli
from mimicrylab.pipeline.import_participants import add_people, find_visits
from mimicrylab.pipeline.import_recordings import Watcher, WhoIsWho
from mimicrylab.pipeline.import_summary import ImportedRecording, ImportSummary, State
from mimicrylab.pipeline.import_trials import ShownNames, TrialRule, apply_rule, name_shown
from mimicrylab.pipeline.session_tables import SessionTables, read_session_tables, write_session_tables
from mimicrylab.protocol.design import Study, read_study
from mimicrylab.readers.reader import Reader, load_reader
from mimicrylab.schemas import FRAMES, RECORDINGS
from mimicrylab.session.participants import Visit
from mimicrylab.session.recording import (
    Source,
    check_new_recordings,
    find_sources,
    merge_recordings,
    reassign_recordings,
)
from mimicrylab.study import StudyFolder, append_log, open_study
from mimicrylab.tables import Provenance, read_provenance, write_table

CAPTURE = "frames coded elsewhere"
CUT_OFF = "unreadable lines"


def import_frames(
    program: str,
    paths: Sequence[Path | Source],
    root: Path,
    *,
    options: Mapping[str, Any] | None = None,
    face: int | None = None,
    events: EventsSource | None = None,
    rule: TrialRule | None = None,
    shown: ShownNames = ShownNames(),  # noqa: B008 - a frozen value
    blocks: Sequence[BlockOfTrials] = (),
    who: WhoIsWho = WhoIsWho(),  # noqa: B008 - a frozen value
    replace: bool = False,
    watch: Watcher | None = None,
) -> ImportSummary:
    """Read another program's files of frames into ``frames/<program>/`` and register their recordings.

    Where the study has the recording's video, times are those of the video's own frames: a program's timestamps are
    wrong where the frame rate varies. Of several faces one is kept, the one found most often unless ``face`` says
    which, so that nobody else's movements are measured. All is read and checked before anything is stored; importing
    the same again changes nothing.

    Parameters
    ----------
    program
        Name of a registered reader of frames.
    paths
        Files, and folders that are searched for files with the program's endings; or sources that were found already.
    root
        The study folder.
    options
        The reader's options.
    face
        Number of the face to keep; None: the one found in most frames.
    events, who, replace
        As in ``import_recordings``.
    rule
        Trials at fixed times, in place of a table of events.
    blocks
        How many trials each block has, for trials from a rule or from the files; empty: nothing says their blocks.
    shown
        How the names are understood under which the files themselves say what was shown; they are asked only where
        there is neither a table of events nor a rule.

    Raises
    ------
    MissingError
        A path, table or study does not exist, or events name other recordings.
    ConflictError
        Two files share an id, or the study has other frames of the same recording, and not ``replace``.
    InputError, RefusedError
        A file is not one of the program's or is damaged, a table has mistakes, or it cannot be told who is in which
        recording.
    """
    say = watch or (lambda *_: None)
    step = "import frames"
    folder = open_study(root)
    study = read_study(folder.study_file)
    before = read_session_tables(folder)
    reader = load_reader(program, **(options or {}))
    _check_level(reader)
    named = [each for each in paths if isinstance(each, Path)]
    sources = find_sources(named, endings=reader.description.endings) if named else []
    sources += [each for each in paths if isinstance(each, Source)]
    people = who.read()
    where = who.participants.name if who.participants else ""
    visits = find_visits([each.recording_id for each in sources], people=people, pattern=who.pattern, where=where)
    files = []
    for place, source in enumerate(sources):
        say("reading", place, len(sources))
        video = find_video(source, before.recordings, folder)
        files.append(read_frames_file(reader, source, face=face, video=video, step=step))
    facts = _tabulate_files(files, visits)
    if not replace:
        check_new_recordings(facts, before.recordings)
    states = {file.source.recording_id: _compare_stored(file, folder, program) for file in files}
    if not replace and "replaced" in states.values():
        raise ConflictError(
            f"the study has other {program} frames of a recording",
            where=next(recording_id for recording_id, state in states.items() if state == "replaced"),
            expected="the same file read with the same options",
            do="add --replace if the new ones are right",
        )
    peopled, sessions = add_people(before, visits, study=study, people=people, capture=CAPTURE, replace=replace)
    unknown = facts.join(before.recordings, on="recording_id", how="anti")
    rows = unknown.join(sessions.select("recording_id", "session_id", "segment"), on="recording_id")
    known = reassign_recordings(before.recordings, sessions)
    new_rows = pl.concat([RECORDINGS.empty(), rows], how="diagonal_relaxed")
    after = change(peopled, recordings=merge_recordings(known, new_rows))
    notes: tuple[str, ...] = people.notes if people else ()
    counts = {"recordings": len(files), "participants": len({visit.participant_id for visit in visits.values()})}
    added = _add_trials(
        after,
        files,
        folder=folder,
        study=study,
        events=events,
        rule=rule,
        shown=shown,
        blocks=blocks,
        replace=replace,
    )
    if added is not None:
        after, notes = added.tables, (*notes, *added.notes)
        counts["events"] = added.n_events
    for place, file in enumerate(files):
        say("writing", place, len(files))
        if states[file.source.recording_id] != "unchanged":
            frames = file.frames.with_columns(recording_id=pl.lit(file.source.recording_id))
            write_table(frames, folder.frames_path(program, file.source.recording_id), FRAMES, file.provenance)
    inputs = {f"frames {file.source.recording_id}": file.provenance.inputs[program] for file in files}
    written = write_session_tables(folder, before, after, Provenance(step, inputs, {"pattern": who.pattern}))
    if set(states.values()) != {"unchanged"}:
        written = (f"frames/{program}", *written)
    summary = ImportSummary(
        tuple(
            ImportedRecording(
                file.source.recording_id,
                visits[file.source.recording_id].participant_id,
                states[file.source.recording_id],
                facts.filter(recording_id=file.source.recording_id)["duration_s"][0],
                file.counts,
                file.notes,
            )
            for file in files
        ),
        counts,
        notes,
        written,
    )
    append_log(folder, step, {**counts, **summary.count_states(), "inputs": inputs, "written": list(written)})
    return summary


def _add_trials(
    tables: SessionTables,
    files: Sequence[FramesFile],
    *,
    folder: StudyFolder,
    study: Study,
    events: EventsSource | None,
    rule: TrialRule | None,
    shown: ShownNames,
    blocks: Sequence[BlockOfTrials],
    replace: bool,
) -> AddedEvents | None:
    """Return the tables with trials from a table of events, else a rule, else the files; None where nothing says."""
    if events is not None and rule is not None:
        raise InputError("trials come from a table of events or from a rule, not from both")
    if events is not None:
        return add_events(tables, events, folder=folder, study=study, replace=replace)
    here = [file.source.recording_id for file in files]
    if rule is not None:
        rows = apply_rule(rule, tables.recordings.filter(pl.col("recording_id").is_in(here)))
        rows = place_in_blocks(rows, blocks) if blocks else rows
        return add_event_rows(tables, rows, folder=folder, study=study, table="the rule for trials", replace=replace)
    said = [
        file.shown.with_columns(recording=pl.lit(file.source.recording_id))
        for file in files
        if file.shown is not None and file.shown.height
    ]
    if not said:
        return None
    every = pl.concat(said).with_columns(pl.int_range(pl.len(), dtype=pl.Int32).alias("line"))
    rows, notes = name_shown(every, shown, stimuli=read_study_stimuli(folder, study))
    if not (rows["trial_type"] == "stimulus").any():
        return AddedEvents(tables, 0, (*notes, "no step of the files is a trial: none is stored"))
    rows = place_in_blocks(rows, blocks) if blocks else rows
    errors = {file.source.recording_id: file.time_error_s for file in files}
    added = add_event_rows(
        tables, rows, folder=folder, study=study, error_s=errors, table="the export", replace=replace
    )
    return change(added, notes=(*notes, *(note for note in added.notes if "the table has no event" not in note)))


def _check_level(reader: Reader) -> None:
    about = reader.description
    if about.level != "frames":
        raise InputError(
            f"{about.name!r} reads tables of {about.level}, not frames", do=f"mimicrylab import {about.name}"
        )


def _tabulate_files(files: Sequence[FramesFile], visits: Mapping[str, Visit]) -> pl.DataFrame:
    """Return what is known of each recording, with the columns of the recordings table."""
    rows: list[dict[str, Any]] = []
    for file in files:
        times = file.frames["time"]
        duration = float(times[-1] - times[0]) * times.len() / (times.len() - 1) if times.len() > 1 else None
        unreadable = file.counts.get(CUT_OFF, 0)
        rows.append(
            {
                "recording_id": file.source.recording_id,
                "participant_id": visits[file.source.recording_id].participant_id,
                "sha256": None,
                "n_frames": times.len(),
                "duration_s": duration,
                "mean_fps": times.len() / duration if duration else None,
                "received_s": duration,
                "complete": not unreadable,
                "reason": f"{unreadable} lines of the imported file could not be read" if unreadable else None,
            }
        )
    names = ("recording_id", "participant_id", "sha256", "n_frames", "duration_s", "mean_fps", "received_s")
    schema = {name: RECORDINGS.column(name).dtype for name in (*names, "complete", "reason")}
    return pl.DataFrame(rows, schema=schema)


def _compare_stored(file: FramesFile, folder: StudyFolder, program: str) -> State:
    """Return whether the study has no frames of this recording, the same, or others."""
    path = folder.frames_path(program, file.source.recording_id)
    if not path.exists():
        return "new"
    new, stored = file.provenance, read_provenance(path)
    if stored is not None and (stored.inputs, stored.arguments) == (new.inputs, new.arguments):
        return "unchanged"
    return "replaced"
