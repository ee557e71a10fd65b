"""Running a plan: every analysis for itself, then p corrected over each family."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from mimicrylab.errors import MimicryLabError, RefusedError
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.families import adjust_families, name_family
from mimicrylab.stats.plan.models.catalogue import MODELS
from mimicrylab.stats.plan.results import AnalysisResult

SEED_BYTES = 4

FAULT = "this is a fault of the program, not of your data: please report it with this text"
"""Begins the reason of an analysis that failed in a way that nobody foresaw."""

Watcher = Callable[[AnalysisResult, int, int], None]
"""Told of each analysis as it ends: its result, how many are done, how many there are."""


def run_plan(
    data: PlanData, analyses: Sequence[Analysis], *, seed: int | None = None, watch: Watcher | None = None
) -> tuple[AnalysisResult, ...]:
    """Return the result of every analysis, in order; p corrected over each family of confirmatory tests.

    What cannot be done, or must not be, becomes the state and reason of its analysis and never stops the others.

    Parameters
    ----------
    data
        What the analyses are computed from.
    analyses
        The plan. A family is corrected over the tests of these: to run one analysis, run its whole family
        (``list_family``).
    seed
        Seed of everything random; that of the data if left out. Each analysis has its own, made of this one and its
        id, so that an analysis more or less changes no other's numbers.
    watch
        Told of each analysis as it ends.
    """
    base = data.seed if seed is None else seed
    results: list[AnalysisResult] = []
    for done, analysis in enumerate(analyses, start=1):
        result = _run_one(data, analysis, derive_seed(base, analysis.id))
        results.append(result)
        if watch is not None:
            watch(result, done, len(analyses))
    return tuple(adjust_families(results))


def derive_seed(seed: int, identity: str) -> int:
    """Return the seed of one analysis.

    Examples
    --------
    >>> derive_seed(1, "mimicry") == derive_seed(1, "mimicry"), derive_seed(1, "mimicry") == derive_seed(1, "empathy")
    (True, False)
    """
    digest = hashlib.sha256(f"{seed}:{identity}".encode()).digest()
    return int.from_bytes(digest[:SEED_BYTES], "big")


def list_family(analyses: Iterable[Analysis], ids: Iterable[str]) -> list[Analysis]:
    """Return the analyses that are needed for the corrected p of some: these and everything in their families."""
    every, wanted = list(analyses), set(ids)
    families = {name_family(one) for one in every if one.id in wanted}
    return [one for one in every if name_family(one) in families]


def _run_one(data: PlanData, analysis: Analysis, seed: int) -> AnalysisResult:
    try:
        result = MODELS[analysis.model](data, analysis, seed)
    except RefusedError as error:
        return AnalysisResult(analysis, "refused", error.describe())
    except MimicryLabError as error:
        return AnalysisResult(analysis, "not possible", error.describe())
    except Exception as error:  # one analysis never takes the others with it
        return AnalysisResult(analysis, "not possible", f"{FAULT} ({type(error).__name__}: {error})".splitlines()[0])
    return replace(result, notes=tuple(dict.fromkeys(result.notes)))
