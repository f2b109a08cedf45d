"""A list is posted in one statement instead of being locked and looked at beforehand."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_many_numbered")]
    operations = [RunSqlFile(FOLDER / "posting.sql")]
