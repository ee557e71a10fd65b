"""What measures are called in words: their kind, the name that study.yaml gives them, and where needed their window."""

from __future__ import annotations

from collections.abc import Iterable

from mimicrylab.protocol.measurement import BIN_S, FALSE_ALARM_RATE, MeasureRequest

MEASURE_NAMES = {
    "presence": "presence rate",
    "mean": "mean over the window",
    "peak": "peak",
    "percentile_95": "95th percentile",
    "peak_of_means": "peak of {bin} means",
    "latency": "onset latency",
}


def describe_bin(request: MeasureRequest) -> str:
    """Return the length of a request's bins in words.

    Examples
    --------
    >>> describe_bin(MeasureRequest(measure="bins")), describe_bin(MeasureRequest(measure="bins", bin_s=0.1))
    ('500-ms', '100-ms')
    """
    return f"{round((request.bin_s or BIN_S) * 1000, 3):g}-ms"


def write_rate(request: MeasureRequest) -> str:
    """Return the share of trials in which noise alone may give an onset.

    Examples
    --------
    >>> write_rate(MeasureRequest(measure="latency"))
    '5%'
    >>> write_rate(MeasureRequest(measure="latency", false_alarm_rate=0.025))
    '2.5%'
    """
    return f"{round((request.false_alarm_rate or FALSE_ALARM_RATE) * 100, 3):g}%"


def name_measure(request: MeasureRequest, among: Iterable[MeasureRequest] = ()) -> str:
    """Return a measure in words, with the name that study.yaml gives it where it gives one.

    The window is named where one of the requests ``among`` asks for the same in another window.

    Examples
    --------
    >>> name_measure(MeasureRequest(measure="mean"))
    'mean over the window'
    >>> name_measure(MeasureRequest(measure="presence", name="presence_as_published"))
    'presence rate, “presence as published”'
    >>> name_measure(MeasureRequest(measure="peak_of_means", bin_s=0.25))
    'peak of 250-ms means'
    >>> early, late = (MeasureRequest(measure="mean", window=window) for window in ("early", "late"))
    >>> name_measure(early, [early, late])
    'mean over the window “early”'
    """
    words = MEASURE_NAMES.get(request.measure, request.measure.replace("_", " ")).replace(
        "{bin}", describe_bin(request)
    )
    words = f"{words}, “{request.name.replace('_', ' ')}”" if request.name else words
    if not is_repeated(request, among):
        return words
    window = f"“{request.window.replace('_', ' ')}”"
    return f"{words} {window}" if words.endswith("over the window") else f"{words} in the window {window}"


def name_label(request: MeasureRequest, among: Iterable[MeasureRequest] = ()) -> str:
    """Return a measure as the table of measures calls it, with its window where ``name_measure`` names that.

    Examples
    --------
    >>> early, late = (MeasureRequest(measure="peak_of_means", window=window) for window in ("early", "late"))
    >>> name_label(early), name_label(late, [early, late])
    ('peak of means', 'peak of means in the window “late”')
    """
    words = request.label.replace("_", " ")
    return f"{words} in the window “{request.window.replace('_', ' ')}”" if is_repeated(request, among) else words


def is_repeated(request: MeasureRequest, among: Iterable[MeasureRequest]) -> bool:
    """Return whether another request has the same label, so that only the window tells them apart."""
    return any(other.label == request.label and other.window != request.window for other in among)
