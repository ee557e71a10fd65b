"""Rendered webcam films of simulated people, a video a recording, with the truth of every frame beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mimicrylab.simulate.cohort import RecordingPlan
from mimicrylab.simulate.faces.identity import draw_identity
from mimicrylab.simulate.faces.webcam import DEFECTS
from mimicrylab.simulate.films import Film, plan_film
from mimicrylab.study import StudyFolder
from mimicrylab.tables import hash_file

if TYPE_CHECKING:
    from mimicrylab.simulate.faces.camera_view import CameraView
    from mimicrylab.simulate.faces.filming import Overlay
    from mimicrylab.simulate.faces.renderer import Renderer

TRUTH_FOLDER = "truth"
"""Folder with one table a recording: the planted level of each action unit, and the pose, in every frame."""


def write_films(
    folder: StudyFolder,
    plans: Sequence[RecordingPlan],
    *,
    defects: Sequence[Sequence[str]] = (),
    report: Callable[[int, int], None] | None = None,
) -> pl.DataFrame:
    """Write a video a recording and its truth; return what the recordings table says of them.

    ``defects``: those of the first recording, of the second ..., in turn; empty: none goes wrong.

    Raises
    ------
    DependencyError
        moderngl, EGL or av is missing.
    """
    from mimicrylab.simulate.faces.filming import Scene, film_scene, make_renderer, write_film
    from mimicrylab.simulate.faces.overlays import find_eyes_at_rest, place_camera
    from mimicrylab.simulate.faces.webcam import HEIGHT, WIDTH

    renderer = make_renderer()
    rows = []
    (folder.root / "recordings").mkdir(exist_ok=True)
    (folder.root / TRUTH_FOLDER).mkdir(exist_ok=True)
    try:
        for done, plan in enumerate(plans, start=1):
            film = plan_film(plan, defects=choose_defects(defects, done - 1))
            path = folder.root / "recordings" / f"{plan.recording_id}.mp4"
            scene = Scene(film.identity, film.performance, film.sensor, film.light, plan.person.seed)
            eyes = find_eyes_at_rest(film.identity)
            view = place_camera(eyes, distance=film.defects.distance)
            overlay = make_overlay(film, view, eyes=eyes, renderer=renderer)
            count = write_film(path, film_scene(scene, renderer=renderer, overlay=overlay, view=view))
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


def choose_defects(defects: Sequence[Sequence[str]], place: int) -> tuple[str, ...]:
    """Return the defects of the recording at a place: they go round.

    Examples
    --------
    >>> [choose_defects(((), ("hand",)), place) for place in range(3)]
    [(), ('hand',), ()]
    """
    return tuple(defects[place % len(defects)]) if defects else ()


def make_overlay(film: Film, view: CameraView, *, eyes: NDArray[np.float64], renderer: Renderer) -> Overlay | None:
    """Return what lays the film's hand and second person over each drawn picture; None where there is neither.

    The second person is drawn here, before the film's own person is given to the renderer.
    """
    from mimicrylab.simulate.faces.overlays import draw_second_face, hold_hand, put_behind, tone_skin

    plan = film.defects
    there = plan.marks.get("second_face")
    if there is None and not plan.hand.any():
        return None
    generator = np.random.default_rng([film.identity.seed, 47])
    side = float(generator.choice([-1, 1]))
    second = None
    if there is not None:
        beside = draw_identity("beside", female=bool(generator.random() < 0.5), seed=int(generator.integers(1, 2**31)))
        second = draw_second_face(beside, view, film.light, eyes=eyes, renderer=renderer, side=side)

    colour = tone_skin(film.identity)

    def change(picture: NDArray[np.uint8], frame: int) -> NDArray[np.uint8]:
        if second is not None and there is not None:
            picture = put_behind(picture, second, there=float(there[frame]), side=side)
        pose = film.performance.take_pose(frame)
        return hold_hand(picture, view, eyes=eyes, colour=colour, rise=float(plan.hand[frame]), pose=pose)

    return change


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
            **{f"defect_{name}": mark for name, mark in film.defects.marks.items()},
            **({"hand": film.defects.hand} if film.defects.hand.any() else {}),
        }
    )


def describe_defects(recordings: Sequence[str], defects: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return what truth.json says of defects: recording -> which, and defect -> what it is.

    When each is there, frame by frame, stands in the recording's table in the folder ``truth``.
    """
    of_recording = {name: list(choose_defects(defects, place)) for place, name in enumerate(recordings)}
    used = {name for names in of_recording.values() for name in names}
    return {"defects": of_recording, "defect_meanings": {name: text for name, text in DEFECTS.items() if name in used}}
