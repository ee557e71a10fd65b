"""``import recordings``: videos that a laboratory has, who is in them, and what was shown when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as change
from pathlib import Path
from typing import Any

import polars as pl

from mimicrylab.errors import DamagedFileError, InputError
from mimicrylab.pipeline.import_events import EventsSource, add_event_rows, add_events
from mimicrylab.pipeline.import_participants import add_people, find_visits
from mimicrylab.pipeline.import_summary import ImportedRecording, ImportSummary, State
from mimicrylab.pipeline.import_trials import TrialRule, apply_rule
from mimicrylab.pipeline.recording_files import VideoFile, examine_video, name_stored_file, store_file
from mimicrylab.pipeline.session_tables import read_session_tables, write_session_tables
from mimicrylab.protocol.design import read_study
from mimicrylab.readers.reader import Imported, load_reader
from mimicrylab.schemas import RECORDINGS
from mimicrylab.session.participants import Visit
from mimicrylab.session.recording import check_new_recordings, find_sources, merge_recordings
from mimicrylab.study import StudyFolder, append_log, open_study
from mimicrylab.tables import Provenance, hash_file

STEP = "import recordings"
CAPTURE = "video file"
LISTED = 20

Watcher = Callable[[str, int, int], None]
"""Called with what is being done, how many files are done, and how many there are."""


@dataclass(frozen=True)
class WhoIsWho:
    """Where it stands who is in which recording: a table, with its columns as stated, or a pattern of the ids."""

    participants: Path | None = None
    columns: Mapping[str, str] | None = None
    pattern: str | None = None

    def read(self) -> Imported | None:
        """Return the table of participants as read, or None."""
        if self.participants is None:
            return None
        return load_reader("participants", columns=dict(self.columns or {})).read(self.participants)


def import_recordings(
    paths: Sequence[Path],
    root: Path,
    *,
    events: EventsSource | None = None,
    rule: TrialRule | None = None,
    who: WhoIsWho = WhoIsWho(),
    link: bool = False,
    replace: bool = False,
    keep_unreadable: bool = False,
    watch: Watcher | None = None,
) -> ImportSummary:
    """Register videos in a study and copy or link them into it; all is checked before anything is stored.

    Importing the same again changes nothing.

    Parameters
    ----------
    paths
        Videos, and folders that are searched for videos.
    root
        The study folder.
    events
        What was shown when; None: to be imported later.
    rule
        Trials at fixed times, in place of ``events``.
    who
        Who is in which recording; by default a flat folder holds one file a participant.
    link
        Link the files instead of copying them.
    replace
        Let files, events and participants take the place of stored ones that differ.
    keep_unreadable
        Register files that cannot be read as videos, as incomplete, instead of refusing the import: a lost recording
        then stands in the participant flow.

    Raises
    ------
    MissingError
        A path, table or study does not exist, or events name other recordings.
    ConflictError
        Two files share an id, or the study has something else under the same id, and not ``replace``.
    DamagedFileError
        Files cannot be read as videos, and not ``keep_unreadable``.
    InputError, RefusedError
        A table has mistakes, or it cannot be told who is in which recording.
    """
    say = watch or (lambda *_: None)
    folder = open_study(root)
    study = read_study(folder.study_file)
    before = read_session_tables(folder)
    sources = find_sources(paths)
    people = who.read()
    where = who.participants.name if who.participants else ""
    visits = find_visits([each.recording_id for each in sources], people=people, pattern=who.pattern, where=where)
    videos = []
    for place, source in enumerate(sources):
        say("reading", place, len(sources))
        videos.append(examine_video(source))
    _refuse_unreadable(videos, keep=keep_unreadable)
    facts = _tabulate_videos(videos, visits)
    if not replace:
        check_new_recordings(facts, before.recordings)
    fresh = [video for video in videos if not _is_stored(video, visits, before.recordings, folder)]
    peopled, sessions = add_people(before, visits, study=study, people=people, capture=CAPTURE, replace=replace)
    rows = facts.join(sessions.select("recording_id", "session_id", "segment"), on="recording_id")
    rows = rows.filter(pl.col("recording_id").is_in([video.source.recording_id for video in fresh]))
    new_rows = pl.concat([RECORDINGS.empty(), rows], how="diagonal_relaxed")
    after = change(peopled, recordings=merge_recordings(before.recordings, new_rows))
    notes: tuple[str, ...] = people.notes if people else ()
    n_events = None
    if events is not None:
        added = add_events(after, events, folder=folder, study=study, replace=replace)
        after, n_events, notes = added.tables, added.n_events, (*notes, *added.notes)
    if rule is not None:
        if events is not None:
            raise InputError("trials come from a table of events or from a rule, not from both")
        here = pl.col("recording_id").is_in([video.source.recording_id for video in videos if not video.obstacle])
        rule_rows = apply_rule(rule, after.recordings.filter(here))
        added = add_event_rows(
            after, rule_rows, folder=folder, study=study, table="the rule for trials", replace=replace
        )
        after, n_events, notes = added.tables, added.n_events, (*notes, *added.notes)
    for place, video in enumerate(fresh):
        say("linking" if link else "copying", place, len(fresh))
        store_file(video.source, folder, link=link)
        _remove_replaced(video, before.recordings, folder)
    arguments = {"link": link, "replace": replace, "pattern": who.pattern}
    provenance = _describe_origin(videos, events, who, arguments)
    written = write_session_tables(folder, before, after, provenance)
    if fresh:
        written = ("recordings", *(name for name in written if name != "recordings"))
    summary = ImportSummary(
        tuple(_summarise(video, visits, fresh, before.recordings, after.events) for video in videos),
        {"recordings": len(videos), "participants": len({visit.participant_id for visit in visits.values()})}
        | ({} if n_events is None else {"events": n_events}),
        notes,
        written,
    )
    details = {**summary.counts, **summary.count_states(), **arguments, "inputs": dict(provenance.inputs)}
    append_log(folder, STEP, {**details, "written": list(written)})
    return summary


def _refuse_unreadable(videos: Sequence[VideoFile], *, keep: bool) -> None:
    broken = [video for video in videos if video.obstacle]
    if not broken or keep:
        return
    lines = [f"{video.source.path}: {video.obstacle}" for video in broken[:LISTED]]
    if len(broken) > LISTED:
        lines.append(f"and {len(broken) - LISTED} more")
    raise DamagedFileError(
        "\n  ".join([f"{len(broken)} of {len(videos)} files cannot be read as videos", *lines]),
        do="put them right or leave them out; --keep-unreadable registers them as lost recordings",
    )


def _tabulate_videos(videos: Sequence[VideoFile], visits: Mapping[str, Visit]) -> pl.DataFrame:
    """Return what is known of each recording, with the columns of the recordings table."""
    rows: list[dict[str, Any]] = []
    for video in videos:
        recording_id = video.source.recording_id
        rows.append(
            {
                "recording_id": recording_id,
                "participant_id": visits[recording_id].participant_id,
                "path": name_stored_file(video.source),
                "sha256": video.sha256,
                "duration_s": video.duration_s,
                "mean_fps": video.mean_fps,
                "width": video.width,
                "height": video.height,
                "received_s": video.duration_s,
                "complete": False if video.obstacle else None,
                "reason": video.obstacle,
            }
        )
    names = ("recording_id", "participant_id", "path", "sha256", "duration_s", "mean_fps", "width", "height")
    schema = {name: RECORDINGS.column(name).dtype for name in (*names, "received_s", "complete", "reason")}
    return pl.DataFrame(rows, schema=schema)


def _is_stored(video: VideoFile, visits: Mapping[str, Visit], stored: pl.DataFrame, folder: StudyFolder) -> bool:
    """Return whether the study holds this very file for this participant, in the table and on disk."""
    recording_id = video.source.recording_id
    row = stored.filter(recording_id=recording_id)
    return (
        row.height == 1
        and row["sha256"][0] == video.sha256
        and row["participant_id"][0] == visits[recording_id].participant_id
        and row["path"][0] is not None
        and (folder.root / row["path"][0]).is_file()
    )


def _remove_replaced(video: VideoFile, stored: pl.DataFrame, folder: StudyFolder) -> None:
    """Remove the file that a replaced recording had under another ending; called once the new one is in place."""
    paths = stored.filter(recording_id=video.source.recording_id)["path"].drop_nulls().to_list()
    for path in paths:
        if path != name_stored_file(video.source):
            (folder.root / path).unlink(missing_ok=True)


def _describe_origin(
    videos: Sequence[VideoFile], events: EventsSource | None, who: WhoIsWho, arguments: Mapping[str, Any]
) -> Provenance:
    inputs = {f"recording {video.source.recording_id}": video.sha256 for video in videos}
    settings = dict(arguments)
    if events is not None:
        inputs["events file"] = hash_file(events.path)
        settings["events"] = events.describe()
    if who.participants is not None:
        inputs["participants file"] = hash_file(who.participants)
    return Provenance(STEP, inputs, settings)


def _summarise(
    video: VideoFile,
    visits: Mapping[str, Visit],
    fresh: Sequence[VideoFile],
    stored: pl.DataFrame,
    events: pl.DataFrame,
) -> ImportedRecording:
    recording_id = video.source.recording_id
    state: State = "unchanged"
    if video in fresh:
        state = "replaced" if stored.filter(recording_id=recording_id).height else "new"
    size = f"{video.width}x{video.height}" if video.width else None
    return ImportedRecording(
        recording_id,
        visits[recording_id].participant_id,
        state,
        video.duration_s,
        {"picture": size, "events": events.filter(recording_id=recording_id).height},
        (video.obstacle,) if video.obstacle else (),
    )
