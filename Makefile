# The two that matter: `make demo` serves a furnished desk, `make test` proves it works.
# Both set up all they need in .venv; a set-up that is up to date takes no time.

PYTHON ?= python3
BIN := .venv/bin
UV_PIP := $(BIN)/uv pip --quiet
IN_VENV := --python .venv
COMPILE := $(UV_PIP) compile --universal --generate-hashes --python-version 3.11
INSTALL_SELF := $(UV_PIP) install $(IN_VENV) --no-build-isolation --no-deps --editable .

.PHONY: demo test check soak bench assets lock format clean setup setup-demo system

demo: setup-demo
	@exec $(BIN)/kefu demo $(if $(PORT),--port $(PORT))

test:
	@started=$$(date +%s) && $(MAKE) --no-print-directory -j2 setup system && \
	ready=$$(date +%s) && echo "Set-up took $$((ready - started)) s" && \
	$(MAKE) --no-print-directory check && $(BIN)/pytest $(PYTEST) && \
	echo "Checks and tests took $$(($$(date +%s) - ready)) s"

check: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python hatch_build.py check
	$(BIN)/python tools/catalogs.py

soak: setup system
	$(BIN)/pytest -m soak $(PYTEST)

bench: setup system
	$(BIN)/python -m benchmarks $(BENCH)

assets: setup-demo
	$(BIN)/python hatch_build.py

format: setup
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Resolve anew what the needs in pyproject.toml allow: `make lock UPGRADE=--upgrade`.
lock: setup
	$(COMPILE) $(UPGRADE) pyproject.toml --extra postgres --extra nats --group build --group dev \
		-o requirements/test.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --group build -c requirements/test.txt \
		-o requirements/demo.txt

clean:
	rm -rf .venv frontend/node_modules src/kefu/web/static/dist dist build
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache screenshots

setup: .venv/.for-test
	@$(BIN)/python hatch_build.py

setup-demo: .venv/.for-demo
	@$(BIN)/python hatch_build.py

system:
	@sh tools/system-packages.sh

.venv/.for-test: requirements/test.txt pyproject.toml .venv/.uv
	@$(UV_PIP) sync $(IN_VENV) --require-hashes requirements/test.txt
	@$(BIN)/python hatch_build.py
	@$(INSTALL_SELF)
	@touch $@ .venv/.for-demo

.venv/.for-demo: requirements/demo.txt pyproject.toml .venv/.uv
	@$(UV_PIP) sync $(IN_VENV) --require-hashes requirements/demo.txt
	@$(BIN)/python hatch_build.py
	@$(INSTALL_SELF)
	@rm -f .venv/.for-test && touch $@

.venv/.uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kefu needs Python 3.11: make PYTHON=python3.11")'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
