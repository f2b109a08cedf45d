"""The command log by its own numbers: a day's seal and the newest lines read the end of a centre's log, not all of it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("db", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE INDEX db_command_seq ON db_command (centre_id, seq)", "DROP INDEX db_command_seq"),
    ]
