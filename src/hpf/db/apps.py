"""What holds for every connection to the database."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created

STATEMENTS_KEPT = 400
"""All that the pages of one audience say, and the commands behind them. The driver's own 100 would be turned over all day."""


class DbConfig(AppConfig):
    name = "hpf.db"

    def ready(self) -> None:
        connection_created.connect(_keep_statements, dispatch_uid="hpf.db.statements")


def _keep_statements(connection: Any, **_: Any) -> None:
    from hpf.db.cursors import Cursor

    connection.connection.prepared_max = STATEMENTS_KEPT
    connection.connection.cursor_factory = Cursor
