"""Agreements and their instalments apart by centre."""

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity


class Migration(migrations.Migration):
    dependencies = [("withdrawals", "0006_agreements")]
    operations = [
        EnableCentreSecurity("withdrawals_agreement", grants="SELECT, INSERT, UPDATE"),
        EnableCentreSecurity("withdrawals_instalment", grants="SELECT, INSERT, UPDATE"),
    ]
