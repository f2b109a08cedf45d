"""Centres apart; evidence, history and accepted occurrences guarded; lights; published views."""

from pathlib import Path

from django.db import migrations

from hpf.db.migrations_rls import EnableCentreSecurity, GrantToApp, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("db", "0001_initial"), ("workplan", "0001_initial")]
    operations = [
        *(GrantToApp(f"workplan_{name}", grants="SELECT, INSERT, UPDATE") for name in ("plan", "sentence", "task")),
        *(GrantToApp(f"workplan_{name}", grants="SELECT, INSERT") for name in ("edition", "clause", "tasksource")),
        *(
            EnableCentreSecurity(f"workplan_{name}", grants="SELECT, INSERT, UPDATE")
            for name in ("assignment", "occurrence", "measure", "evidence", "reading", "notice")
        ),
        *(EnableCentreSecurity(f"workplan_{name}", grants="SELECT, INSERT") for name in ("event", "deadlinemove")),
        EnableCentreSecurity("workplan_sectionmember"),
        RunSqlFile(FOLDER / "constraints.sql"),
        RunSqlFile(FOLDER / "lights.sql"),
        RunSqlFile(FOLDER / "published.sql"),
    ]
