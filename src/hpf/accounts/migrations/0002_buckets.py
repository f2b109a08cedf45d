"""What the two buckets of an account earn when their rates differ: read by closing interest and by the yearly settlement."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("ledger", "0002_posting")]
    operations = [RunSqlFile(FOLDER / "buckets.sql")]
