from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest

from mimicrylab.errors import UnknownNameError
from mimicrylab.simulate.faces.activations import FACE_UNITS, measure_displacement, move_head, weigh_face_units
from mimicrylab.simulate.faces.expressions import EXPRESSIONS, list_shown
from mimicrylab.simulate.faces.head import MILLIMETRES, Head
from mimicrylab.simulate.faces.identity import build_head, draw_identity, list_shapes
from mimicrylab.simulate.faces.people import PEOPLE

HEAD = Head()


def test_sixty_two_millimetres_lie_between_the_pupils() -> None:
    left = HEAD.vertices[np.unique(HEAD.take_quads("helper-l-eye"))].mean(axis=0)
    right = HEAD.vertices[np.unique(HEAD.take_quads("helper-r-eye"))].mean(axis=0)
    assert (left[0] - right[0]) * MILLIMETRES == pytest.approx(62, abs=0.1)


def test_every_source_of_the_material_is_named_with_hash_author_and_licence() -> None:
    text = (files("mimicrylab.simulate.faces") / "material" / "sources.json").read_text(encoding="utf-8")
    sources = json.loads(text)["files"]
    assert len(sources) > 100
    assert all(each["licence"] == "CC0-1.0" and len(each["sha256"]) == 64 and each["author"] for each in sources)


def test_action_units_move_what_their_name_says() -> None:
    corner = _find(0.25, 6.62)
    brow = _find(0.2, 7.5)
    assert _shift({"AU12": 1.0})[corner, 1] > 0.02
    assert _shift({"AU15": 1.0})[corner, 1] < -0.02
    assert _shift({"AU01": 1.0})[brow, 1] > 0.02
    assert _shift({"AU04": 1.0})[brow, 1] < -0.02


def test_one_side_moves_alone() -> None:
    moved = np.abs(_shift({"AU12L": 1.0})).max(axis=1)
    assert moved[_find(0.25, 6.62)] > 0.02
    assert moved[_find(-0.25, 6.62)] < 0.005


def test_movement_grows_in_proportion_to_the_level() -> None:
    half, whole = measure_displacement(HEAD, {"AU12": 0.5}), measure_displacement(HEAD, {"AU12": 1.0})
    assert whole == pytest.approx(2 * half)
    assert 10 < whole < 25  # mm


def test_an_unknown_action_unit_is_told() -> None:
    with pytest.raises(UnknownNameError, match="AU99"):
        weigh_face_units({"AU99": 1.0})


def test_expressions_use_units_that_can_be_rendered_and_neutral_shows_none() -> None:
    assert all(unit in FACE_UNITS for levels in EXPRESSIONS.values() for unit in levels)
    assert list_shown("neutral") == ()
    assert {"AU06", "AU12"} <= set(list_shown("happiness"))


def test_the_open_set_is_balanced() -> None:
    assert sum(each.sex == "female" for each in PEOPLE) == 6
    assert len(PEOPLE) == 12
    assert len({tuple(sorted(each.ethnicity.items())) for each in PEOPLE}) >= 4
    assert len({each.seed for each in PEOPLE}) == 12


def test_people_differ_and_are_drawn_again_alike() -> None:
    first, again, other = (draw_identity("P", female=True, seed=seed) for seed in (3, 3, 4))
    assert first == again
    assert list_shapes(first) != list_shapes(other)
    assert not np.allclose(build_head(HEAD, first), build_head(HEAD, other))


def _find(x: float, y: float) -> int:
    front = HEAD.vertices[:, 2] > 0.9
    away = np.hypot(HEAD.vertices[:, 0] - x, HEAD.vertices[:, 1] - y) + 10 * ~front
    return int(away.argmin())


def _shift(levels: dict[str, float]) -> np.ndarray:
    return move_head(HEAD, HEAD.vertices, levels) - HEAD.vertices
