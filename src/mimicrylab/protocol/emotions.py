"""The field's words for emotions, and the other words people and picture sets use for them."""

from __future__ import annotations

from mimicrylab.errors import UnknownNameError
from mimicrylab.schemas import EMOTIONS

SYNONYMS = {
    "angry": "anger",
    "contemptuous": "contempt",
    "disgusted": "disgust",
    "afraid": "fear",
    "fearful": "fear",
    "scared": "fear",
    "happy": "happiness",
    "joy": "happiness",
    "joyful": "happiness",
    "sad": "sadness",
    "surprised": "surprise",
    "calm": "neutral",
}
"""Another word -> the field's word. Codes of picture sets (KDEF's AF, AN ...) are spelled out in the manifest."""


def name_emotion(word: str, *, where: str | None = None) -> str:
    """Return the field's word for an emotion.

    Examples
    --------
    >>> name_emotion("Joy")
    'happiness'

    Raises
    ------
    UnknownNameError
        The word is no emotion and no synonym of one.
    """
    plain = word.strip().lower()
    plain = SYNONYMS.get(plain, plain)
    if plain not in EMOTIONS:
        raise UnknownNameError("emotion", word, EMOTIONS, where=where)
    return plain
