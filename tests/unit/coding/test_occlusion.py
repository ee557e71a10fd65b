"""Signs that mouth or brow are covered, on drawn faces and on real people with something before their mouth."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from mimicrylab.assets import fetch_asset
from mimicrylab.coding.face_models import FaceModels
from mimicrylab.coding.occlusion import N_SIGNS, extend_usual, judge_occlusion, measure_signs
from mimicrylab.coding.tracking import FaceTracker
from mimicrylab.coding.video import VideoFrame, decode_frames

USUAL = np.array([0.02, 0.05, 0.005, 0.9, 0.05, 0.005, 18.0])
HAND_OVER_MOUTH = slice(98, 140)
"""Frames of WolfgangLanger_Pexels.mp4 in which a hand lies over the mouth; it leaves at 230, and a smile follows."""
SMILE = slice(236, None)


def judge_one(**changes: float) -> tuple[float, float]:
    """Return the scores of a frame that differs from what is usual by factors."""
    names = ("lips", "mouth_light", "mouth_colour", "brows", "brow_light", "brow_colour", "certainty")
    signs = USUAL * [changes.get(name, 1.0) for name in names]
    judged = judge_occlusion(signs[None], np.tile(USUAL, (10, 1)))
    return float(judged.mouth[0]), float(judged.brow[0])


def test_the_usual_face_is_not_covered():
    assert judge_one() == (0, 0)


@pytest.mark.parametrize(
    "one_sign", [{"lips": 0.0}, {"mouth_light": 10.0}, {"mouth_colour": 100.0}, {"certainty": 0.0}]
)
def test_one_sign_alone_is_not_enough(one_sign):
    assert judge_one(**one_sign)[0] == 0


def test_two_signs_that_agree_are():
    assert judge_one(lips=0.2, mouth_light=3.0) == (1, 0)
    assert judge_one(brows=0.2, brow_colour=30.0) == (0, 1)
    assert judge_one(lips=0.5, certainty=0.4)[0] == pytest.approx(0.5)


def test_no_face_is_not_judged():
    judged = judge_occlusion(np.full((1, N_SIGNS), np.nan), USUAL[None])
    assert np.isnan([judged.mouth[0], judged.brow[0]]).all()
    assert np.isnan(judge_occlusion(USUAL[None], np.empty((0, N_SIGNS))).mouth).all()


def test_what_is_usual_is_sampled_twice_a_second_and_limited():
    signs = np.tile(USUAL, (100, 1))
    signs[10:30] = np.nan
    usual = extend_usual(np.empty((0, N_SIGNS)), signs, np.arange(100) / 25)
    assert len(usual) == 7  # the 8 half seconds of 4 s, less the one without a face
    assert np.isfinite(usual).all()
    assert len(extend_usual(np.tile(USUAL, (1199, 1)), signs, np.arange(100) / 25)) == 1200


def test_a_dimmer_or_brighter_lamp_changes_nothing():
    crop = np.random.default_rng(1).integers(60, 120, (256, 256, 3), dtype=np.uint8)
    crop = cv2.GaussianBlur(crop, (0, 0), 6)
    points = np.random.default_rng(2).uniform(0.2, 0.8, (478, 3)).astype(np.float32)
    bright = np.clip(crop.astype(float) * 1.8, 0, 255).astype(np.uint8)
    np.testing.assert_allclose(measure_signs(bright, points, 0.99), measure_signs(crop, points, 0.99), atol=0.02)


@cache
def read_signs(name: str, cover: str = "") -> np.ndarray:
    """Return the signs of every frame; in ``cover`` something blue lies before the mouth or brow in the last half."""
    tracker = FaceTracker(FaceModels(blendshapes=False))
    frames = list(decode_frames(fetch_asset(name)))
    signs, face = [], None
    for frame in frames:
        pixels = frame.pixels
        if cover and frame.number >= len(frames) / 2 and face is not None:
            pixels = put_before(pixels, face.landmarks[[61, 291, 0, 17] if cover == "mouth" else [9, 107, 336, 151]])
        face = tracker.follow(VideoFrame(frame.number, frame.time, pixels)).face
        signs.append(measure_signs(face.crop, face.points, face.confidence))
    return np.array(signs)


def put_before(pixels: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    x, y = landmarks[:, :2].mean(axis=0).astype(int).tolist()
    return cv2.ellipse(pixels.copy(), (x, y), (50, 38), 0, 0, 360, (40, 60, 160), -1)


def test_a_hand_is_seen_and_a_smile_is_not_taken_for_one():
    signs = read_signs("WolfgangLanger_Pexels.mp4")
    judged = judge_occlusion(signs, signs[::12])
    assert (judged.mouth[HAND_OVER_MOUTH] > 0.5).mean() > 0.95
    assert (judged.mouth[SMILE] > 0.5).mean() == 0
    assert (judged.brow[SMILE] > 0.5).mean() == 0
    assert (judged.mouth[:58] > 0.5).mean() == 0


@pytest.mark.parametrize("cover", ["mouth", "brow"])
def test_a_thing_before_the_face_is_seen_where_it_is(cover):
    signs = read_signs("single_face.mp4", cover)
    judged = judge_occlusion(signs, signs[::12])
    covered, free = (judged.mouth, judged.brow) if cover == "mouth" else (judged.brow, judged.mouth)
    assert (covered[40:] > 0.5).mean() > 0.95
    assert (covered[:36] > 0.5).mean() == 0
    assert (free > 0.5).mean() < 0.15


def test_an_uncovered_face_is_left_alone():
    signs = read_signs("single_face.mp4")
    judged = judge_occlusion(signs, signs[::12])
    assert max(judged.mouth.max(), judged.brow.max()) < 0.5
