"""Numbers run within their centre and series; those given before stay, and the series go on after them."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("db", "0001_initial"), ("parties", "0002_natures")]
    operations = [RunSqlFile(FOLDER / "numbers.sql")]
