"""Papers whose numbers make no sense at all are answered with findings, never with an error of ours."""

from __future__ import annotations

import json
import random
from typing import Any, get_args

from mimicrylab.stats.recheck.paper import KINDS, Paper
from mimicrylab.stats.recheck.run import recheck_paper

NUMBERS = ("0", "1", "-1", ".05", "< .001", "> .99", "95%", "1e14", "0.00", "-0.0", "100", "2.5", "-3.35", "1e-20")
COUNTS = ("0", "1", "2", "3", "50", "1000000")
LITERALS = {
    "test": ("student", "welch", "unknown"),
    "says": ("significant", "not_significant"),
    "fitted": ("in_sample", "held_out"),
    "design": ("between", "within", "unknown"),
}
PAPERS = 400


def draw_entry(rng: random.Random, kind: str, name: str) -> dict[str, Any]:
    (model,) = [each for each in get_args(Paper.model_fields[kind].annotation) if each is not Ellipsis]
    entry: dict[str, Any] = {"id": name}
    for field, info in model.model_fields.items():
        text = str(info.annotation)
        words = {"variable": "EQ", "of": "all", "outcome": "EQ", "split": "sex", "data": "rows", "predictor": "smile"}
        if field in {"id", "where", "sample", "about", "includes", "all_of"}:
            continue
        if not info.is_required() and rng.random() < 0.3:
            continue
        if field == "model":
            entry[field] = "models_0"
        elif field == "features":
            entry[field] = ["smile", "frown"][: rng.randint(1, 2)]
        elif "Literal" in text:
            entry[field] = rng.choice(LITERALS[field])
        elif field == "level":
            entry[field] = rng.choice((".95", "99%", "0.5", ".001"))
        elif "Printed" in text:
            entry[field] = rng.choice(NUMBERS)
        elif "int" in text:
            entry[field] = rng.choice(COUNTS)
        else:
            entry[field] = words.get(field, rng.choice(["mean squared error (MAE)", "RMSE", "all", "x"]))
    return entry


def test_numbers_without_sense_never_raise() -> None:
    found = 0
    for seed in range(PAPERS):
        rng = random.Random(seed)
        paper: dict[str, Any] = {"version": 1, "title": "Nonsense"}
        for kind in KINDS:
            if kind not in {"samples", "statements"}:
                paper[kind] = [draw_entry(rng, kind, f"{kind}_{place}") for place in range(2)]
        paper["tallies"][0]["includes"] = ["tallies_1"]
        about = ["groups_0", "models_1", "chi_square_0"]
        paper["statements"] = [{"id": "said", "text": "nothing", "says": "not_significant", "about": about}]
        found += len(recheck_paper(Paper.model_validate_json(json.dumps(paper))))
    assert found > PAPERS
