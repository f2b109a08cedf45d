"""Rows written in bulk are the rows that `save()` would have written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

AT = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)


def application(number, person, **given):
    from hpf.kernel.money import Money
    from hpf.withdrawals.models import Application

    given = {"asked_fen": Money(80_001), "said": '{"甲": "乙\\"}'} | given
    return Application(
        centre_id=1, application_no=number, ground="RENT", state="REFUSED", person_id=person, person_ref=f"R{person}", account_no="011", member_account_id=1,
        ledger_account_id=1, payee_name="张“三”, {李}", payee_account="6222", payee_bank="", channel="COUNTER", accepted_on=date(2026, 9, 24),
        accepted_at=AT, due_on=date(2026, 9, 27), applied_by='m\\"', **given,
    )  # fmt: skip


@pytest.fixture
def inside(database):
    from django.db import transaction

    from hpf.db.scope import centre_scope

    with centre_scope(1), transaction.atomic():
        yield
        transaction.set_rollback(True)


def columns(row):
    return {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.attname not in ("id", "application_no")
    }


def test_every_kind_of_column_comes_back_as_saved_one_by_one(inside):
    from hpf.db.bulk import insert_many
    from hpf.withdrawals.models import Application

    rows = [application("TQB1", 7), application("TQB2", 7, asked_fen=None, said="", closes=True)]
    insert_many(rows)
    for row, again in zip(rows, ("TQS1", "TQS2"), strict=True):
        single = application(again, 7, asked_fen=row.asked_fen, said=row.said, closes=row.closes)
        single.save()
        written = Application.objects.get(id=row.id)
        assert written.application_no == row.application_no
        assert columns(written) == columns(Application.objects.get(id=single.id))


def test_each_row_has_its_own_id_and_another_table_may_refer_to_it(inside):
    from hpf.db.bulk import insert_many
    from hpf.withdrawals.models import Application, Event

    rows = [application(f"TQB{number}", number) for number in range(500)]
    insert_many(rows)
    assert len({row.id for row in rows}) == 500
    insert_many([
        Event(centre_id=1, application=row, state="REFUSED", happened_at=AT, by_name="系统", note=row.application_no) for row in rows
    ])  # fmt: skip
    found = Event.objects.filter(application__application_no__startswith="TQB").select_related("application")
    assert {(event.note, event.application.person_id) for event in found} == {(f"TQB{number}", number) for number in range(500)}
    assert {event.note == event.application.application_no for event in found} == {True}
    assert Application.objects.filter(application_no="TQB499").get().person_id == 499


def test_json_is_written_as_json(inside):
    from hpf.db.bulk import insert_many
    from hpf.withdrawals.models import Decision

    row = application("TQB1", 7)
    insert_many([row])
    codes = [{"code": 'A"', "law": ["条例/24", "a\\b"]}]
    decision = Decision(
        centre_id=1, application=row, kind="AUTOMATIC", outcome="REFUSED", rule_outcome="REFUSED", codes=codes, words="无", input="{}",
        parameters={"率": None, "表": [1, True]}, decided_on=date(2026, 9, 24), policy_digest="d", rule_version="v", decided_at=AT, decided_by="系统",
        decided_by_name="系统",
    )  # fmt: skip
    insert_many([decision])
    written = Decision.objects.get(id=decision.id)
    assert (written.codes, written.parameters, written.amount_fen, written.words) == (codes, decision.parameters, None, "无")


def test_a_text_that_is_too_long_is_refused_and_not_cut(inside):
    from django.db import DataError, transaction

    from hpf.db.bulk import insert_many
    from hpf.withdrawals.models import Application

    rows = [application("TQB1", 7), application("TQ" + "9" * 200, 7)]
    with pytest.raises(DataError), transaction.atomic():
        insert_many(rows)
    assert not Application.objects.filter(application_no="TQB1").exists()


def test_no_rows_ask_nothing(inside, queries):
    from hpf.db.bulk import insert_many

    insert_many([])
    assert len(queries) == 0
