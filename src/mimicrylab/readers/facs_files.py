"""Files of human coders as stretches of time with codes: ELAN (.eaf), Datavyu (.opf), tables (.csv, .tsv)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from mimicrylab.errors import DamagedFileError, InputError, MissingError
from mimicrylab.readers.coded_columns import fold_name
from mimicrylab.readers.delimited import DelimitedText, read_delimited
from mimicrylab.readers.facs_names import LEVELS, FacsCode, read_code, read_codes
from mimicrylab.readers.frame_times import read_clock

MS = 1000.0
LARGEST_BYTES = 200_000_000
"""An archive's text may unpack to this much; beyond, it is no file of codes."""

STARTS = ("onset", "start", "begin", "begintime", "starttime", "onsets", "onsetms", "startms", "beginms")
STOPS = ("offset", "end", "stop", "endtime", "stoptime", "offsetms", "endms")
DURATIONS = ("duration", "durations", "durationms")
CODES = ("code", "codes", "au", "aus", "actionunit", "actionunits", "facs", "facscode", "value", "annotation")
LEVEL_NAMES = ("intensity", "level", "strength")
DATAVYU_COLUMN = re.compile(r"^(?P<name>.+?) \((?P<kind>\w+),\w+,.*?\)-(?P<codes>.*)$")
DATAVYU_CELL = re.compile(r"^(?P<start>\d+:\d\d:\d\d:\d{3}),(?P<stop>\d+:\d\d:\d\d:\d{3}),\(?(?P<values>.*?)\)?$")


@dataclass(frozen=True)
class CodedStretch:
    """A stretch of time ``[start_s, stop_s)`` in which a coder saw these codes."""

    start_s: float
    stop_s: float
    codes: tuple[FacsCode, ...]


@dataclass(frozen=True)
class CodedFile:
    """What a file of codes holds: its stretches, tiers or columns that were read, and what was not understood."""

    stretches: tuple[CodedStretch, ...]
    tiers: tuple[str, ...]
    left_out: tuple[str, ...]
    strange: tuple[str, ...]


def read_elan(path: Path) -> CodedFile:
    """Read an ELAN file: a tier may be an action unit (its values are intensities, or anything) or hold codes.

    Raises
    ------
    MissingError
        There is no such file.
    DamagedFileError
        It is no XML of ELAN, or times are missing.
    """
    root = _parse_xml(path)
    slots = {
        slot.get("TIME_SLOT_ID", ""): int(value) / MS
        for slot in root.iter("TIME_SLOT")
        if (value := slot.get("TIME_VALUE", "")).isdigit()
    }
    times: dict[str, tuple[float, float]] = {}
    for each in root.iter("ALIGNABLE_ANNOTATION"):
        first, last = slots.get(each.get("TIME_SLOT_REF1", "")), slots.get(each.get("TIME_SLOT_REF2", ""))
        if first is not None and last is not None:
            times[each.get("ANNOTATION_ID", "")] = (first, last)
    parents = {each.get("ANNOTATION_ID", ""): each.get("ANNOTATION_REF", "") for each in root.iter("REF_ANNOTATION")}
    values: dict[str, list[tuple[float, float, str]]] = {}
    for tier in root.iter("TIER"):
        name = tier.get("TIER_ID", "")
        values[name] = []
        for tag in ("ALIGNABLE_ANNOTATION", "REF_ANNOTATION"):
            for each in tier.iter(tag):
                span = _find_span(each.get("ANNOTATION_ID", ""), times, parents)
                if span is not None:
                    values[name].append((*span, (each.findtext("ANNOTATION_VALUE") or "").strip()))
    return _sort_tiers(values)


def _parse_xml(path: Path) -> ElementTree.Element:
    if not path.is_file():
        raise MissingError("there is no such file", where=str(path))
    content = path.read_bytes()
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise DamagedFileError("the file declares entities, which ELAN never does", where=str(path))
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise DamagedFileError("this is no XML file that can be read", where=str(path), found=str(error)) from error
    if root.tag != "ANNOTATION_DOCUMENT":
        raise InputError("this is not a file of ELAN", where=str(path), expected="an ANNOTATION_DOCUMENT")
    return root


def _find_span(
    name: str, times: Mapping[str, tuple[float, float]], parents: Mapping[str, str]
) -> tuple[float, float] | None:
    """Return the times of an annotation, through those that it refers to."""
    seen: set[str] = set()
    while name not in times:
        if name in seen or name not in parents:
            return None
        seen.add(name)
        name = parents[name]
    return times[name]


def read_datavyu(path: Path) -> CodedFile:
    """Read a Datavyu spreadsheet (.opf, an archive that holds a text).

    Raises
    ------
    MissingError
        There is no such file.
    DamagedFileError
        It is no archive, or holds no spreadsheet.
    """
    if not path.is_file():
        raise MissingError("there is no such file", where=str(path))
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo("db")
            if info.file_size > LARGEST_BYTES:
                raise DamagedFileError("the spreadsheet is too large", where=str(path), found=f"{info.file_size} bytes")
            text = archive.read(info).decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise DamagedFileError("this is no spreadsheet of Datavyu", where=str(path), found=str(error)[:100]) from error
    except Exception as error:  # zlib's own error has no public base
        raise DamagedFileError("the archive is damaged", where=str(path), found=type(error).__name__) from error
    values: dict[str, list[tuple[float, float, str]]] = {}
    tier: list[tuple[float, float, str]] | None = None
    for line in text.splitlines():
        if match := DATAVYU_CELL.match(line.strip()):
            if tier is not None:
                tier.append((_read_datavyu_time(match["start"]), _read_datavyu_time(match["stop"]), match["values"]))
        elif match := DATAVYU_COLUMN.match(line.strip()):
            tier = values.setdefault(match["name"], [])
    if not values:
        raise DamagedFileError("the spreadsheet has no column", where=str(path))
    return _sort_tiers(values)


