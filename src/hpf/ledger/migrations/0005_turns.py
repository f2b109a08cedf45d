"""Who draws from an account lines up, so that a court's order waits for one transaction and not for all of them."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_freezing")]
    operations = [RunSqlFile(FOLDER / "turns.sql")]
