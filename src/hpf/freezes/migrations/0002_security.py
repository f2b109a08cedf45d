"""Centres apart; history only added. Nothing is published: no observer and no other centre reads of orders."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("db", "0001_initial"), ("ledger", "0004_freezing"), ("freezes", "0001_initial")]
    operations = [
        *(EnableCentreSecurity(f"freezes_{name}", grants="SELECT, INSERT, UPDATE") for name in ("order", "freeze", "deduction")),
        *(EnableCentreSecurity(f"freezes_{name}", grants="SELECT, INSERT") for name in ("document", "event")),
        RunSqlFile(FOLDER / "constraints.sql"),
    ]
