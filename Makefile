# Two commands for everybody: `make demo` and `make test`. Each makes .venv and installs what it needs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-slow lint docs bench gallery clean

demo: .venv/ready
	$(BIN)/perceptron tour -o tour

test: .venv/ready-dev
	$(BIN)/pytest --numprocesses auto --dist loadfile

test-slow: .venv/ready-dev  ## the long proofs and trainings as well
	$(BIN)/pytest --numprocesses auto --dist loadfile -m 'slow or not slow'

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: .venv/ready-dev  ## run the code in the documents
	$(BIN)/pytest tests/test_docs.py

gallery: .venv/ready  ## every figure of the chapter, drawn into docs/gallery
	$(BIN)/python -m workbench.gallery docs/gallery
	$(BIN)/python -m workbench.rows docs/gallery/engine.svg
	$(BIN)/python -m examples.computer.pictures docs/gallery

bench: .venv/ready-dev
	for script in $(filter-out benchmarks/fuzz_formats.py,$(wildcard benchmarks/*.py)); do $(BIN)/python $$script || exit 1; done

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/ready-dev: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ .venv/ready

clean:
	rm -rf .venv tour
