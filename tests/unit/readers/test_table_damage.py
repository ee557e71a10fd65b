"""Property: whatever is done to a table of events or participants, it is read or the mistake is said."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimicrylab.errors import MimicryLabError
from mimicrylab.readers.events_table import EventsTableReader
from mimicrylab.readers.participants_table import ParticipantsTableReader
from mimicrylab.readers.reader import Reader

EVENTS = b'recording,onset,duration,emotion,trial\nP01,1.5,4,joy,1\n"P02",2,,sad,2\nP03,n/a,4,fear,3\n'
PARTICIPANTS = b"participant,recording,age,glasses,eq\nP01,a,30,yes,44\nP01,b,30,yes,44\nP02,c,,no,x\n"
TOKENS = st.sampled_from(
    [b",", b";", b"\t", b"\n", b"\r", b'"', b"\0", b"=", b"-", b"1e999", b"nan", b"\xff", "ü".encode()]
)
EDITS = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 12), TOKENS | st.binary(max_size=3)), max_size=5)


@pytest.mark.parametrize(
    ("reader", "content"), [(EventsTableReader(), EVENTS), (ParticipantsTableReader(), PARTICIPANTS)]
)
@settings(max_examples=150, deadline=None)
@given(edits=EDITS)
def test_any_damage(reader: Reader, content: bytes, edits: list[tuple[int, int, bytes]]) -> None:
    for start, length, token in edits:
        content = content[:start] + token + content[start + length :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(content)
        try:
            tables = reader.read(path).tables
        except MimicryLabError:
            return
    if "events" in tables:
        events = tables["events"]
        assert events["onset"].is_finite().all()
        assert events.select("recording", "onset", "trial_type").null_count().sum_horizontal().item() == 0
    else:
        assert tables["participants"]["participant_id"].is_unique().all()
