"""Numbers of transfers run within their centre, after the last one; they used to carry the row's own id."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_numbers"), ("transfers", "0002_security")]
    operations = [
        migrations.RunSQL(
            """
            INSERT INTO parties_series VALUES ('transfers', '转移业务号');
            SELECT hpf_go_on_after(centre_id, 'transfers', max(id)) FROM transfers_letter GROUP BY centre_id;
            """
        ),
    ]
