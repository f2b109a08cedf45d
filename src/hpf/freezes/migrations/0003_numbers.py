"""Numbers of papers run within their centre, after the last one that all centres took from one count."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_numbers"), ("freezes", "0002_security")]
    operations = [
        migrations.RunSQL(
            """
            INSERT INTO parties_series VALUES ('freezes', '查控业务单号');
            SELECT hpf_go_on_after(c.id, 'freezes', pg_sequence_last_value('freezes_number')) FROM parties_centre c;
            DROP SEQUENCE freezes_number;
            """
        ),
    ]
