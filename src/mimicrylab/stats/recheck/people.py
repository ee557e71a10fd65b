"""People: no test can be of more of them than the sample has."""

from __future__ import annotations

from collections.abc import Iterator

from mimicrylab.stats.recheck.entries import ChiSquare, Correlation, Groups, Model, Test
from mimicrylab.stats.recheck.findings import Finding
from mimicrylab.stats.recheck.paper import Paper
from mimicrylab.stats.recheck.printed import Printed, write_number

RULE = "people in the sample"


def check_samples(paper: Paper) -> Iterator[Finding]:
    """Yield tests of more people, or with more df, than their sample has people."""
    for entry in paper.entries:
        if not isinstance(entry, Test):
            continue
        people = paper.count_people(entry.sample)
        if people is None:
            continue
        n = getattr(entry, "n", None)
        if isinstance(entry, Groups) and entry.n_1 is not None and entry.n_2 is not None:
            n = entry.n_1 + entry.n_2
        if n is not None and not isinstance(entry, Model) and n > people:
            yield Finding(
                RULE,
                (entry.id,),
                f"{n} people",
                f"the sample has {people}",
                "more people than the sample has",
                "certain",
            )
        df = getattr(entry, "df", None)
        lost = 2 if isinstance(entry, Groups | Correlation) else 1
        if (
            isinstance(df, Printed)
            and n is None
            and not isinstance(entry, ChiSquare)
            and df.value - 0.5 > people - lost
        ):
            yield Finding(
                RULE,
                (entry.id,),
                f"{df.text} df",
                f"the {people} people of the sample give at most {people - lost}",
                f"the test was made on at least {write_number(df.value + lost, decimals=0)} people, more than the "
                "sample has: people who were excluded are in it, or rows were counted as people",
                "certain",
                "more df than the people can give",
            )
