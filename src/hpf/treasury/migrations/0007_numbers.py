"""Receipts, payments and collections are numbered within their centre; rows from before keep their numbers."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_numbers"), ("treasury", "0006_batch_security")]
    operations = [RunSqlFile(FOLDER / "numbers.sql")]
