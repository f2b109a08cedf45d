"""Through which change of types each day was counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("statistics", "0002_security"),
        ("parties", "0002_natures"),
    ]

    operations = [
        migrations.AddField(
            model_name="counted",
            name="nature_id",
            field=models.BigIntegerField(db_comment="已计入的最后一次单位性质变更", default=0, verbose_name="单位性质变更"),
        ),
    ]
