"""A scope that stands costs nothing; a scope of another centre, a command, a rollback and a new session are never mistaken for it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hpf.db.scope import centre_scope, current_centre


def test_a_scope_within_its_own_centre_says_nothing(database):
    with centre_scope(1), CaptureQueriesContext(connection) as said:
        with centre_scope(1), centre_scope(1):
            pass
        assert len(said) == 0 and current_centre() == 1
    assert current_centre() is None


def test_scopes_of_other_centres_and_of_transactions_give_back_what_was(database):
    with centre_scope(1):
        with centre_scope(5):
            assert current_centre() == 5
            with centre_scope(1):
                assert current_centre() == 1
            assert current_centre() == 5
        assert current_centre() == 1
        with pytest.raises(RuntimeError), transaction.atomic(), centre_scope(5):
            raise RuntimeError
        with centre_scope(1):
            assert current_centre() == 1
        with transaction.atomic(), centre_scope(5), centre_scope(5), centre_scope(1):
            assert current_centre() == 1
        assert current_centre() == 1
    assert current_centre() is None


def test_a_command_of_another_centre_works_there_and_leaves_the_scope_alone(database):
    from hpf.db.command import command
    from hpf.kernel.actor import Actor
    from tests.support.people import fresh

    seen = []

    @command("closing.close_day")
    def look(*, by: Actor, centre_id: int, key: str) -> tuple[int, ...]:
        with centre_scope(centre_id):
            seen.append(current_centre())
        return ()

    with centre_scope(1):
        look(by=Actor.system(5), centre_id=5, key=fresh())
        with centre_scope(1):
            seen.append(current_centre())
    assert seen == [5, 1] and current_centre() is None


def test_a_new_session_has_nothing_standing(database):
    with centre_scope(1):
        connection.close()
        with centre_scope(1):
            assert current_centre() == 1
