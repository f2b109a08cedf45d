"""Centres apart, decisions and events never changed, evidence used once among all centres."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent
CHANGING = ("application", "evidenceuse")
ONLY_ADDED = ("decision", "statement", "event")


class Migration(migrations.Migration):
    dependencies = [("db", "0001_initial"), ("withdrawals", "0001_initial")]
    operations = [
        RunSqlFile(FOLDER / "security.sql"),
        *(EnableCentreSecurity(f"withdrawals_{name}", grants="SELECT, INSERT, UPDATE") for name in CHANGING),
        *(EnableCentreSecurity(f"withdrawals_{name}", grants="SELECT, INSERT") for name in ONLY_ADDED),
    ]
