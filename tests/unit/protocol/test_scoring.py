import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimicrylab.errors import InputError
from mimicrylab.protocol.scales import Scale, find_scale
from mimicrylab.protocol.scoring import score_answers
from mimicrylab.schemas import ANSWERS

EQ = find_scale("EQ-60").scale


def make_answers(
    scale: str, responses: dict[int, str | None], *, person: str = "P01", occasion: str | None = None
) -> pl.DataFrame:
    rows = [
        {"participant_id": person, "session_id": f"{person}-1", "scale": scale, "item": str(item)}
        | {"response": response, "occasion": occasion}
        for item, response in responses.items()
    ]
    return pl.DataFrame(rows, schema={column.name: column.dtype for column in ANSWERS.columns})


def get_value(scores: pl.DataFrame, score: str = "total") -> float | None:
    (value,) = scores.filter(pl.col("score") == score)["value"]
    return None if value is None else float(value)


def answer_all(scale: Scale, response: str) -> dict[int, str | None]:
    return dict.fromkeys(range(1, scale.items + 1), response)


@pytest.mark.parametrize(
    ("response", "total"), [("strongly agree", 42), ("2", 21), ("slightly disagree", 19), ("4", 38)]
)
def test_the_same_answer_to_every_item_of_the_eq(response: str, total: int) -> None:
    assert get_value(score_answers(make_answers("EQ-60", answer_all(EQ, response)), EQ)) == total


def test_the_most_and_the_least_empathic_answers_give_the_ends_of_the_range() -> None:
    agree = {item for key in EQ.keys if key.name == "agree" for item in key.items}
    most: dict[int, str | None] = {item: "1" if item in agree else "4" for item in range(1, 61)}
    least: dict[int, str | None] = {item: "4" if item in agree else "1" for item in range(1, 61)}
    assert get_value(score_answers(make_answers("EQ-60", most), EQ)) == 80
    assert get_value(score_answers(make_answers("EQ-60", least), EQ)) == 0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=60, max_size=60))
def test_words_and_numbers_score_alike_and_fillers_do_not_matter(codes: list[int]) -> None:
    texts = {answer.code: answer.text for answer in EQ.answers}
    numbers: dict[int, str | None] = {item: str(code) for item, code in enumerate(codes, start=1)}
    words: dict[int, str | None] = {item: f" {texts[code].upper()} " for item, code in enumerate(codes, start=1)}
    no_fillers = {item: response for item, response in numbers.items() if item not in EQ.fillers}
    value = get_value(score_answers(make_answers("EQ-60", numbers), EQ))
    assert value == get_value(score_answers(make_answers("EQ-60", words), EQ))
    assert value == get_value(score_answers(make_answers("EQ-60", no_fillers), EQ))


def test_a_missing_scored_item_means_no_total_and_a_missing_filler_does_not() -> None:
    responses = answer_all(EQ, "1")
    scores = score_answers(make_answers("EQ-60", {**responses, 2: None}), EQ)
    assert (get_value(scores), scores["n_answered"].to_list(), scores["n_items"].to_list()) == (42, [40], [40])
    for missing in (None, "", "  "):
        scores = score_answers(make_answers("EQ-60", {**responses, 1: missing}), EQ)
        assert (get_value(scores), scores["n_answered"].to_list()) == (None, [39])
    absent = {item: response for item, response in responses.items() if item != 1}
    assert get_value(score_answers(make_answers("EQ-60", absent), EQ)) is None


def test_prorating_puts_the_mean_of_the_answered_items_in_place_of_the_missing() -> None:
    answers = make_answers("EQ-60", {**answer_all(EQ, "1"), 1: None, 6: None})
    scores = score_answers(answers, EQ, prorate_up_to=2)
    assert get_value(scores) == pytest.approx((42 - 4) / 38 * 40)
    assert scores["prorated"].to_list() == [True]
    assert get_value(score_answers(answers, EQ, prorate_up_to=1)) is None


