"""README and the manual agree with the code, and their links lead somewhere."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contract.pages import DOCS, PAGES, ROOT, list_commands
from mimicrylab import __version__

DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
READ_ME_TOO = sorted((ROOT / "src").rglob("*.md"))
"""Documents inside the package: those of the study templates."""
COMMANDS = dict(list_commands())
OPTION = re.compile(r"(?<!\S)(--[a-z][a-z-]*|-[a-z])\b")

every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


@pytest.mark.parametrize(("path", "render"), PAGES.items(), ids=[path.name for path in PAGES])
def test_rendered_pages_are_current(path: Path, render: Callable[[], str]) -> None:
    assert path.read_text(encoding="utf-8") == render(), "do: make docs"


def find_snippets(text: str) -> Iterator[str]:
    """Yield each line of code in a document: lines of fenced blocks, and inline code."""
    fence = re.compile(r"^```[^\n]*\n(.*?)^```", flags=re.DOTALL | re.MULTILINE)
    for block in fence.findall(text):
        yield from block.replace("\\\n", " ").splitlines()
    yield from re.findall(r"`([^`\n]+)`", fence.sub("", text))


def find_command(line: str) -> tuple[str, list[str]] | None:
    """Return the full name of the mimicrylab command in a line of code and its words, or None."""
    words = line.strip().removeprefix("$ ").partition("  #")[0].split()
    if words[:1] != ["mimicrylab"]:
        return None
    name = "mimicrylab"
    while len(words) > 1 and f"{name} {words[1]}" in COMMANDS:
        name = f"{name} {words.pop(1)}"
    return name, words[1:]


@pytest.mark.parametrize(
    "path",
    [path for path in [*DOCUMENTS, *READ_ME_TOO] if path.name != "bad-input.md"],  # its commands are wrong on purpose
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_commands_in_the_documents_exist_with_their_options(path: Path) -> None:
    for line in find_snippets(path.read_text(encoding="utf-8")):
        found = find_command(line)
        if not found:
            continue
        name, words = found
        command = COMMANDS[name]
        assert not (hasattr(command, "commands") and words and re.fullmatch("[a-z]+", words[0])), f"no command: {line}"
        known = {option for p in command.params for option in (*p.opts, *p.secondary_opts)} | {"--help", "-h"}
        unknown = set(OPTION.findall(" ".join(words))) - known
        assert not unknown, f"{line}: no option {', '.join(unknown)}"


@every_document
def test_make_targets_in_the_documents_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for line in find_snippets(path.read_text(encoding="utf-8")):
        words = line.split()
        if words[:1] == ["make"]:
            assert set(words[1:2]) <= targets, line


def list_anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@every_document
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        aim = (path.parent / name).resolve() if name else path
        assert aim.exists(), f"{target} leads nowhere"
        if anchor:
            assert anchor in list_anchors(aim), f"{target} names no heading"


def test_every_page_of_the_manual_is_reached_from_its_index() -> None:
    pages = {path.resolve() for path in DOCS.rglob("*.md")}
    reached, left = set(), [DOCS / "index.md"]
    while left:
        page = left.pop().resolve()
        if page in reached or page not in pages:
            continue
        reached.add(page)
        links = re.findall(r"\]\(([^)#\s]+\.md)", page.read_text(encoding="utf-8"))
        left += [page.parent / link for link in links]
    assert pages - reached == set()


def test_the_version_is_the_same_everywhere() -> None:
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_changelog_tells_of_every_verb() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    verbs = [name for name in COMMANDS if name.count(" ") == 1]
    assert not [verb for verb in verbs if f"`{verb}`" not in text]


def test_the_two_commands_stand_near_the_top_of_the_readme() -> None:
    top = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:25]
    words = [line.split()[:2] for line in top]
    assert words.index(["make", "demo"]) < words.index(["make", "test"])
