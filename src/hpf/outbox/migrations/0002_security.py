"""Centres apart; the application may not delete a message."""

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity


class Migration(migrations.Migration):
    dependencies = [("db", "0001_initial"), ("outbox", "0001_initial")]
    operations = [EnableCentreSecurity(f"outbox_{name}", grants="SELECT, INSERT, UPDATE") for name in ("message", "sequence")]
