"""Make the reference values that the face coder is compared with: mediapipe 0.10.33, VIDEO mode, one face.

    python tests/reference/make_mediapipe_reference.py --environment DIR

makes a virtual environment in DIR (outside the checkout) with mediapipe and PyAV alone, runs this file in it on every
sample video, and writes ``mediapipe-0.10.33.npz`` and ``.json`` beside this file. No value comes from our coder.

For each video: whether a face was found, the 52 blendshapes (in steps of 1/65535), the head's rotation matrix, and
for every 50th frame the 478 smoothed landmarks; the JSON file has the hashes of the video and of its decoded pixels.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import venv
from pathlib import Path

MEDIAPIPE = "0.10.33"
VIDEOS = ("WolfgangLanger_Pexels.mp4", "single_face.mp4", "no_face.mp4", "face_noface.mov", "noface_face.mov")
STEPS = 65535
LANDMARKS_EVERY = 50
TARGET = Path(__file__).parent / f"mediapipe-{MEDIAPIPE}"


def start(environment: Path) -> None:
    """Make the environment, fetch model and videos with our own assets, and run this file inside it."""
    import av

    from mimicrylab.assets import fetch_asset

    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(environment, with_pip=True)
        packages = [f"mediapipe=={MEDIAPIPE}", f"av=={av.__version__}"]
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
    files = [str(fetch_asset(name)) for name in ("face_landmarker.task", *VIDEOS)]
    subprocess.run([str(python), __file__, "--inside", *files], check=True)


def code_inside(model: Path, videos: list[Path]) -> None:
    """Code the videos with mediapipe and write the reference files."""
    import av
    import mediapipe
    import numpy as np

    if mediapipe.__version__ != MEDIAPIPE:
        raise SystemExit(f"mediapipe {MEDIAPIPE} is needed, {mediapipe.__version__} is installed")
    arrays, facts = {}, {}
    for video in videos:
        arrays_of_video, pixels_sha256 = code_video(model, video)
        arrays |= {f"{video.name}/{key}": array for key, array in arrays_of_video.items()}
        facts[video.name] = {
            "sha256": hashlib.sha256(video.read_bytes()).hexdigest(),
            "pixels_sha256": pixels_sha256,
            "n_frames": len(arrays_of_video["present"]),
            "n_present": int(np.sum(arrays_of_video["present"])),
        }
    np.savez_compressed(TARGET.with_name(TARGET.name + ".npz"), **arrays)
    software = {"mediapipe": mediapipe.__version__, "av": av.__version__, "numpy": np.__version__}
    model_sha256 = hashlib.sha256(model.read_bytes()).hexdigest()
    text = json.dumps({"software": software, "model_sha256": model_sha256, "videos": facts}, indent=2)
    TARGET.with_name(TARGET.name + ".json").write_text(text + "\n")


def code_video(model: Path, video: Path):
    """Return one video's arrays and the hash of its decoded pixels."""
    import av
    import numpy as np
    from mediapipe import Image, ImageFormat
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)),
        running_mode=vision.RunningMode.VIDEO,
        num_faces=1,
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    present, blendshapes, rotations, frames, landmarks = [], [], [], [], []
    digest = hashlib.sha256()
    with vision.FaceLandmarker.create_from_options(options) as landmarker, av.open(str(video)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            pixels = np.ascontiguousarray(frame.to_ndarray(format="rgb24"))
            digest.update(pixels)
            image = Image(image_format=ImageFormat.SRGB, data=pixels)
            result = landmarker.detect_for_video(image, round(frame.time * 1000))
            present.append(bool(result.face_landmarks))
            if not present[-1]:
                continue
            blendshapes.append([category.score for category in result.face_blendshapes[0]])
            rotations.append(result.facial_transformation_matrixes[0][:3, :3])
            if number % LANDMARKS_EVERY == 0:
                size = np.array([frame.width, frame.height, frame.width])
                frames.append(number)
                landmarks.append([[p.x, p.y, p.z] for p in result.face_landmarks[0]] * size)
    arrays = {
        "present": np.array(present),
        "blendshapes": np.round(np.array(blendshapes).reshape(-1, 52) * STEPS).astype(np.uint16),
        "rotations": np.array(rotations, dtype=np.float32).reshape(-1, 3, 3),
        "landmark_frames": np.array(frames, dtype=np.int32),
        "landmarks": np.array(landmarks, dtype=np.float32).reshape(-1, 478, 3),
        "size": np.array([frame.width, frame.height]),
    }
    return arrays, digest.hexdigest()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environment", type=Path, help="folder for the virtual environment, outside the checkout")
    parser.add_argument("--inside", nargs="+", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        code_inside(given.inside[0], given.inside[1:])
    elif given.environment:
        start(given.environment)
    else:
        parser.error("--environment is needed")
