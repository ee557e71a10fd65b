"""One measured run of the mediapipe package, in an environment that has it: prints JSON as ``bench.coding_run`` does.

Runs without mimicrylab: ``python mediapipe_run.py MODEL VIDEO WARM_UP``. Same decoding (PyAV), VIDEO mode, one face,
blendshapes, one processor; nothing is written.
"""

import json
import os
import sys
import time

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import av
from mediapipe import Image, ImageFormat
from mediapipe.tasks.python import BaseOptions, vision


def code(model: str, video: str) -> tuple[int, int]:
    """Return how many frames there are and in how many a face was found."""
    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=model),
        running_mode=vision.RunningMode.VIDEO,
        num_faces=1,
        output_face_blendshapes=True,
    )
    n_frames = n_faces = 0
    with vision.FaceLandmarker.create_from_options(options) as landmarker, av.open(video) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        for frame in container.decode(stream):
            picture = Image(image_format=ImageFormat.SRGB, data=frame.to_ndarray(format="rgb24"))
            found = landmarker.detect_for_video(picture, round((frame.time or 0.0) * 1000))
            n_frames += 1
            n_faces += bool(found.face_blendshapes)
    return n_frames, n_faces


code(sys.argv[1], sys.argv[3])
wall, cpu = time.perf_counter(), time.process_time()
n_frames, n_faces = code(sys.argv[1], sys.argv[2])
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
print(json.dumps({"n_frames": n_frames, "frames_per_s": n_frames / wall, "cpu_ms": cpu / n_frames * 1e3}))
