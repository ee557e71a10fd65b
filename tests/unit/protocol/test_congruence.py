import polars as pl
import pytest

from mimicrylab.errors import InputError
from mimicrylab.protocol.congruence import (
    ADFES,
    collect_congruent,
    find_not_shown,
    list_congruent,
    list_incongruent,
    list_shown,
)
from mimicrylab.protocol.stimulus_sets import Congruence, StimulusSet


def make(*rows: tuple[str, list[str] | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [{"emotion": emotion, "action_units": units} for emotion, units in rows],
        schema={"emotion": pl.String, "action_units": pl.List(pl.String)},
    )


FEW = make(
    ("happiness", ["AU06", "AU12"]),
    ("happiness", ["AU12", "AU25"]),
    ("happiness", ["AU12"]),
    ("happiness", None),
    ("neutral", []),
)


def test_shown_is_what_at_least_half_of_the_coded_stimuli_show() -> None:
    assert list_shown(FEW) == {"happiness": ("AU12",), "neutral": ()}
    assert list_shown(FEW, by=1 / 3) == {"happiness": ("AU06", "AU12", "AU25"), "neutral": ()}


def test_an_emotion_of_which_nothing_is_known_is_left_out() -> None:
    assert list_shown(make(("anger", None))) == {}
    assert list_congruent(Congruence(), make(("anger", None))) == {"anger": ()}


def test_the_table_of_study_2() -> None:
    assert {emotion: [int(unit[2:]) for unit in units] for emotion, units in ADFES.items()} == {
        "happiness": [6, 12, 25],
        "sadness": [1, 4, 15, 17],
        "anger": [4, 5, 17, 23],
        "fear": [1, 2, 4, 5, 20, 25],
    }


def test_a_preset_speaks_only_of_emotions_that_the_set_shows() -> None:
    stimuli = make(("anger", ["AU04", "AU05", "AU07", "AU17", "AU23"]), ("neutral", []))
    assert list_congruent(Congruence(preset="adfes"), stimuli) == {
        "anger": ("AU04", "AU05", "AU17", "AU23"),
        "neutral": (),
    }
    assert list_congruent(Congruence(preset="adfes_with_au07"), stimuli)["anger"][2] == "AU07"


def test_what_is_named_goes_before_the_preset_for_that_emotion_only() -> None:
    stimuli = make(("anger", ["AU04", "AU05"]), ("happiness", ["AU06", "AU12"]))
    named = Congruence.model_validate_json('{"action_units": {"happiness": ["12"]}}')
    assert list_congruent(named, stimuli) == {"anger": ("AU04", "AU05"), "happiness": ("AU12",)}


def test_a_congruent_action_unit_that_nobody_shows_is_refused() -> None:
    with pytest.raises(InputError, match="AU06 is called congruent with happiness") as caught:
        list_congruent(Congruence(preset="adfes"), make(("happiness", ["AU12", "AU25"])))
    assert "AU12, AU25" in str(caught.value)


def test_it_is_not_judged_where_what_is_shown_is_not_known() -> None:
    stimuli = make(("happiness", ["AU12"]), ("happiness", None))
    assert find_not_shown({"happiness": ("AU06",)}, stimuli) == []
    assert find_not_shown({"surprise": ("AU26",)}, stimuli) == []


def test_one_side_is_shown_where_the_whole_is_and_the_whole_where_one_side_is() -> None:
    assert find_not_shown({"contempt": ("AU14L", "AU14")}, make(("contempt", ["AU14"]))) == []
    assert find_not_shown({"contempt": ("AU14",)}, make(("contempt", ["AU14R"]))) == []


def test_a_unit_typical_of_two_emotions_is_congruent_in_both() -> None:
    table = {"happiness": ("AU12",), "anger": ("AU04",), "sadness": ("AU04",)}
    assert list_incongruent("AU04", table, ["anger", "happiness", "sadness", "neutral"], neutral=True) == (
        "happiness",
        "neutral",
    )


@pytest.mark.parametrize(("neutral", "others"), [(True, ("anger", "neutral")), (False, ("anger",))])
def test_an_emotion_whose_units_are_not_known_is_no_comparison_and_neutral_is_one(
    neutral: bool, others: tuple[str, ...]
) -> None:
    table = {"happiness": ("AU12",), "anger": ("AU04",), "surprise": ()}
    emotions = ["surprise", "happiness", "anger", "fear", "neutral"]
    assert list_incongruent("AU12", table, emotions, neutral=neutral) == others


def test_over_several_sets_a_unit_counts_where_any_set_says_so() -> None:
    clips = FEW.with_columns(set=pl.lit("clips"))
    pictures = make(("anger", ["AU04"]), ("happiness", ["AU25"]), ("fear", None)).with_columns(set=pl.lit("pictures"))
    sets = {name: StimulusSet(kind="image", source="made up") for name in ("clips", "pictures")}
    assert collect_congruent(sets, pl.concat([clips, pictures])) == {"happiness": ("AU12", "AU25"), "anger": ("AU04",)}
