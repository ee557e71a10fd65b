"""Licensed stimulus sets of the field: what their file names say. The sets themselves are never part of MimicryLab.

KDEF (Karolinska Directed Emotional Faces; Lundqvist, Flykt & Öhman, 1998): ``AF01HAS.JPG`` is series A or B, sex F or
M, number, expression (AF AN DI HA NE SA SU) and angle (S straight, HL HR half left and right, FL FR full left and
right). ADFES (Amsterdam Dynamic Facial Expression Set; van der Schalk et al., 2011): ``F02-Joy-Face Forward.mpeg``,
``Turn Away`` and ``Turn Toward``; stills ``F02-Joy-Apex.jpg`` and ``F02-Neutral.jpg``; its clips of three intensities
(ADFES-BIV) ``F02-Anger-high.mp4``. Copies that laboratories have numbered or cut out (``-61``, ``_freigestellt``) are
read too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mimicrylab.errors import UnknownNameError
from mimicrylab.protocol.congruence import ADFES
from mimicrylab.protocol.emotions import name_emotion

PROTOTYPES: Mapping[str, tuple[str, ...]] = {
    "anger": ("AU04", "AU05", "AU07", "AU23"),
    "contempt": ("AU14",),
    "disgust": ("AU09", "AU10", "AU17"),
    "fear": ("AU01", "AU02", "AU04", "AU05", "AU20", "AU25"),
    "happiness": ("AU06", "AU12", "AU25"),
    "neutral": (),
    "sadness": ("AU01", "AU04", "AU15", "AU17"),
    "surprise": ("AU01", "AU02", "AU05", "AU25", "AU26"),
}
"""Emotion -> the action units that its prototype has (Ekman & Friesen). What a set's models were asked to show is not
what each file shows: ``action_units_from: prototype``."""


@dataclass(frozen=True)
class NamedFace:
    """What a file name says: person, emotion (None: one that MimicryLab has no word for), angle, action units."""

    model_id: str
    emotion: str | None
    word: str
    angle: str
    action_units: tuple[str, ...]


@dataclass(frozen=True)
class KnownSet:
    """A licensed set: how its names are read, its angles (the usual one first), and what must be said of it."""

    name: str
    title: str
    parse: Callable[[str], NamedFace | None]
    angles: tuple[str, ...]
    action_units_from: str
    licence: str
    citation: str
    name_example: str


KDEF_NAME = re.compile(r"([AB])([FM])(\d{2})(AF|AN|DI|HA|NE|SA|SU)(S|HL|HR|FL|FR)", re.IGNORECASE)
KDEF_EMOTIONS = {
    "AF": "fear",
    "AN": "anger",
    "DI": "disgust",
    "HA": "happiness",
    "NE": "neutral",
    "SA": "sadness",
    "SU": "surprise",
}
KDEF_MISNAMED = {"AM31H": "AM31SUHR", "AF31V": "AF31SAHL"}
"""Two files of the distributed set whose names are cut off, and what they should be."""

ADFES_NAME = re.compile(r"([FM])(\d{2})[-_ ]([a-z]+)(?:[-_ ](.+))?", re.IGNORECASE)
ADFES_ANGLES = {"face forward": "forward", "turn away": "away", "turn toward": "toward", "turn towards": "toward"}
ADFES_STILLS = ("apex", "low", "med", "medium", "high", "")
ADFES_UNITS: Mapping[str, tuple[str, ...]] = {**PROTOTYPES, **ADFES}


def parse_kdef_name(stem: str) -> NamedFace | None:
    """Return what a KDEF file name (without its ending) says, None where it is none.

    Examples
    --------
    >>> face = parse_kdef_name("AF01HAS")
    >>> face.model_id, face.emotion, face.angle
    ('F01', 'happiness', 'S')
    """
    name = stem.strip().upper()
    found = KDEF_NAME.fullmatch(KDEF_MISNAMED.get(name, name))
    if found is None:
        return None
    _, sex, number, code, angle = found.groups()
    emotion = KDEF_EMOTIONS[code]
    return NamedFace(f"{sex}{number}", emotion, code, angle, PROTOTYPES[emotion])


def parse_adfes_name(stem: str) -> NamedFace | None:
    """Return what an ADFES file name (without its ending) says, None where it is none.

    Embarrassment and pride have no word in MimicryLab: their ``emotion`` is None.

    Examples
    --------
    >>> face = parse_adfes_name("F02-Joy-Face Forward")
    >>> face.model_id, face.emotion, face.angle
    ('F02', 'happiness', 'forward')
    >>> parse_adfes_name("M03-Pride-Turn_Away").emotion is None
    True
    """
    found = ADFES_NAME.fullmatch(stem.strip())
    if found is None:
        return None
    sex, number, word, rest = found.groups()
    plain = re.sub(r"[-_ ]+", " ", (rest or "").lower()).strip()
    plain = re.sub(r"( freigestellt| \d+)+$", "", f" {plain}").strip()
    angle = ADFES_ANGLES.get(plain, "forward" if plain in ADFES_STILLS else None)
    if angle is None:
        return None
    try:
        emotion: str | None = name_emotion(word)
    except UnknownNameError:
        emotion = None
    return NamedFace(f"{sex.upper()}{number}", emotion, word.lower(), angle, ADFES_UNITS.get(emotion or "", ()))


KNOWN_SETS: Mapping[str, KnownSet] = {
    "kdef": KnownSet(
        "kdef",
        "Karolinska Directed Emotional Faces",
        parse_kdef_name,
        ("S", "HL", "HR", "FL", "FR"),
        "prototype",
        "free for research, from the owner; not to be passed on",
        "Lundqvist, D., Flykt, A., & Öhman, A. (1998). The Karolinska Directed Emotional Faces.",
        "AF01HAS.JPG",
    ),
    "adfes": KnownSet(
        "adfes",
        "Amsterdam Dynamic Facial Expression Set",
        parse_adfes_name,
        ("forward", "away", "toward"),
        "published",
        "for research, under the owner's agreement; not to be passed on",
        "van der Schalk, J., Hawk, S. T., Fischer, A. H., & Doosje, B. (2011). Moving faces, looking places. "
        "Emotion, 11(4), 907-920.",
        "F02-Joy-Face Forward.mpeg",
    ),
}
"""Name for the command line -> the set."""
