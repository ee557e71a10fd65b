"""Coding many recordings: resuming, sharing out, and what is left when something dies. Real videos, real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mimicrylab.coding.engine import Progress, Shard, code_recordings, list_passed_over, parse_shard, plan_jobs
from mimicrylab.coding.recording_job import CodingJob, Receipt, code_recording
from mimicrylab.coding.video import decode_frames
from mimicrylab.errors import AssetError, InputError, RefusedError, UnknownNameError
from mimicrylab.schemas import FRAMES
from mimicrylab.session.recording import find_sources
from mimicrylab.tables import read_provenance, read_table
from unit.coding.small_videos import DARKEST, FRAMES_PER_S, STEP, cut_file, write_video

pytestmark = pytest.mark.usefixtures("grey_coder")

Run = Callable[..., dict[str, Receipt]]


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    for place, name in enumerate(("a", "P01/visit1", "P02/visit1")):
        write_video(folder / f"{name}.mp4", frames=20 + place)
    return folder


@pytest.fixture
def run(videos: Path, tmp_path: Path) -> Run:
    """Return a function that codes all videos in-process, so that most tests need not wait for processes."""

    def run_jobs(*, force: bool = False, shard: Shard | None = None, **options: object) -> dict[str, Receipt]:
        sources = find_sources([videos])
        jobs = plan_jobs(sources, tmp_path / "out", coder="grey", options=options, shard=shard, force=force)
        return {job.recording_id: code_recording(job) for job in jobs}

    return run_jobs


def list_files(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def test_each_recording_becomes_a_file_named_by_its_id(run: Run, tmp_path: Path) -> None:
    receipts = run()
    assert list_files(tmp_path / "out") == ["P01/visit1.parquet", "P02/visit1.parquet", "a.parquet"]
    assert {receipt.state for receipt in receipts.values()} == {"coded"}
    frames = read_table(tmp_path / "out" / "P01/visit1.parquet", FRAMES)
    assert frames["recording_id"].unique().to_list() == ["P01/visit1"]
    assert frames["frame"].to_list() == list(range(21))
    assert frames["time"].to_list() == pytest.approx([k / FRAMES_PER_S for k in range(21)])
    assert frames["grey"].to_list() == pytest.approx([DARKEST + STEP * k for k in range(21)], abs=STEP)
    assert frames["pitch"].null_count() == 21


def test_a_receipt_holds_what_the_recordings_table_wants(run: Run) -> None:
    receipt = run()["P02/visit1"]
    assert (receipt.n_frames, receipt.n_faces, receipt.width, receipt.height) == (22, 22, 64, 48)
    assert receipt.duration_s == pytest.approx(22 / FRAMES_PER_S)
    assert receipt.mean_fps == pytest.approx(FRAMES_PER_S)
    assert receipt.complete is True
    assert receipt.reason is None


def test_a_rerun_does_nothing_and_gives_the_same_facts(run: Run, tmp_path: Path) -> None:
    first = run(log=str(tmp_path / "log"))
    before = {file: (tmp_path / "out" / file).stat().st_mtime_ns for file in list_files(tmp_path / "out")}
    second = run(log=str(tmp_path / "log"))
    assert {receipt.state for receipt in second.values()} == {"up to date"}
    assert before == {file: (tmp_path / "out" / file).stat().st_mtime_ns for file in before}
    assert len((tmp_path / "log").read_text().splitlines()) == 3
    for name, receipt in first.items():
        again = second[name]
        assert (receipt.n_frames, receipt.duration_s, receipt.complete) == (
            again.n_frames,
            again.duration_s,
            again.complete,
        )


@pytest.mark.parametrize(
    ("change", "recoded"),
    [
        (lambda folder: write_video(folder / "videos" / "a.mp4", level=90), {"a"}),
        (lambda folder: (folder / "out" / "a.parquet").unlink(), {"a"}),
        (lambda folder: (folder / "out" / "a.parquet").write_bytes(b"PAR1 no more"), {"a"}),
        (lambda folder: write_video(folder / "videos" / "b.mp4"), {"b"}),
        (lambda folder: (folder / "videos" / "a.mp4").touch(), set()),
    ],
    ids=["changed video", "missing file", "damaged file", "new video", "touched video"],
)
def test_a_rerun_codes_what_is_missing_or_changed(
    run: Run, videos: Path, tmp_path: Path, change: Callable[[Path], object], recoded: set[str]
) -> None:
    run()
    change(tmp_path)
    receipts = run()
    assert {name for name, receipt in receipts.items() if receipt.state == "coded"} == recoded
    first_level = float(next(decode_frames(videos / "a.mp4")).pixels.mean())
    assert read_table(tmp_path / "out" / "a.parquet", FRAMES)["grey"][0] == pytest.approx(first_level)


@pytest.mark.parametrize("change", [{"version": "2"}, {"seconds_a_frame": 0.0001}])
def test_another_version_or_option_of_the_coder_codes_again(run: Run, change: dict[str, object]) -> None:
    run()
    assert {receipt.state for receipt in run(**change).values()} == {"coded"}
    assert {receipt.state for receipt in run(**change).values()} == {"up to date"}


def test_an_option_at_its_default_is_no_change(run: Run) -> None:
    run()
    assert {receipt.state for receipt in run(version="1").values()} == {"up to date"}


def test_force_codes_again_to_the_same_bytes(run: Run, tmp_path: Path) -> None:
    run()
    before = (tmp_path / "out/a.parquet").read_bytes()
    assert {receipt.state for receipt in run(force=True).values()} == {"coded"}
    assert (tmp_path / "out/a.parquet").read_bytes() == before


def test_provenance_names_video_coder_and_outcome(run: Run, tmp_path: Path) -> None:
    receipt = run()["a"]
    found = read_provenance(tmp_path / "out/a.parquet")
    assert found is not None
    assert found.step == "code"
    assert found.inputs == {"video": receipt.sha256}
    assert found.arguments["coder"] == "grey"
    assert found.notes["coder_version"] == "1"
    assert found.notes["n_frames"] == 20
    assert str(tmp_path) not in str(found)


def test_a_truncated_video_is_coded_as_far_as_it_goes(run: Run, videos: Path, tmp_path: Path) -> None:
    (videos / "a.mp4").unlink()
    target = write_video(videos / "a.mkv", frames=50)
    cut_file(target, share=0.5)
    receipt = run()["a"]
    assert receipt.state == "coded"
    assert receipt.complete is False
    assert receipt.reason
    assert 0.5 < receipt.broke_at_s < 2.0
    n_frames = read_table(tmp_path / "out/a.parquet", FRAMES).height
    assert 0 < n_frames < 50
    again = run()["a"]
    assert (again.state, again.complete, again.n_frames, again.broke_at_s) == (
        "up to date",
        False,
        n_frames,
        receipt.broke_at_s,
    )


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "the file is empty"), (b"not a video at all", "cannot be read as a video")]
)
def test_a_broken_file_fails_alone_and_leaves_no_file(
    run: Run, videos: Path, tmp_path: Path, content: bytes, reason: str
) -> None:
    (videos / "a.mp4").write_bytes(content)
    receipts = run()
    assert receipts["a"].state == "failed"
    assert reason in receipts["a"].reason
    assert receipts["P01/visit1"].state == "coded"
    assert list_files(tmp_path / "out") == ["P01/visit1.parquet", "P02/visit1.parquet"]


def test_a_mistake_in_the_coder_fails_its_recording_and_names_the_place(run: Run, tmp_path: Path) -> None:
    receipts = run(fail_on="a")
    assert receipts["a"].state == "failed"
    assert "ZeroDivisionError: one mistake (grey_coder.py:" in receipts["a"].reason
    assert list_files(tmp_path / "out") == ["P01/visit1.parquet", "P02/visit1.parquet"]


def test_a_model_that_cannot_be_had_stops_the_batch_with_its_own_message(videos: Path, tmp_path: Path) -> None:
    jobs = plan_jobs(find_sources([videos]), tmp_path / "out", coder="grey", options={"model_missing": True})
    with pytest.raises(AssetError) as caught:
        code_recordings(jobs, processes=2)
    assert str(caught.value) == "assets: the model cannot be had\n  do: connect to the internet"
    assert not list_files(tmp_path / "out")


def test_signals_that_are_not_declared_are_refused(run: Run) -> None:
    assert "writes other signals than it declares" in run(undeclared=True)["a"].reason


def test_a_video_that_is_not_the_imported_one_is_not_coded(videos: Path, tmp_path: Path) -> None:
    jobs = plan_jobs(find_sources([videos / "a.mp4"]), tmp_path / "out", coder="grey", hashes={"a": "0" * 64})
    receipt = code_recording(jobs[0])
    assert receipt.state == "failed"
    assert "not the one that was imported" in receipt.reason


def test_shards_are_disjoint_stable_and_together_whole() -> None:
    ids = [f"P{number:03d}/visit{visit}" for number in range(100) for visit in (1, 2)]
    parts = [[each for each in ids if Shard(index, 3).holds(each)] for index in (1, 2, 3)]
    assert sorted(each for part in parts for each in part) == sorted(ids)
    assert all(40 < len(part) < 95 for part in parts)
    more = [*ids, "another"]
    assert [each for each in more if Shard(1, 3).holds(each) and each != "another"] == parts[0]


def test_coding_in_shards_gives_what_coding_at_once_gives(run: Run, tmp_path: Path) -> None:
    run()
    at_once = {file: (tmp_path / "out" / file).read_bytes() for file in list_files(tmp_path / "out")}
    for file in at_once:
        (tmp_path / "out" / file).unlink()
    done = [set(run(shard=Shard(index, 2))) for index in (1, 2)]
    assert not done[0] & done[1]
    assert {file: (tmp_path / "out" / file).read_bytes() for file in list_files(tmp_path / "out")} == at_once


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/2/3", "-1/2", "/2", "1/"])
def test_a_part_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no part of a whole"):
        parse_shard(text)


def test_unknown_coder_option_and_obstacle_are_told_before_anything_is_coded(videos: Path, tmp_path: Path) -> None:
    sources = find_sources([videos])
    with pytest.raises(UnknownNameError, match=r"unknown coder 'gray' \(did you mean 'grey'\?\)"):
        plan_jobs(sources, tmp_path / "out", coder="gray")
    with pytest.raises(UnknownNameError, match=r"did you mean 'version'"):
        plan_jobs(sources, tmp_path / "out", coder="grey", options={"versoin": "2"})
    with pytest.raises(RefusedError, match="Tuesday"):
        plan_jobs(sources, tmp_path / "out", coder="grey", options={"version": "tuesday"})
    assert not (tmp_path / "out").exists()


def test_two_processes_code_side_by_side_with_one_thread_each(videos: Path, tmp_path: Path) -> None:
    options = {"log": str(tmp_path / "log"), "seconds_a_frame": 0.02}
    jobs = plan_jobs(find_sources([videos]), tmp_path / "out", coder="grey", options=options)
    seen: list[Progress] = []
    receipts = code_recordings(jobs, processes=2, watch=seen.append)
    assert [receipt.recording_id for receipt in receipts] == [job.recording_id for job in jobs]
    assert {receipt.state for receipt in receipts} == {"coded"}
    lines = [line.split() for line in (tmp_path / "log").read_text().splitlines()]
    assert len({process for _, process, _ in lines}) == 2
    assert os.getpid() not in {int(process) for _, process, _ in lines}
    assert {threads for _, _, threads in lines} == {"1"}
    shares = [progress.share for progress in seen]
    assert shares == sorted(shares)
    assert (seen[-1].share, seen[-1].n_done, seen[-1].n_frames) == (1.0, 3, 63)
    assert any(0 < share < 1 / 3 for share in shares), "progress within a recording"
    assert seen[-1].frames_per_s > 0


def test_a_process_that_dies_fails_its_recording_and_the_rest_goes_on(videos: Path, tmp_path: Path) -> None:
    jobs = plan_jobs(find_sources([videos]), tmp_path / "out", coder="grey", options={"crash_on": "a"})
    receipts = {receipt.recording_id: receipt for receipt in code_recordings(jobs)}
    assert receipts["a"].state == "failed"
    assert receipts["a"].reason == "the process that coded it ended (signal SIGKILL)"
    assert receipts["P01/visit1"].state == receipts["P02/visit1"].state == "coded"
    assert list_files(tmp_path / "out") == ["P01/visit1.parquet", "P02/visit1.parquet"], "no half file either"


PROGRAM = """
import sys
from pathlib import Path
from mimicrylab.coding.engine import code_recordings, plan_jobs
from mimicrylab.session.recording import find_sources

