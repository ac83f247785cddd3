# Needs nothing but make and a python3 of 3.11 or newer; everything else goes into .venv at the versions of constraints.txt.
PYTHON ?= python3
COUNT  ?= 440
SEED   ?= 1
VENV   := .venv
PY     := $(VENV)/bin/python
INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable

# One thread each: kernels are serial, and idle threads of linear algebra only slow a small machine down.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export NUMBA_NUM_THREADS := 1

# Tests start hundreds of processes: compiled Python is kept for them, even where the shell says otherwise, and beside the tree, not in it.
COMPILED := $(CURDIR)/$(VENV)/compiled
FORGET    = @if [ -d '$(COMPILED)' ]; then find '$(COMPILED)' -name 'pytest-of-*' -prune -exec rm -rf {} +; fi
KEPT      = PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX='$(COMPILED)' $(PY)
PYTEST    = $(KEPT) -m pytest

# Some shells export a HOST or a NAME of their own; only what was typed after make counts.
typed = $(if $(filter command,$(firstword $(origin $(1)))),$(2) '$($(1))')

.DEFAULT_GOAL := help
PORT   ?= 8050
WORKERS ?= 2
SOLARA_PORT ?= 8765
WHEELS ?= wheelhouse
.PHONY: help install demo app solara solara-test test test-slow slurm-test kernels lint format parameters fields numbers bench bench-page same against dock dock-live wheelhouse clean

help: ## list these targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

install: $(VENV)/.stamp ## create .venv with what a run needs

demo: $(VENV)/.stamp ## run baseline and pandemic with its twin, write outputs/demo/report.html
	$(PY) -m analysis demo

app: $(VENV)/.stamp-app ## serve the page: make app PORT=8050; to a class: make app HOST=0.0.0.0 NAME=192.168.1.20
	$(PY) -m analysis app --port $(PORT) $(call typed,HOST,--host) $(call typed,NAME,--name)

solara: $(VENV)/.stamp-solara ## serve the page for Mesa users: make solara SOLARA_PORT=8765
	$(PY) -m analysis mesa --port $(SOLARA_PORT)

solara-test: $(VENV)/.stamp-slow $(VENV)/.stamp-solara ## the page for Mesa users in a browser (extra solara: half a gigabyte)
	$(PYTEST) -q -rs -m slow tests/test_mesa_page_slow.py

test: $(VENV)/.stamp-test ## check style, types, rooms and behaviour
	$(FORGET)
	@$(MAKE) --no-print-directory --jobs=2 lint kernels
	$(PYTEST) -q -m "not slow" --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

test-slow: $(VENV)/.stamp-slow ## long tests, all examples, the page in a browser, other interpreters
	$(FORGET)
	$(PYTEST) -q -m "slow or hypothesis" --hypothesis-profile=cloud-diplomacy-all --numprocesses $(WORKERS) --dist loadgroup --no-loadscope-reorder
	bash tests/other_interpreters.sh

slurm-test: $(VENV)/.stamp-test ## a study on a real SLURM of one node, set up and taken down (part of test-slow)
	$(PYTEST) -q -s -rs -m slurm

kernels: $(VENV)/.stamp-test ## compile the kernels that tests need
	$(KEPT) tests/compiled.py

lint: $(VENV)/.stamp-test ## check style, types and rooms only
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache

format: $(VENV)/.stamp-test ## lay out the code and mend what can be mended
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/ruff format .

parameters: $(VENV)/.stamp ## rewrite docs/parameters.csv from the parts
	$(PY) tests/parameter_table.py

fields: $(VENV)/.stamp ## rewrite sim/state/fields.py and docs/state.csv from what parts declare
	$(PY) tests/world_fields.py

numbers: $(VENV)/.stamp ## accept moved numbers: rewrite tests/data/numbers.json (then say so in CHANGELOG.md)
	$(PY) tests/told_numbers.py

bench: $(VENV)/.stamp ## measure speed (BENCH=--quick for a short look)
	@ls benchmarks/bench_*.py >/dev/null 2>&1 || { echo "make bench: there is no benchmarks/bench_*.py to run." >&2; exit 2; }
	@for file in $$(ls benchmarks/bench_*.py | grep -v bench_page); do echo "$$file"; $(PY) "$$file" $(BENCH) || exit 1; done

bench-page: $(VENV)/.stamp-slow ## measure the page in a browser (BENCH=--quick for a short look)
	$(PY) benchmarks/bench_page.py $(BENCH)

same: $(VENV)/.stamp ## compare every number with a commit, bit for bit: make same BASE=COMMIT (FRESH=1: live the base anew)
	@$(PY) benchmarks/same.py $(call typed,BASE,--base) $(call typed,PLANT,--plant) $(if $(FRESH),--fresh) $(if $(KEEP),--keep '$(KEEP)')

against: $(VENV)/.stamp ## measure this tree beside a commit, in processor time: make against BASE=COMMIT
	@$(PY) benchmarks/against.py $(call typed,BASE,--base)

dock: $(VENV)/.stamp ## replay stored negotiations: make dock FILE=profiles.jsonl.gz
	@$(PY) benchmarks/dock.py "$(FILE)"

dock-live: $(VENV)/.stamp ## let NegMAS hold fresh negotiations in .venv-dock and replay them
	@$(PY) benchmarks/dock.py --live $(COUNT) $(SEED)

wheelhouse: $(VENV)/.stamp ## wheels of this version for a machine without a network: make wheelhouse WHEELS=wheelhouse
	$(PY) docs/recipes/wheelhouse.py "$(WHEELS)" $(EXTRAS)

clean: ## remove what make created; outputs/ stays
	rm -rf $(VENV) .venv-3.* .venv-dock build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find sim analysis configs scenarios tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made: pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install python3 (3.11 or newer) or say where it is: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is $$($(PYTHON) -V 2>&1), but 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments: install its venv module (on Debian and Ubuntu: apt install python3-venv)" >&2; exit 2; }
	@$(PY) -m pip --version >/dev/null 2>&1 || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV); }
	@touch $@

$(VENV)/.stamp: $(VENV)/.made
	$(INSTALL) .
	@touch $@

$(VENV)/.stamp-app: $(VENV)/.stamp
	$(INSTALL) '.[app]'
	@touch $@

$(VENV)/.stamp-solara: $(VENV)/.stamp
	$(INSTALL) '.[solara]'
	@touch $@

# Tests compile what they import, and keep it (COMPILED): compiling every library first takes a minute.
$(VENV)/.stamp-test: $(VENV)/.made
	$(INSTALL) '.[test,app]' --no-compile
	@touch $@ $(VENV)/.stamp

$(VENV)/.stamp-slow: $(VENV)/.stamp-test
	$(INSTALL) '.[test,app,browser]' --no-compile
	@touch $@
