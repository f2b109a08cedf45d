"""Constraints beyond Django's words, centres apart, published views."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent
CHANGING = ("bankaccount", "expectation", "receipt", "payment", "collection", "collectionline", "bankmessage", "statementday")
ONLY_ADDED = ("cashentry", "statementline")
RECOMPUTED = ("reconciliation", "difference")


class Migration(migrations.Migration):
    dependencies = [("db", "0001_initial"), ("ledger", "0001_initial"), ("treasury", "0001_initial")]
    operations = [
        RunSqlFile(FOLDER / "constraints.sql"),
        *(EnableCentreSecurity(f"treasury_{name}", grants="SELECT, INSERT, UPDATE") for name in CHANGING),
        *(EnableCentreSecurity(f"treasury_{name}", grants="SELECT, INSERT") for name in ONLY_ADDED),
        *(EnableCentreSecurity(f"treasury_{name}") for name in RECOMPUTED),
        RunSqlFile(FOLDER / "published.sql"),
    ]
