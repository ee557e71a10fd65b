"""Small logs of stimulus programs with known content, made after their documented formats.

Each shows ``joy_F1.png`` at 2 s for 1.5 s and ``anger_F1.png`` at 6 s for 1.5 s, to participant P01.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from pathlib import Path

SHOWN = (("joy_F1.png", 2.0, 1.5), ("anger_F1.png", 6.0, 1.5))

PSYCHOPY = (
    "image,trials.thisN,fixation.started,fixation.stopped,stim_image.started,stim_image.stopped,key_resp.rt,"
    "participant,session,date,expName,psychopyVersion,frameRate\n"
    ",,,,,,,P01,001,2026-01-01,faces,2024.1.4,60.0\n"
    "img/joy_F1.png,0,1.0,2.0,2.0,3.5,0.7,P01,001,2026-01-01,faces,2024.1.4,60.0\n"
    "img/anger_F1.png,1,5.0,6.0,6.0,7.5,0.6,P01,001,2026-01-01,faces,2024.1.4,60.0\n"
)
EPRIME_TABLE = (
    "C:\\Experiments\\faces.edat3\n"
    "ExperimentName\tSubject\tSession\tTrial\tPicture\tStimSlide.OnsetTime\tStimSlide.OnsetDelay\tStimSlide.FinishTime\n"
    "Faces\tP01\t1\t1\tjoy_F1.png\t2000\t12\t3500\n"
    "Faces\tP01\t1\t2\tanger_F1.png\t6000\t8\t7500\n"
)
EPRIME_LOG = (
    "*** Header Start ***\nVersionPersist: 1\nSubject: P01\nSession: 1\n*** Header End ***\n"
    "\tLevel: 3\n\t*** LogFrame Start ***\n\tPicture: joy_F1.png\n\tStimSlide.OnsetTime: 2000\n"
    "\tStimSlide.OnsetDelay: 12\n\tStimSlide.FinishTime: 3500\n\t*** LogFrame End ***\n"
    "\tLevel: 3\n\t*** LogFrame Start ***\n\tPicture: anger_F1.png\n\tStimSlide.OnsetTime: 6000\n"
    "\tStimSlide.OnsetDelay: 8\n\tStimSlide.FinishTime: 7500\n\t*** LogFrame End ***\n"
    "Level: 1\n*** LogFrame Start ***\nExperiment: Faces\n*** LogFrame End ***\n"
)
OPENSESAME = (
    '"acc","count_faces","picture","response_time","subject_nr","time_experiment","time_face_sketchpad","time_fixation"\n'
    '"0","0","joy_F1.png","700","P01","100","2000","1000"\n'
    '"0","0","joy_F1.png","700","P01","100","2000","1000"\n'
    '"0","1","anger_F1.png","650","P01","100","6000","5000"\n'
)
PRESENTATION = (
    "Scenario - Faces\nLogfile written - 01/01/2026 12:00:00\n\n"
    "Subject\tTrial\tEvent Type\tCode\tTime\tTTime\tUncertainty\tDuration\tUncertainty\tReqTime\tReqDur\tStim Type\n\n"
    "P01\t1\tPulse\t1\t10000\t0\t\t\t\t\t\t\n"
    "P01\t1\tPicture\tjoy_F1.png\t30000\t0\t2\t15000\t2\t0\t15000\tother\n"
    "P01\t1\tResponse\t1\t37000\t7000\t1\n"
    "P01\t2\tPicture\tanger_F1.png\t70000\t0\t2\t15000\t2\t0\t15000\tother\n"
    "\nEvent Type\tCode\tType\tResponse\tRT\tRT Uncertainty\tTime\n"
    "Picture\tjoy_F1.png\tother\thit\t7000\t2\t30000\n"
)
GORILLA = (
    "Event Index,UTC Timestamp,UTC Date,Participant Public ID,Trial Number,Screen Name,Zone Type,Reaction Time,"
    "Response,image\n"
    "1,1700000000000,,P01,BEGIN TASK,,,,,\n"
    "2,1700000003500,,P01,1,Screen 1,continue_button,1500,Next,joy_F1.png\n"
    "3,1700000007500,,P01,2,Screen 1,continue_button,1500,Next,anger_F1.png\n"
)
QUALTRICS = (
    "StartDate,ResponseId,intro_First Click,intro_Page Submit,joy_F1_Page Submit,gap_Page Submit,anger_F1_Page Submit\n"
    "Start Date,Response ID,Timing,Timing,Timing,Timing,Timing\n"
    '"{""ImportId"":""startDate""}","{""ImportId"":""_recordId""}",a,b,c,d,e\n'
    "2026-01-01,P01,0.5,2.0,1.5,2.5,1.5\n"
)
BIDS = (
    "onset\tduration\ttrial_type\tstim_file\n2.0\t1.5\thappy\timages/joy_F1.png\n6.0\t1.5\tangry\timages/anger_F1.png\n"
)
JSPSYCH_ROWS = [
    {"trial_type": "html-keyboard-response", "trial_index": 0, "time_elapsed": 2000, "stimulus": "<p>Welcome</p>"},
    {"trial_type": "image-keyboard-response", "trial_index": 1, "time_elapsed": 3500, "stimulus": "img/joy_F1.png"},
    {"trial_type": "html-keyboard-response", "trial_index": 2, "time_elapsed": 6000, "stimulus": "+"},
    {"trial_type": "image-keyboard-response", "trial_index": 3, "time_elapsed": 7500,
     "stimulus": "<img src='img/anger_F1.png'>"},
]  # fmt: skip


def format_jspsych(*, as_json: bool) -> str:
    """Return the trials as jsPsych's JSON or CSV."""
    if as_json:
        return json.dumps(JSPSYCH_ROWS)
    names = list(JSPSYCH_ROWS[0])
    return "\n".join([",".join(names), *(",".join(f'"{row[name]}"' for name in names) for row in JSPSYCH_ROWS), ""])


