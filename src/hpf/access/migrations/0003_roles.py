"""Roles, permissions and grants as roles.yaml says them; `load_roles` brings later changes."""

from pathlib import Path

import yaml
from django.db import migrations

ROLES = Path(__file__).resolve().parent.parent / "roles.yaml"


def load(apps, schema_editor):
    said = yaml.safe_load(ROLES.read_text(encoding="utf-8"))
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO access_permission (code, label, business) VALUES (%s, %s, %s)",
            [(code, label, business) for business, codes in said["permissions"].items() for code, label in codes.items()],
        )
        cursor.executemany(
            "INSERT INTO access_role (code, label, audience, exclusive_group, duty) VALUES (%s, %s, %s, %s, %s)",
            [(code, r["label"], r["audience"], r.get("exclusive_group"), r["duty"]) for code, r in said["roles"].items()],
        )
        cursor.executemany(
            "INSERT INTO access_grant (role_id, permission_id) VALUES (%s, %s)",
            [(code, held) for code, r in said["roles"].items() for held in r["permissions"]],
        )


class Migration(migrations.Migration):
    dependencies = [("access", "0002_security")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
