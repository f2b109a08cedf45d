"""The one function that posts a centre's yearly interest, without a search for each unit's number."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_posting")]
    operations = [RunSqlFile(FOLDER / "settling.sql")]