if __name__ == "__main__":
    videos, out, pause = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    jobs = plan_jobs(find_sources([videos]), out, coder="grey", options={"seconds_a_frame": pause})
    code_recordings(jobs, processes=2)
"""


def test_a_run_that_is_killed_leaves_no_half_file_and_no_process_and_is_taken_up_again(
    videos: Path, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    out = tmp_path / "out"
    write_video(videos / "a.mp4", frames=4)
    process = subprocess.Popen([sys.executable, str(program), str(videos), str(out), "0.05"], start_new_session=True)
    wait_until(lambda: len(list(out.rglob(".*.partial"))) > 0)
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_until(lambda: not _list_group(process.pid))
    finished = [file for file in list_files(out) if file.endswith(".parquet")]
    for file in finished:
        read_table(out / file, FRAMES)
    assert list(out.rglob(".*.partial")), "what was being written is there under another name"
    jobs = plan_jobs(find_sources([videos]), out, coder="grey", options={"seconds_a_frame": 0.05})
    receipts = code_recordings(jobs, processes=2)
    assert {receipt.recording_id for receipt in receipts if receipt.state == "up to date"} == {
        file.removesuffix(".parquet") for file in finished
    }
    assert list_files(out) == ["P01/visit1.parquet", "P02/visit1.parquet", "a.parquet"]


def test_an_interrupted_run_ends_its_processes_and_removes_what_they_were_writing(videos: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    out = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, str(program), str(videos), str(out), "0.05"], start_new_session=True, stderr=subprocess.PIPE
    )
    wait_until(lambda: len(list(out.rglob(".*.partial"))) > 0)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does: to every process
    _, printed = process.communicate(timeout=20)
    assert printed.decode().rstrip().endswith("KeyboardInterrupt")
    assert printed.decode().count("Traceback") == 1, "workers say nothing"
    wait_until(lambda: not _list_group(process.pid))
    assert [file for file in list_files(out) if not file.endswith(".parquet")] == []


def wait_until(condition: Callable[[], bool], *, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def _list_group(leader: int) -> list[int]:
    """Return the processes of a session that still run (Linux)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if int(session) == leader and state != "Z":
            found.append(int(folder.name))
    return found


