"""One look over all centres for what is due, so that an idle worker costs one query a tick."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_security")]
    operations = [RunSqlFile(FOLDER / "due.sql")]
