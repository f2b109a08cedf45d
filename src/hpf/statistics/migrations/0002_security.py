"""Centres apart; published views."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("db", "0001_initial"), ("statistics", "0001_initial")]
    operations = [
        EnableCentreSecurity("statistics_fact"),
        EnableCentreSecurity("statistics_counted"),
        RunSqlFile(FOLDER / "published.sql"),
    ]
