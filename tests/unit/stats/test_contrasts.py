import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, RefusedError, UnknownNameError
from mimicrylab.stats.contrasts import contrast_conditions, contrast_congruence, plan_congruence, score_contrast
from mimicrylab.stats.paired_tests import compare_pairs

TYPICAL = {"happiness": ("AU06", "AU12"), "sadness": ("AU04", "AU15"), "anger": ("AU04",)}
EMOTIONS = ("neutral", "happiness", "anger", "sadness")
PEOPLE = 6


def build_cells(*, missing: tuple[str, str] | None = None) -> pl.DataFrame:
    """A person's AU12 is 1 in happiness, .5 in neutral, 0 elsewhere, plus the person's own level; AU04 alike."""
    generator = np.random.default_rng(1)
    rows = []
    for person in range(PEOPLE):
        own = generator.normal()
        for emotion in EMOTIONS:
            smile = {"happiness": 1.0, "neutral": 0.5}.get(emotion, 0.0) * (1 + 0.01 * person)
            frown = {"anger": 1.0, "sadness": 0.5}.get(emotion, 0.0) * (1 + 0.01 * person)
            rows += [(f"P{person}", emotion, "AU12", own + smile), (f"P{person}", emotion, "AU04", own + frown)]
    table = pl.DataFrame(rows, schema=["participant_id", "stimulus_emotion", "signal", "value"], orient="row")
    if missing is None:
        return table
    lost = (pl.col("participant_id") == missing[0]) & (pl.col("stimulus_emotion") == missing[1])
    return table.with_columns(value=pl.when(lost).then(None).otherwise("value"))


def test_score_is_the_weighted_sum_of_a_persons_conditions() -> None:
    table = build_cells().filter(signal="AU12")
    scores = score_contrast(table, "value", condition="stimulus_emotion", codes={"happiness": 1, "neutral": -1})
    assert scores["score"].to_list() == pytest.approx([0.5 * (1 + 0.01 * person) for person in range(PEOPLE)])


def test_two_conditions_are_the_paired_test() -> None:
    table = build_cells().filter(signal="AU12")
    codes = {"happiness": 1.0, "neutral": -1.0}
    contrast = contrast_conditions(table, "value", condition="stimulus_emotion", codes=codes)
    pair = compare_pairs(table, "value", condition="stimulus_emotion", order=("happiness", "neutral"))
    assert (contrast.estimate, contrast.p) == (pytest.approx(pair.estimate), pytest.approx(pair.p))


def test_a_person_without_a_condition_has_no_score_and_is_counted() -> None:
    table = build_cells(missing=("P2", "neutral")).filter(signal="AU12")
    result = contrast_conditions(table, "value", condition="stimulus_emotion", codes={"happiness": 1, "neutral": -1})
    assert result.n == PEOPLE - 1
    assert result.warnings == ("1 person without every condition left out",)


def test_congruence_weighs_only_blocks_where_the_unit_is_not_typical() -> None:
    plan = plan_congruence(EMOTIONS, typical=TYPICAL, signals=["AU12", "AU04"])
    found = {(item.emotion, item.signal): item.incongruent for item in plan}
    assert found == {
        ("happiness", "AU12"): ("neutral", "anger", "sadness"),
        ("anger", "AU04"): ("neutral", "happiness"),
        ("sadness", "AU04"): ("neutral", "happiness"),
    }


def test_an_emotion_whose_units_are_not_known_is_no_comparison() -> None:
    (contrast,) = plan_congruence(["neutral", "happiness", "surprise"], typical={"happiness": ["AU12"], "surprise": []})
    assert contrast.codes == {"happiness": 1.0, "neutral": -1.0}


def test_without_neutral_it_is_left_out() -> None:
    plan = plan_congruence(EMOTIONS, typical=TYPICAL, signals=["AU12"], with_neutral=False)
    assert plan[0].incongruent == ("anger", "sadness")


@pytest.mark.parametrize(("with_neutral", "smile"), [(True, 1 - 0.5 / 3), (False, 1.0)])
def test_table_of_congruence_gives_means_and_difference_of_the_same_people(with_neutral: bool, smile: float) -> None:
    results = contrast_congruence(build_cells(), typical=TYPICAL, emotions=EMOTIONS, with_neutral=with_neutral)
    first = results[0]
    assert first.term == "happiness, AU12: congruent - incongruent"
    assert first.estimate == pytest.approx(smile * 1.025)
    congruent, incongruent = first.groups
    assert congruent.mean - incongruent.mean == pytest.approx(first.estimate)
    assert (congruent.n, incongruent.n, first.n) == (PEOPLE,) * 3


def test_means_stand_on_the_people_of_the_test() -> None:
    results = contrast_congruence(build_cells(missing=("P0", "anger")), typical=TYPICAL, emotions=EMOTIONS)
    smile = next(result for result in results if "AU12" in result.term)
    assert (smile.n, smile.groups[0].n) == (PEOPLE - 1, PEOPLE - 1)


def test_each_emotion_is_a_family() -> None:
    both = {**TYPICAL, "anger": ("AU04", "AU12")}
    results = contrast_congruence(build_cells(), typical=both, emotions=EMOTIONS)
    families = {result.term.split(",")[0]: result.family for result in results}
    assert families["anger"] == "anger: congruent - incongruent (Holm, 2 tests)"
    assert families["sadness"] == "sadness: congruent - incongruent (Holm, 1 tests)"


def test_what_cannot_be_tested_stands_there_with_the_reason() -> None:
    flat = build_cells().with_columns(value=pl.when(pl.col("signal") == "AU04").then(0.0).otherwise("value"))
    results = contrast_congruence(flat, typical=TYPICAL, emotions=EMOTIONS)
    frown = next(result for result in results if "anger" in result.term)
    assert frown.estimate is None
    assert "same for everybody" in frown.warnings[0]


def test_differences_of_rounding_alone_are_no_mimicry() -> None:
    """0.1 + 0.2 - 0.3 is not 0 in a computer; nobody moved all the same."""
    rows = [
        (f"P{person}", emotion, "AU04", value)
        for person in range(PEOPLE)
        for emotion, value in (("anger", 0.3 if person % 2 else 0.1 + 0.2), ("neutral", 0.3), ("happiness", 0.3))
    ]
    table = pl.DataFrame(rows, schema=["participant_id", "stimulus_emotion", "signal", "value"], orient="row")
    result = contrast_congruence(table, typical={"anger": ("AU04",)})[0]
    assert result.estimate is None
    assert "same for everybody" in result.warnings[0]


def test_codes_that_do_not_sum_to_zero_are_refused() -> None:
    with pytest.raises(InputError, match="sum to 0"):
        score_contrast(build_cells(), "value", condition="stimulus_emotion", codes={"happiness": 1, "anger": -0.5})


def test_trials_must_be_averaged_first() -> None:
    twice = pl.concat([build_cells(), build_cells()])
    with pytest.raises(InputError, match="several rows"):
        contrast_congruence(twice, typical=TYPICAL)
    codes = {"happiness": 1, "neutral": -1}
    with pytest.raises(RefusedError, match="not independent"):
        score_contrast(twice.filter(signal="AU12"), "value", condition="stimulus_emotion", codes=codes)


def test_unknown_condition_is_named() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'anger'"):
        score_contrast(build_cells(), "value", condition="stimulus_emotion", codes={"happiness": 1, "angr": -1})
