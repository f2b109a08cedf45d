"""Rent plans apart by centre; published views."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("withdrawals", "0003_rent_plan")]
    operations = [
        EnableCentreSecurity("withdrawals_rentplan", grants="SELECT, INSERT"),
        RunSqlFile(FOLDER / "rent_plan.sql"),
        RunSqlFile(FOLDER / "published.sql"),
    ]
