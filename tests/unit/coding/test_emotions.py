"""Composites of movements: the table, what a coder can compute of it, and the formula on known values."""

from __future__ import annotations

import polars as pl
import pytest

from mimicrylab.coding.action_units import list_action_units
from mimicrylab.coding.coder import Signal
from mimicrylab.coding.emotions import COMPOSITES, express_composite, find_composite, rate_composite
from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.schemas import EMOTIONS

LANDMARKER = list_action_units()


def make_signals(*names: str, maximum: float = 5.0, standing: str = "measured") -> list[Signal]:
    return [Signal(name, "0-5", standing, "a movement", 0.0, maximum) for name in names]  # type: ignore[arg-type]


def test_every_emotion_of_the_field_has_a_prototype_and_every_name_its_units() -> None:
    assert {composite.emotion for composite in COMPOSITES} == set(EMOTIONS) - {"neutral"}
    names = [composite.name for composite in COMPOSITES]
    assert len(set(names)) == len(names)
    for composite in COMPOSITES:
        assert all(unit in composite.name for unit in composite.action_units)
        assert all(unit in composite.formula for unit in composite.action_units)


def test_one_of_each_emotion_can_be_computed_from_our_coder() -> None:
    standing = {composite.name: rate_composite(composite, LANDMARKER) for composite in COMPOSITES}
    assert standing["happiness[AU06+AU12]"] == standing["disgust[AU09+AU10]"] == "not measured"
    assert standing["happiness[AU12]"] == standing["disgust[AU10]"] == "proxy"
    assert standing["contempt[AU14 one-sided]"] == standing["sadness[AU01+AU04+AU15]"] == "weak"
    assert standing["surprise[AU01+AU02+AU05+AU26]"] == "measured"
    computable = {composite.emotion for composite in COMPOSITES if standing[composite.name] != "not measured"}
    assert computable == set(EMOTIONS) - {"neutral"}


def test_a_composite_is_the_mean_of_shares_of_a_strong_movement() -> None:
    frames = pl.DataFrame({"AU06": [0.0, 5.0, None, -1.0], "AU12": [0.0, 2.5, 5.0, 1.0]})
    expression = express_composite(find_composite("happiness"), make_signals("AU06", "AU12"))
    result = frames.select(expression)
    assert result.columns == ["happiness[AU06+AU12]"]
    assert result.to_series().to_list() == [0.0, 0.75, None, 0.0]


def test_units_of_different_size_count_alike() -> None:
    strong = {signal.name: signal.strong or signal.maximum for signal in LANDMARKER}
    frames = pl.DataFrame({name: [strong[name], 0.0] for name in ("AU01", "AU02", "AU05", "AU26")})
    expression = express_composite(find_composite("surprise"), LANDMARKER)
    assert frames.select(expression).to_series().to_list() == pytest.approx([1.0, 0.0])


@pytest.mark.parametrize(("left", "right", "expected"), [(5.0, 0.0, 1.0), (0.0, 5.0, 1.0), (4.0, 4.0, 0.0)])
def test_contempt_is_one_sided(left: float, right: float, expected: float) -> None:
    frames = pl.DataFrame({"AU14L": [left], "AU14R": [right]})
    expression = express_composite(find_composite("contempt"), make_signals("AU14L", "AU14R"))
    assert frames.select(expression).item() == pytest.approx(expected)


def test_what_is_not_measured_is_refused_and_the_alternative_named() -> None:
    with pytest.raises(InputError, match="AU06 is not measured") as caught:
        express_composite(find_composite("happiness"), LANDMARKER)
    assert "happiness[AU12]" in str(caught.value)
    with pytest.raises(InputError, match="use another coder"):
        express_composite(find_composite("happiness"), make_signals("AU06"))
    with pytest.raises(InputError, match="AU20 is not measured"):
        express_composite(find_composite("fear"), list_action_units(blendshapes=False))


def test_a_signal_without_a_known_range_is_refused() -> None:
    with pytest.raises(InputError, match="what a strong AU12 is"):
        express_composite(find_composite("happiness[AU12]"), [Signal("AU12", "px", "measured", "a movement")])


def test_unknown_composites_propose_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean 'happiness\[AU12\]'"):
        find_composite("happiness[AU13]")
    with pytest.raises(UnknownNameError):
        find_composite("neutral")
