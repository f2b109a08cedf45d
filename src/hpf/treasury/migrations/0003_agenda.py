"""Which bank accounts to listen to, over all centres in one look."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("treasury", "0002_security")]
    operations = [RunSqlFile(FOLDER / "agenda.sql")]