def write_xdf(path: Path, markers: Sequence[tuple[float, str]], *, camera: Sequence[float]) -> Path:
    """Write an LSL recording of a stream of markers and one of a camera's frames; times on LSL's clock (s)."""

    def chunk(tag: int, content: bytes) -> bytes:
        return b"\x04" + struct.pack("<I", len(content) + 2) + struct.pack("<H", tag) + content

    def header(stream: int, name: str, kind: str, dtype: str) -> bytes:
        xml = (
            f"<?xml version='1.0'?><info><name>{name}</name><type>{kind}</type><channel_count>1</channel_count>"
            f"<nominal_srate>0</nominal_srate><channel_format>{dtype}</channel_format><source_id>{name}</source_id>"
            "<created_at>0</created_at><uid>1</uid><session_id>s</session_id><hostname>h</hostname></info>"
        )
        return chunk(2, struct.pack("<I", stream) + xml.encode())

    def samples(stream: int, values: Sequence[tuple[float, bytes]]) -> bytes:
        body = struct.pack("<I", stream) + b"\x04" + struct.pack("<I", len(values))
        return chunk(3, body + b"".join(b"\x08" + struct.pack("<d", time) + value for time, value in values))

    words = [(time, b"\x01" + struct.pack("<B", len(word.encode())) + word.encode()) for time, word in markers]
    numbers = [(time, struct.pack("<f", place)) for place, time in enumerate(camera)]
    footer = "<?xml version='1.0'?><info><first_timestamp>0</first_timestamp></info>"
    path.write_bytes(
        b"XDF:"
        + chunk(1, b"<?xml version='1.0'?><info><version>1.0</version></info>")
        + header(1, "stimuli", "Markers", "string")
        + header(2, "camera", "VideoFrames", "float32")
        + samples(1, words)
        + samples(2, numbers)
        + b"".join(chunk(6, struct.pack("<I", stream) + footer.encode()) for stream in (1, 2))
    )
    return path
