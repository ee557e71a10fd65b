import pytest

from mimicrylab.errors import UnknownNameError
from mimicrylab.protocol.emotions import SYNONYMS, name_emotion
from mimicrylab.schemas import EMOTIONS


def test_the_fields_words_stay_and_synonyms_lead_to_them() -> None:
    assert [name_emotion(word) for word in EMOTIONS] == list(EMOTIONS)
    assert {name_emotion(word.upper()) for word in SYNONYMS} <= set(EMOTIONS)


def test_an_unknown_word_proposes_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'sadness'"):
        name_emotion("sadnes")
