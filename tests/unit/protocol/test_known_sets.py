import pytest

from mimicrylab.protocol.known_sets import parse_adfes_name, parse_kdef_name


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("AF01HAS", ("F01", "happiness", "S")),
        ("BM35SAFL", ("M35", "sadness", "FL")),
        ("af07nehr", ("F07", "neutral", "HR")),
        ("AF12AFS", ("F12", "fear", "S")),
        ("AM31H", ("M31", "surprise", "HR")),  # misnamed in the distributed set
        ("AF31V", ("F31", "sadness", "HL")),
    ],
)
def test_kdef_names(stem: str, expected: tuple[str, str, str]) -> None:
    face = parse_kdef_name(stem)
    assert face is not None
    assert (face.model_id, face.emotion, face.angle) == expected


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("F02-Joy-Face Forward", ("F02", "happiness", "forward")),
        ("F01-Anger-Turn Away", ("F01", "anger", "away")),
        ("M11-Surprise-Turn_Toward", ("M11", "surprise", "toward")),
        ("F01-Anger-Face Forward-61", ("F01", "anger", "forward")),
        ("F04-Neutral-Face Forward_freigestellt", ("F04", "neutral", "forward")),
        ("M12-Sad-Apex", ("M12", "sadness", "forward")),
        ("M12-Neutral", ("M12", "neutral", "forward")),
        ("F01-Contempt-high", ("F01", "contempt", "forward")),
        ("M01-Embarrass-Apex", ("M01", None, "forward")),
        ("F06-Pride-Face Forward", ("F06", None, "forward")),
    ],
)
def test_adfes_names(stem: str, expected: tuple[str, str | None, str]) -> None:
    face = parse_adfes_name(stem)
    assert face is not None
    assert (face.model_id, face.emotion, face.angle) == expected


@pytest.mark.parametrize("stem", ["", "Thumbs", "AF01", "AF01HASS", "CF01HAS", "F01-Anger-Sideways", "F1-Joy-Apex"])
def test_other_names_are_no_names_of_the_sets(stem: str) -> None:
    assert parse_kdef_name(stem) is None
    assert parse_adfes_name(stem) is None


def test_action_units_are_those_of_the_emotion() -> None:
    kdef, adfes = parse_kdef_name("AF01ANS"), parse_adfes_name("F01-Anger-Apex")
    assert kdef is not None
    assert adfes is not None
    assert kdef.action_units == ("AU04", "AU05", "AU07", "AU23")
    assert adfes.action_units == ("AU04", "AU05", "AU17", "AU23")
