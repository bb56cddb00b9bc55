# Two commands do everything: `make run` and `make test`.
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
STAMP_TEST := $(VENV)/.installed-test
# An editable install only warns when its build step fails; the file is looked for, and built loudly if absent.
MAP := dashboard/components/maplibre/dist/fuping_map.js
TYPING := build/typing/fuping

.PHONY: run test browser services lint audit docs screenshots clean

run: $(STAMP)
	@$(VENV)/bin/fuping build
	@$(VENV)/bin/fuping run

test: $(STAMP_TEST) $(TYPING) browser services
	$(VENV)/bin/pytest -n auto --maxprocesses 4 --dist worksteal

# The browser tests need Debian's chromium and a Chinese face; installed where they are absent and apt can. Firefox is
# tested where firefox-esr and xvfb are there.
browser:
	@command -v chromium >/dev/null || (apt-get update -q && apt-get install -y -q chromium fonts-noto-cjk)

# The tests of the store in a database start a PostgreSQL with PostGIS of their own.
services:
	@ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 || (apt-get update -q && apt-get install -y -q --no-install-recommends postgresql postgresql-postgis)

lint: $(STAMP_TEST) $(TYPING)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	MYPYPATH=build/typing $(VENV)/bin/mypy -p fuping
	cd build/typing && ../../$(VENV)/bin/lint-imports --config ../../pyproject.toml 2>/dev/null

# Known weaknesses of what is installed, as the registries tell them; a tool that is thrown away asks.
audit: $(STAMP)
	python3 -m venv build/audit
	build/audit/bin/pip install --quiet pip-audit
	build/audit/bin/pip-audit --progress-spinner off --path "$$($(PY) -P -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
	@command -v npm >/dev/null || { echo "npm is not installed: what the map is built of was not asked for"; exit 1; }
	cd $(dir $(MAP)).. && npm audit --omit=dev

docs: $(STAMP_TEST) $(TYPING)
	$(VENV)/bin/mkdocs build --quiet
	@echo "The documentation is in build/docs: open build/docs/en/index.html"

# The pictures of the documentation, from the packs that are built.
screenshots: $(STAMP_TEST) browser
	$(PY) -P docs/screenshots.py

$(PY):
	python3 -m venv $(VENV)

$(STAMP): $(PY) pyproject.toml setup.py
	$(PY) -m pip install --quiet --editable .
	@test -s $(MAP) || $(PY) $(dir $(MAP))../build.py
	@touch $@

$(STAMP_TEST): $(PY) pyproject.toml setup.py
	$(PY) -m pip install --quiet --editable ".[test,lint]"
	@test -s $(MAP) || $(PY) $(dir $(MAP))../build.py
	@touch $@ $(STAMP)

# Type checker and import-linter do not follow setuptools' package-dir mapping; they see the packages by
# links; import-linter starts among them because the working folder comes first on its path.
$(TYPING):
	mkdir -p $@
	ln -sfn ../../../fuping/__init__.py $@/__init__.py
	ln -sfn ../../../spatial $@/spatial
	ln -sfn ../../../layers $@/layers
	ln -sfn ../../../dashboard $@/dashboard

clean:
	rm -rf $(VENV) build
