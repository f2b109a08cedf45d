"""Centre scope, the command log, progress of long jobs, the rounding rule."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity, RunSqlFile

SCHEMA = Path(__file__).resolve().parent.parent / "schema.sql"


class Migration(migrations.Migration):
    initial = True
    operations = [
        RunSqlFile(SCHEMA),
        EnableCentreSecurity("db_command", grants="SELECT, INSERT"),
        EnableCentreSecurity("db_progress", grants="SELECT, INSERT, UPDATE"),
    ]
