"""Noldus FaceReader: the detailed log of a video (``*_detailed.txt``), a row a frame.

- ``FIND_FAILED`` (no face) and ``FIT_FAILED`` (a face, and no model fitted) are frames without a face, and counted.
- Happy, Sad, Angry, Surprised, Scared and Disgusted become the field's words; they and the action units go from 0 to 1.
  Action units that were exported as letters (A to E) become 0 to 5 under another name (``AU12_level``), because the two
  are not the same scale. One side is ``AU12L`` or ``AU12R``, as FaceReader calls it.
- X, Y and Z of the head's orientation are pitch, yaw and roll in degrees, with FaceReader's directions.
- ``Quality`` is kept as a signal: it is no probability that this is a face. Sex, age, ethnicity and beard stay out.

Made after the format's documentation; no real file was at hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mimicrylab.readers.coded_columns import CodedColumn, fold_name, index_columns, list_left_out, match_known
from mimicrylab.readers.coded_frames import CodedRows, build_frames
from mimicrylab.readers.delimited import DelimitedText, find_header, parse_numbers, read_beginning, read_delimited
from mimicrylab.readers.events_table import ROW_SCHEMA
from mimicrylab.readers.frame_times import check_rate, read_clock
from mimicrylab.readers.reader import Imported, ReaderDescription
from mimicrylab.schemas import EVENTS

FAILED = ("FIND_FAILED", "FIT_FAILED")
UNKNOWN_WORDS = ("UNKNOWN", "-")
SHARE = "0-1"
LEVEL = "0-5"
LEVELS = {"notactive": "0", "not active": "0", "a": "1", "b": "2", "c": "3", "d": "4", "e": "5"}
EMOTIONS = {
    **{"Neutral": "neutral", "Happy": "happiness", "Sad": "sadness", "Angry": "anger", "Surprised": "surprise"},
    **{"Scared": "fear", "Disgusted": "disgust", "Contempt": "contempt"},
}
SIGNALS: Mapping[str, CodedColumn] = index_columns(
    (
        *(CodedColumn(word, name, SHARE, 0, 1) for word, name in EMOTIONS.items()),
        CodedColumn("Valence", "Valence", "-1 to 1", -1, 1),
        CodedColumn("Arousal", "Arousal", SHARE, 0, 1),
        CodedColumn("Quality", "Quality", SHARE, 0, 1),
    )
)
UNIT_NUMBERS = (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 18, 20, 23, 24, 25, 26, 27, 43)
ACTION_UNIT = re.compile(r"action ?unit ?0?(\d{1,2})(?! ?\+)\b", re.IGNORECASE)
SIDE = re.compile(r"\b(left|right)\b", re.IGNORECASE)
ANGLES = {"pitch": "xheadorientation", "yaw": "yheadorientation", "roll": "zheadorientation"}
TIME, STIMULUS = "videotime", "stimulus"
GROUPS = {
    "what the program thinks of the person": re.compile(
        r"(?i)(gender|age|beard|moustache|glasses|ethnicity|identity)$"
    ),
    "states of mouth, eyes and brows, gaze, heart and landmarks": re.compile(
        r"(?i)(mouth|(left|right) eye(brow)?$|.*eyebrow|gaze|landmark|heart|.*event marker|custom|subject|participant)"
    ),
}
EXPECTED = "columns 'Video Time', Neutral and Happy, as FaceReader writes them into a detailed log"


@dataclass(frozen=True)
class FaceReaderReader:
    """Reads detailed logs of Noldus FaceReader.

    Attributes
    ----------
    frames_per_second
        Rate to compute times from, in place of the log's; None: the log's.
    """

    frames_per_second: float | None = None

    def __post_init__(self) -> None:
        check_rate(self.frames_per_second)

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        units = [f"AU{n:02}{side}" for n in UNIT_NUMBERS for side in ("", "L", "R")]
        return ReaderDescription(
            name="facereader",
            program="Noldus FaceReader",
            level="frames",
            endings=(".txt", ".csv"),
            summary="detailed log of a video",
            signals={
                **{each.name: each.unit for each in SIGNALS.values()},
                **dict.fromkeys(units, SHARE),
                **{f"{name}_level": LEVEL for name in units},
            },
            action_units={f"{name}_level": name for name in units},
        )

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as a detailed log.

        Raises
        ------
        InputError
            It is none.
        """
        _, _, names = find_header(read_beginning(path), path, is_header=_is_header, expected=EXPECTED)
        return f"its columns {', '.join(names[:3])} ..."

    def read(self, path: Path) -> Imported:
        """Return the frames of one log, and what was shown where it says so.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader.
        """
        text = read_delimited(path, is_header=_is_header, expected=EXPECTED, short_lines=True)
        folded = {fold_name(name): name for name in reversed(text.columns)}
        known = match_known(text.columns, SIGNALS)
        plain = {name: _clear_failures(text.text(name)) for name in text.columns if name}
        columns = {**known, **_find_action_units(text.columns, plain)}
        signals, n_damaged = _read_signals(columns, plain, decimal_comma=text.mark != ",")
        angles = [
            parse_numbers(plain[folded[column]], decimal_comma=text.mark != ",")[0].alias(name)
            for name, column in ANGLES.items()
            if column in folded
        ]
        seconds = read_clock(text.text(folded[TIME]))
        order = pl.Series("frame", seconds.rank("ordinal") - 1)
        rows = signals.with_columns(
            order,
            (order / self.frames_per_second if self.frames_per_second else seconds).alias("time"),
            pl.lit(0).alias("face"),
            signals.select(pl.any_horizontal(pl.exclude("Quality").is_not_null())).to_series().alias("success"),
            *angles,
        )
        failures = {word: _count_rows(text, columns, word) for word in FAILED}
        used = [*columns, folded[TIME], *(folded[name] for name in (*ANGLES.values(), STIMULUS) if name in folded)]
        notes = [
            *(f"{word} in {n} frames: no face there" for word, n in failures.items() if n),
            *list_left_out(text.columns, used, groups=GROUPS),
        ]
        coded = CodedRows(rows, {each.name: each for each in columns.values()}, failures, notes, n_damaged)
        imported = build_frames(coded, text, where=str(path))
        shown = _find_shown(seconds, text.text(folded[STIMULUS]), text.lines) if STIMULUS in folded else None
        tables = imported.tables if shown is None else {**imported.tables, EVENTS.name: shown}
        return Imported(tables, imported.counts, imported.notes)