def test_other_files_in_a_folder_are_named_not_dropped(videos: Path) -> None:
    (videos / "notes.docx").write_text("x")
    (videos / "P01" / "audio.wav").write_text("x")
    (videos / ".hidden").write_text("x")
    sources = find_sources([videos])
    assert list_passed_over([videos], sources) == [videos / "P01" / "audio.wav", videos / "notes.docx"]
    assert list_passed_over([videos / "a.mp4"], sources) == []


def test_a_video_that_went_away_fails_and_leaves_nothing(tmp_path: Path) -> None:
    job = CodingJob("x", tmp_path / "gone.mp4", tmp_path / "out/x.parquet", "grey")
    receipt = code_recording(job)
    assert receipt.state == "failed"
    assert "there is no such video" in receipt.reason
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_refused(videos: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(InputError, match="this is a file"):
        plan_jobs(find_sources([videos]), tmp_path / "out", coder="grey")


def test_a_file_system_that_refuses_fails_the_recording_and_says_so(videos: Path, tmp_path: Path) -> None:
    jobs = plan_jobs(find_sources([videos]), tmp_path / "out", coder="grey")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "P01").write_text("a file where a folder should be")
    receipts = {job.recording_id: code_recording(job) for job in jobs}
    assert receipts["P01/visit1"].state == "failed"
    assert receipts["P01/visit1"].reason.startswith("the file system refused: ")
    assert receipts["P02/visit1"].state == "coded"
