"""What the camera adds: when frames are taken, where the head is, when the face is lost, how bright and sharp it is."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from mimicrylab.simulate.movements import draw_moments
from mimicrylab.simulate.people import Person
from mimicrylab.simulate.population import Coding, Population
from mimicrylab.simulate.responses import FloatArray

BoolArray = NDArray[np.bool_]

PICTURE_WIDTH, PICTURE_HEIGHT = 640, 480
LOWEST_FPS, HIGHEST_FPS = 10.0, 30.0
POSE_S = 2.0
POSE_SD_DEG = {"pitch": 2.5, "yaw": 3.0, "roll": 1.5}
"""Sway of a seated person's head around the way it is held."""

POSE_MEAN_SD_DEG = {"pitch": 4.0, "yaw": 3.0, "roll": 2.0}
"""How differently people hold their heads towards the camera."""

TURN_DEG = (32.0, 55.0)
FACE_PX = 190.0
LUMINANCE = 125.0
POOR_LUMINANCE = 42.0
SHARPNESS = 60.0


def draw_times(person: Person, population: Population, duration_s: float) -> FloatArray:
    """Return the true time of each frame within ``[0, duration_s)``: uneven, with some frames dropped."""
    generator = person.open_stream("camera")
    coding = population.coding
    mean = coding.poor_fps if person.poor_recording else coding.fps_mean
    fps = float(np.clip(generator.normal(mean, coding.fps_sd), LOWEST_FPS, HIGHEST_FPS))
    if person.minor_recording:
        fps = coding.minor_fps
    count = max(int(duration_s * fps), 2)
    times = (np.arange(count) + 0.5 + np.clip(coding.jitter * generator.normal(size=count), -0.4, 0.4)) / fps
    kept = generator.random(count) >= coding.dropped_frames
    kept[0] = True
    return np.round(times[kept], 6)


def draw_pose(population: Population, times: FloatArray, generator: np.random.Generator) -> dict[str, FloatArray]:
    """Return pitch, yaw and roll (degrees): held differently by each person, swaying, now and then turned away."""
    interval = float(np.median(np.diff(times)))
    phi = math.exp(-interval / POSE_S)
    pose = {}
    for name, sd in POSE_SD_DEG.items():
        shocks = generator.normal(size=len(times))
        shocks[1:] *= math.sqrt(1.0 - phi**2)
        sway = sd * signal.lfilter([1.0], [1.0, -phi], shocks)
        pose[name] = np.asarray(generator.normal(0.0, POSE_MEAN_SD_DEG[name]) + sway)
    coding = population.coding
    for moment in draw_moments(0.0, float(times[-1]), coding.turns_a_minute, generator):
        length = generator.exponential(coding.turn_s)
        first, last = np.searchsorted(times, [moment, moment + length])
        pose["yaw"][first:last] += generator.choice([-1.0, 1.0]) * generator.uniform(*TURN_DEG)
    return pose


def find_faces(person: Person, coding: Coding, times: FloatArray, generator: np.random.Generator) -> BoolArray:
    """Return, for each frame, whether a face was found (boolean)."""
    poor = person.poor_recording
    rate = coding.poor_losses_a_minute if poor else coding.losses_a_minute
    mean_s = coding.poor_loss_s if poor else coding.loss_s
    found = np.ones(len(times), dtype=bool)
    for moment in draw_moments(0.0, float(times[-1]), rate, generator):
        first, last = np.searchsorted(times, [moment, moment + generator.exponential(mean_s)])
        found[first:last] = False
    return found


def draw_conditions(
    person: Person, population: Population, times: FloatArray, generator: np.random.Generator
) -> dict[str, FloatArray]:
    """Return the columns of a frame that are no signals: confidence, pose, box, sharpness, luminance."""
    count = len(times)
    width = FACE_PX * float(generator.lognormal(0.0, 0.12)) * (1.0 + 0.01 * generator.normal(size=count))
    height = width * 1.25
    pose = draw_pose(population, times, generator)
    left = (PICTURE_WIDTH - width) / 2 + 20.0 * generator.normal() + 2.0 * pose["yaw"]
    top = (PICTURE_HEIGHT - height) / 2 + 15.0 * generator.normal() + 2.0 * pose["pitch"]
    bright = POOR_LUMINANCE if person.poor_recording else LUMINANCE
    luminance = bright * float(generator.lognormal(0.0, 0.15)) + 2.0 * generator.normal(size=count)
    sharpness = SHARPNESS * float(generator.lognormal(0.0, 0.2)) + 3.0 * generator.normal(size=count)
    return {
        "confidence": np.clip(0.97 + 0.01 * generator.normal(size=count), 0.0, 1.0),
        **pose,
        "box_x": left,
        "box_y": top,
        "box_width": width,
        "box_height": height,
        "sharpness": np.maximum(sharpness, 1.0),
        "luminance": np.clip(luminance, 0.0, 255.0),
    }
