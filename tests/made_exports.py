"""Small files of other programs, made after their documented formats, with known content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

FACET_EMOTIONS = ("Joy", "Anger", "Surprise", "Fear", "Contempt", "Disgust", "Sadness", "Neutral")
FACET_UNITS = (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 18, 20, 23, 24, 25, 26, 28, 43)
FACET_HEADER = (
    *("StudyName", "Name", "Age", "Gender", "StimulusName", "EventSource", "Timestamp", "FrameNo", "FrameTime"),
    *("NoOfFaces", "FaceRect X", "FaceRect Y", "FaceRect Width", "FaceRect Height"),
    *(f"{word} {kind}" for word in FACET_EMOTIONS for kind in ("Evidence", "Intensity")),
    *(f"AU{n} Evidence" for n in FACET_UNITS),
    *("HasGlasses Probability", "Yaw Degrees", "Pitch Degrees", "Roll Degrees", "NOSE_TIP X", "GazeX", "LiveMarker"),
)


def format_table(
    rows: Sequence[Mapping[str, object]], header: Sequence[str], *, mark: str, end: str = "\n", before: str = ""
) -> str:
    """Return a table's text; a cell that a row does not have is empty."""
    lines = [mark.join(header), *(mark.join(str(row.get(name, "")) for name in header) for row in rows)]
    return before + "".join(line + end for line in lines)


def make_facet_row(
    frame: int, *, stimulus: str = "smile.mp4", face: bool = True, **values: object
) -> dict[str, object]:
    """Return the cells of one frame of FACET at 25 frames a second."""
    time_ms = 40 * frame + 7
    row: dict[str, object] = {"StudyName": "Made", "Name": "nobody", "Age": 30, "Gender": "MALE"}
    row |= {"StimulusName": stimulus, "EventSource": "Emotient FACET", "Timestamp": time_ms, "FrameNo": frame}
    row |= {"FrameTime": 40 * frame, "NoOfFaces": int(face)}
    if face:
        row |= {"FaceRect X": 100, "FaceRect Y": 90, "FaceRect Width": 200, "FaceRect Height": 210}
        row |= {f"{word} Evidence": "-1.5" for word in FACET_EMOTIONS}
        row |= {f"{word} Intensity": "0" for word in FACET_EMOTIONS}
        row |= {f"AU{n} Evidence": "-0.5" for n in FACET_UNITS}
        row |= {"Yaw Degrees": "5.0", "Pitch Degrees": "2.0", "Roll Degrees": "-3.0", "NOSE_TIP X": 200}
    return row | values


def format_facet(rows: Sequence[Mapping[str, object]]) -> str:
    """Return the text of an export: metadata, an empty line, the header, tabs and CRLF."""
    before = "#Study : Made\r\n#Date : 20260101\r\n#Version : 6.1\r\n#TestRunDate : 20260101\r\n\r\n"
    return format_table(rows, FACET_HEADER, mark="\t", end="\r\n", before=before)


AFFDEX_EMOTIONS = ("Anger", "Contempt", "Disgust", "Fear", "Joy", "Sadness", "Surprise", "Engagement", "Valence")
AFFDEX_EXPRESSIONS = (
    *("Brow Furrow", "Brow Raise", "Cheek Raise", "Chin Raise", "Dimpler", "Eye Closure", "Eye Widen"),
    *("Inner Brow Raise", "Jaw Drop", "Lip Corner Depressor", "Lip Press", "Lip Pucker", "Lip Stretch", "Lip Suck"),
    *("Lid Tighten", "Mouth Open", "Nose Wrinkle", "Smile", "Smirk", "Upper Lip Raise"),
)
AFFDEX_HEADER = (
    *("Row", "Timestamp", "SlideEvent", "SourceStimuliName", "Combined Event Source", "SampleNumber"),
    *AFFDEX_EMOTIONS,
    "Attention",
    *AFFDEX_EXPRESSIONS,
    *("Pitch", "Yaw", "Roll", "Interocular Distance", "Secret Sauce"),
)
AFFDEX_BEFORE = (
    '#INFO,,\n#Study name,Made,\n#Respondent Name,nobody,"a, quoted, cell"\n#METADATA,,\n#Device,Affectiva AFFDEX,\n'
    "#DATA,,\n"
)


