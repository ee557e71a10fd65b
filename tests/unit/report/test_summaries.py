"""Summaries over people, worked out by hand."""

from __future__ import annotations

import polars as pl
import pytest

from mimicrylab.report.summaries import average_within, summarise_people


def test_mean_and_interval_of_three_people() -> None:
    row = summarise_people(pl.DataFrame({"g": ["x"] * 3, "value": [1.0, 2.0, 3.0]}), ["g"]).row(0, named=True)
    reach = 4.302652729911275 / 3**0.5  # t(2), .975, times SD 1 by root n
    assert (row["n"], row["mean"], row["sd"], row["median"]) == (3, 2.0, 1.0, 2.0)
    assert row["ci_low"] == pytest.approx(2 - reach)
    assert row["ci_high"] == pytest.approx(2 + reach)


def test_two_people_have_no_interval_one_has_no_spread_and_none_has_nothing() -> None:
    frame = pl.DataFrame({"g": ["a", "a", "b", "c"], "value": [1.0, 3.0, 5.0, None]})
    rows = {row["g"]: row for row in summarise_people(frame, ["g"]).iter_rows(named=True)}
    assert rows["a"]["mean"] == 2.0
    assert rows["a"]["ci_low"] is None
    assert (rows["b"]["n"], rows["b"]["sd"]) == (1, None)
    assert (rows["c"]["n"], rows["c"]["mean"]) == (0, None)


def test_missing_values_are_left_out_of_everything() -> None:
    with_null = summarise_people(pl.DataFrame({"g": ["x"] * 4, "value": [1.0, 2.0, 3.0, None]}), ["g"])
    without = summarise_people(pl.DataFrame({"g": ["x"] * 3, "value": [1.0, 2.0, 3.0]}), ["g"])
    assert with_null.equals(without)


def test_each_person_counts_once() -> None:
    frame = pl.DataFrame({"p": ["a", "a", "a", "b"], "value": [1.0, 1.0, 4.0, 10.0]})
    assert average_within(frame, ["p"])["value"].to_list() == [2.0, 10.0]
