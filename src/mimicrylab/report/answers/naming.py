"""What outcomes, predictors and groups are called in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mimicrylab.measures.requests import DEFAULT_REQUESTS
from mimicrylab.protocol.analyses import Analysis, Outcome, Predictor
from mimicrylab.protocol.design import Study
from mimicrylab.protocol.plan_references import SHARE_VALID
from mimicrylab.report.signals import TABLE_PREFIX, name_short
from mimicrylab.report.wording import join_words

KIND_WORDS = {
    "presence": "presence rate",
    "mean": "mean movement",
    "peak": "peak movement",
    "percentile_95": "95th percentile of the movement",
    "peak_of_means": "peak of means",
    "congruence": "congruence index",
    "selectivity": "selectivity",
    "latency": "onset latency",
    "responders": "share of trials with a response",
    "z": "standardised movement",
    "bins": "movement in bins",
}
CONGRUENT, ALL = "congruent", "all"
MOST_LISTED = 4
"""So many signals or emotions are named in a sentence; more are counted."""

PEOPLE = {
    "female": "women",
    "woman": "women",
    "women": "women",
    "f": "women",
    "male": "men",
    "man": "men",
    "men": "men",
    "m": "men",
}
"""Answers to the question of gender or sex, as a sentence names those who gave them."""
YES_NO = {"true": "yes", "false": "no", "yes": "yes", "no": "no"}
CHOICE_WORDS = {"hit": "hit rate", "unbiased": "unbiased hit rate", "above_chance": "unbiased hit rate above chance"}
EMOTION_WITHIN = frozenset({"emotion", "stimulus_emotion"})


@dataclass(frozen=True)
class Vocabulary:
    """Names that a study declares: label of a measure -> its kind, ratings, and hypothesis -> what it says."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    ratings: frozenset[str] = frozenset()
    hypotheses: Mapping[str, str] = field(default_factory=dict)


def collect_vocabulary(study: Study) -> Vocabulary:
    """Return the names that a study declares."""
    return Vocabulary(
        kinds={request.label: request.measure for request in study.measures or DEFAULT_REQUESTS},
        ratings=frozenset(rating.name for rating in study.ratings),
        hypotheses=dict(study.hypotheses),
    )


def name_column(name: str, words: Vocabulary) -> str:
    """Return a score, a rating, a form's field or a measure in words.

    Examples
    --------
    >>> name_column("EQ-60.total", Vocabulary()), name_column("RAAS-1996.close", Vocabulary())
    ('EQ-60 score', 'RAAS-1996 close score')
    >>> name_column("age_band", Vocabulary()), name_column("presence", Vocabulary(kinds={"presence": "presence"}))
    ('age band', 'presence rate')
    >>> name_column("maxima", Vocabulary(kinds={"maxima": "peak"}))
    'peak movement “maxima”'
    """
    if name in words.ratings:
        return f"rating of {name.replace('_', ' ')}"
    if name in words.kinds:
        kind = words.kinds[name]
        plain = KIND_WORDS.get(kind, kind)
        return plain if name == kind else f"{plain} “{name.replace('_', ' ')}”"
    if name == SHARE_VALID:
        return "share of valid frames"
    scale, dot, score = name.rpartition(".")
    if dot and scale in words.ratings:
        return f"{CHOICE_WORDS.get(score, score.replace('_', ' '))} of {scale.replace('_', ' ')}"
    if dot and scale:
        return f"{scale} score" if score == "total" else f"{scale} {score.replace('_', ' ')} score"
    return name.replace("_", " ")


def name_predictor(predictor: Predictor, words: Vocabulary) -> str:
    """Return a predictor in words, with the block that it is taken from.

    Examples
    --------
    >>> words = Vocabulary(kinds={"presence": "presence"})
    >>> name_predictor(Predictor(name="presence", kind="covariate", block="neutral"), words)
    'presence rate in the block “neutral”'
    """
    text = name_column(predictor.name, words if predictor.kind != "within" else Vocabulary())
    if predictor.signals:
        text += f" of {name_signals(predictor.signals)}"
    return f"{text} in the block “{predictor.block.replace('_', ' ')}”" if predictor.block else text


def name_outcome(outcome: Outcome, words: Vocabulary) -> str:
    """Return what is explained, in words.

    Examples
    --------
    >>> words = Vocabulary(kinds={"presence": "presence"})
    >>> name_outcome(Outcome(measure="presence", signals=("congruent:happiness",), emotions=("happiness",)), words)
    'presence rate of the action units of happiness while happiness was shown'
    >>> name_outcome(Outcome(score="EQ-60.total"), words)
    'EQ-60 score'
    """
    if outcome.score is not None:
        return name_column(outcome.score, words)
    text = name_column(outcome.measure or "", words)
    if outcome.signals:
        text += f" of {name_signals(outcome.signals)}"
    if outcome.emotions:
        verb = "was" if len(outcome.emotions) == 1 else "were"
        text += f" while {join_words(outcome.emotions)} {verb} shown"
    return text