def test_no_answer_at_all_is_never_a_score() -> None:
    nothing = make_answers("EQ-60", dict.fromkeys(range(1, 61)))
    scores = score_answers(nothing, EQ, prorate_up_to=60)
    assert (get_value(scores), scores["n_answered"].to_list()) == (None, [0])


def test_reversed_means_of_the_attachment_scale_by_hand() -> None:
    scale = find_scale("RAAS-1996").scale
    responses: dict[int, str | None] = {item: str(item % 5 + 1) for item in range(1, 19)}
    scores = score_answers(make_answers("RAAS-1996", responses), scale)

    def mean(text: str) -> float:
        values = []
        for item in text.split():
            answer = int(item.rstrip("R")) % 5 + 1
            values.append(6 - answer if item.endswith("R") else answer)
        return sum(values) / len(values)

    close, depend = mean("1 6 8R 12 13R 17R"), mean("2R 5 7R 14 16R 18R")
    assert get_value(scores, "close") == pytest.approx(close)
    assert get_value(scores, "depend") == pytest.approx(depend)
    assert get_value(scores, "anxiety") == pytest.approx(mean("3 4 9 10 11 15"))
    assert get_value(scores, "avoidance") == pytest.approx(6 - (close + depend) / 2)


def test_subscales_of_the_aq_add_up_to_its_total() -> None:
    scale = find_scale("AQ-50").scale
    responses: dict[int, str | None] = {item: str(item % 4 + 1) for item in range(1, 51)}
    scores = score_answers(make_answers("AQ-50", responses), scale)
    parts = scores.filter(pl.col("score") != "total")
    assert parts.height == 5
    assert parts["value"].sum() == get_value(scores)


def test_people_and_occasions_are_kept_apart_and_other_scales_left_out() -> None:
    answers = pl.concat(
        [
            make_answers("EQ-60", answer_all(EQ, "1"), person="P02", occasion="before"),
            make_answers("EQ-60", answer_all(EQ, "4"), person="P02", occasion="after"),
            make_answers("EQ-60", answer_all(EQ, "2"), person="P01"),
            make_answers("IRI", {1: "3"}, person="P01"),
        ]
    )
    scores = score_answers(answers, EQ)
    found = {(row["participant_id"], row["occasion"]): row["value"] for row in scores.to_dicts()}
    assert found == {("P01", None): 21, ("P02", "before"): 42, ("P02", "after"): 38}


def test_attention_checks_are_not_items() -> None:
    answers = make_answers("EQ-60", answer_all(EQ, "1"))
    check = make_answers("EQ-60", {1: "1"}).with_columns(item=pl.lit("attention_1"))
    assert get_value(score_answers(pl.concat([answers, check]), EQ)) == 42


def test_nobody_answered_gives_an_empty_table_with_its_columns() -> None:
    scores = score_answers(make_answers("EQ-60", {}), EQ)
    assert scores.height == 0
    assert scores.columns[-4:] == ["value", "n_items", "n_answered", "prorated"]


@pytest.mark.parametrize(
    ("responses", "words"),
    [
        ({61: "1"}, "has no item '61'"),
        ({0: "1"}, "has no item '0'"),
        ({1: "5"}, "1 responses are none of the answers"),
        ({1: "agree"}, "expected: 1 (strongly agree)"),
    ],
)
def test_what_does_not_exist_is_refused_without_naming_anybody(responses: dict[int, str | None], words: str) -> None:
    with pytest.raises(InputError) as caught:
        score_answers(make_answers("EQ-60", responses, person="P77"), EQ)
    assert words in str(caught.value)
    assert "P77" not in str(caught.value)


def test_an_item_answered_twice_is_refused() -> None:
    answers = make_answers("EQ-60", {1: "1"})
    with pytest.raises(InputError, match="answered more than once"):
        score_answers(pl.concat([answers, answers]), EQ)


def test_an_item_that_is_no_number_is_refused() -> None:
    answers = make_answers("EQ-60", {1: "1"}).with_columns(item=pl.lit("one"))
    with pytest.raises(InputError, match="has no item 'one'"):
        score_answers(answers, EQ)
