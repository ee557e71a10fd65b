"""A tiny open stimulus set: plain coloured pictures, and bytes that stand for clips, with a manifest and people."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from mimicrylab.protocol.known_sets import PROTOTYPES

HEADER = "stimulus,set,emotion,model_id,action_units,movement_onset_s,apex_s,duration_s,file,sha256,licence"
CLIP_EMOTIONS = ("anger", "happiness", "neutral")


def make_open_set(folder: Path, *, people: Sequence[str] = ("F01", "M01"), clips: bool = True) -> Path:
    """Write stills of seven emotions (and clips of three) for each person; return the folder."""
    lines = [HEADER]
    for place, person in enumerate(people):
        for number, emotion in enumerate(name for name in PROTOTYPES if name != "contempt"):
            path = folder / "stills" / f"{person}_{emotion}.webp"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (48, 60), (30 * number, 20 * place, 90)).save(path)
            lines.append(_make_line(path, folder, f"{person}_{emotion}", "open_stills", emotion, person, ",,"))
        for emotion in CLIP_EMOTIONS if clips else ():
            path = folder / "clips" / f"{person}_{emotion}.mp4"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(f"{person} {emotion}".encode())
            times = ",,5" if emotion == "neutral" else "0.4,1,5"
            lines.append(_make_line(path, folder, f"{person}_{emotion}_clip", "open_clips", emotion, person, times))
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = [f"{name},{'female' if name[0] == 'F' else 'male'},{20 + k},x 1,short,1" for k, name in enumerate(people)]
    (folder / "people.csv").write_text(
        "\n".join(["model_id,sex,age,ethnicity,hair,seed", *rows]) + "\n", encoding="utf-8"
    )
    return folder


def _make_line(path: Path, root: Path, name: str, of_set: str, emotion: str, person: str, times: str) -> str:
    units = " ".join(PROTOTYPES[emotion]) or "none"
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name},{of_set},{emotion},{person},{units},{times},{path.relative_to(root).as_posix()},{sha256},CC0-1.0"
