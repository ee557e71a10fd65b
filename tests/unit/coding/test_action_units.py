"""Action units on faces built from the reference head, where every movement is known."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import polars as pl
import pytest

from mimicrylab.coding.action_units import list_action_units, measure_action_units
from mimicrylab.coding.head_alignment import TO_HEAD_AXES, fit_heads
from mimicrylab.errors import InputError

TABLE = json.loads(files("mimicrylab.coding").joinpath("action_units.json").read_text(encoding="utf-8"))
PLACES = TABLE["reference_head"]["places"]
ENTRIES = {entry["name"]: entry for entry in TABLE["action_units"]}
MESH = [name for name, entry in ENTRIES.items() if "mesh" in entry]
BLENDSHAPES = sorted({name for entry in ENTRIES.values() for name in entry.get("blendshapes", ())})
EYE_DISTANCE_PX = 140.0
LEFT_CORNER, RIGHT_CORNER = 291, 61


def make_head(shifts: dict[int, tuple[float, float, float]] | None = None) -> np.ndarray:
    """Return the reference head ``[478, 3]`` in head axes, some landmarks shifted (share of the eye distance)."""
    head = np.zeros((478, 3))
    for index, place in PLACES.items():
        head[int(index)] = place
    for index, shift in (shifts or {}).items():
        head[index] += shift
    return head


def turn(*, yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> np.ndarray:
    """Return the rotation of a head by degrees: to the person's left, down, and in the plane of the picture."""
    y, p, r = np.radians([yaw, pitch, roll])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def see(head: np.ndarray, rotation: np.ndarray | None = None, *, scale: float = EYE_DISTANCE_PX) -> np.ndarray:
    """Return the landmarks in image axes (pixels) of a turned head."""
    turned = head if rotation is None else head @ rotation.T
    return turned * TO_HEAD_AXES * scale + np.array([320.0, 180.0, 7.0])


def measure(*pictures: np.ndarray) -> pl.DataFrame:
    return measure_action_units(np.stack(pictures))


def test_reference_head_is_zero_everywhere() -> None:
    measured = measure(see(make_head()))
    assert np.abs(measured.select(MESH).to_numpy()).max() < 1e-6


@pytest.mark.parametrize("roll", [-40.0, 25.0, 90.0])
def test_size_place_and_tilt_change_nothing(roll: float) -> None:
    smile = make_head({LEFT_CORNER: (0.05, 0.04, 0.0), 13: (0.0, 0.03, 0.0)})
    plain, other = measure(see(smile)), measure(see(smile, turn(roll=roll), scale=33.0) + 250.0)
    np.testing.assert_allclose(other.select(MESH).to_numpy(), plain.select(MESH).to_numpy(), atol=1e-6)


@pytest.mark.parametrize(("yaw", "pitch"), [(20.0, 0.0), (-20.0, 10.0), (0.0, -15.0), (50.0, 5.0)])
def test_turned_head_is_laid_onto_the_reference_exactly(yaw: float, pitch: float) -> None:
    anchors = TABLE["reference_head"]["anchors"]
    head = make_head({LEFT_CORNER: (0.05, 0.04, 0.0)})
    seen = see(head, turn(yaw=yaw, pitch=pitch, roll=8.0))[None]
    fit = fit_heads(seen[:, anchors], np.array([PLACES[str(each)] for each in anchors]))
    np.testing.assert_allclose(fit.align(seen)[0, [LEFT_CORNER, 13]], head[[LEFT_CORNER, 13]], atol=1e-9)


def test_angles_point_to_the_persons_left_and_down() -> None:
    anchors = TABLE["reference_head"]["anchors"]
    seen = np.stack([see(make_head(), turn(yaw=20.0)), see(make_head(), turn(pitch=15.0))])
    fit = fit_heads(seen[:, anchors], np.array([PLACES[str(each)] for each in anchors]))
    yaw, pitch = fit.measure_angles()
    np.testing.assert_allclose(np.degrees(yaw), [20.0, 0.0], atol=1e-6)
    np.testing.assert_allclose(np.degrees(pitch), [0.0, 15.0], atol=1e-6)
    across, down = (seen[:, 4] - seen[:, 168])[:, :2].T
    straight = see(make_head())
    assert across[0] > 0, "turned to the person's left: the nose points to the right of an unmirrored picture"
    assert down[1] > straight[4, 1] - straight[168, 1], "turned down: the tip of the nose is lower in the picture"


@pytest.mark.parametrize("yaw", [0.0, 20.0, 45.0])
def test_turned_head_differs_by_the_declared_correction_alone(yaw: float) -> None:
    measured = measure(see(make_head(), turn(yaw=yaw)))
    angle = np.radians(min(yaw, TABLE["pose_limit_deg"]))
    for name in MESH:
        correction = ENTRIES[name].get("pose_correction", [0.0] * 5)
        expected = -(correction[0] * angle + correction[2] * angle**2)
        assert measured[name][0] == pytest.approx(expected, abs=1e-6), name


def test_one_lip_corner_is_linear_and_one_sided() -> None:
    levels = np.array([-0.05, 0.0, 0.002, 0.05, 0.2])
    direction = np.array([0.7071, 0.7071, 0.0])
    measured = measure(*[see(make_head({LEFT_CORNER: tuple(level * direction)})) for level in levels])
    np.testing.assert_allclose(measured["AU12L"], levels, atol=1e-4)
    np.testing.assert_allclose(measured["AU12R"], 0.0, atol=1e-6)
    np.testing.assert_allclose(measured["AU12"], levels / 2, atol=1e-4)


