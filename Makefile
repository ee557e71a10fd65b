# `make demo` and `make test` do everything on a fresh machine; `make` alone lists what there is.

PYTHON := .venv/bin/python
VERSIONS := 3.11 3.12 3.13
.DEFAULT_GOAL := help
.PHONY: help demo test test-long check bench docs pictures constraints set-up-demo set-up

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 14

demo: set-up-demo ## set up, code the sample videos as a small study, write the report and say where it is
	@$(PYTHON) -m mimicrylab demo

test: check ## set up, check the code, run the tests (at most 15 minutes)
	@$(PYTHON) -m pytest -q -m "not long" -n 2 --dist loadfile

test-long: check ## the slow proofs; writes docs/proofs.md
	@$(PYTHON) -m pytest -q -m long -o junit_family=xunit1 --junitxml .venv/long.xml
	@$(PYTHON) scripts/record_proofs.py .venv/long.xml

check: set-up ## format, lint, types and the import contract
	@$(PYTHON) -m ruff format --check --quiet . || { echo "do: .venv/bin/ruff format ."; exit 1; }
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m mypy --no-error-summary
	@$(PYTHON) -m mypy --no-error-summary bench scripts docs
	@.venv/bin/lint-imports --no-logo >.venv/lint-imports.log 2>&1 || { cat .venv/lint-imports.log; exit 1; }
	@echo "check: format, lint, types and import contract are in order"

bench: set-up ## benchmarks; writes docs/benchmarks.md
	@$(PYTHON) -m bench

docs: set-up ## the pages that are rendered from the code
	@cd tests && ../$(PYTHON) -m contract && ../$(PYTHON) -m bad_input

pictures: set-up ## the pictures of README and the manual (needs Chromium)
	@$(PYTHON) docs/pictures/make.py

constraints: set-up ## the tested versions; delete constraints/*.txt first to take newer ones
	@$(PYTHON) -m pip install --quiet uv
	@for version in $(VERSIONS); do $(PYTHON) -m uv pip compile --quiet --universal --python-version $$version \
	  --no-header --no-annotate --all-extras --group dev \
	  --constraint constraints/limits.txt -o constraints/python-$$version.txt pyproject.toml; done

set-up-demo:
	@python3 scripts/install.py demo

set-up:
	@python3 scripts/install.py test
