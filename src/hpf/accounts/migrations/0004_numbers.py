"""Account numbers run within their centre; those given before stay, and the series go on after them."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_numbers"), ("accounts", "0003_units_by_kind")]
    operations = [RunSqlFile(FOLDER / "numbers.sql")]
