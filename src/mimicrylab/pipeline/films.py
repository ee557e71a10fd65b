"""Rendered webcam films of simulated people, a video a recording, with the truth of every frame beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from mimicrylab.simulate.cohort import RecordingPlan
from mimicrylab.simulate.films import Film, plan_film
from mimicrylab.study import StudyFolder
from mimicrylab.tables import hash_file

TRUTH_FOLDER = "truth"
"""Folder with one table a recording: the planted level of each action unit, and the pose, in every frame."""


def write_films(
    folder: StudyFolder, plans: Sequence[RecordingPlan], *, report: Callable[[int, int], None] | None = None
) -> pl.DataFrame:
    """Write a video a recording and its truth; return what the recordings table says of them.

    Raises
    ------
    DependencyError
        moderngl, EGL or av is missing.
    """
    from mimicrylab.simulate.faces.filming import Scene, film_scene, make_renderer, write_film
    from mimicrylab.simulate.faces.webcam import HEIGHT, WIDTH

    renderer = make_renderer()
    rows = []
    (folder.root / "recordings").mkdir(exist_ok=True)
    (folder.root / TRUTH_FOLDER).mkdir(exist_ok=True)
    try:
        for done, plan in enumerate(plans, start=1):
            film = plan_film(plan)
            path = folder.root / "recordings" / f"{plan.recording_id}.mp4"
            scene = Scene(film.identity, film.performance, film.sensor, film.light, plan.person.seed)
            count = write_film(path, film_scene(scene, renderer=renderer))
            tabulate_truth(film).write_parquet(folder.root / TRUTH_FOLDER / f"{plan.recording_id}.parquet")
            duration = float(film.performance.times[-1]) + 1 / 25
            rows.append(
                {
                    "recording_id": plan.recording_id,
                    "path": path.relative_to(folder.root).as_posix(),
                    "sha256": hash_file(path),
                    "n_frames": count,
                    "duration_s": duration,
                    "mean_fps": count / duration,
                    "width": WIDTH,
                    "height": HEIGHT,
                }
            )
            if report is not None:
                report(done, len(plans))
    finally:
        renderer.close()
    return pl.DataFrame(rows)


def tabulate_truth(film: Film) -> pl.DataFrame:
    """Return time, the level of every action unit, and the pose of each frame."""
    played = film.performance
    return pl.DataFrame(
        {
            "frame": pl.int_range(len(played.times), dtype=pl.Int32, eager=True),
            "time": played.times,
            **dict(sorted(played.levels.items())),
            "pitch": played.pitch,
            "yaw": played.yaw,
            "roll": played.roll,
        }
    )
