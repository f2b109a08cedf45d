"""Many single debits at once, each with its own journal, for monthly payments of thousands of people."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_turns")]
    operations = [RunSqlFile(FOLDER / "many.sql")]
