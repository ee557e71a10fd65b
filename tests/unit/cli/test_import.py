import json
import subprocess
import sysconfig
from pathlib import Path

from made_openface import make_row, write_rows

COMMAND = str(Path(sysconfig.get_path("scripts")) / "mimicrylab")


def run(*words: str, folder: Path) -> str:
    return subprocess.run([COMMAND, *words], cwd=folder, capture_output=True, text=True, check=True).stdout


def test_a_script_reads_the_summary_as_json(tmp_path: Path) -> None:
    write_rows(tmp_path / "a_P01.csv", [make_row(k) for k in range(1, 31)])
    (tmp_path / "log.tsv").write_text("Subject\tOn\tcode\na_P01\t250\tHA\n")
    run("new", "study", folder=tmp_path)
    words = ["import", "openface", "a_P01.csv", "--study", "study", "--json", "--participant-pattern", "a_(P[0-9]+)"]
    words += ["--events", "log.tsv", "--time-unit", "ms", "--offset-s", "0.1", "--emotion", "HA=happiness"]
    words += ["--column", "recording=Subject", "--column", "onset=On", "--column", "emotion=code"]
    summary = json.loads(run(*words, folder=tmp_path))
    assert summary["counts"] == {"recordings": 1, "participants": 1, "events": 1}
    (recording,) = summary["recordings"]
    assert (recording["recording_id"], recording["participant_id"], recording["state"]) == ("a_P01", "P01", "new")
    assert run("import", "openface", "a_P01.csv", *words[3:5], *words[6:], folder=tmp_path).endswith(
        "unchanged: 1; nothing changed\n"
    )


def test_participants_come_from_their_own_table(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("ID;age\nP01;30,5\n")
    run("new", "study", folder=tmp_path)
    words = ("import", "participants", "people.csv", "--study", "study", "--column", "participant=ID")
    assert run(*words, folder=tmp_path) == "participants in the table: 1; participants in the study: 1\n"
    assert run(*words, folder=tmp_path).endswith("nothing changed\n")
