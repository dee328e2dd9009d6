# Thin targets: each sets up the virtual environment it needs, then runs one command.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# A process a core: most of the time goes into crawls, databases and browsers that tests start and wait for. To stop at a
# failure with a debugger, run $(BIN)/pytest itself.
TESTS := $(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist worksteal

.PHONY: demo test check bench soak screenshots format clean

demo: $(VENV)/run
	$(BIN)/backissue demo

test: $(VENV)/dev
	$(TESTS)

check: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(TESTS)

bench: $(VENV)/dev
	$(BIN)/python -m benchmarks

# Long: hundreds of kill -9 on both databases; the result stands in docs/reliability.md.
soak: $(VENV)/dev
	$(BIN)/python -m benchmarks soak

# Needs a system Chromium and fonts for what is shown (Debian: fonts-noto-core fonts-noto-cjk).
screenshots: $(VENV)/dev
	BACKISSUE_SCREENSHOTS=docs/screenshots $(BIN)/pytest tests/archive/web/test_pictures.py

format: $(VENV)/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/run

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
