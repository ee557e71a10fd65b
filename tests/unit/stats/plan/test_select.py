"""Which number stands in which cell of an analysis's table."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.protocol.analyses import Outcome
from mimicrylab.protocol.measurement import Baseline, MeasureRequest, Window
from mimicrylab.stats.plan.select import Selection, select_outcome
from unit.stats.plan.formula_values import COMPOSITES, CONGRUENT, compute_value, make_formula_data, make_values


def average(person: int, emotion: str, signal: str) -> float:
    """The mean over the two models."""
    return sum(compute_value(person, emotion, signal, model) for model in (0, 1)) / 2


def select(data: Any = None, *, conditions: tuple[str, ...] = (), **settings: Any) -> Selection:
    keys = {name: settings.pop(name) for name in ("blocks", "trials") if name in settings}
    outcome = Outcome(**({"measure": "mean"} | settings))
    return select_outcome(make_formula_data() if data is None else data, outcome, conditions=conditions, **keys)


def read(selection: Selection, **where: Any) -> list[float | None]:
    rows = selection.table.filter(pl.lit(True), *[pl.col(name) == value for name, value in where.items()])
    return rows["value"].to_list()


def test_without_signals_and_dimensions_a_person_has_the_mean_of_the_composites_each_in_its_own_emotion() -> None:
    found = select()
    happiness = [average(person, "happiness", COMPOSITES["happiness"]) for person in range(3)]
    anger = [average(person, "anger", COMPOSITES["anger"]) for person in range(3)]
    assert found.table["participant_id"].to_list() == ["P0", "P1", "P2"]
    assert read(found) == [(h + a) / 2 for h, a in zip(happiness, anger, strict=True)]
    assert found.unit == "share of frames"


def test_for_each_emotion_and_signal_takes_the_congruent_units_one_by_one() -> None:
    found = select(for_each=("emotion", "signal"))
    cells = found.table.select("emotion", "signal").unique().rows()
    assert set(cells) == {("happiness", "AU12"), ("happiness", "AU25"), ("anger", "AU04")}
    assert read(found, participant_id="P1", signal="AU25") == [average(1, "happiness", "AU25")]
    assert found.levels["emotion"] == ("anger", "happiness")


@pytest.mark.parametrize(
    ("signals", "emotion", "expected"),
    [
        (("congruent:happiness",), "anger", COMPOSITES["happiness"]),
        (("AU12",), "neutral", "AU12"),
        (("congruent",), "happiness", COMPOSITES["happiness"]),
    ],
)
def test_signals_that_are_named(signals: tuple[str, ...], emotion: str, expected: str) -> None:
    found = select(signals=signals, emotions=(emotion,))
    assert read(found) == [average(person, emotion, expected) for person in range(3)]


def test_an_action_unit_is_found_under_the_name_of_a_programs_column() -> None:
    values = make_values().with_columns(pl.col("signal").replace("AU12", "AU12_r"))
    assert read(select(make_formula_data(values), signals=("AU12",), emotions=("neutral",)))[0] == 0.5


def test_all_takes_every_signal_in_every_emotion() -> None:
    found = select(signals=("all",), for_each=("emotion", "signal"))
    assert found.table.select("emotion", "signal").unique().height == 3 * 5


def test_signals_named_without_a_dimension_are_averaged_within_a_person() -> None:
    found = select(signals=("AU12", "AU25"), emotions=("happiness",))
    assert read(found) == [average(person, "happiness", COMPOSITES["happiness"]) for person in range(3)]


def test_blocks_limit_the_trials() -> None:
    found = select(signals=("AU12",), blocks=("neutral",))
    assert read(found) == [average(person, "neutral", "AU12") for person in range(3)]
    with pytest.raises(UnknownNameError, match="'neutrl'"):
        select(blocks=("neutrl",))


def test_a_condition_splits_the_cells_and_keeps_its_order_in_time() -> None:
    found = select(signals=("AU12",), emotions=("happiness",), conditions=("phase",))
    assert found.levels["phase"] == ("before", "after")
    assert read(found, phase="after") == [compute_value(person, "happiness", "AU12", 1) for person in range(3)]


def test_trials_become_a_condition_as_the_measure_itself_says() -> None:
    request = MeasureRequest(measure="mean", aggregate="pooled_frames")
    data = make_formula_data(requests=(request,))
    pooled = (compute_value(0, "happiness", "AU12", 0) * 100 + compute_value(0, "happiness", "AU12", 1) * 200) / 300
    assert read(select(data, signals=("AU12",), emotions=("happiness",)))[0] == pytest.approx(pooled, abs=1e-12)
    highest = make_formula_data(requests=(MeasureRequest(measure="mean", aggregate="maximum"),))
    assert read(select(highest, signals=("AU12",), emotions=("happiness",)))[0] == compute_value(
        0, "happiness", "AU12", 1
    )


def test_a_person_who_lacks_a_condition_has_no_value_rather_than_one_from_the_others() -> None:
    data = make_formula_data(make_values(lost=[(1, 2), (1, 3)]))  # both angry faces of P1
    assert read(select(data))[1] is None
    assert read(select(data, for_each=("emotion",)), participant_id="P1", emotion="happiness")[0] is not None


def test_half_of_a_conditions_trials_are_enough() -> None:
    data = make_formula_data(make_values(lost=[(1, 2)]))
    found = select(data, signals=("AU04",), emotions=("anger",))
    assert read(found)[1] == compute_value(1, "anger", "AU04", 1)


def test_somebody_who_left_before_a_condition_stands_there_without_a_value() -> None:
    values = make_values().filter((pl.col("participant_id") != "P2") | (pl.col("stimulus_emotion") != "anger"))
    found = select(make_formula_data(values), signals=("congruent:anger",), emotions=("anger",))
    assert read(found) == [average(0, "anger", "AU04"), average(1, "anger", "AU04"), None]


def test_signals_of_different_units_are_not_averaged() -> None:
    data = make_formula_data(make_values(units={"AU25": "0-5"}))
    with pytest.raises(InputError, match="would mix units") as caught:
        select(data, signals=("AU12", "AU25"))
    assert "for_each" in str(caught.value.do)
    assert select(data, signals=("AU12", "AU25"), for_each=("signal",)).unit is None


def test_a_signal_that_nobody_has_a_value_of_is_left_out_of_tests_and_named() -> None:
    values = make_values().with_columns(pl.when(pl.col("signal") != "AU25").then("value").alias("value"))
    found = select(make_formula_data(values), for_each=("signal",))
    assert set(found.table["signal"]) == {"AU12", "AU04"}
    assert found.notes[0].startswith("AU25 has no value for anybody")


def test_a_declared_unit_that_is_not_measured_is_named_in_tests_and_refused_in_a_mean() -> None:
    found = select(signals=("AU06", "AU12"), for_each=("signal",))
    assert found.notes == ("AU06 is declared but not measured: the analysis is without",)
    with pytest.raises(InputError, match="AU06 is not measured"):
        select(signals=("AU06", "AU12"))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"measure": "meen"}, "unknown measure 'meen' .did you mean 'mean'"),
        ({"signals": ("Smile",)}, "unknown signal 'Smile'"),
        ({"emotions": ("fear",)}, "no trial that is analysed shows fear"),
        ({"window": "early"}, "not measured in the window 'early'"),
        ({"baseline": Baseline(method="ratio")}, "not measured with this baseline"),
        ({"conditions": ("task",)}, "unknown condition 'task'"),
        ({"for_each": ("neutral",)}, "both with and without neutral"),
    ],
)
def test_what_is_not_there_is_an_error(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        select(**settings)


def test_one_of_two_windows_must_be_named_and_is_then_taken() -> None:
    late = make_values().with_columns(window_start_s=pl.lit(5.0), window_stop_s=pl.lit(9.0), value=pl.lit(7.0))
    requests = (MeasureRequest(measure="mean", window="early"), MeasureRequest(measure="mean", window="late"))
    windows = {"early": Window(start_s=0, stop_s=5), "late": Window(start_s=5, stop_s=9)}
    data = make_formula_data(pl.concat([make_values(), late]), requests=requests, windows=windows)
    with pytest.raises(InputError, match="several windows"):
        select(data)
    assert read(select(data, window="late")) == [7.0, 7.0, 7.0]
    assert read(select(data, window="early", signals=("AU12",), emotions=("neutral",)))[0] == 0.5


def test_congruence_as_a_condition_compares_a_unit_with_the_emotions_it_does_not_belong_to() -> None:
    found = select(for_each=("emotion", "signal"), conditions=("congruence",))
    congruent = read(found, emotion="anger", signal="AU04", congruence="congruent")
    incongruent = read(found, emotion="anger", signal="AU04", congruence="incongruent")
    assert congruent == [average(person, "anger", "AU04") for person in range(3)]
    others = [(average(p, "happiness", "AU04") + average(p, "neutral", "AU04")) / 2 for p in range(3)]
    assert incongruent == others
    assert found.levels["congruence"] == ("congruent", "incongruent")


def test_congruence_of_composites_and_without_neutral() -> None:
    found = select(for_each=("emotion", "neutral"), conditions=("congruence",))
    rows = {"emotion": "happiness", "congruence": "incongruent", "participant_id": "P1"}
    anger, neutral = (
        sum(average(1, emotion, unit) for unit in CONGRUENT["happiness"]) / 2 for emotion in ("anger", "neutral")
    )
    assert read(found, neutral="with", **rows) == [(anger + neutral) / 2]
    assert read(found, neutral="without", **rows) == [anger]


def test_congruence_shown_emotion_by_shown_emotion() -> None:
    found = select(signals=("AU04",), conditions=("congruence", "shown_emotion"))
    rows = found.table.filter(pl.col("participant_id") == "P0").select("congruence", "shown_emotion").rows()
    assert rows == [("congruent", "anger"), ("incongruent", "happiness"), ("incongruent", "neutral")]


def test_trials_stay_trials_and_keep_what_a_mixed_model_needs() -> None:
    found = select(signals=("AU12",), trials=True)
    assert found.table.height == 3 * 6
    assert {"session_id", "trial", "model_id", "stimulus", "emotion", "phase", "block_position"} <= set(
        found.table.columns
    )
    one = found.table.row(3, named=True)
    assert (one["emotion"], one["model_id"], one["value"]) == ("anger", "M1", compute_value(0, "anger", "AU12", 1))


def test_trials_by_congruence_keep_the_emotion_that_was_shown() -> None:
    found = select(conditions=("congruence",), trials=True)
    happy = found.table.filter((pl.col("participant_id") == "P0") & (pl.col("trial") == 0))
    assert happy["emotion"].unique().to_list() == ["happiness"]
    own = happy.filter(pl.col("congruence") == "congruent")["value"].to_list()
    assert own == [compute_value(0, "happiness", COMPOSITES["happiness"], 0)]


def test_a_measure_of_persons_is_taken_as_it_is_and_cannot_be_split_further() -> None:
    rows = make_values().filter((pl.col("trial") == 0) & (pl.col("signal") == COMPOSITES["happiness"]))
    index = rows.with_columns(
        measure=pl.lit("congruence"), trial=pl.lit(None, pl.Int32), block=pl.lit(None, pl.String), phase=None, value=3.0
    ).with_columns(pl.col("phase").cast(pl.String))
    data = make_formula_data(pl.concat([make_values(), index]))
    assert read(select(data, measure="congruence")) == [3.0, 3.0, 3.0]
    with pytest.raises(InputError, match="cannot be told apart by phase"):
        select(data, measure="congruence", conditions=("phase",))
    with pytest.raises(InputError, match="cannot be limited to blocks"):
        select(data, measure="congruence", blocks=("neutral",))


def test_a_score_is_one_value_a_person() -> None:
    found = select(measure=None, score="EQ.total")
    assert found.table.select("participant_id", "value").rows() == [("P0", 40.0), ("P1", 45.0), ("P2", 50.0)]
    with pytest.raises(InputError, match="one value a person"):
        select(measure=None, score="EQ.total", conditions=("phase",))


def test_a_scale_with_one_score_means_that_score_and_one_with_several_needs_for_each() -> None:
    assert read(select(measure=None, score="EQ")) == [40.0, 45.0, 50.0]  # EQ.total.before is an occasion, no score
    with pytest.raises(InputError, match="several scores"):
        select(measure=None, score="STAI")
    found = select(measure=None, score="STAI", for_each=("score",))
    assert read(found, score="STAI.trait") == [3.0, 2.0, 1.0]


def test_a_rating_is_an_outcome_by_its_name() -> None:
    rating = make_values(measure="liking").filter(pl.col("signal") == "AU12").with_columns(signal=pl.lit("rating"))
    data = make_formula_data(pl.concat([make_values(), rating]))
    found = select(data, measure=None, score="liking", for_each=("emotion",))
    assert read(found, emotion="neutral") == [average(person, "neutral", "AU12") for person in range(3)]


def test_a_table_without_emotions_has_one_condition() -> None:
    values = make_values().with_columns(stimulus_emotion=pl.lit(None, pl.String))
    found = select(make_formula_data(values), signals=("AU12",))
    assert read(found)[0] == pytest.approx((0 + 1 + 0 + 1 + 10 + 11) / 6, abs=1e-12)
