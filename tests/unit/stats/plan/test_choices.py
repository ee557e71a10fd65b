import polars as pl
import pytest

from mimicrylab.protocol.blocks import Rating
from mimicrylab.stats.plan.choices import score_choices

RATING = Rating(name="emotion", question="Which?", choices=("anger", "fear", "neutral"))


def make_answers(given: list[tuple[str, str | None]], *, reason: str | None = None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "participant_id": "P01",
            "session_id": "S01",
            "block": "stills",
            "block_role": "test",
            "block_position": 1,
            "phase": None,
            "trial": range(1, len(given) + 1),
            "stimulus_emotion": [shown for shown, _ in given],
            "response": [answer for _, answer in given],
            "reason": pl.Series([reason] * len(given), dtype=pl.String),
            "signal": "rating",
        }
    )


def take(parts: list[pl.DataFrame], measure: str) -> dict[str, float]:
    for part in parts:
        if part["measure"][0] == measure:
            return dict(part.select("stimulus_emotion", "value").iter_rows())
    raise AssertionError(measure)


def test_who_says_fear_to_everything_hits_fear_and_recognises_nothing() -> None:
    given = [(shown, "fear") for shown in ("anger", "anger", "fear", "fear", "neutral", "neutral")]
    parts = score_choices(make_answers(given), RATING)
    assert parts[0]["value"].to_list() == [0, 0, 1, 1, 0, 0]
    assert take(parts, "emotion.unbiased") == pytest.approx({"anger": 0, "fear": 4 / 12, "neutral": 0})
    assert take(parts, "emotion.above_chance") == pytest.approx({"anger": 0, "fear": 0, "neutral": 0})


def test_unbiased_hit_rate_of_a_confusion_table() -> None:
    """Shown anger 4, fear 2; anger chosen 4 (3 hits), fear 2 (1 hit): 9/16 and 1/4; by chance 16/36 and 4/36."""
    given = [("anger", "anger")] * 3 + [("anger", "fear"), ("fear", "anger"), ("fear", "fear")]
    parts = score_choices(make_answers(given), RATING)
    assert take(parts, "emotion.unbiased") == pytest.approx({"anger": 9 / 16, "fear": 1 / 4})
    assert take(parts, "emotion.above_chance") == pytest.approx({"anger": 9 / 16 - 16 / 36, "fear": 1 / 4 - 4 / 36})


def test_what_is_not_answered_or_excluded_does_not_count() -> None:
    parts = score_choices(make_answers([("anger", "anger"), ("anger", None), ("fear", "joy")]), RATING)
    assert parts[0]["value"].to_list() == [1, None, None]
    assert parts[0]["reason"].to_list() == [None, "not answered", "not answered"]
    assert take(parts, "emotion.unbiased") == {"anger": 1}
    lost = score_choices(make_answers([("anger", "anger")], reason="recording excluded"), RATING)
    assert lost[0]["value"].to_list() == [None]
    assert all(part.is_empty() for part in lost[1:])
