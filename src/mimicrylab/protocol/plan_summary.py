"""The analysis plan of a study in a few lines: by hypothesis, what decides, what suggests, what is repeated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from mimicrylab.protocol.analyses import Analysis

WIDTH = 110
CORRECTIONS = {"holm": "corrected by Holm", "bh": "corrected by Benjamini-Hochberg", "none": "not corrected"}


def summarise_plan(hypotheses: Mapping[str, str], analyses: Sequence[Analysis]) -> Iterator[str]:
    """Yield the lines of a plan's summary; nothing where nothing is planned.

    Parameters
    ----------
    hypotheses
        Name -> what is supposed.
    analyses
        The planned analyses, in their order.

    Examples
    --------
    >>> from mimicrylab.protocol.analyses import Outcome
    >>> plan = [Analysis(id="one", hypothesis="H1", model="one_sample", outcome=Outcome(measure="congruence"))]
    >>> list(summarise_plan({"H1": "Faces move."}, plan))
    ['analysis plan: 1 analysis', '  H1: Faces move.', '    decides: one']
    """
    if not analyses:
        return
    yield f"analysis plan: {len(analyses)} {'analysis' if len(analyses) == 1 else 'analyses'}"
    for name, words in hypotheses.items():
        own = [analysis for analysis in analyses if analysis.hypothesis == name]
        if own:
            yield from wrap(f"{name}: {words}", WIDTH, initial_indent="  ", subsequent_indent="    ")
            yield from _list_standings(own)


def _list_standings(analyses: Sequence[Analysis]) -> Iterator[str]:
    deciding = [analysis for analysis in analyses if analysis.standing == "confirmatory" and not analysis.as_published]
    for family in dict.fromkeys(analysis.effective_family for analysis in deciding):
        members = [analysis for analysis in deciding if analysis.effective_family == family]
        together = f" together ({CORRECTIONS[members[0].correction]})" if len(members) > 1 else ""
        yield from _list_names(f"{'decide' if together else 'decides'}{together}", members)
    suggesting = [analysis for analysis in analyses if analysis not in deciding and not analysis.as_published]
    yield from _list_names("suggest" if len(suggesting) > 1 else "suggests", suggesting)
    yield from _list_names("as published", [analysis for analysis in analyses if analysis.as_published])


def _list_names(words: str, analyses: Sequence[Analysis]) -> Iterator[str]:
    if analyses:
        listed = ", ".join(analysis.id for analysis in analyses)
        yield from wrap(f"{words}: {listed}", WIDTH, initial_indent="    ", subsequent_indent="      ")
