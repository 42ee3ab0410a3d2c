# Everything sets itself up in .venv; needed beforehand: Python 3.11 or newer with its venv module, and make.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
# Two workers: the tests wait more than they compute.
PYTEST := $(PY) -m pytest -q -n 2

.DEFAULT_GOAL := help
.PHONY: help run test check lint format soak bench wheel screenshots lock

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.runtime ## the bot: on Telegram with MARGINBOT_TOKEN, else in a local chat whose address it prints
	@exec $(PY) -m bot run

test: $(VENV)/.dev ## the tests (a few minutes); every branch of the engine must be covered
	$(PYTEST) --cov --cov-report=term

check: lint test ## everything: format, lint, types, import contracts, Dockerfile, tests

lint: $(VENV)/.dev ## format, lint, types, import contracts and Dockerfile, without the tests
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/hadolint Dockerfile

format: $(VENV)/.dev ## puts the code into its format
	$(PY) -m ruff check --fix-only --quiet .
	$(PY) -m ruff format .

soak: $(VENV)/.dev ## the same tests with full counts (20,000 random books, 200 kills on each database), then every sign flipped (hours)
	MARGINBOT_SOAK=1 $(PYTEST) --timeout 7200
	$(PY) -m tests.support.sign_flips --seconds 14400

bench: $(VENV)/.dev ## the bot beside a bare echo bot, the engine beside its peers (fetched at first); figures as ratios
	$(PY) -m benchmarks
	$(PY) -m benchmarks.engine

wheel: $(VENV)/.dev ## the engine alone as a wheel without dependencies, in dist/
	rm -rf build/engine && mkdir -p build/engine
	cp -R margin_engine LICENSE packaging/margin_engine/pyproject.toml packaging/margin_engine/README.md build/engine
	$(PY) -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist build/engine

screenshots: $(VENV)/.dev ## the pictures of docs/screens and docs/flows, taken anew in Chromium, and of docs/pictures, drawn anew
	$(PY) -m tests.support.screens
	$(PY) -m tests.support.flow_screens
	$(PY) -m tests.support.pictures

lock: ## pins the dependencies anew, with hashes (needs uv)
	# What runs is what was tested: the first file binds the versions of the second.
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev --extra postgres pyproject.toml -o requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --constraints requirements-dev.txt --extra postgres pyproject.toml -o requirements.txt

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "marginbot needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime
