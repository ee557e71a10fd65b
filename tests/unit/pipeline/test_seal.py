"""Sealing and opening the kits of a study folder. Before ``unblind``, no stored byte tells an arm."""

import base64
import csv
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from mimicrylab.errors import ConflictError, InputError, MissingError, RefusedError
from mimicrylab.pipeline.new import create_study
from mimicrylab.pipeline.seal import seal_study
from mimicrylab.pipeline.unblind import break_code, unblind_study
from mimicrylab.protocol.design import read_study
from mimicrylab.protocol.sealed_kits import SEALED_PATH
from mimicrylab.schemas import ARMS
from mimicrylab.tables import read_provenance, read_table

PASSPHRASE = "correct horse battery staple"
SEED = 5_301_986_447_211
CHEAP = 2**4
ARM_NAMES = ("oxytocin", "placebo")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    create_study(tmp_path / "study", template="oxytocin")
    return tmp_path / "study"


def seal(study: Path, **options: object) -> None:
    seal_study(study, **{"passphrase": PASSPHRASE, "seed": SEED, "cost": CHEAP, **options})  # type: ignore[arg-type]


def read_log(study: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (study / "log" / "steps.jsonl").read_text().splitlines()]


def list_disguises(secret: bytes) -> Iterator[bytes]:
    """Ways in which a word could be on disk without being readable."""
    for plain in (secret, secret.upper(), secret.capitalize(), secret[::-1]):
        yield plain
        yield plain.hex().encode()
        yield plain.decode().encode("utf-16-le")
        for shift in range(3):  # base64 of the word at each alignment, without what its neighbours change
            coded = base64.b64encode(b"\0" * shift + plain)
            yield coded[4 if shift else 0 : -4]


def test_no_stored_byte_tells_an_arm_before_unblind(study: Path, tmp_path: Path) -> None:
    told = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    outside = tmp_path / "third party"
    outside.mkdir()
    seal(study, codes=outside / "codes.csv", pharmacy_list=outside / "list.csv")
    break_code(study, kit="K0007", by="A. Physician", reason="fainted", passphrase=PASSPHRASE)
    with (outside / "codes.csv").open() as stream:
        codes = [row["code"] for row in csv.DictReader(stream)]
    secrets = [
        *(disguise for name in ARM_NAMES for disguise in list_disguises(name.encode())),
        *(disguise for disguise in list_disguises(PASSPHRASE.encode())),
        str(SEED).encode(),
        f"{SEED:x}".encode(),
        SEED.to_bytes(8, "little"),
        SEED.to_bytes(8, "big"),
        *(code.encode() for code in codes),
    ]
    searched = 0
    for path in study.rglob("*"):
        if not path.is_file():
            continue
        content = path.read_bytes()
        searched += len(content)
        added = content.removeprefix(told.get(path, b""))  # study.yaml names the arms, and is as it was before
        assert added != content or path not in told
        assert [secret for secret in secrets if secret in added] == []
    assert searched > 50_000


def test_the_sealed_list_has_the_same_shape_whatever_the_arms(study: Path, tmp_path: Path) -> None:
    seal(study)
    one = (study / SEALED_PATH).read_bytes()
    create_study(tmp_path / "other", template="oxytocin")
    text = (tmp_path / "other" / "study.yaml").read_text()
    (tmp_path / "other" / "study.yaml").write_text(text.replace("placebo", "p"))
    seal(tmp_path / "other", seed=SEED + 1)
    assert len((tmp_path / "other" / SEALED_PATH).read_bytes()) == len(one)


def test_unblind_writes_the_list_that_the_pharmacy_has(study: Path, tmp_path: Path) -> None:
    seal(study, pharmacy_list=tmp_path / "list.csv")
    assert not (study / "arms.parquet").exists()
    path = unblind_study(study, passphrase=PASSPHRASE, by="A. Statistician")
    arms = read_table(path, ARMS)
    with (tmp_path / "list.csv").open() as stream:
        assert arms.select("kit", "arm").rows() == [(row["kit"], row["arm"]) for row in csv.DictReader(stream)]
    assert arms.height == 200
    assert set(arms["arm"]) == set(ARM_NAMES)
    counts = arms["arm"].value_counts()["count"]
    assert abs(counts[0] - counts[1]) <= 3
    provenance = read_provenance(path)
    assert provenance is not None
    assert provenance.notes["seed"] == SEED


