"""The sealed list opens with its passphrase, one code at a time or whole, and tells nothing without it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mimicrylab.errors import DamagedFileError, InputError, MissingError, RefusedError
from mimicrylab.protocol.assignment import Kit
from mimicrylab.protocol.sealed_kits import (
    SealedList,
    list_codes,
    open_kit,
    open_list,
    read_sealed,
    seal_kits,
    write_sealed,
)

PASSPHRASE = "vier zufällige Wörter"
CHEAP = 2**4
KITS = tuple(Kit(f"K{number:04d}", "s", "oxytocin" if number % 3 else "placebo") for number in range(1, 13))


@pytest.fixture(scope="module")
def sealed() -> SealedList:
    return seal_kits(KITS, PASSPHRASE, seed=987654321, cost=CHEAP)


def test_the_passphrase_opens_the_whole_list_with_its_seed(sealed: SealedList) -> None:
    opened = open_list(sealed, PASSPHRASE)
    assert opened.kits == KITS
    assert opened.seed == 987654321


def test_the_passphrase_may_be_typed_in_either_spelling_of_its_accents(sealed: SealedList) -> None:
    decomposed = PASSPHRASE.replace("ä", "a\u0308").replace("ö", "o\u0308")
    assert decomposed != PASSPHRASE
    assert open_list(sealed, decomposed).kits == KITS


@pytest.mark.parametrize("wrong", ["vier zufällige wörter", "", "x" * 40, PASSPHRASE + " "])
def test_another_passphrase_opens_nothing(sealed: SealedList, wrong: str) -> None:
    with pytest.raises(RefusedError, match="does not open this list"):
        open_list(sealed, wrong)
    with pytest.raises(RefusedError, match="does not open this list"):
        open_kit(sealed, "K0001", passphrase=wrong)


def test_one_kit_opens_with_the_passphrase_or_its_own_code_only(sealed: SealedList) -> None:
    codes = list_codes(sealed, PASSPHRASE)
    assert len(set(codes.values())) == len(KITS)
    for kit in KITS:
        assert open_kit(sealed, kit.kit, passphrase=PASSPHRASE) == kit.arm
        assert open_kit(sealed, kit.kit, code=codes[kit.kit].lower().replace("-", " ")) == kit.arm
    for kit in KITS[1:]:
        with pytest.raises(RefusedError, match="does not open this kit"):
            open_kit(sealed, kit.kit, code=codes["K0001"])


@pytest.mark.parametrize("code", ["", "ABC", "not base 32!", "A" * 40, "1" * 26])
def test_what_is_no_code_is_told_so(sealed: SealedList, code: str) -> None:
    with pytest.raises(InputError, match="no emergency code"):
        open_kit(sealed, "K0001", code=code)


def test_either_passphrase_or_code(sealed: SealedList) -> None:
    with pytest.raises(InputError, match="give one of them"):
        open_kit(sealed, "K0001")
    with pytest.raises(InputError, match="give one of them"):
        open_kit(sealed, "K0001", passphrase=PASSPHRASE, code="x")


def test_an_unknown_kit_proposes_the_nearest(sealed: SealedList) -> None:
    with pytest.raises(InputError, match="did you mean 'K0012'"):
        open_kit(sealed, "K00012", passphrase=PASSPHRASE)


def test_the_file_is_read_back_as_it_was_written(sealed: SealedList, tmp_path: Path) -> None:
    path = tmp_path / "kits.json"
    write_sealed(path, sealed)
    assert read_sealed(path) == sealed
    assert json.loads(path.read_text())["kits"][0]["kit"] == "K0001"


def test_sealing_twice_gives_other_bytes(sealed: SealedList) -> None:
    again = seal_kits(KITS, PASSPHRASE, seed=987654321, cost=CHEAP)
    assert not {kit.sealed for kit in again.kits} & {kit.sealed for kit in sealed.kits}
    assert again.salt != sealed.salt


def test_the_length_of_an_entry_does_not_tell_the_arm() -> None:
    kits = [Kit("K1", None, "a"), Kit("K2", None, "a very much longer name of a treatment " * 3), Kit("K3", None, "é")]
    lengths = {len(entry.sealed) for entry in seal_kits(kits, PASSPHRASE, seed=1, cost=CHEAP).kits}
    assert len(lengths) == 1


def swap_arms(data: dict) -> None:  # type: ignore[type-arg]
    data["kits"][0]["sealed"], data["kits"][2]["sealed"] = data["kits"][2]["sealed"], data["kits"][0]["sealed"]
    data["kits"][0]["nonce"], data["kits"][2]["nonce"] = data["kits"][2]["nonce"], data["kits"][0]["nonce"]


def rename_kit(data: dict) -> None:  # type: ignore[type-arg]
    data["kits"][0]["kit"] = "K0099"


def move_stratum(data: dict) -> None:  # type: ignore[type-arg]
    data["kits"][0]["stratum"] = "other"


def remove_kit(data: dict) -> None:  # type: ignore[type-arg]
    del data["kits"][3]


def flip_letter(data: dict) -> None:  # type: ignore[type-arg]
    text = data["kits"][5]["sealed"]
    data["kits"][5]["sealed"] = text[:20] + ("A" if text[20] != "A" else "B") + text[21:]


def cut_entry(data: dict) -> None:  # type: ignore[type-arg]
    data["kits"][5]["sealed"] = "!!"


@pytest.mark.parametrize("change", [swap_arms, rename_kit, move_stratum, remove_kit, flip_letter, cut_entry])
def test_a_changed_list_is_found_out(
    sealed: SealedList,
    tmp_path: Path,
    change: Callable[[dict], None],  # type: ignore[type-arg]
) -> None:
    path = tmp_path / "kits.json"
    write_sealed(path, sealed)
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))
    with pytest.raises(DamagedFileError):
        open_list(read_sealed(path), PASSPHRASE)


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"version": 2}', "[1]", '{"version": 1, "cost": 1e99}'])
def test_a_file_that_is_no_list_is_told_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "kits.json").write_text(text)
    with pytest.raises(DamagedFileError, match="not a sealed list"):
        read_sealed(tmp_path / "kits.json")


def test_a_list_cannot_ask_for_all_the_memory(sealed: SealedList, tmp_path: Path) -> None:
    path = tmp_path / "kits.json"
    write_sealed(path, sealed)
    path.write_text(path.read_text().replace(f'"cost": {CHEAP}', '"cost": 1073741824'))
    with pytest.raises(DamagedFileError, match="not a sealed list"):
        read_sealed(path)


def test_no_list_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="--seal"):
        read_sealed(tmp_path / "none.json")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(InputError, match="at least 12 characters"):
        seal_kits(KITS, "eleven char", seed=1, cost=CHEAP)


def test_an_arm_that_cannot_be_padded_is_refused() -> None:
    with pytest.raises(InputError, match="too long to be sealed"):
        seal_kits([Kit("K1", None, "x" * 200)], PASSPHRASE, seed=1, cost=CHEAP)
