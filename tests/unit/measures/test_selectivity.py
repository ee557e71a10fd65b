"""AUC and d' of trials whose values are written down."""

import math

import numpy as np
import polars as pl
import pytest

from mimicrylab.measures.measure import Conditions
from mimicrylab.measures.selectivity import compute_auc, compute_d_prime, measure_selectivity
from mimicrylab.protocol.limits import CellLimits
from mimicrylab.protocol.measurement import MeasureRequest
from mimicrylab.schemas import MEASURES
from mimicrylab.tables import conform_table
from unit.measures.test_congruence import TABLE, make_rows

REQUEST = MeasureRequest(measure="selectivity")


def score(rows: pl.DataFrame, request: MeasureRequest = REQUEST) -> dict[tuple[str, str], float | None]:
    conditions = Conditions(TABLE, CellLimits(), ("anger", "happiness", "neutral"))
    found = measure_selectivity(rows, request, conditions)
    assert conform_table(found, MEASURES, where="measures").equals(found)
    return {(row["measure"], row["signal"]): row["value"] for row in found.iter_rows(named=True)}


def make_trials(emotion: str, *values: float, unit: str = "AU04") -> pl.DataFrame:
    first = {"anger": 0, "happiness": 100, "neutral": 200}[emotion]
    return pl.concat([make_rows({(emotion, unit): value}, trials=1, trial=first + k) for k, value in enumerate(values)])


def test_auc_counts_pairs_and_ties_half() -> None:
    assert compute_auc(np.array([3.0, 4.0]), np.array([1.0, 2.0])) == 1.0
    assert compute_auc(np.array([1.0, 2.0]), np.array([3.0, 4.0])) == 0.0
    assert compute_auc(np.array([1.0]), np.array([1.0])) == 0.5


def test_d_prime_needs_variance() -> None:
    assert compute_d_prime(np.array([1.0, 1.0]), np.array([0.0, 0.0])) is None


def test_both_scores_of_a_person() -> None:
    """Anger 3 and 5 against happiness 1 and 2, neutral 4: 4.5 of 6 pairs; means 4 and 7/3, variances 2 and 7/3."""
    rows = pl.concat([make_trials("anger", 3.0, 5.0), make_trials("happiness", 1.0, 2.0), make_trials("neutral", 4.0)])
    found = score(rows)
    assert found["selectivity", "AU04"] == pytest.approx(5 / 6)
    assert found["selectivity_d_prime", "AU04"] == pytest.approx((4 - 7 / 3) / math.sqrt((2 + 7 / 3) / 2))
    assert found["selectivity", "anger[AU04]"] == found["selectivity", "AU04"]


def test_neutral_can_be_left_out() -> None:
    rows = pl.concat([make_trials("anger", 3.0, 5.0), make_trials("happiness", 1.0, 2.0), make_trials("neutral", 9.0)])
    assert score(rows, MeasureRequest(measure="selectivity", neutral="without"))["selectivity", "AU04"] == 1.0


def test_too_few_trials_give_no_value_with_a_reason() -> None:
    rows = pl.concat([make_trials("anger", 3.0), make_trials("happiness", 1.0, 2.0)])
    conditions = Conditions(TABLE, CellLimits(), ("anger", "happiness"))
    found = measure_selectivity(rows, REQUEST, conditions)
    assert found["value"].null_count() == found.height > 0
    assert found["reason"][0] == "1 congruent and 2 incongruent trials; two of each are needed"


def test_a_composites_trial_is_the_mean_of_its_units() -> None:
    """AU06 and AU12 cancel in one of the happy trials: only their mean is compared."""
    rows = pl.concat(
        [
            make_trials("happiness", 4.0, 0.0, unit="AU06"),
            make_trials("happiness", 4.0, 8.0, unit="AU12"),
            make_trials("anger", 3.0, 3.0, unit="AU06"),
            make_trials("anger", 3.0, 3.0, unit="AU12"),
        ]
    )
    found = score(rows)
    assert found["selectivity", "AU06"] == 0.5
    assert found["selectivity", "happiness[AU06+AU12]"] == 1.0


def test_no_rows_give_no_rows() -> None:
    assert score(MEASURES.empty()) == {}
