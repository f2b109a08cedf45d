"""Numbers of accounts and journals drawn beforehand: many single debits without joining what was inserted."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_many")]
    operations = [RunSqlFile(FOLDER / "many.sql")]
