"""Which columns stand for a signal, an action unit or a composite."""

import polars as pl
import pytest

from mimicrylab.coding.coder import Signal
from mimicrylab.coding.emotions import COMPOSITE_UNIT
from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.measures.signals import (
    UNKNOWN_UNIT,
    CoderSignals,
    find_targets,
    make_composite,
    read_coder_signals,
)

TABLE = {"happiness": ("AU06", "AU12"), "anger": ("AU04",), "neutral": ()}


def make_signals(**units: str) -> CoderSignals:
    declared = {name: Signal(name, unit, "measured", "", maximum=4.0) for name, unit in units.items()}
    return CoderSignals("c", tuple(units), declared)


def test_without_a_wish_every_unit_and_the_congruent_composites_are_meant() -> None:
    signals = make_signals(AU12_r="0-5", AU12_c="0 or 1", AU06_r="0-5", AU04_r="0-5", gaze_angle_x="rad")
    targets = find_targets((), signals, congruence=TABLE)
    assert [target.name for target in targets] == ["AU04", "AU06", "AU12", "happiness[AU06+AU12]", "anger[AU04]"]
    assert targets[3].columns == ("AU06_r", "AU12_r")


def test_sides_are_measured_when_they_are_asked_for() -> None:
    signals = make_signals(AU12="mesh", AU12L="mesh", AU12R="mesh")
    assert [t.name for t in find_targets((), signals, congruence={})] == ["AU12"]
    assert [t.name for t in find_targets(("AU12L",), signals, congruence={})] == ["AU12L"]


def test_a_coder_without_action_units_is_measured_by_its_own_names() -> None:
    signals = make_signals(Smile="0-100", BrowFurrow="0-100")
    assert [t.name for t in find_targets((), signals, congruence={})] == ["Smile", "BrowFurrow"]


def test_a_signal_that_is_declared_as_not_measured_is_not_found() -> None:
    signals = CoderSignals("c", ("AU06",), {"AU06": Signal("AU06", "", "not measured", "")})
    assert signals.find_column("AU06") is None
    with pytest.raises(UnknownNameError):
        find_targets(("AU06",), signals, congruence={})


def test_one_emotions_composite_can_be_asked_for() -> None:
    signals = make_signals(AU04="u", AU06="u", AU12="u")
    targets = find_targets(("congruent:anger", "AU12", "congruent"), signals, congruence=TABLE)
    assert [target.name for target in targets] == ["anger[AU04]", "AU12", "happiness[AU06+AU12]"]
    with pytest.raises(UnknownNameError, match="did you mean 'anger'"):
        find_targets(("congruent:angry",), signals, congruence=TABLE)


def test_a_composite_of_one_unit_of_measurement_is_a_plain_mean() -> None:
    target = make_composite("x", ("AU06", "AU12"), make_signals(AU06_r="0-5", AU12_r="0-5"))
    frame = pl.DataFrame({"AU06": [1.0, None], "AU12": [4.0, 4.0]})
    assert target.unit == "0-5"
    assert target.expression is not None
    assert frame.select(target.expression).to_series().to_list() == [2.5, None]


def test_a_composite_of_several_divides_by_a_strong_movement() -> None:
    """Both are declared strong at 4: (2 / 4 + 1 / 4) / 2."""
    target = make_composite("x", ("AU06", "AU12"), make_signals(AU06="mesh", AU12="0-4"))
    assert target.unit == COMPOSITE_UNIT
    assert target.expression is not None
    frame = pl.DataFrame({"AU06": [2.0], "AU12": [1.0]})
    assert frame.select(target.expression).item() == 0.375


def test_units_that_cannot_be_averaged_are_said() -> None:
    declared = {"AU06": Signal("AU06", "mesh", "measured", ""), "AU12": Signal("AU12", "0-1", "measured", "")}
    target = make_composite("x", ("AU06", "AU12"), CoderSignals("c", ("AU06", "AU12"), declared))
    assert target.obstacle == "its action units have units that cannot be averaged (0-1; mesh)"


def test_a_composite_with_an_unmeasured_unit_says_which() -> None:
    target = make_composite("x", ("AU06", "AU09", "AU12"), make_signals(AU12="u"))
    assert (target.columns, target.obstacle) == ((), "AU06 and AU09 are not measured by c")


def test_composites_of_movements_come_from_the_declared_table() -> None:
    """contempt: |AU14L - AU14R| by a strong movement (1 in this unit)."""
    signals = read_coder_signals("landmarker", ["AU14L", "AU14R", "AU12"])
    (target,) = find_targets(("emotion:contempt",), signals, congruence={})
    assert target.name == "emotion:contempt[AU14 one-sided]"
    assert target.unit == COMPOSITE_UNIT
    assert target.expression is not None
    frame = pl.DataFrame({"AU14L": [0.25, 0.5], "AU14R": [0.75, None]})
    assert frame.select(target.expression).to_series().to_list() == [0.5, None]


def test_a_prototype_that_the_coder_cannot_measure_names_what_it_can() -> None:
    signals = read_coder_signals("landmarker", ["AU06", "AU12"])
    with pytest.raises(InputError, match=r"declare happiness\[AU12\] in its place"):
        find_targets(("emotion:happiness",), signals, congruence={})


def test_openface_intensities_make_composites_of_movements_too() -> None:
    """Happiness of AU06_r 2.5 and AU12_r 5 in a range of 5: the mean of .5 and 1."""
    signals = read_coder_signals("openface", ["AU06_r", "AU12_r", "AU12_c"])
    (target,) = find_targets(("emotion:happiness",), signals, congruence={})
    assert target.columns == ("AU06_r", "AU12_r")
    assert target.expression is not None
    assert pl.DataFrame({"AU06": [2.5], "AU12": [5.0]}).select(target.expression).item() == 0.75


def test_presence_of_a_composite_of_movements_is_not_defined() -> None:
    signals = make_signals(AU04_c="0 or 1")
    with pytest.raises(InputError, match="presence is not defined"):
        find_targets(("emotion:anger",), signals, congruence={}, flags=True)


def test_a_coder_that_is_not_registered_declares_nothing() -> None:
    signals = read_coder_signals("someone's", ["AU12"])
    assert signals.unit("AU12") == UNKNOWN_UNIT
    assert signals.find_column("AU12") == "AU12"


def test_units_of_a_readers_columns_are_known() -> None:
    signals = read_coder_signals("openface", ["AU12_r", "AU12_c"])
    assert (signals.unit("AU12_r"), signals.find_strong("AU12_r")) == ("0-5", 5.0)


def test_composite_of_the_table_and_congruent_composite_of_the_same_units_are_two_signals() -> None:
    """Two formulas under one name overwrote each other: the mean of the units, and that of their shares of strong."""
    columns = ["AU04", "AU05", "AU07", "AU23"]
    signals = read_coder_signals("landmarker", columns)
    congruence = {"anger": columns}
    wanted = ("congruent:anger", "emotion:anger")
    congruent, composite = find_targets(wanted, signals, congruence=congruence)
    assert congruent.members == composite.members
    assert congruent.name != composite.name
    assert congruent.unit != composite.unit
