"""Power of a study's own plan by simulation: draw, measure, analyse, count; on disk as it goes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from mimicrylab import __version__
from mimicrylab.errors import InputError
from mimicrylab.power.effects import describe_effects, word_effects
from mimicrylab.power.run_store import open_store
from mimicrylab.power.setting import SimulationSetting, check_coder, read_setting
from mimicrylab.power.summary import PowerRow, summarise_runs, tabulate_power
from mimicrylab.power.workers import simulate_runs
from mimicrylab.report.wording import format_bounded, format_number
from mimicrylab.tables import write_text

DEFAULT_RUNS = 500
"""A power of .80 is then known to about 3.5 points either way."""

LARGEST_STUDY = 10_000
FOLDER = "power"

Watcher = Callable[[int, int], None]


@dataclass(frozen=True)
class StudyPower:
    """What a simulation of a study's plan found.

    ``rows`` are the tests' power; ``planted`` what was true in the simulated studies; ``files`` what was written.
    """

    rows: tuple[PowerRow, ...]
    planted: dict[str, Any]
    people: tuple[int, ...]
    runs: int
    coarse: bool
    seed: int
    files: tuple[Path, ...]

    @property
    def table(self) -> pl.DataFrame:
        """The rows as a table."""
        return tabulate_power(self.rows)


def simulate_power(
    path: Path,
    *,
    people: Sequence[int] = (),
    runs: int = DEFAULT_RUNS,
    analyses: Sequence[str] = (),
    effects: Sequence[str] = (),
    full_frames: bool = False,
    processes: int | None = None,
    seed: int = 1,
    out: Path | None = None,
    watch: Watcher | None = None,
) -> StudyPower:
    """Simulate a study's plan many times and return how often each test is significant.

    What was simulated before with the same setting is not simulated again; a call with more runs adds to it. Every run
    is on disk as soon as it is done, so that an interrupted call loses nothing.

    Parameters
    ----------
    path
        Folder of the study. Nothing but its folder ``power`` is written to.
    people
        Numbers of participants who take part; the study's planned number if left out.
    runs
        Simulated studies for each number of people.
    analyses, effects, full_frames, seed
        See ``setting.read_setting``.
    processes
        Studies that are simulated at the same time; as many as processors if left out.
    out
        Folder for results; ``power`` in the study's folder if left out.
    watch
        Told after each run how many are done, and how many there are.

    Raises
    ------
    MissingError, StudyFileError, UnknownNameError
        See ``setting.read_setting``.
    InputError
        No number of people, or one out of range.
    RefusedError
        A plan that cannot be simulated.
    """
    setting = read_setting(path, analyses=analyses, effects=effects, full_frames=full_frames, seed=seed)
    check_coder(setting)
    counts = _choose_people(setting, people)
    if runs < 1:
        raise InputError("no studies to simulate", where="--runs", expected="at least 1", found=str(runs))
    folder = setting.root / FOLDER if out is None else out
    store = open_store(folder, setting.identity)
    wanted = [(count, run) for run in range(runs) for count in counts]
    left = [key for key in wanted if key not in store.runs]
    if watch is not None:
        watch(len(wanted) - len(left), len(wanted))
    with store.append() as writer:
        for done, one in enumerate(simulate_runs(setting, left, processes=_count_processes(processes, left)), start=1):
            writer.write(one)
            if watch is not None:
                watch(len(wanted) - len(left) + done, len(wanted))
    chosen = [store.runs[key] for key in wanted]
    rows = summarise_runs(chosen, setting.analyses, setting.asked)
    return _write(setting, rows, counts, runs, folder, store.path)


def read_people(text: str | None) -> tuple[int, ...]:
    """Return the numbers of people in a text such as ``40,80,120``.

    Examples
    --------
    >>> read_people("40, 80"), read_people(None)
    ((40, 80), ())

    Raises
    ------
    InputError
        Something else than whole numbers.
    """
    if text is None:
        return ()
    try:
        return tuple(int(part) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise InputError(
            "these are no numbers of people", where="--people", expected="whole numbers, such as 40,80,120", found=text
        ) from error


def _choose_people(setting: SimulationSetting, people: Sequence[int]) -> tuple[int, ...]:
    planned = setting.study.participants.planned
    counts = tuple(dict.fromkeys(people)) or ((planned,) if planned else ())
    if not counts:
        raise InputError(
            "the study does not say how many people are planned",
            where="study.yaml, participants.planned",
            do="give --people 40,80,120",
        )
    for count in counts:
        if not 4 <= count <= LARGEST_STUDY:
            raise InputError(
                "this number of people cannot be simulated",
                where="--people",
                expected=f"4 to {LARGEST_STUDY}",
                found=str(count),
            )
    return tuple(sorted(counts))


def _count_processes(processes: int | None, left: Sequence[object]) -> int:
    return max(min(processes or os.cpu_count() or 1, len(left)), 1)


def _write(
    setting: SimulationSetting, rows: list[PowerRow], people: tuple[int, ...], runs: int, folder: Path, store: Path
) -> StudyPower:
    from mimicrylab.power.simulation_figure import write_power_figure

    planted = describe_effects(setting.effects, setting.congruent, arms=setting.arms)
    table, facts, figure = folder / "power.csv", folder / "power.json", folder / "power.svg"
    found = StudyPower(tuple(rows), planted, people, runs, setting.coarse, setting.seed, (table, facts, figure, store))
    write_text(table, found.table.write_csv())
    write_text(facts, json.dumps(describe_power(found), indent=1, ensure_ascii=False) + "\n")
    write_power_figure(found.table, figure, alt=" ".join(word_power(found)))
    return found


def describe_power(found: StudyPower) -> dict[str, Any]:
    """Return the result as plain values, for JSON."""
    return {
        "software": f"mimicrylab {__version__}",
        "runs": found.runs,
        "people": list(found.people),
        "seed": found.seed,
        "frames": "coarse" if found.coarse else "full",
        "planted": found.planted,
        "power": [asdict(row) for row in found.rows],
        "sentences": word_power(found),
    }


def word_power(found: StudyPower) -> list[str]:
    """Return what was found as sentences for a preregistration."""
    sentences = []
    for row in found.rows:
        name = (
            f"{row.analysis} ({row.term})" if row.analysis and row.term else row.analysis or f"{row.family}, {row.term}"
        )
        if row.analysis and row.not_done == row.runs:
            sentences.append(f"{name} could not be done with {row.people} participants: {row.reason}")
            continue
        interval = f"95 % interval of the simulation {format_bounded(row.ci_low)} to {format_bounded(row.ci_high)}"
        sentences.append(
            f"In {row.runs} simulated studies of {row.people} participants, {name} was significant in a share of "
            f"{format_bounded(row.power)} ({interval}; α = {f'{row.alpha:g}'.replace('0.', '.', 1)}, corrected over "
            f"its family)."
        )
    return sentences


def list_lines(found: StudyPower) -> list[str]:
    """Return the result as lines for a terminal: what is planted, then the power of every test."""
    lines = ["planted (true values, before noise and losses):", *(f"  {line}" for line in word_effects(found.planted))]
    for count in found.people:
        rows = [row for row in found.rows if row.people == count]
        analysed = next((row.analysed for row in rows if row.analysed is not None), None)
        left = "" if analysed is None else f", {format_number(analysed, decimals=1)} analysed on average"
        lines.append(f"\n{count} people take part{left}; {found.runs} simulated studies:")
        lines += [f"  {_word_row(row)}" for row in rows]
    return lines


def _word_row(row: PowerRow) -> str:
    name = ", ".join(part for part in (row.analysis or row.family, row.term) if part)
    if row.analysis and row.not_done == row.runs:
        return f"{name}: not done; {(row.reason or '').splitlines()[0]}"
    text = f"{name}: power {format_bounded(row.power)} [{format_bounded(row.ci_low)}, {format_bounded(row.ci_high)}]"
    if row.effect is not None:
        text += f"; {row.effect_name} {format_number(row.effect)} on average"
    elif row.estimate is not None:
        text += f"; estimate {row.estimate:.3g} on average"
    return text + (f"; not done in {row.not_done}" if row.not_done and row.analysis else "")
