# Each target sets up what it needs. `make help` lists them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
COUNTRY ?=
PARTNER ?=
OUT ?= out
MINUTES ?= 20

.DEFAULT_GOAL := help
.PHONY: help setup brief test fuzz check browser cluster bench constraints clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: $(BIN)/.ready ## make .venv with everything

$(BIN)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/python -m compileall -q src
	$(BIN)/python -m palanca.trade.warm
	touch $@

brief: setup ## write the brief to out/ (COUNTRY=… PARTNER=… OUT=… for another pair or folder)
	$(BIN)/palanca brief $(if $(COUNTRY),"$(COUNTRY)" "$(PARTNER)") --out "$(OUT)"

test: setup ## run the tests on all cores
	$(BIN)/python -m pytest -n auto --dist worksteal -m 'not browser and not fuzz'

fuzz: setup ## search for faults on new random seeds for 20 minutes (MINUTES=… for another time)
	$(BIN)/python benchmarks/fuzz.py --minutes $(MINUTES)

check: setup ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_layers.py tests/test_surface.py

browser: setup ## open the pages in Chromium: screenshots, accessibility, print
	$(BIN)/python -m pytest -m browser

cluster: setup ## run what uses a cluster on two local workers of Dask, installed apart: it slows every start
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target .cluster -c constraints.txt dask distributed
	PYTHONPATH=.cluster $(BIN)/python -m pytest tests/trade/test_cluster.py tests/events -k "cluster or scheduler" -rs

bench: setup ## time and memory of the main commands
	$(BIN)/python benchmarks/brief.py

constraints: setup ## pin every dependency anew
	$(BIN)/uv pip compile --quiet --upgrade --no-emit-index-url --no-header --all-extras pyproject.toml -o constraints.txt

clean: ## remove the environment and results
	rm -rf $(VENV) out
