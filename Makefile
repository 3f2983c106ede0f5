# The two commands a newcomer needs are `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test test-browser test-onnx test-all check golden docs bench clean

demo: $(VENV)/installed
	$(BIN)/impasto demo

# Two at a time: a file's tests stay together, and share what they start. In the order of their names:
# by default files of few tests come last, and some of these are long.
# One thread each: with more threads than processors torch is several times slower. And with bytecode,
# which some machines switch off: each of many processes would compile the whole package anew.
PYTEST := OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses auto --maxprocesses 2 --dist loadfile --no-loadscope-reorder

test: $(VENV)/installed-dev
	$(PYTEST) -m "not slow and not browser"

test-browser: $(VENV)/installed-dev
	$(PYTEST) -m "browser and not slow" tests/service/page tests/imaging/zoom

# In an environment of its own, without torch.
test-onnx: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m slow tests/test_without_torch.py

test-all: $(VENV)/installed-dev
	$(PYTEST) -m "slow or not slow"

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --noconftest tests/test_imports.py

# Options go into ARGS: make golden BASE=main ARGS="--handover --only 'color-*'"
golden: $(VENV)/installed-dev
	@test -n "$(BASE)" || { echo "make golden compares with a revision: make golden BASE=main" >&2; exit 2; }
	$(BIN)/python -m tools.golden --base $(BASE) $(ARGS)

docs: $(VENV)/installed-dev
	$(BIN)/python -m tools.generate

bench: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.speed

clean:
	rm -rf $(VENV) impasto-demo

# torch first and pinned: on machines that offer a CPU wheel it keeps gigabytes of CUDA away.
$(VENV)/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) "$$(grep '^torch==' constraints.txt)"
	$(PIP) --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(PIP) --editable '.[dev]'
	touch $@
