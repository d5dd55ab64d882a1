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

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check coverage audit admin messages requirements clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | \
		while IFS='|' read -r target words; do printf '  make %-14s %s\n' "$$target" "$$words"; done

run: $(VENV)/.run-ready $(COMPILED) ## start the demonstration: sample harvested, accounts printed, Ctrl-C stops it (PORT=8000)
	@exec $(BIN)/python -m genealogy_site.demonstration

test: $(VENV)/.test-ready $(COMPILED) ## the whole suite, on SQLite, or on DATABASE_URL and REDIS_URL where they are set
	@exec $(BIN)/python -m pytest -n $(WORKERS)

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

audit: $(VENV)/.test-ready ## known faults of the pinned libraries, unsafe code, secrets in the tree and in history (needs the network)
	@exec .ci/audit $(BIN)

admin: $(VENV)/.run-ready $(COMPILED) ## make the first account of a real installation
	@$(BIN)/python manage.py migrate --verbosity 0
	@exec $(BIN)/python manage.py create_admin

messages: $(VENV)/.run-ready ## read the texts out of the code into locale/, ready for translation (needs gettext)
	@command -v xgettext >/dev/null || { echo "gettext is missing; nothing was changed. On Debian: apt-get install gettext"; exit 1; }
	$(BIN)/django-admin makemessages --locale fr --no-location --no-wrap --ignore $(VENV) --ignore var

requirements: $(VENV)/.test-ready ## pin anew what requirements.in and requirements-dev.in name, with hashes
	CUSTOM_COMPILE_COMMAND="make requirements" $(PIP_COMPILE) --output-file=requirements.txt requirements.in
	CUSTOM_COMPILE_COMMAND="make requirements" $(PIP_COMPILE) --output-file=requirements-dev.txt requirements-dev.in

clean: ## remove the environment, caches and the demonstration's data (not .env)
	rm -rf $(VENV) var htmlcov .coverage* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f $(COMPILED)

PIP_COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
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

%.mo: %.po | $(BIN)/python
	@$(BIN)/pybabel --quiet compile -D django -i $< -o $@
