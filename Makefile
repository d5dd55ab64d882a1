# Two commands matter: “make run” (a demonstration) and “make test”. “make help” lists the rest.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
SUPPORTED := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	$$each -c '$(SUPPORTED)' 2>/dev/null && echo $$each && break; done)
MESSAGES := $(wildcard locale/*/LC_MESSAGES/django.po)
COMPILED := $(MESSAGES:.po=.mo)
WORKERS ?= 2
SIZE ?= 100k
PICTURES := assets/bundles/.built

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test contract pictures check coverage bench audit admin backup restore messages requirements clean tour faults install

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | \
		while IFS='|' read -r target words; do printf '  make %-14s %s\n' "$$target" "$$words"; done

run: $(VENV)/.run-ready $(COMPILED) $(PICTURES) ## start the demonstration: sample harvested, accounts printed, Ctrl-C stops it (PORT=8000)
	@exec $(BIN)/python -m genealogy_site.demonstration

test: $(VENV)/.test-ready $(COMPILED) $(PICTURES) ## the whole suite, on SQLite, or on DATABASE_URL and REDIS_URL where they are set
	@exec $(BIN)/python -m pytest -n $(WORKERS)

contract: $(VENV)/.test-ready $(COMPILED) ## the interface for programs against its description, hundreds of examples an operation; a walk through 100,000 artifacts
	@API_EXAMPLES=$${EXAMPLES:-200} API_WALK=$${WALK:-100000} API_RECORDS=100000 $(BIN)/python -m pytest -n $(WORKERS) \
		tests/lineage/api/test_contract.py tests/lineage/api/test_walks.py

tour: $(VENV)/.test-ready $(COMPILED) $(PICTURES) ## every page in a browser, in every language, colours and width, with and without scripts
	@TOUR=whole exec $(BIN)/python -m pytest -n $(WORKERS) tests/browser/test_tour.py tests/browser/test_tour_back_office.py

faults: $(VENV)/.test-ready $(COMPILED) ## harvests killed, cut off and filled up, over servers of their own, about 45 minutes (FAULTS_SIZE=20000, TESTS=…)
	@FAULTS=whole exec $(BIN)/python -m pytest -n0 --capture=no --quiet $(or $(TESTS),tests/faults)

.PHONY: day walks hostile
hostile: $(VENV)/.test-ready $(COMPILED) $(PICTURES) ## every page in a browser with each of sixty payloads in each text, about 40 minutes
	@HOSTILE=whole exec $(BIN)/python -m pytest -n $(WORKERS) tests/browser/test_hostile_tour.py

day: $(VENV)/.test-ready $(COMPILED) $(PICTURES) ## a working day of the desk in a browser: ten cases and three referrals, with and without scripts
	@DAY=whole exec $(BIN)/python -m pytest -n $(WORKERS) tests/browser/test_day.py

walks: $(VENV)/.test-ready ## ten thousand random walks over the acts on a case, about half an hour (WALKS=10000)
	@WALKS=$${WALKS:-10000} exec $(BIN)/python -m pytest -n0 tests/rights/desk/test_walks.py

pictures: $(VENV)/.run-ready ## build the pictures of families anew, with npm from PATH or from the wheel
	@rm -f $(PICTURES)
	@$(MAKE) --no-print-directory $(PICTURES)

check: $(VENV)/.test-ready $(COMPILED) ## format, lint, types, layers, templates, migrations, deployment settings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	git ls-files -z 'templates/*.html' | xargs -0 -r $(BIN)/djade --target-version 5.2 --check
	DEBUG=1 $(BIN)/mypy .
	$(BIN)/lint-imports
	DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run
	DEBUG=0 ALLOWED_HOSTS=genealogy.example SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

coverage: $(VENV)/.test-ready $(COMPILED) ## the suite with branch coverage; fails under the threshold of pyproject.toml
	@exec $(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report=term:skip-covered

bench: $(VENV)/.test-ready $(COMPILED) ## this project beside its peers on made-up hubs (SIZE=100k, 1m or 3m; on DATABASE_URL's server, or SQLite)
	@env -u DATABASE_URL -u REDIS_URL $(BIN)/python -m benchmarks --size $(SIZE) --database "$(DATABASE_URL)"

.PHONY: painted
painted: $(VENV)/.test-ready $(COMPILED) $(PICTURES) ## trees and maps of families of 20,000 and 200,000 in a browser: seconds and memory
	@env -u DATABASE_URL -u REDIS_URL $(BIN)/python -m benchmarks --pictures

audit: $(VENV)/.test-ready ## known faults of the pinned libraries, unsafe code, secrets in the tree and in history (needs the network)
	@exec .ci/audit $(BIN)

install: $(VENV)/.run-ready $(COMPILED) $(PICTURES) ## what a real installation needs beside its settings: libraries, translations, pictures

admin: $(VENV)/.run-ready $(COMPILED) ## make the first account of a real installation
	@$(BIN)/python manage.py migrate --verbosity 0
	@exec $(BIN)/python manage.py create_admin

backup: $(VENV)/.run-ready ## the database and the files into a new folder under TO (TO=/var/backups/genealogy); keys are kept apart
	@test -n "$(TO)" || { echo "Say where: make backup TO=/var/backups/genealogy. Nothing was written."; exit 1; }
	@exec $(BIN)/python -m genealogy_site.backup backup "$(TO)"

restore: $(VENV)/.run-ready ## the database and the files of one backup (FROM=…/genealogy-…), then what was decided since; stop the site first
	@test -n "$(FROM)" || { echo "Say which: make restore FROM=/var/backups/genealogy/genealogy-…. Nothing was restored."; exit 1; }
	@exec $(BIN)/python -m genealogy_site.backup restore "$(FROM)"

messages: $(VENV)/.run-ready ## read the texts out of the code into locale/, ready for translation (needs gettext)
	@command -v xgettext >/dev/null || { echo "gettext is missing; nothing was changed. On Debian: apt-get install gettext"; exit 1; }
	$(BIN)/django-admin makemessages --locale fr --no-location --no-wrap --ignore $(VENV) --ignore var --ignore node_modules

requirements: $(VENV)/.test-ready ## pin anew what requirements.in and requirements-dev.in name, with hashes
	CUSTOM_COMPILE_COMMAND="make requirements" $(PIP_COMPILE) --output-file=requirements.txt requirements.in
	CUSTOM_COMPILE_COMMAND="make requirements" $(PIP_COMPILE) --output-file=requirements-dev.txt requirements-dev.in

clean: ## remove the environment, caches and the demonstration's data (not .env)
	rm -rf $(VENV) var assets/bundles node_modules htmlcov .coverage* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f $(COMPILED)

# Extras stay in the pins: pip resolves “coverage[toml]” apart from “coverage”, and would take a newer one without a hash.
PIP_COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --no-strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer with its venv module was found. Nothing was installed." \
		"On Debian: apt-get install python3-venv. Or name one: make run PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-ready: requirements.txt | $(BIN)/python
	@echo "Installing requirements.txt into $(VENV): once, a minute or so."
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.test-ready: requirements-dev.txt | $(BIN)/python
	@echo "Installing requirements-dev.txt into $(VENV): once, a minute or two."
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.run-ready

$(PICTURES): package-lock.json $(wildcard frontend/*.js frontend/*.mjs) | $(VENV)/.run-ready
	@$(BIN)/python -m genealogy_site.bundles
	@mkdir -p $(@D) && touch $@

%.mo: %.po | $(BIN)/python
	@$(BIN)/pybabel --quiet compile -D django -i $< -o $@
