"""The benchmarks' own arithmetic, and that every benchmark named is there."""

import importlib
import subprocess
import sys

import pytest
from bench.__main__ import MODULES, describe_machine, render_page, render_text
from bench.runner import Result, measure_pairs, run_process

ROWS = [
    Result("coding", 70.0, "frames/s", "mediapipe", 58.0, ratio=1.2, at_least=1.15, note="640x360"),
    Result("memory", 320.0, "MB", at_most=300),
    Result("decoding", 500.0, "frames/s"),
]


def test_pairs_alternate_who_goes_first_and_give_the_median_of_ratios() -> None:
    calls: list[str] = []
    ours, others = iter([10.0, 30.0, 20.0]), iter([10.0, 10.0, 10.0])
    pair = measure_pairs(
        lambda: (calls.append("ours"), next(ours))[1], lambda: (calls.append("other"), next(others))[1], pairs=3
    )
    assert calls == ["ours", "other", "other", "ours", "ours", "other"]
    assert (pair.ours, pair.other, pair.ratio) == (20.0, 10.0, 2.0)


def test_a_goal_is_for_the_ratio_where_there_is_one_and_for_the_value_otherwise() -> None:
    assert [row.reached for row in ROWS] == [True, False, None]


def test_the_table_and_the_page_show_every_row() -> None:
    text = render_text(ROWS)
    page = render_page(ROWS, machine="a processor", day="2026-01-01")
    assert "320 MB" in text
    assert "| memory | 320 MB |  |  |  | at most 300 MB | NO |" in page
    assert "| coding | 70 frames/s | mediapipe | 58 frames/s | 1.20 | at least 1.15 x | yes |" in page
    assert "Measured on 2026-01-01 on a processor." in page


def test_the_memory_of_a_process_is_its_own() -> None:
    ballast = b"x" * (200 << 20)
    small = run_process([sys.executable, "-c", "pass"])
    large = run_process([sys.executable, "-c", "ballast = b'x' * (100 << 20)"])
    assert small.peak_mb < 100 < large.peak_mb < len(ballast) >> 20
    assert large.wall_s > 0


def test_a_benchmark_that_fails_is_an_error() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        run_process([sys.executable, "-c", "raise SystemExit(3)"])


def test_the_machine_is_described_without_its_name() -> None:
    assert "cores" in describe_machine()


@pytest.mark.parametrize("name", MODULES)
def test_every_benchmark_named_can_be_run(name: str) -> None:
    assert callable(importlib.import_module(f"bench.{name}").run)
