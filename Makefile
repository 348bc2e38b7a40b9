# The verbs of Wijkwerk. `make` alone lists them. Needs Python 3.11 or newer; choose another with `make PYTHON=python3.12 demo`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PLUGINS := $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))
DECLARATIONS := pyproject.toml constraints.txt $(PLUGINS:%=%/pyproject.toml)
STRICT := */wijkwerk/access/*,*/wijkwerk/crypto/*,*/wijkwerk/log/*
# a test without its database or token fails, instead of being left out
REAL := WIJKWERK_REQUIRE_POSTGRES=1 WIJKWERK_REQUIRE_SOFTHSM=1 WIJKWERK_REQUIRE_PDF=1

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test systeem soak lint format mutate bench dist clean

help: ## list the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 14

demo: $(VENV)/.installed ## a working system with made-up people, on this machine; another port: make PORT=8001 demo
	@$(BIN)/wijkwerk demo --port $(PORT)

test: $(VENV)/.installed-dev $(VENV)/softhsm $(VENV)/pango ## all tests but those of `systeem`, with the coverage gates
	. $(VENV)/pango/env && $(REAL) $(BIN)/pytest -n 2 --cov --cov-report=term --ignore-glob='*/test_systeem_*.py'
	$(BIN)/coverage report --include='$(STRICT)' --fail-under=100

systeem: $(VENV)/.installed-dev $(VENV)/softhsm ## the slower tests: real server processes, killed, starved and attacked; random walks, merging every record; on both databases
	$(REAL) $(BIN)/pytest -n 2 tests -k test_systeem_

soak: $(VENV)/.installed-dev ## a server killed 1,000 times under load, on each database; go on from a block: make SOAK='--vanaf 7' soak
	$(BIN)/python tests/systeem/soak.py $(SOAK)

lint: $(VENV)/.installed-dev ## style, types, direction of imports, dependencies, licences
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry core/src graphql/src
	$(BIN)/reuse lint --lines

format: $(VENV)/.installed-dev ## put all code in the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

mutate: $(VENV)/.installed-dev $(VENV)/softhsm ## break the predicate and the policy line by line; a change that no test notices is listed, and is a failure
	cd core && $(abspath $(BIN))/mutmut run && ! $(abspath $(BIN))/mutmut results | grep -E 'survived|no tests'

bench: $(VENV)/.installed-dev ## what scope, levels, the log, a work list, searching among a million residents and a log of ten million entries cost
	$(BIN)/python -m benchmarks.bench_lezen
	$(BIN)/python -m benchmarks.bench_beleid
	$(BIN)/python -m benchmarks.bench_werklijst
	$(BIN)/python -m benchmarks.bench_notities
	$(BIN)/python -m benchmarks.bench_weigeringen
	$(BIN)/python -m benchmarks.bench_zoeken
	$(BIN)/python -m benchmarks.bench_rotatie
	$(BIN)/python -m benchmarks.bench_log
	$(BIN)/python -m benchmarks.bench_logvragen

dist: $(VENV)/.installed-dev ## what a release publishes, from the last commit, in dist/
	$(BIN)/python tools/dist.py dist

clean: ## throw away the environment and what tools left behind; data in .demo stays
	rm -rf $(VENV) dist .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis core/mutants

# pip is the last thing venv makes: an environment that was broken off half-way is made again.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Wijkwerk heeft Python 3.11 of nieuwer nodig. Kies er een: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(DECLARATIONS) | $(BIN)/pip
	@echo "Wijkwerk wordt klaargezet in $(VENV). De eerste keer duurt dat een minuut of twee."
	@$(BIN)/pip install --quiet -c constraints.txt -e . $(PLUGINS:%=-e ./%)
	@touch $@

$(VENV)/.installed-dev: $(DECLARATIONS) requirements-dev.txt | $(BIN)/pip
	@echo "Wijkwerk en de gereedschappen worden klaargezet in $(VENV). De eerste keer duurt dat een paar minuten."
	@$(BIN)/pip install --quiet -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

# The token that tests use; no root needed.
$(VENV)/softhsm: tools/softhsm.sh | $(BIN)/pip
	@tools/softhsm.sh $@
	@touch $@

# What PDFs of letters need of the machine; no root needed.
$(VENV)/pango: tools/pango.sh | $(VENV)/.installed-dev
	@tools/pango.sh $@ $(BIN)/python
	@touch $@
