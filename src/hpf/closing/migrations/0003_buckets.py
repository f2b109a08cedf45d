"""What the two buckets of an account earn when their rates differ."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("closing", "0002_security"), ("ledger", "0002_posting")]
    operations = [RunSqlFile(FOLDER / "buckets.sql")]