def name_signals(signals: tuple[str, ...]) -> str:
    """Return signals in words; more than a few are counted.

    Examples
    --------
    >>> name_signals(("AU12", "AU25")), name_signals(("congruent",)), name_signals(("AU01",) * 11)
    ('AU12 and AU25', 'the congruent action units', '11 action units')
    >>> name_signals(("all",)), name_signals(("emotion:fear", "emotion:anger", "AU01", "AU02", "AU04"))
    ('all signals', '2 composites of movements and 3 action units')
    """
    if len(signals) <= MOST_LISTED:
        return join_words([_name_signal(signal) for signal in signals])
    composites = sum(signal.startswith(TABLE_PREFIX) for signal in signals)
    units = len(signals) - composites
    parts = [f"{composites} composites of movements"] if composites else []
    return join_words([*parts, f"{units} action units"] if units else parts)


def _name_signal(signal: str) -> str:
    prefix, colon, emotion = signal.partition(":")
    if signal == ALL:
        return "all signals"
    if prefix == CONGRUENT:
        return f"the action units of {emotion}" if colon else "the congruent action units"
    if signal.startswith(TABLE_PREFIX) and "[" not in signal:
        return f"the {emotion} composite"
    return name_short(signal)


def name_level(level: str, predictor: Predictor | None = None, *, words: Vocabulary | None = None) -> str:
    """Return who or what has a level of a predictor, so that it can stand in a sentence.

    Examples
    --------
    >>> sex, arm = Predictor(name="gender", kind="trait"), Predictor(name="treatment", kind="treatment")
    >>> name_level("female", sex), name_level("oxytocin", arm)
    ('women', 'the oxytocin group')
    >>> name_level("yes", Predictor(name="glasses", kind="trait"))
    'those with “glasses: yes”'
    >>> name_level("White_British", Predictor(name="ethnicity", kind="trait"))
    'White British participants'
    """
    plain = level.replace("_", " ")
    if predictor is None:
        return plain
    name = name_column(predictor.name, words or Vocabulary())
    if predictor.kind == "treatment":
        return f"the {plain} group"
    if predictor.kind == "within":
        return _name_condition(plain, predictor.name)
    if predictor.split_at_median is not None:
        return f"those {plain} in {name}" if plain in ("low", "high") else f"the {plain} half of {name}"
    if predictor.name in ("sex", "gender") and level.lower() in PEOPLE:
        return PEOPLE[level.lower()]
    if level.lower() in YES_NO:
        return f"those with “{name}: {YES_NO[level.lower()]}”"
    if re.fullmatch(r"[A-Za-z][A-Za-z ]*", plain):
        return f"{plain} participants"
    return f"those with “{name}: {plain}”"


def _name_condition(plain: str, within: str) -> str:
    if within in EMOTION_WITHIN:
        return f"while {plain} was shown"
    if within == "phase":
        return plain
    if within == "congruence":
        return f"in {plain} trials"
    return f"in “{plain}”"


def find_predictor(analysis: Analysis, *kinds: str) -> Predictor | None:
    """Return the first predictor of the given kinds (of any, where none is named), or None."""
    return next((one for one in analysis.predictors if not kinds or one.kind in kinds), None)


def place_side(side: str) -> str:
    """Return a side of a comparison with "in" where it is a group or a kind of trial, as it is where it says when.

    Examples
    --------
    >>> place_side("women"), place_side("while fear was shown"), place_side("after")
    ('in women', 'while fear was shown', 'after')
    """
    return side if side.startswith(("in ", "while ")) or side in ("before", "after") else f"in {side}"


def name_label(label: str) -> str:
    """Return what tells one of several results apart (``happiness, AU12``) as a table and a sentence name it.

    Examples
    --------
    >>> name_label("emotion:anger[AU04+AU07]"), name_label("happiness, AU12"), name_label("peak_of_movements")
    ('anger composite [4+7]', 'happiness, AU12', 'peak of movements')
    """
    return ", ".join(name_short(part).replace("_", " ") for part in label.split(", "))


def capitalise(text: str) -> str:
    """Return the text with its first letter as a capital; the rest stays (EQ, AU12)."""
    return text[:1].upper() + text[1:]
