"""Which emotions the report compares an action unit with."""

from dataclasses import replace

from mimicrylab.report.sections.mimicry import build_mimicry
from mimicrylab.report.source import ReportSource


def list_compared(source: ReportSource, anger: tuple[str, ...]) -> set[str]:
    """Return what AU12 of happiness is compared with, in words, where these units are congruent with anger."""
    section = build_mimicry(replace(source, congruent={"happiness": ("AU12",), "anger": anger}))
    assert section is not None
    return {one.method.partition("; ")[2] for one in section.estimates if one.term.startswith("happiness, AU12")}


def test_an_emotion_whose_units_are_not_known_is_no_comparison(source_of_twelve: ReportSource) -> None:
    assert list_compared(source_of_twelve, ()) == {"against neutral"}


def test_an_emotion_whose_units_are_known_and_not_measured_is_one(source_of_twelve: ReportSource) -> None:
    assert list_compared(source_of_twelve, ("AU23",)) == {"against anger, neutral", "against anger"}
