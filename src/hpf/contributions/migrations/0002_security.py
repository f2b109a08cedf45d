"""Centres apart, grants no wider than needed, the running number, published views."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent
CHANGING = ("remittance", "deferral", "agreement", "collection", "collectionline", "refund", "urging", "subsidyprogram")
ONLY_ADDED = ("original", "defect", "deferredline", "basechange", "grant", "refundline", "urgingstep")


class Migration(migrations.Migration):
    dependencies = [("db", "0001_initial"), ("contributions", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE contributions_number; GRANT USAGE ON SEQUENCE contributions_number TO hpf_app",
            "DROP SEQUENCE contributions_number",
        ),
        *(EnableCentreSecurity(f"contributions_{name}", grants="SELECT, INSERT, UPDATE") for name in CHANGING),
        *(EnableCentreSecurity(f"contributions_{name}", grants="SELECT, INSERT") for name in ONLY_ADDED),
        EnableCentreSecurity("contributions_line", grants="SELECT, INSERT, UPDATE (holds_month)"),
        RunSqlFile(FOLDER / "published.sql"),
    ]
