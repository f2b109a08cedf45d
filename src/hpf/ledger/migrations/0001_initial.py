"""Accounts, journals, legs, holds, days, vouchers, and the functions that write them."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity, GrantToApp, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent
READ_ONLY = ("account", "journal", "leg", "hold", "day", "voucher", "business_day")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("db", "0001_initial")]
    operations = [
        RunSqlFile(FOLDER / "schema.sql"),
        GrantToApp("ledger_subject", grants="SELECT"),
        *(EnableCentreSecurity(f"ledger_{name}", grants="SELECT") for name in READ_ONLY),
        RunSqlFile(FOLDER / "published.sql"),
    ]
