"""Where benches happen: a cluster of their own, durable, and one database for each scale, kept under `.run`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
CLUSTER = "bench"


def database_name(scale: float) -> str:
    return f"province_{scale:g}".replace(".", "_")


def enter(scale: float, database: str | None = None) -> None:
    """Point the settings at the bench's database (or a clone of it) and start Django. Child processes call it, too."""
    sys.path[:0] = [path for path in (str(PROJECT), str(PROJECT / "src")) if path not in sys.path]
    os.environ["HPF_RUN"] = str(PROJECT / ".run" / "bench")
    os.environ["HPF_CLUSTER"] = CLUSTER
    os.environ["HPF_DATABASE"] = database or database_name(scale)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    keys = PROJECT / ".run" / "bench" / "keys"
    keys.mkdir(parents=True, exist_ok=True)
    import django

    django.setup()
    if not (keys / "fields.json").exists():
        from hpf.db.crypto import new_keys

        new_keys(keys / "fields.json")


def superuser(database: str):  # type: ignore[no-untyped-def]
    """A connection that may load rows past row-level security: only the set-based build uses it."""
    import psycopg

    from tools import postgres

    return psycopg.connect(postgres.url(postgres.cluster(CLUSTER), database, "postgres"), autocommit=True)


def application(database: str):  # type: ignore[no-untyped-def]
    """A bare connection as the application's role."""
    import psycopg

    from tools import postgres

    return psycopg.connect(postgres.url(postgres.cluster(CLUSTER), database, "hpf_app"), autocommit=True)


def clone(source: str, target: str) -> None:
    """A fresh copy of a database, for work that uses it up."""
    from tools import postgres

    cluster = postgres.cluster(CLUSTER)
    postgres.psql(cluster, "postgres", f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
    postgres.psql(cluster, "postgres", f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')


def drop(database: str) -> None:
    from tools import postgres

    postgres.psql(postgres.cluster(CLUSTER), "postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
