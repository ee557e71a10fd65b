"""Within-person z, responders, and the values of conditions."""

import polars as pl
import pytest

from mimicrylab.errors import InputError
from mimicrylab.measures.cells import aggregate_trials
from mimicrylab.measures.measure import Conditions
from mimicrylab.measures.responders import measure_responders
from mimicrylab.measures.zscore import measure_z
from mimicrylab.protocol.limits import CellLimits
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.schemas import MEASURES
from mimicrylab.tables import conform_table
from unit.measures.test_congruence import TABLE, make_rows

CONDITIONS = Conditions(TABLE, CellLimits(), ("anger", "happiness", "neutral"))
Z = MeasureRequest(measure="z")


def make_trials(*values: float | None, emotion: str = "anger", person: str = "p", **columns: object) -> pl.DataFrame:
    first = {"anger": 0, "happiness": 100}[emotion]
    return pl.concat(
        [
            make_rows({(emotion, "AU12"): value}, trials=1, trial=first + k, person=person, **columns)
            for k, value in enumerate(values)
        ]
    )


def test_z_is_over_the_persons_own_trials() -> None:
    """1, 2, 3, 4, 5: mean 3, SD (ddof 1) 1.5811."""
    rows = pl.concat([make_trials(1.0, 2.0, 3.0), make_trials(4.0, 5.0, emotion="happiness")])
    found = measure_z(rows, Z, CONDITIONS)
    assert conform_table(found, MEASURES, where="measures").equals(found)
    trials = found.filter(pl.col("trial").is_not_null())
    assert trials["value"].to_list() == pytest.approx([-1.2649, -0.6325, 0.0, 0.6325, 1.2649], abs=1e-4)
    cells = dict(found.filter(pl.col("trial").is_null()).select("stimulus_emotion", "value").iter_rows())
    assert cells == pytest.approx({"anger": -0.6325, "happiness": 0.9487}, abs=1e-4)


def test_z_removes_what_differs_between_people() -> None:
    """Why it is refused with traits: a lively face (ten times the movement, another level) gets the same values."""
    quiet = make_trials(1.0, 2.0, 4.0, person="quiet")
    lively = make_trials(110.0, 120.0, 140.0, person="lively")
    found = measure_z(pl.concat([quiet, lively]), Z, CONDITIONS).filter(pl.col("trial").is_not_null())
    by_person = [found.filter(pl.col("participant_id") == name)["value"].to_list() for name in ("quiet", "lively")]
    assert by_person[0] == pytest.approx(by_person[1])


@pytest.mark.parametrize("values", [(1.0, 2.0, None), (2.0, 2.0, 2.0)])
def test_z_needs_three_trials_that_are_not_alike(values: tuple[float | None, ...]) -> None:
    found = measure_z(make_trials(*values), Z, CONDITIONS).filter(pl.col("trial").is_not_null())
    assert found["value"].null_count() == 3
    assert "fewer than 3 trials" in found["reason"][0]


def test_responders_are_a_share_of_the_trials_that_count() -> None:
    rows = make_trials(10.0, 60.0, 51.0, None)
    found = measure_responders(rows, MeasureRequest(measure="responders", level=50.0), CONDITIONS)
    assert found.select("value", "unit", "n_frames").row(0) == (pytest.approx(2 / 3), "share of trials", 150)


def test_responders_need_a_level() -> None:
    with pytest.raises(InputError, match="needs a level"):
        measure_responders(make_trials(1.0), MeasureRequest(measure="responders"), CONDITIONS)


@pytest.mark.parametrize(("how", "expected"), [("mean_of_trials", 3.0), ("pooled_frames", 4.2), ("maximum", 5.0)])
def test_three_ways_from_trials_to_conditions(how: str, expected: float) -> None:
    """1 with 10 frames, 5 with 40 frames, and a trial that does not count."""
    rows = pl.concat(
        [
            make_trials(1.0, n_frames=10),
            make_trials(5.0, n_frames=40).with_columns(trial=pl.lit(7, pl.Int32)),
            make_trials(None, n_frames=1000).with_columns(trial=pl.lit(8, pl.Int32)),
        ]
    )
    found = aggregate_trials(rows, CellLimits(), how=how)  # type: ignore[arg-type]
    assert found["value"].to_list() == pytest.approx([expected])


def test_a_condition_with_too_few_trials_says_how_many_count() -> None:
    found = aggregate_trials(make_trials(1.0, None, None), CellLimits())
    assert found.select("value", "reason").row(0) == (None, "1 of 3 trials count, 2 are asked for")


def test_a_condition_without_any_trial_gives_their_common_reason() -> None:
    found = aggregate_trials(make_trials(None, None), CellLimits())
    assert found.select("value", "reason").row(0) == (None, "too little")


def test_what_all_trials_share_is_kept_and_what_differs_is_null() -> None:
    rows = make_trials(1.0, 2.0).with_columns(block=pl.Series(["first", "second"]))
    found = aggregate_trials(rows, CellLimits())
    assert found.select("block", "block_role", "recording_id").row(0) == (None, "test", "r_p")


def test_cells_can_be_separated_further() -> None:
    rows = make_trials(1.0, 2.0).with_columns(phase=pl.Series(["before", "after"]))
    found = aggregate_trials(rows, CellLimits(), by=("phase",))
    assert dict(found.select("phase", "value").iter_rows()) == {"before": 1.0, "after": 2.0}
