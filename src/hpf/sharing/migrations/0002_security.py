"""Constraints beyond Django's words, centres apart."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("db", "0001_initial"), ("sharing", "0001_initial")]
    operations = [
        RunSqlFile(FOLDER / "constraints.sql"),
        *(EnableCentreSecurity(f"sharing_{name}", grants="SELECT, INSERT, UPDATE") for name in ("consent", "line", "grant")),
        *(EnableCentreSecurity(f"sharing_{name}", grants="SELECT, INSERT") for name in ("question", "answer", "look")),
    ]
