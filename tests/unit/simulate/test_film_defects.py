from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mimicrylab.errors import DependencyError, InputError, UnknownNameError
from mimicrylab.pipeline.films import describe_defects, make_overlay, tabulate_truth
from mimicrylab.pipeline.simulate import simulate_study
from mimicrylab.simulate.cohort import RecordingPlan
from mimicrylab.simulate.faces.overlays import SecondFace, find_eyes_at_rest, find_pixel, place_camera, put_behind
from mimicrylab.simulate.faces.webcam import DEFECTS, HEIGHT, WIDTH
from mimicrylab.simulate.film_defects import (
    AWAY_DEGREES,
    CHEWS_A_SECOND,
    DARK_LIGHT,
    FAR,
    SHARE_OF_TIME,
    SYLLABLES_A_SECOND,
    parse_defects,
    plan_defects,
)
from mimicrylab.simulate.films import Film, plan_film
from mimicrylab.simulate.frames import Shown
from mimicrylab.simulate.people import draw_people
from mimicrylab.simulate.population import Population

TIMES = np.arange(60 * 25) / 25
POPULATION = Population()
(PERSON,) = draw_people(POPULATION, 1, seed=3)
SHOWN = (Shown(1, 2.0, 4.0, "happiness", ("AU12",)),)


def plan(seconds: float = 20.0) -> RecordingPlan:
    return RecordingPlan("R1", PERSON, POPULATION, SHOWN, seconds)


def find_rate(values: np.ndarray) -> float:
    """Return the strongest rhythm of a minute (1/s)."""
    power = np.abs(np.fft.rfft(values - values.mean())) ** 2
    return float(np.fft.rfftfreq(len(values), 1 / 25)[power.argmax()])


@pytest.mark.parametrize("name", DEFECTS)
def test_every_defect_is_marked_and_the_same_seed_gives_the_same(name: str) -> None:
    one, two = (plan_defects(TIMES, [name], np.random.default_rng(4)) for _ in range(2))
    mark = one.marks[name]
    assert one.names == (name,)
    assert (mark.min() >= 0, mark.max()) == (True, 1)
    np.testing.assert_array_equal(mark, two.marks[name])
    assert mark.mean() == pytest.approx(SHARE_OF_TIME.get(name, 1.0), abs=0.2)


def test_talking_and_chewing_have_their_rhythm() -> None:
    talking = plan_defects(TIMES, ["talking"], np.random.default_rng(1))
    jaw, there = talking.levels["AU26"], talking.marks["talking"]
    assert (jaw[there == 0] == 0).all()
    opened = np.flatnonzero((jaw[1:-1] > jaw[:-2]) & (jaw[1:-1] >= jaw[2:]) & (jaw[1:-1] > 0.05))
    rate = len(opened) / (there.sum() / 25)
    assert SYLLABLES_A_SECOND[0] - 0.5 < rate < SYLLABLES_A_SECOND[1] + 0.5
    eating = plan_defects(TIMES, ["eating"], np.random.default_rng(1))
    assert CHEWS_A_SECOND[0] - 0.3 < find_rate(eating.levels["AU26"]) < CHEWS_A_SECOND[1] + 0.3
    assert 0.03 < (eating.hand > 0.1).mean() < 0.4


def test_what_a_defect_changes_in_a_film() -> None:
    sound = plan_film(plan())
    away = plan_film(plan(), defects=["away"])
    turned = np.abs(away.performance.yaw - sound.performance.yaw)
    assert AWAY_DEGREES[0] < turned.max() < AWAY_DEGREES[1]
    np.testing.assert_array_equal(away.shares, sound.shares)
    np.testing.assert_array_equal(away.performance.pitch, sound.performance.pitch)
    dark = plan_film(plan(), defects=["dark"])
    assert DARK_LIGHT[0] <= dark.sensor.light <= DARK_LIGHT[1] < sound.sensor.light
    assert dark.sensor.blur == sound.sensor.blur
    assert plan_film(plan(), defects=["far"]).defects.distance == FAR
    slow = plan_film(plan(), defects=["slow"])
    assert len(slow.performance.times) < 0.65 * len(sound.performance.times)
    talking = plan_film(plan(), defects=["talking"])
    more = talking.performance.levels["AU26"] - sound.performance.levels.get("AU26", 0.0)
    np.testing.assert_allclose(more, talking.defects.levels["AU26"], atol=1e-12)


