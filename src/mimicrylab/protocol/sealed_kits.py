"""The sealed list kit -> arm: encrypted with a passphrase that only a third party has.

From the passphrase a main key is derived (scrypt, with a random salt), and from it a key for each kit (HKDF). Every
kit's arm is encrypted under its own key (AES-128-GCM), padded so that its length does not tell the arm, and bound to
the kit's number and stratum. So one code can be broken, with the passphrase or with that kit's emergency code, and the
others stay closed. The seed of the randomisation is sealed too, because the list could be made again from it.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import Field, ValidationError

from mimicrylab.errors import DamagedFileError, InputError, MissingError, RefusedError, suggest_nearest
from mimicrylab.protocol.assignment import Kit
from mimicrylab.protocol.settings import Settings
from mimicrylab.tables import write_text

COST = 2**17
"""Work of one guess of the passphrase: 128 MB and some .3 s (OWASP's recommendation for scrypt)."""

SEALED_PATH = "assignment/sealed-kits.json"
"""Where the sealed list lies within a study folder."""

MAXIMUM_COST = 2**20
PASSPHRASE_LENGTH = 12
"""Shortest passphrase accepted; four or five random words are long enough."""

PADDED_BYTES = 160
KEY_BYTES = 16
NONCE_BYTES = 12
CODE_GROUP = 5
LIST_NAME = "the list itself"


class SealedKit(Settings):
    """One kit as it lies on disk."""

    kit: str
    stratum: str | None
    nonce: str
    sealed: str


class SealedList(Settings):
    """The sealed list as it lies on disk. Nothing in it tells an arm."""

    version: Literal[1] = 1
    salt: str
    cost: Annotated[int, Field(ge=2, le=MAXIMUM_COST)]
    about: SealedKit
    """How the list was made (its seed), sealed like a kit."""
    kits: tuple[SealedKit, ...]


@dataclass(frozen=True)
class OpenedList:
    """A list with its arms, and the seed it was made from."""

    kits: tuple[Kit, ...]
    seed: int


def seal_kits(kits: Sequence[Kit], passphrase: str, *, seed: int, cost: int = COST) -> SealedList:
    """Return the sealed list.

    Raises
    ------
    InputError
        The passphrase is too short, or an arm's name too long.
    """
    checked = check_passphrase(passphrase)
    salt = os.urandom(KEY_BYTES)
    main_key = _derive_main_key(checked, salt, cost)
    about = _seal(json.dumps({"seed": seed, "kits": len(kits)}), main_key, kit=LIST_NAME, stratum=None)
    sealed = tuple(_seal(kit.arm, main_key, kit=kit.kit, stratum=kit.stratum) for kit in kits)
    return SealedList(salt=_encode(salt), cost=cost, about=about, kits=sealed)


def open_list(sealed: SealedList, passphrase: str) -> OpenedList:
    """Return all kits with their arms.

    Raises
    ------
    RefusedError
        The passphrase is wrong.
    DamagedFileError
        A kit's entry was changed.
    """
    main_key = _open_main_key(sealed, passphrase)
    about = json.loads(_open(sealed.about, _derive_kit_key(main_key, LIST_NAME)))
    if about["kits"] != len(sealed.kits):
        raise DamagedFileError("kits were added to or taken from the sealed list", found=f"{len(sealed.kits)} kits")
    kits = tuple(
        Kit(entry.kit, entry.stratum, _open(entry, _derive_kit_key(main_key, entry.kit))) for entry in sealed.kits
    )
    return OpenedList(kits, about["seed"])


def open_kit(sealed: SealedList, kit: str, *, passphrase: str | None = None, code: str | None = None) -> str:
    """Return the arm of one kit, with the passphrase or with the kit's own emergency code.

    Raises
    ------
    InputError
        There is no such kit; or neither passphrase nor code is given, or both are.
    RefusedError
        The passphrase or the code is wrong.
    """
    entry = find_kit(sealed, kit)
    if (passphrase is None) == (code is None):
        raise InputError("a kit is opened with the passphrase or with its emergency code: give one of them")
    if code is not None:
        key = _decode_code(code)
        try:
            return _open(entry, key)
        except DamagedFileError as error:
            raise RefusedError(
                "this code does not open this kit", where=f"kit {kit}", do="compare the kit's number and each letter"
            ) from error
    return _open(entry, _derive_kit_key(_open_main_key(sealed, str(passphrase)), kit))


def list_codes(sealed: SealedList, passphrase: str) -> dict[str, str]:
    """Return kit -> emergency code; each opens its own kit only. For sealed envelopes, never for the study folder."""
    main_key = _open_main_key(sealed, passphrase)
    return {entry.kit: _encode_code(_derive_kit_key(main_key, entry.kit)) for entry in sealed.kits}


def find_kit(sealed: SealedList, kit: str) -> SealedKit:
    """Return the sealed entry of a kit.

    Raises
    ------
    InputError
        The list has no such kit; the nearest number is proposed.
    """
    for entry in sealed.kits:
        if entry.kit == kit:
            return entry
    numbers = [entry.kit for entry in sealed.kits]
    expected = f"a kit from {numbers[0]} to {numbers[-1]}" if numbers else "the list has no kits"
    raise InputError(f"there is no kit {kit!r}{suggest_nearest(kit, numbers)}", expected=expected)


def write_sealed(path: Path, sealed: SealedList) -> None:
    """Write the sealed list as JSON, a kit a line."""
    data = sealed.model_dump(mode="json")
    kits = ",\n  ".join(json.dumps(kit) for kit in data.pop("kits"))
    head = json.dumps(data, indent=1)[:-2]
    write_text(path, f'{head},\n "kits": [\n  {kits}\n ]\n}}\n')


def read_sealed(path: Path) -> SealedList:
    """Read a sealed list.

    Raises
    ------
    MissingError
        There is none.
    DamagedFileError
        The file is no sealed list.
    """
    try:
        return SealedList.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise MissingError(
            "there is no sealed list of kits", where=str(path), do="a third party makes it: mimicrylab new DIR --seal"
        ) from error
    except ValidationError as error:
        raise DamagedFileError("this is not a sealed list of kits", where=str(path)) from error


def check_passphrase(passphrase: str) -> str:
    """Return the passphrase in one spelling of its characters.

    Raises
    ------
    InputError
        It is too short.
    """
    plain = unicodedata.normalize("NFC", passphrase)
    if len(plain) < PASSPHRASE_LENGTH:
        raise InputError(
            "the passphrase is too short",
            expected=f"at least {PASSPHRASE_LENGTH} characters",
            do="take four or five random words",
        )
    return plain


def _derive_main_key(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(passphrase.encode())


def _derive_kit_key(main_key: bytes, kit: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"kit/{kit}".encode()).derive(main_key)


def _open_main_key(sealed: SealedList, passphrase: str) -> bytes:
    plain = unicodedata.normalize("NFC", passphrase)
    main_key = _derive_main_key(plain, _decode(sealed.salt), sealed.cost)
    try:
        _open(sealed.about, _derive_kit_key(main_key, LIST_NAME))
    except DamagedFileError as error:
        raise RefusedError(
            "the passphrase does not open this list", do="ask the third party who made it; capitals and spaces count"
        ) from error
    return main_key


def _seal(text: str, main_key: bytes, *, kit: str, stratum: str | None) -> SealedKit:
    content = text.encode()
    if len(content) > PADDED_BYTES - 1:
        raise InputError("the name of an arm is too long to be sealed", expected=f"at most {PADDED_BYTES - 1} bytes")
    padded = bytes([len(content)]) + content.ljust(PADDED_BYTES - 1, b"\0")
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_derive_kit_key(main_key, kit)).encrypt(nonce, padded, _bind(kit, stratum))
    return SealedKit(kit=kit, stratum=stratum, nonce=_encode(nonce), sealed=_encode(sealed))


def _open(entry: SealedKit, key: bytes) -> str:
    try:
        padded = AESGCM(key).decrypt(_decode(entry.nonce), _decode(entry.sealed), _bind(entry.kit, entry.stratum))
    except (InvalidTag, ValueError) as error:
        raise DamagedFileError("the entry of a kit was changed or is damaged", where=f"kit {entry.kit}") from error
    return padded[1 : 1 + padded[0]].decode()


def _bind(kit: str, stratum: str | None) -> bytes:
    return json.dumps([kit, stratum]).encode()


def _encode(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise DamagedFileError("the sealed list of kits is damaged") from error


def _encode_code(key: bytes) -> str:
    letters = base64.b32encode(key).decode().rstrip("=")
    return "-".join(letters[place : place + CODE_GROUP] for place in range(0, len(letters), CODE_GROUP))


def _decode_code(code: str) -> bytes:
    letters = "".join(code.split()).replace("-", "").upper()
    try:
        key = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise InputError("this is no emergency code", expected="26 letters and digits 2-7, in groups of five")
    return key
