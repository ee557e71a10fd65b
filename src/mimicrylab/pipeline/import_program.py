"""``import PROGRAM`` and ``import auto``: each file goes to the reader that knows it and the table it belongs in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mimicrylab.errors import DependencyError, InputError, MimicryLabError, MissingError, UnknownNameError, count_things
from mimicrylab.pipeline.import_blocks import BlockOfTrials
from mimicrylab.pipeline.import_events import EventsSource, import_events
from mimicrylab.pipeline.import_frames import import_frames
from mimicrylab.pipeline.import_log import LogClock, import_logs
from mimicrylab.pipeline.import_participants import import_participants
from mimicrylab.pipeline.import_recordings import Watcher, WhoIsWho
from mimicrylab.pipeline.import_summary import ImportSummary
from mimicrylab.pipeline.import_trials import ShownNames, TrialRule
from mimicrylab.readers.reader import READERS_GROUP, Reader, load_reader
from mimicrylab.registry import list_registered
from mimicrylab.session.recording import Source, list_sources, refuse_collisions

EVENTS_TABLE, PARTICIPANTS_TABLE = "events", "participants"
ORDER = ("participants", "frames", "events", "answers")
"""Levels in the order in which they are imported: events need recordings."""

LISTED = 12


@dataclass(frozen=True)
class ImportSettings:
    """How files are imported, whichever program wrote them.

    Attributes
    ----------
    options
        The reader's options.
    face, events, rule, shown, blocks, who
        As in ``import_frames``.
    clock
        How a log's times become the recordings'.
    replace
        Whether it takes the place of what the study has.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    face: int | None = None
    events: EventsSource | None = None
    rule: TrialRule | None = None
    shown: ShownNames = field(default_factory=ShownNames)
    blocks: tuple[BlockOfTrials, ...] = ()
    who: WhoIsWho = field(default_factory=WhoIsWho)
    clock: LogClock = field(default_factory=LogClock)
    replace: bool = False


@dataclass(frozen=True)
class Decision:
    """Which reader a file is read with, and by what it was known."""

    path: Path
    program: str
    because: str


@dataclass(frozen=True)
class FoundImports:
    """What ``import auto`` did: why each file went where it went, what was left out, and each program's summary."""

    decisions: tuple[Decision, ...]
    left_out: tuple[str, ...]
    summaries: Mapping[str, ImportSummary]


def import_program(
    program: str,
    paths: Sequence[Path | Source],
    root: Path,
    settings: ImportSettings,
    *,
    watch: Watcher | None = None,
) -> ImportSummary:
    """Import files of one program.

    Raises
    ------
    UnknownNameError
        There is no reader of that name, or it has no such option.
    MissingError, InputError, RefusedError, ConflictError
        As the imports of frames, events and participants.
    """
    level = load_reader(program, **settings.options).description.level
    if level == "frames":
        return import_frames(
            program,
            paths,
            root,
            options=settings.options,
            face=settings.face,
            events=settings.events,
            rule=settings.rule,
            shown=settings.shown,
            blocks=settings.blocks,
            who=settings.who,
            replace=settings.replace,
            watch=watch,
        )
    files = [each.path if isinstance(each, Source) else each for each in paths]
    if program == EVENTS_TABLE:
        return _import_each(
            files, lambda path: import_events(_make_events(path, settings), root, replace=settings.replace)
        )
    if program == PARTICIPANTS_TABLE:
        return _import_each(files, lambda path: import_participants(path, root, replace=settings.replace))
    if level == "events":
        return import_logs(
            program,
            paths,
            root,
            options=settings.options,
            clock=settings.clock,
            shown=settings.shown,
            blocks=settings.blocks,
            replace=settings.replace,
        )
    raise InputError(f"{program!r} reads {level}, which are not imported so", do="mimicrylab import answers")


def _make_events(path: Path, settings: ImportSettings) -> EventsSource:
    clock = settings.clock
    return EventsSource(
        path,
        columns=clock.columns,
        time_unit=clock.time_unit or "s",
        offset_s=clock.offset_s,
        offset_error_s=clock.offset_error_s,
        emotions=settings.shown.emotions,
        missing_recordings=clock.missing_recordings,
    )


