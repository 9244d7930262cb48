# Python 3.11, git and make are all this needs: everything else comes from PyPI and npm, into this
# folder. Each finished step leaves a stamp inside what it made, so that a repeated run is quick and
# an interrupted step is done again.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
ifneq ($(MAKECMDGOALS),test-side-by-side)
.NOTPARALLEL:
endif
MAKEFLAGS += --no-print-directory

UV_VERSION := 0.13.9
PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
PY := .venv/bin/python
BROWNIE := $(PY) scripts/toolchain/brownie.py
# Each run in a folder of its own: a run that begins closes the one that runs share to others, the database's user among them.
PYTEST := $(PY) -m pytest -p no:pytest-brownie --basetemp=$$(mktemp -d)/tests
COMPILE_LOCK := .venv/bin/uv pip compile --quiet --python $(PY) --universal --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --upgrade pyproject.toml

export PATH := $(CURDIR)/.toolchain/bin:$(CURDIR)/.venv/bin:$(PATH)
export SOLCX_BINARY_PATH := $(CURDIR)/scripts/toolchain
export PYTHONPATH := $(CURDIR)
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
# Without it every process compiles all that it imports: a start of the demo then takes twice as long.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv/.made
PACKAGES := .venv/.synced
MODULES := node_modules/.synced
BROWSER := .toolchain/chromium/.unpacked
INSTALLED := .toolchain/.linked
COMPILED := build/.compiled
SOURCES := $(shell find contracts interfaces -name '*.sol' 2>/dev/null)

.PHONY: help
help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-16s %s\n", $$1, $$2 }'

# ---------------------------------------------------------------------------------- install

.PHONY: install
install: $(INSTALLED) $(BROWSER) ## everything the project needs, from PyPI and npm

OFFLINE = { echo "This step failed. Is the network up? Then run 'make install' again: it goes on from here." >&2; exit 1; }

$(VENV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or newer is needed. Install it, or name it: make install PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "This Python has no venv module (on Debian: apt install python3-venv)." >&2; exit 1; }
	@echo "[1/5] Python environment"
	@rm -rf .venv
	@$(PYTHON) -m venv .venv || $(OFFLINE)
	@$(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) || $(OFFLINE)
	@touch $@

$(PACKAGES): $(VENV) requirements-dev.lock
	@echo "[2/5] Python packages (about 250 MB)"
	@.venv/bin/uv pip sync --quiet --python $(PY) --require-hashes requirements-dev.lock || $(OFFLINE)
	@.venv/bin/uv pip install --quiet --python $(PY) --offline --no-deps --no-build-isolation --editable . || $(OFFLINE)
	@touch $@

$(MODULES): $(PACKAGES) package.json package-lock.json .npmrc
	@echo "[3/5] compiler, chain and browser from npm (about 210 MB)"
	@$(PY) scripts/toolchain/npm.py ci --ignore-scripts --no-progress --loglevel=error || $(OFFLINE)
	@touch $@

$(INSTALLED): $(MODULES) scripts/toolchain/link.py
	@echo "[4/5] links in .toolchain/bin"
	@$(PY) scripts/toolchain/link.py
	@touch $@

$(BROWSER): $(INSTALLED) scripts/toolchain/chromium.js
	@echo "[5/5] browser for the tests"
	@.toolchain/bin/node scripts/toolchain/chromium.js
	@mkdir -p $(@D) && touch $@

# -------------------------------------------------------------------------------- contracts

.PHONY: contracts
contracts: $(COMPILED) ## compile the contracts, write their ABIs for the backend

$(COMPILED): $(INSTALLED) $(SOURCES) brownie-config.yaml scripts/toolchain/solc.js scripts/toolchain/abi.py
	@echo "Compiling the contracts (about a minute)"
	@log=$$(mktemp); $(BROWNIE) compile >$$log 2>&1 || { cat $$log >&2; exit 1; }; rm $$log
	@$(PY) scripts/toolchain/abi.py
	@touch $@

# ------------------------------------------------------------------------------------ tests

.PHONY: test test-contracts test-backend test-backend-engine test-backend-views test-e2e test-side-by-side
test: install contracts ## all tests, three at a time
	@echo "Testing: the whole in a browser, contracts, and the backend in two parts, three at a time (about nine minutes)"
	@$(MAKE) -j3 --output-sync=target test-side-by-side

# The longest begins first; what one waits for (blocks, processes that start) the others use. The browser's is its own
# process: Playwright's event loop would stand in the way of others.
test-side-by-side: test-e2e test-contracts test-backend-engine test-backend-views

test-contracts: install contracts ## tests of the contracts (Brownie on anvil; Foundry for the invariants of money and funds)
	@$(BROWNIE) test tests/contracts
	@forge test

test-backend: install contracts ## tests of the backend
	@$(PYTEST) tests/backend

ENGINE := $(addprefix tests/backend/,auth chain cities cli content demo migrations relay test_db.py)

test-backend-engine: install contracts
	@$(PYTEST) $(ENGINE)

test-backend-views: install contracts
	@$(PYTEST) tests/backend $(addprefix --ignore=,$(ENGINE))

test-e2e: install contracts ## tests of the whole in a browser
	@$(PYTEST) tests/e2e

.PHONY: lint format
lint: $(PACKAGES) ## check style and mistakes
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

format: $(PACKAGES) ## bring Python files into the project's format
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format .

# --------------------------------------------------------------------------------- programs

.PHONY: demo bench gas rehearsal fuzz screenshots
demo: install contracts ## chain, database, backend and a lived-in network; FRESH=1 starts it anew
	@.venv/bin/citynet demo $(if $(FRESH),--fresh)

bench: install contracts ## measure the indexer at full size
	@$(PY) scripts/bench.py

gas: install contracts ## measure gas of every action against its bar
	@$(PY) scripts/gas.py

rehearsal: install contracts ## a whole season: 1,117 cities, 100,000 citizens, Paris' projects, five funds, audited
	@$(PY) scripts/rehearsal.py

fuzz: install contracts ## long run of the stateful tests, other games each time (GAMES=, STEPS=, SEED=)
	@FUZZ=1 $(BROWNIE) test tests/contracts/stateful
	@FUZZ=1 $(BROWNIE) test tests/contracts/funds/lives
	@FOUNDRY_PROFILE=fuzz forge test --fuzz-seed $$(od -An -N4 -tu4 /dev/urandom)

screenshots: install contracts ## pictures of every page, in both languages, for a phone and a desktop, light and dark
	@$(PY) scripts/screenshots.py

# ----------------------------------------------------------------------------- housekeeping

.PHONY: lock clean pristine
lock: $(VENV) ## choose the newest fitting versions again, write the lock files
	@$(COMPILE_LOCK) --group dev --output-file requirements-dev.lock
	@$(COMPILE_LOCK) --constraint requirements-dev.lock --output-file requirements.lock
	@touch $(VENV) && $(MAKE) $(PACKAGES)
	@rm -rf node_modules package-lock.json # npm would take over what it finds there
	@$(PY) scripts/toolchain/npm.py install --package-lock-only --ignore-scripts --loglevel=error
	@if grep -nE '"resolved"|index-url|find-links' requirements*.lock package-lock.json; then \
		echo "a lock file names a host" >&2; exit 1; fi

clean: ## remove what was built, keep what was installed
	@rm -rf build reports .pytest_cache .ruff_cache .mypy_cache backend/chain/abi/*.json
	@find . -path ./node_modules -prune -o -path ./.venv -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf

pristine: clean ## remove what was installed too
	@rm -rf .venv node_modules .toolchain