def test_opening_and_breaking_are_logged_with_names_and_reasons_and_never_with_arms(study: Path) -> None:
    seal(study)
    broken = break_code(study, kit="K0002", by=" A.  Physician ", reason="rash", passphrase=PASSPHRASE)
    unblind_study(study, passphrase=PASSPHRASE, by="A. Statistician")
    entries = [{k: v for k, v in entry.items() if k not in {"time", "software"}} for entry in read_log(study)[2:]]
    assert entries == [
        {"step": "unblind --emergency", "kit": "K0002", "by": "A. Physician", "reason": "rash"},
        {"step": "unblind", "by": "A. Statistician", "kits": 200},
    ]
    assert broken.arm in ARM_NAMES
    assert read_table(study / "arms.parquet", ARMS).filter(pl.col("kit") == "K0002")["arm"][0] == broken.arm


def test_each_kit_has_an_emergency_code_that_opens_it_alone(study: Path, tmp_path: Path) -> None:
    seal(study, codes=tmp_path / "codes.csv", pharmacy_list=tmp_path / "list.csv")
    with (tmp_path / "codes.csv").open() as stream:
        codes = {row["kit"]: row["code"] for row in csv.DictReader(stream)}
    with (tmp_path / "list.csv").open() as stream:
        arms = {row["kit"]: row["arm"] for row in csv.DictReader(stream)}
    assert break_code(study, kit="K0011", by="B", reason="r", code=codes["K0011"]).arm == arms["K0011"]
    logged = len(read_log(study))
    with pytest.raises(RefusedError):
        break_code(study, kit="K0012", by="B", reason="r", code=codes["K0011"])
    assert len(read_log(study)) == logged
    assert (tmp_path / "codes.csv").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("by", "reason", "option"), [("", "r", "--by"), ("B", "  ", "--reason")])
def test_nobody_breaks_a_code_without_name_and_reason(study: Path, by: str, reason: str, option: str) -> None:
    seal(study)
    with pytest.raises(InputError, match=f"{option} is missing"):
        break_code(study, kit="K0001", by=by, reason=reason, passphrase=PASSPHRASE)


def test_a_wrong_passphrase_writes_nothing(study: Path) -> None:
    seal(study)
    logged = len(read_log(study))
    with pytest.raises(RefusedError, match="does not open"):
        unblind_study(study, passphrase="incorrect horse", by="B")
    assert not (study / "arms.parquet").exists()
    assert len(read_log(study)) == logged


def test_kits_are_sealed_once_and_opened_once(study: Path) -> None:
    with pytest.raises(MissingError, match="no sealed list"):
        unblind_study(study, passphrase=PASSPHRASE, by="B")
    seal(study)
    with pytest.raises(ConflictError, match="sealed already"):
        seal(study, seed=1)
    unblind_study(study, passphrase=PASSPHRASE, by="B")
    with pytest.raises(ConflictError, match="known already"):
        unblind_study(study, passphrase=PASSPHRASE, by="B")
    (study / SEALED_PATH).unlink()
    with pytest.raises(ConflictError, match="known already"):
        seal(study)


def test_files_that_tell_arms_are_not_written_into_the_study(study: Path, tmp_path: Path) -> None:
    for option in ("codes", "pharmacy_list"):
        with pytest.raises(RefusedError, match="must not lie in the study folder"):
            seal(study, **{option: study / "stimuli" / "list.csv"})
        (tmp_path / "there.csv").write_text("mine")
        with pytest.raises(ConflictError, match="exists already"):
            seal(study, **{option: tmp_path / "there.csv"})
    assert not (study / SEALED_PATH).exists()


def test_a_drawn_seed_differs_each_time(study: Path, tmp_path: Path) -> None:
    create_study(tmp_path / "other", template="oxytocin")
    lists = []
    for folder in (study, tmp_path / "other"):
        seal(folder, seed=None)
        lists.append(read_table(unblind_study(folder, passphrase=PASSPHRASE, by="B"), ARMS)["arm"].to_list())
    assert lists[0] != lists[1]


@pytest.mark.parametrize("template", ["minimal", "oxytocin"])
def test_without_blinded_arms_there_is_nothing_to_seal(tmp_path: Path, template: str) -> None:
    folder = tmp_path / "study"
    create_study(folder, template=template)
    text = (folder / "study.yaml").read_text().replace("blinding: double", "blinding: none")
    (folder / "study.yaml").write_text(text)
    assert read_study(folder)
    with pytest.raises(InputError, match="nothing to seal"):
        seal(folder)