def test_truth_says_when_each_defect_is_there() -> None:
    film = plan_film(plan(), defects=["hand", "dark"])
    truth = tabulate_truth(film)
    np.testing.assert_array_equal(truth["defect_hand"].to_numpy(), film.defects.marks["hand"])
    assert truth["defect_dark"].unique().to_list() == [1.0]
    assert not [name for name in tabulate_truth(plan_film(plan())).columns if "defect" in name or name == "hand"]


def test_defects_go_round_the_recordings() -> None:
    wanted = parse_defects("none, hand,dark+far")
    assert wanted == ((), ("hand",), ("dark", "far"))
    assert [each[0] for each in parse_defects("all")] == list(DEFECTS)
    told = describe_defects(["A", "B", "C", "D"], wanted)
    assert told["defects"] == {"A": [], "B": ["hand"], "C": ["dark", "far"], "D": []}
    assert set(told["defect_meanings"]) == {"hand", "dark", "far"}


def test_unknown_defects_and_defects_without_films_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'hand'"):
        parse_defects("hands")
    with pytest.raises(UnknownNameError, match="defect"):
        plan_film(plan(), defects=["sneezing"])
    with pytest.raises(InputError, match="defects are of films"):
        simulate_study(tmp_path / "study", template="minimal", participants=1, seed=1, defects="hand")


def test_the_eyes_are_where_the_camera_looks_and_far_faces_are_small() -> None:
    identity = plan_film(plan()).identity
    eyes = find_eyes_at_rest(identity)
    widths = []
    for distance in (1.0, FAR):
        view = place_camera(eyes, distance=distance)
        x, y = find_pixel(eyes, view, width=WIDTH, height=HEIGHT)
        assert x == pytest.approx(WIDTH / 2)
        assert 0.3 * HEIGHT < y < 0.8 * HEIGHT
        widths.append(find_pixel(eyes + np.array([0.62, 0, 0]), view, width=WIDTH, height=HEIGHT)[0] - x)
    assert widths[0] / widths[1] == pytest.approx(FAR, rel=0.05)


def test_a_second_face_stands_behind_and_moves_out_of_the_picture() -> None:
    room = np.full((40, 60, 3), 120, dtype=np.uint8)
    person, other = room.copy(), room.copy()
    person[10:, 20:40] = 30
    other[10:, 35:55] = 220
    second = SecondFace(other, (other != room).any(axis=2), room)
    seen = put_behind(person, second, there=1.0, side=1)
    assert (seen[25, 30] == 30).all()
    assert (seen[25, 50] == 220).all()
    assert (put_behind(person, second, there=0.0, side=1) == person).all()
    assert (put_behind(person, second, there=0.1, side=1)[25, 50] == 120).all()


def test_ten_frames_are_filmed_with_a_hand(tmp_path: Path) -> None:
    pytest.importorskip("moderngl", reason="drawing faces needs the extra 'faces'")
    av = pytest.importorskip("av", reason="videos need the extra 'faces'")
    from mimicrylab.simulate.faces.filming import Scene, film_scene, make_renderer, write_film

    whole = plan_film(plan(), defects=["hand"])
    mark = whole.defects.hand
    film = take_frames(whole, np.sort([*np.flatnonzero(mark == 0)[:5], *np.flatnonzero(mark == 1)[:5]]))
    try:
        renderer = make_renderer()
    except DependencyError as error:
        pytest.skip(f"no picture can be drawn here: {error.problem}")
    eyes = find_eyes_at_rest(film.identity)
    view = place_camera(eyes)
    overlay = make_overlay(film, view, eyes=eyes, renderer=renderer)
    scene = Scene(film.identity, film.performance, film.sensor, film.light, 1)
    path = tmp_path / "R1.mp4"
    assert write_film(path, film_scene(scene, renderer=renderer, overlay=overlay, view=view)) == 10
    renderer.close()
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24").astype(float) for frame in container.decode(video=0)]
    up = film.defects.hand == 1
    changed = np.abs(np.mean([frames[k] for k in np.flatnonzero(up)], axis=0) - frames[int(np.argmin(up))])
    left, top = (round(each) for each in find_pixel(eyes - [0, 0.66, 0], view, width=WIDTH, height=HEIGHT))
    assert changed[top : top + 40, left - 20 : left + 20].mean() > 15
    assert changed[:60].mean() < 5


def take_frames(film: Film, kept: np.ndarray) -> Film:
    """Return a film of some of its frames."""
    played = film.performance
    levels = {unit: values[kept] for unit, values in played.levels.items()}
    names = ("times", "pitch", "yaw", "roll", "shift_mm", "gaze")
    performance = replace(played, levels=levels, **{name: getattr(played, name)[kept] for name in names})
    defects = replace(film.defects, hand=film.defects.hand[kept])
    return replace(film, performance=performance, defects=defects)
