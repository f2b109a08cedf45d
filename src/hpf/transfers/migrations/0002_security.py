"""Centres apart; what happened is added and never changed."""

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity


class Migration(migrations.Migration):
    dependencies = [("db", "0001_initial"), ("transfers", "0001_initial")]
    operations = [
        *(EnableCentreSecurity(f"transfers_{name}", grants="SELECT, INSERT, UPDATE") for name in ("letter", "dispatch", "reconciliation")),
        *(EnableCentreSecurity(f"transfers_{name}", grants="SELECT, INSERT") for name in ("step", "received")),
    ]
