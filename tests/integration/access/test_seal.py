"""The chain over the audit log and the command log, each test on a database of its own."""

from datetime import UTC, date, datetime

NINE = datetime(2026, 10, 9, 1, 0, tzinfo=UTC)
LANZHOU = 1


def test_a_sealed_day_proves_itself_and_a_touched_one_says_which_day(own_database):
    from django.db import connections

    from hpf.access import queries as access
    from hpf.access import services
    from hpf.db.scope import centre_scope
    from hpf.kernel.actor import Actor

    system = Actor.system(LANZHOU)
    for day in (8, 9):
        services.record(LANZHOU, kind="VIEW", at=NINE, by=system, person_id=day, subject=f"查看账户{day}")
        sealed = services.seal_audit(by=system, centre_id=LANZHOU, on=date(2026, 10, day), at=NINE, key=f"seal-{day}")
        assert sealed.is_approved
    with centre_scope(LANZHOU):
        # 1 look; then 1 look and the command that sealed the first day
        assert access.verify_audit(LANZHOU) == access.AuditProof(days=2, rows=3, ok=True)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE access_audit DISABLE TRIGGER append_only")
        cursor.execute("UPDATE access_audit SET subject = '什么也没看' WHERE person_id = 9")
    with centre_scope(LANZHOU):
        proof = access.verify_audit(LANZHOU)
    assert (proof.ok, proof.broken_on, proof.days) == (False, date(2026, 10, 9), 1)


def test_a_day_is_not_sealed_backwards(own_database):
    from hpf.access import services
    from hpf.kernel.actor import Actor

    system = Actor.system(LANZHOU)
    services.seal_audit(by=system, centre_id=LANZHOU, on=date(2026, 10, 9), at=NINE, key="seal-9")
    refused = services.seal_audit(by=system, centre_id=LANZHOU, on=date(2026, 10, 8), at=NINE, key="seal-8")
    assert [r.code for r in refused.reasons] == ["SEALED_LATER"]


def test_a_seal_waits_for_whoever_is_writing_the_log_and_for_nobody_else(own_database, monkeypatch):
    import psycopg
    from django.db import connections

    from hpf.access import services
    from hpf.access.services import audit
    from hpf.kernel.actor import Actor

    monkeypatch.setattr(audit, "_SETTLE_SECONDS_MAX", 0)
    system = Actor.system(LANZHOU)
    with psycopg.connect(**connections["owner"].get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_current_xact_id()")
        assert services.seal_audit(by=system, centre_id=LANZHOU, on=date(2026, 10, 8), at=NINE, key="seal-8").is_approved
        other.execute(
            "INSERT INTO access_audit (centre_id, at, user_id, user_name, kind, subject, purpose, address) VALUES (1, now(), '', '', 'VIEW', '', '', '')"
        )
        refused = services.seal_audit(by=system, centre_id=LANZHOU, on=date(2026, 10, 9), at=NINE, key="seal-9")
        assert [r.code for r in refused.reasons] == ["SEAL_BUSY"]
        other.commit()
    assert services.seal_audit(by=system, centre_id=LANZHOU, on=date(2026, 10, 9), at=NINE, key="seal-9-again").is_approved
