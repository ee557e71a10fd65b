"""The simulated samples of both papers: their people, their losses and what is planted are what the papers print."""

import math

import pytest

from mimicrylab.protocol.scales import find_scale
from mimicrylab.simulate.enrolment import Place
from mimicrylab.simulate.presence import describe_composite
from mimicrylab.simulate.published import find_sample
from mimicrylab.simulate.published_oxytocin import EVERYBODY, OXYTOCIN_PEOPLE, PLACEBO_PEOPLE, TYPICAL, make_presence
from mimicrylab.simulate.truth_of_enrolment import describe_enrolment
from mimicrylab.simulate.truth_of_presence import describe_presence

EMPATHY = find_sample("empathy")
PLACES = EMPATHY.population.enrolment.places  # type: ignore[union-attr]
PRESENCE = make_presence()
TRUTH = describe_presence(PRESENCE, ["oxytocin", "placebo"])


def count(*, female: bool, places: list[Place]) -> int:
    return sum(place.female is female for place in places)


def test_study_1_has_the_papers_flow() -> None:
    answered = [place for place in PLACES if not place.questionnaire_lost]
    good = [place for place in PLACES if place.recording == "good"]
    for places, women, men in ((list(PLACES), 63, 24), (answered, 59, 22), (good, 36, 14)):
        assert (count(female=True, places=places), count(female=False, places=places)) == (women, men)
    assert all(not place.questionnaire_lost for place in good)
    younger = [place for place in answered if place.answers["age_band"] in {"18-24", "25-34"}]
    british = [place for place in answered if place.answers["ethnicity"] == "White British"]
    assert (len(answered), len(younger), len(british)) == (81, 21, 55)


@pytest.mark.parametrize(
    ("field", "answers", "mean", "sd"),
    [
        ("gender", {"male"}, 41.77, 11.9),
        ("gender", {"female"}, 50.28, 9.39),
        ("age_band", {"18-24", "25-34"}, 44.47, None),
        ("age_band", {"35-44", "45-54", "55-64", "65 or over"}, 49.20, None),
        ("ethnicity", {"White British"}, 49.09, None),
    ],
)
def test_study_1_plants_the_printed_empathy_of_each_group(
    field: str, answers: set[str], mean: float, sd: float | None
) -> None:
    truth = describe_enrolment(EMPATHY.population, {"EQ-60": find_scale("EQ-60").scale})
    assert truth is not None
    rows = [row for row in truth["scores"] if row["field"] == field and row["answer"] in answers]
    people = sum(row["people"] for row in rows)
    assert sum(row["people"] * row["mean"] for row in rows) / people == pytest.approx(mean, abs=0.02)
    if sd is not None:
        assert rows[0]["sd"] == pytest.approx(sd, abs=0.02)


def test_study_2_plants_the_appendix() -> None:
    for emotion, means in EVERYBODY.items():
        for unit, mean in zip(PRESENCE.units, means, strict=True):
            both = [PRESENCE.find_mean(arm, (emotion, unit)) for arm in (0, 1)]
            pooled = (OXYTOCIN_PEOPLE * both[0] + PLACEBO_PEOPLE * both[1]) / (OXYTOCIN_PEOPLE + PLACEBO_PEOPLE)
            assert pooled == pytest.approx(mean)
            assert 0 < min(both) < max(both) < 1


@pytest.mark.parametrize(("emotion", "b", "t"), [
    ("happiness", 0.05, 1.30), ("sadness", 0.053, 1.90), ("fear", 0.003, 0.18), ("anger", -0.04, -1.83),
])  # fmt: skip
def test_study_2_plants_the_printed_effects_on_composites(emotion: str, b: float, t: float) -> None:
    cells = [(emotion, unit) for unit in TYPICAL[emotion]]
    (first, first_sd), (second, second_sd) = (describe_composite(PRESENCE, arm, cells) for arm in (0, 1))
    variance = ((OXYTOCIN_PEOPLE - 1) * first_sd**2 + (PLACEBO_PEOPLE - 1) * second_sd**2) / 143
    error = math.sqrt(variance * (1 / OXYTOCIN_PEOPLE + 1 / PLACEBO_PEOPLE))
    assert first - second == pytest.approx(b, abs=0.003)
    assert (first - second) / error == pytest.approx(t, abs=0.1)


@pytest.mark.parametrize(("cell", "b", "t"), [
    (("sadness", "AU15"), 0.11, 2.02), (("sadness", "AU17"), 0.09, 2.12), (("anger", "AU23"), -0.15, -3.10),
    (("neutral", "AU23"), -0.11, -2.35),
])  # fmt: skip
def test_study_2_plants_the_printed_effects_on_action_units(cell: tuple[str, str], b: float, t: float) -> None:
    difference = PRESENCE.find_mean(0, cell) - PRESENCE.find_mean(1, cell)
    variance = (70 * PRESENCE.find_sd(0, cell) ** 2 + 73 * PRESENCE.find_sd(1, cell) ** 2) / 143
    assert difference == pytest.approx(b, abs=0.005)
    assert difference / math.sqrt(variance * (1 / 71 + 1 / 74)) == pytest.approx(t, abs=0.07)


def test_study_2_plants_the_printed_moderation() -> None:
    found = next(row for row in TRUTH["moderation_by_neutral"] if row["emotion"] == "happiness")
    assert found["interaction"] == pytest.approx(-0.58, abs=0.005)
    assert found["moderator"]["sd"] == pytest.approx(0.172, abs=0.003)
    assert (found["low"], found["high"]) == (pytest.approx(0.14, abs=0.01), pytest.approx(-0.06, abs=0.01))
    others = [row for row in TRUTH["moderation_by_neutral"] if row["emotion"] != "happiness"]
    assert max(abs(row["interaction"]) for row in others) < 0.02


def test_neutral_in_or_out_changes_what_fear_shows_as_in_the_paper() -> None:
    """The appendix: AU01 in fear .306; with neutral .032 above the others, without .082."""
    rows = {row["neutral_among_the_others"]: row["difference"] for row in TRUTH["mimicry_without_treatment"]
            if (row["emotion"], row["signal"]) == ("fear", "AU01")}  # fmt: skip
    assert rows[False] - rows[True] == pytest.approx(0.05, abs=0.005)
