"""iMotions' text export of Emotient FACET (versions 5 and 6): evidence of action units and emotions, in log odds.

- Evidence is signed: 0 means as likely as not, 1 that it is ten times as likely that the expression is there as that
  it is not. It is no amplitude, and keeps its name (``AU12_evidence``) and unit.
- A row without a face has ``NoOfFaces`` 0 or -1 and empty cells; version 5 repeats old values in the rows of the eye
  tracker, which are dropped and counted.
- ``Joy`` becomes ``happiness``. Angles: checked against the positions of eyes and nose in a real file of version 6,
  ``pitch`` and ``yaw`` have our directions, ``roll`` the other one.
- What the program thinks of the person (glasses, sex) and what the export says of the respondent (name, age) stays out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mimicrylab.readers.coded_columns import CodedColumn, fold_name, index_columns, list_left_out, match_known
from mimicrylab.readers.coded_frames import CodedRows, build_frames, take_signals
from mimicrylab.readers.delimited import DelimitedText, find_header, read_beginning, read_delimited
from mimicrylab.readers.imotions import list_row_notes, list_shown, pick_rows
from mimicrylab.readers.reader import Imported, ReaderDescription
from mimicrylab.schemas import EVENTS

EVIDENCE = "evidence (log odds)"
INTENSITY = "intensity as exported"
LARGEST_EVIDENCE = 50.0
ACTION_UNITS = (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 18, 20, 23, 24, 25, 26, 28, 43)
EMOTIONS = {
    **{"Joy": "happiness", "Anger": "anger", "Surprise": "surprise", "Fear": "fear", "Contempt": "contempt"},
    **{"Disgust": "disgust", "Sadness": "sadness", "Neutral": "neutral"},
    **{word: word.lower() for word in ("Confusion", "Frustration", "Positive", "Negative")},
}
"""The export's word -> ours."""

SIGNALS: Mapping[str, CodedColumn] = index_columns(
    (
        *(
            CodedColumn(
                f"AU{n} Evidence", f"AU{n:02}_evidence", EVIDENCE, -LARGEST_EVIDENCE, LARGEST_EVIDENCE, f"AU{n:02}"
            )
            for n in ACTION_UNITS
        ),
        *(
            CodedColumn(f"{word} Evidence", f"{name}_evidence", EVIDENCE, -LARGEST_EVIDENCE, LARGEST_EVIDENCE)
            for word, name in EMOTIONS.items()
        ),
        *(CodedColumn(f"{word} Intensity", f"{name}_intensity", INTENSITY) for word, name in EMOTIONS.items()),
    )
)

CONDITIONS = {
    "pitch": ("pitchdegrees", 1.0),
    "yaw": ("yawdegrees", 1.0),
    "roll": ("rolldegrees", -1.0),
    "box_x": ("facerectx", 1.0),
    "box_y": ("facerecty", 1.0),
    "box_width": ("facerectwidth", 1.0),
    "box_height": ("facerectheight", 1.0),
}
FACES = "nooffaces"
USED = ("timestamp", "eventsource", "stimulusname", "frametime", FACES, *(column for column, _ in CONDITIONS.values()))
GROUPS = {
    "the respondent's name, age and sex, and the program's guesses about the person": re.compile(
        r"(?i)(name|age|gender|hasglasses.*|ismale.*)$"
    ),
    "landmarks": re.compile(r"(LEFT_EYE|RIGHT_EYE|NOSE|7) ?\w* [XY]$"),
    "eye tracking": re.compile(r"(?i)(gaze|pupil|distance|camera(left|right)|validity|fixation|timesignal)"),
    "the study, the export and the course of the session": re.compile(
        r"(?i)(study|export|slidetype|mediatime|postmarker|annotation|frameno|livemarker|keystroke|markertext|scene)"
    ),
}
EXPECTED = "columns Timestamp, 'AU12 Evidence' or 'Joy Evidence', as iMotions writes them for Emotient FACET"


@dataclass(frozen=True)
class FacetReader:
    """Reads iMotions' exports of Emotient FACET."""

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription(
            name="facet",
            program="iMotions with Emotient FACET",
            level="frames",
            endings=(".txt", ".csv", ".tsv"),
            summary="text export of versions 5 and 6",
            signals={each.name: each.unit for each in SIGNALS.values()},
            action_units={each.name: each.action_unit for each in SIGNALS.values() if each.action_unit},
            proven_on="real files",
        )

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as such an export.

        Raises
        ------
        InputError
            It is none.
        """
        _, _, names = find_header(read_beginning(path), path, is_header=_is_header, expected=EXPECTED)
        return f"its columns {', '.join([name for name in names if name.endswith('Evidence')][:3])} ..."

    def read(self, path: Path) -> Imported:
        """Return the frames of one export, and what was shown when.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader.
        """
        text = read_delimited(path, is_header=_is_header, expected=EXPECTED)
        known = match_known(text.columns, SIGNALS)
        rows = pick_rows(text, "FACET", [column for column in known if column.endswith("Evidence")])
        signals, n_damaged = take_signals(text, known, keep=rows.keep)
        folded = {fold_name(name): name for name in reversed(text.columns)}
        frames = _place_rows(text, folded, rows.keep, rows.time_s, signals)
        used = [*known, *(folded[name] for name in USED if name in folded)]
        coded = CodedRows(
            frames,
            {each.name: each for each in known.values()},
            {"stale rows": rows.n_stale, "rows of the same time": rows.n_same_time},
            [*list_row_notes(rows), *list_left_out(text.columns, used, groups=GROUPS)],
            n_damaged,
        )
        imported = build_frames(coded, text, where=str(path))
        tables = {**imported.tables, EVENTS.name: list_shown(text)}
        return Imported(tables, imported.counts, imported.notes, rows.time_error_s)


def _is_header(names: Sequence[str]) -> bool:
    folded = {fold_name(name) for name in names}
    return "timestamp" in folded and bool(folded & {"au12evidence", "joyevidence"})


def _place_rows(
    text: DelimitedText, folded: Mapping[str, str], keep: pl.Series, time_s: pl.Series, signals: pl.DataFrame
) -> pl.DataFrame:
    n_faces = text.numbers(folded.get(FACES, ""))[0].filter(keep)
    conditions = [
        (text.numbers(folded[column])[0].filter(keep) * sign).alias(name)
        for name, (column, sign) in CONDITIONS.items()
        if column in folded
    ]
    measured = signals.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    rows = pl.DataFrame([time_s.alias("time"), n_faces.clip(lower_bound=0).alias("faces_found"), *conditions])
    return rows.hstack(signals).with_columns(
        (measured & (n_faces.fill_null(1) > 0)).alias("success"),
        pl.lit(0).alias("face"),
        (pl.col("time").rank("ordinal") - 1).alias("frame"),
    )
