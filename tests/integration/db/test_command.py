"""A command has one transaction, one permission, one key and one answer."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from hpf.db.command import KeyConflict, NotPermitted, OutsideTransaction, command, step
from hpf.db.scope import centre_scope, current_centre
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Outcome, Reason
from hpf.kernel.money import Money
from hpf.kernel.period import Month

pytestmark = pytest.mark.usefixtures("database")
CLERK = Actor("clerk:1", "张柜员", frozenset({1}), frozenset({"test.note"}))
ran: list[str] = []


@dataclass(frozen=True)
class Noted:
    text: str
    amount: Money
    month: Month
    on: date


@command("test.note")
def note(*, by: Actor, centre_id: int, text: str, amount: Money, key: str, at: datetime | None = None) -> Noted:
    ran.append(text)
    if text == "坏":
        raise RuntimeError("断电")
    return Noted(text, amount, Month(2025, 9), date(2025, 9, 1))


@command("test.note")
def refuse(*, by: Actor, centre_id: int, key: str) -> Decision[Noted]:
    ran.append("refuse")
    return Decision.refused([Reason("NOT_NOW", "现在不能办理，请明日再来", "条例/25")])


@pytest.fixture(autouse=True)
def fresh() -> None:
    ran.clear()


def commands(key: str) -> int:
    with centre_scope(1), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM db_command WHERE key = %s", [key])
        return int(cursor.fetchone()[0])


def test_a_repeat_gets_the_stored_answer_and_nothing_runs_again() -> None:
    first = note(by=CLERK, centre_id=1, text="一", amount=Money(5), key="a")
    again = note(by=CLERK, centre_id=1, text="一", amount=Money(5), key="a", at=datetime(2025, 9, 2, tzinfo=UTC))
    assert (again, ran, commands("a")) == (first, ["一"], 1)


def test_a_refusal_is_an_answer_too_and_is_kept() -> None:
    first, again = (refuse(by=CLERK, centre_id=1, key="b") for _ in range(2))
    assert first == again
    assert (first.outcome, first.reasons[0].code, first.reasons[0].law, ran) == (Outcome.REFUSED, "NOT_NOW", ("条例/25",), ["refuse"])


def test_the_same_key_with_other_content_is_refused() -> None:
    note(by=CLERK, centre_id=1, text="一", amount=Money(5), key="c")
    with pytest.raises(KeyConflict, match="幂等键 c 已用于内容不同的请求"):
        note(by=CLERK, centre_id=1, text="一", amount=Money(6), key="c")
    assert ran == ["一"]


def test_the_same_key_in_another_centre_is_another_key() -> None:
    both = Actor("clerk:2", "李柜员", frozenset({1, 2}), frozenset({"test.note"}))
    note(by=both, centre_id=1, text="一", amount=Money(5), key="d")
    note(by=both, centre_id=2, text="二", amount=Money(5), key="d")
    assert ran == ["一", "二"]


@pytest.mark.parametrize(
    "actor", [Actor("x", "王五", frozenset({1}), frozenset()), Actor("y", "赵六", frozenset({2}), frozenset({"test.note"}))]
)
def test_without_the_right_or_in_another_centre_nothing_runs(actor: Actor) -> None:
    with pytest.raises(NotPermitted, match="没有在本中心办理此业务的权限"):
        note(by=actor, centre_id=1, text="一", amount=Money(5), key="e")
    assert (ran, commands("e")) == ([], 0)


def attempts(user_id: str) -> list[tuple[str, str, str]]:
    with centre_scope(1), connection.cursor() as cursor:
        cursor.execute("SELECT user_name, outcome, answer->>'not_permitted' FROM db_command WHERE user_id = %s ORDER BY seq", [user_id])
        return cursor.fetchall()


def test_an_attempt_without_the_right_is_in_the_log_and_leaves_the_key_free() -> None:
    with pytest.raises(NotPermitted):
        note(by=Actor("z", "孙七", frozenset({1}), frozenset()), centre_id=1, text="一", amount=Money(5), key="attempt")
    assert (attempts("z"), ran) == ([("孙七", "REFUSED", "test.note")], [])
    note(by=CLERK, centre_id=1, text="二", amount=Money(5), key="attempt")
    assert (ran, commands("attempt")) == (["二"], 1)


def test_inside_a_transaction_that_is_undone_no_attempt_is_kept() -> None:
    with pytest.raises(NotPermitted), transaction.atomic():
        note(by=Actor("w", "周八", frozenset({1}), frozenset()), centre_id=1, text="一", amount=Money(5), key="inside")
    assert attempts("w") == []


def test_an_exception_leaves_no_answer_so_that_a_retry_runs() -> None:
    for _ in range(2):
        with pytest.raises(RuntimeError):
            note(by=CLERK, centre_id=1, text="坏", amount=Money(5), key="f")
    assert (ran, commands("f")) == (["坏", "坏"], 0)


def test_sent_twice_at_once_it_runs_once() -> None:
    answers = []

    def send() -> None:
        answers.append(note(by=CLERK, centre_id=1, text="同时", amount=Money(5), key="g"))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(answers), len(set(answers)), ran) == (8, 1, ["同时"])


def test_a_step_belongs_inside_a_command() -> None:
    @step
    def write() -> None: ...

    with pytest.raises(OutsideTransaction):
        write()


def test_the_centre_of_a_command_ends_with_it() -> None:
    with centre_scope(2):
        note(by=CLERK, centre_id=1, text="一", amount=Money(5), key="h")
        assert current_centre() == 2
    assert current_centre() is None


def test_the_sql_rounding_is_the_python_rounding() -> None:
    from hpf.kernel.money import round_half_up

    pairs = [(n, d) for n in (-8, -7, -5, -3, -1, 0, 1, 3, 5, 7, 8, 25, 2731666667) for d in (1, 2, 3, 4, 10, 36_000_000)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hpf_round_div(n, d) FROM unnest(%s::numeric[], %s::numeric[]) AS u(n, d)",
            [[n for n, _ in pairs], [d for _, d in pairs]],
        )
        assert [row[0] for row in cursor.fetchall()] == [round_half_up(n, d) for n, d in pairs]
