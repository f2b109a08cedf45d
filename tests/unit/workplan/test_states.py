"""The one table of moves: what leads where, and what is refused with the state it is in."""

from itertools import product

import pytest

from hpf.workplan.rules.states import FINAL, MOVES, EventKind, Move, OccurrenceState, check_move


def test_every_move_is_allowed_from_its_states_only_and_says_so():
    for state, move in product(OccurrenceState, Move):
        refused = check_move(state, move, "开展自评")
        assert (refused is None) == (state in MOVES[move][0]), (state, move)
        if refused:
            assert refused.code == "OCCURRENCE_WRONG_STATE"
            assert state.label in refused.message and move.label in refused.message


def test_nothing_leads_out_of_the_end():
    assert not any(FINAL & since for since, _ in MOVES.values())


def test_the_way_up_and_back():
    state = OccurrenceState.OPEN
    for move in (Move.FINISH, Move.REPORT, Move.RETURN, Move.FINISH, Move.REPORT, Move.ACCEPT):
        assert check_move(state, move, "") is None
        state = MOVES[move][1]
    assert state is OccurrenceState.ACCEPTED


@pytest.mark.parametrize("kind", EventKind)
def test_every_line_of_the_history_has_a_name(kind):
    assert kind.label
