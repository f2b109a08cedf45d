"""付款指令的状态: only the bank's final word moves it, and nothing moves it twice."""

from datetime import date, timedelta

import pytest

from hpf.treasury.rules.payments import ImpossibleResult, State, Told, advance

DAY = date(2026, 8, 3)


def after(state: State, told: Told, later_days: int = 0) -> State:
    return advance(state, told, sent_on=DAY, asked_on=DAY + timedelta(days=later_days))


@pytest.mark.parametrize("state", [State.SENT, State.PROCESSING])
@pytest.mark.parametrize(("told", "result"), [(Told.DONE, State.DONE), (Told.FAILED, State.FAILED), (Told.PROCESSING, State.PROCESSING)])
def test_the_banks_word_moves_what_is_in_settlement(state: State, told: Told, result: State) -> None:
    assert after(state, told) is result


@pytest.mark.parametrize("state", list(State))
def test_not_knowing_changes_nothing(state: State) -> None:
    assert after(state, Told.UNKNOWN) is state


def test_an_unknown_instruction_has_failed_only_from_the_next_day_and_only_if_never_accepted() -> None:
    assert after(State.SENT, Told.NO_SUCH_INSTRUCTION) is State.SENT
    assert after(State.SENT, Told.NO_SUCH_INSTRUCTION, later_days=1) is State.FAILED
    assert after(State.PROCESSING, Told.NO_SUCH_INSTRUCTION, later_days=1) is State.PROCESSING


def test_a_connection_never_made_leaves_it_ready() -> None:
    assert after(State.SENT, Told.NOT_SENT) is State.READY


@pytest.mark.parametrize(
    ("state", "told"),
    [(State.DONE, Told.FAILED), (State.FAILED, Told.DONE), (State.RETURNED, Told.DONE), (State.DONE, Told.NO_SUCH_INSTRUCTION)],
)
def test_a_final_word_cannot_be_taken_back(state: State, told: Told) -> None:
    with pytest.raises(ImpossibleResult, match="请人工核对"):
        after(state, told)


def test_a_final_word_may_be_repeated() -> None:
    assert after(State.DONE, Told.DONE) is State.DONE and after(State.FAILED, Told.FAILED) is State.FAILED
