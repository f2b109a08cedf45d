"""Numbers of papers run within their centre, after the last one that all centres took from one count."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_numbers"), ("contributions", "0005_lapse_watch")]
    operations = [
        migrations.RunSQL(
            """
            INSERT INTO parties_series VALUES ('contributions', '缴存业务单号');
            SELECT hpf_go_on_after(c.id, 'contributions', pg_sequence_last_value('contributions_number')) FROM parties_centre c;
            DROP SEQUENCE contributions_number;
            """
        ),
    ]
