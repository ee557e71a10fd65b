"""What is true of a sample of a given make-up: how many people of each kind, and what their groups score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from mimicrylab.protocol.scales import Scale
from mimicrylab.simulate.enrolment import Place
from mimicrylab.simulate.population import Population
from mimicrylab.simulate.questionnaires import TRAIT_CORRELATIONS, describe_group


def describe_enrolment(population: Population, scales: Mapping[str, Scale]) -> dict[str, Any] | None:
    """Return counts of a whole sample, and the scores of its groups; None where people are drawn freely.

    Scores are those expected of everybody whose questionnaire is there, of questionnaires that measure the trait alone.
    """
    if population.enrolment is None:
        return None
    places = population.enrolment.places
    answered = [place for place in places if not place.questionnaire_lost]
    counts = {
        "people": len(places),
        "with_questionnaires": len(answered),
        "with_questionnaires_and_a_good_recording": sum(place.recording in (None, "good") for place in answered),
        "without_recording": sum(place.recording == "none" for place in places),
    }
    fields = list(dict.fromkeys(field for place in answered for field in place.answers))
    return {
        "counts": counts,
        "answers": {field: dict(Counter(place.answers[field] for place in answered)) for field in fields},
        "scores": _list_scores(answered, scales, fields),
    }


def _list_scores(places: Sequence[Place], scales: Mapping[str, Scale], fields: Sequence[str]) -> list[dict[str, Any]]:
    if any(place.shift is None for place in places):
        return []
    found = []
    for scale in scales.values():
        if not _measures_trait(scale):
            continue
        for score in scale.scores:
            for field, answer, members in _list_groups(places, fields):
                mean, sd = describe_group(scale, score, members)
                described = {"scale": scale.name, "score": score.name, "field": field, "answer": answer}
                found.append({**described, "people": len(members), "mean": mean, "sd": sd})
    return found


def _list_groups(places: Sequence[Place], fields: Sequence[str]) -> list[tuple[str | None, str | None, list[Place]]]:
    """Return everybody, then who gave each answer to each field."""
    groups: list[tuple[str | None, str | None, list[Place]]] = [(None, None, list(places))]
    for field in fields:
        for answer in sorted({place.answers[field] for place in places}):
            groups.append((field, answer, [place for place in places if place.answers[field] == answer]))
    return groups


def _measures_trait(scale: Scale) -> bool:
    return any(scale.name.startswith(prefix) and value == 1.0 for prefix, value in TRAIT_CORRELATIONS.items())
