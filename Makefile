# demo   everything, then http://127.0.0.1:8000 with the logins printed;  stop  ends it
# check  a minute, before every commit
# test   all of it, on PostgreSQL and in a browser, before landing; of a tree that has passed, what chance may change (AGAIN=1: all)
# bench  the budgets, as ratios measured in one run;  soak  hours of kills and retries with fresh seeds
.PHONY: install demo stop check test bench soak format clean
PY = .venv/bin/python

install:
	@tools/install.sh run

demo: install
	@$(PY) -m demo.run

stop:
	@$(PY) -m demo.run stop

check: install
	@.venv/bin/ruff format --check --quiet . && .venv/bin/ruff check --quiet .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache > .run/imports.log 2>&1 || { cat .run/imports.log; exit 1; }
	@$(PY) -m tools.tidy
	@$(PY) -m pytest tests/unit tests/golden tests/properties tests/architecture -n 2 --dist loadfile

test:
	@tools/install.sh test
	@$(MAKE) --no-print-directory check
	@$(PY) -m tools.suite

bench: install
	@$(PY) -m bench

soak: install
	@$(PY) -m pytest tests -m soak --soak-hours 2

format: install
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

clean:
	@$(PY) -m tools.postgres stop demo; $(PY) -m tools.postgres stop test; rm -rf .run
