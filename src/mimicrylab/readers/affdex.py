"""iMotions' export of Affectiva AFFDEX: emotions and twenty expressions from 0 to 100.

Made after the format's documentation; no real file was at hand. So the header is searched (lines that begin with ``#``
come before it), columns may stand in any order, and what is not understood is named.

- ``Joy`` becomes ``happiness``; expressions keep their names (``Smile``, ``Brow Furrow``). Each says which action unit
  it measures; ``Smirk`` is one-sided and stands for none.
- A row of AFFDEX without values is a frame without a face. Rows of other sensors are dropped.
- iMotions documents pitch up, yaw to the right and roll to the left as positive: pitch and yaw change their sign here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mimicrylab.readers.coded_columns import CodedColumn, fold_name, index_columns, list_left_out, match_known
from mimicrylab.readers.coded_frames import CodedRows, build_frames, take_signals
from mimicrylab.readers.delimited import find_header, read_beginning, read_delimited
from mimicrylab.readers.imotions import list_row_notes, list_shown, pick_rows
from mimicrylab.readers.reader import Imported, ReaderDescription
from mimicrylab.schemas import EVENTS

UNIT = "0-100"
EXPRESSIONS = {
    "Brow Furrow": "AU04",
    "Brow Raise": "AU02",
    "Cheek Raise": "AU06",
    "Chin Raise": "AU17",
    "Dimpler": "AU14",
    "Eye Closure": "AU43",
    "Eye Widen": "AU05",
    "Inner Brow Raise": "AU01",
    "Jaw Drop": "AU26",
    "Lid Tighten": "AU07",
    "Lip Corner Depressor": "AU15",
    "Lip Press": "AU24",
    "Lip Pucker": "AU18",
    "Lip Stretch": "AU20",
    "Lip Suck": "AU28",
    "Mouth Open": "AU25",
    "Nose Wrinkle": "AU09",
    "Smile": "AU12",
    "Smirk": None,
    "Upper Lip Raise": "AU10",
}
"""Expression -> the action unit that it measures."""

EMOTIONS = {
    **{"Anger": "anger", "Contempt": "contempt", "Disgust": "disgust", "Fear": "fear", "Joy": "happiness"},
    **{"Sadness": "sadness", "Surprise": "surprise", "Neutral": "neutral"},
}
FURTHER = ("Engagement", "Attention", "Sentimentality", "Confusion")
SIGNALS: Mapping[str, CodedColumn] = index_columns(
    (
        *(CodedColumn(word, word, UNIT, 0, 100, unit) for word, unit in EXPRESSIONS.items()),
        *(CodedColumn(word, name, UNIT, 0, 100) for word, name in EMOTIONS.items()),
        *(CodedColumn(word, word, UNIT, 0, 100) for word in FURTHER),
        CodedColumn("Valence", "Valence", "-100 to 100", -100, 100),
    )
)
ANGLES = {"pitch": -1.0, "yaw": -1.0, "roll": 1.0}
FACES = ("nooffaces", "numberoffaces")
USED = (
    *("timestamp", "eventsource", "combinedeventsource", "eventsourcename", "sourcestimuliname", "stimulusname"),
    *("slideevent", "frametime", *ANGLES, *FACES),
)
GROUPS = {
    "the respondent": re.compile(r"(?i)(respondent|name$|age$|gender)"),
    "the course of the session": re.compile(
        r"(?i)(row$|samplenumber|stimtype|duration|collectionphase|study|export|annotation|slidetype|mediatime|marker)"
    ),
    "blinks and the distance of the eyes": re.compile(r"(?i)(blink|interocular)"),
}
EXPECTED = "columns Timestamp, Joy or Smile, and Brow Furrow, as iMotions writes them for Affectiva AFFDEX"
SMALLEST_HEADER = 4


@dataclass(frozen=True)
class AffdexReader:
    """Reads iMotions' exports of Affectiva AFFDEX."""

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription(
            name="affdex",
            program="iMotions with Affectiva AFFDEX",
            level="frames",
            endings=(".csv", ".txt", ".tsv"),
            summary="CSV export with emotions and expressions from 0 to 100",
            signals={each.name: each.unit for each in SIGNALS.values()},
            action_units={each.name: each.action_unit for each in SIGNALS.values() if each.action_unit},
        )

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as such an export.

        Raises
        ------
        InputError
            It is none.
        """
        _, _, names = find_header(read_beginning(path), path, is_header=_is_header, expected=EXPECTED)
        return f"its columns {', '.join([name for name in names if fold_name(name) in SIGNALS][:4])} ..."

    def read(self, path: Path) -> Imported:
        """Return the frames of one export, and what was shown when.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader.
        """
        text = read_delimited(path, is_header=_is_header, expected=EXPECTED)
        known = match_known(text.columns, SIGNALS)
        rows = pick_rows(text, "AFFDEX", list(known))
        signals, n_damaged = take_signals(text, known, keep=rows.keep)
        folded = {fold_name(name): name for name in reversed(text.columns)}
        angles = [
            (text.numbers(folded[name])[0].filter(rows.keep) * sign).alias(name)
            for name, sign in ANGLES.items()
            if name in folded
        ]
        faces = [
            text.numbers(folded[name])[0].filter(rows.keep).alias("faces_found") for name in FACES if name in folded
        ]
        frames = (
            pl.DataFrame([rows.time_s.alias("time"), *angles, *faces[:1]])
            .hstack(signals)
            .with_columns(
                signals.select(pl.any_horizontal(pl.all().is_not_null())).to_series().alias("success"),
                pl.lit(0).alias("face"),
                (pl.col("time").rank("ordinal") - 1).alias("frame"),
            )
        )
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
    return "timestamp" in folded and len(folded & SIGNALS.keys()) >= SMALLEST_HEADER
