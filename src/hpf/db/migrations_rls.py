"""What a migration says about who may see and change a table."""

from __future__ import annotations

from pathlib import Path

from django.db.migrations.operations import RunSQL


class EnableCentreSecurity(RunSQL):
    """Rows of a centre are seen and written only by a session in that centre; the application gets these grants."""

    def __init__(self, table: str, grants: str = "SELECT, INSERT, UPDATE, DELETE", column: str = "centre_id") -> None:
        self.table, self.grants, self.column = table, grants, column
        super().__init__(
            sql=f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            CREATE POLICY own_centre ON {table} TO hpf_app
                USING ({column} = (SELECT hpf_centre())) WITH CHECK ({column} = (SELECT hpf_centre()));
            GRANT {grants} ON {table} TO hpf_app;
            """,
            reverse_sql=f"DROP POLICY own_centre ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        return self.__class__.__name__, [], {"table": self.table, "grants": self.grants, "column": self.column}


class GrantToApp(RunSQL):
    """A table without centres (the law, the centres themselves, the queue): only what the application may do with it."""

    def __init__(self, table: str, grants: str = "SELECT") -> None:
        self.table, self.grants = table, grants
        super().__init__(sql=f"GRANT {grants} ON {table} TO hpf_app", reverse_sql=f"REVOKE ALL ON {table} FROM hpf_app")

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        return self.__class__.__name__, [], {"table": self.table, "grants": self.grants}


class RunSqlFile(RunSQL):
    """Execute a plain .sql file that lies beside the module: views, functions, triggers, grants."""

    def __init__(self, path: Path | str, reverse_sql: str = "") -> None:
        self.path = Path(path)
        super().__init__(sql=self.path.read_text(encoding="utf-8"), reverse_sql=reverse_sql or RunSQL.noop)

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        return self.__class__.__name__, [], {"path": str(self.path)}