def _import_each(paths: Sequence[Path], do: Any) -> ImportSummary:
    """Import tables one by one, and add up their summaries."""
    whole = ImportSummary((), {}, (), ())
    for path in paths:
        one: ImportSummary = do(path)
        counts = {name: whole.counts.get(name, 0) + n for name, n in one.counts.items()}
        written = tuple(dict.fromkeys((*whole.written, *one.written)))
        whole = ImportSummary((*whole.recordings, *one.recordings), counts, (*whole.notes, *one.notes), written)
    return whole


def import_found(
    paths: Sequence[Path], root: Path, settings: ImportSettings, *, watch: Watcher | None = None
) -> FoundImports:
    """Import files whose programs are told by their content; in a folder, what no reader knows is left out and named.

    Raises
    ------
    MissingError
        A path does not exist, or holds nothing that any reader knows.
    InputError
        A file that was named is of no known program, or could be of several.
    RefusedError, ConflictError
        As `import_program`.
    """
    readers = load_readers(settings.options)
    endings = {ending for reader in readers.values() for ending in reader.description.endings}
    chosen: dict[str, list[Source]] = {}
    decisions: list[Decision] = []
    left_out: list[str] = []
    for path in paths:
        for source in list_sources([path], endings=endings):
            try:
                decision = decide(source.path, readers)
            except InputError as error:
                if path.is_file():
                    raise
                left_out.append(f"{source.path.name}: {error.problem}")
                continue
            decisions.append(decision)
            chosen.setdefault(decision.program, []).append(source)
    if not chosen:
        raise MissingError(
            "no file is of a program that is known",
            where=", ".join(str(path) for path in paths),
            found="; ".join(left_out[:LISTED]) or None,
            do="name the program: mimicrylab import PROGRAM FILES",
        )
    summaries: dict[str, ImportSummary] = {}
    rest = settings
    for sources in chosen.values():
        refuse_collisions(sources)
    for program in sorted(chosen, key=lambda name: ORDER.index(readers[name].description.level)):
        fitting = _pick_options(program, readers, settings.options)
        summaries[program] = import_program(program, chosen[program], root, replace(rest, options=fitting), watch=watch)
        if readers[program].description.level == "frames":
            rest = replace(rest, events=None)  # the table of events has been read with the first recordings
    return FoundImports(tuple(decisions), tuple(left_out), summaries)


def load_readers(options: Mapping[str, Any]) -> dict[str, Reader]:
    """Return every reader that can be loaded, with those of the ``options`` that it has."""
    readers: dict[str, Reader] = {}
    for part in list_registered(READERS_GROUP):
        try:
            readers[part.name] = load_reader(part.name)
        except DependencyError:
            continue
    for option in options:
        if not any(hasattr(reader, option) for reader in readers.values()):
            names = {name for reader in readers.values() for name in getattr(reader, "__dataclass_fields__", {})}
            raise UnknownNameError("option of any reader:", option, names)
    return {name: load_reader(name, **_pick_options(name, readers, options)) for name in readers}


def _pick_options(name: str, readers: Mapping[str, Reader], options: Mapping[str, Any]) -> dict[str, Any]:
    return {option: value for option, value in options.items() if hasattr(readers[name], option)}


def decide(path: Path, readers: Mapping[str, Reader]) -> Decision:
    """Return the reader that knows a file, and by what.

    A reader of one program's files goes before one of tables that any program may write.

    Raises
    ------
    InputError
        No reader knows the file, or several do.
    """
    suffix = path.suffix.lower()
    known: dict[str, str] = {}
    for name, reader in readers.items():
        if suffix in reader.description.endings:
            try:
                known[name] = reader.recognise(path)
            except MimicryLabError:
                continue
    special = {name: because for name, because in known.items() if not readers[name].description.general}
    candidates = special or known
    if len(candidates) == 1:
        ((name, because),) = candidates.items()
        return Decision(path, name, f"{readers[name].description.program}, by {because}")
    if not candidates:
        raise InputError(
            "no reader knows this file",
            where=str(path),
            expected=f"a file of one of {', '.join(sorted(readers))}",
            do="name its program to learn what is wrong: mimicrylab import PROGRAM FILE",
        )
    listed = "; ".join(f"{name} by {because}" for name, because in candidates.items())
    raise InputError(
        f"{count_things(len(candidates), 'reader')} know this file",
        where=str(path),
        found=listed,
        do=f"name the program: mimicrylab import {next(iter(candidates))} {path.name}",
    )
