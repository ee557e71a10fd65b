import numpy as np
import polars as pl
import pytest

from mimicrylab.protocol.scales import Scale, find_scale
from mimicrylab.protocol.scoring import score_answers
from mimicrylab.simulate.questionnaires import answer_scale, describe_score

PEOPLE = 600
SCHEMA = {
    "participant_id": pl.String,
    "session_id": pl.String,
    "occasion": pl.String,
    "item": pl.String,
    "response": pl.String,
}


def simulate_scores(scale: Scale, *, missing: float = 0.0) -> tuple[np.ndarray, pl.DataFrame]:
    generator = np.random.default_rng(3)
    traits = generator.normal(size=PEOPLE)
    rows = [
        (str(person), "visit", None, item, response)
        for person, trait in enumerate(traits)
        for item, response in answer_scale(scale, trait, generator, missing=missing).items()
    ]
    answers = pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(scale=pl.lit(scale.name))
    return traits, score_answers(answers, scale)


@pytest.mark.parametrize("name", ["EQ-60", "AQ-50", "RAAS-1996", "IRI"])
def test_scores_of_answers_are_what_the_truth_says(name: str) -> None:
    scale = find_scale(name).scale
    traits, scores = simulate_scores(scale)
    for score in scale.scores:
        truth = describe_score(scale, score)
        values = scores.filter(score=score.name).sort(pl.col("participant_id").cast(pl.Int64))["value"].to_numpy()
        assert values.mean() == pytest.approx(truth.mean, abs=4 * truth.sd / PEOPLE**0.5)
        assert values.std() == pytest.approx(truth.sd, rel=0.13)
        assert np.corrcoef(values, traits)[0, 1] == pytest.approx(truth.trait_correlation, abs=0.16)


def test_empathy_quotient_looks_like_published_samples() -> None:
    scale = find_scale("EQ-60").scale
    truth = describe_score(scale, scale.scores[0])
    assert 44 < truth.mean < 49
    assert 9.5 < truth.sd < 12
    assert truth.trait_correlation > 0.85


def test_every_item_gets_a_code_and_missing_ones_are_null() -> None:
    scale = find_scale("EQ-60").scale
    codes = {str(answer.code) for answer in scale.answers}
    answers = answer_scale(scale, 0.0, np.random.default_rng(1), missing=0.5)
    assert list(answers) == [str(item) for item in range(1, 61)]
    assert set(answers.values()) <= {*codes, None}
    assert 10 < list(answers.values()).count(None) < 50


def test_fillers_say_nothing_about_the_trait() -> None:
    scale = find_scale("EQ-60").scale
    generator = np.random.default_rng(2)
    low, high = ([answer_scale(scale, trait, generator) for _ in range(300)] for trait in (-2.0, 2.0))
    filler = str(scale.fillers[0])
    scored = str(scale.keys[0].items[0])

    def average(people: list[dict[str, str | None]], item: str) -> float:
        return float(np.mean([float(one[item]) for one in people]))

    assert average(low, filler) == pytest.approx(average(high, filler), abs=0.3)
    assert abs(average(low, scored) - average(high, scored)) > 0.6
