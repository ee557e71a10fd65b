"""The page as a whole: the same bytes, no network, well formed, readable without eyes."""

from __future__ import annotations

import json
import re

import polars as pl
import pytest

from mimicrylab.report.assembly import assemble_report
from mimicrylab.report.document import write_documents
from mimicrylab.report.source import ReportSource
from unit.report.page_reader import Page, read_page


@pytest.fixture(scope="module")
def page(documents_of_twelve: dict[str, str]) -> Page:
    return read_page(documents_of_twelve["report.html"])


def test_same_inputs_give_the_same_bytes(source_of_twelve: ReportSource, documents_of_twelve: dict[str, str]) -> None:
    assert write_documents(assemble_report(source_of_twelve)) == documents_of_twelve


def test_nothing_is_fetched_from_anywhere(documents_of_twelve: dict[str, str]) -> None:
    html = documents_of_twelve["report.html"]
    assert not re.search(r"""(?:src|href|action|data|poster)\s*=\s*["']?\s*(?:https?:)?//""", html, re.IGNORECASE)
    assert not re.search(r"url\(\s*['\"]?(?!#)", html)
    assert "@import" not in html
    for link in re.findall(r'href="([^"]+)"', html):
        assert link.startswith("#") or link in documents_of_twelve


def test_policy_forbids_everything_but_the_pages_own_style_and_script(page: Page) -> None:
    policies = [m["content"] for m in page.find("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policies[0].startswith("default-src 'none'")
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}='", policies[0])
    assert len(page.find("script")) == 1


def test_page_is_well_formed_with_unique_ids(page: Page) -> None:
    assert page.mistakes == []
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))
    targets = {link["href"][1:] for link in page.find("a") if (link.get("href") or "").startswith("#")}
    assert targets <= set(ids)


def test_headings_step_down_one_at_a_time(page: Page) -> None:
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))


def test_tables_have_captions_and_scopes(page: Page) -> None:
    assert len(page.find("caption")) == len(page.find("table")) > 5
    assert all(heading.get("scope") for heading in page.find("th"))
    assert page.find("html")[0]["lang"] == "en"


def test_each_figure_has_words_data_and_a_file(page: Page, documents_of_twelve: dict[str, str]) -> None:
    pictures = [attributes for attributes in page.find("svg") if attributes.get("role") == "img"]
    assert len(pictures) == len(page.find("figure")) > 5
    for picture in pictures:
        assert len(picture["aria-label"]) > 40
        assert re.search(r"\d", picture["aria-label"])
    names = [figure["id"].removeprefix("figure-") for figure in page.find("figure")]
    for name in names:
        assert documents_of_twelve[f"figures/{name}.svg"].startswith("<?xml")
        assert len(documents_of_twelve[f"figures/{name}.csv"].splitlines()) > 1


def test_results_and_tables_hold_the_numbers_unrounded(documents_of_twelve: dict[str, str]) -> None:
    estimates = {one["term"]: one for one in json.loads(documents_of_twelve["results.json"])}
    # Person i of 12 (1 to 10 are usable) moves .5 (1 + i/12) where congruent and .5 i/10 elsewhere.
    expected = sum(0.5 * (1 + i / 12) - 0.5 * i / 10 for i in range(1, 11)) / 10
    assert estimates["happiness, AU12: congruent - incongruent"]["estimate"] == pytest.approx(expected)
    table = pl.read_csv(documents_of_twelve["tables/congruence.csv"].encode())
    assert table.filter(pl.col("signal") == "AU12")["difference"][0] == pytest.approx(expected)


def test_contents_list_every_section(page: Page) -> None:
    linked = [link["href"] for link in page.find("a") if (link.get("href") or "").startswith("#")][1:]
    sections = [f"#{section['id']}" for section in page.find("section")]
    assert linked == sections