def make_affdex_row(
    time_ms: int, *, stimulus: str = "KDEF_1", face: bool = True, **values: object
) -> dict[str, object]:
    """Return the cells of one sample of AFFDEX."""
    row: dict[str, object] = {"Timestamp": time_ms, "SourceStimuliName": stimulus}
    row |= {"Combined Event Source": "Affectiva AFFDEX (1)", "SampleNumber": time_ms // 40}
    if face:
        row |= dict.fromkeys((*AFFDEX_EMOTIONS, *AFFDEX_EXPRESSIONS), "0.5") | {"Attention": "97.0"}
        row |= {"Pitch": "-4.0", "Yaw": "6.0", "Roll": "2.0", "Interocular Distance": "70", "Secret Sauce": "1"}
    return row | values


def make_slide_row(time_ms: int, event: str, stimulus: str) -> dict[str, object]:
    """Return the cells of a row that marks the start or end of a stimulus."""
    return {"Timestamp": time_ms, "SlideEvent": event, "SourceStimuliName": stimulus}


def format_affdex(rows: Sequence[Mapping[str, object]]) -> str:
    """Return the text of an export: metadata, ``#DATA``, the header, commas."""
    numbered = [{"Row": place, **row} for place, row in enumerate(rows, 1)]
    return format_table(numbered, AFFDEX_HEADER, mark=",", before=AFFDEX_BEFORE)


PYFEAT_UNITS = tuple(f"AU{n:02}" for n in (1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 17, 20, 23, 24, 25, 26, 28, 43))
PYFEAT_EMOTIONS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
PYFEAT_HEADER = (
    *("frame", "FaceRectX", "FaceRectY", "FaceRectWidth", "FaceRectHeight", "FaceScore", "x_0", "y_0"),
    *PYFEAT_UNITS,
    *("Pitch", "Roll", "Yaw"),
    *PYFEAT_EMOTIONS,
    *("input", "approx_time"),
)


def make_pyfeat_row(frame: int, *, face: bool = True, rate: float = 25.0, **values: object) -> dict[str, object]:
    """Return the cells of one face in one frame."""
    seconds = int(frame / rate)
    row: dict[str, object] = {"frame": frame, "input": "a.mp4", "approx_time": f"{seconds // 60:02}:{seconds % 60:02}"}
    if face:
        row |= {"FaceRectX": "100.5", "FaceRectY": 80, "FaceRectWidth": 150, "FaceRectHeight": 160, "FaceScore": "0.99"}
        row |= dict.fromkeys(PYFEAT_UNITS, "0.25") | dict.fromkeys(PYFEAT_EMOTIONS, "0.1")
        row |= {"x_0": 1, "y_0": 2, "Pitch": "-10.0", "Roll": "2.0", "Yaw": "4.0"}
    return row | values


def format_pyfeat(rows: Sequence[Mapping[str, object]], header: Sequence[str] = PYFEAT_HEADER) -> str:
    """Return the text of a Fex CSV."""
    return format_table(rows, header, mark=",")


FACEREADER_HEADER = (
    *("Video Time", "Neutral", "Happy", "Sad", "Angry", "Surprised", "Scared", "Disgusted", "Contempt", "Valence"),
    *("Arousal", "Gender", "Age", "Y - Head Orientation", "X - Head Orientation", "Z - Head Orientation", "Quality"),
    *("Mouth", "Action Unit 01 - Inner Brow Raiser", "Action Unit 12 - Lip Corner Puller"),
    *("Left - Action Unit 12 - Lip Corner Puller", "Stimulus", "Event Marker", "Odd"),
)
FACEREADER_BEFORE = "Video analysis detailed log\nFace Model:\tGeneral\nFilename:\tC:\\a.avi\nFrame rate:\t25\n\n"


def make_facereader_row(frame: int, *, failed: str = "", **values: object) -> dict[str, object]:
    """Return the cells of one frame at 25 frames a second."""
    milliseconds = 40 * frame
    time = f"00:00:{milliseconds // 1000:02}.{milliseconds % 1000:03}"
    if failed:
        return dict.fromkeys(FACEREADER_HEADER[:-3], failed) | {"Video Time": time} | values
    row: dict[str, object] = dict.fromkeys(FACEREADER_HEADER[1:-3], "0.1") | {"Video Time": time}
    row |= {"Gender": "Male", "Age": "30 - 40", "Mouth": "Closed", "Y - Head Orientation": "-3.5"}
    return row | values


def format_facereader(rows: Sequence[Mapping[str, object]]) -> str:
    """Return the text of a detailed log: a preamble, the header, tabs."""
    return format_table(rows, FACEREADER_HEADER, mark="\t", end="\r\n", before=FACEREADER_BEFORE)


LIBREFACE_HEADER = (
    *("frame_idx", "frame_time_in_ms", "pitch", "yaw", "roll", "lm_mp_0_x", "au_1", "au_12", "au_1_intensity"),
    *("au_12_intensity", "au_6_intensity", "facial_expression", "gaze_yaw", "gaze_pitch"),
)


def make_libreface_row(frame: int, *, seconds: bool = False, **values: object) -> dict[str, object]:
    """Return the cells of one frame at 25 frames a second."""
    row: dict[str, object] = dict.fromkeys(LIBREFACE_HEADER, "0") | {"frame_idx": frame}
    row |= {"frame_time_in_ms": frame / 25 if seconds else 40.0 * frame, "facial_expression": "Neutral"}
    return row | values


def format_libreface(rows: Sequence[Mapping[str, object]]) -> str:
    """Return the text of a CSV."""
    return format_table(rows, LIBREFACE_HEADER, mark=",")


OPENFACE3_HEADER = (
    *("timestamp", "video_path", "frame_index", "face_id", "face_detection", "landmarks", "emotion", "gaze_yaw"),
    *("gaze_pitch", "action_units"),
)


def make_openface3_row(frame: int, *, face: bool = True, units: Sequence[float] = (0.1,) * 8) -> dict[str, object]:
    """Return the cells of one face in one frame."""
    row: dict[str, object] = {"timestamp": "2026-01-01 12:00:00", "video_path": "a.mp4", "frame_index": frame}
    if face:
        row |= {"face_id": 0.0, "face_detection": '"[100.0, 50.0, 300.0, 250.0, 0.99]"', "landmarks": '"[[1.0, 2.0]]"'}
        row |= {"emotion": 1.0, "gaze_yaw": 0.1, "gaze_pitch": 0.2, "action_units": f'"[{list(units)}]"'}
    return row


def format_openface3(rows: Sequence[Mapping[str, object]]) -> str:
    """Return the text of a CSV; lists stand in quotes."""
    return format_table(rows, OPENFACE3_HEADER, mark=",")


def write_text(path: Path, text: str, *, encoding: str = "utf-8") -> Path:
    """Write a file byte by byte and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path
