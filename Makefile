# The stream file to build from and the folder to build into:
# make template STREAM=radio.toml OUT=build/radio
# Both may contain spaces and quotes.
STREAM ?= stream.toml
OUT ?= build
PYTHON ?= python3

VENV := .venv
RUN := $(VENV)/bin/python
COMMAND := $(VENV)/bin/protected-stream
PIN := $(VENV)-pins/bin/uv pip compile --quiet --upgrade --generate-hashes --no-header --no-annotate \
  --no-emit-package pip
PARALLEL := --numprocesses logical --maxprocesses 4 --dist worksteal
# a worker for each file, because the tests of a file share a preview; in the order of their names:
# reordered by their number of tests, files with few long ones run last
SHARING := --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
# with a worker for each processor, the preview's tests leave half of their time unused
WAITING := --numprocesses $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --maxprocesses 5 --dist loadfile \
  --no-loadscope-reorder
FAST := tests/unit tests/template tests/lambda_src tests/examples
# only wheels: a source distribution would run its author's code on installation
WHEELS := --quiet --disable-pip-version-check --only-binary :all:
INSTALL := $(RUN) -m pip install $(WHEELS)
quoted = '$(subst ','\'',$(1))'
OR_SAY_WHY := || { echo "pip could not install from PyPI (see the error above). Check the network connection." >&2; exit 1; }

.PHONY: help template site preview endpoint lint fix docs expected requirements release clean \
  test test-slow test-preview test-browser test-mutation test-policy bench fuzz test-all screens

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

template: $(VENV)/for-building ## write and lint the template of STREAM into OUT
	@$(COMMAND) template $(call quoted,$(STREAM)) --out $(call quoted,$(OUT))

site: $(VENV)/for-building $(VENV)/for-site ## write the page of STREAM and its libraries into OUT/site
	@$(COMMAND) page $(call quoted,$(STREAM)) --out $(call quoted,$(OUT))

# SOURCE=show.mp4 sends that video, BROWSER=no opens no browser, PARAMETERS="Name=Value ..."
preview: $(VENV)/for-building $(VENV)/for-site $(VENV)/for-testing ## run it on this machine and watch
	@$(MAKE) --no-print-directory template site >/dev/null
	@$(RUN) -m preview $(call quoted,$(OUT)/template.json) $(PARAMETERS) \
	  $(if $(SOURCE),--source $(call quoted,$(SOURCE))) \
	  $(if $(filter no,$(BROWSER)),--no-browser)

endpoint: $(VENV)/for-building $(VENV)/for-testing ## serve the preview's account to the AWS CLI and protected-stream
	@$(RUN) -m preview --endpoint

# ARGS go to pytest, for instance ARGS="-k kms"; a path in ARGS replaces the tier's folders (so write
# options that take paths with "=": --deselect=tests/...).
pytest = $(RUN) -m pytest $(1) $(or $(filter tests/%,$(ARGS)),$(2)) $(filter-out tests/%,$(ARGS))

test: $(VENV)/for-testing $(VENV)/for-site ## lint, then test modules, templates, functions, some examples: 8 minutes
	@echo "linting and testing: about 8 minutes on two cores" >&2
	@$(MAKE) --no-print-directory lint
	@$(call pytest,$(PARALLEL) -m "not slow",$(FAST))

test-slow: $(VENV)/for-testing ## test what comes by the hundred: every failed call, pairs of options: 5 minutes
	@echo "testing every failed call and pairs of options: about 5 minutes on two cores" >&2
	@$(call pytest,$(PARALLEL) -m slow,$(FAST))

test-preview: $(VENV)/for-testing $(VENV)/for-site $(VENV)-cli/for-testing ## test whole stacks: updates, rotations, faults: 15 minutes
	@echo "testing the preview: about 15 minutes on two cores" >&2
	@$(call pytest,$(WAITING),tests/preview)

test-browser: $(VENV)/for-testing $(VENV)/for-site ## test the page in Chromium and Firefox, in real time: 24 minutes
	@echo "testing in a browser: about 24 minutes" >&2
	@$(call pytest,$(SHARING),tests/browser)

screens: $(VENV)/for-testing $(VENV)/for-site ## show every state of the page in build/screens/index.html
	@$(RUN) -m pytest tests/browser/test_layout.py
	@$(RUN) -m tests.browser.contact_sheet

test-mutation: $(VENV)/for-testing ## test that mutations of the templates are found: 11 minutes
	@echo "testing mutations: about 11 minutes on two cores" >&2
	@$(call pytest,$(PARALLEL),tests/mutation)

test-policy: $(VENV)/for-testing $(VENV)-policy/for-policy ## run checkov and AWS Control Tower's rules over every example: 2 minutes
	@echo "checking policies: about 2 minutes" >&2
	@$(call pytest,,tests/policy)

bench: $(VENV)/for-testing $(VENV)/for-site ## time building and watching, on an idle machine: 8 minutes
	@echo "timing: about 8 minutes; leave the machine idle" >&2
	@$(call pytest,,tests/bench)

fuzz: $(VENV)/for-testing ## try every pair of option values, 5,000 stream files, 200,000 requests, faults in alarms: 20 minutes
	@echo "trying generated input: about 20 minutes" >&2
	@$(call pytest,$(PARALLEL),tests/fuzz/test_everything.py tests/fuzz/test_options.py tests/fuzz/test_alarm_mutations.py)

