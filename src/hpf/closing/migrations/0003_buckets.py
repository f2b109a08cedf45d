"""Empty: the function that was made here lies in accounts (0002_buckets), where withdrawals and transfers reach it too."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("closing", "0002_security"), ("ledger", "0002_posting")]
    operations: list[migrations.operations.base.Operation] = []
