"""The command as a process: what it prints and how it ends."""

import signal
import subprocess
import sys

import pytest

from mimicrylab import __version__

RUN_WITH = """
import sys
from mimicrylab.cli.main import app, main
from mimicrylab.errors import InputError

@app.command("break")
def break_command() -> None:
    {body}

sys.argv = ["mimicrylab", *{arguments!r}]
main()
"""


def run(*arguments: str, body: str = "pass") -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, with one more command ``break`` that does ``body``."""
    program = RUN_WITH.format(body=body, arguments=list(arguments))
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)


def test_version_is_printed() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"mimicrylab {__version__}\n", "")


def test_the_module_runs_as_the_command_does() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mimicrylab", "--version"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, f"mimicrylab {__version__}\n")


def test_the_list_of_commands_cuts_no_sentence() -> None:
    listed = run("--help").stdout.partition("Commands:")[2].strip().splitlines()
    assert len(listed) > 10
    assert all(line.endswith(".") and not line.endswith("...") for line in listed if "break" not in line)


def test_done_is_exit_code_0() -> None:
    done = run("break")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_error_of_ours_is_a_message_on_stderr_and_exit_code_1() -> None:
    done = run("break", body="raise InputError('the table is empty', where='events.csv', do='fill it')")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: events.csv: the table is empty\n  do: fill it\n"


def test_an_error_that_is_also_an_operating_systems_error_is_no_traceback() -> None:
    body = "from mimicrylab.errors import MissingError; raise MissingError('there is no study')"
    done = run("break", body=body)
    assert (done.returncode, done.stderr) == (1, "error: there is no study\n")


@pytest.mark.parametrize("arguments", [["bogus"], ["break", "--bogus"], ["break", "extra"]])
def test_a_wrong_command_line_is_exit_code_2(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr


def test_an_interruption_is_exit_code_130_without_a_traceback() -> None:
    done = run("break", body=f"import os; os.kill(os.getpid(), {int(signal.SIGINT)})")
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
    assert "interrupted; what was finished is kept" in done.stderr


def test_a_bug_of_ours_is_not_hidden() -> None:
    done = run("break", body="raise ZeroDivisionError('a bug')")
    assert done.returncode == 1
    assert "ZeroDivisionError: a bug" in done.stderr
