"""Numbers of papers run within their centre, after the last one that all centres took from one count."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_numbers"), ("withdrawals", "0008_heirs_corrected")]
    operations = [
        migrations.RunSQL(
            """
            INSERT INTO parties_series VALUES ('withdrawals', '提取业务单号');
            SELECT hpf_go_on_after(c.id, 'withdrawals', pg_sequence_last_value('withdrawals_number')) FROM parties_centre c;
            DROP SEQUENCE withdrawals_number;
            """
        ),
    ]