test-all: ## all of them, one after the other and without ARGS: 90 minutes
	@$(MAKE) --no-print-directory test ARGS=
	@$(MAKE) --no-print-directory test-slow ARGS=
	@$(MAKE) --no-print-directory test-preview ARGS=
	@$(MAKE) --no-print-directory test-browser ARGS=
	@$(MAKE) --no-print-directory test-mutation ARGS=
	@$(MAKE) --no-print-directory test-policy ARGS=
	@$(MAKE) --no-print-directory fuzz ARGS="tests/fuzz/test_a_tenth.py tests/fuzz/test_options.py tests/fuzz/test_alarm_mutations.py"
	@$(MAKE) --no-print-directory bench ARGS=

lint: $(VENV)/for-testing ## check style, types and English; changes nothing (make fix does)
	@$(RUN) -m ruff format --check
	@$(RUN) -m ruff check
	@$(RUN) -m mypy
	@$(VENV)/bin/codespell
	@$(RUN) -m tests.english

fix: $(VENV)/for-testing ## fix style automatically
	@$(RUN) -m ruff check --fix
	@$(RUN) -m ruff format

docs: $(VENV)/for-building ## write what is generated in docs: stream-file.md, lint.md, examples.md, parameters.md ...
	@$(RUN) -m protected_stream.cli.reference
	@$(RUN) -m protected_stream.cli.examples
	@$(RUN) -m protected_stream.cli.controls
	@$(RUN) -m protected_stream.cli.interface_reference
	@$(RUN) -m protected_stream.cli.diagram

expected: $(VENV)/for-testing ## rewrite tests/expected; read the diff before committing it
	@$(RUN) -m tests.expected_files
	@$(RUN) -m tests.preview.updates
	@PYTHONPATH=lambda_src $(RUN) -m tests.lambda_src.channel_guard.owed_restarts
	@$(RUN) -m tests.preview.shows_record

requirements: ## pin the newest versions that pyproject.toml and the *.in files allow
	@$(PYTHON) -m venv $(VENV)-pins
	@$(VENV)-pins/bin/pip install $(WHEELS) --require-hashes --requirement requirements-pins.txt $(OR_SAY_WHY)
	@$(PIN) --universal --python-version 3.11 requirements-pins.in -o requirements-pins.txt
	@$(PIN) --universal --python-version 3.11 pyproject.toml requirements.in -o requirements.txt
	@$(PIN) --universal --python-version 3.11 requirements-site.in -o requirements-site.txt
	@$(PIN) --universal --python-version 3.11 pyproject.toml requirements.in requirements-dev.in \
	  -o requirements-dev.txt
	@$(PIN) --universal --python-version 3.11 requirements-policy.in -o requirements-policy.txt
	@$(PIN) --universal --python-version 3.11 requirements-cli.in -o requirements-cli.txt
	@$(PIN) --universal --python-version 3.11 --no-deps requirements-guard.in -o requirements-guard.txt
	@$(PIN) --python-version 3.14 --python-platform aarch64-manylinux_2_34 \
	  lambda_src/requirements.in -o lambda_src/requirements.txt

release: $(VENV)/for-building ## write packages, templates, bill of materials, checksums into OUT/release
	@$(RUN) -m release $(OUT)/release

clean: ## remove .venv, caches and build
	@rm -rf $(VENV) $(VENV)-cli $(VENV)-pins $(VENV)-policy .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find build -mindepth 1 -not -name .gitignore -delete

$(RUN):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) must be Python 3.11 or newer; name another: make PYTHON=python3.13" >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) comes without venv; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
	  exit 1; }
	@echo "making $(VENV) ..." >&2
	@$(PYTHON) -m venv $(VENV)

$(VENV)/for-building: requirements.txt pyproject.toml | $(RUN)
	@echo "installing what building needs ..." >&2
	@$(INSTALL) --require-hashes --requirement requirements.txt $(OR_SAY_WHY)
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/for-site: requirements-site.txt | $(RUN)
	@echo "installing what the page's libraries come with ..." >&2
	@$(INSTALL) --require-hashes --requirement requirements-site.txt $(OR_SAY_WHY)
	@touch $@

$(VENV)/for-testing: requirements-dev.txt $(VENV)/for-building | $(RUN)
	@echo "installing what testing needs ..." >&2
	@$(INSTALL) --require-hashes --requirement requirements-dev.txt $(OR_SAY_WHY)
	@touch $@

$(VENV)-policy/for-policy: requirements-policy.txt requirements-guard.txt
	@echo "installing checkov and AWS Control Tower's rules ..." >&2
	@$(PYTHON) -m venv $(VENV)-policy
	@$(VENV)-policy/bin/pip install $(WHEELS) --require-hashes --requirement requirements-policy.txt $(OR_SAY_WHY)
	@$(VENV)-policy/bin/pip install $(WHEELS) --no-deps --require-hashes --requirement requirements-guard.txt $(OR_SAY_WHY)
	@touch $@

$(VENV)-cli/for-testing: requirements-cli.txt
	@echo "installing the AWS CLI ..." >&2
	@$(PYTHON) -m venv $(VENV)-cli
	@$(VENV)-cli/bin/pip install $(WHEELS) --require-hashes --requirement requirements-cli.txt $(OR_SAY_WHY)
	@touch $@
