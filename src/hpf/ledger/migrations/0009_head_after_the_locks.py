"""A journal's head is written once its accounts are locked, lists included; a list that cannot be moved at once goes the ordinary way."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent
FORMER = "DROP FUNCTION IF EXISTS hpf_move_list(smallint, bigint, bigint[], bigint[], date, date)"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_lists_at_once")]
    operations = [migrations.RunSQL(FORMER), RunSqlFile(FOLDER / "posting.sql")]
