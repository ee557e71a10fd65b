"""The command line explains itself and answers at once."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from contract.pages import list_commands, name_argument

HEAVY = ("ai_edge_litert", "av", "cv2", "matplotlib", "numpy", "pandas", "polars", "pyarrow", "scipy", "statsmodels")
COMMANDS = dict(list_commands())

every_command = pytest.mark.parametrize("name", COMMANDS)

ASK_ALL = """
import contextlib, io, json, sys
from mimicrylab.cli.main import main
texts = {}
for words in json.loads(sys.argv[1]):
    sys.argv = [*words, "--help"]
    with contextlib.redirect_stdout(io.StringIO()) as text, contextlib.suppress(SystemExit):
        main()
    texts[" ".join(words)] = text.getvalue()
print(json.dumps({"texts": texts, "modules": sorted({name.partition(".")[0] for name in sys.modules})}))
"""


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What every ``--help`` printed in one process, and the modules that were imported for it."""
    words = json.dumps([name.split() for name in COMMANDS])
    done = subprocess.run([sys.executable, "-c", ASK_ALL, words], capture_output=True, text=True, check=True)
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def test_no_help_imports_anything_heavy(answers: dict[str, Any]) -> None:
    assert "mimicrylab" in answers["modules"]
    assert not set(HEAVY) & set(answers["modules"])


@every_command
def test_help_shows_the_commands_text_and_every_option(answers: dict[str, Any], name: str) -> None:
    text = answers["texts"][name]
    assert text.startswith(f"Usage: {name}")
    for parameter in COMMANDS[name].params:
        assert any(option in text for option in parameter.opts) or name_argument(parameter) in text


@every_command
def test_a_command_says_in_a_sentence_what_it_does(name: str) -> None:
    first = (COMMANDS[name].help or "").strip().split("\n\n")[0]
    assert re.fullmatch(r"[A-Z].*\.", first, flags=re.DOTALL), f"{name}: {first!r} is no sentence"


@every_command
def test_every_argument_and_option_is_described(name: str) -> None:
    undescribed = [parameter.name for parameter in COMMANDS[name].params if not parameter.help]
    assert not undescribed


@every_command
def test_options_are_whole_words_joined_by_hyphens(name: str) -> None:
    options = [option for parameter in COMMANDS[name].params for option in parameter.opts if option.startswith("-")]
    assert all(re.fullmatch(r"--[a-z]+(-[a-z]+)*|-[a-zA-Z]", option) for option in options)
