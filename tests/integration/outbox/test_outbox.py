"""待发: written with its cause, held by one worker, tried again after a pause, delivered for good."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

CENTRE = 7
AT = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)


def write(key: str, kind: str = "sms") -> None:
    from hpf.db.scope import centre_scope
    from hpf.outbox.services import enqueue

    with centre_scope(CENTRE), transaction.atomic():
        enqueue(CENTRE, kind, key, {"n": key})


def keys(claimed: list) -> list[str]:
    return [message.key for message in claimed]


def test_the_same_key_is_one_message(own_database: str) -> None:
    from hpf.outbox.services import claim

    write("a")
    write("a")
    assert keys(claim(CENTRE, "sms", at=AT)) == ["a"]


def test_a_message_rolled_back_with_its_cause_was_never_written(own_database: str) -> None:
    from hpf.db.scope import centre_scope
    from hpf.outbox.services import claim, enqueue

    with centre_scope(CENTRE), pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(CENTRE, "sms", "a", {})
        raise ZeroDivisionError
    assert claim(CENTRE, "sms", at=AT) == []


def test_a_step_outside_a_command_is_refused(own_database: str) -> None:
    from hpf.db.command import OutsideTransaction
    from hpf.outbox.services import enqueue

    with pytest.raises(OutsideTransaction):
        enqueue(CENTRE, "sms", "a", {})


def test_one_worker_holds_a_message_until_its_lease_ends(own_database: str) -> None:
    from hpf.outbox.services import claim, delivered

    write("a")
    (held,) = claim(CENTRE, "sms", at=AT)
    assert claim(CENTRE, "sms", at=AT + timedelta(minutes=4)) == []
    (again,) = claim(CENTRE, "sms", at=AT + timedelta(minutes=6))
    assert again.attempts == 2
    delivered(held, at=AT)
    assert claim(CENTRE, "sms", at=AT + timedelta(days=1)) == []


def test_failures_are_tried_again_after_growing_pauses(own_database: str) -> None:
    from hpf.db.scope import centre_scope
    from hpf.outbox.queries import waiting
    from hpf.outbox.services import claim, failed

    write("a")
    (first,) = claim(CENTRE, "sms", at=AT)
    failed(first, "短信通道未应答", at=AT)
    assert claim(CENTRE, "sms", at=AT + timedelta(seconds=14)) == []
    (second,) = claim(CENTRE, "sms", at=AT + timedelta(seconds=15))
    failed(second, "短信通道未应答", at=AT)
    with centre_scope(CENTRE):
        (message,) = waiting(CENTRE)
    assert message.next_try_at == AT + timedelta(seconds=30) and message.last_error == "短信通道未应答"


def test_two_workers_at_once_share_the_messages(own_database: str) -> None:
    import threading

    from django.db import connections

    from hpf.outbox.services import claim

    for n in range(40):
        write(f"m{n}")
    taken: list[str] = []

    def work() -> None:
        try:
            while mine := claim(CENTRE, "sms", at=AT, limit=5):
                taken.extend(keys(mine))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(f"m{n}" for n in range(40))


def test_numbers_run_by_centre_kind_and_day(own_database: str) -> None:
    from hpf.db.scope import centre_scope
    from hpf.outbox.services import next_sequence

    day = date(2026, 8, 3)
    with centre_scope(CENTRE), transaction.atomic():
        assert [next_sequence(CENTRE, "BDC", day) for _ in range(3)] == [1, 2, 3]
        assert next_sequence(CENTRE, "BDC", day + timedelta(days=1)) == 1
        assert next_sequence(CENTRE, "SMS", day) == 1


def test_another_centre_sees_no_message(own_database: str) -> None:
    from hpf.outbox.services import claim

    write("a")
    assert claim(8, "sms", at=AT) == []
