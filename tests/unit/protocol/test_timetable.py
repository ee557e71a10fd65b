import json
from pathlib import Path

from mimicrylab.protocol.study_check import check_folder
from mimicrylab.protocol.timetable import count_trials, describe_check, list_report, list_rows
from unit.protocol.study_texts import SMALL, write_study

MANIFEST = """\
stimulus,emotion,model_id,action_units
a,happiness,F1,AU12
b,anger,F1,AU04
c,,,
"""
TWO = SMALL.replace("source: drawn for the test", "source: x, action_units_from: facs_coded") + (
    "    lead_in_s: 2\n  - {name: rinse, role: washout, stimuli: {set: faces}, duration_s: 1}\n"
    "sessions: [{name: visit, place: laboratory, steps: [{text: hello, minutes: 1.5}, {camera: preview}, "
    "{block: first}, {block: rinse}]}]\n"
)


def test_steps_and_blocks_with_their_minutes_and_trials(tmp_path: Path) -> None:
    lines = list(list_report(check_folder(write_study(tmp_path, TWO, MANIFEST))))
    assert lines[:8] == [
        "Small study",
        "",
        "session visit (laboratory): about 3 min, 0.4 min of them fixed",
        "   start   length   (~ estimated)",
        "    0:00 ~  1:30   text hello",
        "    1:30 ~  1:00   camera preview",
        "    2:30    0:20   block first: 3 trials: 1 anger, 1 happiness, 1 no face",
        "    2:50    0:03   block rinse (washout): 3 trials: 1 anger, 1 happiness, 1 no face",
    ]
    assert "  trials analysed: 3 (anger 1, happiness 1, no face 1)" in lines
    assert lines[-1] == "no mistakes"


def test_the_rows_of_a_visit_fill_it(tmp_path: Path) -> None:
    (visit,) = check_folder(write_study(tmp_path, TWO, MANIFEST)).visits
    rows = list_rows(visit)
    assert [len(row.steps) for row in rows] == [1, 1, 7, 3]
    assert sum(row.duration_s for row in rows) == visit.steps[-1].stop_s
    assert sum(count_trials(visit.steps).values()) == 6


def test_every_trial_is_shown_where_it_is_asked_for(tmp_path: Path) -> None:
    found = check_folder(write_study(tmp_path, TWO, MANIFEST))
    lines = list(list_report(found, every_trial=True))
    assert sum(" 4.0s " in line for line in lines) == 3
    assert len(lines) == len(list(list_report(found))) + 10


def test_mistakes_stand_alone(tmp_path: Path) -> None:
    found = check_folder(write_study(tmp_path, SMALL.replace("blank_s", "blnk_s"), MANIFEST))
    assert list(list_report(found)) == [
        "1 mistake to be corrected",
        "  - study.yaml:10: blocks.0.blnk_s: unknown (did you mean 'blank_s'?)",
        "",
    ]


def test_the_values_for_scripts_are_plain(tmp_path: Path) -> None:
    found = check_folder(write_study(tmp_path, TWO, MANIFEST))
    values = json.loads(json.dumps(describe_check(found)))
    assert values["sound"] is True
    assert values["visits"][0]["trials"] == {"anger": 2, "happiness": 2, "no face": 2}
    assert values["visits"][0]["steps"][0]["kind"] == "text"
    assert values["congruent"][0] == {"set": "faces", "emotion": "happiness", "action_units": ["AU12"]}
    broken = check_folder(write_study(tmp_path / "b", SMALL.replace("title", "titel"), MANIFEST))
    assert json.loads(json.dumps(describe_check(broken)))["sound"] is False
