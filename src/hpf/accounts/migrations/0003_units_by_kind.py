from django.db import migrations, models


class Migration(migrations.Migration):
    """Units of a rare kind are found, and people of a unit counted, by an index alone; two indexes that others contain are dropped."""

    dependencies = [("accounts", "0002_buckets")]

    operations = [
        migrations.AddIndex(
            model_name="employeraccount",
            index=models.Index(fields=["centre_id", "kind", "account_no"], name="accounts_employer_of_kind"),
        ),
        migrations.RemoveIndex(model_name="memberaccount", name="accounts_roster"),
        migrations.AddIndex(
            model_name="memberaccount",
            index=models.Index(fields=["employer_account", "state", "account_no"], include=["centre_id"], name="accounts_roster"),
        ),
        migrations.AlterField(
            model_name="memberaccount",
            name="person",
            field=models.ForeignKey("parties.Person", models.PROTECT, related_name="+", db_index=False, verbose_name="个人"),
        ),
        migrations.AlterField(
            model_name="memberaccount",
            name="employer_account",
            field=models.ForeignKey("accounts.EmployerAccount", models.PROTECT, related_name="+", db_index=False, verbose_name="单位账户"),
        ),
    ]
