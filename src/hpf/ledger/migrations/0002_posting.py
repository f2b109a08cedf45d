"""The one function that posts a journal: entries dated before the running interest year are 上年结转."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [RunSqlFile(FOLDER / "posting.sql")]
