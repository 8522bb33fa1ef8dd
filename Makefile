# Everything a newcomer types. `make` alone explains the targets; what follows two hashes is the explanation.
#
# PYTHON=python3.12 picks another Python for a new environment, PORT=8000 another port, TRACKER_HOME another
# place for the data, ARGS="-k lodging" goes to pytest as it is. For a machine without a network, fill a folder
# elsewhere by `pip download -d FOLDER '.[test]' setuptools wheel`, take it there, and set
# PIP_NO_INDEX=1 PIP_FIND_LINKS=FOLDER for the first make.

PYTHON ?= python3
PORT ?= 5000
ARGS ?=
export PYTHON PORT

.DEFAULT_GOAL := help
.PHONY: help setup setup-test system demo test test-fast test-long check format words leaks bench clean

# Two processes at most: each one has a server and a browser of its own. `worksteal` gives either of them half of
# the tests in one piece, so that what a module prepared is used again, and evens out the end.
PYTEST = env -u TRACKER_HOME .venv/bin/python -m pytest -n auto --maxprocesses 2 --dist worksteal

help: ## Explain the targets (this text).
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## Build the environment (.venv) and install the program in it. Again only when setup.cfg has changed.
	@sh scripts/environment run

demo: export TRACKER_HOME := $(if $(TRACKER_HOME),$(TRACKER_HOME),.tracker-home)
demo: setup ## Prepare demo data in TRACKER_HOME (.tracker-home) and serve both sites on 127.0.0.1:PORT (5000).
	@.venv/bin/tracker demo --serve --port "$$PORT"

test: setup-test system ## Run every test, with a real browser and a real PostgreSQL; at least 95 % coverage.
	$(PYTEST) --cov=tracker/rules --cov=tracker/services $(ARGS)

test-fast: setup-test ## Run the tests that need neither a browser nor PostgreSQL.
	$(PYTEST) -m "not browser and not postgres" $(ARGS)

test-long: export TEST_PERIODS := 20000
test-long: setup-test ## Count 20,000 random periods twice, by two implementations that must agree (test: 2,000).
	env -u TRACKER_HOME .venv/bin/python -m pytest -q tests/rules/test_counting_twice.py $(ARGS)

check: setup-test ## Check style, form, types (strict for rules and services) and layers.
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy --strict
	env -u TRACKER_HOME .venv/bin/python -m pytest -q tests/house/test_layers.py

format: setup-test ## Put the code into the form that check asks for.
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

words: setup-test ## Gather the words of the public pages into their catalogues, and say which have no translation.
	@.venv/bin/python scripts/words.py

leaks: setup-test ## Look for private marks in every public byte, with 300 changes, and print the figures.
	@env -u TRACKER_HOME .venv/bin/python -W error -m tests.leaks

bench: setup ## Run the benchmarks; each prints a ratio against a baseline measured in the same call.
	@.venv/bin/python -m benchmarks $(ARGS)

clean: ## Remove the environment and what building left behind. The data in TRACKER_HOME stays.
	rm -rf .venv build dist *.egg-info .coverage .coverage.* htmlcov .hypothesis
	rm -rf .mypy_cache .pytest_cache .ruff_cache screenshots
	find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

setup-test:
	@sh scripts/environment test

system:
	@sh scripts/system-packages
