"""Action units from unsmoothed landmarks, the head's pose and size removed.

``action_units.json`` is the declared table: every landmark, weight and gain, so that another implementation can use
the same. A mesh unit is a linear sum of landmark shifts on the reference head, in shares of the distance between the
outer eye corners: unclipped, 0 at the reference head's neutral face, so a person's own neutral face is rarely 0 and a
value means something against that person's baseline only. A blendshape unit is what MediaPipe's (smoothed, gated) model
says, 0 to 1. Left and right are the person's own, in a picture that is not mirrored.

No baseline, no presence and no smoothing here: each has one later place.

Pose is removed twice: by the alignment, and by a correction of each brow, lid and lip unit that is quadratic in yaw and
pitch. The correction comes from real pictures of five persons turned to 35 poses (tests/reference); measured on a
person who was left out, it takes the spread over +-20 degrees yaw and +-10 pitch from .016 to .010 for one side of
AU04 and from .019 to .016 for one side of AU12, where a strong smile is .19.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl

from mimicrylab.coding.coder import Signal
from mimicrylab.coding.head_alignment import FloatArray, HeadFit, fit_heads
from mimicrylab.errors import InputError

TABLE_FILE = "action_units.json"
N_LANDMARKS = 478


@cache
def _read_table() -> dict[str, Any]:
    text = files("mimicrylab.coding").joinpath(TABLE_FILE).read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


@cache
def list_action_units(*, blendshapes: bool = True) -> tuple[Signal, ...]:
    """Return the declared table: each action unit's name, formula, unit, standing, meaning and reference.

    Parameters
    ----------
    blendshapes
        False: the units that need a blendshape are said to be not measured, which they are when blendshapes are left
        out.

    Examples
    --------
    >>> units = {signal.name: signal for signal in list_action_units()}
    >>> units["AU12L"].standing, units["AU12L"].unit
    ('measured', 'share of the distance between the outer eye corners')
    >>> units["AU06"].standing
    'not measured'
    """
    table = _read_table()
    entries = {entry["name"]: entry for entry in table["action_units"]}
    return tuple(_describe(entry, entries, table, blendshapes) for entry in entries.values())


def _describe(
    entry: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]], table: Mapping[str, Any], blendshapes: bool
) -> Signal:
    source = entries[entry["mean_of"][0]] if "mean_of" in entry else entry
    from_blendshapes = "blendshapes" in source
    missing = from_blendshapes and not blendshapes
    unit = table["blendshape_unit"] if from_blendshapes else table["mesh_unit"] if "mesh" in source else ""
    return Signal(
        name=entry["name"],
        unit=unit,
        standing="not measured" if missing else entry["standing"],
        meaning=entry["meaning"] + ("; blendshapes were left out" if missing else ""),
        minimum=0.0 if from_blendshapes else None,
        maximum=1.0 if from_blendshapes else None,
        formula=entry["formula"],
        reference=entry["reference"],
        strong=entry.get("strong"),
    )


def measure_action_units(landmarks: FloatArray, blendshapes: Mapping[str, FloatArray] | None = None) -> pl.DataFrame:
    """Return one column an action unit (Float32), one row a frame.

    Null where the frame has no face, where the unit is not measured, and where it needs a blendshape and
    ``blendshapes`` is None.

    Parameters
    ----------
    landmarks
        ``[n, 478, 3]`` unsmoothed, x to the picture's right, y down, z away from the camera, all in one scale (pixels);
        NaN in frames without a face.
    blendshapes
        Blendshapes by signal name (``bs_jawOpen``), ``[n]`` each.

    Raises
    ------
    InputError
        The landmarks have another shape, or a blendshape that is needed is not among those given.
    """
    if landmarks.ndim != 3 or landmarks.shape[1:] != (N_LANDMARKS, 3):
        raise InputError(
            "these are not face landmarks", expected=f"an array [n, {N_LANDMARKS}, 3]", found=str(list(landmarks.shape))
        )
    table = _read_table()
    mesh = _measure_mesh(landmarks, table)
    columns: dict[str, FloatArray | None] = {}
    for entry in table["action_units"]:
        name = entry["name"]
        if "mesh" in entry:
            columns[name] = mesh[name]
        elif "blendshapes" in entry:
            columns[name] = None if blendshapes is None else _average(blendshapes, entry["blendshapes"])
        else:
            columns[name] = None
    for entry in table["action_units"]:
        parts = [columns[name] for name in entry.get("mean_of", ())]
        known = [part for part in parts if part is not None]
        if known and len(known) == len(parts):
            columns[entry["name"]] = np.mean(known, axis=0)
    return pl.DataFrame([_make_series(name, values, len(landmarks)) for name, values in columns.items()])


def _make_series(name: str, values: FloatArray | None, length: int) -> pl.Series:
    if values is None:
        return pl.repeat(None, length, dtype=pl.Float32, eager=True).alias(name)
    return pl.Series(name, values.astype(np.float32), nan_to_null=True)


def _average(blendshapes: Mapping[str, FloatArray], names: list[str]) -> FloatArray:
    missing = [name for name in names if name not in blendshapes]
    if missing:
        raise InputError(f"the blendshape {missing[0]!r} is missing", expected=", ".join(names))
    average: FloatArray = np.mean([blendshapes[name] for name in names], axis=0)
    return average


def _measure_mesh(landmarks: FloatArray, table: Mapping[str, Any]) -> dict[str, FloatArray]:
    head = table["reference_head"]
    indices, places = _list_places()
    fit = fit_heads(landmarks[:, head["anchors"]], np.array([head["places"][str(each)] for each in head["anchors"]]))
    shifts = fit.align(landmarks[:, indices]) - places
    names, weights, corrections = _list_weights()
    values = shifts.reshape(len(shifts), len(weights)) @ weights
    values -= _list_pose_terms(fit, np.radians(table["pose_limit_deg"])) @ corrections
    return {name: values[:, place] for place, name in enumerate(names)}


@cache
def _list_places() -> tuple[list[int], FloatArray]:
    """Return the landmarks that carry places on the reference head, and the places ``[k, 3]``."""
    places: dict[str, list[float]] = _read_table()["reference_head"]["places"]
    return [int(index) for index in places], np.array(list(places.values()))


@cache
def _list_weights() -> tuple[tuple[str, ...], FloatArray, FloatArray]:
    """Return the mesh units' names, their weights ``[3 k, m]`` and their pose corrections ``[5, m]``."""
    indices, _ = _list_places()
    place = {index: row for row, index in enumerate(indices)}
    entries = [entry for entry in _read_table()["action_units"] if "mesh" in entry]
    weights = np.zeros((len(indices), 3, len(entries)))
    corrections = np.zeros((5, len(entries)))
    for column, entry in enumerate(entries):
        for term in entry["mesh"]:
            for index in term["landmarks"]:
                weights[place[index], :, column] += np.array(term["weights"]) / len(term["landmarks"])
        corrections[:, column] = entry.get("pose_correction", 0.0)
    return tuple(entry["name"] for entry in entries), weights.reshape(-1, len(entries)), corrections


def _list_pose_terms(fit: HeadFit, limit: float) -> FloatArray:
    """Return yaw, pitch, yaw^2, pitch^2 and yaw x pitch ``[n, 5]``, the angles limited to +-``limit`` radians."""
    yaw, pitch = (np.clip(angle, -limit, limit) for angle in fit.measure_angles())
    return np.stack([yaw, pitch, yaw**2, pitch**2, yaw * pitch], axis=1)
