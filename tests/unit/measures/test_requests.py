"""Which settings a measure takes, and what a measure of persons takes from the one it is made of."""

import pytest

from mimicrylab.errors import InputError
from mimicrylab.measures.requests import PreparedMeasures, load_measure, prepare_measures
from mimicrylab.measures.signals import CoderSignals
from mimicrylab.protocol.measurement import Baseline, MeasureRequest


def prepare(*requests: MeasureRequest) -> PreparedMeasures:
    signals = CoderSignals("c", ("AU12", "AU04"))
    table = {"happiness": ("AU12",), "anger": ("AU04",)}
    return prepare_measures(requests, signals, windows={}, baseline=Baseline(), congruence=table)


@pytest.mark.parametrize("measure", ["congruence", "z"])
@pytest.mark.parametrize(
    ("of", "own", "used"),
    [
        ("maximum", None, "maximum"),
        ("pooled_frames", "mean_of_trials", "mean_of_trials"),
        (None, "maximum", "maximum"),
        (None, None, None),
    ],
)
def test_what_is_made_of_conditions_takes_their_aggregation_unless_it_has_its_own(
    measure: str, of: str | None, own: str | None, used: str | None
) -> None:
    requests = (
        MeasureRequest(measure="mean", aggregate=of),  # type: ignore[arg-type]
        MeasureRequest(measure=measure, aggregate=own),  # type: ignore[arg-type]
    )
    (made,) = prepare(*requests).persons
    assert made.request.aggregate == used


@pytest.mark.parametrize("measure", ["selectivity", "responders"])
def test_an_aggregation_that_would_be_ignored_is_an_error(measure: str) -> None:
    with pytest.raises(InputError, match=f"the measure '{measure}' does not use 'aggregate'"):
        load_measure(MeasureRequest(measure=measure, aggregate="maximum"))


def test_a_measure_of_persons_has_no_baseline_of_its_own() -> None:
    """Its trials' values are against theirs already."""
    with pytest.raises(InputError, match="does not use 'baseline'"):
        load_measure(MeasureRequest(measure="congruence", baseline=Baseline(method="none")))


def test_every_measure_of_trials_takes_both() -> None:
    for name in ("mean", "peak", "peak_of_means", "percentile_95", "presence", "bins", "latency"):
        request = MeasureRequest(measure=name, aggregate="maximum", baseline=Baseline(start_s=-0.5))
        assert load_measure(request).name == name