def _is_header(names: Sequence[str]) -> bool:
    folded = {fold_name(name) for name in names}
    return TIME in folded and {"neutral", "happy"} <= folded


def _clear_failures(cells: pl.Series) -> pl.Series:
    words = cells.str.to_uppercase()
    return (
        cells.to_frame("c")
        .select(pl.when(~words.is_in([*FAILED, *UNKNOWN_WORDS]).fill_null(True)).then(pl.col("c")))
        .to_series()
    )


def _count_rows(text: DelimitedText, columns: Mapping[str, CodedColumn], word: str) -> int:
    if not columns:
        return 0
    return int((text.text(next(iter(columns))).str.to_uppercase() == word).sum())


def _find_action_units(names: Sequence[str], plain: Mapping[str, pl.Series]) -> dict[str, CodedColumn]:
    """Return the columns of action units, by what their cells hold: shares, or letters."""
    found: dict[str, CodedColumn] = {}
    taken: set[str] = set()
    for name in names:
        match = ACTION_UNIT.search(name)
        if match is None or int(match[1]) not in UNIT_NUMBERS:
            continue
        side = SIDE.search(name)
        unit = f"AU{int(match[1]):02}{side[1][0].upper() if side else ''}"
        lettered = plain[name].str.to_lowercase().is_in(list(LEVELS)).any()
        column = (
            CodedColumn(name, f"{unit}_level", LEVEL, 0, 5, unit) if lettered else CodedColumn(name, unit, SHARE, 0, 1)
        )
        if column.name not in taken:
            found[name] = column
            taken.add(column.name)
    return found


def _read_signals(
    columns: Mapping[str, CodedColumn], plain: Mapping[str, pl.Series], *, decimal_comma: bool
) -> tuple[pl.DataFrame, int]:
    series = []
    n_damaged = 0
    for name, column in columns.items():
        cells = plain[name]
        if column.unit == LEVEL:
            words = cells.str.to_lowercase()
            cells = words.replace(LEVELS)
        values, damaged = parse_numbers(cells, decimal_comma=decimal_comma)
        series.append(values.alias(column.name))
        n_damaged += damaged
    return pl.DataFrame(series), n_damaged


def _find_shown(seconds: pl.Series, stimulus: pl.Series, lines: pl.Series) -> pl.DataFrame:
    """Return each run of one stimulus name as a showing."""
    rows = pl.DataFrame({"time": seconds, "stimulus": stimulus, "line": lines}).filter(pl.col("time").is_not_null())
    runs = (
        rows.with_columns(pl.col("stimulus").rle_id().alias("run"))
        .group_by("run", maintain_order=True)
        .agg(pl.col("time").first(), pl.col("time").last().alias("last"), pl.col("stimulus", "line").first())
        .with_columns(pl.col("time").shift(-1).fill_null(pl.col("last")).alias("next"))
        .filter(pl.col("stimulus").is_not_null() & (pl.col("stimulus") != ""))
    )
    shown = [
        {
            "line": row["line"],
            "onset": row["time"],
            "duration": row["next"] - row["time"] if row["next"] > row["time"] else None,
            "trial_type": "stimulus",
            "stimulus": row["stimulus"],
        }
        for row in runs.iter_rows(named=True)
    ]
    return pl.DataFrame(shown, schema=ROW_SCHEMA)
