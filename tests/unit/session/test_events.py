import polars as pl
import pytest

from mimicrylab.errors import InputError, MimicryLabError, MissingError, RefusedError, UnknownNameError
from mimicrylab.schemas import EVENTS, STIMULI
from mimicrylab.session.events import PlacedEvents, place_events
from mimicrylab.tables import conform_table

COLUMNS = {
    "recording": pl.String, "onset": pl.Float64, "duration": pl.Float64, "trial_type": pl.String,
    "stimulus": pl.String, "stimulus_emotion": pl.String, "model_id": pl.String,
    "block": pl.String, "block_role": pl.String, "phase": pl.String, "trial": pl.Float64,
}  # fmt: skip

RECORDINGS = pl.DataFrame(
    {
        "recording_id": ["P01", "P02"],
        "session_id": ["P01", "P02"],
        "segment": [0, 0],
        "duration_s": [60.0, None],
    }
)


def event(onset: float, **cells: object) -> dict[str, object]:
    usual = {"recording": "P01", "trial_type": "stimulus", "stimulus_emotion": "happiness"}
    return dict.fromkeys(COLUMNS) | usual | {"onset": onset} | cells


def place(*rows: dict[str, object], **options: object) -> PlacedEvents:
    frame = pl.DataFrame(rows, schema=COLUMNS).with_row_index("line", offset=2)
    placed = place_events(frame, RECORDINGS, **options)  # type: ignore[arg-type]
    conform_table(placed.events, EVENTS, where="test")
    return placed


STIMULI_TABLE = pl.DataFrame(
    {"stimulus": ["smile1", "frown1"], "emotion": ["happiness", "anger"], "model_id": ["M1", None], "set": "faces"},
    schema_overrides={"model_id": STIMULI.column("model_id").dtype},
)


def test_events_come_in_order_with_trials_from_0() -> None:
    placed = place(event(20.0), event(1.0), event(10.0, trial_type="blank"), event(5.0, recording="P02.mp4"))
    assert placed.events.select("recording_id", "session_id", "onset", "trial").rows() == [
        ("P01", "P01", 1.0, 0),
        ("P01", "P01", 10.0, None),
        ("P01", "P01", 20.0, 1),
        ("P02", "P02", 5.0, 0),
    ]
    assert placed.notes == ()


def test_trial_numbers_of_the_table_count_from_0_within_blocks_in_their_order() -> None:
    rows = [
        event(1.0, block="b", trial=1.0),
        event(5.0, block="b", trial=2.0),
        event(10.0, block="a", trial=1.0),
        event(14.0, block="a", trial=2.0, trial_type="rating"),
        event(13.0, block="a", trial=2.0),
    ]
    events = place(*rows).events
    assert events.select("onset", "block", "block_position", "block_role", "trial").rows() == [
        (1.0, "b", 0, "test", 0),
        (5.0, "b", 0, "test", 1),
        (10.0, "a", 1, "test", 2),
        (13.0, "a", 1, "test", 3),
        (14.0, "a", 1, "test", 3),
    ]


def test_the_study_knows_roles_emotions_and_models() -> None:
    blank = {"stimulus_emotion": None}
    placed = place(
        event(1.0, stimulus="frown1", block="rest", **blank),
        event(5.0, stimulus="smile1", block="faces", model_id="M9", **blank),
        stimuli=STIMULI_TABLE,
        blocks={"rest": "baseline", "faces": "test"},
    )
    assert placed.events.select("block_role", "stimulus_emotion", "model_id").rows() == [
        ("baseline", "anger", None),
        ("test", "happiness", "M9"),
    ]
    only = place(event(1.0), blocks={"faces": "test"}).events
    assert only.select("block", "block_role", "block_position").row(0) == ("faces", "test", 0)


def test_recordings_without_events_and_events_after_the_end_are_said() -> None:
    placed = place(event(1.0), event(5.0), event(61.0))
    assert placed.notes == (
        "1 event in 1 recording after the recording's end: their trials stay empty",
        "the table has no event of 1 of 2 recordings: P02",
    )
    assert placed.events.height == 3


def test_other_recordings_are_refused_or_passed_over() -> None:
    rows = (event(1.0), event(1.0, recording="P1"), event(2.0, recording="P02"))
    with pytest.raises(MissingError, match=r"'P1' \(did you mean 'P01'\?\)"):
        place(*rows)
    placed = place(*rows, missing_recordings=True)
    assert placed.events.height == 2
    assert placed.notes[0].startswith("1 event of recordings that the study does not have, left out")
    with pytest.raises(MissingError, match="every event is of a recording") as raised:
        place(event(1.0, recording="Q"), missing_recordings=True)
    assert "--missing-recordings" not in str(raised.value)


@pytest.mark.parametrize(
    ("rows", "error", "says"),
    [
        ([event(-0.5)], InputError, "1 event before the start of the recording"),
        ([event(3000.0), event(9000.0)], RefusedError, "look like milliseconds"),
        ([event(300.0), event(90000.0)], RefusedError, "most events lie beyond"),
        ([event(0.001), event(0.02), event(0.05)], RefusedError, "within the first moment"),
        ([event(1.0, duration=4.2), event(5.0)], InputError, "1 stimulus overlaps the next one"),
        ([event(1.0, duration=4000.0), event(6.0)], InputError, "the durations look like milliseconds"),
        ([event(1.0), event(1.0)], InputError, "stands in the table twice"),
        ([event(1.0), event(5.0, trial=1.0)], InputError, "some stimuli have a trial number"),
        ([event(1.0, trial=1.0), event(5.0, trial=1.0)], InputError, "the same trial number"),
    ],
)  # fmt: skip
def test_times_and_trials_that_cannot_be_right_are_refused(
    rows: list[dict[str, object]], error: type[MimicryLabError], says: str
) -> None:
    with pytest.raises(error, match=says) as raised:
        place(*rows)
    assert str(raised.value.where).startswith("events:2")


def test_milliseconds_are_not_proposed_where_they_were_stated() -> None:
    with pytest.raises(RefusedError, match="most events lie beyond"):
        place(event(3000.0), event(9000.0), time_unit="ms")


def test_names_that_the_study_does_not_know_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'smile1'"):
        place(event(1.0, stimulus="smile2"), stimuli=STIMULI_TABLE)
    with pytest.raises(UnknownNameError, match="did you mean 'faces'"):
        place(event(1.0, block="face"), blocks={"faces": "test"})
    with pytest.raises(InputError, match="not known which emotion"):
        place(event(1.0, stimulus="smile1", stimulus_emotion=None))
    with pytest.raises(InputError, match="not the one that the stimulus shows"):
        place(event(1.0, stimulus="frown1"), stimuli=STIMULI_TABLE)


def test_overlap_within_rounding_and_in_other_recordings_is_none() -> None:
    assert place(event(1.0, duration=4.04), event(5.0), event(2.0, recording="P02")).events.height == 3