def test_left_and_right_mirror_each_other() -> None:
    left = make_head({LEFT_CORNER: (0.06, 0.03, 0.0), 285: (-0.02, 0.04, 0.0), 386: (0.0, -0.03, 0.0)})
    right = make_head({RIGHT_CORNER: (-0.06, 0.03, 0.0), 55: (0.02, 0.04, 0.0), 159: (0.0, -0.03, 0.0)})
    a, b = measure(see(left, turn(yaw=12.0, pitch=6.0))), measure(see(right, turn(yaw=-12.0, pitch=6.0)))
    sided = [name for name in MESH if name.endswith("L")]
    assert len(sided) == 9
    for name in sided:
        assert a[name][0] == pytest.approx(b[f"{name[:-1]}R"][0], abs=1e-6), name
        assert a[name[:-1]][0] == pytest.approx(b[name[:-1]][0], abs=1e-6), name


@pytest.mark.parametrize(
    ("unit", "shifts"),
    [
        ("AU01", {55: (0, 0.03, 0), 107: (0, 0.03, 0), 285: (0, 0.03, 0), 336: (0, 0.03, 0)}),
        ("AU02", {63: (0, 0.03, 0), 293: (0, 0.03, 0)}),
        ("AU04", {52: (0, -0.03, 0), 282: (0, -0.03, 0)}),
        ("AU04", {55: (0.02, 0, 0), 285: (-0.02, 0, 0)}),
        ("AU05", {159: (0, 0.03, 0), 386: (0, 0.03, 0)}),
        ("AU07", {145: (0, 0.03, 0), 374: (0, 0.03, 0)}),
        ("AU10", {37: (0, 0.03, 0), 267: (0, 0.03, 0)}),
        ("AU12", {61: (-0.03, 0, 0), 291: (0.03, 0, 0)}),
        ("AU15", {61: (0, -0.03, 0), 291: (0, -0.03, 0)}),
        ("AU23", {0: (0, -0.02, 0), 17: (0, 0.02, 0)}),
        ("AU25", {13: (0, 0.02, 0), 14: (0, -0.02, 0)}),
        ("AU45", {159: (0, -0.03, 0), 386: (0, -0.03, 0)}),
    ],
)
def test_each_movement_raises_its_unit(unit: str, shifts: dict[int, tuple[float, float, float]]) -> None:
    assert measure(see(make_head(shifts)))[unit][0] > 0.005


def test_sadness_shows_both_inner_brow_raise_and_lowerer() -> None:
    oblique = {index: (side * 0.02, 0.03, 0.0) for index, side in ((55, 1), (107, 1), (285, -1), (336, -1))}
    measured = measure(see(make_head(oblique)))
    assert measured["AU01"][0] > 0.02
    assert measured["AU04"][0] > 0.015


def test_frame_without_a_face_is_null_and_disturbs_no_other() -> None:
    face = see(make_head({LEFT_CORNER: (0.05, 0.05, 0.0)}))
    measured = measure(face, np.full((478, 3), np.nan), face)
    alone = measure(face)
    assert measured[1].null_count().row(0) == (1,) * measured.width
    assert measured[0].equals(alone)
    assert measured[2].equals(alone)


def test_no_frames_give_an_empty_table() -> None:
    measured = measure_action_units(np.zeros((0, 478, 3)), {name: np.zeros(0) for name in BLENDSHAPES})
    assert measured.height == 0
    assert tuple(measured.columns) == tuple(signal.name for signal in list_action_units())


def test_blendshape_units_are_null_without_blendshapes_and_copied_with_them() -> None:
    face = see(make_head())[None]
    without = measure_action_units(face)
    levels = {name: np.array([0.1 + place / 100]) for place, name in enumerate(BLENDSHAPES)}
    with_them = measure_action_units(face, levels)
    assert without["AU26"].null_count() == without["AU14"].null_count() == 1
    assert with_them["AU26"][0] == pytest.approx(levels["bs_jawOpen"][0])
    expected = (levels["bs_mouthDimpleLeft"][0] + levels["bs_mouthDimpleRight"][0]) / 2
    assert with_them["AU14"][0] == pytest.approx(expected)


def test_what_is_declared_agrees_with_what_is_measured() -> None:
    levels = {name: np.full(1, 0.5) for name in BLENDSHAPES}
    for blendshapes in (True, False):
        measured = measure_action_units(see(make_head())[None], levels if blendshapes else None)
        signals = list_action_units(blendshapes=blendshapes)
        assert measured.columns == [signal.name for signal in signals]
        for signal in signals:
            is_null = measured[signal.name].null_count() == 1
            assert is_null == (signal.standing == "not measured"), signal.name
            assert measured[signal.name].dtype == pl.Float32
            assert bool(signal.unit) or is_null
            assert signal.meaning
            assert signal.reference


def test_cheek_raiser_and_nose_wrinkler_are_said_to_be_not_measured() -> None:
    standing = {signal.name: signal.standing for signal in list_action_units()}
    assert standing["AU06"] == standing["AU09"] == "not measured"
    assert {standing[name] for name in ("AU01", "AU02", "AU04", "AU12", "AU25")} == {"measured"}
    assert {standing[name] for name in ("AU07", "AU10", "AU14", "AU15", "AU45")} == {"weak"}


@pytest.mark.parametrize("shape", [(478, 3), (2, 468, 3), (2, 478, 2)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="not face landmarks"):
        measure_action_units(np.zeros(shape))


def test_missing_blendshape_is_named() -> None:
    with pytest.raises(InputError, match="bs_mouthDimpleLeft"):
        measure_action_units(see(make_head())[None], {"bs_jawOpen": np.zeros(1)})
