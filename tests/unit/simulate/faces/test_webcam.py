from __future__ import annotations

import numpy as np
import pytest

from mimicrylab.simulate.faces.webcam import Sensor, cover_mouth, draw_sensor, expose

GREY = np.full((60, 80, 3), 128, dtype=np.uint8)
STILL = Sensor(blur=0.01, flicker=0.0, noise=0.0)


def test_a_sensor_without_noise_shows_what_is_there() -> None:
    seen = expose(GREY, STILL, time_s=0.0, generator=np.random.default_rng(1))
    assert np.abs(seen.astype(int) - 128).max() <= 1


def test_noise_grows_as_light_falls() -> None:
    def share(light: float) -> float:
        sensor = Sensor(blur=0.01, flicker=0.0, light=light)
        seen = expose(GREY, sensor, time_s=0.0, generator=np.random.default_rng(1)).astype(float)
        return float(seen.std() / seen.mean())

    assert share(0.1) > 1.5 * share(1.0) > 0


def test_lamps_flicker() -> None:
    sensor = Sensor(blur=0.01, flicker=0.1, noise=0.0)
    means = [expose(GREY, sensor, time_s=t / 25, generator=np.random.default_rng(1)).mean() for t in range(25)]
    assert max(means) - min(means) > 5


def test_the_hand_covers_the_mouth_and_nothing_when_down() -> None:
    covered = cover_mouth(GREY, mouth=(40, 30), face_width=20, skin=(0.8, 0.6, 0.5), rise=1.0)
    assert np.abs(covered[36, 40].astype(int) - 128).max() > 20
    assert (covered[:8] == GREY[:8]).all()
    assert (cover_mouth(GREY, mouth=(40, 30), face_width=20, skin=(0.8, 0.6, 0.5), rise=0.0) == GREY).all()


def test_sensors_differ() -> None:
    generator = np.random.default_rng(4)
    assert draw_sensor(generator) != draw_sensor(generator)
    assert draw_sensor(np.random.default_rng(4)).blur == pytest.approx(draw_sensor(np.random.default_rng(4)).blur)
