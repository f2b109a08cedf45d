"""A posted settlement is frozen; centres apart; published views."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("db", "0001_initial"), ("closing", "0001_initial")]
    operations = [
        RunSqlFile(FOLDER / "constraints.sql"),
        *(
            EnableCentreSecurity(f"closing_{name}", grants="SELECT, INSERT, UPDATE")
            for name in ("step", "unitbalance", "memberunit", "settlement", "yearend")
        ),
        EnableCentreSecurity("closing_settlementline", grants="SELECT, INSERT, DELETE"),
        RunSqlFile(FOLDER / "published.sql"),
    ]
