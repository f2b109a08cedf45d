"""Fixtures on real PostgreSQL.

Tests run on databases of their own, cloned from a template that has the schema, the law and the centres: real
commits, real roles, real row-level security, no rollback tricks. `database` is one clone for a test module,
`own_database` one for a single test. Tests of rules (tests/unit, tests/golden, tests/properties) use neither.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))
sys.path.insert(0, str(PROJECT / "src"))
os.environ.setdefault("HPF_RUN", str(PROJECT / ".run" / "tests"))
os.environ.setdefault("HPF_CLUSTER", "test")
os.environ.setdefault("HPF_DATABASE", "nothing_yet")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from tools.suite import takes_chances  # noqa: E402  the path is set above

_numbers = itertools.count(1)
SCHEMA_FILES = ("src/hpf/*/migrations/*.py", "src/hpf/*/*.sql", "law/**/*.yaml", "law/**/*.csv", "demo/law/**/*.yaml", "src/hpf/*/*.yaml")


def _digest() -> str:
    hashed = hashlib.sha256()
    for pattern in SCHEMA_FILES:
        for path in sorted(PROJECT.glob(pattern)):
            hashed.update(path.read_bytes())
    return hashed.hexdigest()[:12]


def _connect_to(name: str) -> None:
    from django.db import connections

    for alias in ("default", "owner", "observer"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _build_template(cluster: Any, name: str) -> None:
    from django.core.management import call_command

    from tools import postgres

    postgres.ensure_database(cluster, name)
    _connect_to(name)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    call_command("load_law", pack=[str(PROJECT / "demo" / "law")], verbosity=0)
    _connect_to("nothing_yet")


@pytest.fixture(scope="session")
def template() -> Iterator[tuple[Any, str]]:
    """The cluster, and the name of a database with schema and law to clone from; built once for a schema."""
    import fcntl

    import django

    from tools import postgres

    run = Path(os.environ["HPF_RUN"])
    (run / "keys").mkdir(parents=True, exist_ok=True)
    with (run / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        cluster = postgres.start(os.environ["HPF_CLUSTER"])
        keys = run / "keys" / "fields.json"
        if not keys.exists():
            from hpf.db.crypto import new_keys

            new_keys(keys)
        django.setup()
        digest = _digest()
        name, building = f"template_{digest}", f"building_{digest}"
        if not postgres.psql(cluster, "postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            postgres.psql(cluster, "postgres", f'DROP DATABASE IF EXISTS "{building}" WITH (FORCE)')
            _build_template(cluster, building)
            postgres.psql(cluster, "postgres", f'ALTER DATABASE "{building}" RENAME TO "{name}"')
    yield cluster, name


@contextmanager
def cloned(template: tuple[Any, str]) -> Iterator[str]:
    """A fresh clone, and all three roles connected to it; dropped afterwards."""
    from tools import postgres

    cluster, source = template
    name = f"t_{os.getpid()}_{next(_numbers)}"
    postgres.psql(cluster, "postgres", f'CREATE DATABASE "{name}" TEMPLATE "{source}" OWNER hpf_owner')
    _connect_to(name)
    try:
        yield name
    finally:
        _connect_to("nothing_yet")
        postgres.psql(cluster, "postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def database(template: tuple[Any, str]) -> Iterator[str]:
    """A database of this test module's own, with law and the 16 centres; tests commit and make their own people."""
    with cloned(template) as name:
        yield name


@pytest.fixture
def own_database(template: tuple[Any, str]) -> Iterator[str]:
    """A database of this one test's own."""
    with cloned(template) as name:
        yield name


@pytest.fixture
def queries() -> Iterator[list[str]]:
    """The SQL sent on the application's connection while the fixture lives; clear() it before what you count."""
    from django.db import connection

    sent: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Say what a test counted; it stands at the end of the run, whichever process ran the test."""
    return lambda words: request.node.user_properties.append(("told", words))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for report in terminalreporter.getreports("passed"):
        for name, words in report.user_properties:
            if name == "told" and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid.partition('::')[2]}: {words}")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak-hours", default="0.02", help="how long `make soak` goes on, in hours")
    parser.addoption("--chance", action="store_true", help="only tests that may come out otherwise on the same tree (tools/suite.py)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long runs are run by name only: `-m soak`. With `--chance`, files without threads, killed processes and browser are left out."""
    if config.getoption("--chance"):
        files = {path: takes_chances(path, path.read_text(encoding="utf-8")) for path in {item.path for item in items}}
        config.hook.pytest_deselected(items=[item for item in items if not files[item.path]])
        items[:] = [item for item in items if files[item.path]]
    if "soak" not in (config.getoption("-m") or ""):
        skip = pytest.mark.skip(reason="a long run: make soak")
        for item in items:
            if item.get_closest_marker("soak"):
                item.add_marker(skip)


@pytest.fixture
def soak_hours(pytestconfig: pytest.Config) -> str:
    return str(pytestconfig.getoption("--soak-hours"))
