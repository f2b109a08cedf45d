"""Payment batches apart by centre; numbers of payments in one call."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("treasury", "0005_payment_batches")]
    operations = [
        EnableCentreSecurity("treasury_paymentbatch", grants="SELECT, INSERT, UPDATE"),
        RunSqlFile(FOLDER / "batches.sql"),
    ]
