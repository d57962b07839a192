# The few commands of this project; `make` alone lists them. Everything is made inside this folder.
PYTHON ?= python3.11
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test check bench lock clean

# The same settings that `kaart` reads, so that the index is built where it is looked for.
KAART := $(or $(KAART_KAART),sociale_kaart/nijmegen)
MODEL := $(or $(KAART_MODEL),knowledge/model)
DATA := $(or $(KAART_DATA),var)

INDEX := $(DATA)/index/$(notdir $(KAART))/current/manifest.json
EXAMPLES := bot/data/nlu/generated/ask.yml
# All kaarten stand beside each other, with the entries that they share.
KAART_FILES := $(shell find $(KAART)/.. -name '*.yaml')
MODEL_FILES := $(shell find $(MODEL) -type f) $(wildcard knowledge/*.py knowledge/*.tsv)
BOT_FILES := $(shell find bot/data bot/config.yml bot/domain* -name '*.yml' -not -path '*/generated/*')

PIP := -m pip -qq --disable-pip-version-check --no-input install
UV := .venv/bin/uv pip compile --quiet --python-version 3.11 --python-platform linux --no-annotate --custom-compile-command "make lock" $(UPGRADE)
RASA := cd bot && PYTHONWARNINGS=ignore::DeprecationWarning RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 SQLALCHEMY_SILENCE_UBER_WARNING=1 .venv/bin/python -m rasa

help: ## List the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: .venv/.stamp bot/.venv/.stamp bot/models/bot.tar.gz $(INDEX) ## Install both environments, train the bot, build the index: only what is not done yet

run: setup ## Set up and serve until Ctrl-C
	@exec .venv/bin/kaart serve

test: setup check ## Everything that must hold: check, the bot's data and stories, all tests
	@echo "Bot: checking its data (about 30 s) ..."
	@$(call logged,bot/models/validate.log,$(RASA) data validate --domain domain --fail-on-warnings)
	@echo "Bot: walking its stories (about 30 s) ..."
	@$(call logged,bot/models/stories.log,$(RASA) test core --fail-on-prediction-errors --model models/bot.tar.gz --stories tests/stories --out results --no-plot)
	@echo "Tests (some minutes) ..."
	@.venv/bin/pytest --numprocesses auto --dist loadfile --max-worker-restart 0

check: .venv/.stamp ## Format, lint, types and the kaart
	@echo "Checking format, lint, types and the kaart (about 30 s) ..."
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy
	@.venv/bin/kaart check

bench: setup .venv/.bench ## Measure answers and speed, and search beside its peers, while `make run` serves in another terminal
	@.venv/bin/kaart eval --bot tests/evaluation/$(notdir $(KAART)).tsv
	@.venv/bin/kaart bench --peers tests/evaluation/$(notdir $(KAART)).tsv

# Whichever build of torch uv saw, the list is for the CPU; everything else is the same in both.
lock: | .venv/bin/uv ## Resolve both locked lists anew (see CONTRIBUTING.md)
	@$(UV) pyproject.toml --group dev --output-file requirements.lock
	@sed -i -E '/^(cuda-|nvidia-|triton=)/d; s/\+cpu$$//' requirements.lock
	@cd bot && ../$(UV) --no-header requirements.in --override overrides.txt --output-file requirements.lock

# Not the stamp: after a change of pyproject.toml the installed packages do not fit it until the list is resolved.
.venv/bin/uv:
	@$(MAKE) .venv/.stamp

clean: ## Remove what was installed and built; conversations stay
	rm -rf .venv bot/.venv bot/models bot/results bot/.rasa $(dir $(EXAMPLES)) $(DATA)/index *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

# torch goes first and by pip's own choice of build, so that a CPU build at hand is taken; --no-deps keeps all else to the list.
.venv/.stamp: requirements.lock pyproject.toml
	@$(python_3_11)
	@echo "Main environment: installing into .venv (1 to 3 minutes, 2 GB) ..."
	@$(PYTHON) -m venv .venv
	@.venv/bin/python $(PIP) --constraint requirements.lock $$(grep '^torch==' requirements.lock)
	@.venv/bin/python $(PIP) --no-deps --requirement requirements.lock
	@.venv/bin/python $(PIP) --no-deps --no-build-isolation --editable .
	@.venv/bin/python -m pip check > /dev/null || { .venv/bin/python -m pip check; echo "requirements.lock is incomplete: run make lock"; exit 1; }
	@touch $@

# What only the comparison with peers needs: the group `bench`, whose versions are pinned where it stands. All that these packages
# need themselves is there already. Without them their lines are left out, so that a machine without a network can measure the rest.
.venv/.bench: .venv/.stamp
	@echo "Peers of search: installing two packages (100 MB) ..."
	@.venv/bin/python $(PIP) --no-deps $$(.venv/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["bench"])') \
		&& touch $@ || echo "They could not be installed: the comparison leaves them out."

# Rasa says that it needs Python below 3.11; with this list it runs on 3.11: see bot/README.md.
bot/.venv/.stamp: bot/requirements.lock
	@$(python_3_11)
	@echo "Bot environment: installing into bot/.venv (1 to 3 minutes, 2.5 GB) ..."
	@$(PYTHON) -m venv bot/.venv
	@bot/.venv/bin/python $(PIP) --no-deps --ignore-requires-python --requirement bot/requirements.lock
	@touch $@

# The bot learns the kaart's example questions. The file keeps its date when they did not change, so that a new opening hour trains nothing.
bot/models/.examples: $(KAART_FILES) | .venv/.stamp
	@mkdir -p bot/models
	@.venv/bin/kaart nlu $(EXAMPLES).new
	@cmp -s $(EXAMPLES).new $(EXAMPLES) && rm $(EXAMPLES).new || mv $(EXAMPLES).new $(EXAMPLES)
	@touch $@

$(EXAMPLES): bot/models/.examples
	@test -f $@ || .venv/bin/kaart nlu $@

bot/models/bot.tar.gz: bot/.venv/.stamp $(EXAMPLES) $(BOT_FILES)
	@echo "Bot: training (1 to 3 minutes) ..."
	@$(call logged,bot/models/train.log,$(RASA) train --domain domain --fixed-model-name bot --out models)
	@touch $@

$(INDEX): .venv/.stamp $(KAART_FILES) $(MODEL_FILES)
	@echo "Index: encoding the kaart (under a minute) ..."
	@.venv/bin/kaart index

define python_3_11
$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2> /dev/null || \
	{ echo "Python 3.11 is needed and '$(PYTHON)' is not it: install it, or say where it is with make PYTHON=/path/to/python3.11"; exit 1; }
endef

# $(call logged,FILE,COMMAND): keeps a talkative command's output in FILE and shows the end of it when the command fails.
logged = ($(2)) > $(1) 2>&1 || { tail -n 40 $(1); echo "The whole output is in $(1)"; exit 1; }
