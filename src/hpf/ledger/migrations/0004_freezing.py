"""Orders of courts on an account, in order of arrival, and the posting function that leaves what they name."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_settling")]
    operations = [
        RunSqlFile(FOLDER / "freezing.sql"),
        RunSqlFile(FOLDER / "posting.sql"),
        EnableCentreSecurity("ledger_freeze", grants="SELECT"),
    ]
