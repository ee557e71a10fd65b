"""What is said about an OpenFace file: columns left out or not understood, damage, several faces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mimicrylab.errors import count_things
from mimicrylab.readers.openface_columns import HEAD_POSE, SHAPE, SUCCESS_CONFIDENCE, is_read


def list_column_notes(names: Sequence[str], signals: Sequence[str]) -> Iterator[str]:
    """Yield what is to be said about a file's columns ``names``, of which ``signals`` are kept."""
    left_out = [name for name in names if SHAPE.fullmatch(name) and name not in signals]
    if left_out:
        yield f"{len(left_out)} columns of landmarks and shape parameters are left out (--landmarks keeps them)"
    unknown = [name for name in names if not is_read(name, landmarks=True)]
    if unknown:
        shown = ", ".join(repr(name) for name in unknown[:5]) + (" ..." if len(unknown) > 5 else "")
        yield f"{count_things(len(unknown), 'column')} not understood and left out: {shown}"
    if not any(name.startswith("AU") for name in signals):
        yield "the file has no action units (OpenFace ran without -aus)"
    absent = [angle for angle, (column, _) in HEAD_POSE.items() if column not in names]
    if absent:
        yield f"{', '.join(absent)} not known: OpenFace ran without -pose"
    if "frame" not in names:
        yield "still-image file: one frame at 0 s; every line has a face, because OpenFace writes no others here"
    elif "success" not in names:
        yield f"there is no column success: a confidence above {SUCCESS_CONFIDENCE} counts as success"


def list_count_notes(counts: Mapping[str, int]) -> Iterator[str]:
    """Yield what is to be said about damage and faces, by the counts of an import."""
    if counts["damaged cells"]:
        cells = count_things(counts["damaged cells"], "cell")
        yield f"in frames with a face, {cells} without a number or out of range, left empty"
    if counts["repeated lines"]:
        yield f"{count_things(counts['repeated lines'], 'line')} exactly like another; each counts once"
    if counts["frames filled in"]:
        yield f"{count_things(counts['frames filled in'], 'frame')} without a line, taken as without a face"
    if counts["faces"] > 1:
        yield f"{counts['faces']} faces were tracked"