def _read_datavyu_time(text: str) -> float:
    hours, minutes, seconds, thousandths = (int(part) for part in text.split(":"))
    return hours * 3600 + minutes * 60 + seconds + thousandths / MS


def _sort_tiers(values: Mapping[str, Sequence[tuple[float, float, str]]]) -> CodedFile:
    """Return the stretches of tiers that are an action unit or hold codes; the others are named as left out."""
    stretches: list[CodedStretch] = []
    tiers: list[str] = []
    left_out: list[str] = []
    strange: list[str] = []
    for name, cells in values.items():
        own = read_code(name)
        found, unknown = _read_tier(cells, own)
        if own is None and not found:
            left_out.append(name)
            continue
        tiers.append(name)
        stretches += found
        strange += unknown
    return CodedFile(tuple(stretches), tuple(tiers), tuple(left_out), tuple(dict.fromkeys(strange)))


def _read_tier(cells: Sequence[tuple[float, float, str]], own: FacsCode | None) -> tuple[list[CodedStretch], list[str]]:
    found: list[CodedStretch] = []
    strange: list[str] = []
    for start, stop, value in cells:
        if stop <= start:
            strange.append(f"{value or '(empty)'} without length")
            continue
        if own is not None:
            level = LEVELS.get(value.strip(" (),").upper()) or _read_level(value)
            if value.strip(" (),").lower() in ("0", "no", "n", "absent"):
                continue
            found.append(CodedStretch(start, stop, (FacsCode(own.number, own.side, level),)))
            continue
        codes, unknown = read_codes(value.strip("()"))
        strange += unknown
        if codes:
            found.append(CodedStretch(start, stop, codes))
    return found, strange


def _read_level(text: str) -> float | None:
    """Return an intensity written as a number from 1 to 5."""
    try:
        number = float(text.strip(" (),"))
    except ValueError:
        return None
    return number if 1 <= number <= 5 else None


def is_code_table(names: Sequence[str]) -> bool:
    """Return whether a header is that of a table of coded stretches."""
    folded = {fold_name(name) for name in names}
    return bool(folded & set(STARTS)) and bool(folded & {*STOPS, *DURATIONS}) and bool(folded & set(CODES))


TABLE_EXPECTED = "columns onset, offset (or duration) and code"


def read_table(path: Path, *, time_unit: str | None) -> CodedFile:
    """Read a table with a row a stretch: onset, offset or duration, code, perhaps an intensity.

    Raises
    ------
    MissingError, DamagedFileError, InputError
        There is no such file, it is damaged, or the unit of its times is not known.
    """
    text = read_delimited(path, is_header=is_code_table, expected=TABLE_EXPECTED, short_lines=True)
    folded = {fold_name(name): name for name in reversed(text.columns)}
    start = next(folded[name] for name in STARTS if name in folded)
    stop = next((folded[name] for name in STOPS if name in folded), None)
    length = next((folded[name] for name in DURATIONS if name in folded), None)
    code = next(folded[name] for name in CODES if name in folded)
    level = next((folded[name] for name in LEVEL_NAMES if name in folded), None)
    factor = _find_factor(text, start, time_unit)
    rows = list(_read_rows(text, start, stop, length, code, level, factor))
    used = {start, stop, length, code, level}
    strange: list[str] = []
    stretches: list[CodedStretch] = []
    for first, last, value, strength in rows:
        codes, unknown = read_codes(value)
        strange += unknown
        if first is None or last is None or last <= first:
            strange.append(f"{value} without length")
        elif codes:
            known = tuple(FacsCode(each.number, each.side, each.level or strength) for each in codes)
            stretches.append(CodedStretch(first, last, known))
    left_out = tuple(name for name in text.columns if name and name not in used)
    return CodedFile(tuple(stretches), (code,), left_out, tuple(dict.fromkeys(strange)))


def _find_factor(text: DelimitedText, start: str, time_unit: str | None) -> float:
    if time_unit is not None:
        return MS if time_unit == "ms" else 1.0
    if fold_name(start).endswith("ms"):
        return MS
    clocks = text.text(start).str.contains(":").any()
    largest = text.numbers(start)[0].max()
    if not clocks and isinstance(largest, float) and largest >= LONGEST_S:
        raise InputError(
            "the times are too large to be seconds",
            where=text.name,
            found=f"a largest {start} of {largest:g}",
            do="state their unit: --option time_unit=ms",
        )
    return 1.0


LONGEST_S = 36_000.0
"""Ten hours: no recording of a face is coded for longer."""


def _read_rows(
    text: DelimitedText, start: str, stop: str | None, length: str | None, code: str, level: str | None, factor: float
) -> Iterator[tuple[float | None, float | None, str, float | None]]:
    firsts = (read_clock(text.text(start)) / factor).to_list()
    lasts: list[float | None]
    if stop is not None:
        lasts = (read_clock(text.text(stop)) / factor).to_list()
    else:
        lengths = (read_clock(text.text(length or "")) / factor).to_list()
        lasts = [None if a is None or b is None else a + b for a, b in zip(firsts, lengths, strict=True)]
    strengths = text.text(level).to_list() if level else [None] * len(firsts)
    for first, last, value, strength in zip(firsts, lasts, text.text(code).to_list(), strengths, strict=True):
        if value:
            plain = (strength or "").strip().upper()
            yield first, last, value, LEVELS.get(plain) or _read_level(plain)
