"""Who may do what with the tables of access; the audit log is append-only; sessions are written by the application."""

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity, GrantToApp


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("db", "0001_initial"), ("sessions", "0001_initial")]
    operations = [
        GrantToApp("access_user", grants="SELECT, INSERT, UPDATE"),
        GrantToApp("access_role", grants="SELECT"),
        GrantToApp("access_permission", grants="SELECT"),
        GrantToApp("access_grant", grants="SELECT"),
        GrantToApp("access_appointment", grants="SELECT, INSERT, UPDATE"),
        GrantToApp("access_client", grants="SELECT, INSERT, UPDATE"),
        GrantToApp("access_call", grants="SELECT, INSERT, DELETE"),
        GrantToApp("django_session", grants="SELECT, INSERT, UPDATE, DELETE"),
        EnableCentreSecurity("access_audit", grants="SELECT, INSERT"),
        EnableCentreSecurity("access_seal", grants="SELECT, INSERT"),
        EnableCentreSecurity("access_submission", grants="SELECT, INSERT, UPDATE"),
        migrations.RunSQL(
            """
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_audit
                FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_seal
                FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
            """,
            "DROP TRIGGER append_only ON access_audit; DROP TRIGGER append_only ON access_seal;",
        ),
    ]
