"""Make the open stimulus set: stills of twelve people and clips of eight, with a manifest and the truth of each frame.

    python scripts/make_stimuli.py [--only F01 M01] [--clips] [--stills]

writes ``src/mimicrylab/protocol/open_faces/``. Pictures differ in the last bit between graphics drivers, so the files
that were made once are the set; the manifest names their checksums.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from PIL import Image

from mimicrylab.simulate.faces.expressions import EXPRESSIONS, list_shown
from mimicrylab.simulate.faces.identity import Identity
from mimicrylab.simulate.faces.motion import Performance, express, perform
from mimicrylab.simulate.faces.people import PEOPLE
from mimicrylab.simulate.faces.renderer import Renderer
from mimicrylab.simulate.faces.studio import seat_portrait, write_clip

OUT = Path(__file__).parents[1] / "src" / "mimicrylab" / "protocol" / "open_faces"
WIDTH, HEIGHT = 480, 600
FPS = 25
CLIP_S = 5.0
ONSET_S, APEX_S = 0.4, 1.0
CLIP_EMOTIONS = ("anger", "fear", "sadness", "happiness", "neutral")
CLIP_PEOPLE = ("F01", "F03", "F04", "F06", "M01", "M03", "M05", "M06")
LICENCE = "CC0-1.0"


def make_still(identity: Identity, folder: Path) -> None:
    """Write a person's stills, drawn at twice the size and made smaller."""
    sitter = seat_portrait(identity, Renderer(2 * WIDTH, 2 * HEIGHT))
    for emotion, levels in EXPRESSIONS.items():
        picture = Image.fromarray(sitter.picture(levels)).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        picture.save(folder / f"{identity.name}_{emotion}.webp", quality=86, method=6)
    sitter.model.renderer.close()


def make_performance(identity: Identity, emotion: str) -> Performance:
    """Return what a person does in a clip: neutral until the onset, at the apex after a second, then living on."""
    times = np.arange(round(CLIP_S * FPS)) / FPS
    seed = [identity.seed, list(EXPRESSIONS).index(emotion)]
    levels = express(times, EXPRESSIONS[emotion], onset_s=ONSET_S, apex_s=APEX_S, seed=seed)
    return perform(times, levels, seed=[*seed, 1], spared=(0.0, APEX_S + 0.3))


def make_clips(identity: Identity, folder: Path) -> None:
    """Write a person's clips; one that is there already stays."""
    todo = [emotion for emotion in CLIP_EMOTIONS if not (folder / f"{identity.name}_{emotion}.mp4").exists()]
    if not todo:
        return
    sitter = seat_portrait(identity, Renderer(WIDTH, HEIGHT), detail=0.35)
    for emotion in todo:
        target = folder / f"{identity.name}_{emotion}.mp4"
        making = target.with_suffix(".making.mp4")
        write_clip(making, sitter.play(make_performance(identity, emotion)), fps=FPS)
        making.rename(target)
        print(target.name, flush=True)
    sitter.model.renderer.close()


def tabulate_truth() -> pl.DataFrame:
    """Return what every clip shows in every frame: action units, head, gaze."""
    rows = []
    for identity in PEOPLE:
        if identity.name in CLIP_PEOPLE:
            rows += [_tabulate(identity, emotion) for emotion in CLIP_EMOTIONS]
    return pl.concat(rows, how="diagonal").with_columns(pl.selectors.starts_with("AU").fill_null(0.0))


def _tabulate(identity: Identity, emotion: str) -> pl.DataFrame:
    played = make_performance(identity, emotion)
    columns: Mapping[str, NDArray[np.float64]] = {
        "time": played.times,
        "pitch": played.pitch,
        "yaw": played.yaw,
        "roll": played.roll,
        "gaze_left": played.gaze[:, 0],
        "gaze_up": played.gaze[:, 1],
        **played.levels,
    }
    frame = pl.DataFrame({name: np.round(values, 4) for name, values in columns.items()})
    return frame.select(
        pl.lit(f"{identity.name}_{emotion}_clip").alias("stimulus"),
        pl.int_range(pl.len(), dtype=pl.Int32).alias("frame"),
        pl.all(),
    )


def tabulate_manifest() -> pl.DataFrame:
    """Return the manifest: a row a still and a clip, with what it shows and its checksum."""
    rows = []
    for kind, suffix in (("stills", "webp"), ("clips", "mp4")):
        for path in sorted((OUT / kind).glob(f"???_*.{suffix}")):
            if ".making" in path.name:
                continue
            model, emotion = path.stem.split("_")
            clip = kind == "clips"
            moving = clip and emotion != "neutral"
            rows.append(
                {
                    "stimulus": f"{path.stem}_clip" if clip else path.stem,
                    "set": f"open_{kind}",
                    "emotion": emotion,
                    "model_id": model,
                    "action_units": " ".join(list_shown(emotion)) or "none",
                    "movement_onset_s": ONSET_S if moving else None,
                    "apex_s": APEX_S if moving else None,
                    "duration_s": CLIP_S if clip else None,
                    "file": f"{kind}/{path.name}",
                    "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                    "licence": LICENCE,
                }
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def tabulate_people() -> pl.DataFrame:
    """Return who the people are: a row a person."""
    rows = [
        {
            "model_id": each.name,
            "sex": each.sex,
            "age": each.age,
            "ethnicity": "+".join(f"{name} {share:g}" for name, share in each.ethnicity.items()),
            "hair": each.hair,
            "seed": each.seed,
        }
        for each in PEOPLE
    ]
    return pl.DataFrame(rows)


def main() -> None:
    """Make what is asked for, then the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[each.name for each in PEOPLE])
    parser.add_argument("--stills", action="store_true")
    parser.add_argument("--clips", action="store_true")
    options = parser.parse_args()
    for kind in ("stills", "clips"):
        (OUT / kind).mkdir(parents=True, exist_ok=True)
    for identity in PEOPLE:
        if identity.name not in options.only:
            continue
        if options.stills:
            make_still(identity, OUT / "stills")
            print(identity.name, flush=True)
        if options.clips and identity.name in CLIP_PEOPLE:
            make_clips(identity, OUT / "clips")
    tabulate_truth().write_parquet(OUT / "stimulus_frames.parquet")
    tabulate_manifest().write_csv(OUT / "manifest.csv")
    tabulate_people().write_csv(OUT / "people.csv")
    size = sum(path.stat().st_size for path in OUT.rglob("*") if path.is_file())
    print(f"{size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
