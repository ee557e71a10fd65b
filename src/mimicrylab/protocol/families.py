"""Which tests of a plan belong together.

A family is named in the plan; without a name it is all confirmatory tests of one hypothesis. What is exploratory never
shares a family with what is confirmatory: without a name an exploratory analysis is corrected over its own tests. What
repeats a published study is corrected apart, so that it weakens no test of the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from mimicrylab.errors import InputError
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.references import Finding

Correction = Literal["holm", "bh", "none"]
"""none: a published study that corrected nothing."""

Family = tuple[str, str]
"""Standing and name."""


def name_family(analysis: Analysis) -> Family:
    """Return the family of an analysis's tests.

    Examples
    --------
    >>> from mimicrylab.protocol.analyses import Outcome
    >>> outcome = Outcome(measure="congruence")
    >>> name_family(Analysis(id="a", hypothesis="H1", model="one_sample", outcome=outcome))
    ('confirmatory', 'H1')
    >>> name_family(Analysis(id="a", hypothesis="H1", model="one_sample", outcome=outcome, standing="exploratory"))
    ('exploratory', 'a')
    """
    if analysis.standing == "confirmatory" and not analysis.as_published:
        return "confirmatory", analysis.effective_family
    standing = "as published" if analysis.as_published else analysis.standing
    return standing, analysis.family or analysis.id


def find_correction(family: str, analyses: Sequence[Analysis]) -> Correction:
    """Return how a family is corrected.

    Raises
    ------
    InputError
        Its analyses do not agree.
    """
    methods = sorted({analysis.correction for analysis in analyses})
    if len(methods) > 1:
        raise InputError(
            f"the family {family!r} is corrected in two ways",
            where="analyses",
            found=", ".join(f"{analysis.id}: {analysis.correction}" for analysis in analyses),
            do="one correction for a whole family",
        )
    return methods[0]


def find_mixed_corrections(analyses: Sequence[Analysis]) -> Iterator[Finding]:
    """Yield every analysis that is corrected otherwise than the first of its family."""
    first: dict[Family, Analysis] = {}
    for place, analysis in enumerate(analyses):
        leader = first.setdefault(name_family(analysis), analysis)
        if leader.correction != analysis.correction:
            yield (
                ("analyses", place, "correction"),
                f"{analysis.correction}, but {leader.id!r} of the same family has {leader.correction}: one correction "
                "for a whole family",
            )
